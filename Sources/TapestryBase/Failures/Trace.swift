import Foundation

#if canImport(Runtime)
  import Runtime
  #if canImport(Glibc)
    import Glibc  // Runtime alone does not link statically
  #endif
#endif

/// A line of a source file.
public struct Place: Sendable, Equatable, CustomStringConvertible {
  /// The path, from the working folder where the file lies below it.
  public let file: String
  /// From 1.
  public let line: Int
  /// `Sources/Train/main.swift:12`
  public var description: String { "\(file):\(line)" }
}

/// The calls that led to a failure, as addresses; names and lines are looked up when somebody asks. There are none
/// where the system cannot tell: before macOS 26, and where debug information was stripped.
package struct Trace: Sendable {
  private let captured: (any Sendable)?

  /// The calls of this thread now.
  package static func capture() -> Trace {
    #if canImport(Runtime)
      if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
        return Trace(captured: try? Backtrace.capture(images: Images.loaded))
      }
    #endif
    return Trace(captured: nil)
  }

  /// The innermost line that is not the library's: what the user called it with.
  package var place: Place? { calls.first?.place }

  /// All calls outside of the library, the innermost first.
  package var text: String { calls.map { "  at \($0.place)\($0.function.map { " (\($0))" } ?? "")\n" }.joined() }

  /// Optimized code has a function's lines at the right places and its name one call too far out, so it tells lines
  /// alone.
  private var calls: [(place: Place, function: String?)] {
    #if canImport(Runtime)
      guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *), let backtrace = captured as? Backtrace
      else { return [] }
      return backtrace.symbolicated()?.frames.compactMap { frame in
        guard let symbol = frame.symbol, let at = symbol.sourceLocation, at.line > 0, !Self.isLibrary(at.path) else {
          return nil
        }
        #if DEBUG
          return (Place(file: Self.fromHere(at.path), line: at.line), symbol.name)
        #else
          return (Place(file: Self.fromHere(at.path), line: at.line), nil)
        #endif
      } ?? []
    #else
      return []
    #endif
  }

  #if canImport(Runtime)
    /// The program and its libraries, listed once: it takes a hundred times as long as the addresses.
    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    private enum Images {
      static let loaded = ImageMap.capture()
    }
  #endif

  /// The folder of the library's rooms, which were compiled where this file was.
  private static let rooms = String(#filePath.dropLast("TapestryBase/Failures/Trace.swift".count))

  private static func isLibrary(_ path: String) -> Bool {
    path.hasPrefix(rooms + "Tapestry") || path.hasPrefix(rooms + "CTapestry") || path.hasPrefix("//<")
      || path.hasPrefix("/<")
  }

  private static func fromHere(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}
