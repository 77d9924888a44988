import ConformanceSupport
import Tapestry
import Testing

struct ComparisonTests {
  @Test func tolerances() {
    let x = Tensor([1.0, 100.0], .float64)
    #expect(difference(x, Tensor([1 + 1e-6, 100 + 9e-5], .float64)) == nil)
    #expect(difference(x, Tensor([1 + 3e-6, 100.0], .float64)) != nil)
    #expect(difference(x.cast(to: .float32), Tensor([1.0001, 100.01] as [Float])) == nil)
    #expect(difference(x.cast(to: .float32), Tensor([1.0003, 100] as [Float])) != nil)
    #expect(difference(Tensor([Int.max]), Tensor([Int.max - 1])) != nil)
    #expect(difference(x, Tensor([1.5, 100], .float64), Tolerance(absolute: 1, relative: 0)) == nil)
  }

  @Test func typesAndShapes() {
    #expect(difference(Tensor([1.0], .float64), Tensor([1] as [Float])) == "is float64 [1], not float32 [1]")
    #expect(difference(Tensor([1.0], .float64), Tensor(1, .float64)) == "is float64 [1], not float64 []")
  }

  @Test func notFinite() {
    let values = [Double.nan, .infinity, -.infinity, 0]
    #expect(difference(Tensor(values), Tensor(values)) == nil)
    for (i, other) in [0.0, -Double.infinity, 1e300, .nan].enumerated() {
      var wrong = values
      wrong[i] = other
      #expect(
        difference(Tensor(wrong), Tensor(values)) != nil && difference(Tensor(values), Tensor(wrong)) != nil, "\(other)"
      )
    }
  }

  @Test func theWorstElementIsNamed() {
    let how = difference(Tensor([1.0, 2, 3], .float64), Tensor([1.5, 2, 5], .float64))
    #expect(how == "differs in 2 of 3 elements of [3], most in element 2: 3.0, not 5.0")
  }
}

struct ArgumentsTests {
  @Test func whatNobodyReadsFails() throws {
    let arguments = Arguments([("dim", .integer(1)), ("keepdim", .bool(true)), ("*", .list([.number(2)]))])
    #expect(try arguments.int("dim") == 1)
    #expect(throws: CaseFailure.self) { try arguments.finish() }
    #expect(try arguments.bool("keepdim", false))
    #expect(throws: CaseFailure.self) { try arguments.finish() }
    #expect(try arguments.naming("alpha", "beta").double("alpha") == 2)
    try arguments.finish()
  }

  @Test func missingAndNone() throws {
    let arguments = Arguments([("dim", .null), ("p", .string("fro"))])
    #expect(try arguments.int("dim", 3) == 3 && arguments.int("axis", 4) == 4 && arguments.optionalInt("dim") == nil)
    #expect(throws: CaseFailure.self) { try arguments.int("dim") }
    #expect(throws: CaseFailure.self) { try arguments.int("absent") }
    #expect(throws: CaseFailure.self) { try arguments.double("p") }
  }
}
