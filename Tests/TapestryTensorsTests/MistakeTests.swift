import TapestryTensors
import TestSupport
import Testing

/// A mistake ends the program with its message.
struct MistakeTests {
  @Test(arguments: subscripts + shapes + types + numbers + creation + random + runtime)
  func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  static let subscripts: [Mistake] = [
    Mistake("subscript: index 3 lies outside axis 1 of [2, 3], which has size 3") { _ = Tensor.zeros([2, 3])[0, 3] },
    Mistake("subscript: index -3 lies outside axis 0 of [2, 3], which has size 2") { _ = Tensor.zeros([2, 3])[-3] },
    Mistake("subscript: the step of a slice must not be 0") { _ = Tensor.zeros([4])[.slice(step: 0)] },
    Mistake("subscript: 3 indices for [2, 3], which has 2 axes") { _ = Tensor.zeros([2, 3])[0, 1, 2] },
    Mistake("subscript: only one ellipsis may stand in a subscript, got 2") {
      _ = Tensor.zeros([2, 3])[.ellipsis, 0, .ellipsis]
    },
    Mistake("subscript: a mask of shape [3] does not fit [2, 3]: the axes from 0 on have the sizes [2]") {
      _ = Tensor.zeros([2, 3])[Tensor([true, false, true])]
    },
    Mistake("subscript: an index tensor must be int64 positions or a bool mask, got float64 [1]") {
      _ = Tensor.zeros([2, 3])[Tensor([1.0], .float64)]
    },
    Mistake("subscript: index 2 lies outside axis 0 of [2, 3], which has size 2") {
      _ = Tensor.zeros([2, 3])[Tensor([0, 2])]
    },
    Mistake("rows: index -1 at position 2 of [3] lies outside 0 ..< 2, the rows of [2, 3]") {
      _ = Tensor.zeros([2, 3]).rows(Tensor([0, 1, -1]))
    },
    Mistake("subscript: cannot assign [2] to a part of shape [3]: it does not broadcast to it") {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([2])
    },
    Mistake("subscript: cannot assign [2, 3] to a part of shape [3]: it does not broadcast to it") {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([2, 3])
    },
    Mistake("subscript: cannot assign float64 [3] to a part of a float32 tensor; convert it with cast(to: .float32)") {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([3], .float64)
    },
    Mistake(
      "subscript: a stride from -1 to 1, which counts from both ends, lies outside axis 0 of [4], which has size 4"
    ) {
      _ = Tensor.zeros([4])[stride(from: -1, to: 2, by: 1)]
    },
    Mistake("subscript: only one mask or index tensor may stand in a subscript, got 2") {
      _ = Tensor.zeros([2, 2])[Tensor([0]), Tensor([1])]
    },
    Mistake("rows: needs an int64 vector of positions, got int32 [1]") {
      _ = Tensor.zeros([2, 2]).rows(Tensor([0] as [Int32]))
    },
    Mistake("rows: a scalar has no rows") { _ = Tensor(1).rows(Tensor([0])) },
    Mistake("unbind: a scalar has no axes") { _ = Tensor(1).unbind() },
    Mistake("selected: index -3 lies outside axis 0 of [2]") { _ = Tensor.zeros([2]).selected(axis: 0, index: -3) },
    Mistake("selected: index 2 lies outside axis 0 of [2]") { _ = Tensor.zeros([2]).selected(axis: 0, index: 2) },
    Mistake("narrowed: 2 positions from -1 on lie outside axis 0 of [4], which has size 4") {
      _ = Tensor.zeros([4]).narrowed(axis: 0, start: -1, count: 2)
    },
    Mistake("narrowed: -1 positions from 0 on lie outside") {
      _ = Tensor.zeros([4]).narrowed(axis: 0, start: 0, count: -1)
    },
    Mistake("narrowed: 0 positions from -5 on lie outside") {
      _ = Tensor.zeros([4]).narrowed(axis: 0, start: -5, count: 0)
    },
  ]

  static let shapes: [Mistake] = [
    Mistake("reshaped: cannot turn [2, 3] (6 elements) into [4] (4 elements)") {
      _ = Tensor.zeros([2, 3]).reshaped(4)
    },
    Mistake("reshaped: cannot fit [2, 3] (6 elements) into [4, -1]: 6 is no multiple of 4") {
      _ = Tensor.zeros([2, 3]).reshaped(4, -1)
    },
    Mistake("Shape: [1, 1, 1, 1, 1, 1, 1, 1] has 8 axes already, the most that a tensor can have") {
      _ = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1, 1])
    },
    Mistake("Shape: a size cannot be negative, got -1") { _ = Tensor.zeros([2, -1]) },
    Mistake("Shape: [1099511627776, 1099511627776] has more elements than fit into memory") {
      _ = Tensor.zeros([1 << 40, 1 << 40])
    },
    Mistake("expanded: [2, 3] does not broadcast to [3, 3]") { _ = Tensor.zeros([2, 3]).expanded(to: [3, 3]) },
    Mistake("+: cannot broadcast [2, 3] with [2, 4]: sizes 3 and 4 of axis -1 differ and neither is 1") {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([2, 4])
    },
    Mistake("permuted: [0, 0] is no order of the 2 axes of [2, 3]") { _ = Tensor.zeros([2, 3]).permuted(0, 0) },
    Mistake("sum: axis 2 does not exist in [2, 3], which has 2 axes") { _ = Tensor.zeros([2, 3]).sum(2) },
    Mistake("max: axis 0 of [0, 3] is empty, so there is no max") { _ = Tensor.zeros([0, 3]).max() },
    Mistake("reshaped: only one size may be -1, got [-1, -1]") { _ = Tensor.zeros([4]).reshaped(-1, -1) },
    Mistake("reshaped: size -2 in [-2, 2] is negative") { _ = Tensor.zeros([4]).reshaped(-2, 2) },
    Mistake("reshaped: cannot fit [0, 3] (0 elements) into [0, -1]: 0 is no multiple of 0") {
      _ = Tensor.zeros([0, 3]).reshaped(0, -1)
    },
    Mistake("reshaped: [1, 1, 1, 1, 1, 1, 1, 1, 1] has more than 8 axes") {
      _ = Tensor.zeros([1]).reshaped(1, 1, 1, 1, 1, 1, 1, 1, 1)
    },
    Mistake("permuted: [0] is no order of the 2 axes of [2, 3]") { _ = Tensor.zeros([2, 3]).permuted(0) },
    Mistake("permuted: [0, 2] is no order of the 2 axes of [2, 3]") { _ = Tensor.zeros([2, 3]).permuted(0, 2) },
    Mistake("squeezed: axis 1 of [1, 3] has size 3, not 1") { _ = Tensor.zeros([1, 3]).squeezed(1) },
    Mistake("unsqueezed: axis 3 does not exist in [1, 3], which has 2 axes") {
      _ = Tensor.zeros([1, 3]).unsqueezed(3)
    },
    Mistake("unsqueezed: [1, 1, 1, 1, 1, 1, 1, 1] has 8 axes already") {
      _ = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1]).unsqueezed(0)
    },
    Mistake("diagonal: needs two different axes, got 0 twice") {
      _ = Tensor.zeros([2, 2]).diagonal(axis1: 0, axis2: -2)
    },
    Mistake("sum: axis -2 is listed twice in [0, -2]") { _ = Tensor.zeros([2, 3]).sum(0, -2) },
    Mistake("argmax: axis 1 of [2, 0] is empty, so there is no argmax") { _ = Tensor.zeros([2, 0]).argmax(1) },
    Mistake("Shape: axis 2 does not exist in [2, 3]") { _ = Tensor.zeros([2, 3]).shape[2] },
    Mistake("Shape: axis -1 does not exist in [2, 3]") {
      var s: Shape = [2, 3]
      s[-1] = 4
    },
    Mistake("Shape: a size cannot be negative, got -4 for axis 0 of [2, 3]") {
      var s: Shape = [2, 3]
      s[0] = -4
    },
    Mistake("Shape: axis 2 does not exist in [2, 3]") {
      var s: Shape = [2, 3]
      s.remove(at: 2)
    },
  ]

  static let types: [Mistake] = [
    Mistake("array: the tensor holds int64, not Float (float32); convert it with cast(to:)") {
      _ = Tensor([1, 2]).array(Float.self)
    },
    Mistake("*: cannot combine int64 [2] with float64 [2]; convert one with cast(to:)") {
      _ = Tensor([1, 2]) * Tensor([1.0, 2.0], .float64)
    },
    Mistake("*: cannot combine int64 [2] with the fraction 2.5; convert the tensor with cast(to: .float32)") {
      _ = Tensor([1, 2]) * 2.5
    },
    Mistake("fill: int64 [2] cannot hold 0.5; make it of another type, or convert it with cast(to: .float32)") {
      var x = Tensor([1, 2])
      x.fill(0.5)
    },
    Mistake("mean: needs a floating-point tensor, got int64 [2]; convert it with cast(to: .float32)") {
      _ = Tensor([1, 2]).mean()
    },
    Mistake("item: [2] has 2 elements, not one") { _ = Tensor([1, 2]).item },
    Mistake("variance: needs a floating-point tensor, got int64 [2]") { _ = Tensor([1, 2]).variance() },
    Mistake("standardDeviation: needs a floating-point tensor, got int64 [2]") {
      _ = Tensor([1, 2]).standardDeviation()
    },
    Mistake("/: cannot combine int64 [2] with int32 [2]; convert one with cast(to:)") {
      _ = Tensor([1, 2]) / Tensor([1, 2] as [Int32])
    },
    Mistake("allClose: cannot combine int64 [2] with int32 [2]; convert one with cast(to:)") {
      _ = Tensor([1, 2]).allClose(Tensor([1, 2] as [Int32]))
    },
    Mistake("allClose: cannot broadcast [2] with [3]") { _ = Tensor([1, 2]).allClose(Tensor([1, 2, 3])) },
    Mistake("&: works bit by bit, on integers and bool, got float32 [1]; compare first, as in x .!= 0, or cast(to:)") {
      _ = Tensor([1.0]) & Tensor([1.0])
    },
    Mistake("^: works bit by bit, on integers and bool, got float64 [1]") {
      _ = Tensor([1.0], .float64) ^ Tensor([1.0], .float64)
    },
    Mistake("~: works bit by bit, on integers and bool, got float32 [1]") { _ = ~Tensor([1.0]) },
    Mistake("&: cannot combine int64 [1] with bool [1]; convert one with cast(to:)") {
      _ = Tensor([1]) & Tensor([true])
    },
  ]

  static let numbers: [Mistake] = [
    Mistake("+: cannot combine uint8 [1] with 256, which uint8 cannot hold; convert the tensor with cast(to: .int64)") {
      _ = Tensor([1] as [UInt8]) + 256
    },
    Mistake("+: cannot combine uint8 [1] with -1, which uint8 cannot hold") { _ = -1 + Tensor([1] as [UInt8]) },
    Mistake("-: cannot combine uint8 [1] with 256, which uint8 cannot hold") { _ = Tensor([1] as [UInt8]) - 256 },
    Mistake("-: cannot combine int32 [1] with 2147483648, which int32 cannot hold") {
      _ = 2_147_483_648 - Tensor([1] as [Int32])
    },
    Mistake("*: cannot combine int32 [1] with -2147483649, which int32 cannot hold") {
      _ = Tensor([1] as [Int32]) * -2_147_483_649
    },
    Mistake(
      """
      *: cannot combine int64 [1] with 9.223372036854776e+18, which int64 cannot hold; convert the tensor with \
      cast(to: .float32)
      """
    ) {
      _ = Tensor([1]) * 0x1p63
    },
    Mistake("%: cannot combine uint8 [1] with 300, which uint8 cannot hold") { _ = Tensor([1] as [UInt8]) % 300 },
    Mistake("%: cannot divide int64 [1] by [], which holds 0") { _ = Tensor([1]) % 0 },
    Mistake("floorDivide: cannot divide int64 [1] by [], which holds 0") { _ = floorDivide(Tensor([1]), 0) },
    Mistake("floorDivide: cannot combine int64 [1] with the fraction 0.5") { _ = floorDivide(Tensor([1]), 0.5) },
    Mistake("+=: cannot combine uint8 [1] with 256, which uint8 cannot hold") {
      var x = Tensor([1] as [UInt8])
      x += 256
    },
    Mistake("-=: cannot combine uint8 [1] with -1, which uint8 cannot hold") {
      var x = Tensor([1] as [UInt8])
      x -= -1
    },
    Mistake("*=: cannot combine int64 [1] with the fraction 0.5") {
      var x = Tensor([1])
      x *= 0.5
    },
    Mistake("/=: int64 [1] cannot hold quotients; write x = x / y, which is float32, or floorDivide(x, y)") {
      var x = Tensor([1])
      x /= 2
    },
    Mistake("/=: uint8 [1] cannot hold quotients") {
      var x = Tensor([1] as [UInt8])
      x /= Tensor([1] as [UInt8])
    },
    Mistake("+: cannot combine int64 [1] with nan, which int64 cannot hold") { _ = Tensor([1]) + Double.nan },
    Mistake("+: is not defined for bool [1]") { _ = Tensor([true]) + 1 },
    Mistake("fill: uint8 [2] cannot hold 256") {
      var x = Tensor.zeros([2], .uint8)
      x.fill(256)
    },
    Mistake("fill: int64 [2] cannot hold 9.223372036854776e+18") {
      var x = Tensor.zeros([2], .int64)
      x.fill(0x1p63)
    },
    Mistake("full: int32 [1] cannot hold -2147483649") { _ = Tensor.full([1], -2_147_483_649, .int32) },
    Mistake("full: uint8 [] cannot hold nan") { _ = Tensor(Double.nan, .uint8) },
    Mistake("item: 9007199254740993 is no Double; ask for item(Int.self)") { _ = Tensor([(1 << 53) + 1]).item },
    Mistake("item: 9223372036854775807 is no Double; ask for item(Int.self)") { _ = Tensor([Int.max]).item },
  ]

  static let creation: [Mistake] = [
    Mistake("Tensor: the arrays are ragged: the one at [1] has 1 elements, those before it 2") {
      _ = Tensor([[1, 2], [3]])
    },
    Mistake("Tensor: the arrays are ragged: the one at [1, 1] has 2 elements, those before it 1") {
      _ = Tensor([[[1], [2]], [[3], [4, 5]]])
    },
    Mistake("Tensor: arrays nested 9 deep; a tensor has at most 8 axes") { _ = Tensor([[[[[[[[[1]]]]]]]]]) },
    Mistake("Tensor: 3 elements do not fill [2], which has 2") { _ = Tensor([1, 2, 3], shape: [2]) },
    Mistake("arange: the step must not be 0") { _ = Tensor.arange(0, 5, step: 0) },
    Mistake("bernoulli: a probability lies in 0 … 1, got 1.5") { _ = Tensor.bernoulli([2], probability: 1.5) },
    Mistake("normal: needs a finite mean and a standard deviation ≥ 0, got 0.0 and -1.0") {
      _ = Tensor.normal([2], standardDeviation: -1)
    },
    Mistake("normal: makes floating-point tensors, not int64; use randint") { _ = Tensor.normal([2], .int64) },
    Mistake("arange: uint8 [300] cannot hold 256; make it of another type") { _ = Tensor.arange(300, .uint8) },
    Mistake("linspace: uint8 [3] cannot hold -1.0; make it of another type") { _ = Tensor.linspace(0, -2, 3, .uint8) },
    Mistake("Tensor: uint8 [2, 2] cannot hold 300; make it of another type") {
      _ = Tensor([[1, 255], [0, 300]], .uint8)
    },
    Mistake("Tensor: uint8 [1] cannot hold -1; make it of another type") { _ = Tensor([-1], .uint8) },
    Mistake("Tensor: int64 [1] cannot hold nan; make it of another type") { _ = Tensor([Double.nan], .int64) },
    Mistake("Tensor: int64 [1] cannot hold 9.223372036854776e+18; make it of another type") {
      _ = Tensor([0x1p63], .int64)
    },
    Mistake("Tensor: int32 [1] cannot hold 2147483648.0; make it of another type") { _ = Tensor([0x1p31], .int32) },
    Mistake("eye: cannot make -1 rows and -1 columns") { _ = Tensor.eye(-1) },
    Mistake("linspace: cannot make -1 numbers") { _ = Tensor.linspace(0, 1, -1) },
    Mistake("arange: cannot step from 0.0 to 1.0 by 0.0") { _ = Tensor.arange(0.0, 1.0, step: 0) },
  ]

  static let random: [Mistake] = [
    Mistake("randint: the range 3..<3 is empty") { _ = Tensor.randint([1], in: 3..<3) },
    Mistake("randint: uint8 cannot hold every number of 0..<257") { _ = Tensor.randint([1], in: 0..<257, .uint8) },
    Mistake("randint: uint8 cannot hold every number of -1..<3") { _ = Tensor.randint([1], in: -1..<3, .uint8) },
    Mistake("randint: bool cannot hold every number of 0..<3") { _ = Tensor.randint([1], in: 0..<3, .bool) },
    Mistake("randint: int32 cannot hold every number of 0..<2147483649") {
      _ = Tensor.randint([1], in: 0..<2_147_483_649, .int32)
    },
    Mistake("randint: float32 cannot hold every number of 0..<16777218") {
      _ = Tensor.randint([1], in: 0..<16_777_218, .float32)
    },
    Mistake("randint: float64 cannot hold every number of -9007199254740993..<0") {
      _ = Tensor.randint([1], in: (-1 << 53) - 1..<0, .float64)
    },
    Mistake("uniform: [1.0, 0.0) is no finite range") { _ = Tensor.uniform([1], low: 1, high: 0) },
    Mistake("permutation: cannot order -1 numbers") { _ = Tensor.permutation(-1) },
    Mistake("split: cannot make -1 generators") { _ = Generator(seed: 1).split(into: -1) },
  ]

  static let runtime: [Mistake] = [
    Mistake("withThreads: needs 1 … 256 threads, got 0") { withThreads(0) {} },
    Mistake("withBackend: this machine runs no backend named 'gpu'; it has ") { withBackend("gpu") {} },
  ]
}
