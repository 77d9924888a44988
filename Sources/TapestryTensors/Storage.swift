import CTapestry

/// A block of a device's memory, shared by the tensors that view it. It is written only while one tensor holds it
/// alone.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let bytes: Int
  package let device: Int32

  package init(bytes: Int, on device: Int32 = 0) {
    pointer = device == 0 ? tp_alloc(Int64(bytes)) : Kernel.table(device).pointee.allocate(Int64(bytes))!
    self.bytes = bytes
    self.device = device
  }

  /// Takes over a block of the device's allocator.
  @inline(__always)
  package init(adopting pointer: UnsafeMutableRawPointer, bytes: Int, on device: Int32) {
    self.pointer = pointer
    self.bytes = bytes
    self.device = device
  }

  deinit { tp_release(device, pointer, Int64(bytes)) }
}
