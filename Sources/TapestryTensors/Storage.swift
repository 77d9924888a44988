import CTapestry

/// A block of memory, shared by the tensors that view it. It is written only while one tensor holds it alone.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let bytes: Int

  package init(bytes: Int) {
    pointer = tp_alloc(Int64(bytes))
    self.bytes = bytes
  }

  /// Takes over a block of the allocator.
  @inline(__always)
  package init(adopting pointer: UnsafeMutableRawPointer, bytes: Int) {
    self.pointer = pointer
    self.bytes = bytes
  }

  deinit { tp_free(pointer, Int64(bytes)) }
}
