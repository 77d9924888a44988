import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private func names(_ model: Sequential) -> [String] { model.layers.map { "\(type(of: $0))" } }

struct ContainerTests {
  @Test func builder() {
    func build(_ deep: Bool, _ kind: Int, _ count: Int) -> [String] {
      names(
        Sequential {
          Linear(2, 2)
          if deep { ReLU() }
          if kind == 0 {
            Tanh()
          } else if kind == 1 {
            GELU()
            Dropout(0.1)
          } else {
            Identity()
          }
          for _ in 0..<count {
            Linear(2, 2)
            if deep { Tanh() }
          }
          switch kind {
          case 0: ReLU()
          default: GELU()
          }
          [Dropout(), Flatten()] as [any Layer]
          if let last = deep ? Linear(2, 1) : nil { last }
        })
    }
    // An `if` without `else` keeps its body where it holds and drops it where it does not.
    #expect(build(true, 0, 0) == ["Linear", "ReLU", "Tanh", "ReLU", "Dropout", "Flatten", "Linear"])
    #expect(build(false, 1, 2) == ["Linear", "GELU", "Dropout", "Linear", "Linear", "GELU", "Dropout", "Flatten"])
    #expect(
      build(true, 2, 1) == ["Linear", "ReLU", "Identity", "Linear", "Tanh", "GELU", "Dropout", "Flatten", "Linear"])
    #expect(names(Sequential {}).isEmpty)
  }

  @Test func variadicArrayAndBuilderAreAlike() {
    let (a, b) = (Linear(3, 2), ReLU())
    let x = Tensor.normal([4, 3])
    let expected = relu(a(x)).value
    #expect(Sequential(a, b)(x).value == expected)
    #expect(Sequential([a, b])(x).value == expected)
    #expect(
      Sequential {
        a
        b
      }(x).value == expected)
    #expect(Sequential(a, b)[1] === b && Sequential(a, b).count == 2 && Sequential(a, b, b)[1..<3].count == 2)
  }

  @Test func residual() {
    let f = Linear(3, 3), wide = Linear(3, 5), shortcut = Linear(3, 5, bias: false)
    let x = Variable(.normal([2, 3]))
    #expect(Residual(f)(x).value == (x + f(x)).value)
    #expect(Residual(wide, shortcut: shortcut)(x).value == (shortcut(x) + wide(x)).value)
    #expect(
      Residual(wide, shortcut: shortcut).namedParameters().map(\.name) == [
        "block.weight", "block.bias", "shortcut.weight",
      ])
  }

  @Test func residualShapes() {
    let end = mistake {
      _ = Sequential(Residual(Linear(3, 5)))(.ones([2, 3]))
    }
    expectMessage(
      """
      0 (Residual): Residual: cannot add [2, 3] to the block's [2, 5]; give a shortcut layer that turns [2, 3] into \
      [2, 5]
      """,
      end)
  }

  @Test func shapes() {
    let x = Tensor.normal([2, 3, 4])
    #expect(Flatten()(x).value == x.reshaped([2, 12]))
    #expect(Flatten(0, 1)(x).value == x.reshaped([6, 4]))
    #expect(Reshape(4, -1)(x).value == x.reshaped([2, 4, 3]))
    #expect(Unflatten(2, [2, -1])(x).value == x.reshaped([2, 3, 2, 2]))
    #expect(Unflatten(-3, [1, 2])(x).value == x.reshaped([1, 2, 3, 4]))
    #expect(Unflatten(1, [0, 5])(.zeros([2, 0])).shape == [2, 0, 5])
    #expect(Identity()(x).value == x)
    #expect(Lambda { $0 * 2 }(x).value == x * 2)
  }

  @Test func shapeMistakes() {
    let unflatten = mistake { _ = Unflatten(1, [2, 2])(.ones([2, 3])) }
    expectMessage("Unflatten: Unflatten: cannot split axis 1 of [2, 3], of size 3, into [2, 2]", unflatten)
    let large = mistake { _ = Unflatten(1, [1 << 40, 1 << 40])(.ones([2, 3])) }
    expectMessage(
      "Unflatten: Unflatten: cannot split axis 1 of [2, 3], of size 3, into [1099511627776, 1099511627776]", large)
    let wrapped = mistake { _ = Unflatten(1, [1 << 40, -1, 1 << 40])(.ones([2, 3])) }
    expectMessage(
      "Unflatten: Unflatten: cannot split axis 1 of [2, 3], of size 3, into [1099511627776, -1, 1099511627776]", wrapped
    )
    let negative = mistake { _ = Unflatten(1, [2, -2]) }
    expectMessage("Unflatten: needs 1 … 8 sizes of at least 0, one of which may be -1, got [2, -2]", negative)
    let unknown = mistake { _ = Unflatten(1, [-1, -1]) }
    expectMessage("Unflatten: needs 1 … 8 sizes of at least 0, one of which may be -1, got [-1, -1]", unknown)
    let reshape = mistake { _ = Reshape(5)(.ones([2, 3])) }
    expectMessage("Reshape: reshaped: ", reshape)
    let sequential = mistake { _ = Sequential(ReLU())[1] }
    expectMessage("Sequential: there is no layer 1; it has 1, counted from 0", sequential)
  }
}
