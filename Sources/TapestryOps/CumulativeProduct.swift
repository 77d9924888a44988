import TapestryAutograd
import TapestryTensors

extension Variable {
  /// The running product along an axis: yᵢ = x₀·…·xᵢ. Integers and bool are multiplied in int64, as by `prod`.
  ///
  /// Composed of log₂ n steps, in each of which a product of s factors takes over the s factors before it. No element is divided by, so
  /// derivatives of every order are right where elements are 0.
  public func cumprod(_ axis: Int) -> Variable {
    cast(to: Kernel.sumType(dtype)).runningProduct(axis, direction: 1)
  }

  /// From the front with `direction` 1, from the back with −1.
  func runningProduct(_ axis: Int, direction: Int) -> Variable {
    let size = shape.size(along: shape.resolve(along: axis, "cumprod"))
    var y = self, step = 1
    while step < size {
      y = y * y.shiftedOnes(axis, step * direction)
      step *= 2
    }
    return y
  }

  /// yᵢ = xᵢ₋ₛ along an axis for an offset s, with ones where nothing comes from.
  func shiftedOnes(_ axis: Int, _ offset: Int) -> Variable {
    let axis = shape.resolve(axis, "cumprod")
    if shape[axis] == 0 { return self }
    var widths = shape.map { _ in (0, 0) }
    widths[axis] = (offset, -offset)
    return padded(widths, mode: .constant(1))
  }
}
