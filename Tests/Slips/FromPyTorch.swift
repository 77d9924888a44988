// swift-format-ignore-file
import Tapestry

// The README's table "From PyTorch": Swift on the left, PyTorch on the right. No slip: every line compiles.

func tensors(_ x: Tensor, _ y: Tensor, _ labels: Tensor, _ mask: Tensor, _ indices: Tensor) {
  _ = Tensor([[1.0, 2], [3, 4]])  // torch.tensor([[1., 2.], [3., 4.]])
  _ = Tensor.zeros([2, 3])  // torch.zeros(2, 3)
  _ = Tensor.ones(like: x)  // torch.ones_like(x)
  _ = Tensor.full([2, 3], 7)  // torch.full((2, 3), 7.)
  _ = Tensor.arange(10)  // torch.arange(10)
  _ = Tensor.linspace(0, 1, 5)  // torch.linspace(0, 1, 5)
  _ = Tensor.eye(3)  // torch.eye(3)
  _ = Tensor.normal([2, 3])  // torch.randn(2, 3)
  _ = Tensor.uniform([2, 3])  // torch.rand(2, 3)
  _ = Tensor.randint([5], in: 0..<10)  // torch.randint(0, 10, (5,))
  _ = Tensor.permutation(10)  // torch.randperm(10)
  Random.seed(0)  // torch.manual_seed(0)
  _ = Tensor.oneHot(labels, classes: 10)  // F.one_hot(labels, 10)
  _ = x.shape[0]  // len(x); x.count is the number of elements
  _ = (x.shape, x.shape[0], x.rank, x.count, x.dtype)  // x.shape, x.size(0), x.ndim, x.numel(), x.dtype
  _ = (x[0], x[0, 1], x[-1])  // x[0], x[0, 1], x[-1]
  _ = (x[.all, 1], x[..., 1])  // x[:, 1], x[..., 1]
  _ = (x[0..<2], x[2...], x[.all, ..<3])  // x[0:2], x[2:], x[:, :3]
  _ = x[.slice(step: 2)]  // x[::2]
  _ = (x[indices], x[mask])  // x[indices], x[mask]
  _ = x[.all, .newAxis]  // x[:, None]
  _ = x.reshaped(-1, 4)  // x.view(-1, 4), x.reshape(-1, 4)
  _ = x.transposed()  // x.T, x.mT
  _ = x.permuted(1, 0)  // x.permute(1, 0)
  _ = (x.unsqueezed(0), x.squeezed())  // x.unsqueeze(0), x.squeeze()
  _ = x.expanded(to: [5, 3, 4])  // x.expand(5, 3, 4)
  _ = concatenate([x, y], axis: 1)  // torch.cat([x, y], dim=1)
  _ = stack([x, y])  // torch.stack([x, y])
  _ = (x.sum(), x.mean(0), x.sum(1, keepDims: true))  // x.sum(), x.mean(0), x.sum(1, keepdim=True)
  _ = (x.standardDeviation(0), x.variance(0))  // x.std(0), x.var(0)
  _ = (x.argmax(1), x.amax(1))  // x.argmax(1), x.amax(1)
  _ = (x .> 0.5) & (x .!= y)  // (x > 0.5) & (x != y)
  _ = ((x .== y).all(), x == y)  // (x == y).all(), torch.equal(x, y)
  _ = x.allClose(y)  // torch.allclose(x, y)
  _ = x.cast(to: .float64)  // x.double(), x.to(torch.float64)
  _ = (x.sum().item, x.array(Float.self))  // x.sum().item(), x.tolist()
}

func gradients(_ t: Tensor, _ x: Variable, _ w: Variable, _ q: Variable, _ k: Variable, _ mask: Tensor, _ index: Tensor) {
  _ = Variable(t, requiresGrad: true)  // torch.tensor(t, requires_grad=True)
  _ = matmul(x, w)  // x @ w
  _ = (exp(x), sqrt(x), pow(x, 2))  // x.exp(), x.sqrt(), x ** 2
  _ = (relu(x), softmax(x, axis: 1))  // F.relu(x), F.softmax(x, dim=1)
  _ = clamp(x, min: 0, max: 1)  // x.clamp(0, 1)
  _ = x.where(mask, 0)  // torch.where(mask, x, 0)
  _ = x.maskedFill(mask, -1e9)  // x.masked_fill(mask, -1e9)
  _ = x.gather(1, index)  // x.gather(1, index)
  _ = x.max(axis: 1)  // x.max(1): values and indices
  _ = (x.split(2), x.chunk(2, axis: 1))  // x.split(2), x.chunk(2, 1)
  _ = einsum("bij,bkj->bik", q, k)  // torch.einsum("bij,bkj->bik", q, k)
  x.sum().backward()  // x.sum().backward()
  _ = w.grad  // w.grad
  _ = gradients(of: x.sum(), withRespectTo: [w])  // torch.autograd.grad(x.sum(), w)
  _ = x.detach()  // x.detach()
  noGrad { print(x) }  // with torch.no_grad(): print(x)
  _ = x.value  // x.data
  detectAnomaly { x.sum().backward() }  // with torch.autograd.detect_anomaly(): x.sum().backward()
  x.onGradient { print($0.shape) }  // x.register_hook(lambda g: print(g.shape))
}

final class Net: Layer {  // class Net(nn.Module):
  let blocks: [Linear]  // nn.ModuleList
  let scale = Parameter(.ones([64]))  // nn.Parameter(torch.ones(64))
  let mask = Buffer(.ones([64]))  // self.register_buffer("mask", torch.ones(64))
  init(depth: Int) { blocks = (0..<depth).map { _ in Linear(64, 64) } }  // def __init__(self, depth):
  func forward(_ x: Variable) -> Variable { blocks.reduce(x) { relu($1($0)) } * scale * mask }  // def forward(self, x):
}

func models(_ model: Net, _ x: Tensor) throws {
  _ = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))  // nn.Sequential(nn.Linear(64, 128), nn.ReLU(), …)
  _ = Linear(64, 128, init: .fanInUniform, biasInit: .fanInUniform)  // nn.Linear(64, 128), with PyTorch's own initial values
  _ = model(x)  // model(x)
  print(model)  // print(model)
  print(model.summary(input: [32, 64]))  // torchinfo.summary(model, (32, 64))
  _ = model.parameterCount  // sum(p.numel() for p in model.parameters())
  for (name, p) in model.namedParameters() { print(name, p.shape, p.grad?.sum() ?? 0) }  // for name, p in model.named_parameters(): …
  for case let m as Linear in model.modules() { m.weight.initialize(.heNormal) }  // for m in model.modules(): …: nn.init.kaiming_normal_(m.weight)
  model.train()  // model.train()
  model.eval()  // model.eval()
  model.freeze("blocks.0")  // model.blocks[0].requires_grad_(False)
  model.to(.float64)  // model.double()
  try model.save(to: "net.safetensors")  // safetensors.torch.save_model(model, "net.safetensors")
  try model.load(from: "net.safetensors")  // safetensors.torch.load_model(model, "net.safetensors")
  try model.loadStateDict(model.stateDict(), strict: false)  // model.load_state_dict(model.state_dict(), strict=False)
  _ = model.copy()  // copy.deepcopy(model)
}

func training(_ model: Net, _ inputs: Tensor, _ labels: Tensor, _ decay: [Parameter], _ rest: [Parameter]) {
  let data = Examples(inputs, labels)  // TensorDataset(inputs, labels)
  let (train, test) = data.split(at: 0.8, shuffled: true)  // random_split(data, [0.8, 0.2])
  let batches = train.batches(of: 32, shuffled: true, dropLast: true)  // DataLoader(train, batch_size=32, shuffle=True, drop_last=True)
  let workers = batches.prefetched(workers: 2)  // DataLoader(…, num_workers=2)
  let criterion = CrossEntropyLoss(labelSmoothing: 0.1)  // nn.CrossEntropyLoss(label_smoothing=0.1)
  let optimizer = AdamW(model.parameters(), learningRate: 1e-3)  // torch.optim.AdamW(model.parameters(), lr=1e-3)
  _ = AdamW([ParameterGroup(decay), ParameterGroup(rest, weightDecay: 0)], learningRate: 1e-3)  // AdamW([{"params": decay}, …], lr=1e-3)
  let scheduler = OneCycleLR(optimizer, maxLR: 1e-2, totalSteps: 20 * batches.count)  // OneCycleLR(optimizer, 1e-2, total_steps=20 * len(batches))
  for (images, labels) in progress(workers) {  // for images, labels in tqdm(workers):
    let loss = criterion(model(images), labels)  // loss = criterion(model(images), labels)
    optimizer.zeroGrad()  // optimizer.zero_grad()
    loss.backward()  // loss.backward()
    clipGradNorm(model.parameters(), maxNorm: 1)  // torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
    optimizer.step()  // optimizer.step()
    scheduler.step()  // scheduler.step()
    print(loss.item, optimizer.learningRate)  // print(loss.item(), scheduler.get_last_lr()[0])
  }
  print(accuracy(model(test.inputs), test.labels))  // (model(x).argmax(1) == y).float().mean().item()
}

// The table "From scikit-learn" below it.
func tables(_ table: CSV, _ data: Examples, _ x: Tensor, _ z: Tensor, _ p: Tensor, _ y: Tensor, _ t: Tensor) throws {
  let (train, test) = try table.stratifiedSplit(at: 0.8, by: "species")
  let classes = try train.classes(of: "species")
  _ = try test.oneHot("city", categories: train.classes(of: "city"), unknown: .zeros)  // OneHotEncoder(handle_unknown="ignore")
  _ = try table.classIndices("species")  // LabelEncoder().fit_transform(y)
  let (learn, rest) = data.stratifiedSplit(at: 0.8)  // train_test_split(X, y, train_size=0.8, stratify=y)
  print(learn.count, rest.count)
  for (train, valid) in data.folds(5, shuffled: true) { print(train.count, valid.count) }  // KFold(5, shuffle=True)
  for (train, valid) in data.stratifiedFolds(5, shuffled: true) { print(train.count, valid.count) }  // StratifiedKFold
  let weight = balancedClassWeights(data.labels, classes: 3)  // compute_class_weight("balanced", …)
  _ = data.batches(of: 32, weights: weight[data.labels])  // WeightedRandomSampler
  let model = pipeline(data, x, z)
  _ = classNames(of: model(x), in: classes)  // encoder.inverse_transform(model.predict(X))
  _ = f1Score(p, y, average: .macro)  // f1_score(y, p, average="macro")
  _ = (rocAUC(p, y), averagePrecision(p, y))  // roc_auc_score, average_precision_score
  _ = (rSquared(p, t), rootMeanSquaredError(p, t))  // r2_score, root_mean_squared_error
  print(classificationReport(p, y, names: classes))  // classification_report(y, p, target_names=classes)
}

func pipeline(_ train: Examples, _ x: Tensor, _ z: Tensor) -> Sequential {
  let standardizer = Standardizer(fitting: train.inputs)  // StandardScaler().fit(X)
  _ = (standardizer.transform(x), standardizer.inverseTransform(z))  // scaler.transform(X), scaler.inverse_transform(Z)
  let imputer = Imputer(fitting: train.inputs, .median, indicator: true)  // SimpleImputer(strategy="median", …)
  return Sequential(imputer, standardizer, Linear(8, 32), ReLU(), Linear(32, 3))  // make_pipeline(…)
}
