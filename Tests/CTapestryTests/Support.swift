import CTapestry
import TapestryTensors
import Testing

/// The tiers that this machine runs; each is compared with the naive reference backend.
let tiers: [String] = ["avx512", "avx2", "neon", "portable"].filter { (name: String) in tp_backend_named(name) != nil }

func backend(_ name: String) -> tp_backend { tp_backend_named(name).pointee }
var reference: tp_backend { backend("reference") }

/// The types that arithmetic takes; the others are for storing.
let computedTypes = DType.allCases.filter(\.isComputed)

/// An output in the middle of a block whose rest must stay untouched.
struct Guarded {
  static let band = 64
  let whole: Tensor
  let view: Tensor

  /// Row-major, with elements that are not set yet.
  init(_ shape: Shape, _ dtype: DType) {
    let bytes = shape.volume * dtype.itemSize
    whole = Tensor([UInt8](repeating: 0xA5, count: bytes + 2 * Self.band))
    var view = Tensor(uninitialized: shape, dtype)
    view.descriptor.data = whole.descriptor.data + Self.band
    view.storage = whole.storage
    self.view = view
  }

  var isIntact: Bool {
    let bytes = whole.array(UInt8.self)
    return bytes.prefix(Self.band).allSatisfy { $0 == 0xA5 } && bytes.suffix(Self.band).allSatisfy { $0 == 0xA5 }
  }
}

extension Draw {
  /// A size at the edges of vectors and tiles.
  mutating func edge() -> Int { pick([1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 97]) }

  /// Normal-looking numbers of any dtype; small integers for the integer types.
  mutating func numbers(_ shape: Shape, _ dtype: DType, _ low: Double = -3, _ high: Double = 3) -> Tensor {
    tensor(shape, low, high).cast(to: dtype)
  }

  /// The same content laid out differently: as it is, transposed in memory, every second element of a larger block, or
  /// reversed.
  mutating func relaid(_ x: Tensor) -> Tensor {
    guard x.rank > 0 else { return x }
    switch int(0...3) {
    case 0: return x
    case 1:
      let axes = Array((0..<x.rank).reversed())
      return x.permuted(axes).copied().permuted(axes)
    case 2:
      // (…, n, 1) beside itself gives (…, n, 2), whose first column is x with stride 2.
      let wide = Tensor(uninitialized: Shape(Array(x.shape) + [2]), x.dtype)
      for i in 0..<2 {
        let column = wide.strided(axis: x.rank, start: i, count: 1, step: 1)
        let source = x.unsqueezed(-1)
        column.withDescriptor { y in source.withDescriptor { s in reference.copy(y, s) } }
      }
      return wide.strided(axis: x.rank, start: 0, count: 1, step: 1).droppingAxis(x.rank)
    default: return x.flipped(Array(0..<x.rank)).copied().flipped(Array(0..<x.rank))
    }
  }
}

/// The largest |a − b| / max(least, |b|); infinite where only one is NaN or the infinities differ.
func difference(_ a: Tensor, _ b: Tensor, least: Double = 1) -> Double {
  var worst = 0.0
  for (x, y) in zip(a.cast(to: .float64).array(Double.self), b.cast(to: .float64).array(Double.self)) {
    if x == y || (x.isNaN && y.isNaN) { continue }
    if x.isNaN || y.isNaN || x.isInfinite || y.isInfinite { return .infinity }
    worst = max(worst, abs(x - y) / max(least, abs(y)))
  }
  return worst
}

/// Runs a kernel on a tier and on the reference backend and compares; both write into guarded outputs.
func expectSame(
  _ tier: String, shapes: [Shape], _ dtypes: [DType], tolerance: Double, _ label: String,
  sourceLocation: SourceLocation = #_sourceLocation,
  start: Tensor? = nil, run: (tp_backend, [UnsafePointer<tp_tensor>]) -> Void
) {
  var results: [[Guarded]] = []
  for table in [backend(tier), reference] {
    let outputs = zip(shapes, dtypes).map { Guarded($0, $1) }
    if let start { outputs[0].view.withDescriptor { y in start.withDescriptor { x in reference.copy(y, x) } } }
    var descriptors = outputs.map(\.view.descriptor)
    descriptors.withUnsafeMutableBufferPointer { buffer in
      run(table, (0..<buffer.count).map { UnsafePointer(buffer.baseAddress! + $0) })
    }
    results.append(outputs)
  }
  for (i, (ours, expected)) in zip(results[0], results[1]).enumerated() {
    let error = difference(ours.view, expected.view)
    #expect(error <= tolerance, "\(tier) \(label): output \(i) differs by \(error)", sourceLocation: sourceLocation)
    #expect(ours.isIntact, "\(tier) \(label): wrote beyond output \(i)", sourceLocation: sourceLocation)
  }
}

/// A row of pointwise.def, as Swift reads it.
struct Pointwise {
  let name: String, test: Bool, dtypes: [DType], from: [Double], to: [Double], isFloating: Bool

  static func unary(_ op: Int32) -> Pointwise { Pointwise(tp_unary_op(op)) }
  static func binary(_ op: Int32) -> Pointwise { Pointwise(tp_binary_op(op)) }

  private init(_ row: UnsafePointer<tp_pointwise>) {
    name = String(cString: row.pointee.name)
    test = row.pointee.test
    isFloating = row.pointee.floating
    dtypes = DType.allCases.filter { tp_defined_on(row, $0.rawValue) }
    from = [row.pointee.from.0, row.pointee.from.1]
    to = [row.pointee.to.0, row.pointee.to.1]
  }
}
