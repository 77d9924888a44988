import Foundation
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private protocol Part { var size: Int { get } }
private final class Linked: Layer, Part {
  let layer = Linear(1, 1)
  var size: Int { 1 }
  func forward(_ x: Variable) -> Variable { layer(x) }
}

private class Plain { let number = 1 }
private final class Keeper: Plain { let layer: Linear? = nil }
private struct Settings {
  var rate = 0.1, name = "x", sizes: [Int] = [], words: [String: [Double]] = [:], next: Date? = nil
}
private struct Wrapping { let number = 1, layers: [(Int, Linear)] = [] }
private enum Choice { case none, layer(Linear) }
private enum Mode { case fast, slow }
private final class Node { var next: Node? }

// Each holds one lazy property; Lazily<T> stands for what the type alone tells.
private class Lazily<T>: Module {
  let make: () -> T
  lazy var late: T = make()
  init(_ make: @autoclosure @escaping () -> T) { self.make = make }
}

private final class Below: Lazily<Linear> { let own = Linear(1, 1) }
private final class Holding: Module {
  let inner: any Module
  init(_ inner: any Module) { self.inner = inner }
}

private final class Workshop {
  lazy var tool = Linear(1, 1)
  lazy var clock = Date()
}
private final class WithWorkshop: Module { let workshop = Workshop() }

private struct Chest { lazy var drawer = Linear(1, 1) }
private final class WithChest: Module { let chest = Chest() }
private final class WithWrappedChest: Module { let _chest = Chest() }
private final class WithChests: Module { let chests = ["a": (1, [Chest()])] }

/// A lazy property that nobody read yet is refused wherever it lies and whatever its type says of layers, by everything
/// that looks for them.
struct LazyTests {
  @Test func whateverMayHoldLayersIsRefused() {
    let models: [any Module] = [
      Lazily(Linear(1, 1)), Lazily<any Layer>(Linear(1, 1)), Lazily<any Module>(Linear(1, 1)),
      Lazily<any Part>(Linked()), Lazily<any Part & Layer>(Linked()),
      Lazily<AnyObject>(Linear(1, 1)), Lazily<Any>(Linear(1, 1)), Lazily<Linear?>(Linear(1, 1)),
      Lazily<Linear??>(Linear(1, 1)),
      Lazily((Linear(1, 1), 2)), Lazily((number: 1, part: Linked() as (any Part)?)), Lazily([Linear(1, 1)]),
      Lazily<[any Part]>([]), Lazily<[[Linear]]>([]),
      Lazily<[String: [Linear]]>([:]), Lazily<ArraySlice<Linear>>([]), Lazily<ContiguousArray<Linear>>([]),
      Lazily<[(Int, Linear)]>([]),
      Lazily(Parameter(.ones([1]))), Lazily<Parameter?>(nil), Lazily(Buffer(.ones([1]))), Lazily(Variable(.ones([1]))),
      Lazily([Parameter(.ones([1]))]),
      Lazily(Keeper()), Lazily(Wrapping()), Lazily<[Wrapping]>([]), Lazily(Choice.none), Lazily<Choice?>(nil),
    ]
    for model in models {
      let type = "\(type(of: model))"
      let expected =
        "\(type).late: a lazy property has no layers before its first use; read it in init, or make it a let"
      #expect(mistake { _ = model.parameters() } == expected)
    }
  }

  @Test func everyPathRefusesIt() {
    let model = Holding(Below(Linear(1, 1)))
    let paths: [(String, () -> Void)] = [
      ("parameters", { _ = model.parameters() }), ("buffers", { _ = model.buffers() }),
      ("modules", { _ = model.modules() }),
      ("children", { _ = model.children }),
      ("stateDict", { _ = model.stateDict() }), ("loadStateDict", { _ = try? model.loadStateDict(StateDict()) }),
      ("train", { model.train() }),
      ("eval", { model.eval() }), ("freeze", { model.freeze() }), ("unfreeze", { model.unfreeze() }),
      ("zeroGrad", { model.zeroGrad() }),
      ("to", { model.to(.float64) }), ("copy", { _ = model.copy() }), ("frozen", { _ = model.frozen() }),
      ("parameterCount", { _ = model.parameterCount }),
      ("observe", { observe(model, { _ in }, during: {}) }),
    ]
    for (name, path) in paths {
      #expect(
        mistake(path)
          == "Below.late: a lazy property has no layers before its first use; read it in init, or make it a let",
        "\(name)")
    }
    // Read, it is a part like any other.
    let below = Below(Linear(2, 1, bias: false))
    _ = below.late
    #expect(below.namedParameters().map(\.name) == ["late.weight", "own.weight", "own.bias"])
  }

  @Test func insideOfWhatCannotBeWalked() {
    let mistakes: [(any Module, String)] = [
      (WithWorkshop(), "Workshop.tool"), (WithChest(), "Chest.drawer"),
      (WithWrappedChest(), "WithWrappedChest.chest.drawer"), (WithChests(), "Chest.drawer"),
    ]
    for (model, place) in mistakes {
      #expect(
        mistake { _ = model.parameters() }
          == "\(place): a lazy property has no layers before its first use; read it in init, or make it a let")
    }
  }

  @Test func whatHoldsNoneIsLeftAlone() {
    let models: [any Module] = [
      Lazily(1), Lazily(0.5), Lazily("text"), Lazily<String?>(nil), Lazily([1.0]), Lazily<[String: [Float]]>([:]),
      Lazily(Tensor.ones([1])), Lazily([Tensor]()),
      Lazily(Settings()), Lazily<[Settings]>([]), Lazily(Mode.fast), Lazily(Date()), Lazily(Plain()), Lazily(Node()),
      Lazily((1, "a")),
      Lazily<Set<Int>>([]), Lazily(URL(fileURLWithPath: "/")), Lazily(DateFormatter()),
      Lazily<(Double) -> Double>({ $0 }),
    ]
    for model in models { #expect(mistake { _ = model.parameters() }.isEmpty, "\(type(of: model))") }
  }
}
