import CTapestry

// Tensors as bytes, for file formats. Both machines that Tapestry runs on (x86-64, ARM64) are little-endian, and so are
// the formats.

extension Tensor {
  /// A tensor from its elements' bytes, row-major and little-endian. `bytes` holds exactly
  /// `shape.volume · dtype.itemSize` of them, and bool bytes are 0 or 1: the caller has checked both.
  package init(bytes: some Collection<UInt8>, shape: Shape, _ dtype: DType) {
    self.init(uninitialized: shape, dtype)
    let size = shape.volume * dtype.itemSize
    if bytes.count != size {
      fail("Tensor: \(bytes.count) bytes do not fill \(shape) of \(dtype), which takes \(size)")
    }
    if size > 0 { UnsafeMutableRawBufferPointer(start: storage.pointer, count: size).copyBytes(from: bytes) }
  }

  /// Whether type, shape and every bit are the same: NaN is like NaN here, and 0 unlike -0.
  package func hasBits(of other: Tensor) -> Bool {
    if dtype != other.dtype || shape != other.shape { return false }
    let (a, b) = (contiguous(), other.contiguous())
    return tp_same_bytes(a.descriptor.data, b.descriptor.data, Int64(count * dtype.itemSize))
  }

  /// The elements' bytes, row-major and little-endian.
  package var bytes: [UInt8] {
    let source = contiguous(), size = count * dtype.itemSize
    if size == 0 { return [] }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(from: source.descriptor.data, byteCount: size)
      initialized = size
    }
  }
}
