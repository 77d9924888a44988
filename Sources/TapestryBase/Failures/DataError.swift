/// What the world does wrong: a file that is not there, damaged or of another kind, data that is not what was asked
/// for, a state that does not fit. All of it is this one type, which says what is wrong, where, and what to do. (A
/// mistake in the program is no such thing; it ends in a `Failure`.)
///
///     iris.csv, line 12, column 3: "width": "wide" is no number; …
///     model.safetensors, tensor 'bias': takes 8 bytes, its offsets are 0 to 4
public struct DataError: Error, CustomStringConvertible, Sendable {
  /// What kind of fault it is, for programs that go on after some of them.
  public enum Kind: Sendable, Equatable {
    /// The system could not read the file: it is not there, or not allowed.
    case unreadable
    /// The system could not write the file; what was there before is still there.
    case unwritable
    /// The bytes are not what their format asks for: cut off, overwritten, or made up.
    case damaged
    /// A sound file that holds what our tensors cannot.
    case unsupported
    /// A state and what it was for differ; `mismatch` says how.
    case mismatched
    /// The data is not what was asked for, or an example could not be made.
    case unfit
  }

  /// What kind of fault it is.
  public let kind: Kind

  /// What is wrong and what to do, without the place.
  public let message: String

  /// The file, or what stands for it.
  public package(set) var file: String?

  /// The tensor in the file, or the key of a state.
  public package(set) var key: String?

  /// The line of a text file, from 1; a record that spans several lines counts where it begins.
  public package(set) var line: Int?

  /// The field of that line, from 1.
  public package(set) var column: Int?

  /// The byte of a binary file where the fault lies, from 0.
  public package(set) var offset: Int?

  /// The example whose loading or transform failed.
  public package(set) var example: Int?

  /// The batch of a pass whose collating or transform failed.
  public package(set) var batch: Int?

  /// How a state differs from what it was for.
  public package(set) var mismatch: StateMismatch?

  /// The line of the program, outside of the library, that led to the error; nil where the system cannot tell.
  public var place: Place? { trace.place }

  package let trace: Trace

  /// What was thrown by a data set or a transform, where it was no DataError.
  public package(set) var underlying: (any Error)?

  /// An error of one's own, from a data set or a transform; the example or batch is added where it is thrown.
  public init(
    _ message: String, _ kind: Kind = .unfit, file: String? = nil, key: String? = nil, line: Int? = nil,
    column: Int? = nil, offset: Int? = nil
  ) {
    (self.message, self.kind) = (message, kind)
    trace = .capture()
    (self.file, self.key, self.line, self.column, self.offset) = (file, key, line, column, offset)
  }

  /// A state that does not fit.
  package init(_ mismatch: StateMismatch) {
    self.init(mismatch.description, .mismatched)
    self.mismatch = mismatch
  }

  /// What was thrown while an example or a batch was made.
  package init(_ error: any Error, example: Int? = nil, batch: Int? = nil) {
    if let error = error as? DataError {
      self = error
    } else {
      self.init("\(error)")
      underlying = error
    }
    self.example = self.example ?? example
    self.batch = self.batch ?? batch
  }

  /// The same, known to be about a file.
  package func inFile(_ path: String) -> DataError {
    var error = self
    error.file = error.file ?? path
    return error
  }

  /// The place and the message: `iris.csv, line 12, column 3: …`
  public var description: String {
    let place = [
      batch.map { "batch \($0)" }, example.map { "example \($0)" }, file, key.map { "tensor '\($0)'" },
      line.map { "line \($0)" },
      column.map { "column \($0)" }, offset.map { "byte \($0)" },
    ]
    let parts = place.compactMap { $0 }
    return parts.isEmpty ? message : parts.joined(separator: ", ") + ": " + message
  }
}
