import Tapestry

func notNumbers(_ x: Variable, _ t: Tensor, _ labels: [Int], _ count: Int32, _ maybe: Variable?) {
  _ = x + "1"  // error: '+' is unavailable: an array is no operand: make a Tensor of it, as in x + Tensor([1, 2], .float32)
  _ = x * "1"  // error: binary operator '*' cannot be applied to operands of type 'Variable' and 'String'
  _ = x + labels  // error: '+' is unavailable: an array is no operand
  _ = t + [1, 2, 3]  // error: '+' is unavailable: an array is no operand
  _ = x - labels  // error: binary operator '-' cannot be applied to operands of type 'Variable' and '[Int]'
  _ = x * count  // error: binary operator '*' cannot be applied to operands of type 'Variable' and 'Int32'
  _ = x + true  // error: binary operator '+' cannot be applied to operands of type 'Variable' and 'Bool'
  _ = x * x.shape  // error: requires that 'Shape' conform to 'Scalar'
  _ = 2 * x * x + 3 * maybe - 1  // error: value of optional type 'Variable?' must be unwrapped to a value of type 'Variable'
  _ = x - 0.1 * x.grad  // error: value of optional type 'Tensor?' must be unwrapped to a value of type 'Tensor'
  _ = x ** 2  // error: no operator '**' is defined; did you mean 'pow(_:_:)'?
}

func comparisons(_ x: Variable, _ t: Tensor, _ n: Int) {
  _ = x > 0  // error: '>' is unavailable: Variables are compared element by element with .>
  _ = x * 2 + 1 <= x  // error: '<=' is unavailable: Variables are compared element by element with .<=
  _ = t < 0.5  // error: '<' is unavailable: Tensors are compared element by element with .<
  _ = t >= t  // error: '>=' is unavailable: Tensors are compared element by element with .>=
  _ = x >= t  // error: '>=' is unavailable: Variables are compared element by element with .>=
  let y: Variable = (x > n) * x  // error: '>' is unavailable: Variables are compared element by element with .>
  if t .> 0 { print(y) }  // error: cannot convert value of type 'Tensor' to expected condition type 'Bool'
  _ = x == x  // error: binary operator '==' cannot be applied to two 'Variable' operands
}

func tensorsForVariables(_ x: Variable, _ t: Tensor, _ labels: [Int], _ table: Parameter) {
  let a: Tensor = x  // error: cannot convert value of type 'Variable' to specified type 'Tensor'
  let b: Tensor = x * 2 + t  // error: cannot convert value of type 'Variable' to specified type 'Tensor'
  let c: Variable = t  // error: cannot convert value of type 'Tensor' to specified type 'Variable'
  let d = Tensor.zeros([3]) + exp(t)  // error: cannot convert value of type 'Tensor' to expected argument type 'Variable'
  let e = crossEntropy(x, x)  // error: cannot convert value of type 'Variable' to expected argument type 'Tensor'
  let f = crossEntropy(x, labels)  // error: cannot convert value of type '[Int]' to expected argument type 'Tensor'
  let g = embedding(labels, table)  // error: cannot convert value of type '[Int]' to expected argument type 'Tensor'
  let h: Float = x.item  // error: cannot convert value of type 'Double' to specified type 'Float'
  let i = x.item()  // error: cannot call value of non-function type 'Double'
  let j = t[x]  // error: no exact matches in call to subscript
  let k = x[labels]  // error: no exact matches in call to subscript
  print(a, b, c, d, e, f, g, h, i, j, k)
}

func making(_ t: Tensor) {
  _ = Tensor([1, [2, 3]])  // error: cannot convert value of type '[Int]' to expected element type 'Int'
  _ = Tensor.zeros(3, 4)  // error: cannot convert value of type 'Int' to expected argument type 'Shape'
  _ = Tensor.zeros([3, 4], dtype: .float64)  // error: extraneous argument label 'dtype:' in call
  _ = t.cast(.float64)  // error: missing argument label 'to:' in call
  _ = t.cast(to: .float16)  // error: type 'DType' has no member 'float16'
  _ = t.array()  // error: generic parameter 'Element' could not be inferred
  _ = t.sum(dim: 0)  // error: extraneous argument label 'dim:' in call
  _ = t.view(2, 3)  // error: value of type 'Tensor' has no member 'view'
}

func assigning(_ x: Variable, _ t: Tensor, _ weight: Parameter) {
  x[0] = x[1]  // error: cannot assign through subscript: subscript is get-only
  x.value = t  // error: cannot assign to property: 'value' setter is inaccessible
  x.requiresGrad = true  // error: cannot assign to property: 'requiresGrad' is a get-only property
  t[0] = t[1]  // error: cannot assign through subscript: 't' is a 'let' constant
  t += 1  // error: left side of mutating operator isn't mutable: 't' is a 'let' constant
  weight -= weight.grad! * 0.1  // error: binary operator '-=' cannot be applied to operands of type 'Parameter' and 'Tensor'
}
