// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

/// A room of the library: a module that may import the given rooms and no other (README.md has the map).
func room(_ name: String, _ imports: Target.Dependency...) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: strict)
}

let package = Package(
  name: "Tapestry",
  platforms: [.macOS(.v14)],
  products: [.library(name: "Tapestry", targets: ["Tapestry"])],
  targets: [
    .target(name: "CTapestry", exclude: ["kernels", "tiers"], cSettings: strictC),
    room("TapestryTensors", "CTapestry"),
    room("TapestryAutograd", "TapestryTensors", "CTapestry"),
    room("TapestryOps", "TapestryAutograd", "TapestryTensors", "CTapestry"),
    room("Tapestry", "TapestryOps", "TapestryAutograd", "TapestryTensors"),
    .executableTarget(name: "Benchmarks", dependencies: ["Tapestry"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
