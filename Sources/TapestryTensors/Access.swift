import CTapestry

// From tensors to Swift.

extension Tensor {
  /// The elements in row-major order. The type asked for must be the tensor's own.
  public func array<Element: TensorElement>(_: Element.Type = Element.self) -> [Element] {
    if dtype != Element.dtype {
      fail("array: the tensor holds \(dtype), not \(Element.self) (\(Element.dtype)); convert it with cast(to:)")
    }
    let source = contiguous()
    if count == 0 { return [] }  // the next line would write to the empty array that all threads share
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(
        from: source.descriptor.data, byteCount: count * dtype.itemSize)
      initialized = count
    }
  }

  /// The elements as arrays of arrays, as deep as there are axes: `let rows: [[Float]] = x.nestedArray()`. The type asked
  /// for must be the tensor's own.
  public func nestedArray<Part: NestedElements>(_: [Part].Type = [Part].self) -> [Part] {
    let depth = [Part].nestedDepth
    if rank != depth {
      fail(
        "nestedArray: \(shape) has \(rank) axes, and \([Part].self) is \(depth) deep; reshape it, or ask for \(typeOf(rank))"
      )
    }
    return [Part].nested(array(Part.Number.self)[...], sizes: Array(shape)[...])
  }

  private func typeOf(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + "Float" + String(repeating: "]", count: depth)
  }

  /// The only element, as a Double. An int64 beyond ±2⁵³ that is no Double ends the program with a message: see
  /// `item(Int.self)`.
  public var item: Double {
    if count != 1 { fail("item: \(shape) has \(count) elements, not one") }
    let number = cast(to: .float64).array(Double.self)[0]
    if dtype == .int64 && Int(exactly: number) != item(Int.self) {
      fail("item: \(item(Int.self)) is no Double; ask for item(Int.self)")
    }
    return number
  }

  /// The element at a row-major position, as a scalar.
  package func number(at position: Int) -> Tensor { reshaped([count]).selected(axis: 0, index: position) }

  /// The only element, as what the tensor holds: `x.item(Int.self)` of an int64 tensor.
  public func item<Element: TensorElement>(_: Element.Type) -> Element {
    if count != 1 { fail("item: \(shape) has \(count) elements, not one") }
    return array(Element.self)[0]
  }

  /// The positions of an axis as tensors without that axis, all sharing this one's memory:
  /// `for row in x.unbind() { … }`.
  public func unbind(axis: Int = 0) -> [Tensor] {
    if rank == 0 { fail("unbind: a scalar has no axes") }
    let axis = shape.resolve(axis, "unbind")
    return (0..<shape[axis]).map { strided(axis: axis, start: $0, count: 1, step: 1).droppingAxis(axis) }
  }
}
