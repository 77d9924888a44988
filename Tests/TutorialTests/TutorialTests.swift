import Foundation
import Testing

/// Runs the tutorials that the test build made and reads what they print.
struct TutorialTests {
  /// The folder of the built executables: that of this test's own.
  static let products: URL = {
    #if os(Linux)
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    #else
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL.deletingLastPathComponent()
    #endif
  }()

  /// Runs one with arguments and returns its lines; fails unless it ends well.
  static func run(_ name: String, _ arguments: [String] = [], threads: Int? = nil) throws -> [String] {
    let process = Process(), pipe = Pipe()
    process.executableURL = products.appendingPathComponent(name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
    if let threads { process.environment!["TAPESTRY_THREADS"] = String(threads) }
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func digitsAreReadAndTheLastLineSaysHowWell() throws {
    let lines = try Self.run("05-Digits", ["--seed", "1"])
    let last = try #require(lines.last { !$0.isEmpty })
    #expect(last.hasPrefix("test accuracy 0.9"))
    #expect(try #require(Double(last.split(separator: " ").last!)) >= 0.96)
    #expect(lines.contains { $0.contains("40/40 epochs") })
  }

  /// The README shows Tutorials/00-Start whole, with what it prints. Other kernels than those of the machine that printed it round
  /// differently, so the accuracy may differ by two images of 360.
  @Test func theReadmesProgramIsTheOneThatRuns() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let program = try String(contentsOf: root.appendingPathComponent("Tutorials/00-Start/main.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n" + program + "```\n"))
    let shown = try #require(readme.split(separator: "\n").first { $0.hasPrefix("test accuracy 0.") })
    let printed = try #require(try Self.run("00-Start").first)
    let accuracies = [String(shown), printed].compactMap { $0.hasPrefix("test accuracy ") ? Double($0.dropFirst(14)) : nil }
    try #require(accuracies.count == 2)
    #expect(abs(accuracies[0] - accuracies[1]) <= 2.5 / 360)
  }
}
