// Derivatives: what a Variable records, how backward() uses it, and what else follows from it.
//
//     swift run -c release 02-Gradients

import Foundation
import Tapestry

// A Variable holds a Tensor and remembers how it was computed. Those made with requiresGrad are where gradients arrive.
let x = Variable(Tensor([1, 2, 3], .float64), requiresGrad: true)
let y = (x * x * x + 2 * x).sum()
y.backward()
print("y = Σ x³ + 2x at \(x.value) is \(y.item)")
print("x.grad = 3x² + 2 =", x.grad!)

// The recording is a graph. It is made anew by each run, so Swift's own if and for decide what it looks like.
print("\nwhat backward() walked:\n\(graph(of: (x * x * x + 2 * x).sum()))\n")

// A second backward() adds to grad, as in PyTorch: set it to nil before the next one.
x.grad = nil
for n in 1...3 { (x * n).sum().backward() }
print("1 + 2 + 3 backward passes:", x.grad!)

// Fitting a line by hand: y = 3x - 1 with noise. Tensors may stand beside Variables; they are constants.
Random.seed(0)
let inputs = Tensor.uniform([100]), targets = 3 * inputs - 1 + 0.1 * Tensor.normal([100])
let slope = Parameter(Tensor(0)), offset = Parameter(Tensor(0))
for step in 1...200 {
  let error = inputs * slope + offset - targets
  let loss = (error * error).mean()
  loss.backward()
  for parameter in [slope, offset] {
    parameter.assign(parameter.value - 0.5 * parameter.grad!)
    parameter.grad = nil
  }
  if step == 1 || step % 50 == 0 {
    print(String(format: "step %3d  loss %.4f  y = %.3f x %+.3f", step, loss.item, slope.item, offset.item))
  }
}

// Inside noGrad nothing is recorded; detach() cuts one value off.
let free = noGrad { x * 2 }
print("\nrecorded inside noGrad?", free.requiresGrad, " a detached value?", (x * 2).detach().requiresGrad)

// Gradients of gradients: gradients(of:withRespectTo:createGraph:) gives Variables, which can be differentiated again.
let z = exp(2 * x).sum()
let first = gradients(of: z, withRespectTo: [x], createGraph: true)[0]
let second = gradients(of: first.sum(), withRespectTo: [x])[0]
print("\nd²/dx² exp(2x) / exp(2x) =", second.value / exp(2 * x).value)

// Whole matrices of them.
let point = Tensor([1, 2], .float64)
print("\nHessian of x₀²·x₁ at (1, 2):\n\(hessian({ v in v[0] * v[0] * v[1] }, at: point))")
print("\nJacobian of (sin x₀, x₀·x₁) at (1, 2):\n\(jacobian({ v in stack([sin(v[0]), v[0] * v[1]]) }, at: point))")

// Is a derivative right? gradientCheck compares first and second derivatives with differences, and names the worst
// element.
let check = gradientCheck({ v in v * sigmoid(v) }, at: Tensor([-2, 0.5, 3], .float64))
print("\n\(check)")
