import Foundation
import Testing

/// The programs in README.md and CHANGELOG.md are programs that compile.
struct SnippetTests {
  static func text(_ name: String) throws -> String { try String(contentsOf: Compiler.root.appendingPathComponent(name), encoding: .utf8) }

  /// Each ```swift block of the README is a part of a tutorial or of a test here, word for word; the tests run those.
  @Test func theReadmesBlocksRun() throws {
    let blocks = try Self.text("README.md").components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(!blocks.isEmpty)
    var sources: [String] = []
    for folder in ["Tutorials", "Tests/TutorialTests"] {
      for name in try FileManager.default.subpathsOfDirectory(atPath: Compiler.root.appendingPathComponent(folder).path) where name.hasSuffix(".swift") {
        sources.append(Self.trimmed(try Self.text("\(folder)/\(name)")))
      }
    }
    for block in blocks {
      let lines = Self.trimmed(block)
      #expect(sources.contains { $0.contains(lines) }, "the README shows what no tutorial and no file of Tests/TutorialTests holds:\n\(block)")
    }
  }

  /// Lines without indentation and empty ones.
  private static func trimmed(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What the snippets of the changelog take as given.
  static let given = """
    import Foundation
    import Tapestry

    final class Given {
      let model = Sequential(Linear(64, 10))
      var x = Variable(Tensor.zeros([2, 64])), q = Variable(Tensor.zeros([2, 64])), k = Variable(Tensor.zeros([2, 64]))
      var images = Tensor.zeros([2, 64]), labels = Tensor.zeros([2], .int64), epoch = 1, epochs = 2, depth = 3, deep = true
      lazy var block = model, y = model(x), logits = model(x), loss = crossEntropy(model(x), labels)
      lazy var optimizer = SGD(model.parameters(), learningRate: 0.1)
      let digits: Digits, dataset: Examples
      init() throws { digits = try Digits.load(); dataset = digits.train }
    }

    """

  /// Each indented block under "Unreleased" type-checks, in the order in which they stand. Those that are commands name a program of this package.
  @Test func theChangelogsSnippetsCompile() throws {
    let unreleased = try Self.text("CHANGELOG.md").components(separatedBy: "\n## ")[1]
    var blocks: [String] = [], open = false
    for line in unreleased.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("      ") {
        if open { blocks[blocks.count - 1] += "\n" + line } else { blocks.append(String(line)) }
        open = true
      } else if !line.allSatisfy(\.isWhitespace) {
        open = false
      }
    }
    #expect(!blocks.isEmpty)
    let package = try Self.text("Package.swift")
    for command in blocks.flatMap({ $0.split(separator: "\n") }).map({ $0.split(separator: " ").map(String.init) })
    where command.starts(with: ["swift", "run"]) {
      let program = try #require(command.dropFirst(2).first { !$0.hasPrefix("-") && $0 != "release" })
      #expect(package.contains("\"\(program)\""), "the changelog runs \(program), which is no program of this package")
    }

    let snippets = blocks.filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("swift ") }
    let functions = snippets.enumerated().map { "extension Given { func snippet\($0)() throws {\n\($1)\n} }\n" }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("Snippets-\(ProcessInfo.processInfo.processIdentifier).swift")
    try (Self.given + functions.joined()).write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try Compiler.check(file)
    let lines = (Self.given + functions.joined()).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(result.errors.isEmpty, "\(result.errors.map { "\($0.text)\n    \($0.line > 0 ? String(lines[$0.line - 1]) : "")" }.joined(separator: "\n"))")
    #expect(result.seconds.isFinite)
  }
}
