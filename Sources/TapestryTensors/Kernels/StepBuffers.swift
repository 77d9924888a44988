import CTapestry

/// What an optimizer keeps for one parameter: tensors, nil while there is no need, and how many steps they have seen.
package final class StepState {
  package var tensors: [Tensor?]
  package var steps = 0

  /// The gradient in the parameter's layout, when it came in another.
  fileprivate var straightened: Tensor?

  package init(tensors count: Int) { tensors = Array(repeating: nil, count: count) }

  /// Makes tensor `k` ready to be written: when there is none, of the shape and full of the number that `start` says,
  /// converted when the parameter changed its type. True when it is new.
  fileprivate func prepare(_ k: Int, _ dtype: DType, _ start: () -> (Shape, Double)) -> Bool {
    if case .none = tensors[k] {  // `== nil` would copy it
      let (shape, number) = start()
      tensors[k] = .full(shape, number, dtype)
      return true
    }
    // Not bound to a name, which would be a second holder and make a copy.
    if tensors[k]!.dtype != dtype { tensors[k] = tensors[k]!.cast(to: dtype) }
    tensors[k]!.makeOwn()
    return false
  }

  /// `gradient` in row-major memory. Copies into memory that stays, so that the next step needs none.
  fileprivate func rowMajor(_ gradient: borrowing Tensor) -> UnsafeMutableRawPointer? {
    if gradient.isContiguous { return gradient.descriptor.data }
    if straightened == nil || straightened!.shape != gradient.shape || straightened!.dtype != gradient.dtype {
      straightened = Tensor(uninitialized: gradient.shape, gradient.dtype, on: gradient.descriptor.device)
    }
    straightened!.copyMemory(from: copy gradient)
    return straightened!.descriptor.data
  }
}

extension Tensor {
  /// Row-major memory that nobody else holds, so that it may be written; a copy only where it is not so yet.
  fileprivate mutating func makeOwn() {
    if !isContiguous { self = copied() }
    makeUnique()
  }
}

/// Gathers the memory of many parameters for one fused kernel. Keeps its array, so a step allocates nothing after the
/// first. The caller keeps parameters, gradients and states alive until the kernel has run.
package struct StepBuffers {
  private var items: [tp_step_item] = []
  private var elements: Int64 = 0
  private var device: Int32 = 0

  /// What the items point to and nobody else may hold.
  private var kept: [Tensor] = []

  package init() {}

  private mutating func add(_ item: tp_step_item, _ x: borrowing tp_tensor) {
    Kernel.compute(x, "in-place arithmetic on parameters and gradients")
    if !items.isEmpty { Kernel.sameDevice(self.device, x.device) }
    device = x.device
    items.append(item)
    items[items.count - 1].offset = elements
    elements += item.size
  }

  /// A parameter, which becomes the only holder of its memory (a copy only while a graph still holds it too), and its
  /// gradient. One more step of its state is counted.
  package mutating func add(_ parameter: inout Tensor, _ gradient: borrowing Tensor, _ state: StepState) {
    parameter.makeOwn()
    state.steps += 1
    var item = tp_step_item()
    item.param = parameter.descriptor.data
    item.grad = state.rowMajor(gradient)
    (item.size, item.step, item.dtype) = (Int64(parameter.count), Int64(state.steps), parameter.descriptor.dtype)
    add(item, parameter.descriptor)
  }

  /// Tensor `k` of the state of the parameter that was added last, made as `start` says when there is none yet.
  package mutating func keep(
    _ k: Int, _ state: StepState, _ dtype: DType, _ start: () -> (shape: Shape, number: Double)
  ) {
    let isNew = state.prepare(k, dtype, start), last = items.count - 1
    if isNew && k == 0 { items[last].fresh = true }
    withUnsafeMutableBytes(of: &items[last].state) {
      $0.storeBytes(
        of: state.tensors[k]!.descriptor.data, toByteOffset: k * MemoryLayout<UInt>.size,
        as: UnsafeMutableRawPointer?.self)
    }
  }

  /// A table (count, dim) of which only the rows at `index`, each once, have a gradient, (n, dim): an item for each
  /// row. Tensors of the state that are needed have the table's shape and start full of their number.
  package mutating func add(
    _ table: inout Tensor, _ index: Tensor, _ rows: Tensor, _ state: StepState, _ starts: [Double?]
  ) {
    Kernel.compute(table.descriptor, "in-place arithmetic on parameters and gradients")
    table.makeOwn()
    state.steps += 1
    var item = tp_step_item()
    let rows = rows.contiguous(), width = table.shape[1], bytes = width * table.dtype.itemSize
    kept.append(rows)
    (item.size, item.step, item.dtype) = (Int64(width), Int64(state.steps), table.descriptor.dtype)
    var bases: [UnsafeMutableRawPointer?] = []
    for (k, start) in starts.enumerated() {
      if let start, state.prepare(k, table.dtype, { (table.shape, start) }), k == 0 { item.fresh = true }
      bases.append(start == nil ? nil : state.tensors[k]!.descriptor.data)
    }
    for (i, row) in index.array(Int.self).enumerated() {
      item.param = table.descriptor.data + row * bytes
      item.grad = rows.descriptor.data + i * bytes
      withUnsafeMutableBytes(of: &item.state) {
        for (k, base) in bases.enumerated() {
          $0.storeBytes(
            of: base.map { $0 + row * bytes }, toByteOffset: k * MemoryLayout<UInt>.size,
            as: UnsafeMutableRawPointer?.self)
        }
      }
      add(item, table.descriptor)
    }
  }

  /// A gradient alone, to be clipped in place: it becomes the only holder of its memory, in any order of its axes.
  package mutating func add(gradient: inout Tensor) {
    gradient.makeUnique()
    var item = tp_step_item()
    item.grad = gradient.descriptor.data
    (item.size, item.dtype) = (Int64(gradient.count), gradient.descriptor.dtype)
    add(item, gradient.descriptor)
  }

  /// Forgets what was gathered.
  package mutating func clear() {
    items.removeAll(keepingCapacity: true)
    kept.removeAll()
    elements = 0
  }

  /// Runs a fused kernel over what was gathered, and forgets it.
  package mutating func run(
    _ kernel: (_ backend: tp_backend, _ items: UnsafePointer<tp_step_item>, _ count: Int64) -> Void
  ) {
    items.withUnsafeBufferPointer {
      if let first = $0.baseAddress { kernel(Kernel.table(device).pointee, first, Int64($0.count)) }
    }
    clear()
  }

  /// Σ|g|ᵖ over all gradients, max|g| for p = ∞, in float64.
  package func gradientSum(_ p: Double) -> Double {
    Kernel.table(device).pointee.gradientSum(items, Int64(items.count), p)
  }

  /// g ← g·factor
  package func scaleGradients(_ factor: Double) {
    Kernel.table(device).pointee.gradient_scale(items, Int64(items.count), factor)
  }

  /// g ← min(max(g, low), high)
  package func clampGradients(_ low: Double, _ high: Double) {
    Kernel.table(device).pointee.gradient_clamp(items, Int64(items.count), low, high)
  }
}

extension tp_backend {
  package func gradientSum(_ items: UnsafePointer<tp_step_item>?, _ count: Int64, _ p: Double) -> Double {
    var sum = 0.0
    gradient_sum(items, count, p, &sum)
    return sum
  }
}
