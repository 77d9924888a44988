import TapestryTensors

// What a Variable says of its value.

extension Variable {
  /// The sizes of the axes.
  public final var shape: Shape { value.shape }

  /// The type of the elements.
  public final var dtype: DType { value.dtype }

  /// The number of axes.
  public final var rank: Int { value.rank }

  /// The number of elements.
  public final var count: Int { value.count }

  /// The only element, as a Double. Traps where there are none or several.
  public final var item: Double { value.item }
}
