import Foundation
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors

/// Whether a model can learn a single batch by heart. Print it for a verdict.
public struct OverfitCheck: CustomStringConvertible, Sendable {
  /// The loss before each step, and after the last.
  public let losses: [Double]
  /// The loss that it had to reach, a hundredth of the first.
  public let target: Double
  /// The parameters that the first step brought no gradient; nil where no step was made.
  public let withoutGradient: MissingGradients?

  /// Whether the loss fell to near nothing.
  public var passed: Bool { losses[0] > 0 && losses.last! >= 0 && losses.last! <= target }

  /// The verdict, and what may be wrong where the loss did not fall.
  public var description: String {
    let first = Progress.number(losses[0]), last = Progress.number(losses.last!), steps = losses.count - 1
    if passed { return "overfits one batch: loss \(first) → \(last) in \(steps) steps, as it should" }
    var lines = ["does not overfit one batch: loss \(first) → \(last) in \(steps) steps"]
    if losses[0] <= 0 || losses.last! < 0 {
      lines.append("It is no loss that begins above 0 and ends there, which this check is for; has it the wrong sign?")
    } else if let step = losses.firstIndex(where: { !$0.isFinite }) {
      lines.append(
        """
        It is \(losses[step]) after \(step) steps: lower the learning rate, or look for log(0), 0/0 and exp of large numbers \
        (detectAnomaly names the operation).
        """)
    } else if losses.allSatisfy({ $0 == losses[0] }) {
      lines.append("It does not change at all: no gradient reaches a parameter that matters.")
    } else if losses.last! > losses[0] {
      lines.append("It rose: lower the learning rate.")
    } else {
      lines.append(
        """
        It fell, but not to a hundredth: more steps, a higher learning rate or a wider model may do it. If not, look for \
        labels that do not belong to their inputs, equal inputs with different labels, an activation behind the last \
        layer, or a loss whose best value is not 0 (label smoothing).
        """)
    }
    if let withoutGradient, !withoutGradient.isEmpty { lines.append("\(withoutGradient)") }
    return lines.joined(separator: "\n")
  }
}

/// Trains a copy of the model on one batch and tells whether the loss falls to near nothing, a hundredth of the first:
/// a model that cannot learn 32 examples by heart has a mistake in it, or in the data or the loss.
///
///     print(overfitCheck(model, train.inputs[0..<32], train.labels[0..<32]))
///
/// Labels of an integer type are classes, for `crossEntropy`; floating ones are targets, for `mseLoss`. The copy runs in
/// evaluation mode, for dropout would keep it from it, and steps with `Adam` until the loss is low enough or `steps` are
/// done. The model and the current random generator stay as they are. (A. Karpathy: A recipe for training neural
/// networks. 2019: "overfit one batch")
public func overfitCheck(
  _ model: some Layer, _ inputs: Tensor, _ labels: Tensor, steps: Int = 500, learningRate: Double = 3e-3
) -> OverfitCheck {
  overfitCheck(model, steps: steps, learningRate: learningRate) { model in
    labels.dtype.isFloatingPoint ? mseLoss(model(inputs), labels) : crossEntropy(model(inputs), labels)
  }
}

/// The same with any loss of one batch, whose best value is 0, and any call of the model:
///
///     print(overfitCheck(model) { model in huberLoss(model(x, memory: y), targets) })
public func overfitCheck<Model: Module>(
  _ model: Model, steps: Int = 500, learningRate: Double = 3e-3, loss: (Model) -> Variable
) -> OverfitCheck {
  if steps < 1 { fail("overfitCheck: needs at least 1 step, got \(steps)") }
  let copy = model.copy()
  copy.eval()
  copy.zeroGrad()
  if copy.parameters().allSatisfy(\.isFrozen) {
    fail("overfitCheck: the model has no parameter to train; unfreeze() some")
  }
  return withGenerator(Random.generator.stream(0)) {
    let optimizer = Adam(copy.parameters(), learningRate: learningRate)
    var losses: [Double] = [], target = 0.0, missing: MissingGradients?
    while true {
      let value = loss(copy)
      losses.append(value.item)
      target = losses[0] / 100
      if losses.count > steps || !losses.last!.isFinite || losses.last! <= target { break }
      optimizer.zeroGrad()
      value.backward()
      missing = missing ?? copy.parametersWithoutGradient()
      optimizer.step()
    }
    return OverfitCheck(losses: losses, target: target, withoutGradient: missing)
  }
}
