import Foundation
import TapestryTensors

/// Lays a safetensors file out: the order of the tensors, and the bytes before their data.
struct SafetensorsWriter {
  /// The tensors in the order of the file.
  let tensors: [(name: String, tensor: Tensor)]

  /// The length of the header and the header, filled with spaces to a multiple of 8 bytes, so that the data is aligned.
  let head: [UInt8]

  init(_ unordered: [(name: String, tensor: Tensor)], _ metadata: Safetensors.Metadata) {
    tensors = unordered.sorted { a, b in
      let (x, y) = (Self.order(a.tensor.dtype), Self.order(b.tensor.dtype))
      return x == y ? Name(a.name) < Name(b.name) : x < y
    }
    var names = Set<Name>()
    for (name, _) in tensors {
      if name == "__metadata__" {
        fail("Safetensors.save: no tensor can be named '__metadata__', the format keeps that for itself")
      }
      if !names.insert(Name(name)).inserted {
        fail("Safetensors.save: two tensors are named '\(name)'; every name may stand once")
      }
    }
    var members: [String] = [], offset = 0
    if !metadata.isEmpty {
      let texts = metadata.sorted { Name($0.key) < Name($1.key) }.map {
        "\(JSON.quoted($0.key)):\(JSON.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    for (name, tensor) in tensors {
      let end = offset + tensor.count * tensor.dtype.itemSize
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        """
        \(JSON.quoted(name)):\
        {"dtype":"\(Self.name(tensor.dtype))","shape":[\(shape)],"data_offsets":[\(offset),\(end)]}
        """)
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    head = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  /// Writes beside the file and renames, which replaces the old file in one step.
  func write(to url: URL) throws(DataError) {
    let temporary = url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent).\(UUID().uuidString)")
    do {
      try Data(head).write(to: temporary)
      let file = try FileHandle(forWritingTo: temporary)
      defer { try? file.close() }
      try file.seekToEnd()
      for (_, tensor) in tensors { try file.write(contentsOf: Data(tensor.bytes)) }
      try file.synchronize()  // the data must be on the disk before the name points to it
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw DataError(reason(error), .unwritable, file: url.path)
    }
    if rename(temporary.path, url.path) != 0 {
      let why = String(cString: strerror(errno))
      try? FileManager.default.removeItem(at: temporary)
      throw DataError(why, .unwritable, file: url.path)
    }
  }

  private static func name(_ dtype: DType) -> String { order.first { $0.dtype == dtype }!.rawValue }
  private static func order(_ dtype: DType) -> Int { order.firstIndex { $0.dtype == dtype }! }

  /// Our types as the format calls them, in the order in which its own writers put them: wide before narrow.
  private static let order: [StoredType] = [.i64, .f64, .f32, .i32, .bf16, .f16, .u8, .bool]
}
