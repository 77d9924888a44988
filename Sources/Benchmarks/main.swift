import Tapestry
func main() {
let x = Variable(Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [Float]))
let y = Variable(Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [Float]))
let w = Variable(Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [Float]), requiresGrad: true)
let clock = ContinuousClock()
for _ in 0..<5 {
  let t = clock.measure { for _ in 0..<1000 { for _ in 0..<1000 { _ = x + y } } }
  print("add_10", Double(t.components.attoseconds) / 1e18 * 1000, "ns")
  let t2 = clock.measure {
    for _ in 0..<100000 {
      var z = w
      for _ in 0..<5 { z = z * y + y }
      z.backward(gradient: y.value)
    }
  }
  print("chain_10", Double(t2.components.attoseconds) / 1e18 / 100000 * 1e9, "ns")
}
}
main()
