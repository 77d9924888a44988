import TapestryTensors

/// One operation in one place: its shape rule, forward, what is kept, backward, and the domain that the laws draw from.
/// A type that leaves one of them out does not compile. Attributes (axes, sizes) are the properties of the conforming
/// struct.
///
/// To add an op: write such a struct with its formula as the doc comment, a public function that calls `apply`, and a
/// line in the catalog. The laws (Tests/TapestryOpsTests) then run on it.
package protocol Op {
  /// A Tensor, or `Results` for an op that has several.
  associatedtype Result: OpResult = Tensor

  /// What forward leaves for backward besides inputs and output: indices, statistics, a random state.
  associatedtype Extra = Void

  /// The operation's name as a user writes it.
  static var name: String { get }

  /// The same where one op has several names (softmax and logSoftmax); `name` if it says nothing else.
  var title: String { get }

  /// The result's shape (the shapes of several), or why the inputs do not fit. Pure: reads shapes and types only.
  func shape(of x: Specs) throws(ShapeError) -> Result.Shapes

  /// The result for inputs that passed `shape(of:)`.
  func forward(_ x: Inputs, _ shape: Result.Shapes) -> (Result, Extra)

  /// What backward reads, given which inputs' gradients are wanted. Nothing else is there when it runs. Nothing, if the
  /// op does not say.
  func keeps(_ wants: Wants) -> Keeps

  /// The gradients of the wanted inputs, in Variables, so that they can be differentiated again. Of several results
  /// those that no gradient reached have nil.
  func backward(_ dy: Result.Gradients, _ kept: Kept<Extra>, _ wants: Wants) -> InputGradients

  /// The same by a fused kernel, where nobody will differentiate the gradients again; nil, if the op does not say,
  /// leaves it to `backward`.
  func fused(_ dy: Result.Gradients, _ kept: Kept<Extra>, _ wants: Wants) -> InputGradients?

  /// How the laws draw inputs and attributes, and the misuse that must give a message.
  static var law: Law { get }
}

extension Op {
  package var title: String { Self.name }
  package func keeps(_ wants: Wants) -> Keeps { .nothing }
  @inline(__always)
  package func fused(_ dy: Result.Gradients, _ kept: Kept<Extra>, _ wants: Wants) -> InputGradients? { nil }
}

/// A linear op that copies nothing and mixes nothing, or picks: its derivative is its adjoint, an op of its own, whose
/// adjoint it is. Slice and pad, gather and scatter, a diagonal and its embedding are such pairs.
package protocol AdjointPair: Op where Result == Tensor, Extra == Void {
  associatedtype Adjoint: Op where Adjoint.Result == Tensor

  /// The adjoint for an input of the given shape.
  func adjoint(of shape: Shape) -> Adjoint
}

/// Shapes and types of an op's inputs: those of Variables, or (in tests and dry runs) given ones.
package struct Specs {
  private let inputs: Inputs?
  private let given: [(shape: Shape, dtype: DType)]

  package init(_ inputs: Inputs) {
    self.inputs = inputs
    given = []
  }

  package init(_ shapes: [Shape], _ dtypes: [DType]) {
    inputs = nil
    given = Array(zip(shapes, dtypes))
  }

  package var count: Int { inputs?.count ?? given.count }

  /// Whether input i is there: one before the last may be missing (a layer norm with beta alone).
  package func has(_ i: Int) -> Bool { i < count && inputs?.has(i) ?? true }

  package subscript(_ i: Int) -> Shape {
    if let inputs { inputs[i].shape } else { given[i].shape }
  }

  package func dtype(_ i: Int) -> DType {
    if let inputs { inputs[i].dtype } else { given[i].dtype }
  }

  package var shapes: [Shape] { (0..<count).filter(has).map { self[$0] } }
  package var dtypes: [DType] { (0..<count).filter(has).map { dtype($0) } }

  /// Throws unless all inputs have one type, a floating one if so asked.
  package func sameType(_ op: String, floating: Bool = true) throws(ShapeError) {
    let first = dtype(0)
    for i in 1..<max(1, count) where has(i) && dtype(i) != first {
      throw ShapeError(
        "\(op): cannot combine \(first) \(self[0]) with \(dtype(i)) \(self[i]); convert one with cast(to:)")
    }
    if floating && !first.isFloatingPoint {
      throw ShapeError("\(op): needs floating-point input, got \(first) \(self[0]); convert it with cast(to: .float32)")
    }
    if !first.isComputed { throw ShapeError(Kernel.storedOnly(first, self[0], named: op)) }
  }
}

/// The inputs of an op: up to three inline, so that usual ops allocate no array. The second may be missing beside a
/// third.
package struct Inputs {
  package var first: Variable
  package var second: Variable?
  package var third: Variable?
  package var others: [Variable]

  package init(_ first: Variable, _ second: Variable? = nil, _ third: Variable? = nil) {
    self.first = first
    self.second = second
    self.third = third
    others = []
  }

  package init(_ all: [Variable]) {
    first = all[0]
    second = all.count > 1 ? all[1] : nil
    third = all.count > 2 ? all[2] : nil
    others = Array(all.dropFirst(3))
  }

  package var count: Int { third != nil ? 3 + others.count : second != nil ? 2 : 1 }

  package func has(_ i: Int) -> Bool { i < count && (i != 1 || second != nil) }

  package subscript(_ i: Int) -> Variable {
    switch i {
    case 0: first
    case 1: second!
    case 2: third!
    default: others[i - 3]
    }
  }

  package var all: [Variable] { (0..<count).filter(has).map { self[$0] } }
  package var specs: Specs { Specs(self) }
}

/// Which inputs' gradients are wanted.
package struct Wants {
  package var bits: UInt64
  package init(bits: UInt64) { self.bits = bits }
  package subscript(_ i: Int) -> Bool { i > 63 || bits & (1 << UInt64(i)) != 0 }
  package var any: Bool { bits != 0 }
}

/// Which inputs and whether the output are kept for backward.
package struct Keeps: OptionSet, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package static func input(_ i: Int) -> Keeps { Keeps(rawValue: 1 << UInt64(i)) }
  package static let output = Keeps(rawValue: 1 << 63)
  package static let nothing: Keeps = []
  // Not of any number: that would make an array at every call.
  package init(_ a: Keeps, _ b: Keeps, _ c: Keeps = .nothing) {
    self = Keeps(rawValue: a.rawValue | b.rawValue | c.rawValue)
  }
  package static let allInputs = Keeps(rawValue: ~(1 << 63))
}

/// What was kept, attached to the graph again: input i to its edge, the output to its own node.
package struct Kept<Extra> {
  // The node outlives its backward; reading from it copies nothing.
  private unowned(unsafe) let node: KeepingNode
  private let result: Variable?
  package let extra: Extra

  package init(_ node: KeepingNode, _ result: Variable?, _ extra: Extra) {
    self.node = node
    self.result = result
    self.extra = extra
  }

  /// The shapes of inputs that are kept or want a gradient.
  package var shapes: InputShapes { InputShapes(node: node) }

  package subscript(_ i: Int) -> Variable { node.input(i)! }

  /// Input i, nil where it is missing or was not kept.
  package func optional(_ i: Int) -> Variable? { node.input(i) }

  package var output: Variable { result! }

  /// A result that was kept by itself, as output `index` of the node again.
  package func attached(_ result: Tensor, _ index: Int32) -> Variable {
    Variable(result: result, node: isRecording ? node : nil, index: index)
  }
}

/// The shapes of an op's inputs. The tape has no copy of them: an input that wants a gradient has a node, which knows
/// its shape.
package struct InputShapes {
  fileprivate unowned(unsafe) let node: KeepingNode

  package subscript(_ i: Int) -> Shape {
    let edge = node.edge(i)
    if let source = edge.node { return source.shape(ofOutput: edge.index) }
    guard let input = node.input(i) else {
      fail("\(node.name): backward asks for the shape of input \(i), a constant that was not kept")
    }
    return input.shape
  }
}

/// A node that keeps inputs and an output as `Keeps` says. Up to three inputs lie inline.
open class KeepingNode: Node {
  @exclusivity(unchecked) private final var firstInput: Variable?
  @exclusivity(unchecked) private final var secondInput: Variable?
  @exclusivity(unchecked) private final var thirdInput: Variable?
  @exclusivity(unchecked) private final var otherInputs: [Variable?] = []

  /// The output without its node, which would be a cycle. A Variable, so that a node without one has a word for it.
  @exclusivity(unchecked) package final var output: Variable?
  @exclusivity(unchecked) private final var keepsNothing = true
  @exclusivity(unchecked) private final var released = false

  override open var isReleased: Bool { released }

  fileprivate final func input(_ i: Int) -> Variable? {
    switch i {
    case 0: firstInput
    case 1: secondInput
    case 2: thirdInput
    default: otherInputs.count > i - 3 ? otherInputs[i - 3] : nil
    }
  }

  /// Takes the inputs that `keeps` names; called once, and only where something is kept (maybe not an input).
  package final func keep(_ x: borrowing Inputs, _ keeps: Keeps) {
    keepsNothing = false
    if keeps.contains(.input(0)) { firstInput = x.first.kept() }
    if keeps.contains(.input(1)) { secondInput = x.second?.kept() }
    if keeps.contains(.input(2)) { thirdInput = x.third?.kept() }
    if !x.others.isEmpty {
      otherInputs = x.others.enumerated().map { i, input in keeps.contains(.input(min(i + 3, 62))) ? input.kept() : nil
      }
    }
  }

  // Here and not beside the ops: an access to a node's fields from another module is checked for exclusivity each time,
  // which small networks notice.

  /// The inputs whose gradients a pass asks for.
  package final func wanted(_ sink: inout GradientSink) -> Wants {  // `borrowing` would copy it
    var wants = Wants(bits: 0)
    if sink.wants(first) { wants.bits |= 1 }
    if sink.wants(second) { wants.bits |= 2 }
    if sink.wants(third) { wants.bits |= 4 }
    if !others.isEmpty {
      for (i, edge) in others.enumerated() where i < 61 && sink.wants(edge) { wants.bits |= 8 << UInt64(i) }
    }
    return wants
  }

  package final func give(_ gradients: consuming InputGradients, _ sink: inout GradientSink) {
    if let dx = gradients.first.take() { sink.give(first, dx) }
    if let dx = gradients.second.take() { sink.give(second, dx) }
    if let dx = gradients.third.take() { sink.give(third, dx) }
    if !gradients.others.isEmpty {
      for (i, dx) in gradients.others.enumerated() { if let dx { sink.give(others[i], dx) } }
    }
  }

  /// Where nothing was kept there is nothing to let go of, and another backward pass may come.
  override open func release() {
    if keepsNothing { return }
    firstInput = nil
    secondInput = nil
    thirdInput = nil
    otherInputs = []
    output = nil
    released = true
  }
}

/// The gradients of an op's inputs, nil where none is wanted or none flows.
package struct InputGradients {
  package var first: Variable?
  package var second: Variable?
  package var third: Variable?
  package var others: [Variable?]

  package init(_ first: Variable?, _ second: Variable? = nil, _ third: Variable? = nil, others: [Variable?] = []) {
    self.first = first
    self.second = second
    self.third = third
    self.others = others
  }

  package init(_ all: [Variable?]) {
    first = all[0]
    second = all.count > 1 ? all[1] : nil
    third = all.count > 2 ? all[2] : nil
    others = Array(all.dropFirst(3))
  }
}

extension Inputs {
  package var requiresGrad: Bool {
    first.node != nil || second?.node != nil || third?.node != nil
      || (!others.isEmpty && others.contains { $0.node != nil })
  }

  /// Those that have a history.
  package var wants: Wants {
    var wants = Wants(bits: 0)
    if first.node != nil { wants.bits |= 1 }
    if second?.node != nil { wants.bits |= 2 }
    if third?.node != nil { wants.bits |= 4 }
    if !others.isEmpty {
      for (i, input) in others.enumerated() where i < 61 && input.node != nil { wants.bits |= 8 << UInt64(i) }
    }
    return wants
  }
}
