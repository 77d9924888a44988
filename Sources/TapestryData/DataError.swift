/// Why data could not be read: what is wrong, where, and what to do.
///
///     iris.csv, line 12, column 3: "width": "wide" is no number; …
public struct DataError: Error, CustomStringConvertible, Sendable {
  /// What is wrong and what to do, without the place.
  public let message: String

  /// The file, or what stands for it.
  public internal(set) var file: String?

  /// The line of a text file, from 1; a record that spans several lines counts where it begins.
  public internal(set) var line: Int?

  /// The field of that line, from 1.
  public internal(set) var column: Int?

  /// The byte of a binary file where the fault lies, from 0.
  public internal(set) var offset: Int?

  /// The example whose loading or transform failed.
  public internal(set) var example: Int?

  /// The batch of a pass whose collating or transform failed.
  public internal(set) var batch: Int?

  /// What was thrown by a data set or a transform, where it was no DataError.
  public internal(set) var underlying: (any Error)?

  /// An error of one's own, from a data set or a transform; the example or batch is added where it is thrown.
  public init(_ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil, offset: Int? = nil) {
    self.message = message
    (self.file, self.line, self.column, self.offset) = (file, line, column, offset)
  }

  /// What was thrown while an example or a batch was made.
  init(_ error: any Error, example: Int? = nil, batch: Int? = nil) {
    if let error = error as? DataError {
      self = error
    } else {
      self.init("\(error)")
      underlying = error
    }
    self.example = self.example ?? example
    self.batch = self.batch ?? batch
  }

  public var description: String {
    let place = [
      batch.map { "batch \($0)" }, example.map { "example \($0)" }, file, line.map { "line \($0)" }, column.map { "column \($0)" }, offset.map { "byte \($0)" },
    ]
    let parts = place.compactMap { $0 }
    return parts.isEmpty ? message : parts.joined(separator: ", ") + ": " + message
  }
}
