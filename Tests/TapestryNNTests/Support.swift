import TapestryTensors
import Testing

/// What a mistake in `body` would end the program with; empty where it makes none.
func mistake(_ body: @escaping () -> Void) -> String {
  do { try Failure.catching(body) } catch { return error.message }
  return ""
}

func expectMessage(_ message: String, _ text: String, _ location: SourceLocation = #_sourceLocation) {
  #expect(text.hasPrefix(message), "\(text)", sourceLocation: location)
}
