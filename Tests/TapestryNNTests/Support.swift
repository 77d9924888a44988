import Foundation
import Testing

/// What a process wrote to standard error is Tapestry's message.
func expectMessage(_ message: String, _ end: ExitTest.Result?, _ location: SourceLocation = #_sourceLocation) {
  let text = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
  #expect(text.contains("Tapestry: \(message)"), "\(text)", sourceLocation: location)
}
