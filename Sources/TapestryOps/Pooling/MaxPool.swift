import TapestryAutograd
import TapestryTensors

/// Rows and columns: `3` for both, `[3, 2]` for each.
public struct Size2d: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  public var rows: Int, columns: Int

  /// Rows and columns.
  public init(_ rows: Int, _ columns: Int) { (self.rows, self.columns) = (rows, columns) }
  /// The same number for both.
  public init(_ both: Int) { self.init(both, both) }
  /// `3` for both.
  public init(integerLiteral value: Int) { self.init(value) }
  /// `[3, 2]`; traps for another number of sizes than two.
  public init(arrayLiteral sizes: Int...) {
    if sizes.count != 2 { fail("Size2d: needs rows and columns, got \(sizes)") }
    self.init(sizes[0], sizes[1])
  }

  /// `[3, 2]`
  public var description: String { "[\(rows), \(columns)]" }
}

/// y = the largest element of each window of the last two axes, and its number in its plane.
/// dx = dy added at that number (`ScatterAdd`)
package struct MaxPool2dOp: Op {
  package static let name = "maxPool2d"
  let kernel: Size2d, stride: Size2d, padding: Size2d, dilation: Size2d, ceilMode: Bool

  package func shape(of x: Specs) throws(ShapeError) -> [Shape] {
    try x.sameType(Self.name)
    let input = x[0]
    if input.count != 3 && input.count != 4 {
      throw ShapeError(
        "maxPool2d: the input must be (batch, channels, rows, columns) or (channels, rows, columns), got \(input)")
    }
    var shape = input
    let axis = input.count - 2
    shape[axis] = try Self.windows(
      input[axis], kernel.rows, stride.rows, padding.rows, dilation.rows, ceilMode, "rows", input)
    shape[axis + 1] = try Self.windows(
      input[axis + 1], kernel.columns, stride.columns, padding.columns, dilation.columns, ceilMode, "columns", input)
    return [shape, shape]
  }

  /// How many windows fit: ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. `ceil` rounds up, but a window
  /// must begin before the padding on the right.
  private static func windows(
    _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ ceil: Bool, _ axis: String,
    _ input: Shape
  ) throws(ShapeError) -> Int {
    if kernel < 1 || stride < 1 || dilation < 1 || padding < 0
      || [kernel, stride, dilation, padding].contains(where: { $0 > Int(Int32.max) })
    {
      throw ShapeError(
        """
        maxPool2d: \(axis): needs kernel, stride and dilation from 1 and padding from 0, got \(kernel), \(stride), \
        \(dilation), \(padding)
        """)
    }
    let reach = (kernel - 1) * dilation + 1, room = size + 2 * padding - reach
    if padding > reach / 2 {
      throw ShapeError(
        """
        maxPool2d: \(axis): padding \(padding) is more than half of the kernel's reach \(reach), so a window would \
        hold nothing
        """)
    }
    if room < 0 {
      throw ShapeError(
        "maxPool2d: \(axis): a kernel that reaches over \(reach) does not fit into \(input) with padding \(padding)")
    }
    let count = (room + (ceil ? stride - 1 : 0)) / stride + 1
    return ceil && (count - 1) * stride >= size + padding ? count - 1 : count
  }

  package func forward(_ x: Inputs, _ shapes: [Shape]) -> (Results, Tensor) {
    let x = x.first.value,
      window = [kernel, stride, padding, dilation].flatMap { [Int64($0.rows), Int64($0.columns)] }
    let y = Tensor(uninitialized: shapes[0], x.dtype, on: x.descriptor.device),
      index = Tensor(uninitialized: shapes[0], .int64, on: x.descriptor.device)
    Kernel.run(y, index, x) { $0.pointee.max_pool2d($1, $2, $3, window) }
    return (Results([y, index], differentiated: 1), index)
  }

  package func backward(_ dy: [Variable?], _ kept: Kept<Tensor>, _ wants: Wants) -> InputGradients {
    let shape = kept.shapes[0], planes = Array(shape.dropLast(2)), dy = dy[0]!,
      windows = dy.shape[dy.rank - 2] * dy.shape[dy.rank - 1]
    let index = kept.extra.reshaped(Shape(planes + [windows])),
      flat = Shape(planes + [shape[shape.count - 2] * shape[shape.count - 1]])
    let dx = ScatterAdd(axis: -1, index: index, shape: flat).apply(Inputs(dy.reshaped(index.shape)))
    return InputGradients(dx.reshaped(shape))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("maxPool2d", "(batch, channels, rows, columns)", "[4, 4]") { () throws(ShapeError) in
        _ = try MaxPool2dOp(kernel: 2, stride: 2, padding: 0, dilation: 1, ceilMode: false).shape(
          of: Specs([[4, 4]], [.float32]))
      },
      .init("maxPool2d", "columns", "reaches over 5", "[1, 5, 4]") { () throws(ShapeError) in
        _ = try MaxPool2dOp(kernel: [2, 3], stride: 1, padding: 0, dilation: 2, ceilMode: false).shape(
          of: Specs([[1, 5, 4]], [.float32]))
      },
      .init("maxPool2d", "padding 2", "half", "3") { () throws(ShapeError) in
        _ = try MaxPool2dOp(kernel: 3, stride: 1, padding: 2, dilation: 1, ceilMode: false).shape(
          of: Specs([[1, 5, 4]], [.float32]))
      },
      .init("maxPool2d", "stride", "0") { () throws(ShapeError) in
        _ = try MaxPool2dOp(kernel: 3, stride: 0, padding: 0, dilation: 1, ceilMode: false).shape(
          of: Specs([[1, 5, 4]], [.float32]))
      },
    ], neverEmpty: true, neverScalar: true
  ) { draw in
    let kernel = Size2d(draw.int(1...3), draw.int(1...3)), dilation = Size2d(draw.int(1...2), draw.int(1...2))
    let reach = Size2d((kernel.rows - 1) * dilation.rows + 1, (kernel.columns - 1) * dilation.columns + 1)
    let padding = Size2d(draw.int(0...reach.rows / 2), draw.int(0...reach.columns / 2)),
      stride = Size2d(draw.int(1...3), draw.int(1...3))
    let planes = (0..<draw.int(1...2)).map { _ in draw.int(1...3) }, ceilMode = draw.bool(), withIndices = draw.bool()
    let shape = Shape(planes + [reach.rows + draw.int(0...4), reach.columns + draw.int(0...4)])
    let label =
      "\(shape), kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation), ceil \(ceilMode)"
    return LawCase(
      [draw.distinct(shape)], label: label, isLinear: true,
      composed: { v in
        // Each window as a slice of the padded input, its elements along a last axis.
        let op = MaxPool2dOp(kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
        let y = failing { () throws(ShapeError) in try op.shape(of: Specs([shape], [.float64])) }[0],
          a = shape.count - 2
        let extra = Size2d((y[a] - 1) * stride.rows + reach.rows, (y[a + 1] - 1) * stride.columns + reach.columns)
        let below = Swift.max(padding.rows, extra.rows - shape[a] - padding.rows),
          after = Swift.max(padding.columns, extra.columns - shape[a + 1] - padding.columns)
        let padded = v[0].padded([(padding.rows, below), (padding.columns, after)], mode: .constant(-1e300))
        let parts = (0..<kernel.rows * kernel.columns).map { k -> Variable in
          let (r, c) = (k / kernel.columns * dilation.rows, k % kernel.columns * dilation.columns)
          return Slice(
            starts: planes.map { _ in 0 } + [r, c], counts: Array(y),
            steps: planes.map { _ in 1 } + [stride.rows, stride.columns]
          ).apply(Inputs(padded))
        }
        return stack(parts, axis: -1).amax(-1)
      },
      call: { v in
        withIndices
          ? maxPool2dWithIndices(
            v[0], kernelSize: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode
          ).values
          : maxPool2d(
            v[0], kernelSize: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
      })
  }
}

/// The largest element of each window of the last two axes of x, (batch, channels, rows, columns) or (channels, rows,
/// columns).
///
/// - Parameters:
///   - kernelSize: rows and columns of a window: `3`, or `[3, 2]`
///   - stride: how far apart windows lie; the size of the kernel if nil
///   - padding: rows above and below, columns left and right, that hold nothing; at most half of the kernel
///   - dilation: how far apart the elements of a window lie
///   - ceilMode: whether a last window that reaches beyond the padding counts
///
/// Of equal elements the first gets the gradient; NaN counts as largest. Floating types only.
public func maxPool2d(
  _ x: some VariableConvertible, kernelSize: Size2d, stride: Size2d? = nil, padding: Size2d = 0, dilation: Size2d = 1,
  ceilMode: Bool = false
) -> Variable {
  MaxPool2dOp(
    kernel: kernelSize, stride: stride ?? kernelSize, padding: padding, dilation: dilation, ceilMode: ceilMode
  ).apply(Inputs(x.asVariable))[0]
}

/// The same with where each element came from: its number row · columns + column in its plane of x, int64.
public func maxPool2dWithIndices(
  _ x: some VariableConvertible, kernelSize: Size2d, stride: Size2d? = nil, padding: Size2d = 0, dilation: Size2d = 1,
  ceilMode: Bool = false
) -> (values: Variable, indices: Tensor) {
  let y = MaxPool2dOp(
    kernel: kernelSize, stride: stride ?? kernelSize, padding: padding, dilation: dilation, ceilMode: ceilMode
  ).apply(Inputs(x.asVariable))
  return (y[0], y[1].value)
}
