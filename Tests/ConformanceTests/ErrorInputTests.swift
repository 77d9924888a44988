import ConformanceSupport
import Foundation
import TapestryTensors
import Testing

/// PyTorch's own error inputs, written by `error_inputs.py`: each call must end in our message. What ends otherwise stands in a table with its reason.
struct ErrorInputTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("ErrorCases")

  /// How a call ended.
  enum End: Equatable {
    case message(String)
    /// Swift's types have no such call.
    case cannotBeWritten(String)
    case accepted
  }

  static func end(_ item: Case) -> End {
    do {
      return try Failure.catching {
        do {
          _ = try item.opOutputs()
          return .accepted
        } catch { return .cannotBeWritten("\(error)") }
      }
    } catch { return .message(error.message) }
  }

  @Test func ops() throws {
    var messages = 0, later = 0, unwritten: [String] = [], accepted: [String] = []
    for item in try Case.load(Self.folder.appendingPathComponent("ops.safetensors")) {
      guard let entry = opTable[item.op] else {
        #expect(opExclusions[item.op] != nil, "\(item.op) is neither in the table nor excluded")
        later += 1
        continue
      }
      switch Self.end(item) {
      case .message(let text):
        messages += 1
        // The function's name first, then what it was given.
        #expect(entry.ours.contains { text.hasPrefix("\($0): ") } && text.contains { $0.isNumber || $0 == "[" }, "\(item.op), \(entry.ours): \(text)")
      case .cannotBeWritten(let why): unwritten.append("\(item.op): \(why)")
      case .accepted: accepted.append(item.op + " " + item.callText)
      }
    }
    print("error inputs, ops: \(messages) messages, \(unwritten.count) cannot be written in Swift, \(accepted.count) accepted, \(later) of later issues")
    #expect(Set(unwritten) == Set(cannotBeWritten.flatMap(\.value)))
    #expect(Set(accepted) == Set(acceptedErrorInputs.keys))
    #expect(messages > 90)
  }
}

extension Case {
  /// The shapes and numbers of the call, for messages.
  fileprivate var callText: String {
    func text(_ value: CaseValue) -> String {
      switch value {
      case .tensor(let x): "\(x.dtype)\(x.shape)"
      case .list(let values): "(" + values.map(text).joined(separator: ", ") + ")"
      case .integer(let n): "\(n)"
      case .number(let x): "\(x)"
      case .string(let s): s
      case .bool(let b): "\(b)"
      default: "\(value)"
      }
    }
    guard let arguments = try? CaseDecoder(self).opArguments() else { return "?" }
    return arguments.takePositional().map(text).joined(separator: ", ") + arguments.names.map { " \($0)=\(text(arguments.value($0)!))" }.joined()
  }
}
