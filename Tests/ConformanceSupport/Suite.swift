import Foundation
import TapestryTensors

/// A folder of cases: `KIND/NAME.safetensors`.
package struct CaseFolder: Sendable, CustomStringConvertible {
  package let url: URL
  package init(_ url: URL) { self.url = url }

  package var description: String { url.lastPathComponent }

  /// The folder named by `CONFORMANCE_CASES` in the environment, if there is one.
  package static var external: CaseFolder? {
    ProcessInfo.processInfo.environment["CONFORMANCE_CASES"].map {
      CaseFolder(URL(fileURLWithPath: $0, isDirectory: true))
    }
  }

  /// The files of a kind, by name. A folder that is not there is an error; one without this kind is not.
  package func files(_ kind: String) throws -> [URL] {
    let kinds = try FileManager.default.contentsOfDirectory(atPath: url.path)
    if !kinds.contains(kind) { return [] }
    let names = try FileManager.default.contentsOfDirectory(atPath: url.appendingPathComponent(kind).path)
    return names.filter { $0.hasSuffix(".safetensors") }.sorted().map {
      url.appendingPathComponent(kind).appendingPathComponent($0)
    }
  }
}

/// What came of the cases of one kind in one folder.
package struct CaseReport: CustomStringConvertible {
  package let kind: String
  package let folder: String
  package private(set) var agreeing = 0
  package private(set) var names = 0
  package private(set) var excluded: [String] = []
  package private(set) var failures: [String] = []

  /// Runs every case of the kind. `known` are the names that the library has; `exclusions` are `KIND/NAME` with the
  /// reason why the library does not have it. A name that is in neither fails.
  package init(
    _ folder: CaseFolder, _ kind: String, known: Set<String>, exclusions: [String: String],
    run: @escaping @Sendable (Case) throws -> Void
  ) throws {
    self.kind = kind
    self.folder = folder.description
    for file in try folder.files(kind) {
      let name = file.deletingPathExtension().lastPathComponent
      if exclusions["\(kind)/\(name)"] != nil {
        excluded.append(name)
        continue
      }
      if !known.contains(name) {
        failures.append("\(kind)/\(name): the suite does not know this name, and no exclusion gives a reason")
        continue
      }
      names += 1
      for item in try Case.load(file) {
        if let why = outcome(item, run) { failures.append("\(item.title): \(why)") } else { agreeing += 1 }
      }
    }
  }

  package var description: String {
    """
    conformance, \(kind) in \(folder): \(agreeing) cases of \(names) names agree, \(failures.count) fail, \
    \(excluded.count) names excluded
    """
  }
}

/// Why a case fails, or nil. A case that our own check refuses (`fail`) must not end the others.
package func outcome(_ item: Case, _ run: @escaping (Case) throws -> Void) -> String? {
  do {
    return try Failure.catching {
      do {
        try run(item)
        return nil
      } catch { return "\(error)" }
    }
  } catch { return "refused: \(error.message)" }
}
