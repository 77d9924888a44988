// swift-tools-version: 6.2
// A program that uses Tapestry as any Swift 6 project would: by a dependency, in language mode 6, with warnings as
// errors and without a single annotation that silences the compiler. `.ci/run` builds and runs it under the thread
// sanitizer.
import PackageDescription

let package = Package(
  name: "Client",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Tapestry", path: "../..")],
  targets: [
    .executableTarget(
      name: "Client", dependencies: [.product(name: "Tapestry", package: "Tapestry")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
