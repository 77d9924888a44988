import Foundation
import Testing

/// Typical mistakes, in Tests/Slips: each ends in a plain error, and soon. The lines say which:
/// `// error: part of the message`. All other lines there compile. A first line `// options: …` is for the compiler.
struct SlipTests {
  static let files: [String] = {
    let folder = Compiler.root.appendingPathComponent("Tests/Slips").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".swift") }
      .sorted()
  }()

  @Test(arguments: files) func slipsEndInPlainErrorsSoon(_ name: String) throws {
    let file = Compiler.root.appendingPathComponent("Tests/Slips/\(name)")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let options = lines[0].hasPrefix("// options: ") ? lines[0].split(separator: " ").dropFirst(2).map(String.init) : []
    let result = try Compiler.check(file, options)
    #expect(
      !result.output.contains("reasonable time"),
      "\(name): \(result.errors.filter { $0.text.contains("reasonable time") })")
    #expect(!result.output.contains("failed to produce diagnostic"))

    for (i, line) in lines.enumerated() {
      let found = result.errors.filter { $0.line == i + 1 }
      guard let mark = line.range(of: "// error: ") else {
        #expect(found.isEmpty, "\(name):\(i + 1) is no slip")
        continue
      }
      let expected = line[mark.upperBound...]
      #expect(
        found.contains { $0.text.contains(expected) }, "\(name):\(i + 1) should say: \(expected). It says: \(found)")
    }
    #expect(result.errors.allSatisfy { $0.line > 0 }, "\(result.output)")
  }

  /// The limit is one that the compiler obeys: with a tenth of it, formulas that need more are given up.
  @Test func slowFormulasAreNoticed() throws {
    let file = Compiler.root.appendingPathComponent("Tests/Slips/LongFormulasMore.swift")
    let result = try Compiler.check(file, ["-Xfrontend", "-solver-scope-threshold=\(Compiler.scopes / 10)"])
    #expect(result.errors.contains { $0.text.contains("reasonable time") })
  }

  @Test func thereAreSlips() {
    #expect(Self.files.contains("Formulas.swift"))
    #expect(Self.files.count >= 6)
  }
}
