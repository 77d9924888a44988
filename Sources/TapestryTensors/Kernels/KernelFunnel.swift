import CTapestry

// The funnel. Every kernel is called through `run`, which chooses the table by the device of the operands and refuses
// operands of different devices (a second device is one more table, `tp_set_device`) and of types for storing, which
// only the kernels that move elements take: those say `moving: true`. The calls name the kernel themselves:
// `run(y, x) { $0.pointee.copy($1, $2) }`.

extension Kernel {
  package typealias Table = UnsafePointer<tp_backend>
  package typealias Operand = UnsafePointer<tp_tensor>

  /// What the calling thread runs on a device; traps where no table serves it.
  @inline(__always)
  package static func table(_ device: Int32) -> Table {
    guard let kernels = tp_kernels(device) else { noDevice(device) }
    return kernels
  }

  /// The same for an operand of a kernel that computes.
  @inline(__always)
  private static func table(_ x: borrowing tp_tensor, _ moving: Bool, _ name: StaticString) -> Table {
    if !moving { compute(x, name) }
    return table(x.device)
  }

  /// The same for a further operand, beside one of the device given.
  @inline(__always)
  private static func join(_ device: Int32, _ x: borrowing tp_tensor, _ moving: Bool, _ name: StaticString) {
    if !moving { compute(x, name) }
    sameDevice(device, x.device)
  }

  /// Traps where operands lie on different devices.
  @inline(__always)
  static func sameDevice(_ a: Int32, _ b: Int32) {
    if a != b { apart(a, b) }
  }

  /// Traps where one computes with a type for storing.
  @inline(__always)
  package static func compute(_ x: borrowing tp_tensor, _ name: StaticString) {
    if !tp_is_computed(x.dtype) { fail(storedOnly(DType(rawValue: x.dtype)!, Shape(x), name)) }
  }

  package static func storedOnly(_ dtype: DType, _ shape: Shape, _ name: StaticString) -> String {
    storedOnly(dtype, shape, named: "\(name)")
  }

  package static func storedOnly(_ dtype: DType, _ shape: Shape, named name: String) -> String {
    """
    \(name.prefix { $0 != "(" }): \(dtype) \(shape) is for storing, nothing computes with it yet; convert it with \
    cast(to: .\(dtype.computedIn))
    """
  }

  /// The same where a function of tensors has the name.
  package static func mustCompute(_ x: Tensor, _ name: String) {
    if !x.dtype.isComputed { fail(storedOnly(x.dtype, x.shape, named: name)) }
  }

  @inline(__always)
  package static func run<R>(
    _ a: borrowing Tensor, moving: Bool = false, _ name: StaticString = #function, _ call: (Table, Operand) -> R
  ) -> R {
    let kernels = table(a.descriptor, moving, name)
    return withUnsafePointer(to: a.descriptor) { call(kernels, $0) }
  }

  @inline(__always)
  package static func run<R>(
    _ a: borrowing Tensor, _ b: borrowing Tensor, moving: Bool = false, _ name: StaticString = #function,
    _ call: (Table, Operand, Operand) -> R
  ) -> R {
    let kernels = table(a.descriptor, moving, name)
    join(a.descriptor.device, b.descriptor, moving, name)
    return withUnsafePointer(to: a.descriptor) { a in withUnsafePointer(to: b.descriptor) { b in call(kernels, a, b) } }
  }

  @inline(__always)
  package static func run<R>(
    _ a: borrowing Tensor, _ b: borrowing Tensor, _ c: borrowing Tensor, moving: Bool = false,
    _ name: StaticString = #function,
    _ call: (Table, Operand, Operand, Operand) -> R
  ) -> R {
    let kernels = table(a.descriptor, moving, name)
    join(a.descriptor.device, b.descriptor, moving, name)
    join(a.descriptor.device, c.descriptor, moving, name)
    return withUnsafePointer(to: a.descriptor) { a in
      withUnsafePointer(to: b.descriptor) { b in withUnsafePointer(to: c.descriptor) { call(kernels, a, b, $0) } }
    }
  }

  @inline(__always)
  package static func run<R>(
    _ a: borrowing Tensor, _ b: borrowing Tensor, _ c: borrowing Tensor, _ d: borrowing Tensor, moving: Bool = false,
    _ name: StaticString = #function,
    _ call: (Table, Operand, Operand, Operand, Operand) -> R
  ) -> R {
    let kernels = table(a.descriptor, moving, name)
    join(a.descriptor.device, b.descriptor, moving, name)
    join(a.descriptor.device, c.descriptor, moving, name)
    join(a.descriptor.device, d.descriptor, moving, name)
    return withUnsafePointer(to: a.descriptor) { a in
      withUnsafePointer(to: b.descriptor) { b in
        withUnsafePointer(to: c.descriptor) { c in withUnsafePointer(to: d.descriptor) { call(kernels, a, b, c, $0) } }
      }
    }
  }

  /// Up to eight operands, of which some may be missing: null. (Not a list, which would make arrays at every call.)
  package static func run<R>(
    optional a: Tensor?, _ b: Tensor?, _ c: Tensor?, _ d: Tensor?, _ e: Tensor?, _ f: Tensor?, _ g: Tensor? = nil,
    _ h: Tensor? = nil,
    _ name: StaticString = #function, _ call: (Table, UnsafeMutableBufferPointer<Operand?>) -> R
  ) -> R {
    withUnsafeTemporaryAllocation(of: tp_tensor.self, capacity: 8) { room in
      withUnsafeTemporaryAllocation(of: Operand?.self, capacity: 8) { pointers in
        var device: Int32?
        func put(_ i: Int, _ x: Tensor?) {
          guard let x else { return pointers.initializeElement(at: i, to: nil) }
          room.initializeElement(at: i, to: x.descriptor)
          pointers.initializeElement(at: i, to: UnsafePointer(room.baseAddress! + i))
          if let device { join(device, x.descriptor, false, name) } else { device = x.descriptor.device }
        }
        put(0, a)
        put(1, b)
        put(2, c)
        put(3, d)
        put(4, e)
        put(5, f)
        put(6, g)
        put(7, h)
        return withExtendedLifetime((a, b, c, d, e, f, g, h)) { call(table(device!), pointers) }
      }
    }
  }

  // On descriptors alone, where a copy of a Tensor would be noticed.

  @inline(__always)
  package static func run<R>(_ a: inout tp_tensor, _ name: StaticString = #function, _ call: (Table, Operand) -> R) -> R
  {
    call(table(a, false, name), &a)
  }

  @inline(__always)
  package static func run<R>(
    _ a: inout tp_tensor, _ b: inout tp_tensor, _ name: StaticString = #function, _ call: (Table, Operand, Operand) -> R
  ) -> R {
    join(a.device, b, false, name)
    return call(table(a, false, name), &a, &b)
  }

  @inline(__always)
  package static func run<R>(
    _ a: inout tp_tensor, _ b: inout tp_tensor, _ c: inout tp_tensor, _ name: StaticString = #function,
    _ call: (Table, Operand, Operand, Operand) -> R
  ) -> R {
    join(a.device, b, false, name)
    join(a.device, c, false, name)
    return call(table(a, false, name), &a, &b, &c)
  }

  @inline(never)
  private static func noDevice(_ device: Int32) -> Never { fail("device \(device): there are no kernels for it") }

  @inline(never)
  private static func apart(_ a: Int32, _ b: Int32) -> Never {
    fail("one operation cannot work on tensors of two devices, \(a) and \(b); bring them to one")
  }
}
