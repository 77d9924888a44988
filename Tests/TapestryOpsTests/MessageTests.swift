import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// What a mistake is told, word for word: the function, what it was given, what differs, and where there is one a hint.
/// One or two of each family of ops.
struct MessageTests {
  static func v(_ shape: Shape, _ dtype: DType = .float32) -> Variable { Variable(.zeros(shape, dtype)) }

  /// The message of a call that fails; nil for one that does not.
  static func message(_ body: @escaping () -> Void) -> String? {
    do {
      try Failure.catching(body)
      return nil
    } catch { return error.message }
  }

  struct Mistake: CustomTestStringConvertible, @unchecked Sendable {
    let text: String
    let call: () -> Void
    init(_ text: String, _ call: @escaping () -> Void) { (self.text, self.call) = (text, call) }
    var testDescription: String { text }
  }

  @Test(
    arguments: products + pointwise + wholeNumbers + reductions + classLabels + shapes + indices + networks + overflows)
  func wording(_ mistake: Mistake) {
    #expect(Self.message(mistake.call) == mistake.text)
  }

  static let products: [Mistake] = [
    Mistake("linear: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ; Linear(128, 10) would fit")
    {
      _ = linear(v([32, 128]), v([256, 10]))
    },
    Mistake("linear: the bias must be [10] for weight [128, 10], got [9]") {
      _ = linear(v([32, 128]), v([128, 10]), v([9]))
    },
    Mistake("matmul: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ") {
      _ = matmul(v([32, 128]), v([256, 10]))
    },
    Mistake(
      """
      matmul: cannot multiply [32, 128] by [10, 128]: inner sizes 128 and 10 differ; the second one transposed would \
      fit
      """
    ) {
      _ = matmul(v([32, 128]), v([10, 128]))
    },
    Mistake("matmul: cannot multiply [3] by [4, 5]: inner sizes 3 and 4 differ") { _ = matmul(v([3]), v([4, 5])) },
    Mistake("bmm: cannot multiply [2, 3, 4] by [2, 5, 6]: inner sizes 4 and 5 differ") {
      _ = bmm(v([2, 3, 4]), v([2, 5, 6]))
    },
    Mistake("dot: cannot combine float32 [3] with float64 [3]; convert one with cast(to:)") {
      _ = dot(v([3]), v([3], .float64))
    },
    Mistake("dot: needs two vectors of one size, got [9] and [3]") { _ = dot(v([9]), v([3])) },
    Mistake("addmm: [5] does not broadcast to [2, 4], the product of [2, 3] and [3, 4]") {
      _ = addmm(v([5]), v([2, 3]), v([3, 4]))
    },
    Mistake("einsum: 'j' in \"ij,jk\" has size 3 and 4 in the shapes [[2, 3], [4, 5]]") {
      _ = einsum("ij,jk", v([2, 3]), v([4, 5]))
    },
  ]

  static let pointwise: [Mistake] = [
    Mistake("+: cannot broadcast [2, 3] with [2]: sizes 3 and 2 of axis -1 differ and neither is 1") {
      _ = v([2, 3]) + v([2])
    },
    Mistake("*: cannot combine float32 [2] with int64 [2]; convert one with cast(to:)") { _ = v([2]) * v([2], .int64) },
    Mistake("exp: needs a floating-point tensor, got int64 [2]; convert it with cast(to: .float32)") {
      _ = exp(v([2], .int64))
    },
    Mistake("hypot: needs floating-point tensors, got int64 [2]; convert them with cast(to: .float32)") {
      _ = hypot(v([2], .int64) + 1, v([2], .int64))
    },
    Mistake("where: the condition must be bool, got float32 [2]; compare it (x .> 0) or cast(to: .bool)") {
      _ = v([2]).where(.zeros([2]), 0)
    },
    Mistake("lerp: cannot broadcast [2, 3] with [4]: sizes 3 and 4 of axis -1 differ and neither is 1") {
      _ = lerp(v([2, 3]), v([2, 1]), v([4]))
    },
    Mistake("softshrink: lambda must be at least 0, got -0.5") { _ = softshrink(v([2]), lambda: -0.5) },
  ]

  static let wholeNumbers: [Mistake] = [
    Mistake("-x: is not defined for bool [2]; convert it with cast(to: .float32) or to an integer type") {
      _ = -v([2], .bool)
    },
    Mistake("-: is not defined for bool [2] and [2]; convert them with cast(to:), or see & | ^") {
      _ = v([2], .bool) - v([2], .bool)
    },
    Mistake("%: cannot divide int64 [2] by [], which holds 0") { _ = Tensor([1, 2]) % 0 },
    Mistake("/=: int64 [2] cannot hold quotients; write x = x / y, which is float32, or floorDivide(x, y)") {
      var x = v([2], .int64)
      x /= 2
    },
    Mistake("/: cannot combine int64 [2] with float32 [2]; convert one with cast(to:)") { _ = v([2], .int64) / v([2]) },
    Mistake("+: cannot combine uint8 [2] with 256, which uint8 cannot hold; convert the tensor with cast(to: .int64)") {
      _ = v([2], .uint8) + 256
    },
    Mistake("-: cannot combine int64 [2] with the fraction 0.5; convert the tensor with cast(to: .float32)") {
      _ = 0.5 - v([2], .int64)
    },
    Mistake(
      "clamp: uint8 [2] cannot hold 300, a limit that would be among the results; convert it with cast(to: .float32)"
    ) {
      _ = clamp(v([2], .uint8), min: 300)
    },
    Mistake(
      "clamp: uint8 [2] cannot hold -1, a limit that would be among the results; convert it with cast(to: .float32)"
    ) {
      _ = clamp(v([2], .uint8), min: -2, max: -1)
    },
    Mistake(
      "clamp: uint8 [2] cannot hold 256, a limit that would be among the results; convert it with cast(to: .float32)"
    ) {
      _ = clamp(v([2], .uint8), min: 256, max: 300)
    },
    Mistake(
      "clamp: int64 [2] cannot hold 0.5, a limit that would be among the results; convert it with cast(to: .float32)"
    ) {
      _ = clamp(v([2], .int64), max: 0.5)
    },
    Mistake(
      "pow: cannot raise 2.0 to the powers int64 [2], some of which are negative; convert them with cast(to: .float32)"
    ) {
      _ = pow(2, Variable(Tensor([1, -1])))
    },
    Mistake("pow: cannot combine uint8 [2] with 256, which uint8 cannot hold; convert the tensor with cast(to: .int64)")
    { _ = pow(256, v([2], .uint8)) },
    Mistake("pow: cannot combine int64 [2] with the fraction 0.5; convert the tensor with cast(to: .float32)") {
      _ = pow(v([2], .int64), 0.5)
    },
    Mistake("where: uint8 [2] cannot hold 256; make it of another type, or convert it with cast(to: .float32)") {
      _ = v([2], .uint8).where(.ones([2], .bool), 256)
    },
    Mistake("padded: uint8 [3] cannot hold -1; make it of another type, or convert it with cast(to: .float32)") {
      _ = v([2], .uint8).padded([(0, 1)], mode: .constant(-1))
    },
    Mistake("+: cannot combine int64 [1] with inf, which int64 cannot hold; convert the tensor with cast(to: .float32)")
    { _ = Tensor([1]) + Double.infinity },
    Mistake("pow: cannot raise int64 [2] to the power -1.0, which gives fractions; convert it with cast(to: .float32)")
    { _ = pow(v([2], .int64), -1) },
    Mistake("full: int64 [2] cannot hold 2.5; make it of another type, or convert it with cast(to: .float32)") {
      _ = Tensor.full([2], 2.5, .int64)
    },
    Mistake("full: uint8 [2] cannot hold 300; make it of another type, or convert it with cast(to: .float32)") {
      _ = Tensor.full([2], 300, .uint8)
    },
    Mistake("randint: uint8 cannot hold every number of 0..<1000") { _ = Tensor.randint([4], in: 0..<1000, .uint8) },
  ]

  static let reductions: [Mistake] = [
    Mistake("sum: axis 2 does not exist in [2, 3], which has 2 axes") { _ = v([2, 3]).sum(2) },
    Mistake("mean: axis -2 is listed twice in [0, -2]") { _ = v([2, 3]).mean(0, -2) },
    Mistake("mean: needs floating-point input, got int64 [2]; convert it with cast(to: .float32)") {
      _ = v([2], .int64).mean()
    },
    Mistake("amax: axis 1 of [5, 0] is empty, so there is no amax") { _ = v([5, 0]).amax(1) },
    Mistake("max: axis 1 of [5, 0] is empty, so there is no max") { _ = v([5, 0]).max(axis: 1) },
  ]

  static let classLabels: [Mistake] = [
    Mistake(
      """
      crossEntropy: labels must be class numbers of an integer type, got float64 [8]; convert them with cast(to: \
      .int64)
      """
    ) {
      _ = crossEntropy(v([8, 2]), v([8], .float64))
    },
    Mistake(
      """
      crossEntropy: labels must be class numbers of an integer type, got float32 []; convert them with cast(to: .int64)
      """
    ) {
      _ = crossEntropy(v([2]), v([]))
    },
    Mistake(
      """
      crossEntropy: the input [8, 2] needs labels [8], one for each row of 2 classes, got [8, 1]; reshape them: \
      labels.reshaped([8])
      """
    ) {
      _ = crossEntropy(v([8, 2]), v([8, 1], .int64))
    },
    Mistake(
      """
      crossEntropy: the input [8, 2] needs labels [8], one for each row of 2 classes, got [8, 2]; for one-hot labels \
      pass labels.argmax(1)
      """
    ) {
      _ = crossEntropy(v([8, 2]), v([8, 2], .int64))
    },
    Mistake("crossEntropy: the input [8, 2] needs labels [8], one for each row of 2 classes, got [3]") {
      _ = crossEntropy(v([8, 2]), v([3], .int64))
    },
    Mistake("oneHot: needs at least one class, got 0") { _ = Tensor.oneHot(Tensor([0]), classes: 0) },
    Mistake(
      "oneHot: labels must be class numbers of an integer type, got float32 [2]; convert them with cast(to: .int64)"
    ) {
      _ = Tensor.oneHot(.zeros([2]), classes: 3)
    },
    Mistake("oneHot: labels must be class numbers of an integer type, got bool [2]; convert them with cast(to: .int64)")
    {
      _ = Tensor.oneHot(Tensor([true, false]), classes: 2)
    },
    Mistake("oneHot: label 3 at position 1 of [2] is no class: there are 3, 0 ..< 3") {
      _ = Tensor.oneHot(Tensor([0, 3]), classes: 3)
    },
  ]

  static let shapes: [Mistake] = [
    Mistake("reshaped: cannot fit [4, 3] (12 elements) into [5, -1]: 12 is no multiple of 5") {
      _ = v([4, 3]).reshaped(5, -1)
    },
    Mistake("narrowed: 11 positions from 0 on lie outside axis 0 of [10], which has size 10") {
      _ = v([10]).narrowed(axis: 0, start: 0, count: 11)
    },
    Mistake("selected: index 3 lies outside axis 1 of [2, 3], which has size 3") {
      _ = v([2, 3]).selected(axis: 1, index: 3)
    },
    Mistake("subscript: index 3 lies outside axis 1 of [2, 3], which has size 3") { _ = v([2, 3])[0, 3] },
    Mistake("triu: needs a matrix or a batch of them to take a triangle of, got [4]") { _ = v([4]).triu() },
    Mistake("concatenate: input 0 has shape [2, 3], input 1 [2, 4]; only axis 0 may differ") {
      _ = concatenate([v([2, 3]), v([2, 4])])
    },
    Mistake("split: the sizes [1, 3] must add up to 3, the size of axis 1 of [2, 3]") {
      _ = v([2, 3]).split([1, 3], axis: 1)
    },
    Mistake("movedAxes: axis -5 is listed twice in [0, -5]") {
      _ = v([2, 3, 4, 5, 6]).movedAxes([0, -5], to: [1, 2])
    },
    Mistake("diagonalEmbedded: needs two different axes for the matrices of [2, 3], got 1 and 1") {
      _ = v([2, 3]).diagonalEmbedded(axis1: 1, axis2: 1)
    },
    Mistake("flipped: axis -2 is listed twice in [0, -2]") { _ = Tensor.zeros([2, 3]).flipped(0, -2) },
  ]

  static let indices: [Mistake] = [
    Mistake("gather: index 23 at position 3 of [2, 2] lies outside axis 1 of [2, 2], 0 ..< 2") {
      _ = v([2, 2]).gather(1, Tensor([[0, 0], [0, 23]]))
    },
    Mistake("takeAlong: index 5 at position 0 of [1, 1] lies outside axis 0 of [3, 1], 0 ..< 3") {
      _ = v([3, 1]).takeAlong(0, Tensor([[5]]))
    },
    Mistake("scatter: cannot combine float64 [3] with float32 [2]; convert one with cast(to:)") {
      _ = v([3], .float64).scatter(0, Tensor([0, 1]), v([2]))
    },
    Mistake(
      """
      scatterAdd: the source has shape [2, 5, 2], the index [2, 2]; the source must have as many axes and be no smaller
      """
    ) {
      _ = v([3, 5]).scatterAdd(0, .zeros([2, 2], .int64), v([2, 5, 2]))
    },
    Mistake("indexAdd: 2 indices into axis 0 of [3, 2] need a source of shape [2, 2], got [2]") {
      _ = v([3, 2]).indexAdd(0, Tensor([0, 1]), v([2]))
    },
    Mistake("maskedFill: int64 [2] cannot hold 0.5; make it of another type, or convert it with cast(to: .float32)") {
      _ = v([2], .int64).maskedFill(.ones([2], .bool), 0.5)
    },
    Mistake("maskedFill: the value must be a scalar of the type float32 of [2, 2], got float32 [1]") {
      _ = v([2, 2]).maskedFill(.ones([], .bool), v([1]))
    },
  ]

  static let networks: [Mistake] = [
    Mistake("softmax: axis 2 does not exist in [2, 3], which has 2 axes") { _ = softmax(v([2, 3]), axis: 2) },
    Mistake("softmin: axis 2 does not exist in [2, 3], which has 2 axes") { _ = softmin(v([2, 3]), axis: 2) },
    Mistake("layerNorm: the last axes of the input must be [4], the normalized shape, got [2, 3]") {
      _ = layerNorm(v([2, 3]), gamma: v([4]))
    },
    Mistake("embedding: index 9 at position 0 of [1] lies outside axis 0 of [4, 3], 0 ..< 4") {
      _ = embedding(Tensor([9]), v([4, 3]))
    },
    Mistake("crossEntropy: the input [4, 3] needs labels [4], one for each row of 3 classes, got [5]") {
      _ = crossEntropy(v([4, 3]), Tensor.zeros([5], .int64))
    },
    Mistake("crossEntropy: ignoreIndex 1 has no meaning beside probabilities float32 [4, 3]; class numbers are int64") {
      _ = crossEntropy(v([4, 3]), v([4, 3]), ignoreIndex: 1)
    },
    Mistake("padded: the widths (-2, -2) take more from axis 0 of [3] than there is") { _ = v([3]).padded([(-2, -2)]) },
  ]

  /// Numbers near the ends of Int: no sum or product of ours overflows.
  static let overflows: [Mistake] = [
    Mistake("Shape: [4611686018427387904, 4] has more elements than fit into memory") {
      _ = Tensor.zeros([1 << 62, 4])
    },
    Mistake("Shape: [4611686018427387904, 4, 0] has more elements than fit into memory") {
      _ = Tensor.zeros([1 << 62, 4, 0])
    },
    Mistake("+: the result of [1099511627776, 1] and [1, 1099511627776] has more elements than fit into memory") {
      _ = v([1]).expanded(1 << 40, 1) + v([1]).expanded(1, 1 << 40)
    },
    Mistake("matmul: the result [1099511627776, 1099511627776] has more elements than fit into memory") {
      _ = linear(v([1, 0]).expanded(1 << 40, 0), v([0, 1]).expanded(0, 1 << 40))
    },
    Mistake("Shape: [9223372036854775807, 9223372036854775807] has more elements than fit into memory") {
      _ = v([1]).expanded(.max, .max)
    },
    Mistake(
      """
      reshaped: cannot fit [4] (4 elements) into [9223372036854775807, 9223372036854775807, -1], which has more \
      elements than fit into memory
      """
    ) {
      _ = v([4]).reshaped(.max, .max, -1)
    },
    Mistake("narrowed: 9223372036854775807 positions from 1 on lie outside axis 0 of [4], which has size 4") {
      _ = v([4]).narrowed(axis: 0, start: 1, count: .max)
    },
    Mistake("padded: the widths (9223372036854775807, 0) for [4] are wider than memory") {
      _ = v([4]).padded([(.max, 0)], mode: .replicate)
    },
    Mistake("tiled: axis 0 of [4] 9223372036854775807 times has more elements than fit into memory") {
      _ = v([4]).tiled(.max)
    },
    Mistake("repeatInterleave: the counts [9223372036854775807] for axis 0 of [1] do not fit into memory") {
      _ = v([1]).repeatInterleave([.max], axis: 0)
    },
    Mistake("repeatInterleave: the counts [68719476735, 2] for axis 0 of [2] do not fit into memory") {
      _ = v([2]).repeatInterleave([(1 << 36) - 1, 2], axis: 0)
    },
    Mistake("padded: (68719476735, 0) makes an axis of size 4 of [4] longer than fits into memory") {
      _ = v([4]).padded([((1 << 36) - 1, 0)], mode: .replicate)
    },
    Mistake("split: the sizes [9223372036854775807, 1] must add up to 4, the size of axis 0 of [4]") {
      _ = v([4]).split([.max, 1])
    },
    Mistake("chunk: cannot make 9223372036854775807 parts of [4]") { _ = v([4]).chunk(.max) },
    Mistake("diagonalEmbedded: offset -9223372036854775808 makes matrices of [4] that do not fit into memory") {
      _ = v([4]).diagonalEmbedded(offset: .min)
    },
    Mistake("arange: from 0 to 9223372036854775807 by 1 are more numbers than fit into memory") {
      _ = Tensor.arange(.max)
    },
    Mistake("linspace: cannot make 9223372036854775807 numbers") { _ = Tensor.linspace(0, 1, .max) },
    Mistake("Shape: cannot insert a size at 3 of [4], which has 1 axes") {
      var shape: Shape = [4]
      shape.insert(1, at: 3)
    },
  ]

  /// Extreme numbers that have an answer.
  @Test func extremesThatAreNoMistake() {
    #expect(Self.v([3]).rolled(.min).shape == [3] && Self.v([3]).rolled(.max).shape == [3])
    #expect(
      Tensor.ones([2, 2]).diagonal(offset: .min).shape == [0]
        && Tensor.ones([2, 2]).diagonal(offset: .max).shape == [0])
    #expect(Tensor([1, 2, 3])[.slice(step: .max)] == Tensor([1]))
    #expect(Tensor([1, 2, 3])[.slice(step: .min)] == Tensor([3]))
    #expect(
      Tensor([1, 2, 3])[0...Int.max] == Tensor([1, 2, 3])
        && Tensor([1, 2, 3])[.slice(from: .max, to: .min, step: .min)] == Tensor([3]))
    #expect(Self.v([4]).narrowed(axis: 0, start: -2, count: 2).shape == [2])
    #expect(clamp(Variable(Tensor([-1, 5])), min: 0, max: Double.infinity).value == Tensor([0, 5]))
    #expect((Tensor([1, 2]) .< Double.infinity).all().item == 1)
  }
}
