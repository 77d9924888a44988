import TapestryTensors

/// Takes a safetensors file apart: 8 bytes with the little-endian length of the header, the header in JSON, then the
/// data. Nothing in the file is believed: every length and offset is compared with what is there before it is used.
struct SafetensorsReader<Bytes: RandomAccessCollection<UInt8>> where Bytes.Index == Int {
  private let bytes: Bytes
  private let name: String

  /// The longest header, as in the Rust and Python readers: a forged length must not make us parse for minutes.
  private let maximumHeader = 100_000_000

  init(_ bytes: Bytes, name: String) {
    self.bytes = bytes
    self.name = name
  }

  /// One tensor as the header describes it; the offsets count from the end of the header.
  private struct Entry {
    let name: String
    let type: StoredType
    let shape: Shape
    let offsets: Range<Int>
  }

  func read() throws(DataError) -> Safetensors {
    let (header, start) = try header()
    guard case .object(let members) = header else { throw damaged("the header is no JSON object") }
    var metadata: Safetensors.Metadata = [:], entries: [Entry] = []
    for member in members {
      if member.key == "__metadata__" {
        metadata = try texts(member.value)
      } else {
        entries.append(try entry(member.key, member.value))
      }
    }
    // Equal starts are tensors without elements: they keep the header's order, and one with elements comes after them.
    let order = entries.indices.sorted { a, b in
      let (x, y) = (entries[a].offsets, entries[b].offsets)
      return (x.lowerBound, x.upperBound, a) < (y.lowerBound, y.upperBound, b)
    }
    var end = 0
    for entry in order.map({ entries[$0] }) {
      if entry.offsets.lowerBound != end {
        let what =
          entry.offsets.lowerBound < end
          ? "overlaps the one before it, which ends at \(end)" : "leaves a gap after \(end)"
        throw damaged("starts at \(entry.offsets.lowerBound) and \(what)", entry.name)
      }
      end = entry.offsets.upperBound
    }
    let size = bytes.count - start
    if end != size {
      throw damaged(
        "the tensors take \(end) bytes, the file has \(size) for them\(end > size ? "; it is cut off" : "")")
    }
    var tensors: [(name: String, tensor: Tensor)] = []
    for entry in order.map({ entries[$0] }) {
      let first = bytes.startIndex + start + entry.offsets.lowerBound
      let part = bytes[first..<first + entry.offsets.count]
      tensors.append((entry.name, try tensor(entry, part)))
    }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  private func damaged(_ what: String, _ tensor: String? = nil) -> DataError {
    DataError(what, .damaged, file: name, key: tensor)
  }

  private func unsupported(_ what: String, _ tensor: String) -> DataError {
    DataError(what, .unsupported, file: name, key: tensor)
  }

  /// What the file is instead, by its first bytes, with what to do.
  private var otherKind: String? {
    let start = bytes.prefix(24)
    if start.starts(with: Array("PK\u{3}\u{4}".utf8)) || start.starts(with: [0x80, 2]) && start.dropFirst(2).first != 0
    {
      return
        """
        one of torch.save (or a zip archive); write it in Python with safetensors.torch.save_file(model.state_dict(), \
        path)
        """
    }
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) {
      return "an array of NumPy; write it in Python with safetensors.numpy.save_file({\"x\": x}, path)"
    }
    if start.starts(with: Array("GGUF".utf8)) { return "a GGUF file" }
    if start.starts(with: [0x89] + Array("HDF".utf8)) {
      return "an HDF5 file, as Keras writes; write it in Python with safetensors.numpy.save_file"
    }
    // Eight letters as a length are more than any file has.
    if start.prefix(8).allSatisfy({ (32..<127).contains($0) || (9...13).contains($0) }) {
      let words = String(decoding: start.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
      return "a text that begins with \"\(words)\"; CSV.load reads tables of numbers"
    }
    return nil
  }

  private func header() throws(DataError) -> (JSON, end: Int) {
    if bytes.count < 8 {
      throw damaged(
        "a safetensors file starts with 8 bytes that tell the header's length; this one has \(bytes.count) bytes in all"
      )
    }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if length > UInt64(maximumHeader) {
      if let other = otherKind { throw DataError("this is no safetensors file but \(other)", .unsupported, file: name) }
      throw damaged("the header's length, \(length), is above the limit of \(maximumHeader)")
    }
    let end = 8 + Int(length)
    if end > bytes.count {
      throw damaged("the header takes \(length) bytes, the file has \(bytes.count - 8) after its length; it is cut off")
    }
    do { return (try JSON(bytes.dropFirst(8).prefix(Int(length))), end) } catch {
      throw damaged("the header is no JSON: \(error.description)")
    }
  }

  private func texts(_ json: JSON) throws(DataError) -> Safetensors.Metadata {
    if json == .null { return [:] }  // as writers without metadata may put it; the Rust and Python readers take it too
    guard case .object(let members) = json else { throw damaged("__metadata__ is no JSON object") }
    var metadata: Safetensors.Metadata = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw damaged("__metadata__ holds something else than a text under '\(member.key)'")
      }
      metadata[member.key] = text
    }
    return metadata
  }

  private func entry(_ name: String, _ json: JSON) throws(DataError) -> Entry {
    guard case .object = json, case .string(let dtype)? = json["dtype"], let sizes = integers(json["shape"]),
      let offsets = integers(json["data_offsets"]), offsets.count == 2
    else { throw damaged("must have a dtype, a shape and two data_offsets, all of them integers from 0", name) }
    guard let type = StoredType(rawValue: dtype) else {
      throw unsupported(
        "has the type \(dtype); readable are \(StoredType.allCases.map(\.rawValue).joined(separator: ", "))", name)
    }
    if sizes.count > Shape.maximumRank { throw unsupported("has \(sizes.count) axes; a tensor has at most 8", name) }
    var (size, overflow) = (type.itemSize, false)
    for axis in sizes where axis > 0 && !overflow { (size, overflow) = size.multipliedReportingOverflow(by: axis) }
    // A size 0 among them does not excuse the others: strides are products too.
    if overflow { throw damaged("its shape \(sizes) has more elements than fit into memory", name) }
    if sizes.contains(0) { size = 0 }
    if offsets[1] < offsets[0] || offsets[1] - offsets[0] != size {
      throw damaged(
        "\(dtype) of shape \(sizes) takes \(size) bytes, its offsets are \(offsets[0]) to \(offsets[1])", name)
    }
    return Entry(name: name, type: type, shape: Shape(sizes), offsets: offsets[0]..<offsets[1])
  }

  /// An array of integers from 0, or nil.
  private func integers(_ json: JSON?) -> [Int]? {
    guard case .array(let values)? = json else { return nil }
    var result: [Int] = []
    for value in values {
      guard case .integer(let n) = value, n >= 0 else { return nil }
      result.append(n)
    }
    return result
  }

  private func tensor(_ entry: Entry, _ part: Bytes.SubSequence) throws(DataError) -> Tensor {
    switch entry.type {
    case .f64, .f32, .f16, .bf16, .i64, .i32, .u8: break
    case .bool:
      if let bad = part.first(where: { $0 > 1 }) {
        throw damaged("is BOOL and has a byte \(bad), which is neither 0 nor 1", entry.name)
      }
    case .f8E4M3: return Tensor(part.map { Float(byte: $0, fractionBits: 3, bias: 7, nan: 0x7f) }, shape: entry.shape)
    // the upper half of a float16
    case .f8E5M2: return Tensor(bytes: part.flatMap { [0, $0] }, shape: entry.shape, .float16).cast(to: .float32)
    case .f8E4M3FNUZ:
      return Tensor(part.map { Float(byte: $0, fractionBits: 3, bias: 8, nan: nil) }, shape: entry.shape)
    case .f8E5M2FNUZ:
      return Tensor(part.map { Float(byte: $0, fractionBits: 2, bias: 16, nan: nil) }, shape: entry.shape)
    case .f8E8M0:
      return Tensor(
        part.map { $0 == 255 ? .nan : Float(sign: .plus, exponent: Int($0) - 127, significand: 1) }, shape: entry.shape)
    case .i8: return Tensor(part.map { Int32(Int8(bitPattern: $0)) }, shape: entry.shape)
    case .i16: return Tensor(halves(part).map { Int32(Int16(bitPattern: $0)) }, shape: entry.shape)
    case .u16: return Tensor(halves(part).map { Int32($0) }, shape: entry.shape)
    case .u32:
      return Tensor(
        Tensor(bytes: part, shape: entry.shape, .int32).array(Int32.self).map { Int64(UInt32(bitPattern: $0)) },
        shape: entry.shape)
    case .u64:
      let numbers = Tensor(bytes: part, shape: entry.shape, .int64)
      if numbers.array(Int64.self).contains(where: { $0 < 0 }) {
        throw unsupported("is U64 and has a number above 2⁶³ − 1, the largest int64", entry.name)
      }
      return numbers
    }
    return Tensor(bytes: part, shape: entry.shape, entry.type.dtype)
  }

  private func halves(_ part: Bytes.SubSequence) -> [UInt16] {
    let bytes = Array(part)
    return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }
}

/// The element types of the format that can be read.
enum StoredType: String, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case f8E4M3 = "F8_E4M3"
  case f8E5M2 = "F8_E5M2"
  case f8E4M3FNUZ = "F8_E4M3FNUZ"
  case f8E5M2FNUZ = "F8_E5M2FNUZ"
  case f8E8M0 = "F8_E8M0"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes of one element in the file.
  var itemSize: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool, .f8E4M3, .f8E5M2, .f8E4M3FNUZ, .f8E5M2FNUZ, .f8E8M0: 1
    }
  }

  /// The type that it is read as.
  var dtype: DType {
    switch self {
    case .f64: .float64
    case .f16: .float16
    case .bf16: .bfloat16
    case .f32, .f8E4M3, .f8E5M2, .f8E4M3FNUZ, .f8E5M2FNUZ, .f8E8M0: .float32
    case .i64, .u64, .u32: .int64
    case .i32, .i16, .i8, .u16: .int32
    case .u8: .uint8
    case .bool: .bool
    }
  }
}

extension Float {
  /// The value of a float of eight bits (Micikevicius et al. 2022, arXiv:2209.05433): a sign, 7 − fractionBits bits of
  /// exponent, the fraction. Infinity it has none; NaN is `nan`, of either sign, or only what would be −0 (the types
  /// that end in UZ).
  init(byte: UInt8, fractionBits: Int, bias: Int, nan: UInt8?) {
    let magnitude = byte & 0x7f, exponent = Int(magnitude) >> fractionBits,
      fraction = Int(magnitude) & ((1 << fractionBits) - 1)
    if nan.map({ magnitude == $0 }) ?? (byte == 0x80) {
      self = .nan
    } else {
      // zero and the subnormal numbers have no leading 1
      let whole = exponent == 0 ? fraction : fraction + (1 << fractionBits)
      self = Float(
        sign: byte < 0x80 ? .plus : .minus, exponent: Swift.max(exponent, 1) - bias - fractionBits,
        significand: Float(whole))
    }
  }
}
