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
    // Under the address sanitizer: memory errors count, leaks do not, for the strings of an async main's top level and
    // the frames that a caught failure leaves are taken for leaks. In the tests' own process they are looked for
    // (CSanitizers).
    process.environment!["ASAN_OPTIONS", default: ""] += ":detect_leaks=0"
    if let threads { process.environment!["TAPESTRY_THREADS"] = String(threads) }
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
  }

  @Test func digitsAreReadAndTheLastLineSaysHowWell() throws {
    let lines = try Self.run("05-Digits", ["--seed", "1"])
    let last = try #require(lines.last { !$0.isEmpty })
    #expect(last.hasPrefix("test accuracy 0.9"))
    #expect(try #require(Double(last.split(separator: " ").last!)) >= 0.96)
    #expect(lines.contains { $0.contains("40/40 epochs") })
  }

  /// Values from NumPy and by hand.
  @Test func tensors() throws {
    let text = try Self.run("01-Tensors").joined(separator: "\n")
    for part in [
      "x.shape, x.dtype, x.count\n[2, 3], float32, 6", "x[..., -1]\n[3. 6.]",
      "y, after y[0, 1...] = … and y[1] *= 10\n[[ 1. 20. 30.]\n [40. 50. 60.]]",
      "x is what it was\n[[1. 2. 3.]", "x[x .> 2]\n[3. 4. 5. 6.]",
      "x.sum(), x.mean(0), x.amax(-1)\n21., [2.5 3.5 4.5], [3. 6.]",
      "… once more, the same bits?\ntrue", "[4.0, 5.0, 6.0], 3.0",
    ] { #expect(text.contains(part), "01-Tensors does not print: \(part)") }
  }

  /// At (1, 2, 3): 3x² + 2 = 5, 14, 29; the Hessian of x₀²x₁ at (1, 2) is (4, 2; 2, 0).
  @Test func gradients() throws {
    let lines = try Self.run("02-Gradients"), text = lines.joined(separator: "\n")
    for part in [
      "is 48.0", "x.grad = 3x² + 2 = [ 5. 14. 29.]", "1 + 2 + 3 backward passes: [6. 6. 6.]",
      "exp(2x) / exp(2x) = [4. 4. 4.]", "(1, 2):\n[[4. 2.]\n [2. 0.]]",
      "gradientCheck: passed",
    ] {
      #expect(text.contains(part), "02-Gradients does not print: \(part)")
    }
    let fit = try #require(lines.first { $0.hasPrefix("step 200") }).split(separator: " ")
    #expect(abs(try #require(Double(fit[6])) - 3) < 0.1)
    #expect(abs(try #require(Double(fit[8])) + 1) < 0.1)
  }

  @Test func layers() throws {
    let text = try Self.run("03-Layers").joined(separator: "\n")
    for part in [
      "logits: [5, 10]", "blocks.0.inner.weight  [128, 32]", "the twin answers alike: true",
      "head.1 (Linear)  [5, 32] → [5, 10]",
      "still trained: head.0.weight, head.0.bias, head.1.weight, head.1.bias, temperature",
      "four tasks, the same bits: true",
      "the state does not fit Classifier:\n  unknown to Classifier:\n    blocks.1.norm.weight",
    ] { #expect(text.contains(part), "03-Layers does not print: \(part)") }
  }

  @Test func training() throws {
    let lines = try Self.run("04-Training"), last = try #require(lines.last { !$0.isEmpty })
    #expect(last.hasPrefix("best epoch "))
    #expect(try #require(Double(last.split(separator: " ").last!)) >= 0.95)
    #expect(lines.contains { $0.contains("a model that does not fit says so:") })
    let rates = lines.map { $0.split(separator: " ") }.filter { $0.count == 5 && Int($0[0]) != nil }.map { $0[3] }
    #expect(rates.count == 12)
    #expect(rates.first == "1.1e-03" && rates.last == "1.0e-05")
  }

  @Test func inspecting() throws {
    let text = try Self.run("06-Inspecting").joined(separator: "\n")
    for part in [
      "0      Linear(64, 128)  [32, 128]       8,320",
      "total  Sequential                       9,610  37.5 KiB     57.2 KiB        303,104", "\n[32, 10]\n",
      "\n1 (Linear): linear: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ",
      "0.weight   [64, 128]", "gradients ",
      "\n0 (Scale): log: the result of shape [32, 64] has a NaN",
    ] { #expect(text.contains(part), "06-Inspecting does not print: \(part)") }
  }

  /// It fails by itself if its claims do not come true; the shares in the parts are checked here, and that the same seed
  /// prints the same on any number of threads.
  @Test func yourOwnCSV() throws {
    let lines = try Self.run("07-YourOwnCSV", ["--quick"], threads: 1), text = lines.joined(separator: "\n")
    #expect(try Self.run("07-YourOwnCSV", ["--quick"], threads: 3) == lines)
    for part in [
      "machines.csv: 600 records of temperature, vibration, load, hours, supplier, state",
      "\n  temperature,vibration,load,hours,supplier,state\n", ": as of a model that knows nothing yet\n",
      "\noverfits one batch: loss ", "\nall 4 parameters have a gradient\n", "\nweighted cross-entropy\n",
      "\n  series       first ", "\nclass             precision  recall  F1 score  examples\n", "\ntruth ╲ predicted\n",
      "78.5 °C, Emme", "\n8. 3 folds, each once for testing", "\nloaded and saved model give the same bits: true\n",
    ] { #expect(text.contains(part), "07-YourOwnCSV does not print: \(part)") }
    #expect(!text.contains("\u{1B}"), "colors in what is no terminal")
    func counts(_ part: String) throws -> [Int] {
      let line = try #require(lines.first { $0.hasPrefix("  \(part) ") && $0.contains(where: \.isNumber) })
      return line.split(separator: " ").compactMap { Int($0) }
    }
    let (train, valid, test) = (try counts("training"), try counts("validation"), try counts("test"))
    #expect(train[0] == 360 && valid[0] == 120 && test[0] == 120)
    for i in 1...3 {
      #expect(train[1...].reduce(0, +) == 360 && abs(Double(train[i]) - 3 * Double(valid[i])) <= 3)
      #expect(abs(valid[i] - test[i]) <= 1)
    }
  }

  /// The README shows Tutorials/00-Start whole, with what it prints. Other kernels than those of the machine that
  /// printed it round differently, so the accuracy may differ by two images of 360.
  @Test func theReadmesProgramIsTheOneThatRuns() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let program = try String(contentsOf: root.appendingPathComponent("Tutorials/00-Start/main.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n" + program + "```\n"))
    let shown = try #require(readme.split(separator: "\n").first { $0.hasPrefix("test accuracy 0.") })
    let printed = try #require(try Self.run("00-Start").first)
    let accuracies = [String(shown), printed].compactMap {
      $0.hasPrefix("test accuracy ") ? Double($0.dropFirst(14)) : nil
    }
    try #require(accuracies.count == 2)
    #expect(abs(accuracies[0] - accuracies[1]) <= 2.5 / 360)
  }
}
