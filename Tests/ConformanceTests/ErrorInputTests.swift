import ConformanceSupport
import Foundation
import TapestryTensors
import Testing

/// PyTorch's own error inputs, written by `error_inputs.py`: each call must end in our message. What ends otherwise
/// stands in a table with its reason.
struct ErrorInputTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("ErrorCases")

  /// How a call ended.
  enum End: Equatable {
    case message(String)
    /// Swift's types have no such call.
    case cannotBeWritten(String)
    case accepted
  }

  static func end(_ body: @escaping () throws -> Void) -> End {
    do {
      return try Failure.catching {
        do {
          try body()
          return .accepted
        } catch { return .cannotBeWritten("\(error)") }
      }
    } catch { return .message(error.message) }
  }

  private func expectSame(_ found: [String], _ known: [String]) {
    #expect(Set(found).subtracting(known).sorted() == [], "not in ErrorInputExceptions.swift")
    #expect(Set(known).subtracting(found).sorted() == [], "in ErrorInputExceptions.swift, but no case needs it")
    #expect(known.count == Set(known).count && found.count == known.count)
  }

  @Test func ops() throws {
    var messages = 0, later = 0, unwritten: [String] = [], accepted: [String] = []
    for item in try Case.load(Self.folder.appendingPathComponent("ops.safetensors")) {
      guard let entry = opTable[item.op] else {
        #expect(opExclusions[item.op] != nil, "\(item.op) is neither in the table nor excluded")
        later += 1
        continue
      }
      switch Self.end({ _ = try item.opOutputs() }) {
      case .message(let text):
        messages += 1
        // The function's name first, then what it was given.
        #expect(
          entry.ours.contains { text.hasPrefix("\($0): ") } && text.contains { $0.isNumber || $0 == "[" },
          "\(item.op), \(entry.ours): \(text)")
      case .cannotBeWritten(let why): unwritten.append("\(item.op) #\(item.number ?? -1): \(why)")
      case .accepted: accepted.append("\(item.op) #\(item.number ?? -1): \(item.callText)")
      }
    }
    print(
      """
      error inputs, ops: \(messages) messages, \(unwritten.count) cannot be written in Swift, \(accepted.count) \
      accepted, \(later) of later issues
      """)
    // Case by case: one that is missing is as wrong as one too many.
    expectSame(
      unwritten, cannotBeWritten.flatMap(\.value).filter { !$0.hasPrefix("nn.") || $0.hasPrefix("nn.functional.") })
    #expect(Set(accepted) == Set(acceptedErrorInputs.keys.filter { !$0.hasPrefix("nn.") }))
    #expect(messages > 90)
  }

  @Test func modules() throws {
    var messages = 0, later = 0, unwritten: [String] = [], accepted: [String] = []
    for item in try Case.load(Self.folder.appendingPathComponent("modules.safetensors")) {
      guard case .string(let name)? = item.json["module"], let build = moduleTable[name] else {
        if case .string(let name)? = item.json["module"] {
          #expect(exclusions["modules/\(name)"] != nil, "\(name) is neither in the table nor excluded")
        }
        later += 1
        continue
      }
      let end = Self.end {
        let decoder = CaseDecoder(item), options = try decoder.arguments("kwargs", prefix: "kwargs")
        if let dim = options.value("dim"), case .integer = dim {
        } else if let dim = options.value("dim") {
          throw CaseFailure("dim is \(dim.kind)")
        }
        let built = try build(options)
        try options.finish()
        if item.json["phase"] == .string("constructor") { return }
        built.module.to(item.dtype)
        _ = try built.call(try decoder.arguments("forward", prefix: "input"))
      }
      switch end {
      case .message(let text):
        messages += 1
        // The class itself, or its path and then its function; and what it was given.
        let type = name.dropFirst("nn.".count)
        #expect(text.hasPrefix("\(type): ") || text.contains("(\(type)): "), "\(name): \(text)")
        #expect(text.contains { $0.isNumber || $0 == "[" }, "\(name): \(text)")
      case .cannotBeWritten(let why): unwritten.append("\(name) #\(item.number ?? -1): \(why)")
      case .accepted: accepted.append("\(name) #\(item.number ?? -1)")
      }
    }
    print(
      """
      error inputs, modules: \(messages) messages, \(unwritten.count) cannot be written in Swift, \(accepted.count) \
      accepted, \(later) of later issues
      """)
    expectSame(
      unwritten, cannotBeWritten.flatMap(\.value).filter { $0.hasPrefix("nn.") && !$0.hasPrefix("nn.functional.") })
    #expect(Set(accepted) == Set(acceptedErrorInputs.keys.filter { $0.hasPrefix("nn.") }))
    #expect(messages > 8)
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
    return arguments.takePositional().map(text).joined(separator: ", ")
      + arguments.names.map { " \($0)=\(text(arguments.value($0)!))" }.joined()
  }
}
