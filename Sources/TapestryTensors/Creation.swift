import CTapestry

extension Tensor {
  /// Every element the same.
  public static func full(_ shape: Shape, _ value: some Scalar, _ dtype: DType = .float32) -> Tensor {
    full(shape, value.exact, dtype, "full")
  }

  package static func full(_ shape: Shape, _ value: ExactNumber, _ dtype: DType, _ name: StaticString) -> Tensor {
    let value = Kernel.element(value, dtype, shape, name), y = Tensor(uninitialized: shape, dtype)
    y.fillMemory(value)
    return y
  }

  /// Zeros of a shape, float32 unless said otherwise.
  public static func zeros(_ shape: Shape, _ dtype: DType = .float32) -> Tensor { full(shape, 0, dtype) }
  /// Ones of a shape, float32 unless said otherwise.
  public static func ones(_ shape: Shape, _ dtype: DType = .float32) -> Tensor { full(shape, 1, dtype) }

  /// The same with the shape and type of another tensor.
  public static func full(like x: Tensor, _ value: some Scalar) -> Tensor { full(x.shape, value, x.dtype) }
  /// Zeros with the shape and type of another tensor.
  public static func zeros(like x: Tensor) -> Tensor { full(like: x, 0) }
  /// Ones with the shape and type of another tensor.
  public static func ones(like x: Tensor) -> Tensor { full(like: x, 1) }

  /// 2⁴⁰: more numbers are a mistake, and a message is better than a failed allocation.
  private static let most = 0x1p40

  /// 0, 1, … up to `stop`, which is left out: (stop), int64.
  public static func arange(_ stop: Int, _ dtype: DType = .int64) -> Tensor { arange(0, stop, dtype) }

  /// start, start + step, … before `stop`, which is left out: int64. `step` may be negative.
  public static func arange(_ start: Int, _ stop: Int, step: Int = 1, _ dtype: DType = .int64) -> Tensor {
    if step == 0 { fail("arange: the step must not be 0") }
    if (Double(stop) - Double(start)) / Double(step) > most {
      fail("arange: from \(start) to \(stop) by \(step) are more numbers than fit into memory")
    }
    return Tensor(Array(Swift.stride(from: start, to: stop, by: step))).converted(to: dtype, "arange")
  }

  /// start + i·step before `stop`, ⌈(stop − start)/step⌉ numbers: float32. Where rounding matters at the end, take
  /// `linspace`.
  public static func arange(_ start: Double, _ stop: Double, step: Double = 1, _ dtype: DType = .float32) -> Tensor {
    let count = ((stop - start) / step).rounded(.up)
    if !count.isFinite { fail("arange: cannot step from \(start) to \(stop) by \(step)") }
    if count > most { fail("arange: from \(start) to \(stop) by \(step) are more numbers than fit into memory") }
    let numbers: [Double] = (0..<Swift.max(0, Int(count))).map { (i: Int) -> Double in start + Double(i) * step }
    return Tensor(numbers).converted(to: dtype, "arange")
  }

  /// `count` numbers at equal distances from `start` to `stop`, both included.
  public static func linspace(_ start: Double, _ stop: Double, _ count: Int, _ dtype: DType = .float32) -> Tensor {
    if count < 0 || Double(count) > most { fail("linspace: cannot make \(count) numbers") }
    let step = (stop - start) / Double(Swift.max(1, count - 1))
    return Tensor((0..<count).map { $0 > 0 && $0 == count - 1 ? stop : start + Double($0) * step }).converted(
      to: dtype, "linspace")
  }

  /// Ones on the diagonal, zeros elsewhere: (rows, columns), square without `columns`.
  public static func eye(_ rows: Int, _ columns: Int? = nil, _ dtype: DType = .float32) -> Tensor {
    if rows < 0 || (columns ?? 0) < 0 { fail("eye: cannot make \(rows) rows and \(columns ?? rows) columns") }
    let y = zeros([rows, columns ?? rows], dtype)
    y.diagonal().fillMemory(tp_number(whole: 1))  // a view of memory that nobody else knows yet
    return y
  }

  /// A 1 at the place of each label: labels (…) of an integer type in 0 ..< classes give (…, classes).
  ///
  ///     Tensor.oneHot(Tensor([0, 2]), classes: 3)     // [[1, 0, 0], [0, 0, 1]]
  public static func oneHot(_ labels: Tensor, classes: Int, _ dtype: DType = .int64) -> Tensor {
    if classes < 1 { fail("oneHot: needs at least one class, got \(classes)") }
    if labels.dtype.isFloatingPoint || labels.dtype == .bool {
      fail(
        """
        oneHot: labels must be class numbers of an integer type, got \(labels.dtype) \(labels.shape); convert them \
        with cast(to: .int64)
        """)
    }
    let labels = labels.cast(to: .int64)
    if let (position, label) = Kernel.outside(labels, bound: classes) {
      fail(
        """
        oneHot: label \(label) at position \(position) of \(labels.shape) is no class: there are \(classes), 0 ..< \
        \(classes)
        """)
    }
    return (labels.unsqueezed(-1) .== arange(classes)).cast(to: dtype)
  }

  /// A scalar: no axes, one element.
  public init(_ value: some Scalar, _ dtype: DType = .float32) { self = .full([], value, dtype) }

  /// A flat Swift array in row-major order under a shape.
  @_disfavoredOverload public init<Element: TensorElement>(_ elements: [Element], shape: Shape) {
    self.init(flat: elements, shape: shape)
  }

  /// A vector (count) of the numbers, in their type.
  @_disfavoredOverload public init<Element: TensorElement>(_ elements: [Element]) {
    self.init(flat: elements, shape: [elements.count])
  }

  init<Element: TensorElement>(flat elements: [Element], shape: Shape) {
    if elements.count != shape.volume {
      fail("Tensor: \(elements.count) elements do not fill \(shape), which has \(shape.volume)")
    }
    self.init(uninitialized: shape, Element.dtype)
    elements.withUnsafeBytes { source in
      if source.count > 0 { storage.pointer.copyMemory(from: source.baseAddress!, byteCount: source.count) }
    }
  }

  /// Nested Swift arrays of up to 8 levels, all of one size at each level: `Tensor([[1, 2], [3, 4]] as [[Float]])`. The
  /// elements decide the type: `Int` becomes int64, `Double` float64. Literals with a point are float32
  /// (Literals.swift).
  @_disfavoredOverload public init<Part: NestedElements>(_ nested: [Part]) { self.init(levels: nested) }

  init<Part: NestedElements>(levels nested: [Part]) {
    self = failing { () throws(ShapeError) in
      let sizes = nested.nestedSizes
      if sizes.count > Shape.maximumRank {
        throw ShapeError("Tensor: arrays nested \(sizes.count) deep; a tensor has at most 8 axes")
      }
      var numbers: [Part.Number] = []
      try nested.flatten(into: &numbers, sizes: sizes[...], path: [])
      return Tensor(flat: numbers, shape: Shape(sizes))
    }
  }

  /// The same, converted to a type: `Tensor([[1, 2.5], [3, 4]], .float64)`. A number that the type cannot hold ends the
  /// program with a message; an integer type cuts fractions off.
  public init<Part: NestedElements>(_ nested: [Part], _ dtype: DType) {
    self = Tensor(levels: nested).converted(to: dtype, "Tensor")
  }

  /// Another type, unless that cannot hold a number: NaN, ±∞, or one outside its range.
  fileprivate func converted(to dtype: DType, _ name: StaticString) -> Tensor {
    if dtype == .bool || dtype.isFloatingPoint || dtype == self.dtype { return cast(to: dtype) }
    let numbers = dtype.wholeNumbers, own = self.dtype.wholeNumbers
    var wrong: [Int?] = []
    if isWhole {  // a limit must be one of its own numbers
      if own.upperBound > numbers.upperBound {
        wrong.append(Kernel.first(Int(TP_GT_SCALAR), self, Double(numbers.upperBound)))
      }
      if own.lowerBound < numbers.lowerBound {
        wrong.append(Kernel.first(Int(TP_LT_SCALAR), self, Double(numbers.lowerBound)))
      }
    } else {
      let whole = Kernel.unary(Int(TP_TRUNC), self, name: name)
      // 2⁶³ is a Double, 2⁶³ − 1 none
      wrong.append(Kernel.first(Int(TP_GE_SCALAR), whole, Double(numbers.upperBound) + 1))
      wrong.append(Kernel.first(Int(TP_LT_SCALAR), whole, Double(numbers.lowerBound)))
      wrong.append(Kernel.first(Int(TP_IS_NAN), whole))
    }
    if let position = wrong.compactMap({ $0 }).min() {
      let number = number(at: position)
      fail(
        "\(name): \(dtype) \(shape) cannot hold \(isWhole ? "\(number)" : "\(number.item)"); make it of another type")
    }
    return cast(to: dtype)
  }
}
