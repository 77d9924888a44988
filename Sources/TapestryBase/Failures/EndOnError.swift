/// Runs what may throw. An error ends the program with one message, where at top level Swift would print forty lines of
/// registers:
///
///     let digits = run { try Digits.load() }
///
/// prints `Sources/Train/main.swift:3: Tapestry: digits.bin: …` to standard error and exits with status 1. Errors other
/// than `DataError` know no line. With `TAPESTRY_BACKTRACE` set in the environment the calls that led to the error
/// follow.
@discardableResult
public func run<R>(_ body: () throws -> R) -> R {
  do { return try body() } catch { end(error) }
}

/// The same for what is asynchronous.
@discardableResult
public func run<R>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R) async -> R {
  do { return try await body() } catch { end(error) }
}

private func end(_ error: any Error) -> Never {
  if let failure = error as? Failure { failure.raise() }
  Failure.end("\(error)", (error as? DataError)?.trace)
}
