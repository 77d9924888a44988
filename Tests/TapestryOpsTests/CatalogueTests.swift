import Foundation
import TapestryAutograd
import TapestryOps
import Testing

/// The catalogue against the sources, both ways.
struct CatalogueTests {
  /// What the room of ops declares: `Matmul` for `struct Matmul: Op {`, `Arithmetic.multiply` for a rule of a table.
  static func declared() throws -> [String] {
    let room = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/TapestryOps")
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(at: room, includingPropertiesForKeys: nil) where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      var table = ""
      for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
        if let match = line.firstMatch(of: /^(?:package |public )?(?:enum|extension|struct) (\w+)/) { table = String(match.1) }
        if let match = line.firstMatch(of: /struct (\w+): Op\b/) { names.append(String(match.1)) }
        if let match = line.firstMatch(of: /let (\w+)(?:: \w+)? = (?:Unary|Binary)Rule\(/) { names.append("\(table).\(match.1)") }
      }
    }
    return names
  }

  static func listed() throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/TapestryOps/Catalogue.swift")
    return try String(contentsOf: file, encoding: .utf8).matches(of: /(\w+(?:\.\w+)?)\.law\b/).map { String($0.1) }
  }

  @Test func everyOpIsListed() throws {
    let declared = try Self.declared(), listed = try Self.listed()
    #expect(declared.count > 3)
    #expect(Set(declared).subtracting(listed).sorted() == [], "declared, but not in Catalogue.swift")
    #expect(Set(listed).subtracting(declared).sorted() == [], "in Catalogue.swift, but declared nowhere")
    #expect(listed.count == Set(listed).count, "listed twice")
    #expect(listed.count == catalogue.count)
  }
}
