import TapestryTensors

/// One schedule after another; the next begins at each milestone, from the base rates:
///
///     let warmup = LinearLR(optimizer, startFactor: 0.1, totalIters: 5)
///     let decay = CosineAnnealingLR(optimizer, tMax: 95)
///     let schedule = SequentialLR(optimizer, schedulers: [warmup, decay], milestones: [5])
///
/// Only this schedule is stepped then. `ReduceLROnPlateau` cannot take part: its steps need a loss.
public final class SequentialLR: LRScheduler {
  /// The schedules, in order.
  public let schedulers: [LRScheduler]

  /// The steps at which the second, third, … schedule begins.
  public let milestones: [Int]

  /// `milestones` are ascending step counts, one fewer than `schedulers`.
  public init(_ optimizer: any Optimizer, schedulers: [LRScheduler], milestones: [Int]) {
    checkMembers("SequentialLR", schedulers, optimizer)
    check(
      "SequentialLR", milestones.count == schedulers.count - 1,
      "\(schedulers.count) schedulers need \(schedulers.count - 1) milestones, got \(milestones.count)")
    check(
      "SequentialLR", zip(milestones, milestones.dropFirst()).allSatisfy { $0 <= $1 },
      "milestones must ascend, got \(milestones)")
    self.schedulers = schedulers
    self.milestones = milestones
    super.init(optimizer)
    startOver()
  }

  private var current: Int { milestones.prefix { $0 <= lastEpoch }.count }

  /// Undoes what the members did to the rates when they were made.
  private func startOver() {
    lastEpoch = 0
    for group in optimizer.paramGroups { group.learningRate = group.initialLearningRate ?? group.learningRate }
    schedulers[current].begin()
  }

  public override func begin() { startOver() }
  override func beginAgain() { startOver() }

  public override func step() {
    lastEpoch += 1
    let index = current
    if index > 0 && milestones[index - 1] == lastEpoch {
      schedulers[index].beginAgain()
    } else {
      schedulers[index].step()
    }
  }

  override var cycled: OptimizerOption? { schedulers.lazy.compactMap(\.cycled).first }

  override func write(_ state: inout StateDict, _ prefix: String) {
    super.write(&state, prefix)
    writeMembers(schedulers, &state, prefix)
  }

  override func read(_ reader: inout StateReader, _ prefix: String) -> () -> Void {
    let apply = super.read(&reader, prefix), members = readMembers(schedulers, &reader, prefix)
    return {
      apply()
      members()
    }
  }
}

/// Several schedules at once: each step is a step of every one, in order, so that their factors multiply. Only this
/// schedule is stepped then.
public final class ChainedScheduler: LRScheduler {
  /// The schedules, in the order of their steps.
  public let schedulers: [LRScheduler]

  /// At least one schedule, all of the same optimizer.
  public init(_ schedulers: [LRScheduler]) {
    check("ChainedScheduler", !schedulers.isEmpty, "needs at least one scheduler")
    checkMembers("ChainedScheduler", schedulers, schedulers[0].optimizer)
    self.schedulers = schedulers
    super.init(schedulers[0].optimizer)
  }

  public override func begin() {
    lastEpoch = 0
    for schedule in schedulers { schedule.begin() }
  }

  override func beginAgain() {
    lastEpoch = 0
    for (i, schedule) in schedulers.enumerated() { if i == 0 { schedule.beginAgain() } else { schedule.begin() } }
  }

  public override func step() {
    lastEpoch += 1
    for schedule in schedulers { schedule.step() }
  }

  override var cycled: OptimizerOption? { schedulers.lazy.compactMap(\.cycled).first }

  override func write(_ state: inout StateDict, _ prefix: String) {
    super.write(&state, prefix)
    writeMembers(schedulers, &state, prefix)
  }

  override func read(_ reader: inout StateReader, _ prefix: String) -> () -> Void {
    let apply = super.read(&reader, prefix), members = readMembers(schedulers, &reader, prefix)
    return {
      apply()
      members()
    }
  }
}

private func checkMembers(_ owner: String, _ schedulers: [LRScheduler], _ optimizer: any Optimizer) {
  check(owner, !schedulers.isEmpty, "needs at least one scheduler")
  for (i, schedule) in schedulers.enumerated() {
    check(owner, schedule.optimizer === optimizer, "scheduler \(i) (\(schedule.name)) belongs to another optimizer")
    check(owner, !schedulers[..<i].contains { $0 === schedule }, "scheduler \(i) (\(schedule.name)) is listed twice")
  }
}

private func writeMembers(_ schedulers: [LRScheduler], _ state: inout StateDict, _ prefix: String) {
  for (i, schedule) in schedulers.enumerated() { schedule.write(&state, "\(prefix)schedulers.\(i).") }
}

private func readMembers(_ schedulers: [LRScheduler], _ reader: inout StateReader, _ prefix: String) -> () -> Void {
  var actions: [() -> Void] = []
  for (i, schedule) in schedulers.enumerated() { actions.append(schedule.read(&reader, "\(prefix)schedulers.\(i).")) }
  return { for action in actions { action() } }
}
