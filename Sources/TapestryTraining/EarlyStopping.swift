import TapestryNN
import TapestryTensors

/// Ends training when a value of the validation part has not become better for some time, and keeps the best weights:
///
///     let stopping = EarlyStopping(patience: 10)
///     for epoch in 1...1000 {
///       …
///       if stopping.update(validationLoss, model) { break }
///     }
///     stopping.restoreBest(model)
///
/// Better is more than `minDelta` below the best value so far, or above it with `mode: .max`, for an accuracy. NaN is
/// never better. Training ends with the update that is number `patience` in a row to bring nothing better. Keras'
/// `EarlyStopping(restore_best_weights=True)`. It is Stateful: a run that goes on counts on.
public final class EarlyStopping: Stateful, CustomStringConvertible {
  /// Which values are better.
  public enum Mode: Sendable {
    /// Small ones: losses, errors.
    case min
    /// Large ones: accuracies, F1, R².
    case max
  }

  /// How many updates in a row may bring nothing better, the last of which ends training.
  public let patience: Int
  /// By how much a value must be better to count.
  public let minDelta: Double
  /// Which values are better.
  public let mode: Mode

  /// The best value so far; nil before the first that is a number.
  public private(set) var best: Double?
  /// Which update, counted from 1, brought it; 0 before.
  public private(set) var bestStep = 0
  /// How many updates there were.
  public private(set) var step = 0

  private var weights = StateDict()

  /// Traps for a patience below 1, and for a `minDelta` that is negative or infinite.
  public init(patience: Int = 10, minDelta: Double = 0, mode: Mode = .min) {
    if patience < 1 { fail("EarlyStopping: the patience must be at least 1 update, got \(patience)") }
    if !(minDelta >= 0) || minDelta.isInfinite {
      fail("EarlyStopping: minDelta must be finite and at least 0, got \(minDelta)")
    }
    (self.patience, self.minDelta, self.mode) = (patience, minDelta, mode)
  }

  /// Whether the last updates, as many as the patience, brought nothing better.
  public var shouldStop: Bool { step - bestStep >= patience }

  /// Notes a value, and a copy of the model's state if it is the best so far. Whether to stop.
  public func update(_ value: Double, _ model: some Module) -> Bool {
    step += 1
    if isBetter(value) {
      (best, bestStep) = (value, step)
      weights = model.stateDict()
    }
    return shouldStop
  }

  private func isBetter(_ value: Double) -> Bool {
    guard let best else { return !value.isNaN }
    return mode == .min ? value < best - minDelta : value > best + minDelta
  }

  /// Puts the weights, and buffers, of the best update back into the model.
  public func restoreBest(_ model: some Module) {
    if best == nil { fail("EarlyStopping: there is nothing to restore; \(step) updates, none with a number") }
    do { try model.loadStateDict(weights) } catch {
      fail("EarlyStopping: the weights are those of another model: \(error)")
    }
  }

  /// The best value, when it came, and the patience.
  public var description: String {
    guard let best else { return "EarlyStopping: no best value after \(step) updates" }
    return "EarlyStopping: best \(Progress.number(best)) in update \(bestStep) of \(step), patience \(patience)"
  }

  /// The best value, the counts and the best weights, so that a run can go on.
  public func stateDict() -> StateDict {
    var state = StateDict([
      ("best", Tensor(best ?? .nan, .float64)), ("best_step", Tensor(bestStep, .int64)), ("step", Tensor(step, .int64)),
    ])
    state.add(weights, under: "weights")
    return state
  }

  /// Goes on where a state was saved. Throws, and changes nothing, where the state does not fit.
  public func loadStateDict(_ state: StateDict) throws(DataError) {
    let weights = state.part("weights")
    var reader = StateReader(StateDict(state.filter { !$0.name.hasPrefix("weights.") }))
    let best = reader.number("best"), bestStep = reader.count("best_step"), step = reader.count("step")
    if reader.isRight && bestStep > step { reader.wrong.append("best_step is \(bestStep), beyond step, \(step)") }
    try reader.finish("EarlyStopping")
    (self.best, self.bestStep, self.step, self.weights) = (best.isNaN ? nil : best, bestStep, step, weights)
  }
}
