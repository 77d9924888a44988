import Foundation
import TapestryData
import TapestryTensors
import TestSupport
import Testing

func expectError(_ description: String, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: location)
  } catch {
    #expect((error as? DataError)?.description == description, sourceLocation: location)
  }
}

/// A file that pytorch_cases.py wrote.
func caseFile(_ name: String) -> [UInt8] {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
    .appendingPathComponent(name)
  guard let data = try? Data(contentsOf: file) else { fatalError("\(file.path) is missing: run pytorch_cases.py") }
  return [UInt8](data)
}

func bytes(base64 text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text)!) }

/// A file that is there while `body` runs.
func withFile<R>(_ name: String, _ bytes: [UInt8], _ body: (URL) throws -> R) throws -> R {
  try withScratchFolder { folder in
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return try body(file)
  }
}

/// Calls `body` with every prefix of the bytes but themselves, and with every other value of every byte.
func corruptions(of bytes: [UInt8], truncated: ([UInt8]) -> Void, changed: ([UInt8], _ at: Int) -> Void) {
  for count in bytes.indices { truncated(Array(bytes[..<count])) }
  for at in bytes.indices {
    var copy = bytes
    for value in UInt8.min...UInt8.max where value != bytes[at] {
      copy[at] = value
      changed(copy, at)
    }
  }
}

/// A value that several threads share.
final class Shared<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var stored: Value
  init(_ value: Value) { stored = value }

  var value: Value { change { $0 } }

  @discardableResult
  func change<R>(_ body: (inout Value) -> R) -> R {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return body(&stored)
  }

  /// Waits until a condition on the value holds; false after 20 seconds.
  func wait(until holds: (Value) -> Bool) -> Bool {
    let limit = Date() + 20
    condition.lock()
    defer { condition.unlock() }
    while !holds(stored) { if !condition.wait(until: limit) { return holds(stored) } }
    return true
  }
}

extension Array {
  func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
