// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "Tapestry",
  platforms: [.macOS(.v14)],
  targets: [
    .target(name: "CTapestry", exclude: ["kernels", "tiers/body.inc"], cSettings: strictC),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
