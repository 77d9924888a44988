import Foundation
import Testing

/// The rooms are what README.md, Package.swift and their own READMEs say. SwiftPM alone lets a target import whatever
/// its dependencies depend on.
struct RoomTests {
  /// What a room may import: of the rooms, and of the system ("libc" stands for Glibc, Darwin and Musl).
  struct Imports: Equatable {
    var rooms: Set<String> = [], system: Set<String> = []
  }

  static let sources = Compiler.root.appendingPathComponent("Sources")
  static let rooms = try! FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !$0.hasPrefix(".") }

  private static func files(_ room: String, _ ending: String) throws -> [String] {
    let folder = sources.appendingPathComponent(room)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }.map {
      try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
    }
  }

  /// README.md's table 'room | holds | may import', where `Tensors` is `TapestryTensors`.
  static func table(_ readme: String) -> [String: Imports] {
    guard let rows = readme.components(separatedBy: "may import |\n").dropFirst().first else { return [:] }
    var table: [String: Imports] = [:]
    for row in rows.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().prefix(while: { $0 != "" }) {
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      var imports = Imports()
      for name in cells[2].components(separatedBy: ", ") {
        if rooms.contains("Tapestry\(name)") {
          imports.rooms.insert("Tapestry\(name)")
        } else if rooms.contains(name) {
          imports.rooms.insert(name)
        } else {
          imports.system.insert(name)
        }
      }
      table[cells[0].filter { $0 != "`" }] = imports
    }
    return table
  }

  /// The rooms that Package.swift lets a room depend on, in either of its two forms: `room("A", "B", "C")`, and a target
  /// with `dependencies: ["B", "C"]`.
  static func dependencies(_ package: String) -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for row in package.matches(of: #/\broom\(\s*((?:"\w+",?\s*)+)\)/#) {
      let names = row.1.matches(of: #/\w+/#).map { String($0.0) }
      found[names[0]] = Set(names.dropFirst())
    }
    for row in package.matches(of: #/arget\(\s*name: "(\w+)",(?:\s*dependencies: \[([^\]]*)\])?/#)
    where rooms.contains(String(row.1)) {
      found[String(row.1)] = Set((row.2 ?? "").matches(of: #/\w+/#).map { String($0.0) })
    }
    return found
  }

  /// What the Swift sources of a room import.
  static func imports(_ sources: [String]) -> Imports {
    var found = Imports()
    for source in sources {
      for line in source.matches(of: #/(?m)^ *(?:@\w+ )?(?:\w+ )?import (?:\w+ )?(\w+)/#) {
        let name = String(line.1)
        if rooms.contains(name) {
          found.rooms.insert(name)
        } else {
          found.system.insert(["Glibc", "Darwin", "Musl"].contains(name) ? "libc" : name)
        }
      }
    }
    return found
  }

  @Test func theTableOfImportsIsTrue() throws {
    let table = Self.table(try SnippetTests.text("README.md"))
    let package = Self.dependencies(try SnippetTests.text("Package.swift"))
    #expect(Self.rooms.count > 10 && Set(table.keys) == Set(Self.rooms), "README.md has other rooms than Sources")
    for room in Self.rooms {
      let said = table[room], declared = package[room]
      #expect(said?.rooms == declared, "\(room): README.md and Package.swift differ")
      let swift = try Self.files(room, ".swift")
      if !swift.isEmpty { #expect(said == Self.imports(swift), "\(room): README.md and the sources differ") }
    }
  }

  /// Names in README.md stand in backticks in the first column: a folder, a file with or without ".swift", or several
  /// (`reference….c`).
  @Test(arguments: rooms.map { "Sources/\($0)" } + ["Tests", "Tests/Mutations", "Tests/ConformanceTests"])
  func theReadmeNamesEveryFile(_ folder: String) throws {
    let readme = try SnippetTests.text("\(folder)/README.md")
    #expect(readme.hasPrefix("# \(folder.split(separator: "/").last!)\n"))
    let place = Compiler.root.appendingPathComponent(folder)
    // Folders by what they hold: git leaves empty ones behind.
    var entries = Set(
      try FileManager.default.subpathsOfDirectory(atPath: place.path).compactMap { path -> String? in
        let first = path.prefix { $0 != "/" }
        return path == first && place.appendingPathComponent(path).hasDirectoryPath ? nil : String(first)
      })
    entries = entries.filter { !$0.hasPrefix(".") && $0 != "README.md" && $0 != "__pycache__" }
    // The scripts beside the test rooms are told in the text.
    if folder == "Tests" { entries = entries.filter { !$0.hasSuffix(".py") && $0 != "Slips" } }
    var unnamed = entries, gone: [String] = []
    for row in readme.split(separator: "\n") where row.hasPrefix("| `") {
      for name in row.split(separator: "|")[0].matches(of: #/`([^`]+)`/#).map({ String($0.1) }) {
        let parts = name.filter { $0 != "/" }.components(separatedBy: "…")
        let matching = entries.filter { entry in
          ["", ".swift"].contains { ending in
            entry.count >= name.count - 1 && entry.hasPrefix(parts[0]) && entry.hasSuffix(parts.last! + ending)
              && (parts.count > 1 || entry == parts[0] + ending)
          }
        }
        if matching.isEmpty { gone.append(name) }
        unnamed.subtract(matching)
      }
    }
    #expect(unnamed.sorted() == [], "\(folder)/README.md does not name them")
    #expect(gone == [], "\(folder)/README.md names what is not there")
  }

  /// Paths in CONTRIBUTING.md, from the package, Sources, Tests or CTapestry; of one that stands for many, the folder.
  @Test func theFilesToTouchAreThere() throws {
    let paths = try SnippetTests.text(".github/CONTRIBUTING.md").matches(of: #/`([\w.\/…]+\/[\w.…]+)`/#)
      .map { String($0.1) }
      .filter { path in !["Name", "Family", "ROOM", "Suite", "name."].contains { path.contains($0) } }
    #expect(paths.count > 20)
    let gone = paths.filter { path in
      let path = path.contains("…") ? path.split(separator: "/").dropLast().joined(separator: "/") : path
      return !["", "Sources", "Tests", "Sources/CTapestry"].contains {
        FileManager.default.fileExists(atPath: Compiler.root.appendingPathComponent($0).path + "/" + path)
      }
    }
    #expect(gone == [], "CONTRIBUTING.md names what is not there")
  }

  /// The readers themselves.
  @Test func whatIsRead() {
    #expect(
      Self.imports(["import CTapestry\n@_exported import TapestryBase\n  import Glibc\n// import Foundation\n"])
        == Imports(rooms: ["CTapestry", "TapestryBase"], system: ["libc"]))
    #expect(
      Self.dependencies(
        "room(\"TapestryNN\", \"TapestryOps\"), .target(\n name: \"CMeasures\", dependencies: [\"CTapestry\"], x)")
        == ["TapestryNN": ["TapestryOps"], "CMeasures": ["CTapestry"]])
    #expect(
      Self.table("| room | holds | may import |\n| --- | --- | --- |\n| `TapestryNN` | models | Ops, Foundation |\n\nx")
        == ["TapestryNN": Imports(rooms: ["TapestryOps"], system: ["Foundation"])])
  }
}
