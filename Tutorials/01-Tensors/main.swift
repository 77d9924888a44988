// Arrays of numbers: how they are made, cut, combined and reduced. Whoever knows NumPy or PyTorch knows most of it.
//
//     swift run -c release 01-Tensors

import Tapestry

func show(_ code: String, _ result: Any) { print("\(code)\n\(result)\n") }

// A Tensor has a shape and one element type. Swift's literals decide it (whole ones are Int, so int64), or you name it.
let x = Tensor([[1, 2, 3], [4, 5, 6]], .float32)
show("x = Tensor([[1, 2, 3], [4, 5, 6]], .float32)", x)
show("x.shape, x.dtype, x.count", "\(x.shape), \(x.dtype), \(x.count)")
show("Tensor.arange(5)                                  // int64", Tensor.arange(5))
show("Tensor.linspace(0, 1, 5)                          // float32", Tensor.linspace(0, 1, 5))
show("Tensor.eye(3)", Tensor.eye(3))

// Parts are NumPy's: -1 is the last, ranges are Swift's. A part is a view: nothing is copied.
show("x[0]", x[0])
show("x[.all, 1..<3]", x[.all, 1..<3])
show("x[..., -1]", x[..., -1])
show("x[.slice(step: -1)]                               // x[::-1]", x[.slice(step: -1)])
show("x.transposed()", x.transposed())
show("x.reshaped(3, -1)", x.reshaped(3, -1))

// A Tensor is a value, like a Swift array. Changing one never changes another, even if they shared their memory until
// then.
var y = x
y[0, 1...] = Tensor([20, 30], .float32)
y[1] *= 10
show("y, after y[0, 1...] = … and y[1] *= 10", y)
show("x is what it was", x)

// Shapes are broadcast: axes are aligned at the end, an axis of size 1 is repeated.
let column = Tensor([[100], [200]], .float32)
show("x + column                                        // (2, 3) + (2, 1)", x + column)
show("2 * x - 1                                         // a number takes the tensor's type", 2 * x - 1)

// Comparisons begin with a dot and give a mask; masks and lists of positions pick elements.
show("x .> 2", x .> 2)
show("x[x .> 2]", x[x .> 2])
show("x[.all, Tensor([2, 0])]                           // columns 2 and 0", x[.all, Tensor([2, 0])])

// Reductions take axes; without any, all. Types never change by themselves: an int64 tensor must be converted before it
// meets floats.
show("x.sum(), x.mean(0), x.amax(-1)", "\(x.sum()), \(x.mean(0)), \(x.amax(-1))")
show("(x - x.mean(0)) / x.standardDeviation(0)", (x - x.mean(0)) / x.standardDeviation(0))
show("x.argmax(-1).cast(to: .float32) / 2", x.argmax(-1).cast(to: .float32) / 2)

// Random numbers: the same seed gives the same bits on any machine and any number of threads. A scope has a seed of its
// own.
let noise = withSeed(7) { Tensor.uniform([2, 3]) }
show("withSeed(7) { Tensor.uniform([2, 3]) }", noise)
show("… once more, the same bits?", noise == withSeed(7) { Tensor.uniform([2, 3]) })

// And out again, as Swift's own values.
let numbers: [Float] = x[1].array()
show("x[1].array() as [Float], x[0, 2].item", "\(numbers), \(x[0, 2].item)")
