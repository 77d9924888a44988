import CTapestry

// The funnel. Every kernel is called through `run`, which chooses the table by the device of the operands and refuses operands of different devices; a second
// device is one more table (`tp_set_device`). The calls name the operation themselves: `run(y, x) { $0.pointee.copy($1, $2) }`.

extension Kernel {
  package typealias Table = UnsafePointer<tp_backend>
  package typealias Operand = UnsafePointer<tp_tensor>

  /// What the calling thread runs on a device; traps where no table serves it.
  @inline(__always)
  package static func table(_ device: Int32) -> Table {
    guard let kernels = tp_kernels(device) else { noDevice(device) }
    return kernels
  }

  /// The same for two operands; traps where they lie on different devices.
  @inline(__always)
  package static func table(_ a: Int32, _ b: Int32) -> Table {
    if a != b { apart(a, b) }
    return table(a)
  }

  @inline(__always)
  package static func run<R>(_ a: borrowing Tensor, _ call: (Table, Operand) -> R) -> R {
    let kernels = table(a.descriptor.device)
    return withUnsafePointer(to: a.descriptor) { call(kernels, $0) }
  }

  @inline(__always)
  package static func run<R>(_ a: borrowing Tensor, _ b: borrowing Tensor, _ call: (Table, Operand, Operand) -> R) -> R {
    let kernels = table(a.descriptor.device, b.descriptor.device)
    return withUnsafePointer(to: a.descriptor) { a in withUnsafePointer(to: b.descriptor) { call(kernels, a, $0) } }
  }

  @inline(__always)
  package static func run<R>(_ a: borrowing Tensor, _ b: borrowing Tensor, _ c: borrowing Tensor, _ call: (Table, Operand, Operand, Operand) -> R) -> R {
    _ = table(a.descriptor.device, b.descriptor.device)
    let kernels = table(a.descriptor.device, c.descriptor.device)
    return withUnsafePointer(to: a.descriptor) { a in
      withUnsafePointer(to: b.descriptor) { b in withUnsafePointer(to: c.descriptor) { call(kernels, a, b, $0) } }
    }
  }

  @inline(__always)
  package static func run<R>(
    _ a: borrowing Tensor, _ b: borrowing Tensor, _ c: borrowing Tensor, _ d: borrowing Tensor, _ call: (Table, Operand, Operand, Operand, Operand) -> R
  ) -> R {
    _ = table(a.descriptor.device, b.descriptor.device)
    _ = table(a.descriptor.device, c.descriptor.device)
    let kernels = table(a.descriptor.device, d.descriptor.device)
    return withUnsafePointer(to: a.descriptor) { a in
      withUnsafePointer(to: b.descriptor) { b in
        withUnsafePointer(to: c.descriptor) { c in withUnsafePointer(to: d.descriptor) { call(kernels, a, b, c, $0) } }
      }
    }
  }

  /// Any number of operands; null for those that are missing.
  package static func run<R>(_ operands: [Tensor?], _ call: (Table, [Operand?]) -> R) -> R {
    let present = operands.compactMap { $0 }
    let device = present[0].descriptor.device
    for x in present { _ = table(device, x.descriptor.device) }
    return withUnsafeTemporaryAllocation(of: tp_tensor.self, capacity: present.count) { room in
      var next = 0
      let pointers = operands.map { x -> Operand? in
        guard let x else { return nil }
        room.initializeElement(at: next, to: x.descriptor)
        next += 1
        return UnsafePointer(room.baseAddress! + next - 1)
      }
      return withExtendedLifetime(operands) { call(table(device), pointers) }
    }
  }

  // On descriptors alone, where a copy of a Tensor would be noticed.

  @inline(__always)
  package static func run<R>(_ a: inout tp_tensor, _ call: (Table, Operand) -> R) -> R { call(table(a.device), &a) }

  @inline(__always)
  package static func run<R>(_ a: inout tp_tensor, _ b: inout tp_tensor, _ call: (Table, Operand, Operand) -> R) -> R {
    call(table(a.device, b.device), &a, &b)
  }

  @inline(__always)
  package static func run<R>(_ a: inout tp_tensor, _ b: inout tp_tensor, _ c: inout tp_tensor, _ call: (Table, Operand, Operand, Operand) -> R) -> R {
    _ = table(a.device, b.device)
    return call(table(a.device, c.device), &a, &b, &c)
  }

  @inline(never)
  private static func noDevice(_ device: Int32) -> Never { fail("device \(device): there are no kernels for it") }

  @inline(never)
  private static func apart(_ a: Int32, _ b: Int32) -> Never { fail("one operation cannot work on tensors of two devices, \(a) and \(b); bring them to one") }
}
