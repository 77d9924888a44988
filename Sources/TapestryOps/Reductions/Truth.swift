import CTapestry
import TapestryAutograd
import TapestryTensors

// Whether elements differ from 0 (NaN does), as bool Tensors: data, through which no gradient flows.

extension Variable {
  /// Whether all elements over the given axes (all without any) differ from 0; true over no element.
  public func all(_ axes: Int..., keepDims: Bool = false) -> Tensor { value.truth(Int(TP_ALL), axes, keepDims, "all") }

  /// Whether any element over the given axes (all without any) differs from 0; false over no element.
  public func any(_ axes: Int..., keepDims: Bool = false) -> Tensor { value.truth(Int(TP_ANY), axes, keepDims, "any") }
}

extension Tensor {
  /// The same of a Tensor.
  public func all(_ axes: Int..., keepDims: Bool = false) -> Tensor { truth(Int(TP_ALL), axes, keepDims, "all") }

  /// The same of a Tensor.
  public func any(_ axes: Int..., keepDims: Bool = false) -> Tensor { truth(Int(TP_ANY), axes, keepDims, "any") }

  fileprivate func truth(_ op: Int, _ axes: [Int], _ keepDims: Bool, _ name: String) -> Tensor {
    reduced(op, axes.isEmpty ? nil : axes, keepDims, name, dtype: .bool)
  }
}
