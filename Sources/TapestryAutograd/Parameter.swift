import TapestryTensors

/// A weight: a leaf Variable whose value an optimizer may assign. Modules find their parameters by this type.
public final class Parameter: Variable {
  public init(_ value: Tensor) { super.init(value, requiresGrad: true) }

  /// Replaces the value; the shape and type must stay.
  public func assign(_ newValue: Tensor) {
    if newValue.shape != shape || newValue.dtype != dtype {
      fail("Parameter: cannot assign \(newValue.dtype) \(newValue.shape) to \(dtype) \(shape)")
    }
    value = newValue
  }

  package override var isMutable: Bool { true }
}

/// State of a module that is saved and moved with it but gets no gradient: running statistics, masks, tables.
public final class Buffer: Variable {
  public init(_ value: Tensor) { super.init(value, requiresGrad: false) }

  /// Replaces the value; the shape and type must stay.
  public func assign(_ newValue: Tensor) {
    if newValue.shape != shape || newValue.dtype != dtype {
      fail("Buffer: cannot assign \(newValue.dtype) \(newValue.shape) to \(dtype) \(shape)")
    }
    value = newValue
  }

  package override var isMutable: Bool { true }
}
