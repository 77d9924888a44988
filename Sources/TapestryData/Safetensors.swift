import Foundation
import TapestryTensors

/// Named tensors in a safetensors file (https://huggingface.co/docs/safetensors): the format that PyTorch's users
/// exchange weights in. It holds numbers only, so loading one runs no code.
///
///     try Safetensors.save(["weight": w, "bias": b], metadata: ["epoch": "3"], to: "model.safetensors")
///     let file = try Safetensors.load("model.safetensors")
///     file["weight"], file.names, file.metadata["epoch"]
///
/// F64, F32, F16, BF16, I64, I32, U8 and BOOL are our types. The floats of 8 bits are read as float32, I8, I16 and U16
/// as int32, U32 as int64, and U64 as int64 where its numbers fit: each keeps its value exactly. Other types (complex,
/// floats of 4 and 6 bits) throw an `unsupported` error.
public struct Safetensors: Sendable {
  /// The tensors in the order in which their data lies in the file.
  public let tensors: [(name: String, tensor: Tensor)]

  /// Free text that the writer attached.
  public let metadata: Metadata

  private let positions: [Name: Int]

  package init(tensors: [(name: String, tensor: Tensor)], metadata: Metadata) {
    self.tensors = tensors
    self.metadata = metadata
    positions = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { (Name($1.name), $0) })
  }

  /// The names in file order.
  public var names: [String] { tensors.map(\.name) }

  /// The tensor with this name, byte by byte, or nil.
  public subscript(name: String) -> Tensor? { positions[Name(name)].map { tensors[$0].tensor } }

  /// Reads a whole file.
  public static func load(_ path: String) throws(DataError) -> Safetensors { try load(URL(fileURLWithPath: path)) }

  /// Reads a whole file.
  public static func load(_ url: URL) throws(DataError) -> Safetensors {
    let data: Data
    // Not mapped: a file that another process shortens meanwhile would end ours with SIGBUS.
    do { data = try Data(contentsOf: url) } catch {
      throw DataError(reason(error), .unreadable, file: url.path)
    }
    return try SafetensorsReader(data, name: url.path).read()
  }

  /// Reads a file that is in memory.
  public static func load(bytes: [UInt8]) throws(DataError) -> Safetensors {
    try SafetensorsReader(bytes, name: "safetensors").read()
  }

  /// Writes tensors with their names, byte for byte as Python's safetensors does: sorted by type, the widest first,
  /// then by name, so every tensor is aligned to its elements. The file appears under its name only when it is whole: a
  /// crash leaves the old one.
  public static func save(
    _ tensors: some Sequence<(name: String, tensor: Tensor)>, metadata: Metadata = [:], to url: URL
  ) throws(DataError) {
    try SafetensorsWriter(Array(tensors), metadata).write(to: url)
  }

  /// The same to a path: `try Safetensors.save(model.stateDict(), to: "model.safetensors")`.
  public static func save(
    _ tensors: some Sequence<(name: String, tensor: Tensor)>, metadata: Metadata = [:], to path: String
  ) throws(DataError) {
    try save(tensors, metadata: metadata, to: URL(fileURLWithPath: path))
  }

  /// The same for a dictionary.
  public static func save(_ tensors: [String: Tensor], metadata: Metadata = [:], to url: URL) throws(DataError) {
    try save(tensors.map { (name: $0.key, tensor: $0.value) }, metadata: metadata, to: url)
  }

  /// The same for a dictionary, to a path.
  public static func save(_ tensors: [String: Tensor], metadata: Metadata = [:], to path: String) throws(DataError) {
    try save(tensors, metadata: metadata, to: URL(fileURLWithPath: path))
  }

  /// The bytes of the file that `save` writes.
  public static func bytes(_ tensors: some Sequence<(name: String, tensor: Tensor)>, metadata: Metadata = [:])
    -> [UInt8]
  {
    let writer = SafetensorsWriter(Array(tensors), metadata)
    return writer.head + writer.tensors.flatMap(\.tensor.bytes)
  }

  /// The same for a dictionary.
  public static func bytes(_ tensors: [String: Tensor], metadata: Metadata = [:]) -> [UInt8] {
    bytes(tensors.map { (name: $0.key, tensor: $0.value) }, metadata: metadata)
  }
}

extension Safetensors {
  /// Texts by name, in the order of the file. Names differ where their bytes do, as for tensors, so a Swift dictionary
  /// might not hold them all.
  public struct Metadata: Sendable, RandomAccessCollection, ExpressibleByDictionaryLiteral, Equatable {
    private var entries: [(key: String, value: String)] = []
    private var places: [Name: Int] = [:]

    /// In this order; of two with one key the later counts.
    public init(_ entries: some Sequence<(key: String, value: String)>) {
      for (key, value) in entries { self[key] = value }
    }

    /// `["epoch": "3"]`
    public init(dictionaryLiteral elements: (String, String)...) { for (key, value) in elements { self[key] = value } }

    /// 0
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { entries.count }
    /// Number i, from 0.
    public subscript(_ i: Int) -> (key: String, value: String) { entries[i] }

    /// The text of this name, or nil.
    public subscript(_ key: String) -> String? {
      get { places[Name(key)].map { entries[$0].value } }
      set {
        if let newValue {
          if let i = places[Name(key)] { return entries[i].value = newValue }
          places[Name(key)] = entries.count
          entries.append((key, newValue))
        } else if places[Name(key)] != nil {
          self = Metadata(entries.filter { Name($0.key) != Name(key) })
        }
      }
    }

    /// A list of texts under one name, as a JSON array; nil where there is none, or another text.
    ///
    ///     var metadata = Safetensors.Metadata()
    ///     metadata[list: "classes"] = classes
    ///     try model.save(to: "model.safetensors", metadata: metadata)
    ///     try Safetensors.load("model.safetensors").metadata[list: "classes"]
    public subscript(list key: String) -> [String]? {
      get {
        guard let text = self[key], case .array(let values)? = try? JSON(text.utf8) else { return nil }
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        return texts.count == values.count ? texts : nil
      }
      set { self[key] = newValue.map { "[\($0.map(JSON.quoted).joined(separator: ","))]" } }
    }

    /// The same texts under the same names, in whatever order.
    public static func == (a: Metadata, b: Metadata) -> Bool {
      a.count == b.count && a.allSatisfy { key, value in b[key].map { Name($0) == Name(value) } ?? false }
    }
  }
}

/// What the system says about a failed call, without Cocoa's wrapping.
func reason(_ error: any Error) -> String {
  if let error = error as? CocoaError, error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
    return "there is no such file or folder"
  }
  let error = error as NSError
  return ((error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error).localizedDescription
}
