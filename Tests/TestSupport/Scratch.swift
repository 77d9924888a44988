import Foundation

/// A folder that is there while `body` runs, and gone afterwards whatever happened. No test writes files elsewhere:
/// ScratchTests looks.
package func withScratchFolder<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tapestry-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
