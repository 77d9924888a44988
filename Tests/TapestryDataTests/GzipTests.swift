import TapestryData
import TapestryTensors
import Testing

/// The compressed bytes are Python's gzip module's and the gzip program's.
struct GzipTests {
  static let first = bytes(base64: "H4sIAAAAAAACAwtJLEgtLimqVChPTSxLLVZIL0pMyUzNKym2VgihthQAcpnKY2wAAAA=")
  static let second = bytes(base64: "H4sIAAAAAAACA0vMS1FISSxJ1AMATojFDAkAAAA=")
  static let named = bytes(base64: "H4sICN67AWsAA24udHh0AMtLzE1NAQCHzOBxBQAAAA==")
  static let empty = bytes(base64: "H4sIAAAAAAACAwMAAAAAAAAAAAA=")
  static let text = String(repeating: "Tapestry weaves gradients; ", count: 4)

  private func text(_ bytes: [UInt8]) throws -> String { String(decoding: try Gzip.decompress(bytes), as: UTF8.self) }

  @Test func decompresses() throws {
    #expect(try text(Self.first) == Self.text)
    #expect(try text(Self.named) == "named")
    #expect(try text(Self.empty) == "")
  }

  @Test func membersFollowEachOther() throws {
    #expect(try text(Self.first + Self.empty + Self.second) == Self.text + "and data.")
  }

  /// Python's gzip skips zeros behind a member, at the end (fixed blocks of a tape or disk) and before the next; the
  /// gzip program does at the end.
  @Test func zerosBehindAMemberArePadding() throws {
    #expect(try text(Self.second + [0, 0, 0]) == "and data.")
    #expect(try text(Self.first + [UInt8](repeating: 0, count: 1000) + Self.second + [0]) == Self.text + "and data.")
    expectError(
      "gzip, byte 29: 3 bytes that are not gzip follow the compressed data; get the file again or cut them off"
    ) {
      _ = try Gzip.decompress(Self.second + [0, 0, 7])
    }
    #expect(throws: DataError.self) { try Gzip.decompress([0, 0] + Self.second) }
    #expect(throws: DataError.self) { try Gzip.decompress(Self.second + [0, 0x1f]) }
  }

  /// All optional fields of RFC 1952, 2.3.1: extra field (as bgzip writes it), name, comment, checksum of the header;
  /// and an empty member at the end.
  @Test func optionalFieldsOfTheHeader() throws {
    var header: [UInt8] =
      [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255] + [6, 0] + [66, 67, 2, 0, 27, 0] + Array("n.txt\0".utf8)
      + Array("a comment\0".utf8)
    var checksum: UInt32 = 0xffff_ffff
    for byte in header {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    header += [UInt8(truncatingIfNeeded: ~checksum), UInt8(truncatingIfNeeded: ~checksum >> 8)]
    #expect(try text(header + Self.second.dropFirst(10) + Self.empty) == "and data.")
    header[header.count - 1] ^= 1
    #expect(throws: DataError.self) { try Gzip.decompress(header + Self.second.dropFirst(10)) }
  }

  @Test func moreThanOneBuffer() throws {
    // A stored block of 65,535 zeros, twice: more than the first buffer holds. CRC-32 by its definition.
    let block = [0xff, 0xff, 0x00, 0x00] + [UInt8](repeating: 0, count: 65535)
    var checksum: UInt32 = 0xffff_ffff
    for _ in 0..<131070 * 8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xedb8_8320 : 0) }
    checksum = ~checksum
    let trailer = [checksum, 131070].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    let stream = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + [0] + block + [1] + block + trailer
    let result = try Gzip.decompress(stream)
    #expect(result.count == 131070)
    #expect(result.allSatisfy { $0 == 0 })
  }

  @Test func faultsAreNamed() {
    expectError("gzip, byte 0: is not compressed with gzip: it does not begin with the bytes 1f 8b") {
      _ = try Gzip.decompress([])
    }
    expectError(
      "gzip, byte 29: 3 bytes that are not gzip follow the compressed data; get the file again or cut them off"
    ) {
      _ = try Gzip.decompress(Self.second + [1, 0, 0])
    }
    expectError("gzip, byte 20: the compressed data is truncated after 20 bytes; get the file again") {
      _ = try Gzip.decompress(Array(Self.second[..<20]))
    }
    var wrong = Self.second
    wrong[wrong.count - 8] ^= 1
    #expect(throws: DataError.self) { try Gzip.decompress(wrong) }
    expectError("gzip, byte 25: the compressed data is damaged (zlib: incorrect data check); get the file again") {
      _ = try Gzip.decompress(wrong)
    }
  }

  @Test func withoutZlibTheErrorSaysWhatToInstall() {
    do {
      _ = try Gzip.decompress(Self.first, name: "train.gz", library: "libnowhere.so.1")
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.description.hasPrefix("train.gz: needs zlib (libnowhere.so.1"))
      #expect(
        error.description.hasSuffix(
          "install it (Debian and Ubuntu: apt install zlib1g), or decompress the file with gunzip"))
    }
  }

  @Test func everyCorruptionIsFoundOrHarmless() {
    for member in [Self.second, Self.named] {
      let whole = try? Gzip.decompress(member)
      corruptions(of: member) { short in
        #expect(throws: DataError.self) { try Gzip.decompress(short) }
      } changed: { bytes, at in
        if let result = try? Gzip.decompress(bytes), result != whole {
          Issue.record("byte \(at) changed the result unseen")
        }
      }
    }
  }

  @Test func noMoreThanTheLimit() throws {
    let size = Self.text.utf8.count
    #expect(try Gzip.decompress(Self.first, limit: size).count == size)
    #expect(try Gzip.decompress(Self.first, limit: .max).count == size)
    #expect(try Gzip.decompress(Self.empty, limit: 0) == [])
    let message = "is larger than the limit of"
    for (bytes, limit) in [(Self.first, size - 1), (Self.first, 0), (Self.first + Self.first, size + 1)] {
      do {
        _ = try Gzip.decompress(bytes, limit: limit)
        Issue.record("nothing was thrown for \(limit)")
      } catch {
        #expect(error.description.contains("\(message) \(limit) bytes"))
      }
    }
  }
}
