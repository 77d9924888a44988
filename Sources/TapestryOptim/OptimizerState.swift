import TapestryAutograd
import TapestryTensors

/// Why a state dictionary does not fit an optimizer or a schedule: everything that is wrong, each with its key.
public struct OptimizerStateError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The optimizer or schedule that the state was for: `Adam`.
  public let owner: String

  /// What is missing, unexpected or wrong, each with its key.
  public let problems: [String]

  /// All problems, one a line.
  public var description: String { "\(owner): the state does not fit:\n" + problems.map { "  \($0)\n" }.joined() }
}

/// Reads a state dictionary key by key and remembers what is missing, misshapen or left over.
struct StateReader {
  private let state: [String: Tensor]
  private var unread: Set<String>
  var problems: [String] = []

  init(_ state: [String: Tensor]) {
    self.state = state
    unread = Set(state.keys)
  }

  func has(_ key: String) -> Bool { state[key] != nil }

  mutating func tensor(_ key: String, _ shape: Shape) -> Tensor? {
    unread.remove(key)
    guard let tensor = state[key] else {
      problems.append("\(key) is missing")
      return nil
    }
    if tensor.shape != shape {
      problems.append("\(key) has shape \(tensor.shape), expected \(shape)")
      return nil
    }
    return tensor
  }

  /// `count` numbers; zeros, which nobody will use, when they are not there.
  mutating func numbers(_ key: String, _ count: Int) -> [Double] {
    tensor(key, [count])?.cast(to: .float64).array(Double.self) ?? Array(repeating: 0, count: count)
  }

  mutating func number(_ key: String) -> Double { tensor(key, [])?.item ?? 0 }

  /// A whole number of at least `least`.
  mutating func count(_ key: String, atLeast least: Int = 0) -> Int {
    guard let value = tensor(key, [])?.item else { return least }
    if value >= Double(least), value <= Double(mostSteps), value == value.rounded() { return Int(value) }
    problems.append("\(key) must be a whole number of at least \(least), got \(value)")
    return least
  }

  /// Throws when something was wrong; what nobody read is wrong too.
  mutating func finish(_ owner: String) throws(OptimizerStateError) {
    problems += unread.sorted().map { "\($0) is unexpected" }
    if !problems.isEmpty { throw OptimizerStateError(owner: owner, problems: problems) }
  }
}

extension FusedOptimizer {
  /// Everything that the next step depends on besides parameters and gradients, by PyTorch's names: `state.3.exp_avg` is the mean of parameter 3's
  /// gradients, counted over all groups, and `param_groups.0.lr` an option. Moments have PyTorch's layout, as in `Module.stateDict()`. Training
  /// that is saved and resumed gives the same bits as training that was never interrupted. Later steps do not change what was given.
  public func stateDict() -> [String: Tensor] {
    var dict: [String: Tensor] = [:]
    var index = 0
    for (g, group) in paramGroups.enumerated() {
      let prefix = "param_groups.\(g)."
      dict[prefix + "params"] = Tensor(Array(index..<index + group.parameters.count))
      for option in Option.allCases where defaults[option] != nil && option != .beta1 && option != .beta2 {
        dict[prefix + option.key] = option.isFlag ? Tensor([group[option] != 0], shape: []) : Tensor(group[option], .float64)
      }
      if defaults[.beta1] != nil { dict[prefix + Option.beta1.key] = Tensor([group.betas.0, group.betas.1]) }
      if let initial = group.initialLearningRate { dict[prefix + "initial_lr"] = Tensor(initial, .float64) }
      for (parameter, state) in zip(group.parameters, states[g]) {
        for (k, name) in stateNames.enumerated() {
          if let kept = state.tensors[k] { dict["state.\(index).\(name)"] = parameter.fileLayout.exchange(kept) }
        }
        if countsSteps && (state.steps > 0 || state.tensors[0] != nil) { dict["state.\(index).step"] = Tensor([state.steps], shape: []) }
        index += 1
      }
    }
    return dict
  }

  /// Takes over what `stateDict()` of an optimizer of the same kind gave, with as many groups and parameters in the same order. Throws an error that
  /// lists everything missing, unexpected or misshapen, and then nothing was changed.
  public func loadStateDict(_ dict: [String: Tensor]) throws(OptimizerStateError) {
    var reader = StateReader(dict)
    var options: [(group: ParameterGroup, values: [(Option, Double)], initial: Double?)] = []
    var loaded: [(state: StepState, tensors: [Tensor?], steps: Int)] = []
    var index = 0
    for (g, group) in paramGroups.enumerated() {
      let prefix = "param_groups.\(g)."
      let last = index + group.parameters.count
      if let listed = reader.tensor(prefix + "params", [group.parameters.count]) {
        if listed.dtype != .int64 {
          reader.problems.append("\(prefix)params has type \(listed.dtype), expected int64")
        } else if listed.array(Int.self) != Array(index..<last) {
          reader.problems.append("\(prefix)params does not list parameters \(index) ..< \(last)")
        }
      }
      let (values, initial) = readOptions(prefix, &reader)
      options.append((group, values, initial))
      for (parameter, state) in zip(group.parameters, states[g]) {
        let layout = parameter.fileLayout, shape = layout.exchange(parameter.value).shape
        let keys = stateNames.map { "state.\(index).\($0)" }, any = (keys + ["state.\(index).step"]).contains(where: reader.has)
        let tensors = keys.enumerated().map { k, key in
          (any && k < statesAlwaysKept) || reader.has(key) ? reader.tensor(key, shape).map(layout.exchange) : nil
        }
        loaded.append((state, tensors + Array(repeating: nil, count: 3 - tensors.count), any && countsSteps ? reader.count("state.\(index).step") : 0))
        index += 1
      }
    }
    try reader.finish(name)
    for (group, values, initial) in options {
      for (option, value) in values { group[option] = value }
      group.initialLearningRate = initial
    }
    for (state, tensors, steps) in loaded { (state.tensors, state.steps) = (tensors, steps) }
  }

  /// The options of one group, each of them and all together in order.
  private func readOptions(_ prefix: String, _ reader: inout StateReader) -> ([(Option, Double)], initial: Double?) {
    var values: [(Option, Double)] = []
    for option in Option.allCases where defaults[option] != nil && option != .beta1 && option != .beta2 {
      values.append((option, reader.number(prefix + option.key)))
    }
    if defaults[.beta1] != nil { values += zip([.beta1, .beta2], reader.numbers(prefix + Option.beta1.key, 2)) }
    for (option, value) in values {
      if let mistake = option.mistake(value) { reader.problems.append("\(prefix)\(mistake)") }
    }
    if let mistake = mistake({ option in values.first { $0.0 == option }!.1 }) { reader.problems.append("\(prefix)\(mistake)") }
    let key = prefix + "initial_lr", initial = reader.has(key) ? reader.number(key) : nil
    if let initial, let mistake = Option.learningRate.mistake(initial) { reader.problems.append("\(key): \(mistake)") }
    return (values, initial)
  }
}

extension FileLayout {
  /// From memory to files or back, which is the same.
  fileprivate func exchange(_ tensor: Tensor) -> Tensor { self == .transposed ? tensor.transposed() : tensor }
}
