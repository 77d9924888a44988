import TapestryNN
import TapestryTensors

/// The names of parameters that a backward pass brought no gradient. Print it for what that means.
public struct MissingGradients: RandomAccessCollection, CustomStringConvertible, Sendable {
  /// The names of parameters without a gradient that are not frozen.
  public let names: [String]
  /// Names of parameters whose gradient is 0 in every element: connected, but nothing changes with them.
  public let zero: [String]
  /// Names of frozen parameters, which get none.
  public let frozen: [String]
  private let all: [String]

  /// 0
  public var startIndex: Int { 0 }
  /// How many parameters have no gradient.
  public var endIndex: Int { names.count }
  /// The name of one of them.
  public subscript(_ i: Int) -> String { names[i] }

  init(_ model: some Module) {
    let parameters = model.namedParameters(), trained = parameters.filter { !$0.parameter.isFrozen }
    frozen = parameters.filter(\.parameter.isFrozen).map(\.name)
    names = trained.filter { $0.parameter.grad == nil }.map(\.name)
    zero = trained.filter { $0.parameter.grad.map { !($0 .!= 0).any().isTrue } ?? false }.map(\.name)
    all = trained.map(\.name)
  }

  /// The names in groups, and what that means.
  public var description: String {
    var lines: [String] = []
    if all.isEmpty {
      lines.append("there is no parameter to train")
    } else if names.isEmpty {
      lines.append("all \(all.count) parameters have a gradient")
    } else if names.count == all.count {
      lines.append(
        "none of \(all.count) parameters has a gradient: call loss.backward() first, and zeroGrad() after the step")
    } else {
      lines.append("\(names.count) of \(all.count) parameters have no gradient:")
      lines += groups.map { "  " + $0 }
      lines.append(
        """
        The loss does not depend on them, so no optimizer moves them: was the module called, was its result used, and \
        does nothing on the way to the loss end the history (detach(), .value, noGrad, argmax, a comparison)?
        """)
    }
    if !zero.isEmpty {
      lines.append(
        "0 everywhere is the gradient of \(listed(zero)): units that are off for all inputs, or a factor that is 0")
    }
    if !frozen.isEmpty { lines.append("frozen, so without one: \(listed(frozen))") }
    return lines.joined(separator: "\n")
  }

  /// The names, those of a module that has no gradient at all as one.
  private var groups: [String] {
    let missing = Set(names)
    var lines: [String] = [], covered = ""
    for name in names where covered.isEmpty || !name.hasPrefix(covered) {
      covered = ""
      let parts = name.split(separator: ".")
      for depth in 1..<Swift.max(parts.count, 1) {
        let prefix = parts.prefix(depth).joined(separator: ".") + "."
        let inside = all.filter { $0.hasPrefix(prefix) }
        if inside.allSatisfy(missing.contains) {
          covered = prefix
          lines.append("\(prefix.dropLast()) (all \(inside.count))")
          break
        }
      }
      if covered.isEmpty { lines.append(name) }
    }
    return lines
  }
}

extension Tensor {
  fileprivate var isTrue: Bool { item != 0 }
}

extension Module {
  /// The names of parameters that the last backward pass brought no gradient, because the loss does not depend on them;
  /// printed, with an explanation. Frozen ones are none.
  ///
  ///     loss.backward()
  ///     print(model.parametersWithoutGradient())
  public func parametersWithoutGradient() -> MissingGradients { MissingGradients(self) }
}
