// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

/// A room of the library: a module that may import the given rooms and no other (README.md has the map, RoomTests
/// compares).
func room(_ name: String, _ imports: Target.Dependency...) -> Target {
  .target(name: name, dependencies: imports, exclude: ["README.md"], swiftSettings: strict)
}

/// A numbered program to learn from: `swift run -c release 05-Digits`.
func tutorial(_ name: String, exclude: [String] = []) -> Target {
  .executableTarget(
    name: name, dependencies: ["Tapestry"], path: "Tutorials/\(name)", exclude: exclude,
    swiftSettings: strict + [.defaultIsolation(MainActor.self)])
}

/// Tests of one room. `package` access shares internals with them, so they need no @testable and run in release builds
/// too.
func tests(_ room: String, exclude: [String] = [], _ imports: Target.Dependency...) -> Target {
  .testTarget(name: "\(room)Tests", dependencies: imports + ["TestSupport"], exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "Tapestry",
  platforms: [.macOS(.v14)],
  products: [.library(name: "Tapestry", targets: ["Tapestry"])],
  targets: [
    .target(
      name: "CTapestry", exclude: ["README.md", "kernels", "tiers/family.inc"], cSettings: strictC,
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("TapestryBase", "CTapestry"),
    room("TapestryTensors", "TapestryBase", "CTapestry"),
    room("TapestryAutograd", "TapestryTensors", "CTapestry"),
    room("TapestryOps", "TapestryAutograd", "TapestryTensors", "CTapestry"),
    room("TapestryNN", "TapestryOps", "TapestryAutograd", "TapestryTensors"),
    room("TapestryOptim", "TapestryAutograd", "TapestryTensors", "CTapestry"),
    .target(
      name: "CTapestryData", exclude: ["README.md", "digits.bin", "diabetes.csv"], cSettings: strictC,
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    room("TapestryData", "TapestryTensors", "CTapestryData"),
    room(
      "TapestryTraining", "TapestryData", "TapestryOptim", "TapestryNN", "TapestryOps", "TapestryAutograd",
      "TapestryTensors"),
    room(
      "Tapestry", "TapestryTraining", "TapestryData", "TapestryOptim", "TapestryNN", "TapestryOps", "TapestryAutograd",
      "TapestryTensors", "TapestryBase"),
    // Measures the kernels with their own formulas, so it reads CTapestry's sources.
    .target(
      name: "CMeasures", dependencies: ["CTapestry"], exclude: ["README.md"],
      cSettings: strictC + [.headerSearchPath("../CTapestry")]),
    .executableTarget(
      name: "Benchmarks", dependencies: ["Tapestry", "CTapestry", "CMeasures"],
      exclude: ["README.md", "compare.py", "shapes.py"], swiftSettings: strict),
    tutorial("00-Start"),
    tutorial("01-Tensors"),
    tutorial("02-Gradients"),
    tutorial("03-Layers"),
    tutorial("04-Training"),
    tutorial("05-Digits", exclude: ["pytorch.py"]),
    tutorial("06-Inspecting"),
    tutorial("07-YourOwnCSV"),
    .target(name: "TestSupport", dependencies: ["TapestryTensors"], path: "Tests/TestSupport", swiftSettings: strict),
    .target(name: "CSanitizers", path: "Tests/CSanitizers", cSettings: strictC),
    tests("CTapestry", exclude: ["LIMITS.md"], "CSanitizers", "CMeasures", "CTapestry", "TapestryTensors"),
    tests("TapestryBase", "TapestryTensors", "TapestryBase"),
    tests("TapestryTensors", "TapestryTensors", "CTapestry"),
    tests("TapestryAutograd", "CSanitizers", "TapestryOps", "TapestryAutograd", "TapestryTensors", "CTapestry"),
    tests("TapestryOps", "TapestryOps", "TapestryAutograd", "TapestryTensors", "CTapestry"),
    tests("TapestryNN", "CTapestry", "TapestryNN", "TapestryOps", "TapestryAutograd", "TapestryTensors"),
    tests(
      "TapestryOptim", exclude: ["pytorch_cases.py"], "TapestryOptim", "TapestryOps", "TapestryAutograd",
      "TapestryTensors"),
    tests("TapestryData", exclude: ["Cases", "pytorch_cases.py"], "TapestryData", "TapestryTensors"),
    tests(
      "TapestryTraining", "CSanitizers", "CTapestry", "TapestryTraining", "TapestryNN", "TapestryOptim", "TapestryData",
      "TapestryOps", "TapestryAutograd",
      "TapestryTensors"),
    .target(
      name: "ConformanceSupport", dependencies: ["TapestryData", "TapestryOps", "TapestryAutograd", "TapestryTensors"],
      path: "Tests/ConformanceSupport",
      swiftSettings: strict),
    tests(
      "Conformance", exclude: ["README.md", "Cases", "ErrorCases", "error_inputs.py", "pinned_cases.py"],
      "ConformanceSupport", "Tapestry"),
    tests(
      "Tutorial", "Tapestry", "00-Start", "01-Tensors", "02-Gradients", "03-Layers", "04-Training", "05-Digits",
      "06-Inspecting", "07-YourOwnCSV"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
