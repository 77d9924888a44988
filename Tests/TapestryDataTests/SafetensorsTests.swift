import Foundation
import TapestryData
import TapestryTensors
import TestSupport
import Testing

/// Files that Python's safetensors wrote from PyTorch's tensors: pytorch_cases.py.
private enum Python {
  static let ours = caseFile("ours.safetensors"), others = caseFile("others.safetensors"),
    names = caseFile("names.safetensors")
}

/// The tensors of `Python.ours`.
private let ours: [String: Tensor] = [
  "b": Tensor([[1.5, -2, .infinity], [0, Float(bitPattern: 0x116C2), 3]] as [[Float]]),
  "a": Tensor([1.1, 2.2], .float64),
  "c.ä\"\\\n\u{1}": Tensor([-1, 1 << 40]),
  "z": Tensor([7, -8, 9] as [Int32]),
  "u": Tensor([0, 255] as [UInt8]), "flag": Tensor([true, false, true]), "scalar": Tensor(3.25),
  "empty": .zeros([2, 0]),
]

private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + header.utf8 + data
}

/// What loading says, or "" if it does not complain.
private func complaint(_ bytes: [UInt8]) -> String {
  do throws(DataError) {
    _ = try Safetensors.load(bytes: bytes)
    return ""
  } catch { return error.description }
}

struct SafetensorsTests {
  @Test func readsWhatPythonWrote() throws {
    let file = try Safetensors.load(bytes: Python.ours)
    #expect(file.names == ["c.ä\"\\\n\u{1}", "a", "b", "empty", "scalar", "z", "u", "flag"])
    #expect(file.metadata == ["epoch": "3"])
    for (name, tensor) in ours { #expect(file[name]?.dtype == tensor.dtype && file[name] == tensor, "\(name)") }
    #expect(file["absent"] == nil)
  }

  @Test func writesWhatPythonWrites() {
    #expect(Safetensors.bytes(ours, metadata: ["epoch": "3"]) == Python.ours)
  }

  /// float16 and bfloat16 are read as themselves. What PyTorch's own widening makes of all these lies beside them in
  /// the file: all bytes of the floats of 8 bits, every 61st half, the ends of the integers.
  @Test func otherTypesAreWidened() throws {
    let read = try Safetensors.load(bytes: Python.others), narrow = read.names.filter { !$0.hasSuffix(" widened") }
    #expect(narrow.count == 12 && read.names.count == 24)
    for name in narrow {
      let read16 = try #require(read[name]), expected = try #require(read[name + " widened"])
      let found = read16.dtype.itemSize == 2 ? read16.cast(to: .float32) : read16
      #expect(read16.dtype == (name == "f16" ? .float16 : name == "bf16" ? .bfloat16 : expected.dtype), "\(name)")
      #expect(found.dtype == expected.dtype && found.shape == expected.shape, "\(name)")
      if found.dtype != .float32 {
        #expect(found == expected, "\(name)")
        continue
      }
      // Bits, so that −0 is no 0; of NaN only that it is one.
      let wrong = zip(found.array(Float.self), expected.array(Float.self)).enumerated().filter {
        $1.1.isNaN ? !$1.0.isNaN : $1.0.bitPattern != $1.1.bitPattern
      }
      #expect(wrong.map(\.offset) == [], "\(name)")
    }
  }

  /// float32 narrowed as PyTorch narrows it, and both types in and out of a file as themselves.
  @Test func halvesAreAsPyTorchs() throws {
    let file = caseFile("halves.safetensors"), read = try Safetensors.load(bytes: file), x = try #require(read["x"])
    for (name, dtype) in [("f16", DType.float16), ("bf16", .bfloat16)] {
      let theirs = try #require(read[name]), ours = x.cast(to: dtype)
      #expect(theirs.dtype == dtype && theirs.shape == x.shape)
      let wide = (ours.cast(to: .float32).array(Float.self), theirs.cast(to: .float32).array(Float.self))
      let wrong = zip(wide.0, wide.1).enumerated().filter {
        $1.0.isNaN ? !$1.1.isNaN : $1.0.bitPattern != $1.1.bitPattern
      }
      #expect(wrong.isEmpty, "\(name): \(wrong.prefix(3).map { (x.number(at: $0.offset).item, $0.element) })")
    }
    #expect(Safetensors.bytes(read.tensors, metadata: read.metadata) == file)
  }

  /// All halves: Swift's own Float16 where there is one.
  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalf() throws {
      let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let read = try Safetensors.load(
        bytes: file(#"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#, bytes))
      let stored = try #require(read["h"]), halves = stored.cast(to: .float32).array(Float.self)
      #expect(stored.array(Float16.self).map(\.bitPattern) == Array(0...UInt16.max))
      let wrong = (0...UInt16.max).filter { bits in
        let expected = Float(Float16(bitPattern: bits)), got = halves[Int(bits)]
        return expected.isNaN ? !got.isNaN : got.bitPattern != expected.bitPattern
      }
      #expect(wrong == [])
    }
  #endif

  /// The header is filled up to the next multiple of 8 bytes, with 0 … 7 spaces, as the Rust writer does
  /// (`next_multiple_of`).
  @Test func theHeaderIsFilledToAMultipleOfEight() {
    var fillings = Set<Int>()
    for length in 1...8 {
      let bytes = Safetensors.bytes([String(repeating: "n", count: length): Tensor([7] as [UInt8])])
      let header = bytes.dropFirst(8).dropLast()
      #expect(bytes[0] == header.count && bytes[1..<8].allSatisfy { $0 == 0 } && header.count % 8 == 0)
      fillings.insert(header.reversed().prefix { $0 == UInt8(ascii: " ") }.count)
    }
    #expect(fillings == Set(0...7))
  }

  @Test func viewsAreWrittenInRowMajorOrder() throws {
    let x = Tensor.arange(6, .float32).reshaped(2, 3).transposed()
    #expect(try Safetensors.load(bytes: Safetensors.bytes(["x": x]))["x"] == x)
  }

  /// Python's dictionaries, like the file, hold "é" in one code point and in two as different names; Swift's == does
  /// not.
  @Test func namesDifferWhereTheirBytesDo() throws {
    let (one, two) = ("\u{e9}", "e\u{301}")
    let read = try Safetensors.load(bytes: Python.names)
    #expect(read.names.map { Array($0.utf8) } == [[97], Array(two.utf8), Array(one.utf8)])
    #expect(read[one] == .ones([1]) && read[two] == .zeros([1]))
    #expect(read.metadata[one] == "x" && read.metadata[two] == "y" && read.metadata.count == 2)
    #expect(Safetensors.bytes(read.tensors, metadata: read.metadata) == Python.names)
    #expect(
      read.metadata != [one: "y", two: "x"] && read.metadata == [one: "x", two: "y"] && read.metadata != [one: "x"])
    #expect(complaint(file(#"{"\#(two)":1,"\#(two)":1}"#)).contains("appears twice"))
  }

  /// Names as json.dumps of Python writes them, in ASCII: "é" and a pair beyond U+FFFF; and more entries than a header
  /// may be deep.
  @Test func escapedNamesAndManyTensors() throws {
    let entries = (0..<300).map { #""t\#($0)":{"dtype":"U8","shape":[1],"data_offsets":[\#($0),\#($0 + 1)]}"# }
    let odd = #""\u00e9\ud83e\uddf5\ud800\udc00":{"dtype":"U8","shape":[1],"data_offsets":[300,301]}"#
    let read = try Safetensors.load(
      bytes: file("{\((entries + [odd]).joined(separator: ","))}", (0..<301).map { UInt8($0 % 251) }))
    #expect(read.names == (0..<300).map { "t\($0)" } + ["\u{e9}\u{1f9f5}\u{10000}"])
    #expect((0..<300).allSatisfy { read["t\($0)"] == Tensor([UInt8($0 % 251)]) })
  }

  /// Tensors without elements may stand anywhere in the header: Python's safetensors 0.8 reads this too.
  @Test func emptyTensorsInAnyOrder() throws {
    let text =
      #"{"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}"#
    let read = try Safetensors.load(bytes: file(text, [0, 0, 0x80, 0x3f]))
    #expect(
      read.names == ["c", "a", "b"] && read["a"] == .ones([1]) && read["b"]?.shape == [0] && read["c"]?.shape == [2, 0])
    let later =
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}"#
    #expect(try Safetensors.load(bytes: file(later, [0, 0, 0x80, 0x3f])).names == ["c", "a"])
  }

  @Test func metadataIsATableOfTexts() {
    var metadata: Safetensors.Metadata = ["a": "1", "b": "2"]
    metadata["c"] = "3"
    metadata["a"] = "4"
    #expect(metadata.map(\.key) == ["a", "b", "c"] && metadata["a"] == "4")
    metadata["b"] = nil
    metadata["absent"] = nil
    #expect(metadata == ["c": "3", "a": "4"] && metadata["b"] == nil)
    #expect(Safetensors.Metadata(["x": "y"] as [String: String])["x"] == "y")
  }

  /// Both of these Python's safetensors 0.8 reads.
  @Test func whatOtherWritersPutIntoTheHeader() throws {
    let one: [UInt8] = [0, 0, 0x80, 0x3f]
    let null = try Safetensors.load(
      bytes: file(#"{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, one))
    #expect(null["a"] == .ones([1]) && null.metadata.isEmpty)
    let more = try Safetensors.load(
      bytes: file(#" {"":{"dtype":"F32","x":[1,null],"shape":[1],"data_offsets":[0,4]}}"# + "\n\t ", one))
    #expect(more[""] == .ones([1]))
  }

  @Test func nothingAtAll() throws {
    #expect(Safetensors.bytes([:] as [String: Tensor]) == file("{}      "))
    #expect(try Safetensors.load(bytes: file("{}")).names == [])
  }

  @Test func savingReplacesTheFileAndLeavesNothingBeside() throws {
    try withScratchFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path
      try Safetensors.save(["old": Tensor.ones([1000])], to: path)
      try Safetensors.save(ours, metadata: ["epoch": "3"], to: path)
      #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == Python.ours)
      let file = try Safetensors.load(path)
      #expect(file.names.count == ours.count && file["z"] == ours["z"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.safetensors"])
    }
  }

  @Test func theWorldsFaultsAreTyped() throws {
    try withScratchFolder { scratch in
      let folder = scratch.appendingPathComponent("absent"), path = folder.appendingPathComponent("x.safetensors").path
      let absent = #expect(throws: DataError.self) { try Safetensors.load(path) }
      #expect(absent?.kind == .unreadable && absent?.description == path + ": there is no such file or folder")
      let unwritable = #expect(throws: DataError.self) { try Safetensors.save(["x": Tensor(1)], to: path) }
      #expect(unwritable?.kind == .unwritable && unwritable?.description == path + ": there is no such file or folder")
      // A folder under the file's name: written beside it, but it cannot be renamed over it.
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      #expect(throws: DataError.self) { try Safetensors.save(["x": Tensor(1)], to: path) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.safetensors"])
    }
  }
}

struct DamagedSafetensorsTests {
  /// Cut off anywhere, and with a byte too many.
  @Test func everyTruncation() {
    let wrong = (0..<Python.ours.count).filter { count in
      do throws(DataError) {
        _ = try Safetensors.load(bytes: Array(Python.ours.prefix(count)))
        return true
      } catch {
        return error.kind != .damaged
      }
    }
    #expect(wrong == [])
    #expect(complaint(Python.ours + [0]) == "safetensors: the tensors take 77 bytes, the file has 78 for them")
    #expect(
      complaint(Array(Python.ours.dropLast()))
        == "safetensors: the tensors take 77 bytes, the file has 76 for them; it is cut off")
  }

  /// A changed byte gives an error or other numbers, never a trap.
  @Test func everyByteOverwritten() {
    var errors = 0
    for position in Python.ours.indices {
      var bytes = Python.ours
      bytes[position] ^= 0x11
      if complaint(bytes) != "" { errors += 1 }
    }
    #expect(errors > 100 && errors < Python.ours.count)
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0, 0], "one of torch.save"),
      ([0x50, 0x4B, 3, 4, 45, 0, 0, 0, 0, 0], "zip archive"),
      ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], "torch.save"),
      ([0x93] + Array("NUMPY".utf8) + [1, 0, 118], "an array of NumPy"),
      (Array("GGUF".utf8) + [3, 0, 0, 0, 1], "a GGUF file"),
      ([0x89] + Array("HDF".utf8) + [13, 10, 26, 10], "an HDF5 file"),
      (Array("width,height\n1,2\n".utf8), "a text that begins with \"width,height\"; CSV.load"),
    ] as [([UInt8], String)])
  func aFileOfAnotherKindIsNamed(_ bytes: [UInt8], _ words: String) {
    let text = complaint(bytes + [UInt8](repeating: 0, count: 40))
    #expect(text.hasPrefix("safetensors: this is no safetensors file but ") && text.contains(words), "\(text)")
  }

  @Test func forgedHeaderLength() {
    let all = [UInt8](repeating: 255, count: 8)
    #expect(
      complaint(all + Array("{}".utf8))
        == "safetensors: the header's length, 18446744073709551615, is above the limit of 100000000")
    #expect(
      complaint([200, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
        == "safetensors: the header takes 200 bytes, the file has 2 after its length; it is cut off")
    #expect(complaint([1, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)).contains("no JSON"))
    #expect(
      complaint([1, 2])
        == "safetensors: a safetensors file starts with 8 bytes that tell the header's length; this one has 2 bytes in all"
    )
  }

  @Test(
    arguments: [
      ("{", "the header is no JSON: expected a key in quotes at byte 1"),
      (#"{"a":1"#, "the header is no JSON: expected , or } at byte 6"),
      (#"{"a":nul}"#, "the header is no JSON: no value starts like this at byte 5"),
      (#"{"a":01}"#, "the header is no JSON: expected , or } at byte 6"),
      (#"{"a":1} x"#, "the header is no JSON: something follows the value at byte 8"),
      (#"{"a\u12":1}"#, "the header is no JSON: expected four hexadecimal digits at byte 5"),
      (#"{"\ud800":1}"#, "the header is no JSON: half a surrogate pair at byte 8"),
      ("[]", "the header is no JSON object"),
      (#"{"__metadata__":[]}"#, "__metadata__ is no JSON object"),
      (#"{"__metadata__":{"a":1}}"#, "__metadata__ holds something else than a text under 'a'"),
      (#"{"a":7}"#, ", tensor \'a\': must have a dtype, a shape and two data_offsets, all of them integers from 0"),
      (
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        ", tensor \'a\': must have a dtype, a shape and two data_offsets, all of them integers from 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#,
        ", tensor \'a\': must have a dtype, a shape and two data_offsets, all of them integers from 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
        ", tensor \'a\': must have a dtype, a shape and two data_offsets, all of them integers from 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        ", tensor \'a\': F32 of shape [2] takes 8 bytes, its offsets are 0 to 4"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        ", tensor \'a\': F32 of shape [1] takes 4 bytes, its offsets are 4 to 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,0]}}"#,
        ", tensor \'a\': its shape [4611686018427387904, 2] has more elements than fit into memory"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#,
        ", tensor \'a\': its shape [0, 4294967296, 4294967296] has more elements than fit into memory"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#,
        ", tensor \'a\': must have a dtype, a shape and two data_offsets, all of them integers from 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        ", tensor \'b\': starts at 2 and overlaps the one before it, which ends at 4"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        ", tensor \'b\': starts at 8 and leaves a gap after 4"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        ", tensor \'a\': starts at 4 and leaves a gap after 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"the header is no JSON: the key "a" appears twice at byte 57"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        "the tensors take 4 bytes, the file has 0 for them; it is cut off"
      ),
    ])
  func badHeaders(header: String, message: String) {
    #expect(complaint(file(header)) == "safetensors" + (message.hasPrefix(",") ? "" : ": ") + message)
  }

  @Test func nestedTooDeep() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      complaint(file(deep))
        == "safetensors: the header is no JSON: arrays and objects are nested more than 128 deep at byte 128")
  }

  @Test func numbersThatWeCannotHold() {
    let huge = file(#"{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](repeating: 255, count: 8))
    #expect(complaint(huge) == "safetensors, tensor \'a\': is U64 and has a number above 2⁶³ − 1, the largest int64")
    let flag = file(#"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2])
    #expect(complaint(flag) == "safetensors, tensor \'a\': is BOOL and has a byte 2, which is neither 0 nor 1")
    let complex = file(#"{"a":{"dtype":"C64","shape":[0],"data_offsets":[0,0]}}"#)
    #expect(complaint(complex).hasPrefix("safetensors, tensor \'a\': has the type C64; readable are F64, F32, F16"))
    let ranks = file(#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, [0])
    #expect(complaint(ranks) == "safetensors, tensor \'a\': has 9 axes; a tensor has at most 8")
  }

  @Test(arguments: [
    Mistake("Safetensors.save: two tensors are named 'a'; every name may stand once") {
      _ = Safetensors.bytes([
        (name: "a", tensor: Tensor(1)), (name: "b", tensor: Tensor(2)), (name: "a", tensor: Tensor(2)),
      ])
    },
    Mistake("Safetensors.save: no tensor can be named '__metadata__', the format keeps that for itself") {
      _ = Safetensors.bytes(["__metadata__": Tensor(1)])
    },
  ])
  func namesThatCannotBeWritten(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
