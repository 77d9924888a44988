import CTapestry

/// A source of random numbers: Philox 4×32-10, a 64-bit key and a position in 2¹²⁸ blocks. (Salmon, Moraes, Dror, Shaw:
/// Parallel random numbers: as easy as 1, 2, 3. 2011)
///
/// An operation reserves as many blocks as it needs, and each element depends on its own block alone: the same seed
/// gives the same bits on any number of threads. Several threads may use one generator; then the order in which they
/// reserve decides who gets what, and `split(into:)` or `stream(_:)` give each a generator of its own.
public final class Generator: Stateful, @unchecked Sendable {
  private let own: OpaquePointer  // guarded by its own lock

  /// Where numbers come from: in the second run of a checkpoint, a copy that stands where this generator stood in the
  /// first.
  private var source: OpaquePointer {
    @inline(__always) get { RunScope.isOpen ? RunScope.standIn(for: self).own : own }
  }

  /// Where a generator stands: enough to continue with the same numbers, as a checkpoint must.
  public struct State: Sendable, Equatable, Codable {
    /// The seed, or what `stream` made of it.
    public var key: UInt64

    /// The high half of the position: which sequence of blocks.
    public var stream: UInt64

    /// The low half of the position: how many blocks of the sequence are used up.
    public var offset: UInt64

    /// A position: `offset` blocks into sequence `stream` of a key.
    public init(key: UInt64, stream: UInt64 = 0, offset: UInt64 = 0) {
      self.key = key
      self.stream = stream
      self.offset = offset
    }

    init(_ state: tp_random_state) { self.init(key: state.key, stream: state.stream, offset: state.offset) }
    fileprivate var c: tp_random_state { tp_random_state(key: key, stream: stream, offset: offset) }
  }

  /// A generator that continues from a saved state.
  public init(_ state: State) { own = tp_generator_new(state.c) }

  /// The generator of a seed; equal seeds give equal numbers.
  public convenience init(seed: some BinaryInteger) { self.init(State(key: UInt64(truncatingIfNeeded: seed))) }

  /// The generator of a seed that the system draws.
  public convenience init() { self.init(seed: UInt64.random(in: .min ... .max)) }

  deinit { tp_generator_free(own) }

  /// Where it stands. Setting it continues from there.
  public var state: State {
    get { State(tp_generator_state(source)) }
    set { tp_generator_restore(source, newValue.c) }
  }

  /// Its own, whatever stands in for it.
  var ownState: State { State(tp_generator_state(own)) }

  /// The numbers of `count` elements, which nobody else will get.
  package func reserve(_ count: Int) -> tp_random_state {
    tp_generator_reserve(source, UInt64(tp_random_span(Int64(count))))
  }

  /// The generator number `index` that belongs to this one: for an epoch, a batch, a worker. It depends on the seed and
  /// the index and not on what was drawn so far, so epoch 7 shuffles alike in a resumed run.
  public func stream(_ index: Int) -> Generator {
    let state = state
    return Generator(State.child(state.key, state.stream, UInt64(truncatingIfNeeded: index)))
  }

  /// `count` generators with different numbers, one for each worker. A second call gives others.
  public func split(into count: Int) -> [Generator] {
    if count < 0 { fail("split: cannot make \(count) generators") }
    let here = tp_generator_reserve(source, 1)
    let parent = State.child(here.key, ~here.stream, here.offset)
    return (0..<count).map { Generator(State.child(parent.key, parent.stream, UInt64($0))) }
  }
}

extension Generator {
  /// Where it stands: key, stream and offset, whose 64 bits are those of an int64.
  public func stateDict() -> StateDict {
    let state = state
    return StateDict([("philox", Tensor([state.key, state.stream, state.offset].map { Int64(bitPattern: $0) }))])
  }

  /// Goes on from there, like `state`.
  public func loadStateDict(_ state: StateDict) throws(DataError) {
    var reader = StateReader(state)
    let words = reader.tensor("philox", [3])
    if let words, words.dtype != .int64 { reader.wrong.append("philox has type \(words.dtype), expected int64") }
    try reader.finish("Generator")
    let bits = words!.array(Int64.self).map { UInt64(bitPattern: $0) }
    self.state = State(key: bits[0], stream: bits[1], offset: bits[2])
  }
}

extension Generator.State {
  /// Different indices give different streams, for each step is a bijection; with the key changed too, families of
  /// other parents stay apart.
  fileprivate static func child(_ key: UInt64, _ stream: UInt64, _ index: UInt64) -> Generator.State {
    let stream = mix(mix(stream &+ 0x9e37_79b9_7f4a_7c15) ^ index)
    return Generator.State(key: mix(key ^ stream), stream: stream)
  }

  /// SplitMix64's finalizer, a bijection. (Steele, Lea, Flood: Fast splittable pseudorandom number generators. 2014)
  private static func mix(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The generator that operations draw from when none is named.
public enum Random {
  private static let processWide = Generator()

  /// The generator of the innermost `withGenerator` or `withSeed` of the calling thread, else the one of the process.
  public static var generator: Generator { override ?? processWide }

  /// Starts the current generator again from a seed: the same program then draws the same numbers.
  public static func seed(_ seed: some BinaryInteger) {
    generator.state = Generator.State(key: UInt64(truncatingIfNeeded: seed))
  }

  private static var override: Generator? {
    guard let held = tp_thread().pointee.slots.0 else { return nil }
    return Unmanaged<Generator>.fromOpaque(held).takeUnretainedValue()
  }

  fileprivate static func with<R, E: Error>(_ generator: Generator, _ body: () throws(E) -> R) throws(E) -> R {
    let thread = tp_thread()!
    let before = thread.pointee.slots.0
    thread.pointee.slots.0 = Unmanaged.passUnretained(generator).toOpaque()
    defer {
      thread.pointee.slots.0 = before
      withExtendedLifetime(generator) {}
    }
    return try body()
  }
}

/// Runs `body` with `generator` as the source of what the calling thread draws.
@discardableResult
public func withGenerator<R, E: Error>(_ generator: Generator, _ body: () throws(E) -> R) throws(E) -> R {
  try Random.with(generator, body)
}

/// Runs `body` with a fresh generator of this seed: it draws the same numbers each time, and nothing outside changes.
@discardableResult
public func withSeed<R, E: Error>(_ seed: some BinaryInteger, _ body: () throws(E) -> R) throws(E) -> R {
  try Random.with(Generator(seed: seed), body)
}

/// Refused: the closure must be synchronous, for the generator belongs to a thread.
@available(
  *, unavailable,
  message:
    "the override belongs to a thread, and an async closure may change threads: call withSeed around synchronous work"
)
public func withSeed<R>(_ seed: some BinaryInteger, _ body: () async throws -> R) async rethrows -> R {
  fail("withSeed: the closure is async")
}

/// Refused: the closure must be synchronous, for the generator belongs to a thread.
@available(
  *, unavailable,
  message: """
    the override belongs to a thread, and an async closure may change threads: call withGenerator around synchronous \
    work
    """
)
public func withGenerator<R>(_ generator: Generator, _ body: () async throws -> R) async rethrows -> R {
  fail("withGenerator: the closure is async")
}

/// The numbers of a random operation on `count` elements, from the current generator. An operation keeps this state
/// instead of its mask: the kernel makes the same numbers from it again.
package func reserveRandom(_ count: Int) -> tp_random_state { Random.generator.reserve(count) }
