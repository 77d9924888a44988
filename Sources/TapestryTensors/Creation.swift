import CTapestry

extension Tensor {
  /// Every element the same.
  public static func full(_ shape: Shape, _ value: some Scalar, _ dtype: DType = .float32) -> Tensor {
    let y = Tensor(uninitialized: shape, dtype)
    let number = value.asDouble
    let integer = (value as? Int).map(Int64.init) ?? (number.isFinite && abs(number) < 9e18 ? Int64(number) : 0)
    y.withDescriptor { tp_current().pointee.fill($0, number, integer) }
    return y
  }

  public static func zeros(_ shape: Shape, _ dtype: DType = .float32) -> Tensor { full(shape, 0, dtype) }
  public static func ones(_ shape: Shape, _ dtype: DType = .float32) -> Tensor { full(shape, 1, dtype) }

  /// A scalar: no axes, one element.
  public init(_ value: some Scalar, _ dtype: DType = .float32) { self = .full([], value, dtype) }

  /// A flat Swift array in row-major order under a shape.
  public init<Element: TensorElement>(_ elements: [Element], shape: Shape) {
    if elements.count != shape.volume { fail("Tensor: \(elements.count) elements do not fill \(shape), which has \(shape.volume)") }
    self.init(uninitialized: shape, Element.dtype)
    elements.withUnsafeBytes { source in
      if source.count > 0 { storage.pointer.copyMemory(from: source.baseAddress!, byteCount: source.count) }
    }
  }

  public init<Element: TensorElement>(_ elements: [Element]) { self.init(elements, shape: [elements.count]) }

  /// The elements in row-major order. The type asked for must be the tensor's own.
  public func array<Element: TensorElement>(_: Element.Type = Element.self) -> [Element] {
    if dtype != Element.dtype { fail("array: the tensor holds \(dtype), not \(Element.self); convert it with cast(to:)") }
    let source = contiguous()
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count > 0 { UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(from: source.descriptor.data, byteCount: count * dtype.itemSize) }
      initialized = count
    }
  }

  /// The only element, as a Double.
  public var item: Double {
    if count != 1 { fail("item: \(shape) has \(count) elements, not one") }
    return cast(to: .float64).array(Double.self)[0]
  }
}
