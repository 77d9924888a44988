import CTapestry

// Numbers beside tensors. A floating tensor takes any number as a Double. One of whole numbers takes a whole number
// exactly, up to the ends of int64, and refuses what its type cannot hold: in uint8 256 would become 0. Where such a
// number has a meaning all the same (comparisons, limits), arithmetic decides.

/// A Swift number as an operation takes it, with nothing lost.
public enum ExactNumber: Sendable, Equatable, CustomStringConvertible {
  case whole(Int)
  case real(Double)

  /// The nearest Double: a whole number beyond 2⁵³ may lose its last digits.
  public var asDouble: Double {
    switch self {
    case .whole(let n): Double(n)
    case .real(let x): x
    }
  }

  /// The number as Swift writes it.
  public var description: String {
    switch self {
    case .whole(let n): n.description
    case .real(let x): x.description
    }
  }

  /// Where a number stands among those of a type of whole numbers.
  enum Place {
    case held(Int)
    /// Below or above all of them.
    case below, above
    /// A fraction: between this one and the next.
    case between(Int)
    /// NaN.
    case nowhere
  }

  func place(in numbers: ClosedRange<Int>) -> Place {
    switch self {
    case .whole(let n): return n < numbers.lowerBound ? .below : n > numbers.upperBound ? .above : .held(n)
    case .real(let x):
      if x.isNaN { return .nowhere }
      guard let floor = Int(exactly: x.rounded(.down)) else { return x < 0 ? .below : .above }
      if case .held(let n) = ExactNumber.whole(floor).place(in: numbers) {
        return Double(n) == x ? .held(n) : .between(n)
      }
      return floor < numbers.lowerBound ? .below : .above
    }
  }
}

extension tp_number {
  package init(_ x: Double) { self = tp_number_of(x) }
  package init(whole: Int) { self.init(real: Double(whole), whole: Int64(whole)) }

  /// −x; the smallest whole number wraps, as it does in the sum that this is for.
  package static prefix func - (x: tp_number) -> tp_number { tp_number(real: -x.real, whole: 0 &- x.whole) }
}

extension Tensor {
  /// Whether the elements are whole numbers or bool.
  @inline(__always)
  package var isWhole: Bool { !tp_is_float(descriptor.dtype) }

  /// A number as an operand beside these elements. Traps when it is none: a fraction, NaN or ±∞ beside whole numbers,
  /// or what their type cannot hold.
  @inline(__always)
  package func fitting(_ number: ExactNumber, _ name: StaticString) -> tp_number {
    isWhole ? Kernel.fitted(number, dtype, shape, name) : tp_number(real: number.asDouble, whole: 0)
  }

  /// A number as an exponent of these elements: it may be larger than they can be.
  @inline(__always)
  package func fittingExponent(_ number: ExactNumber, _ name: StaticString) -> tp_number {
    isWhole ? Kernel.fitted(number, .int64, shape, name) : tp_number(real: number.asDouble, whole: 0)
  }

  /// Limits for these elements, either of which may be missing: those that lie outside what the type can hold become
  /// its ends, unless the result itself would lie there.
  @inline(__always)
  package func fittingLimits(_ low: ExactNumber?, _ high: ExactNumber?) -> (tp_number, tp_number) {
    if isWhole { return Kernel.fittedLimits(low, high, dtype, shape) }
    return (tp_number(real: low?.asDouble ?? 0, whole: 0), tp_number(real: high?.asDouble ?? 0, whole: 0))
  }
}

extension Kernel {
  @inline(never)
  static func fitted(_ number: ExactNumber, _ dtype: DType, _ shape: Shape, _ name: StaticString) -> tp_number {
    if dtype == .bool { return tp_number(number.asDouble) }  // arithmetic on bool is refused as such
    switch number.place(in: dtype.wholeNumbers) {
    case .held(let n): return tp_number(whole: n)
    case .between:
      fail(
        """
        \(name): cannot combine \(dtype) \(shape) with the fraction \(number); convert the tensor with cast(to: \
        .float32)
        """)
    case .below, .above, .nowhere:
      let way = dtype != .int64 && number.asDouble.isFinite ? "int64" : "float32"
      fail(
        """
        \(name): cannot combine \(dtype) \(shape) with \(number), which \(dtype) cannot hold; convert the tensor with \
        cast(to: .\(way))
        """)
    }
  }

  /// min(max(x, low), high)
  @inline(never)
  static func fittedLimits(_ low: ExactNumber?, _ high: ExactNumber?, _ dtype: DType, _ shape: Shape) -> (
    tp_number, tp_number
  ) {
    let numbers = dtype.wholeNumbers
    func refuse(_ limit: ExactNumber) -> Never {
      fail(
        """
        clamp: \(dtype) \(shape) cannot hold \(limit), a limit that would be among the results; convert it with \
        cast(to: .float32)
        """)
    }
    let top: Int, cut: Bool  // cut: high is an element that can be
    switch high?.place(in: numbers) {
    case nil, .above: (top, cut) = (numbers.upperBound, false)
    case .held(let n): (top, cut) = (n, true)
    default: refuse(high!)
    }
    switch low?.place(in: numbers) {
    case nil, .below: return (tp_number(whole: numbers.lowerBound), tp_number(whole: top))
    case .held(let n): return (tp_number(whole: n), tp_number(whole: top))
    case .above where cut: return (tp_number(whole: top), tp_number(whole: top))  // every element becomes high
    default: refuse(low!)
    }
  }

  /// x op p as a bool tensor, for one of the comparisons with a number.
  static func compare(_ op: Int, _ x: Tensor, _ p: ExactNumber, _ name: StaticString) -> Tensor {
    if !x.isWhole { return unary(op, x, tp_number(real: p.asDouble, whole: 0), name: name) }
    let (op, whole) = comparison(op, p, x.dtype.wholeNumbers)
    return unary(op, x, tp_number(whole: whole), name: name)
  }

  /// The same comparison with a number that the type can hold.
  private static func comparison(_ op: Int, _ p: ExactNumber, _ numbers: ClosedRange<Int>) -> (op: Int, whole: Int) {
    let always = (Int(TP_GE_SCALAR), numbers.lowerBound), never = (Int(TP_LT_SCALAR), numbers.lowerBound)
    let less = op == Int(TP_LT_SCALAR) || op == Int(TP_LE_SCALAR),
      greater = op == Int(TP_GT_SCALAR) || op == Int(TP_GE_SCALAR)
    let unequal = op == Int(TP_NE_SCALAR)
    switch p.place(in: numbers) {
    case .held(let n): return (op, n)
    case .above: return less || unequal ? always : never
    case .below: return greater || unequal ? always : never
    case .between(let n):
      return less ? (Int(TP_LE_SCALAR), n) : greater ? (Int(TP_GT_SCALAR), n) : unequal ? always : never
    case .nowhere: return unequal ? always : never
    }
  }

  /// A number as an element; any counts as bool. Traps when the type cannot hold it.
  package static func element(_ value: ExactNumber, _ dtype: DType, _ shape: Shape, _ name: StaticString) -> tp_number {
    switch dtype {
    case .float32, .float64, .float16, .bfloat16: return tp_number(real: value.asDouble, whole: 0)
    case .bool: return tp_number(whole: value.asDouble != 0 ? 1 : 0)
    case .int32, .int64, .uint8:
      if case .held(let n) = value.place(in: dtype.wholeNumbers) { return tp_number(whole: n) }
      fail(
        """
        \(name): \(dtype) \(shape) cannot hold \(value); make it of another type, or convert it with cast(to: .float32)
        """)
    }
  }
}
