/// Momentum that goes down while the learning rate goes up: `momentum` of SGD and RMSprop, β₁ of Adam.
struct MomentumCycle {
  let option: OptimizerOption
  let base: [Double]
  let largest: [Double]

  init(_ optimizer: any Optimizer, _ owner: String, base: any PerGroup, largest: any PerGroup) {
    let groups = optimizer.paramGroups
    if groups.allSatisfy({ $0.has(.beta1) }) {
      option = .beta1
    } else {
      check(
        owner, groups.allSatisfy { $0.has(.momentum) },
        "the optimizer has neither momentum nor betas, so there is nothing to cycle; pass cycleMomentum: false")
      option = .momentum
    }
    self.base = base.values(for: optimizer, owner, "baseMomentum")
    self.largest = largest.values(for: optimizer, owner, "maxMomentum")
    for (group, momentum) in zip(groups, self.largest) { group[option] = momentum }
  }
}
