import ConformanceSupport
import Foundation
import Tapestry
import TestSupport
import Testing

/// The suite itself, on made-up cases: what is wrong must be found.
struct SuiteTests {
  /// y = 2·x for x = [1, 2, 3] with cotangent [1, 10, 100], so dx = [2, 20, 200]; each case has one tensor replaced.
  private func write(to url: URL) throws {
    var tensors: [String: Tensor] = [:], cases: [String] = []
    let planted: [(key: String, value: Tensor)?] = [
      nil, ("output.0", Tensor([2.0, 4, 6.1], .float64)), ("grad.input.x", Tensor([2.0, 20, 201], .float64)),
      ("output.0", Tensor([[2.0, 4, 6]], .float64)),
      ("x", Tensor([1.0, 2], .float64)), nil,
      nil,
    ]
    for (id, replaced) in planted.enumerated() {
      tensors["\(id)/x"] = Tensor([1.0, 2, 3], .float64)
      tensors["\(id)/output.0"] = Tensor([2.0, 4, 6], .float64)
      tensors["\(id)/cotangent.0"] = Tensor([1.0, 10, 100], .float64)
      tensors["\(id)/grad.input.x"] = Tensor([2.0, 20, 200], .float64)
      if let replaced { tensors["\(id)/\(replaced.key)"] = replaced.value }
      // Case 5 has no gradient where there should be one, case 6 an argument that nobody knows.
      let grad = id == 5 ? "null" : #"{"tensor":"\#(id)/grad.input.x"}"#
      cases.append(
        #"{"id":\#(id),"kwargs":{"factor":2.0\#(id == 6 ? #","mode":"odd""# : "")},"forward":{"x":{"tensor":"\#(id)/x"}},"outputs":[{"tensor":"\#(id)/output.0"}],"#
          + #""cotangents":{"0":{"tensor":"\#(id)/cotangent.0"}},"grads":{"input.x":\#(grad)}}"#)
    }
    let kind = url.appendingPathComponent("made-up")
    try FileManager.default.createDirectory(at: kind, withIntermediateDirectories: true)
    for name in ["twice", "unknown", "excluded"] {
      try Safetensors.save(
        tensors, metadata: ["cases": "[\(cases.joined(separator: ","))]"],
        to: kind.appendingPathComponent("\(name).safetensors"))
    }
  }

  @Test func everyPlantedErrorIsFound() throws {
    try withScratchFolder { folder in
      try write(to: folder)
      try findPlantedErrors(in: CaseFolder(folder))
    }
  }

  private func findPlantedErrors(in folder: CaseFolder) throws {
    let report = try CaseReport(folder, "made-up", known: ["twice"], exclusions: ["made-up/excluded": "a reason"]) {
      item in
      let decoder = CaseDecoder(item)
      let options = try decoder.arguments("kwargs", prefix: "kwargs")
      let factor = try options.double("factor")
      try options.finish()
      let x = try decoder.arguments("forward", prefix: "input").variable("x")
      if x.count == 2 { fail("twice: needs 3 elements") }
      try item.check(outputs: [x * factor], leaves: decoder.leaves)
    }
    #expect(report.agreeing == 1 && report.names == 1 && report.excluded == ["excluded"])
    #expect(
      report.failures == [
        "made-up/twice #1: output 0 differs in 1 of 3 elements of [3], most in element 2: 6.0, not 6.1",
        "made-up/twice #2: gradient of input.x differs in 1 of 3 elements of [3], most in element 2: 200.0, not 201.0",
        "made-up/twice #3: output 0 is float64 [3], not float64 [1, 3]",
        "made-up/twice #4: refused: twice: needs 3 elements",
        "made-up/twice #5: gradient of input.x differs in 3 of 3 elements of [3], most in element 2: 200.0, not 0.0",
        "made-up/twice #6: unsupported: mode",
        "made-up/unknown: the suite does not know this name, and no exclusion gives a reason",
      ])
    #expect(report.description.hasSuffix("1 cases of 1 names agree, 7 fail, 1 names excluded"))
  }

  @Test func markersAreDecoded() throws {
    try withScratchFolder { try decodeMarkers(in: $0.appendingPathComponent("markers.safetensors")) }
  }

  private func decodeMarkers(in url: URL) throws {
    let json =
      #"[{"id":0,"args":[{"tensor":"0/a"},{"slice":[null,-1,2]},{"ellipsis":true},{"float":"-inf"},{"dtype":"int32"},{"dtype":"complex64"},[1,2.5,[{"tensor":"0/a"}]],"#
      + #"{"module":"nn.ReLU","kwargs":{"inplace":false}}],"kwargs":{"dtype":{"dtype":"float64"},"map":{"slice":3}},"grads":{"arg.0":null,"arg.6.2.0":null}}]"#
    try Safetensors.save(["0/a": Tensor([1.0], .float64)], metadata: ["cases": json], to: url)
    let decoder = CaseDecoder(try Case.load(url)[0])
    let arguments = try decoder.opArguments()
    #expect(try arguments.optionalDType("dtype") == .float64)
    #expect(decoder.leaves.map(\.name) == ["arg.0", "arg.6.2.0"])
    guard case .map(let members)? = arguments.value("map"), members.map(\.key) == ["slice"] else {
      return #expect(Bool(false), "no map")
    }
    let values = arguments.takePositional()
    try arguments.finish()
    guard case .slice(start: nil, stop: -1, step: 2) = values[1], case .ellipsis = values[2],
      case .otherDType("complex64") = values[5],
      case .module("nn.ReLU", let options) = values[7], options.map(\.key) == ["inplace"]
    else { return #expect(Bool(false), "\(values)") }
    #expect(try values[3].number() == -.infinity && values[4].dtype() == .int32 && values[6].list()[1].number() == 2.5)
  }
}
