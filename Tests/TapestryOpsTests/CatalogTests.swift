import Foundation
import TapestryAutograd
import TapestryOps
import Testing

/// The Swift files of a room, those in folders too.
enum SourceFile {
  static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
    .standardizedFileURL

  static func all(in room: String, of folder: URL = sources) throws -> [(name: String, text: String)] {
    let folder = folder.appending(path: room)
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    let swift = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    return try swift.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }
}

/// The catalog against the sources, both ways.
struct CatalogTests {
  /// What the room of ops declares (`Matmul` for `struct Matmul: Op {`; `multiply` for a rule of a table), and what its
  /// lists name.
  struct Sources {
    var ops: [String] = [], rules: [String] = []
    var listedOps: [String] = [], listedRules: [String] = []

    init() throws {
      for (name, text) in try SourceFile.all(in: "TapestryOps") {
        ops += text.matches(of: /struct (\w+): (?:Op|AdjointPair)\b/).map { String($0.1) }
        rules += text.matches(of: /let (\w+)(?:: \w+)? = (?:Unary|Binary|Loss)Rule\(/).map { "\(name) \($0.1)" }
        for list in text.matches(of: /static let (?:unary|binary|elementwise) = \[([^\]]*)\]/) {
          listedRules += list.1.matches(of: /\w+/).map { "\(name) \($0.0)" }
        }
        if name == "Catalog.swift" { listedOps = text.matches(of: /(\w+)\.law\b/).map { String($0.1) } }
      }
    }
  }

  @Test func everyOpIsListed() throws {
    let sources = try Sources()
    #expect(sources.ops.count > 3 && sources.rules.count > 50)
    #expect(Set(sources.ops).subtracting(sources.listedOps).sorted() == [], "declared, but not in Catalog.swift")
    #expect(Set(sources.listedOps).subtracting(sources.ops).sorted() == [], "in Catalog.swift, but declared nowhere")
    #expect(sources.listedOps.count == Set(sources.listedOps).count, "an op is listed twice")
  }

  @Test func everyRuleIsListed() throws {
    let sources = try Sources()
    #expect(
      Set(sources.rules).subtracting(sources.listedRules).sorted() == [], "declared, but not in its family's list")
    #expect(
      Set(sources.listedRules).subtracting(sources.rules).sorted() == [], "in a family's list, but declared nowhere")
    // A family that the catalog forgets makes it shorter.
    #expect(catalog.count >= sources.ops.count + sources.rules.count)
  }
}
