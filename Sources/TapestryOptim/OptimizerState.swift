import TapestryAutograd
import TapestryTensors

extension FusedOptimizer {
  /// Everything that the next step depends on besides parameters and gradients, by PyTorch's names: `state.3.exp_avg`
  /// is the mean of parameter 3's gradients, counted over all groups, and `param_groups.0.lr` an option. Moments have
  /// PyTorch's layout, as in `Module.stateDict()`. Training that is saved and resumed gives the same bits as training
  /// that was never interrupted. Later steps do not change what was given.
  public final func stateDict() -> StateDict {
    var dict = StateDict()
    var index = 0
    for (g, group) in paramGroups.enumerated() {
      group.write(&dict, "param_groups.\(g).", first: index)
      for (parameter, state) in zip(group.parameters, states[g]) {
        for (kept, tensor) in zip(kept, state.tensors) {
          if let tensor { dict["state.\(index).\(kept.name)"] = kept.inFiles(tensor, parameter) }
        }
        if countsSteps && (state.steps > 0 || state.tensors.first.flatMap(\.self) != nil) {
          dict["state.\(index).step"] = Tensor([state.steps], shape: [])
        }
        index += 1
      }
    }
    return dict
  }

  /// Takes over what `stateDict()` of an optimizer of the same kind gave, with as many groups and parameters in the
  /// same order. Throws an error that lists everything missing, unexpected or misshapen, and then nothing was changed.
  public final func loadStateDict(_ dict: StateDict) throws(DataError) {
    var reader = StateReader(dict)
    var options: [() -> Void] = []
    var loaded: [(state: StepState, tensors: [Tensor?], steps: Int)] = []
    var index = 0
    for (g, group) in paramGroups.enumerated() {
      options.append(group.read(&reader, "param_groups.\(g).", first: index, mistake))
      for (parameter, state) in zip(group.parameters, states[g]) {
        let keys = kept.map { "state.\(index).\($0.name)" },
          any = (keys + ["state.\(index).step"]).contains(where: reader.has)
        let tensors = zip(kept, keys).map { kept, key in
          (any && kept.isAlwaysThere) || reader.has(key) ? kept.inMemory(key, parameter, &reader) : nil
        }
        loaded.append((state, tensors, any && countsSteps ? reader.count("state.\(index).step") : 0))
        index += 1
      }
    }
    try reader.finish(name)
    for apply in options { apply() }
    for (state, tensors, steps) in loaded { (state.tensors, state.steps) = (tensors, steps) }
  }
}

extension Optimizer {
  /// The options of the groups. An optimizer that keeps more says so with a `stateDict()` of its own.
  public func stateDict() -> StateDict {
    var dict = StateDict(), index = 0
    for (g, group) in paramGroups.enumerated() {
      group.write(&dict, "param_groups.\(g).", first: index)
      index += group.parameters.count
    }
    return dict
  }

  /// Takes the options over.
  public func loadStateDict(_ state: StateDict) throws(DataError) {
    var reader = StateReader(state), options: [() -> Void] = [], index = 0
    for (g, group) in paramGroups.enumerated() {
      options.append(group.read(&reader, "param_groups.\(g).", first: index) { _ in nil })
      index += group.parameters.count
    }
    try reader.finish("\(type(of: self))")
    for apply in options { apply() }
  }
}

extension ParameterGroup {
  /// The numbers of its parameters, from `first`, and its options.
  fileprivate func write(_ dict: inout StateDict, _ prefix: String, first: Int) {
    dict[prefix + "params"] = Tensor(Array(first..<first + parameters.count))
    for (key, options) in values.byKey {
      let one = options[0]
      dict[prefix + key] =
        options.count > 1
        ? Tensor(options.map { self[$0] })
        : one.isFlag ? Tensor([self[one] != 0], shape: []) : Tensor(self[one], .float64)
    }
    if let initialLearningRate { dict[prefix + "initial_lr"] = Tensor(initialLearningRate, .float64) }
  }

  /// Reads the same, each option and all together, and returns what to do when everything was right.
  fileprivate func read(
    _ reader: inout StateReader, _ prefix: String, first: Int,
    _ mistake: (_ value: (OptimizerOption) -> Double) -> String?
  ) -> () -> Void {
    let last = first + parameters.count
    if let listed = reader.tensor(prefix + "params", [parameters.count]) {
      if listed.dtype != .int64 {
        reader.wrong.append("\(prefix)params has type \(listed.dtype), expected int64")
      } else if listed.array(Int.self) != Array(first..<last) {
        reader.wrong.append("\(prefix)params does not list parameters \(first) ..< \(last)")
      }
    }
    var read = OptionValues(), allMakeSense = true
    for (key, options) in values.byKey {
      let numbers = options.count > 1 ? reader.numbers(prefix + key, options.count) : [reader.number(prefix + key)]
      for (option, value) in zip(options, numbers) {
        if let mistake = option.mistake(value) {
          reader.wrong.append("\(prefix)\(mistake)")
          allMakeSense = false
        } else {
          read[option] = value
        }
      }
    }
    // Together they are judged where each alone makes sense.
    if allMakeSense, let mistake = mistake({ read[$0]! }) { reader.wrong.append("\(prefix)\(mistake)") }
    let key = prefix + "initial_lr", initial = reader.has(key) ? reader.number(key) : nil
    if let initial, let mistake = OptimizerOption.learningRate.mistake(initial) {
      reader.wrong.append("\(key): \(mistake)")
    }
    return { [self] in
      for option in read.options { self[option] = read[option]! }
      initialLearningRate = initial
    }
  }
}

extension StateTensor {
  /// In PyTorch's layout: that of the parameter where the shape is the parameter's.
  fileprivate func inFiles(_ tensor: Tensor, _ parameter: Parameter) -> Tensor {
    isTransposed(parameter) ? tensor.transposed() : tensor
  }

  fileprivate func inMemory(_ key: String, _ parameter: Parameter, _ reader: inout StateReader) -> Tensor? {
    let shape = shape(of: parameter)
    return isTransposed(parameter)
      ? reader.tensor(key, Shape(shape.reversed()))?.transposed() : reader.tensor(key, shape)
  }

  private func isTransposed(_ parameter: Parameter) -> Bool {
    parameter.fileLayout == .transposed && shape(of: parameter) == parameter.shape
  }
}
