// swift-format-ignore-file
import Tapestry

func notNumbers(_ x: Variable, _ t: Tensor, _ labels: [Int], _ count: Int32, _ maybe: Variable?) {
  _ = x + "1"  // error: a text is no number
  _ = x * "1"  // error: a text is no number
  _ = x + labels  // error: an array is no operand: make a Tensor of it, as in Tensor([1, 2], .float32)
  _ = t + [1, 2, 3]  // error: an array is no operand: make a Tensor of it, as in Tensor([1, 2], .float32)
  _ = x - labels  // error: an array is no operand: make a Tensor of it, as in Tensor([1, 2], .float32)
  _ = x * count  // error: convert it, as in Int(n)
  _ = x + true  // error: a Bool is no number: write condition ? 1 : 0
  _ = x * x.shape  // error: a shape is no number: x.shape[0] is one, x.count another
  _ = 2 * x * x + 3 * maybe - 1  // error: unwrap the optional first, as in x.grad!
  _ = x - 0.1 * x.grad  // error: unwrap the optional first, as in x.grad!
  _ = x ** 2  // error: no operator '**' is defined; did you mean 'pow(_:_:)'?
}

func comparisons(_ x: Variable, _ t: Tensor, _ n: Int) {
  _ = x > 0  // error: compare element by element, with .< .<= .> or .>=
  _ = x * 2 + 1 <= x  // error: compare element by element, with .< .<= .> or .>=
  _ = t < 0.5  // error: compare element by element, with .< .<= .> or .>=
  _ = t >= t  // error: compare element by element, with .< .<= .> or .>=
  _ = x >= t  // error: compare element by element, with .< .<= .> or .>=
  let y: Variable = (x > n) * x  // error: compare element by element, with .< .<= .> or .>=
  if t .> 0 { print(y) }  // error: cannot convert value of type 'Tensor' to expected condition type 'Bool'
  _ = x == x  // error: '==' is unavailable: write a.value == b.value for all elements at once
}

func tensorsForVariables(_ x: Variable, _ t: Tensor, _ labels: [Int], _ table: Parameter) {
  let a: Tensor = x  // error: cannot convert value of type 'Variable' to specified type 'Tensor'
  let b: Tensor = x * 2 + t  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let c: Variable = t  // error: cannot convert value of type 'Tensor' to specified type 'Variable'
  let d = Tensor.zeros([3]) + exp(t)
  let f = crossEntropy(x, labels)  // error: requires that '[Int]' conform to 'VariableConvertible'
  let g = embedding(labels, table)  // error: cannot convert value of type '[Int]' to expected argument type 'Tensor'
  let h: Float = x.item  // error: cannot convert value of type 'Double' to specified type 'Float'
  let i = x.item()  // error: cannot call value of non-function type 'Double'
  let j = t[x]  // error: no exact matches in call to subscript
  let k = x[labels]
  print(a, b, c, d, f, g, h, i, j, k)
}

func making(_ t: Tensor) {
  _ = Tensor([1, [2, 3]])  // error: conformance of 'Array<Element>' to 'Scalar' is unavailable
  _ = Tensor.zeros(3, 4)  // error: cannot convert value of type 'Int' to expected argument type 'Shape'
  _ = Tensor.zeros([3, 4], dtype: .float64)  // error: extraneous argument label 'dtype:' in call
  _ = t.cast(.float64)  // error: missing argument label 'to:' in call
  _ = t.cast(to: .float8)  // error: type 'DType' has no member 'float8'
  _ = t.array()  // error: generic parameter 'Element' could not be inferred
  _ = t.sum(dim: 0)  // error: 'sum(dim:keepdim:)' is unavailable: dim is axis here
  _ = t.view(2, 3)  // error: 'view' is unavailable: write reshaped(3, 4)
}

func assigning(_ x: Variable, _ t: Tensor, _ weight: Parameter) {
  x[0] = x[1]  // error: cannot assign through subscript: subscript is get-only
  x.value = t  // error: cannot assign to property: 'value' setter is inaccessible
  x.requiresGrad = true  // error: cannot assign to property: 'requiresGrad' is a get-only property
  t[0] = t[1]  // error: cannot assign through subscript: 't' is a 'let' constant
  t += 1  // error: left side of mutating operator isn't mutable: 't' is a 'let' constant
  weight -= weight.grad! * 0.1  // error: binary operator '-=' cannot be applied to operands of type 'Parameter' and 'Tensor'
}
