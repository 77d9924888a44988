import TapestryData
import TapestryTensors
import Testing

/// The bytes are Python's `struct.pack` with ">".
struct IDXTests {
  static let matrix: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 253, 254, 255]
  static let compressed = bytes(base64: "H4sIAAAAAAACA2Ng4GBiYGAAYWYGRqa///4DAMlgQlgSAAAA")

  private func header(_ type: UInt8, _ sizes: UInt8...) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] }
  }

  @Test func unsignedBytes() throws {
    for x in [try IDX.load(bytes: Self.matrix), try IDX.load(bytes: Self.compressed)] {
      #expect(x.shape == [2, 3])
      #expect(x.array(UInt8.self) == [0, 1, 2, 253, 254, 255])
    }
  }

  @Test func theOtherTypes() throws {
    #expect(try IDX.load(bytes: header(9, 3) + [255, 128, 127]).array(Int32.self) == [-1, -128, 127])
    #expect(try IDX.load(bytes: header(11, 3) + [255, 254, 1, 44, 128, 0]).array(Int32.self) == [-2, 300, -32768])
    #expect(try IDX.load(bytes: header(12, 1) + [248, 164, 50, 235]).array(Int32.self) == [-123_456_789])
    #expect(try IDX.load(bytes: header(13, 1) + [191, 192, 0, 0]).array(Float.self) == [-1.5])
    let doubles = try IDX.load(
      bytes: header(14, 2, 1) + [64, 9, 33, 251, 84, 68, 45, 24] + [254, 55, 228, 60, 136, 0, 117, 156])
    #expect(doubles.array(Double.self) == [3.141592653589793, -1e300])
    #expect(doubles.shape == [2, 1])
  }

  @Test func ranksFromZeroToEight() throws {
    #expect(try IDX.load(bytes: [0, 0, 8, 0, 7]).item == 7)
    let eight = try IDX.load(bytes: header(8, 1, 2, 1, 1, 3, 1, 1, 1) + [1, 2, 3, 4, 5, 6])
    #expect(eight.shape == [1, 2, 1, 1, 3, 1, 1, 1])
    #expect(try IDX.load(bytes: header(13, 4, 0)).shape == [4, 0])
  }

  @Test func filesPlainAndCompressedWhateverTheirName() throws {
    for (name, content) in [
      ("labels.gz", Self.compressed), ("labels", Self.compressed), ("labels-idx2-ubyte", Self.matrix),
    ] {
      let x = try withFile(name, content) { try IDX.load($0.path) }
      #expect(x.array(UInt8.self) == [0, 1, 2, 253, 254, 255])
    }
  }

  @Test func faultsAreNamed() throws {
    expectError("IDX, byte 2: an IDX file has a header of at least 4 bytes; this one ends after 2") {
      _ = try IDX.load(bytes: [0, 0])
    }
    expectError("IDX, byte 0: an IDX file begins with two zero bytes, not with 137 and 80") {
      _ = try IDX.load(bytes: [137, 80, 78, 71])
    }
    expectError(
      """
      IDX, byte 2: 10 is no element type of IDX, which are 8 (uint8), 9 (int8), 11 (int16), 12 (int32), 13 (float), \
      14 (double)
      """
    ) {
      _ = try IDX.load(bytes: [0, 0, 10, 0])
    }
    expectError("IDX, byte 3: the header names 9 axes; a tensor has at most 8") {
      _ = try IDX.load(bytes: [0, 0, 8, 9])
    }
    expectError("IDX, byte 6: the header of 2 axes takes 12 bytes, the file ends after 6") {
      _ = try IDX.load(bytes: [0, 0, 8, 2, 0, 0])
    }
    expectError(
      "IDX, byte 12: [2, 3] elements of 1 bytes take 6 bytes, but 5 follow the header; the file is truncated or damaged"
    ) {
      _ = try IDX.load(bytes: Array(Self.matrix.dropLast()))
    }
    try withFile("t10k.idx", [1, 2, 3, 4]) { url in
      expectError("t10k.idx, byte 0: an IDX file begins with two zero bytes, not with 1 and 2") {
        _ = try IDX.load(url)
      }
      let folder = url.deletingLastPathComponent()
      expectError("none.idx: there is no such file in \(folder.path)") { _ = try IDX.load(folder.path + "/none.idx") }
      expectError("\(folder.lastPathComponent): is a folder, not a file (\(folder.path))") {
        _ = try IDX.load(folder.path)
      }
    }
  }

  @Test func aForgedHeaderAllocatesNothing() {
    let huge = [UInt8](repeating: 255, count: 4)
    expectError(
      """
      IDX, byte 12: [4294967295, 4294967295] elements of 8 bytes take more bytes than fit into memory, but 1 follow \
      the header; the file is truncated or damaged
      """
    ) {
      _ = try IDX.load(bytes: [0, 0, 14, 2] + huge + huge + [0])
    }
    expectError(
      """
      IDX, byte 36: [4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 0] elements \
      of 1 bytes take more bytes than fit into memory, but 0 follow the header; the file is truncated or damaged
      """
    ) {
      _ = try IDX.load(bytes: [0, 0, 8, 8] + (0..<7).flatMap { _ in huge } + [0, 0, 0, 0])
    }
    // Nor does a 0 before them excuse the others.
    let rest = (0..<7).map { _ in "4294967295" }.joined(separator: ", ")
    expectError(
      """
      IDX, byte 36: [0, \(rest)] elements of 1 bytes take more bytes than fit into memory, but 0 follow the header; \
      the file is truncated or damaged
      """
    ) {
      _ = try IDX.load(bytes: [0, 0, 8, 8] + [0, 0, 0, 0] + (0..<7).flatMap { _ in huge })
    }
    expectError(
      """
      IDX, byte 8: [4294967295] elements of 1 bytes take 4294967295 bytes, but 1 follow the header; the file is \
      truncated or damaged
      """
    ) {
      _ = try IDX.load(bytes: [0, 0, 8, 1] + huge + [0])
    }
  }

  @Test func everyCorruptionIsAnErrorOrATensorOfTheFilesSize() {
    corruptions(of: Self.matrix) { short in
      #expect(throws: DataError.self) { try IDX.load(bytes: short) }
    } changed: { bytes, at in
      if at < 2 {
        #expect(throws: DataError.self) { try IDX.load(bytes: bytes) }
      } else if let x = try? IDX.load(bytes: bytes) {
        // Another type of the same size, or other elements.
        #expect(x.count == 6 && (at == 2 ? bytes[2] == 9 : at >= 12), "byte \(at) = \(bytes[at])")
      }
    }
    corruptions(of: Self.compressed) { short in
      #expect(throws: DataError.self) { try IDX.load(bytes: short) }
    } changed: { bytes, _ in
      if let x = try? IDX.load(bytes: bytes) { #expect(x.array(UInt8.self) == [0, 1, 2, 253, 254, 255]) }
    }
  }
}
