import Foundation
import TapestryTensors
import Testing

/// What a process wrote to standard error is Tapestry's message.
func expectMessage(_ message: String, _ end: ExitTest.Result?, _ location: SourceLocation = #_sourceLocation) {
  let text = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
  #expect(text.contains("Tapestry: \(message)"), sourceLocation: location)
}

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

  @Test func theMessageNamesTheModuleAndThePlace() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      Failure.modulePath.with { $0 = { "decoder.layers.2.fc1 (Linear)" } }
      fail("a mistake", file: "Model/Net.swift", line: 12)
    }
    expectMessage("decoder.layers.2.fc1 (Linear): a mistake\n", end)
    let text = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.hasPrefix("Model/Net.swift:12: "))
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
