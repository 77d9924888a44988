// The reference backend's optimizer steps, as PyTorch defines them.
#include "reference.h"

static tp_tensor list_of(void *data, int64_t n, int32_t dtype) {
  return (tp_tensor){.data = data, .dtype = dtype, .rank = 1, .size = {n}, .stride = {1}};
}

// m = β₁m + (1 − β₁)g,  v = β₂v + (1 − β₂)g²,  p −= lr/(1 − β₁ᵗ) · m/(√v/√(1 − β₂ᵗ) + ε)
void tp_reference_adam(int count, void *const *params, void *const *grads, void *const *m, void *const *v, const int64_t *sizes, int32_t dtype, const tp_adam *options) {
  const real lr = options->lr, beta1 = options->beta1, beta2 = options->beta2, decay = options->weight_decay;
  const real scale = lr / (1 - powl(beta1, (real)options->step)), root = sqrtl(1 - powl(beta2, (real)options->step));
  for (int k = 0; k < count; k++) {
    const tp_tensor p = list_of(params[k], sizes[k], dtype), g = list_of(grads[k], sizes[k], dtype);
    const tp_tensor first = list_of(m[k], sizes[k], dtype), second = list_of(v[k], sizes[k], dtype);
    for (int64_t i = 0; i < sizes[k]; i++) {
      real x = ref_get(&p, i), dx = options->maximize ? -ref_get(&g, i) : ref_get(&g, i);
      if (options->decoupled) x *= 1 - lr * decay;
      else dx += decay * x;
      const real a = beta1 * ref_get(&first, i) + (1 - beta1) * dx, b = beta2 * ref_get(&second, i) + (1 - beta2) * dx * dx;
      ref_put(&first, i, a);
      ref_put(&second, i, b);
      ref_put(&p, i, x - scale * a / (sqrtl(b) / root + (real)options->eps));
    }
  }
}

// g += wd·p;  buffer = first ? g : μ·buffer + (1 − dampening)·g;  g = nesterov ? g + μ·buffer : buffer;  p −= lr·g
void tp_reference_sgd(int count, void *const *params, void *const *grads, void *const *momenta, const int64_t *sizes, int32_t dtype, const tp_sgd *options) {
  const real momentum = options->momentum;
  for (int k = 0; k < count; k++) {
    const tp_tensor p = list_of(params[k], sizes[k], dtype), g = list_of(grads[k], sizes[k], dtype);
    for (int64_t i = 0; i < sizes[k]; i++) {
      real x = ref_get(&p, i), dx = options->maximize ? -ref_get(&g, i) : ref_get(&g, i);
      dx += (real)options->weight_decay * x;
      if (momentum != 0) {
        const tp_tensor buffer = list_of(momenta[k], sizes[k], dtype);
        const real kept = options->first ? dx : momentum * ref_get(&buffer, i) + (1 - (real)options->dampening) * dx;
        ref_put(&buffer, i, kept);
        dx = options->nesterov ? dx + momentum * kept : kept;
      }
      ref_put(&p, i, x - (real)options->lr * dx);
    }
  }
}
