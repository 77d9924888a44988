import Testing

func expectMessage(_ message: String, _ text: String, _ location: SourceLocation = #_sourceLocation) {
  #expect(text.hasPrefix(message), "\(text)", sourceLocation: location)
}
