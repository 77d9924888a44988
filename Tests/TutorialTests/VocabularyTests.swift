import Foundation
import Testing

/// One vocabulary for Tensors and Variables, by the compiler's own list of what is public: each function and member that
/// takes or gives Variables has a twin with the same labels and defaults for Tensors, or a reason here why it has none.
struct VocabularyTests {
  /// What belongs to the tape: it has no meaning without a history. Constructors, and operators that explain a mistake.
  static let ofTheTape: Set<String> = [
    "backward(gradient:retainGraph:)", "grad", "requiresGrad", "value", "detach()", "onGradient(_:)", "mapGradient(_:)",
    "asVariable", "init(_:requiresGrad:)", "checkpoint(_:_:)", "graph(of:)",
    "gradients(of:withRespectTo:cotangents:createGraph:retainGraph:)",
    "gradients(of:withRespectTo:createGraph:retainGraph:)", "gradientCheck(_:at:orders:tolerance:seed:)",
    "jacobian(_:at:)",
    "hessian(_:at:)", "hvp(_:at:vector:)", "jvp(_:at:tangent:)", "vjp(_:at:cotangent:)",
    "customOp(_:_:forward:backward:)",
    "customOp(_:_:shapes:keepsInputs:keepsResults:differentiated:forward:backward:)",
  ]

  struct Symbol {
    let owner: String, title: String, declaration: String
  }

  static let symbols: [Symbol] = {
    (try? ["TapestryTensors", "TapestryAutograd", "TapestryOps"].flatMap { try symbols(of: $0) }) ?? []
  }()

  private static func symbols(of module: String) throws -> [Symbol] {
    try Compiler.symbolGraphs(of: module).flatMap { graph in
      (graph["symbols"] as? [[String: Any]] ?? []).compactMap { symbol in
        let availability = symbol["availability"] as? [[String: Any]] ?? []
        let kind = ((symbol["kind"] as? [String: Any])?["identifier"] as? String) ?? ""
        guard
          !["class", "struct", "enum", "protocol", "extension", "typealias"].contains(where: { kind.hasSuffix($0) }),
          let path = symbol["pathComponents"] as? [String], let title = path.last, path.count <= 2,
          let pieces = symbol["declarationFragments"] as? [[String: Any]],
          !availability.contains(where: { $0["isUnconditionallyUnavailable"] as? Bool == true })
        else { return nil }
        let text = pieces.compactMap { $0["spelling"] as? String }.joined()
        // What only makes mistakes end in plain words.
        if text.contains("DataOperand") || text.contains("RecordedOperand") || text.contains(": Elementwise") {
          return nil
        }
        return Symbol(owner: path.count == 2 ? path[0] : "", title: title, declaration: text)
      }
    }
  }

  /// The declaration as its twin should read.
  private static func forTensors(_ declaration: String) -> String {
    var text = declaration
    for (word, other) in [
      ("consuming ", ""), ("final ", ""), ("mutating ", ""), ("nonmutating ", ""), ("@discardableResult ", ""),
      ("{ get set }", "{ get }"),
      ("some VariableConvertible", "Tensor"),
    ] {
      text = text.replacing(word, with: other)
    }
    return text.replacing(#/\bVariable\b/#, with: "Tensor")
  }

  @Test func everyFunctionHasItsTwin() {
    let twins = Set(
      Self.symbols.filter { ["", "Tensor"].contains($0.owner) && !$0.declaration.contains(#/\bVariable\b/#) }
        .map { $0.owner + " " + Self.forTensors($0.declaration) })
    var reasons = Self.ofTheTape, seen = 0
    for symbol in Self.symbols where symbol.owner == "Variable" || symbol.owner == "" {
      // A loss takes either and gives a Variable to differentiate; so do the mixed forms.
      let isMixed = symbol.declaration.contains("VariableConvertible") && symbol.owner == ""
      if isMixed || (symbol.owner == "" && !symbol.declaration.contains(#/\bVariable\b/#)) { continue }
      if Self.ofTheTape.contains(symbol.title) {
        reasons.remove(symbol.title)
        continue
      }
      seen += 1
      let twin = (symbol.owner == "" ? "" : "Tensor") + " " + Self.forTensors(symbol.declaration)
      #expect(twins.contains(twin), "no twin for Tensors: \(symbol.declaration)")
    }
    #expect(seen > 250)
    #expect(reasons.isEmpty, "reasons that nothing needs")
  }
}
