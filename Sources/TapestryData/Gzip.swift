import CTapestryData
import TapestryTensors

/// gzip (RFC 1952), through the system's zlib. `CSV.load`, `IDX.load` and the like decompress by themselves,
/// `Safetensors.load` does not.
public enum Gzip {
  /// What was compressed; several members one after another give their contents one after another, and zeros behind one
  /// are padding. Throws for a stream that is truncated or damaged (zlib checks CRC-32 and length), for other bytes
  /// behind the last member, for more than `limit` bytes of content, and where the system has no zlib.
  public static func decompress(_ bytes: [UInt8], limit: Int = Gzip.limit) throws(DataError) -> [UInt8] {
    try decompress(bytes, name: "gzip", limit: limit)
  }

  /// The most bytes that a file may decompress to unless a larger limit is given, 8 GiB: a few bytes can stand for a
  /// thousand times as many, so a file from elsewhere could fill the memory. Readers keep to it; for more give them the
  /// bytes: `CSV.load(bytes: Gzip.decompress(bytes, limit: 1 << 40))`.
  public static let limit = 8 << 30

  /// Whether the bytes begin as a gzip stream does.
  static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  package static func decompress(_ bytes: [UInt8], name: String, limit: Int = Gzip.limit, library: String? = nil)
    throws(DataError) -> [UInt8]
  {
    if limit < 0 { fail("Gzip: the limit must be 0 bytes or more, got \(limit)") }
    var result = tp_gunzip(bytes, Int64(bytes.count), Int64(limit), library)
    defer { tp_gunzip_free(&result) }
    let offset = Int(result.offset)
    let words = withUnsafeBytes(of: &result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch Int(result.status) {
    case Int(TP_GUNZIP_OK):
      return Array(UnsafeBufferPointer(start: result.bytes, count: Int(result.count)))
    case Int(TP_GUNZIP_NO_LIBRARY):
      throw DataError(
        "needs zlib (\(words)); install it (Debian and Ubuntu: apt install zlib1g), or decompress the file with gunzip",
        .unsupported, file: name)
    case Int(TP_GUNZIP_NOT_GZIP) where offset == 0:
      throw DataError(
        "is not compressed with gzip: it does not begin with the bytes 1f 8b", .damaged, file: name, offset: 0)
    case Int(TP_GUNZIP_NOT_GZIP):
      throw DataError(
        """
        \(bytes.count - offset) bytes that are not gzip follow the compressed data; get the file again or cut them off
        """,
        .damaged, file: name, offset: offset)
    case Int(TP_GUNZIP_TRUNCATED):
      throw DataError(
        "the compressed data is truncated after \(bytes.count) bytes; get the file again", .damaged, file: name,
        offset: offset)
    case Int(TP_GUNZIP_DAMAGED):
      throw DataError(
        "the compressed data is damaged (zlib: \(words)); get the file again", .damaged, file: name, offset: offset)
    case Int(TP_GUNZIP_TOO_LARGE):
      throw DataError(
        """
        what is compressed here is larger than the limit of \(limit) bytes; if it is to be, give a larger limit: to \
        Gzip.decompress
        """,
        .unsupported, file: name,
        offset: offset)
    default:
      throw DataError(
        "there is not enough memory for what is compressed here, \(result.count) bytes and more", .unsupported,
        file: name, offset: offset)
    }
  }
}
