import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Every public function of Variables against the laws: one that no law calls is proven by nothing.
///
/// What a law covers is read from its text, so no list can say more than is true (but for a function that serves only
/// as part of another's formula): the text of `static let … = Law(…)` beside an op, the rows of the pointwise and loss
/// tables, whose names are their functions' (`let sigmoid = UnaryRule(`), and the files Composed….swift beside this
/// one. That a law names no function which is gone, the compiler sees.
struct CoverageTests {
  /// Functions without a law, and why.
  static let exceptions: [String: String] = {
    var table: [String: String] = [:]
    func leave(_ why: String, _ names: String) {
      for name in names.split(whereSeparator: \.isWhitespace) { table[String(name)] = why }
    }
    leave(
      "gives a Tensor: no gradient flows (ReductionTests, PointwiseOperatorTests)",
      "all any argmax argmin isNaN isInfinite isFinite .== .!= .< .<= .> .>=")
    leave("gives numbers of Swift (TwinTests)", "allClose item nestedArray")
    leave("an operator and an assignment (PointwiseOperatorTests)", "+= -= *= /= !=")
    leave(
      "the engine, with tests of its own (TapestryAutogradTests)",
      "checkpoint customOp gradientCheck gradients graph hessian hvp jacobian jvp vjp")
    return table
  }()

  /// The names of public functions that take or give Variables.
  static func declared() throws -> Set<String> {
    var names: Set<String> = []
    for room in ["TapestryOps", "TapestryAutograd"] {
      for (_, text) in try SourceFile.all(in: room) { names.formUnion(functions(in: text)) }
    }
    return names
  }

  /// Functions and operators of `extension Variable`, and free ones with a Variable in their signature. A type's own
  /// methods (`Parameter`, reports) are not meant.
  static func functions(in text: String) -> Set<String> {
    var names: Set<String> = [], scope = "", unavailable = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (i, line) in lines.enumerated() {
      if !line.hasPrefix(" ") && !line.hasPrefix("@"), line.hasSuffix("{") { scope = line }
      if line == "}" { scope = "" }
      if line.contains("@available(*, unavailable") { unavailable = true }
      guard let match = line.firstMatch(of: /public (?:static |prefix |infix )*func (`?\w+`?|[^\s\w(]+)/) else {
        continue
      }
      defer { unavailable = false }
      let end = lines[i...].firstIndex { $0.contains("{") } ?? i
      let member = line.hasPrefix(" "), signature = lines[i...end].joined(separator: " ")
      let ofVariables =
        member
        ? scope.contains("extension Variable ") : (signature.contains("Variable") && !line.contains("DataOperand"))
      if ofVariables && !unavailable { names.insert(String(match.1).replacing("`", with: "")) }
    }
    return names
  }

  /// What the texts of laws call.
  static func called() throws -> Set<String> {
    var names: Set<String> = []
    func read(_ text: some StringProtocol) {
      for match in String(text).matches(of: /(?:^|[^\w])`?(\w+)`?\(/) { names.insert(String(match.1)) }
      for match in String(text).matches(of: /\s([-+*\/&])\s/) { names.insert(String(match.1)) }
    }
    for (_, text) in try SourceFile.all(in: "TapestryOps") {
      for law in text.matches(of: /static let \w+ = Law\([\s\S]*?\n  \}\n/) { read(law.0) }
      for rule in text.matches(of: /static let (\w+)(?:: \w+)? = (?:Unary|Binary|Loss)Rule\(/) {
        names.insert(String(rule.1))
      }
    }
    for (name, text) in try SourceFile.all(in: "TapestryOpsTests", of: SourceFile.sources.appending(path: "../Tests"))
    where name.hasPrefix("Composed") {
      read(text)
    }
    return names
  }

  @Test func everyPublicFunctionHasALaw() throws {
    let declared = try Self.declared(), called = try Self.called()
    #expect(declared.count > 150, "the sources were not read")
    let open = declared.subtracting(called).subtracting(Self.exceptions.keys)
    #expect(
      open.sorted() == [],
      "public functions of Variables that no law calls: give each a law in Composed….swift, or beside its op")
    #expect(
      Set(Self.exceptions.keys).subtracting(declared).sorted() == [], "exceptions for functions that do not exist")
  }

  /// The reader itself: what it takes for a public function of Variables, and what not.
  @Test func functionsAreRead() {
    let text = """
      public func doubled(_ x: Variable) -> Variable {
        x * 2
      }
      public func note(_ text: String) {}
      func hidden(_ x: Variable) -> Variable { x }
      extension Variable {
        public func halved() -> Variable { self * 0.5 }
        public static func + (a: consuming Variable, b: Variable) -> Variable { add(a, b) }
        public func `where`(_ x: Variable) -> Variable { x }
        @available(*, unavailable, message: "write halved()")
        public func half() -> Variable { self }
      }
      extension Tensor {
        public func thirds() -> Tensor { self }
      }
      public func long(
        _ x: some VariableConvertible
      ) -> Variable { x.asVariable }
      """
    #expect(Self.functions(in: text) == ["doubled", "halved", "+", "where", "long"])
  }
}
