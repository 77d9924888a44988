import CTapestry

/// What a closure that runs twice, as a checkpoint's does, finds besides its inputs. The first run notes which
/// generators it draws from and which switches it meets (modules in training or evaluation); the second finds all of
/// them where the first found them, and moves none of them on.
package final class FirstRun {
  /// Turns a switch back to where it stood, and returns what turns it forward again.
  package typealias TurningBack = () -> () -> Void

  /// How to turn a running module's switch back; nil for one without a switch. Set by the room of modules.
  package static let turningBack = Locked<@Sendable (AnyObject) -> TurningBack?>({ _ in nil })

  private let ambient = Random.generator
  private var generators: [ObjectIdentifier: (generator: Generator, state: Generator.State)] = [:]
  private var switches: [ObjectIdentifier: (object: AnyObject, turnBack: TurningBack)] = [:]

  /// To be made where the first run begins: the modules that run there belong to what it finds.
  package init() { for object in Running.objects { note(object) } }

  /// The first run.
  package func noting<R>(_ body: () -> R) -> R { RunScope(notes: self, copies: [:]).run(body) }

  /// The second run, on any thread and any number of times.
  package func again<R>(_ body: () -> R) -> R {
    let turnForward = switches.values.map { $0.turnBack() }
    defer { for turn in turnForward { turn() } }
    return RunScope(notes: nil, copies: generators.mapValues { Generator($0.state) }).run {
      withGenerator(ambient, body)
    }
  }

  fileprivate func note(_ generator: Generator, at state: Generator.State) {
    if generators[ObjectIdentifier(generator)] == nil { generators[ObjectIdentifier(generator)] = (generator, state) }
  }

  fileprivate func note(_ object: AnyObject) {
    if switches[ObjectIdentifier(object)] != nil { return }
    if let turnBack = Self.turningBack.with({ $0 })(object) { switches[ObjectIdentifier(object)] = (object, turnBack) }
  }
}

/// A first or second run that the calling thread is in; they nest.
final class RunScope {
  private let notes: FirstRun?
  /// What stands in for the generators in a second run.
  private let copies: [ObjectIdentifier: Generator]
  private let outer = RunScope.current

  fileprivate init(notes: FirstRun?, copies: [ObjectIdentifier: Generator]) {
    (self.notes, self.copies) = (notes, copies)
  }

  fileprivate func run<R>(_ body: () -> R) -> R {
    Self.installed
    return ThreadSlot.withRun(self, body)
  }

  @inline(__always)
  static var isOpen: Bool { tp_thread().pointee.slots.4 != nil }

  /// Calls of modules are told to the runs that they are in.
  private static let installed: Void = Running.noting.with { $0 = { note($0) } }

  private static var current: RunScope? { ThreadSlot.run.map { unsafeDowncast($0, to: RunScope.self) } }

  /// What draws when `generator` is asked to: its copy in the innermost second run that has one, else itself. First
  /// runs further inside note it.
  static func standIn(for generator: Generator) -> Generator {
    var inside: [FirstRun] = [], scope = current, standIn = generator
    while let open = scope {
      if let copy = open.copies[ObjectIdentifier(generator)] {
        standIn = copy
        break
      }
      if let notes = open.notes { inside.append(notes) }
      scope = open.outer
    }
    for notes in inside { notes.note(generator, at: standIn.ownState) }
    return standIn
  }

  /// A module begins to run.
  private static func note(_ object: AnyObject) {
    var scope = current
    while let open = scope {
      open.notes?.note(object)
      scope = open.outer
    }
  }
}
