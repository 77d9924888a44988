import CTapestry
import TapestryAutograd
import TapestryTensors

/// What the optimizers with a kernel of their own (SGD, Adam, AdamW, RMSprop, Adagrad) have in common: groups of parameters,
/// what is kept for each parameter, and a step that runs one kernel over all parameters of a group, in place. After its
/// first step it allocates nothing and copies no parameter, unless a graph that still waits for its backward pass holds
/// the parameter's old value.
public class FusedOptimizer: Optimizer {
  /// The parameters with their options, in the order given.
  @exclusivity(unchecked) public private(set) final var paramGroups: [ParameterGroup] = []

  /// For messages.
  let name: String

  /// The options that this optimizer has, with the values of groups that do not say otherwise.
  let defaults: OptionValues

  /// What may be kept for a parameter, besides a count of its steps where that matters.
  let kept: [StateTensor]
  let countsSteps: Bool

  /// What is kept for each parameter, by group.
  @exclusivity(unchecked) private(set) final var states: [[StepState]] = []

  private var known = Set<ObjectIdentifier>()
  @exclusivity(unchecked) private final var buffers = StepBuffers()

  /// A subclass says everything else here: its options with their values, what is kept for each parameter, and whether
  /// the number of steps is part of that.
  init(
    _ name: String, _ sources: [any ParameterSource], _ options: KeyValuePairs<OptimizerOption, Double>,
    keeps kept: [StateTensor] = [],
    countsSteps: Bool = true
  ) {
    self.name = name
    var defaults = OptionValues()
    for (option, value) in options {
      option.check(value, name)
      defaults[option] = value
    }
    if kept.count > Int(TP_STEP_STATES) {
      fail(
        "\(name): keeps \(kept.count) tensors for a parameter; a step has room for \(TP_STEP_STATES) (TP_STEP_STATES)")
    }
    (self.defaults, self.kept, self.countsSteps) = (defaults, kept, countsSteps)
    if sources.isEmpty { fail("\(name): got no parameters; pass model.parameters(), after the model was built") }
    var single: [Parameter] = []
    for source in sources {
      if let parameter = source as? Parameter {
        single.append(parameter)
        continue
      }
      guard let group = source as? ParameterGroup else {
        fail("\(name): takes parameters and parameter groups, not \(type(of: source))")
      }
      takeSingle(&single)
      addParamGroup(group)
    }
    takeSingle(&single)
  }

  /// Parameters that stand in no group become one with the default options.
  private func takeSingle(_ parameters: inout [Parameter]) {
    if parameters.isEmpty { return }
    addParamGroup(ParameterGroup(parameters))
    parameters = []
  }

  /// Takes more parameters, for instance of layers that were frozen before. Options that the group leaves out are those
  /// that the optimizer was made with.
  public func addParamGroup(_ group: ParameterGroup) {
    group.join(name, number: paramGroups.count, defaults)
    checkOptions(group)
    for parameter in group.parameters where !known.insert(ObjectIdentifier(parameter)).inserted {
      fail("\(name): a parameter of shape \(parameter.shape) is listed twice and would be stepped twice")
    }
    paramGroups.append(group)
    states.append(group.parameters.map { _ in StepState(tensors: kept.count) })
  }

  /// One step for every parameter that has a gradient. Frozen parameters and those without a gradient stay, and so does
  /// what is kept for them.
  public final func step() {
    // All checks come first: a step that fails is no step for any parameter.
    for (g, group) in paramGroups.enumerated() {
      checkOptions(group)
      for (i, parameter) in group.parameters.enumerated() {
        guard let leaf = parameter.node as? Leaf, leaf.hasGradient else { continue }
        if leaf.isRows && !stepsRows(group) { leaf.makeWhole() }
        check(parameter, leaf, states[g][i], g, i)
      }
    }
    for (g, group) in paramGroups.enumerated() {
      let states = states[g]
      // A step asks this once a group and not once a parameter. Bit k: tensor k is needed.
      var needed: UInt64 = 0
      for k in 0..<kept.count where kept[k].isNeeded(group) { needed |= 1 << UInt64(k) }
      // A failure in the midst of a step, for want of memory, leaves pointers there.
      buffers.clear()
      for (i, parameter) in group.parameters.enumerated() {
        guard let leaf = parameter.node as? Leaf, leaf.hasGradient else { continue }
        if leaf.isRows, let rows = leaf.rows {
          rows.makeDistinct()
          let starts = kept.indices.map { needed & 1 << UInt64($0) == 0 ? nil : kept[$0].start(group) }
          buffers.add(&parameter.value, rows.places, rows.rows, states[i], starts)
          continue
        }
        leaf.gather(into: &buffers, parameter, states[i])
        for k in 0..<kept.count where needed & 1 << UInt64(k) != 0 {
          buffers.keep(k, states[i], parameter.dtype) { (kept[k].shape(parameter.shape), kept[k].start(group)) }
        }
      }
      run(group, &buffers)
    }
  }

  /// Model.to(dtype) may change a parameter's type between steps: its state follows. A new shape has nothing to follow.
  private func check(_ parameter: Parameter, _ leaf: Leaf, _ state: StepState, _ group: Int, _ index: Int) {
    if leaf.misfits(parameter), let gradient = leaf.grad {
      fail(
        """
        \(name): parameter \(index) of group \(group) is \(parameter.dtype) \(parameter.shape), but its gradient is \
        \(gradient.dtype) \(gradient.shape); call zeroGrad() after changing a parameter's type
        """)
    }
    if !parameter.dtype.isComputed {
      fail(
        """
        \(name): parameter \(index) of group \(group) is \(parameter.dtype) \(parameter.shape), a type for storing; \
        train in float32, and convert the model with to(.\(parameter.dtype)) to save it
        """)
    }
    for k in 0..<kept.count {
      guard let tensor = state.tensors[k], tensor.shape != kept[k].shape(parameter.shape) else { continue }
      fail(
        """
        \(name): parameter \(index) of group \(group) had shape \(tensor.shape) at its last step and has \
        \(parameter.shape) now; make a new optimizer
        """)
    }
  }

  /// Whether a row whose gradient is 0 stays as it is, and so does its state: then of a table only the rows of a batch
  /// are stepped. (To climb, 0 is subtracted as −0, which makes 0 of −0; and 0/(√0 + ε) is NaN for ε = 0.)
  func stepsRows(_ group: ParameterGroup) -> Bool { false }

  /// What is wrong with options that do not go together, nil when nothing is.
  func mistake(_ value: (OptimizerOption) -> Double) -> String? { nil }

  private func checkOptions(_ group: ParameterGroup) {
    if let mistake = mistake({ group[$0] }) { fail("\(name): \(mistake)") }
  }

  /// The kernel, on what was gathered.
  func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {}
}

/// A tensor that an optimizer keeps for a parameter.
struct StateTensor {
  /// PyTorch's name of it.
  let name: String

  /// With which options of a group; nil means always.
  fileprivate let when: ((ParameterGroup) -> Bool)?

  /// Its shape for a parameter's shape, by default the same, and the number that it is full of at first.
  fileprivate let shape: (Shape) -> Shape
  fileprivate let start: (ParameterGroup) -> Double

  init(
    _ name: String, shape: @escaping (Shape) -> Shape = { $0 },
    start: @escaping (ParameterGroup) -> Double = { _ in 0 },
    when: ((ParameterGroup) -> Bool)? = nil
  ) {
    (self.name, self.shape, self.start, self.when) = (name, shape, start, when)
  }

  var isAlwaysThere: Bool { when == nil }
  func shape(of parameter: Parameter) -> Shape { shape(parameter.shape) }
  func isNeeded(_ group: ParameterGroup) -> Bool { when?(group) ?? true }
}

extension FusedOptimizer: CustomStringConvertible {
  /// The name, and a line for each group with its options as they are now.
  public var description: String {
    ([name] + paramGroups.enumerated().map { "  group \($0): \($1)" }).joined(separator: "\n")
  }
}
