import ConformanceSupport
import Foundation
import Testing

/// What PyTorch answered, and what we answer. The committed cases were written by `generate.py` of the conformance kit
/// with seeds 3 (float64) and 4 (float32); `CONFORMANCE_CASES=FOLDER swift test --filter Conformance` reads any others
/// too (`FOLDER/KIND/NAME.safetensors`). No case is skipped: one that fails is a failure, and so is a name that neither
/// the tables nor `exclusions` have.
struct ConformanceTests {
  /// The committed cases, and those named by the environment.
  static let folders: [CaseFolder] = {
    let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
    return ["float64", "float32"].map { CaseFolder(committed.appendingPathComponent($0)) }
      + (CaseFolder.external.map { [$0] } ?? [])
  }()

  @Test(arguments: folders)
  func modules(_ folder: CaseFolder) throws { try expectAgreement(folder, "modules", moduleTable.keys, runModule) }

  @Test(arguments: folders)
  func optimizers(_ folder: CaseFolder) throws {
    try expectAgreement(folder, "optimizers", optimizerTable.keys, runOptimizer)
  }

  @Test(arguments: folders)
  func schedulers(_ folder: CaseFolder) throws {
    try expectAgreement(folder, "schedulers", schedulerTable.keys, runScheduler)
  }

  /// Every name of the tables has committed cases, and no name is excluded that a table has.
  @Test func theTablesAreCovered() throws {
    for (kind, names) in [
      ("modules", Set(moduleTable.keys)), ("optimizers", Set(optimizerTable.keys)),
      ("schedulers", Set(schedulerTable.keys)),
    ] {
      let committed = try Self.folders[0].files(kind).map { $0.deletingPathExtension().lastPathComponent }
      #expect(names.subtracting(committed) == [])
      #expect(names.filter { exclusions["\(kind)/\($0)"] != nil } == [])
    }
  }

  /// Cases/names.txt has every KIND/NAME for which the conformance kit writes cases (PyTorch 2.15): each is in a table
  /// or excluded, and an exclusion that names nothing of it is one that no case needs.
  @Test func everyExclusionIsNeeded() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases/names.txt")
    let names = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    func plain(_ name: String) -> String { String(name.prefix { $0 != "@" }) }
    let tables =
      moduleTable.keys.map { "modules/\($0)" } + optimizerTable.keys.map { "optimizers/\($0)" }
      + schedulerTable.keys.map { "schedulers/\($0)" }
    let excluded = Set(exclusions.keys).union(opExclusions.keys.map { "ops/\($0)" }),
      ours = Set(tables + opTable.keys.map { "ops/\($0)" })
    let open = names.filter { !ours.contains(plain($0)) && !excluded.contains($0) && !excluded.contains(plain($0)) }
    #expect(open == [], "neither in a table nor excluded")
    #expect(
      excluded.subtracting(names).subtracting(names.map(plain)).sorted() == [], "excluded, but there are no such cases")
  }

  private func expectAgreement(
    _ folder: CaseFolder, _ kind: String, _ known: some Sequence<String>,
    _ run: @escaping @Sendable (Case) throws -> Void
  ) throws {
    let report = try CaseReport(folder, kind, known: Set(known), exclusions: exclusions, run: run)
    print(report)
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
