import CTapestry

/// Dry runs: operations check shapes and types and compute nothing; their results hold zeros and take no memory,
/// however large.
package enum Dry {
  /// Whether the calling thread is inside `run`.
  package static var isOn: Bool { tp_is_dry() }

  /// Runs `body` dry. Random numbers are drawn from a copy of the current generator.
  package static func run<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    installed
    let before = tp_dry_begin()
    defer { tp_dry_end(before) }
    return try withGenerator(Generator(Random.generator.state), body)
  }

  /// What is larger than addresses can name is the user's mistake and has a module path; see `fail`.
  private static let installed: Void = tp_dry_refuse_with { bytes in
    fail("dry run: a tensor of \(bytes) bytes is larger than what addresses are left for; give smaller shapes")
  }

  /// The multiply-adds of this thread's products in dry runs so far.
  package static var multiplyAdds: Int { Int(tp_thread().pointee.multiply_adds) }
}
