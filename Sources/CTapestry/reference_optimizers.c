// The reference backend's optimizer steps and gradient clipping, as PyTorch defines them.
#include "reference.h"

static tp_tensor list_of(void *data, const tp_step_item *item) {
  return (tp_tensor){.data = data, .dtype = item->dtype, .rank = 1, .size = {item->size}, .stride = {1}};
}

// The gradient with its sign and weight decay.
static real direction(const tp_tensor *g, int64_t i, bool maximize, real decay, real x) {
  const real dx = maximize ? -ref_get(g, i) : ref_get(g, i);
  return decay == 0 ? dx : dx + decay * x;
}

// 1 − βᵗ
static real one_minus_power(real beta, real t) { return -expm1l(t * log1pl(beta - 1)); }

// m = β₁m + (1 − β₁)g,  v = β₂v + (1 − β₂)g²,  p −= lr/(1 − β₁ᵗ) · m/(√v/√(1 − β₂ᵗ) + ε), with the largest v so far for
// amsgrad
void tp_reference_adam(const tp_step_item *items, int64_t count, const tp_adam *o) {
  const real lr = o->lr, beta1 = o->beta1, beta2 = o->beta2, decay = o->weight_decay;
  for (const tp_step_item *item = items; item < items + count; item++) {
    const real t = (real)item->step, scale = lr / one_minus_power(beta1, t), root = sqrtl(one_minus_power(beta2, t));
    const tp_tensor p = list_of(item->param, item), g = list_of(item->grad, item);
    const tp_tensor first = list_of(item->state[0], item), second = list_of(item->state[1], item),
                    largest = list_of(item->state[2], item);
    for (int64_t i = 0; i < item->size; i++) {
      const real x = ref_get(&p, i) * (o->decoupled ? 1 - lr * decay : 1);
      const real dx = direction(&g, i, o->maximize, o->decoupled ? 0 : decay, x);
      const real a = beta1 * ref_get(&first, i) + (1 - beta1) * dx;
      real b = beta2 * ref_get(&second, i) + (1 - beta2) * dx * dx;
      ref_put(&first, i, a);
      ref_put(&second, i, b);
      if (o->amsgrad) {
        if (ref_get(&largest, i) > b) b = ref_get(&largest, i);
        ref_put(&largest, i, b);
      }
      ref_put(&p, i, x - scale * a / (sqrtl(b) / root + (real)o->eps));
    }
  }
}

// buffer = fresh ? g : μ·buffer + (1 − dampening)·g;  g = nesterov ? g + μ·buffer : buffer;  p −= lr·g
void tp_reference_sgd(const tp_step_item *items, int64_t count, const tp_sgd *o) {
  const real momentum = o->momentum;
  for (const tp_step_item *item = items; item < items + count; item++) {
    const tp_tensor p = list_of(item->param, item), g = list_of(item->grad, item),
                    buffer = list_of(item->state[0], item);
    for (int64_t i = 0; i < item->size; i++) {
      const real x = ref_get(&p, i);
      real dx = direction(&g, i, o->maximize, o->weight_decay, x);
      if (momentum != 0) {
        const real kept = item->fresh ? dx : momentum * ref_get(&buffer, i) + (1 - (real)o->dampening) * dx;
        ref_put(&buffer, i, kept);
        dx = o->nesterov ? dx + momentum * kept : kept;
      }
      ref_put(&p, i, x - (real)o->lr * dx);
    }
  }
}

// v = αv + (1 − α)g²,  mean = α·mean + (1 − α)g,  b = μb + g/(√(v − mean²) + ε),  p −= lr·b
void tp_reference_rmsprop(const tp_step_item *items, int64_t count, const tp_rmsprop *o) {
  const real alpha = o->alpha;
  for (const tp_step_item *item = items; item < items + count; item++) {
    const tp_tensor p = list_of(item->param, item), g = list_of(item->grad, item);
    const tp_tensor square = list_of(item->state[0], item), mean = list_of(item->state[1], item),
                    buffer = list_of(item->state[2], item);
    for (int64_t i = 0; i < item->size; i++) {
      const real x = ref_get(&p, i), dx = direction(&g, i, o->maximize, o->weight_decay, x);
      real v = alpha * ref_get(&square, i) + (1 - alpha) * dx * dx;
      ref_put(&square, i, v);
      if (o->centered) {
        const real m = alpha * ref_get(&mean, i) + (1 - alpha) * dx;
        ref_put(&mean, i, m);
        v -= m * m;
        if (v < 0) v = 0;
      }
      real change = dx / (sqrtl(v) + (real)o->eps);
      if (o->momentum > 0) {
        change += (real)o->momentum * ref_get(&buffer, i);
        ref_put(&buffer, i, change);
      }
      ref_put(&p, i, x - (real)o->lr * change);
    }
  }
}

// sum = sum + g²,  p −= lr/(1 + (t − 1)·decay) · g/(√sum + ε)
void tp_reference_adagrad(const tp_step_item *items, int64_t count, const tp_adagrad *o) {
  for (const tp_step_item *item = items; item < items + count; item++) {
    const real rate = (real)o->lr / (1 + (real)(item->step - 1) * (real)o->lr_decay);
    const tp_tensor p = list_of(item->param, item), g = list_of(item->grad, item), sum = list_of(item->state[0], item);
    for (int64_t i = 0; i < item->size; i++) {
      const real x = ref_get(&p, i), dx = direction(&g, i, o->maximize, o->weight_decay, x),
                 s = ref_get(&sum, i) + dx * dx;
      ref_put(&sum, i, s);
      ref_put(&p, i, x - rate * dx / (sqrtl(s) + (real)o->eps));
    }
  }
}

void tp_reference_gradient_sum(const tp_step_item *items, int64_t count, double p, double *sum) {
  real all = 0;
  for (const tp_step_item *item = items; item < items + count; item++) {
    const tp_tensor g = list_of(item->grad, item);
    for (int64_t i = 0; i < item->size; i++) {
      const real a = fabsl(ref_get(&g, i));
      if (!isinf(p)) all += powl(a, p);
      else if (a > all || isnan(a)) all = a;
    }
  }
  *sum = (double)all;
}

void tp_reference_gradient_scale(const tp_step_item *items, int64_t count, double factor) {
  for (const tp_step_item *item = items; item < items + count; item++) {
    const tp_tensor g = list_of(item->grad, item);
    for (int64_t i = 0; i < item->size; i++) ref_put(&g, i, ref_get(&g, i) * (real)factor);
  }
}

void tp_reference_gradient_clamp(const tp_step_item *items, int64_t count, double low, double high) {
  for (const tp_step_item *item = items; item < items + count; item++) {
    const tp_tensor g = list_of(item->grad, item);
    for (int64_t i = 0; i < item->size; i++) {
      const real x = ref_get(&g, i);
      ref_put(&g, i, x < (real)low ? (real)low : x > (real)high ? (real)high : x);
    }
  }
}
