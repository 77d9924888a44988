import TapestryAutograd
import TapestryNN
import TapestryTensors

/// The shape of a model's result for an input of this shape, computed from shapes alone: no arithmetic, no memory,
/// however large they are.
///
///     try dryRun(model, [32, 784])          // [32, 10]
///
/// Throws the first mistake in shapes, types or arguments with the path of the module, and does not end the program:
/// `1 (Linear): linear: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ`.
///
/// It runs a copy of the model, so running statistics, random numbers and notes in properties stay as they are, and
/// records no graph. Elements read zero: sizes that depend on them (a mask as an index) are those of zeros.
@discardableResult
public func dryRun(_ model: some Layer, _ input: Shape, _ dtype: DType = .float32) throws(ShapeError) -> Shape {
  try dryRun(model) { $0(.zeros(input, dtype)) }
}

/// The same for any call of a model. Tensors made inside cost nothing:
///
///     try dryRun(model) { $0(Variable(.zeros([32, 5], .int64)), memory: Variable(.zeros([32, 7, 512]))) }
@discardableResult
public func dryRun<Model: Module>(_ model: Model, _ call: @escaping (Model) -> Variable) throws(ShapeError) -> Shape {
  try dryRun(model) { [call($0)] }[0]
}

/// The same for a call with several results: `{ let (y, state) = $0(x); return [y, state] }`.
@discardableResult
public func dryRun<Model: Module>(_ model: Model, _ call: @escaping (Model) -> [Variable]) throws(ShapeError) -> [Shape]
{
  ModulePath.install
  let copy = Box<Model>()
  do {
    return try Dry.run { () throws(Failure) in
      try noGrad { () throws(Failure) in try Failure.catching { call(copy.made(of: model)).map(\.shape) } }
    }
  } catch {
    // The abandoned call holds the copy for ever, but not its share of the weights, which the next optimizer step would
    // have to copy.
    copy.model?.letGoOfTensors()
    throw ShapeError(error.message)
  }
}

/// Where the copy is found after its call was abandoned.
private final class Box<Model: Module> {
  private(set) var model: Model?

  func made(of original: Model) -> Model {
    let copy = original.copy()
    model = copy
    return copy
  }
}
