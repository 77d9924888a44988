import TapestryAutograd
import TapestryData
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct EarlyStoppingTests {
  private let model = Sequential(Linear(2, 1))

  /// After how many of the values training ends; nil if it does not.
  private func end(_ stopping: EarlyStopping, _ values: [Double]) -> Int? {
    for (i, value) in values.enumerated() where stopping.update(value, model) { return i + 1 }
    return nil
  }

  /// As Keras' EarlyStopping: with patience 2 the second epoch in a row without anything better is the last.
  @Test func patience() {
    #expect(end(EarlyStopping(patience: 2), [3, 2, 2.5, 2.1, 1]) == 4)
    #expect(end(EarlyStopping(patience: 3), [3, 2, 2.5, 2.1, 1]) == nil)
    #expect(end(EarlyStopping(patience: 1), [3, 2, 2, 1]) == 3)  // as good is not better
    #expect(end(EarlyStopping(patience: 2, mode: .max), [0.5, 0.7, 0.6, 0.8, 0.8, 0.8]) == 6)
    #expect(end(EarlyStopping(patience: 2, mode: .max), [3, 2, 1]) == 3)
  }

  /// Little by little: less than minDelta below the best is not better, and the best stays where it was.
  @Test func minDelta() {
    let stopping = EarlyStopping(patience: 3, minDelta: 0.1)
    #expect(end(stopping, [1, 0.95, 0.92, 0.89, 0.85]) == nil && stopping.best == 0.89 && stopping.bestStep == 4)
    #expect(end(EarlyStopping(patience: 2, minDelta: 0.1, mode: .max), [1, 1.05, 1.09]) == 3)
    #expect(end(EarlyStopping(patience: 1, minDelta: 0.25), [1, 0.75]) == 2)  // more than, not as much as
  }

  @Test func notANumberIsNeverBetter() {
    let stopping = EarlyStopping(patience: 3)
    #expect(end(stopping, [.nan, 2, .nan, .nan]) == nil && stopping.best == 2)
    #expect(end(EarlyStopping(patience: 2), [.nan, .nan, 1]) == 2)
    #expect(end(EarlyStopping(patience: 2), [.infinity, 1]) == nil)
  }

  /// The weights, and buffers, are those of the best update, bit for bit, however optimizers wrote on them since.
  @Test func theBestWeightsComeBack() {
    let x = Tensor([[1, 2], [3, -1]] as [[Float]]), y = Tensor([[1], [0]] as [[Float]])
    let model = Sequential(Standardizer(fitting: x), Linear(2, 1)),
      optimizer = Adam(model.parameters(), learningRate: 0.1)
    let stopping = EarlyStopping(patience: 3)
    var states: [StateDict] = [], stops: [Bool] = []
    for value in [3, 1, 2, 1.5, 1.2] {
      mseLoss(model(x), y).backward()
      optimizer.step()
      states.append(StateDict(model.stateDict().map { ($0.name, $0.tensor + 0) }))
      stops.append(stopping.update(value, model))
    }
    #expect(stops == [false, false, false, false, true])
    (model[0] as! Standardizer).fit(x * 2)
    stopping.restoreBest(model)
    for (name, tensor) in states[1] { #expect(model.stateDict()[name] == tensor, "\(name)") }
    #expect(model.stateDict()["1.weight"] != states[4]["1.weight"])
    #expect("\(stopping)" == "EarlyStopping: best 1.0000 in update 2 of 5, patience 3")
  }

  /// A run that goes on from the state stops where the whole run does, with the same weights.
  @Test func itGoesOnFromAState() throws {
    let whole = EarlyStopping(patience: 2), first = EarlyStopping(patience: 2), second = EarlyStopping(patience: 2)
    #expect("\(second)" == "EarlyStopping: no best value after 0 updates")
    for value in [2.0, 1] { _ = (whole.update(value, model), first.update(value, model)) }
    let best = model.stateDict()
    try second.loadStateDict(first.stateDict())
    model.parameters()[0].assign(.zeros([2, 1]))
    #expect(!whole.update(1.5, model) && !second.update(1.5, model))
    #expect(whole.update(1.5, model) && second.update(1.5, model))
    second.restoreBest(model)
    #expect(model.stateDict()["0.weight"] == best["0.weight"])

    try second.loadStateDict(EarlyStopping().stateDict())
    #expect(second.best == nil && second.step == 0)
    var wrong = first.stateDict()
    wrong["best_step"] = Tensor(5, .int64)
    wrong["steps"] = Tensor(5, .int64)
    let error = #expect(throws: DataError.self) { try second.loadStateDict(wrong) }
    #expect(error?.mismatch?.wrong == ["best_step is 5, beyond step, 2"] && error?.mismatch?.unexpected == ["steps"])
  }

  private static let mistakes: [Mistake] = [
    Mistake("EarlyStopping: the patience must be at least 1 update, got 0") { _ = EarlyStopping(patience: 0) },
    Mistake("EarlyStopping: minDelta must be finite and at least 0, got -0.1") { _ = EarlyStopping(minDelta: -0.1) },
    Mistake("EarlyStopping: minDelta must be finite and at least 0, got nan") { _ = EarlyStopping(minDelta: .nan) },
    Mistake("EarlyStopping: there is nothing to restore; 1 updates, none with a number") {
      let stopping = EarlyStopping(), model = Linear(1, 1)
      _ = stopping.update(.nan, model)
      stopping.restoreBest(model)
    },
    Mistake("EarlyStopping: the weights are those of another model: the state does not fit Linear") {
      let stopping = EarlyStopping()
      _ = stopping.update(1, Linear(1, 1))
      stopping.restoreBest(Linear(2, 1))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
