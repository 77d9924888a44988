import Foundation
import TestSupport
import Testing

/// Tests leave nothing in the temporary folder: one function makes folders there, and removes them.
struct ScratchTests {
  @Test func theFolderIsGoneWhateverHappens() throws {
    struct Stop: Error {}
    var folders: [URL] = []
    let count = try withScratchFolder { folder in
      folders.append(folder)
      try Data([1, 2]).write(to: folder.appendingPathComponent("inside"))
      return try Data(contentsOf: folder.appendingPathComponent("inside")).count
    }
    #expect(count == 2)
    #expect(throws: Stop.self) {
      try withScratchFolder { folder in
        folders.append(folder)
        throw Stop()
      }
    }
    #expect(Set(folders).count == 2)
    for folder in folders { #expect(!FileManager.default.fileExists(atPath: folder.path)) }
  }

  @Test func nobodyElseNamesTheTemporaryFolder() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    // In pieces, so that this file does not hold them.
    let ways = [
      ["temporary", "Directory"], ["NSTemporary", "Directory"], ["mk", "dtemp"], ["mk", "stemp"], ["\"/", "tmp"],
    ].map { $0.joined() }
    var (files, found) = (0, [String]())
    for case let file as URL in try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
    {
      // Below the tests: a clone of the package may itself lie in a folder .build.
      if file.pathExtension != "swift" || file.path.dropFirst(tests.path.count).contains("/.build/") { continue }
      files += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      if ways.contains(where: text.contains) { found.append(file.lastPathComponent) }
    }
    #expect(files > 100)
    #expect(found == ["Scratch.swift"])
  }
}
