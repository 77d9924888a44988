import Foundation
import TapestryTensors
import Testing

/// What a process wrote to standard error is Tapestry's message.
func expectMessage(_ message: String, _ end: ExitTest.Result?, _ location: SourceLocation = #_sourceLocation) {
  let text = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
  #expect(text.contains("Tapestry: \(message)"), sourceLocation: location)
}

// What stands in a macro is compiled in a file of its own; these have lines of this one.
private let addition = #line + 1
private func addsWhatDoesNotFit() { _ = Tensor.zeros([2]) + Tensor.zeros([3]) }
private let calling = #line + 1
private func callsIt() { addsWhatDoesNotFit() }
private let opening = #line + 1
private func opensNothing() throws { throw DataError("is not there", .unreadable, file: "digits.bin") }

struct FailureTests {
  @Test func handlerTakesTheFailure() async {
    let end = await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
      Failure.handler = { failure in
        FileHandle.standardError.write(Data("Tapestry: taken: \(failure.message)".utf8))
        exit(7)
      }
      fail("a mistake")
    }
    expectMessage("taken: a mistake", end)
  }

  @Test func theMessageNamesTheModule() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      Failure.modulePath.with { $0 = { "decoder.layers.2.fc1 (Linear)" } }
      fail("a mistake")
    }
    expectMessage("decoder.layers.2.fc1 (Linear): a mistake\n", end)
  }

  private func lines(_ end: ExitTest.Result?) -> [String] {
    String(decoding: end?.standardErrorContent ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func theMessageBeginsWithTheUsersLine() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { callsIt() }
    let lines = lines(end)
    #expect(
      lines.contains { $0.contains("FailureTests.swift:\(addition): Tapestry: +: ") }
        && !lines.contains { $0.hasPrefix("  at ") })
  }

  @Test func allCallsOnDemand() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      setenv("TAPESTRY_BACKTRACE", "1", 1)
      callsIt()
    }
    let calls = lines(end).filter { $0.hasPrefix("  at ") && $0.contains("FailureTests.swift:") }
    #expect(calls.count >= 2 && calls[0].contains(":\(addition)") && calls[1].contains(":\(calling)"))
    #expect(!lines(end).contains { $0.contains("Sources/Tapestry") })
  }

  /// A caught failure knows its line too, and so does what the world does wrong.
  @Test func caughtFailuresAndDataErrorsKnowTheirLine() {
    let failure = #expect(throws: Failure.self) { try Failure.catching { callsIt() } }
    #expect(failure?.place?.line == addition && failure?.place?.file.hasSuffix("FailureTests.swift") == true)
    let error = #expect(throws: DataError.self) { try opensNothing() }
    #expect(error?.place?.line == opening)
  }

  @Test func runEndsWithTheErrorAndItsLine() async {
    var end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      run { try opensNothing() }
    }
    #expect(lines(end).contains { $0.contains("FailureTests.swift:\(opening): Tapestry: digits.bin: is not there") })
    end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      run { throw CocoaError(.fileNoSuchFile) }
    }
    #expect(lines(end).contains { $0.hasPrefix("Tapestry: ") } && run { 5 } == 5)
    end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      await run {
        await Task.yield()
        throw DataError("late")
      }
    }
    expectMessage("late\n", end)
  }

  /// With TAPESTRY_TRAP set the process stops with a signal, for a debugger.
  @Test func trap() async {
    let end = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
      setenv("TAPESTRY_TRAP", "1", 1)
      fail("a mistake")
    }
    expectMessage("a mistake", end)
  }

  @Test func failingTrapsWithTheThrownMessage() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      failing { () throws(ShapeError) in throw ShapeError("a shape") }
    }
    expectMessage("a shape", end)
    #expect(failing { () throws(ShapeError) in 5 } == 5)
  }
}
