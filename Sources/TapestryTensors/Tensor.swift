import CTapestry

/// An array of numbers with a shape: data, with value semantics. Copies share their memory until one is changed, and
/// views (slices, transposes, expansions) share it too.
///
///     let x = Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])     // (2, 3), float32
///     x[0], x.transposed(), x + 1
///
/// A Tensor is a constant for differentiation; `Variable` records what is done with it.
public struct Tensor: @unchecked Sendable {
  package var descriptor: tp_tensor
  package var storage: Storage

  @inline(__always)
  package init(descriptor: tp_tensor, storage: Storage) {
    self.descriptor = descriptor
    self.storage = storage
  }

  /// Row-major memory whose elements are not set yet.
  package init(uninitialized shape: Shape, _ dtype: DType, on device: Int32 = 0) {
    descriptor = tp_tensor()
    descriptor.size = shape.sizes
    descriptor.rank = shape.rank
    descriptor.dtype = dtype.rawValue
    descriptor.device = device
    tp_set_contiguous(&descriptor)
    let (bytes, overflow) = shape.volume.multipliedReportingOverflow(by: dtype.itemSize)
    if overflow { fail("Shape: \(shape) has more elements than fit into memory") }
    storage = Storage(bytes: bytes, on: device)
    descriptor.data = storage.pointer
  }

  /// The sizes of the axes.
  public var shape: Shape { Shape(descriptor) }
  /// The type of the elements.
  public var dtype: DType { DType(rawValue: descriptor.dtype)! }

  /// The number of axes.
  public var rank: Int { Int(descriptor.rank) }

  /// The number of elements.
  public var count: Int { shape.volume }

  /// How many elements apart neighbors along each axis lie; 0 for a broadcast axis, negative for a reversed one.
  public var strides: [Int] {
    withUnsafeBytes(of: descriptor.stride) { bytes in
      (0..<rank).map { Int(bytes.load(fromByteOffset: $0 * 8, as: Int64.self)) }
    }
  }

  /// Whether the elements lie in row-major order without gaps.
  public var isContiguous: Bool { withDescriptor { tp_contiguous($0) } }

  /// Whether the elements fill their memory without gaps, in some order of the axes.
  package var isDense: Bool { withDescriptor { tp_dense($0) } }

  @inline(__always)
  package func withDescriptor<R>(_ body: (UnsafePointer<tp_tensor>) -> R) -> R {
    withUnsafePointer(to: descriptor, body)
  }

  package func axisStride(_ axis: Int) -> Int64 {
    withUnsafeBytes(of: descriptor.stride) { $0.load(fromByteOffset: axis &* 8, as: Int64.self) }
  }

  package mutating func setAxis(_ axis: Int, size: Int, stride: Int64) {
    withUnsafeMutableBytes(of: &descriptor.size) {
      $0.storeBytes(of: Int64(size), toByteOffset: axis &* 8, as: Int64.self)
    }
    withUnsafeMutableBytes(of: &descriptor.stride) {
      $0.storeBytes(of: stride, toByteOffset: axis &* 8, as: Int64.self)
    }
  }

  /// The same elements in row-major memory; itself when they are already.
  public func contiguous() -> Tensor { isContiguous ? self : copied() }

  /// A row-major copy in memory of its own.
  package func copied() -> Tensor {
    let y = Tensor(uninitialized: shape, dtype, on: descriptor.device)
    Kernel.run(y, self, moving: true) { $0.pointee.copy($1, $2) }
    return y
  }

  /// Makes this tensor the only holder of its memory, without gaps, so that it may be written.
  package mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) || !isDense || count * dtype.itemSize != storage.bytes { self = copied() }
  }

  /// Writes one value, made by `Kernel.element`, over all elements that this view names, whoever else holds the memory.
  func fillMemory(_ value: tp_number) {
    Kernel.run(self, moving: true) { $0.pointee.fill($1, value.real, value.whole) }
  }

  /// Writes `source`, which broadcasts to this shape and has this type, over the elements that this view names, whoever
  /// else holds the memory.
  func copyMemory(from source: Tensor) {
    Kernel.run(self, source.expandedView(shape), moving: true) { $0.pointee.copy($1, $2) }
  }

  /// The same numbers as another type: to a floating one rounded to the nearest, ties to even; floating to integer
  /// truncated towards zero; to bool x ≠ 0.
  public func cast(to dtype: DType) -> Tensor {
    if dtype == self.dtype { return self }
    let y = Tensor(uninitialized: shape, dtype, on: descriptor.device)
    Kernel.run(y, self, moving: true) { $0.pointee.copy($1, $2) }
    return y
  }
}
