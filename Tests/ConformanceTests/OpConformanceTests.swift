import ConformanceSupport
import Foundation
import Testing

/// What PyTorch's functions answer on its own sample inputs, and what ours answer: outputs and gradients. The committed
/// cases were written by `generate.py` of the conformance kit (`--kinds ops --cap 3 --seed 3`);
/// `CONFORMANCE_CASES=FOLDER swift test --filter OpConformance` reads others too.
struct OpConformanceTests {
  static let committed = CaseFolder(
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases/float64"))

  @Test(arguments: [committed] + (CaseFolder.external.map { [$0] } ?? []))
  func ops(_ folder: CaseFolder) throws {
    let names = try folder.files("ops").map { $0.deletingPathExtension().lastPathComponent }
    let ours = names.filter { opTable[String($0.prefix { $0 != "@" })] != nil }
    let excluded = names.compactMap { name in opExclusion(name).map { ("ops/\(name)", $0) } }
    let report = try CaseReport(folder, "ops", known: Set(ours), exclusions: Dictionary(uniqueKeysWithValues: excluded))
    { try $0.runOp() }
    let known = Dictionary(grouping: report.failures.compactMap(opDifference)) { $0 }
    print(report)
    for (reason, cases) in known.sorted(by: { $0.key < $1.key }) { print("  \(cases.count) known: \(reason)") }
    for failure in report.failures where opDifference(failure) == nil { Issue.record("\(failure)") }
    // A pinned case of this folder that agrees needs its entry no more.
    let refused = Set(report.failures.filter { opDifference($0) != nil }.map { String($0.prefix { $0 != ":" }) })
    let titles = try Self.titles(folder)
    #expect(
      pinnedCases.intersection(titles).subtracting(refused).sorted() == [],
      "agrees or fails otherwise: take it from OpDifferences.swift")
  }

  /// "ops/cat #3" of every case of a folder.
  private static func titles(_ folder: CaseFolder) throws -> Set<String> {
    let files = try folder.files("ops").filter { file in
      opDifferences.contains { $0.file == file.deletingPathExtension().lastPathComponent }
    }
    return Set(try files.flatMap { try Case.load($0) }.map(\.title))
  }

  /// Every pinned case is among the committed ones (`pinned_cases.py` adds them), so that each is run and each is
  /// needed.
  @Test func everyPinnedCaseIsCommitted() throws {
    #expect(pinnedCases.subtracting(try Self.titles(Self.committed)).sorted() == [])
    #expect(pinnedCases.count == opDifferences.reduce(0) { $0 + $1.cases.count }, "a case is pinned twice")
  }

  /// Every function of the table has committed cases, and none is excluded that the table has.
  @Test func theTableIsCovered() throws {
    let committed = try Self.committed.files("ops").map {
      String($0.deletingPathExtension().lastPathComponent.prefix { $0 != "@" })
    }
    #expect(Set(opTable.keys).subtracting(committed) == [])
    #expect(Set(committed).subtracting(opTable.keys) == [])
    #expect(opExclusions.keys.filter { opTable[$0] != nil } == [])
  }
}
