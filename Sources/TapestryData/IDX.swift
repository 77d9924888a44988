import Foundation
import TapestryTensors

/// IDX files, in which MNIST and its relatives come: a header of type and sizes, then the elements, big-endian. Plain
/// or compressed with gzip.
///
///     let images = try IDX.load("train-images-idx3-ubyte.gz").cast(to: .float32) / 255     // (60000, 28, 28) in 0 … 1
///     let labels = try IDX.load("train-labels-idx1-ubyte.gz").cast(to: .int64)             // (60000)
///     let train = Examples(images, labels)
///
/// Header: two zero bytes, the type, the number n of axes, n sizes of four bytes. (Y. LeCun, C. Cortes, C. Burges: The
/// MNIST database of handwritten digits, https://yann.lecun.com/exdb/mnist)
public enum IDX {
  /// The tensor of a file: unsigned bytes are uint8, floats float32, doubles float64; signed bytes, 16-bit and 32-bit
  /// integers are int32.
  public static func load(_ path: String) throws(DataError) -> Tensor { try load(URL(fileURLWithPath: path)) }

  /// The tensor of a file.
  public static func load(_ url: URL) throws(DataError) -> Tensor { try decode(readFile(url), url.lastPathComponent) }

  /// The tensor of a file's bytes, plain or compressed.
  public static func load(bytes: [UInt8]) throws(DataError) -> Tensor {
    try decode(Gzip.isCompressed(bytes) ? Gzip.decompress(bytes, name: "IDX") : bytes, "IDX")
  }

  private static func decode(_ bytes: [UInt8], _ name: String) throws(DataError) -> Tensor {
    func wrong(_ message: String, _ offset: Int) -> DataError {
      DataError(message, .damaged, file: name, offset: offset)
    }
    if bytes.count < 4 {
      throw wrong("an IDX file has a header of at least 4 bytes; this one ends after \(bytes.count)", bytes.count)
    }
    if bytes[0] != 0 || bytes[1] != 0 {
      throw wrong("an IDX file begins with two zero bytes, not with \(bytes[0]) and \(bytes[1])", 0)
    }
    let (type, rank) = (bytes[2], Int(bytes[3])), start = 4 + 4 * rank
    guard let itemSize = itemSizes[type] else {
      throw wrong(
        """
        \(type) is no element type of IDX, which are 8 (uint8), 9 (int8), 11 (int16), 12 (int32), 13 (float), 14 \
        (double)
        """,
        2)
    }
    if rank > Shape.maximumRank {
      throw wrong("the header names \(rank) axes; a tensor has at most \(Shape.maximumRank)", 3)
    }
    if bytes.count < start {
      throw wrong("the header of \(rank) axes takes \(start) bytes, the file ends after \(bytes.count)", bytes.count)
    }

    let sizes = decoded(bytes[4..<start], UInt32.self).map(Int.init)
    var size: Int? = itemSize
    // an empty array may not claim absurd sizes either
    for s in sizes { size = size.flatMap { product($0, Swift.max(s, 1)) } }
    let wanted = size.map { sizes.contains(0) ? 0 : $0 }
    if wanted != bytes.count - start {
      let takes = wanted.map { "\($0) bytes" } ?? "more bytes than fit into memory"
      throw wrong(
        """
        \(sizes) elements of \(itemSize) bytes take \(takes), but \(bytes.count - start) follow the header; the file \
        is truncated or damaged
        """,
        start)
    }

    let elements = bytes[start...], shape = Shape(sizes)
    switch type {
    case 8: return Tensor(Array(elements), shape: shape)
    case 9: return Tensor(elements.map { Int32(Int8(bitPattern: $0)) }, shape: shape)
    case 11: return Tensor(decoded(elements, UInt16.self).map { Int32(Int16(bitPattern: $0)) }, shape: shape)
    case 12: return Tensor(decoded(elements, UInt32.self).map { Int32(bitPattern: $0) }, shape: shape)
    case 13: return Tensor(decoded(elements, UInt32.self).map { Float(bitPattern: $0) }, shape: shape)
    default: return Tensor(decoded(elements, UInt64.self).map { Double(bitPattern: $0) }, shape: shape)
    }
  }

  /// Bytes of an element by the type's number.
  private static let itemSizes: [UInt8: Int] = [8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8]

  private static func product(_ a: Int, _ b: Int) -> Int? {
    let (c, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : c
  }

  /// Big-endian words.
  private static func decoded<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, _: Word.Type) -> [Word] {
    let size = Word.bitWidth / 8
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { at in
      var word: Word = 0
      for i in 0..<size { word = word << 8 | Word(bytes[at + i]) }
      return word
    }
  }
}
