// The reference backend's sums, extremes and scans, softmax and layer normalization.
#include "reference.h"

// The part of x that element j of y sums up: x itself along the reduced axes (size 1 in y), one position along the
// others.
static tp_tensor part_of(const tp_tensor *x, const tp_tensor *y, int64_t j) {
  tp_tensor part = *x;
  char *data = x->data;
  for (int a = x->rank - 1; a >= 0; a--) {
    if (y->size[a] == 1) continue;
    data += j % y->size[a] * x->stride[a] * tp_itemsize(x->dtype);
    j /= y->size[a];
    part.size[a] = 1;
  }
  part.data = data;
  return part;
}

static real reduce_real(int op, const tp_tensor *x, int64_t n) {
  real r = op == TP_PROD ? 1 : 0;
  for (int64_t i = 0; i < n; i++) {
    real v = ref_get(x, i);
    switch (op) {
      case TP_SUM: case TP_MEAN: r += v; break;
      case TP_SUM_SQUARES: r += v * v; break;
      case TP_PROD: r *= v; break;
      case TP_REDUCE_MAX: r = i == 0 || isnan(v) || v > r ? v : r; break;
      default: r = i == 0 || isnan(v) || v < r ? v : r; break;
    }
  }
  return op == TP_MEAN ? r / (real)n : r;
}

static int64_t reduce_int(int op, const tp_tensor *x, int64_t n) {
  uint64_t r = op == TP_PROD ? 1 : 0;
  for (int64_t i = 0; i < n; i++) {
    int64_t v = ref_get_int(x, i);
    switch (op) {
      case TP_SUM: r += (uint64_t)v; break;
      case TP_PROD: r *= (uint64_t)v; break;
      case TP_REDUCE_MAX: if (i == 0 || v > (int64_t)r) r = (uint64_t)v; break;
      default: if (i == 0 || v < (int64_t)r) r = (uint64_t)v; break;
    }
  }
  return (int64_t)r;
}

static bool reduce_bool(int op, const tp_tensor *x, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    if ((ref_get(x, i) != 0) == (op == TP_ANY)) return op == TP_ANY;
  return op == TP_ALL;
}

void tp_reference_reduce(int op, const tp_tensor *y, const tp_tensor *x) {
  for (int64_t j = 0, n = tp_count(y); j < n; j++) {
    const tp_tensor part = part_of(x, y, j);
    const int64_t m = tp_count(&part);
    if (op == TP_ALL || op == TP_ANY) ref_put_int(y, j, reduce_bool(op, &part, m));
    else if (ref_floating(x)) ref_put(y, j, reduce_real(op, &part, m));
    else ref_put_int(y, j, reduce_int(op, &part, m));
  }
}

void tp_reference_variance(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *x, double correction) {
  for (int64_t j = 0, n = tp_count(y); j < n; j++) {
    const tp_tensor part = part_of(x, y, j);
    const int64_t m = tp_count(&part);
    const real average = reduce_real(TP_MEAN, &part, m), freedom = (real)m - (real)correction;
    real squares = 0;
    for (int64_t i = 0; i < m; i++) {
      real d = ref_get(&part, i) - average;
      squares += d * d;
    }
    ref_put(mean, j, average);
    ref_put(y, j, squares / (freedom > 0 ? freedom : 0));
  }
}

void tp_reference_arg_reduce(int op, const tp_tensor *y, const tp_tensor *x, int axis) {
  for (int64_t line = 0, lines = ref_lines(x, axis); line < lines; line++) {
    int64_t best = 0;
    for (int64_t j = 1; j < ref_length(x, axis); j++) {
      const int64_t here = ref_on_line(x, axis, line, j), there = ref_on_line(x, axis, line, best);
      bool better;
      if (ref_floating(x)) {
        real v = ref_get(x, here), w = ref_get(x, there);
        better = !isnan(w) && (isnan(v) || (op == TP_ARGMAX ? v > w : v < w));
      } else {
        int64_t v = ref_get_int(x, here), w = ref_get_int(x, there);
        better = op == TP_ARGMAX ? v > w : v < w;
      }
      if (better) best = j;
    }
    ref_put_int(y, line, best);   // y has size 1 on the axis, so its elements are the lines in order
  }
}

static real scan_real(int op, real sum, real v) {
  switch (op) {
    case TP_CUMSUM: return sum + v;
    case TP_CUMPROD: return sum * v;
    case TP_CUMMAX: return isnan(sum) || sum > v ? sum : v;
    default: return isnan(sum) || sum < v ? sum : v;
  }
}

static int64_t scan_int(int op, int64_t sum, int64_t v) {
  switch (op) {
    case TP_CUMSUM: return (int64_t)((uint64_t)sum + (uint64_t)v);
    case TP_CUMPROD: return (int64_t)((uint64_t)sum * (uint64_t)v);
    case TP_CUMMAX: return sum > v ? sum : v;
    default: return sum < v ? sum : v;
  }
}

void tp_reference_scan(int op, const tp_tensor *y, const tp_tensor *x, int axis) {
  for (int64_t line = 0, lines = ref_lines(x, axis); line < lines; line++) {
    real sum = 0;
    int64_t whole = 0;
    for (int64_t j = 0; j < ref_length(x, axis); j++) {
      const int64_t at = ref_on_line(x, axis, line, j);
      if (ref_floating(x)) {
        sum = j == 0 ? ref_get(x, at) : scan_real(op, sum, ref_get(x, at));
        ref_put(y, at, sum);
      } else {
        whole = j == 0 ? ref_get_int(x, at) : scan_int(op, whole, ref_get_int(x, at));
        ref_put_int(y, at, whole);
      }
    }
  }
}

// y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ
void tp_reference_recurrence(const tp_tensor *y, const tp_tensor *a, const tp_tensor *b, int axis) {
  for (int64_t line = 0, lines = ref_lines(y, axis); line < lines; line++) {
    real last = 0;
    for (int64_t j = 0; j < ref_length(y, axis); j++) {
      const int64_t at = ref_on_line(y, axis, line, j);
      last = j == 0 ? ref_get(b, at) : ref_get(a, at) * last + ref_get(b, at);
      ref_put(y, at, last);
    }
  }
}

// softmax: exp(x − m)/Σ exp(x − m) with m = max x.  log: x − m − log Σ exp(x − m)
void tp_reference_softmax(bool log, const tp_tensor *y, const tp_tensor *x, int axis) {
  for (int64_t line = 0, lines = ref_lines(x, axis), n = ref_length(x, axis); line < lines; line++) {
    real largest = -(real)INFINITY, sum = 0;
    for (int64_t j = 0; j < n; j++) largest = scan_real(TP_CUMMAX, largest, ref_get(x, ref_on_line(x, axis, line, j)));
    for (int64_t j = 0; j < n; j++) sum += expl(ref_get(x, ref_on_line(x, axis, line, j)) - largest);
    for (int64_t j = 0; j < n; j++) {
      const int64_t at = ref_on_line(x, axis, line, j);
      const real shifted = ref_get(x, at) - largest;
      ref_put(y, at, log ? shifted - logl(sum) : expl(shifted) / sum);
    }
  }
}

// dx = y·(dy − Σ dy·y);  log: dx = dy − exp(y)·Σ dy
void tp_reference_softmax_grad(bool log, const tp_tensor *dx, const tp_tensor *y, const tp_tensor *dy, int axis) {
  for (int64_t line = 0, lines = ref_lines(y, axis), n = ref_length(y, axis); line < lines; line++) {
    real sum = 0;
    for (int64_t j = 0; j < n; j++) {
      const int64_t at = ref_on_line(y, axis, line, j);
      sum += ref_get(dy, at) * (log ? 1 : ref_get(y, at));
    }
    for (int64_t j = 0; j < n; j++) {
      const int64_t at = ref_on_line(y, axis, line, j);
      const real v = ref_get(y, at), g = ref_get(dy, at);
      ref_put(dx, at, log ? g - expl(v) * sum : v * (g - sum));
    }
  }
}

// x̂ = (x − mean)·rstd with rstd = 1/√(variance + eps), the variance divided by c;  y = γ·x̂ + β. Where no mean is
// asked for it counts as 0.
void tp_reference_layer_norm(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *x,
    const tp_tensor *gamma, const tp_tensor *beta, double eps) {
  const int64_t c = x->size[x->rank - 1], rows = ref_lines(x, x->rank - 1);
  for (int64_t r = 0; r < rows; r++) {
    real sum = 0, squares = 0;
    for (int64_t j = 0; j < c; j++) sum += ref_get(x, r * c + j);
    const real average = mean ? sum / (real)c : 0;
    for (int64_t j = 0; j < c; j++) {
      real d = ref_get(x, r * c + j) - average;
      squares += d * d;
    }
    const real scale = 1 / sqrtl(squares / (real)c + (real)eps);
    for (int64_t j = 0; j < c; j++) {
      real normal = (ref_get(x, r * c + j) - average) * scale;
      ref_put(y, r * c + j, (gamma ? ref_get(gamma, j) : 1) * normal + (beta ? ref_get(beta, j) : 0));
    }
    if (mean) ref_put(mean, r, average);
    ref_put(rstd, r, scale);
  }
}

// dx = (q − mean q − x̂·mean(q·x̂))·rstd with q = γ·dy;  dγ = Σ dy·x̂ and dβ = Σ dy over the rows
void tp_reference_layer_norm_grad(const tp_tensor *dx, const tp_tensor *dgamma, const tp_tensor *dbeta,
    const tp_tensor *dy, const tp_tensor *x, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *gamma) {
  const int64_t c = x->size[x->rank - 1], rows = ref_lines(x, x->rank - 1);
#define NORMAL(r, j) ((ref_get(x, (r) * c + (j)) - (mean ? ref_get(mean, r) : 0)) * ref_get(rstd, r))
#define Q(r, j) ((gamma ? ref_get(gamma, j) : 1) * ref_get(dy, (r) * c + (j)))
  for (int64_t r = 0; dx && r < rows; r++) {
    real sum = 0, product = 0;
    for (int64_t j = 0; j < c; j++) {
      sum += Q(r, j);
      product += Q(r, j) * NORMAL(r, j);
    }
    for (int64_t j = 0; j < c; j++)
      ref_put(
          dx, r * c + j, (Q(r, j) - (mean ? sum / (real)c : 0) - NORMAL(r, j) * product / (real)c) * ref_get(rstd, r));
  }
  for (int64_t j = 0; j < c; j++) {
    real scale = 0, shift = 0;
    for (int64_t r = 0; r < rows; r++) {
      scale += ref_get(dy, r * c + j) * NORMAL(r, j);
      shift += ref_get(dy, r * c + j);
    }
    if (dgamma) ref_put(dgamma, j, scale);
    if (dbeta) ref_put(dbeta, j, shift);
  }
#undef NORMAL
#undef Q
}

void tp_reference_max_pool2d(const tp_tensor *y, const tp_tensor *index, const tp_tensor *x, const int64_t *window) {
  const int a = x->rank - 2, b = a + 1;
  for (int64_t i = 0, n = tp_count(y); i < n; i++) {
    const int64_t column = i % y->size[b], row = i / y->size[b] % y->size[a], plane = i / y->size[b] / y->size[a];
    real best = 0;
    int64_t found = -1;
    for (int64_t k = 0; k < window[0] * window[1]; k++) {
      const int64_t r = row * window[2] - window[4] + k / window[1] * window[6],
                    c = column * window[3] - window[5] + k % window[1] * window[7];
      if (r < 0 || r >= x->size[a] || c < 0 || c >= x->size[b]) continue;
      const real v = ref_get(x, (plane * x->size[a] + r) * x->size[b] + c);
      if (found >= 0 && !(v > best) && !isnan(v)) continue;
      best = v;
      found = r * x->size[b] + c;
    }
    ref_put(y, i, best);
    ref_put_int(index, i, found);
  }
}
