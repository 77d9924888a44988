import Foundation
import TestSupport
import Testing

/// The programs in README.md and CHANGELOG.md are programs that compile.
struct SnippetTests {
  static func text(_ name: String) throws -> String {
    try String(contentsOf: Compiler.root.appendingPathComponent(name), encoding: .utf8)
  }

  /// Each ```swift block of the README is a part of a tutorial or of a test here, word for word; the tests run those.
  @Test func theReadmesBlocksRun() throws {
    let blocks = try Self.text("README.md").components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    #expect(!blocks.isEmpty)
    var sources: [String] = []
    for folder in ["Tutorials", "Tests/TutorialTests"] {
      for name in try FileManager.default.subpathsOfDirectory(atPath: Compiler.root.appendingPathComponent(folder).path)
      where name.hasSuffix(".swift") {
        sources.append(Self.trimmed(try Self.text("\(folder)/\(name)")))
      }
    }
    for block in blocks {
      let lines = Self.trimmed(block)
      #expect(
        sources.contains { $0.contains(lines) },
        "the README shows what no tutorial and no file of Tests/TutorialTests holds:\n\(block)")
    }
  }

  /// Each Swift cell of the table "From PyTorch" stands in Tests/Slips/FromPyTorch.swift, which SlipTests compiles.
  @Test func theReadmesTableFromPyTorchCompiles() throws {
    let section = try #require(
      try Self.text("README.md").components(separatedBy: "## From PyTorch\n").dropFirst().first
    ).components(separatedBy: "\n## ")[0]
    let source = try Self.text("Tests/Slips/FromPyTorch.swift")
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count > 20)
    for row in rows {
      let cell = row.components(separatedBy: " | ")[1].split(separator: "`")[0]
      #expect(
        source.contains(cell), "the README's table shows what Tests/Slips/FromPyTorch.swift does not hold: \(cell)")
    }
  }

  /// Lines without indentation and empty ones.
  private static func trimmed(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.joined(
      separator: "\n")
  }

  /// What the snippets of the changelog take as given.
  static let given = """
    _ model: Sequential, _ block: Sequential, _ x: Variable, _ y: Variable, _ q: Variable, _ k: Variable, \
    _ loss: Variable, _ logits: Variable, _ images: Tensor, _ labels: Tensor, _ digits: Digits, _ optimizer: Adam, \
    _ epoch: Int, _ epochs: Int, _ depth: Int, _ deep: Bool
    """

  /// The indented blocks of a section of the changelog.
  static func blocks(_ section: String) -> [String] {
    var blocks: [String] = [], open = false
    for line in section.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("      ") {
        if open { blocks[blocks.count - 1] += "\n" + line } else { blocks.append(String(line)) }
        open = true
      } else if !line.allSatisfy(\.isWhitespace) {
        open = false
      }
    }
    return blocks
  }

  /// Each indented block under "Unreleased" type-checks, in the order in which they stand; after a release, which
  /// empties that section, each of the release. Those that are commands name a program of this package.
  @Test func theChangelogsSnippetsCompile() throws {
    let sections = try Self.text("CHANGELOG.md").components(separatedBy: "\n## ").dropFirst()
    #expect(sections.first?.hasPrefix("[Unreleased]") == true)
    let blocks = try #require(
      sections.prefix(2).map(Self.blocks).first { !$0.isEmpty },
      "neither Unreleased nor the newest release shows a snippet")
    let package = try Self.text("Package.swift")
    for command in blocks.flatMap({ $0.split(separator: "\n") }).map({ $0.split(separator: " ").map(String.init) })
    where command.starts(with: ["swift", "run"]) {
      let program = try #require(command.dropFirst(2).first { !$0.hasPrefix("-") && $0 != "release" })
      #expect(package.contains("\"\(program)\""), "the changelog runs \(program), which is no program of this package")
    }

    let snippets = blocks.filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("swift ") }
    let functions = snippets.enumerated().map { "func snippet\($0)(\(Self.given)) throws {\n\($1)\n}\n" }
    let result = try withScratchFolder { folder in
      let file = folder.appendingPathComponent("Snippets.swift")
      try ("import Foundation\nimport Tapestry\n" + functions.joined()).write(
        to: file, atomically: true, encoding: .utf8)
      return try Compiler.check(file)
    }
    #expect(result.errors.isEmpty, "\(result.output)")
  }
}
