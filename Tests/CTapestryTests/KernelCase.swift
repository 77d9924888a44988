import CTapestry
import TapestryTensors
import Testing

/// How a tensor of some shape lies in memory: the axes in `order` (outermost first), every `steps[i]`-th element of
/// axis i, backwards where `flips[i]`.
struct Layout: CustomStringConvertible {
  var order: [Int], steps: [Int], flips: [Bool]

  /// Row-major without gaps.
  init(rank: Int) {
    (order, steps, flips) = (Array(0..<rank), Array(repeating: 1, count: rank), Array(repeating: false, count: rank))
  }

  var description: String { "order \(order) steps \(steps) flips \(flips.map { $0 ? 1 : 0 })" }
}

/// A view laid out in the middle of a block of bytes that are all `filler`.
struct LaidOut {
  private static let band = 64
  private let whole: Tensor
  private let filler: UInt8
  let view: Tensor

  init(_ shape: Shape, _ dtype: DType, _ layout: Layout, filler: UInt8) {
    var strides = [Int64](repeating: 0, count: 8), room = 1, start = 0
    for axis in layout.order.reversed() {
      let step = room * layout.steps[axis]
      strides[axis] = Int64(layout.flips[axis] ? -step : step)
      start += layout.flips[axis] ? max(0, shape[axis] - 1) * step : 0
      room = step * max(1, shape[axis])
    }
    whole = Tensor([UInt8](repeating: filler, count: room * dtype.itemSize + 2 * Self.band))
    var view = Tensor(uninitialized: shape, dtype)
    withUnsafeMutableBytes(of: &view.descriptor.stride) { $0.copyBytes(from: strides.withUnsafeBytes { Array($0) }) }
    view.descriptor.data = whole.descriptor.data + Self.band + start * dtype.itemSize
    view.storage = whole.storage
    (self.view, self.filler) = (view, filler)
  }

  func set(_ x: Tensor) { view.withDescriptor { y in x.withDescriptor { reference.copy(y, $0) } } }

  /// Whether nothing was written but the view's elements, which this overwrites.
  func isIntact() -> Bool {
    var y = view.descriptor  // as bytes: one axis more
    y.dtype = Int32(TP_U8)
    y.rank += 1
    let item = Int64(view.dtype.itemSize), last = view.rank
    withUnsafeMutableBytes(of: &y.size) { $0.storeBytes(of: item, toByteOffset: last * 8, as: Int64.self) }
    withUnsafeMutableBytes(of: &y.stride) {
      for axis in 0..<last {
        $0.storeBytes(
          of: $0.load(fromByteOffset: axis * 8, as: Int64.self) * item, toByteOffset: axis * 8, as: Int64.self)
      }
      $0.storeBytes(of: 1, toByteOffset: last * 8, as: Int64.self)
    }
    reference.fill(&y, 0, Int64(filler))
    return whole.bytes.allSatisfy { $0 == filler }
  }
}

/// One drawn case of a kernel: its numbers, layouts and limits. `expect` holds a tier against the reference backend.
struct KernelCase {
  let tier: String
  let limits: Limits
  let tally: LimitTally
  var draw: Draw

  // MARK: drawing

  mutating func layout(_ rank: Int, gaps: Bool = true) -> Layout {
    var layout = Layout(rank: rank)
    if draw.bool() { for i in layout.order.indices { layout.order.swapAt(i, draw.int(i...rank - 1)) } }
    if gaps && draw.bool() {
      for i in 0..<rank {
        layout.steps[i] = draw.pick([1, 1, 1, 2, 3])
        layout.flips[i] = draw.int(0...2) == 0
      }
    }
    return layout
  }

  /// So many axes, at most some `room` elements, sizes at the edges of vectors and tiles.
  mutating func shape(_ rank: ClosedRange<Int> = 1...4, room: Int = 1500) -> Shape {
    var shape: [Int] = [], left = room
    for remaining in (0..<draw.int(rank)).reversed() {
      // Room is left for the others, so that four axes are not mostly of size 1.
      let most = remaining == 0 ? left : remaining == 1 ? max(3, left / 4) : max(3, left / 30)
      let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 70, 97, 130, 257]
      shape.append(draw.pick(sizes.filter { $0 <= max(1, min(left, most)) }))
      left /= shape.last!
    }
    for i in shape.indices { shape.swapAt(i, draw.int(i...shape.count - 1)) }
    return Shape(shape)
  }

  /// Drawn numbers, in any layout; sometimes one axis or more has stride 0. Between the elements of floats lies NaN.
  mutating func input(_ shape: Shape, _ dtype: DType, _ low: Double = -3, _ high: Double = 3) -> Tensor {
    var own = shape
    if draw.int(0...4) == 0 { for i in shape.indices where shape[i] > 0 && draw.bool() { own[i] = 1 } }
    return laid(draw.numbers(own, dtype, low, high)).expanded(to: shape)
  }

  /// Like `input`, with some of `specials` (NaN, infinities) among the numbers of every third tensor.
  mutating func salted(_ shape: Shape, _ dtype: DType, _ low: Double, _ high: Double, _ specials: [Double]) -> Tensor {
    guard dtype.isFloatingPoint && shape.volume > 0 && draw.int(0...2) == 0 else {
      return input(shape, dtype, low, high)
    }
    var numbers = (0..<shape.volume).map { _ in draw.real(low, high) }
    for _ in 0..<draw.int(1...4) { numbers[draw.int(0...numbers.count - 1)] = draw.pick(specials) }
    return laid(Tensor(numbers, shape: shape).cast(to: dtype))
  }

  mutating func laid(_ x: Tensor) -> Tensor {
    let place = LaidOut(x.shape, x.dtype, layout(x.rank), filler: x.dtype == .bool ? 1 : 0xFF)
    place.set(x)
    return place.view
  }

  // MARK: comparing

  /// An output: its shape and type, whether only its row-major form is allowed, what it holds before, and from which
  /// size on errors are relative.
  struct Output {
    let shape: Shape, dtype: DType
    var plain = false, start: Tensor? = nil, least = 1.0
  }

  /// Runs a kernel with the reference backend and on this tier, with one thread, with several, and with its tasks in
  /// reversed order: results agree within `tolerance`, those of the tier to the bit, and nothing is written beside the
  /// outputs.
  mutating func expect(
    _ outputs: [Output], tolerance: Double, _ label: String, sourceLocation: SourceLocation = #_sourceLocation,
    run: (tp_backend, [UnsafePointer<tp_tensor>]) -> Void
  ) {
    let layouts = outputs.map { $0.plain ? Layout(rank: $0.shape.count) : layout($0.shape.count) }
    func results(_ table: tp_backend, _ layouts: [Layout]) -> [LaidOut] {
      let places = zip(outputs, layouts).map { output, layout in
        let place = LaidOut(output.shape, output.dtype, layout, filler: 0xA5)
        if let start = output.start { place.set(start) }
        return place
      }
      var descriptors = places.map(\.view.descriptor)
      descriptors.withUnsafeMutableBufferPointer { buffer in
        run(table, (0..<buffer.count).map { UnsafePointer(buffer.baseAddress! + $0) })
      }
      return places
    }
    let expected = results(reference, outputs.map { Layout(rank: $0.shape.count) })
    let threads = draw.pick([2, 3, 7])
    let (one, many) = withLimits(limits, counting: tally) {
      (withThreads(1) { results(backend(tier), layouts) }, withThreads(threads) { results(backend(tier), layouts) })
    }
    let backwards = withLimits(limits, backwards: true) { results(backend(tier), layouts) }
    for (i, output) in outputs.enumerated() {
      let what: Comment = "\(tier) \(label): output \(i) of \(output.shape), \(layouts[i])"
      let error = difference(one[i].view, expected[i].view, least: output.least)
      #expect(error <= tolerance, "\(what) differs by \(error)", sourceLocation: sourceLocation)
      #expect(
        one[i].view.bytes == many[i].view.bytes, "\(what): other bits on \(threads) threads",
        sourceLocation: sourceLocation)
      #expect(
        one[i].view.bytes == backwards[i].view.bytes, "\(what): other bits with tasks in another order",
        sourceLocation: sourceLocation)
      #expect(one[i].isIntact() && many[i].isIntact(), "\(what): wrote beside it", sourceLocation: sourceLocation)
    }
  }
}

/// Drawn cases of some kernels, and the limits on both sides of which they must be found, on every tier.
struct KernelCases: CustomTestStringConvertible, Sendable {
  let name: String
  let count: Int
  let crosses: [String]
  let run: @Sendable (inout KernelCase) -> Void

  var testDescription: String { name }

  init(_ name: String, _ count: Int, crosses: [String], run: @escaping @Sendable (inout KernelCase) -> Void) {
    (self.name, self.count, self.crosses, self.run) = (name, count, crosses, run)
  }
}

extension Draw {
  /// Limits of which about half are as low as they get, the others a little higher or standard.
  mutating func limits() -> Limits {
    var limits = Limits.lowest
    for row in Limits.rows {
      switch int(0...4) {
      case 0: limits[row.name] = row.value
      case 1: limits[row.name] = min(row.value, row.low * int(1...6) + int(0...3))
      default: break
      }
    }
    return limits
  }
}
