import Foundation
import TestSupport
import Testing

/// The compiler that a user would run, on files that are in no target, against the modules that this test was built
/// with.
enum Compiler {
  struct Message: Hashable, Comparable, CustomStringConvertible {
    let line: Int
    let text: String
    var description: String { "line \(line): \(text)" }
    static func < (a: Message, b: Message) -> Bool { (a.line, a.text) < (b.line, b.text) }
  }

  struct Result {
    /// Each once, in the order of lines.
    let errors: [Message]
    let output: String
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// How many scopes the type checker may open for one expression: a fifth of its own limit of a million. Past it, it
  /// says "unable to type-check this expression in reasonable time". Unlike seconds, a count is the same on every
  /// machine, however busy. (100,000 scopes take about a second.)
  static let scopes = 200_000

  /// Checks a file as a user's project would, types and data races, in language mode 6; an expression that takes too
  /// long is an error.
  static func check(_ file: URL, _ options: [String] = []) throws -> Result {
    let products = TutorialTests.products, process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-emit-sil", "-o", "/dev/null", "-parse-as-library", "-swift-version", "6"]
      + ["-Xfrontend", "-solver-scope-threshold=\(scopes)"]
      + ["-module-name", "Slips", "-module-cache-path", products.appendingPathComponent("ModuleCache").path]
      + ["-I", products.appendingPathComponent("Modules").path] + moduleMaps + target + options + [file.path]
    process.standardError = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()

    var errors = Set<Message>()
    for line in output.split(separator: "\n").map(String.init) {
      let parts = line.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
      if parts.count == 5, parts[0].hasSuffix(".swift"), parts[3] == " error", let number = Int(parts[1]) {
        errors.insert(Message(line: number, text: parts[4].trimmingCharacters(in: .whitespaces)))
      } else if line.hasPrefix("error:") || line.contains("unknown>:0: error") {
        errors.insert(Message(line: 0, text: line))
      }
    }
    return Result(errors: errors.sorted(), output: output)
  }

  /// The C modules, which the Swift modules import.
  private static let moduleMaps: [String] = {
    let files =
      (try? FileManager.default.contentsOfDirectory(at: TutorialTests.products, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "build" }.map { $0.appendingPathComponent("module.modulemap").path }
      .filter { FileManager.default.fileExists(atPath: $0) }.sorted().flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
  }()

  private static var target: [String] {
    #if os(macOS) && arch(arm64)
      ["-target", "arm64-apple-macosx14.0"]
    #elseif os(macOS)
      ["-target", "x86_64-apple-macosx14.0"]
    #else
      []
    #endif
  }
}

extension Compiler {
  /// What a built module makes public, as the compiler tells it: its symbol graph, and one for each module whose types
  /// it extends.
  static func symbolGraphs(of module: String) throws -> [[String: Any]] {
    try withScratchFolder { folder in
      let process = Process(), pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        ["swift", "symbolgraph-extract", "-module-name", module, "-minimum-access-level", "public"]
        + ["-emit-extension-block-symbols", "-output-dir", folder.path, "-module-cache-path"]
        + [TutorialTests.products.appendingPathComponent("ModuleCache").path]
        + ["-I", TutorialTests.products.appendingPathComponent("Modules").path] + moduleMaps + triple
      process.standardError = pipe
      try process.run()
      let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      if files.isEmpty { throw Unreadable(words: output) }
      return try files.compactMap { try JSONSerialization.jsonObject(with: Data(contentsOf: $0)) as? [String: Any] }
    }
  }

  struct Unreadable: Error { let words: String }

  /// The extractor wants a target, also where it is the machine's own.
  private static var triple: [String] {
    #if os(macOS)
      target
    #elseif arch(x86_64)
      ["-target", "x86_64-unknown-linux-gnu"]
    #else
      ["-target", "aarch64-unknown-linux-gnu"]
    #endif
  }
}
