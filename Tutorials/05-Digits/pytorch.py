#!/usr/bin/env python3
"""The same training in PyTorch, for comparison: pip install torch scikit-learn; ./pytorch.py prints the test accuracy of seeds 0-9."""

import statistics, time, torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
x, y = torch.tensor(data.data, dtype=torch.float32) / 16, torch.tensor(data.target)
test = torch.arange(len(x)) % 5 == 0
scores = []
for seed in range(10):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
    for layer in (model[0], model[3]):  # LeCun normal, zero bias
        nn.init.normal_(layer.weight, std=layer.in_features**-0.5)
        nn.init.zeros_(layer.bias)
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    inputs, labels, start = x[~test], y[~test], time.perf_counter()
    for _ in range(40):
        for batch in torch.randperm(len(inputs)).split(32):
            loss = F.cross_entropy(model(inputs[batch]), labels[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
    seconds = time.perf_counter() - start
    model.eval()
    scores.append((model(x[test]).argmax(1) == y[test]).float().mean().item())
    print(f"seed {seed}: test accuracy {scores[-1]:.4f}, trained in {seconds:.2f} s", flush=True)
print(f"mean {statistics.mean(scores):.4f}, lowest {min(scores):.4f}")
