/// What PyTorch gives for an expression in Python, in float64: `T` is torch.tensor, `F` torch.nn.functional, and `grad(f, x, w)` the gradients for the cotangent
/// 1, 2, 3, … of f(x, w). `Tests/pytorch_rows.py` renews the numbers.
package func pytorch(_ expression: String, _ numbers: [Double]) -> [Double] { numbers }
