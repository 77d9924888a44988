// The types of literals. In `Tensor([1.5, 2])` nobody asked for a type, and so it is float32, the default everywhere;
// whole literals are int64, as in PyTorch. Swift alone would take `Double`, and the mistake would show only where a
// float32 tensor meets it. What has a type keeps it: `[Double]`, a variable or `[1.5, 2] as [Double]`, makes float64,
// as does `Tensor([1.5, 2], .float64)`.
//
// The general initializers are disfavored, so the compiler prefers these for what may be either. One pair for each
// depth: a protocol in their place would let it choose `Double` again.

extension Tensor {
  /// float32, as the literal with a point that it is.
  public init(_ elements: [Float]) { self.init(flat: elements, shape: [elements.count]) }
  /// int64, as the whole literal that it is.
  public init(_ elements: [Int]) { self.init(flat: elements, shape: [elements.count]) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[Float]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[Int]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[Float]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[Int]]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[[Float]]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[[Int]]]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[[[Float]]]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[[[Int]]]]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[[[[Float]]]]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[[[[Int]]]]]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[[[[[Float]]]]]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[[[[[Int]]]]]]]) { self.init(levels: nested) }
  /// float32, as the literal with a point that it is.
  public init(_ nested: [[[[[[[[Float]]]]]]]]) { self.init(levels: nested) }
  /// int64, as the whole literal that it is.
  public init(_ nested: [[[[[[[[Int]]]]]]]]) { self.init(levels: nested) }

  /// float32, as the literal with a point that it is.
  public init(_ elements: [Float], shape: Shape) { self.init(flat: elements, shape: shape) }
  /// int64, as the whole literal that it is.
  public init(_ elements: [Int], shape: Shape) { self.init(flat: elements, shape: shape) }
}
