// swift-format-ignore-file
import Tapestry

// What a PyTorch user types in the first hour. The message says what it is called here.

func tensors(_ x: Tensor, _ mask: Tensor) {
  _ = x.view(-1, 4)  // error: 'view' is unavailable: write reshaped(3, 4)
  _ = x.reshape([4, 3])  // error: 'reshape' is unavailable: write reshaped(3, 4)
  _ = x.T  // error: 'T' is unavailable: write transposed()
  _ = x.transpose(0, 1)  // error: 'transpose' is unavailable: write transposed(0, 1)
  _ = x.permute(1, 0)  // error: 'permute' is unavailable: write permuted(1, 0)
  _ = x.unsqueeze(dim: 0)  // error: 'unsqueeze' is unavailable: write unsqueezed(0)
  _ = x.size(0)  // error: 'size' is unavailable: write shape, or shape[0]
  _ = x.numel()  // error: 'numel' is unavailable: write count
  _ = x.float() * 2 + 1  // error: 'float' is unavailable: write cast(to: .float32)
  _ = x.clone().sum()  // error: 'clone' is unavailable: leave it out: a Tensor is a value
  _ = x.std(0)  // error: 'std' is unavailable: write standardDeviation(0)
  _ = x.masked_fill(mask, 0)  // error: 'masked_fill' is unavailable: write maskedFill(mask, 0)
  _ = x.tolist()  // error: 'tolist' is unavailable: write array(Float.self)
  _ = x.to("cpu")  // error: 'to' is unavailable: leave it out: there is one device, the CPU
}

func variables(_ v: Variable) {
  _ = v.view(2, 3).sum()  // error: 'view' is unavailable: write reshaped(3, 4)
  _ = v.max(1)  // error: 'max(_:keepDims:)' is unavailable: write amax(1) for the values
  _ = v.data  // error: 'data' is unavailable: write value (a Tensor), or detach() (a Variable)
  v.requires_grad_()  // error: 'requires_grad_' is unavailable: write Variable(x, requiresGrad: true)
}

func functions(_ x: Tensor, _ v: Variable, _ labels: Tensor) {
  _ = torch.zeros(3)  // error: 'torch' is unavailable: there is no torch in front of a name
  _ = nn.Linear(3, 4)  // error: 'nn' is unavailable: there is no nn in front of a name: write Linear(3, 4)
  _ = F.relu(v)  // error: 'F' is unavailable: there is no F in front of a name: write relu(x)
  _ = cat([x, x], dim: 0)  // error: 'cat' is unavailable: write concatenate([a, b], axis: 0)
  _ = one_hot(labels, num_classes: 10)  // error: 'one_hot' is unavailable: write Tensor.oneHot(labels, classes: 10)
  _ = randn(2, 3)  // error: 'randn' is unavailable: write Tensor.normal([2, 3])
  _ = arange(10)  // error: 'arange' is unavailable: write Tensor.arange(10)
  _ = zeros_like(x)  // error: 'zeros_like' is unavailable: write Tensor.zeros(like: x)
  manual_seed(0)  // error: 'manual_seed' is unavailable: write Random.seed(0)
  _ = DataLoader(x, batch_size: 32)  // error: 'DataLoader' is unavailable: write examples.batches(of: 32, shuffled: true)
}

func models(_ model: Sequential, _ optimizer: Adam, _ scheduler: StepLR) {
  _ = model.state_dict()  // error: 'state_dict' is unavailable: write stateDict()
  for (name, p) in model.named_parameters() { print(name, p) }  // error: 'named_parameters' is unavailable: write namedParameters()
  model.cuda()  // error: 'cuda' is unavailable: leave it out: there is one device, the CPU
  optimizer.zero_grad()  // error: 'zero_grad' is unavailable: write zeroGrad()
  _ = optimizer.param_groups[0]  // error: 'param_groups' is unavailable: write paramGroups
  _ = scheduler.get_last_lr()[0]  // error: 'get_last_lr' is unavailable: write lastLearningRates
}

// A user's own names, and functions called from an extension, are not in the way.

extension Variable {
  func swish(_ beta: Double) -> Variable { self * sigmoid(beta * self) + sqrt(square(self)) - clamp(abs(self), min: 0, max: 1) }
}

final class Deep: Layer {
  let modules: [Linear] = [Linear(2, 2)]
  let size = 2, T = 3, device = "cpu"
  func forward(_ x: Variable) -> Variable {
    let zeros = Tensor.zeros([size]), cat = concatenate([x, x]), view = cat.reshaped(-1, size)
    return modules.reduce(view + zeros) { $1($0) }
  }
}

func cat(_ a: Int) -> Int { a }
func ownName() -> Int { cat(3) }

func listsAndDevices(_ x: Variable, _ t: Tensor, _ weights: [Parameter], _ xs: [Variable], _ ts: [Tensor]) {
  _ = x.mean() + 0.1 * weights.map { ($0 * $0).sum() }.reduce(0, +)  // error: write .sum(): Variables have no 0 to begin with
  _ = xs.reduce(0, +)  // error: write .sum(): Variables have no 0 to begin with
  _ = ts.reduce(0, +)  // error: write .sum(): Tensors have no 0 to begin with
  _ = x.split(into: 3)  // error: write chunk(3) for three parts, split(3) for parts of size 3
  _ = t.split(into: 3, axis: 1)  // error: write chunk(3) for three parts, split(3) for parts of size 3
  _ = x.to("cuda")  // error: leave it out: there is one device, the CPU
  _ = t.to("cpu")  // error: leave it out: there is one device, the CPU
  _ = x.to(.float32)  // error: write cast(to: .float64)
}

func theyCompile(_ x: Variable, _ mask: Tensor, _ weights: [Parameter], _ xs: [Variable], _ ts: [Tensor], _ c: Double) {
  _ = x.mean() + 0.1 * weights.map { ($0 * $0).sum() }.sum()
  _ = (xs.sum(), ts.sum(), xs[1...].reduce(xs[0], +), weights.sum())
  _ = (x.maskedFill(mask, -.infinity), x.maskedFill(mask, 0), x.maskedFill(mask, Float(2)), x.maskedFill(mask, c), x.maskedFill(mask, x[0]))
  _ = (Softmax(axis: 1), Softmax(1), LogSoftmax(axis: 1), Softmin(axis: 0), GLU(axis: -1))
}
