import Foundation
import TapestryData
import TapestryTensors
import Testing

/// Files that Python's safetensors 0.8 wrote from PyTorch's tensors.
private enum Python {
  /// `save({"b": [[1.5, -2, inf], [0, 1e-40, 3]] float32, "a": [1.1, 2.2] float64, "c.ä\"\\\n\x01": [-1, 2**40] int64, "z": [7, -8, 9] int32, "u": [0, 255] uint8,
  /// "flag": [True, False, True], "scalar": 3.25, "empty": zeros(2, 0)}, {"epoch": "3"})`
  static let ours = bytes(
    """
    +AEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJlcG9jaCI6IjMifSwiYy7DpFwiXFxcblx1MDAwMSI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiYSI6ey\
    JkdHlwZSI6IkY2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDMyXX0sImIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzMyLDU2XX0sImVtcHR5\
    Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDBdLCJkYXRhX29mZnNldHMiOls1Niw1Nl19LCJzY2FsYXIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzU2LDYwXX\
    0sInoiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls2MCw3Ml19LCJ1Ijp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls3Miw3NF19LCJm\
    bGFnIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6Wzc0LDc3XX19ICAgICD//////////wAAAAAAAQAAmpmZmZmZ8T+amZmZmZkBQAAAwD8AAADAAACAfwAAAADCFg\
    EAAABAQAAAUEAHAAAA+P///wkAAAAA/wEAAQ==
    """)

  /// `save` of the types that are read as others: f16, bf16, i8, i16, u16, u32, u64.
  static let others = bytes(
    """
    kAEAAAAAAAB7InU2NCI6eyJkdHlwZSI6IlU2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwidTMyIjp7ImR0eXBlIjoiVTMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIj\
    pbMTYsMjRdfSwiYmYxNiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzRdLCJkYXRhX29mZnNldHMiOlsyNCwzMl19LCJmMTYiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzhdLCJkYXRhX29mZnNl\
    dHMiOlszMiw0OF19LCJ1MTYiOnsiZHR5cGUiOiJVMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0OCw1Ml19LCJpMTYiOnsiZHR5cGUiOiJJMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZn\
    NldHMiOls1Miw1Nl19LCJpOCI6eyJkdHlwZSI6Ikk4Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNTYsNThdfX0gBQAAAAAAAAD/////////fwEAAAD/////wD9i/wEAgP8APgCAAQD/ewB8\
    AH4AhP8DAAD//wCA/3+Afw==
    """)

  private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64)!) }
}

/// The tensors of `Python.ours`.
private let ours: [String: Tensor] = [
  "b": Tensor([[1.5, -2, .infinity], [0, Float(bitPattern: 0x116C2), 3]] as [[Float]]), "a": Tensor([1.1, 2.2], .float64),
  "c.ä\"\\\n\u{1}": Tensor([-1, 1 << 40]),
  "z": Tensor([7, -8, 9] as [Int32]),
  "u": Tensor([0, 255] as [UInt8]), "flag": Tensor([true, false, true]), "scalar": Tensor(3.25), "empty": .zeros([2, 0]),
]

private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + header.utf8 + data
}

/// What loading says, or "" if it does not complain.
private func complaint(_ bytes: [UInt8]) -> String {
  do throws(SafetensorsError) {
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

  /// Values from PyTorch's own widening (`.to(float64)`, `.to(int64)`), all of which float32, int32 and int64 hold exactly.
  @Test func otherTypesAreWidened() throws {
    let file = try Safetensors.load(bytes: Python.others)
    let f16 = try #require(file["f16"]).array(Float.self)
    #expect(f16.prefix(5) == [1.5, 0, 5.960464477539063e-08, 65504, .infinity] && f16[1].sign == .minus)
    #expect(f16[5].isNaN && f16[6] == -6.103515625e-05 && f16[7] == 6.097555160522461e-05)
    #expect(file["bf16"] == Tensor([1.5, -3.00405527047391e+38, Float(bitPattern: 0x1_0000), -.infinity] as [Float]))
    #expect(file["i8"] == Tensor([-128, 127] as [Int32]))
    #expect(file["i16"] == Tensor([-32768, 32767] as [Int32]))
    #expect(file["u16"] == Tensor([0, 65535] as [Int32]))
    #expect(file["u32"] == Tensor([1, 4294967295]))
    #expect(file["u64"] == Tensor([5, Int.max]))
  }

  /// All halves: Swift's own Float16 where there is one.
  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalf() throws {
      let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let read = try Safetensors.load(bytes: file(#"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#, bytes))
      let halves = try #require(read["h"]).array(Float.self)
      let wrong = (0...UInt16.max).filter { bits in
        let expected = Float(Float16(bitPattern: bits)), got = halves[Int(bits)]
        return expected.isNaN ? !got.isNaN : got.bitPattern != expected.bitPattern
      }
      #expect(wrong == [])
    }
  #endif

  @Test func viewsAreWrittenInRowMajorOrder() throws {
    let x = Tensor.arange(6, .float32).reshaped(2, 3).transposed()
    #expect(try Safetensors.load(bytes: Safetensors.bytes(["x": x]))["x"] == x)
  }

  @Test func nothingAtAll() throws {
    #expect(Safetensors.bytes([:] as [String: Tensor]) == file("{}      "))
    #expect(try Safetensors.load(bytes: file("{}")).names == [])
  }

  @Test func savingReplacesTheFileAndLeavesNothingBeside() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.safetensors").path
    try Safetensors.save(["old": Tensor.ones([1000])], to: path)
    try Safetensors.save(ours, metadata: ["epoch": "3"], to: path)
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == Python.ours)
    let file = try Safetensors.load(path)
    #expect(file.names.count == ours.count && file["z"] == ours["z"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.safetensors"])
  }

  @Test func theWorldsFaultsAreTyped() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID().uuidString)")
    let path = folder.appendingPathComponent("x.safetensors").path
    let absent = #expect(throws: SafetensorsError.self) { try Safetensors.load(path) }
    guard case .unreadable(let text)? = absent else { return #expect(Bool(false), "\(absent as Any)") }
    #expect(text == path + ": there is no such file or folder")
    let unwritable = #expect(throws: SafetensorsError.self) { try Safetensors.save(["x": Tensor(1)], to: path) }
    guard case .unwritable(let text)? = unwritable else { return #expect(Bool(false), "\(unwritable as Any)") }
    #expect(text == path + ": there is no such file or folder")
    // A folder under the file's name: written beside it, but it cannot be renamed over it.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: SafetensorsError.self) { try Safetensors.save(["x": Tensor(1)], to: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.safetensors"])
  }
}

struct DamagedSafetensorsTests {
  /// Cut off anywhere, and with a byte too many.
  @Test func everyTruncation() {
    let wrong = (0..<Python.ours.count).filter { count in
      do throws(SafetensorsError) {
        _ = try Safetensors.load(bytes: Array(Python.ours.prefix(count)))
        return true
      } catch {
        if case .damaged = error { return false }
        return true
      }
    }
    #expect(wrong == [])
    #expect(complaint(Python.ours + [0]) == "safetensors: the tensors take 77 bytes, the file has 78 for them")
    #expect(complaint(Array(Python.ours.dropLast())) == "safetensors: the tensors take 77 bytes, the file has 76 for them; it is cut off")
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

  @Test func forgedHeaderLength() {
    let all = [UInt8](repeating: 255, count: 8)
    #expect(complaint(all + Array("{}".utf8)) == "safetensors: the header's length, 18446744073709551615, is above the limit of 100000000")
    #expect(
      complaint([200, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)) == "safetensors: the header takes 200 bytes, the file has 2 after its length; it is cut off")
    #expect(complaint([1, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)).contains("no JSON"))
    #expect(complaint([1, 2]) == "safetensors: a safetensors file starts with 8 bytes that tell the header's length; this one has 2 bytes in all")
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
      (#"{"a":7}"#, "tensor 'a' must have a dtype, a shape and two data_offsets, all of them integers from 0"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "tensor 'a' must have a dtype, a shape and two data_offsets, all of them integers from 0"),
      (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, "tensor 'a' must have a dtype, a shape and two data_offsets, all of them integers from 0"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "tensor 'a' must have a dtype, a shape and two data_offsets, all of them integers from 0"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "tensor 'a', F32 of shape [2], takes 8 bytes, its offsets are 0 to 4"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "tensor 'a', F32 of shape [1], takes 4 bytes, its offsets are 4 to 0"),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,0]}}"#,
        "tensor 'a' of shape [4611686018427387904, 2] has more elements than fit into memory"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#,
        "tensor 'a' of shape [0, 4294967296, 4294967296] has more elements than fit into memory"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#,
        "tensor 'a' must have a dtype, a shape and two data_offsets, all of them integers from 0"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        "tensor 'b' starts at 2 and overlaps the one before it, which ends at 4"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        "tensor 'b' starts at 8 and leaves a gap after 4"
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "tensor 'a' starts at 4 and leaves a gap after 0"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"the header is no JSON: the key "a" appears twice at byte 57"#
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "the tensors take 4 bytes, the file has 0 for them; it is cut off"),
    ])
  func badHeaders(header: String, message: String) {
    #expect(complaint(file(header)) == "safetensors: " + message)
  }

  @Test func nestedTooDeep() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(complaint(file(deep)) == "safetensors: the header is no JSON: arrays and objects are nested more than 128 deep at byte 128")
  }

  @Test func numbersThatWeCannotHold() {
    let huge = file(#"{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](repeating: 255, count: 8))
    #expect(complaint(huge) == "safetensors: tensor 'a' is U64 and has a number above 2⁶³ − 1, the largest int64")
    let flag = file(#"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2])
    #expect(complaint(flag) == "safetensors: tensor 'a' is BOOL and has a byte 2, which is neither 0 nor 1")
    let complex = file(#"{"a":{"dtype":"C64","shape":[0],"data_offsets":[0,0]}}"#)
    #expect(complaint(complex).hasPrefix("safetensors: tensor 'a' has the type C64; readable are F64, F32, F16"))
    let ranks = file(#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, [0])
    #expect(complaint(ranks) == "safetensors: tensor 'a' has 9 axes; a tensor has at most 8")
  }

  @Test func namesThatCannotBeWritten() async {
    let twice = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Safetensors.bytes([(name: "a", tensor: Tensor(1)), (name: "a", tensor: Tensor(2))])
    }
    let twiceText = String(decoding: twice?.standardErrorContent ?? [], as: UTF8.self)
    #expect(twiceText.contains("Safetensors.save: two tensors are named 'a'"))
    let reserved = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Safetensors.bytes(["__metadata__": Tensor(1)])
    }
    let reservedText = String(decoding: reserved?.standardErrorContent ?? [], as: UTF8.self)
    #expect(reservedText.contains("no tensor can be named '__metadata__'"))
  }
}
