// The reference backend: every operation the obvious way, one element after the other, addressed by its row-major number. Floating values
// are computed in long double and rounded once at the end; integers in wrapping 64-bit arithmetic.
#ifndef TAPESTRY_REFERENCE_H
#define TAPESTRY_REFERENCE_H
#include "internal.h"

typedef long double real;

static inline bool ref_floating(const tp_tensor *t) { return t->dtype == TP_F32 || t->dtype == TP_F64; }

// Where element i (in row-major order) lies.
static inline void *ref_at(const tp_tensor *t, int64_t i) {
  int64_t position = 0;
  for (int a = t->rank - 1; a >= 0; a--) {
    position += i % t->size[a] * t->stride[a];
    i /= t->size[a];
  }
  return (char *)t->data + position * tp_itemsize(t->dtype);
}

static inline real ref_get(const tp_tensor *t, int64_t i) {
  const void *p = ref_at(t, i);
  switch (t->dtype) {
    case TP_F32: return *(const float *)p;
    case TP_F64: return *(const double *)p;
    case TP_I32: return *(const int32_t *)p;
    case TP_I64: return *(const int64_t *)p;
    default: return *(const uint8_t *)p;
  }
}

static inline int64_t ref_get_int(const tp_tensor *t, int64_t i) {   // integer dtypes only
  const void *p = ref_at(t, i);
  return t->dtype == TP_I32 ? *(const int32_t *)p : t->dtype == TP_I64 ? *(const int64_t *)p : *(const uint8_t *)p;
}

static inline void ref_put(const tp_tensor *t, int64_t i, real v) {   // floating dtypes only
  void *p = ref_at(t, i);
  if (t->dtype == TP_F32) *(float *)p = (float)v;
  else *(double *)p = (double)v;
}

static inline void ref_put_int(const tp_tensor *t, int64_t i, int64_t v) {   // integer dtypes only; wraps
  void *p = ref_at(t, i);
  switch (t->dtype) {
    case TP_I32: *(int32_t *)p = (int32_t)v; break;
    case TP_I64: *(int64_t *)p = v; break;
    case TP_U8: *(uint8_t *)p = (uint8_t)v; break;
    default: *(uint8_t *)p = v != 0;
  }
}

static inline void ref_put_any(const tp_tensor *t, int64_t i, int64_t v) {
  if (ref_floating(t)) ref_put(t, i, (real)v);
  else ref_put_int(t, i, v);
}

// Lines along one axis (a number is one line of one element): how many, how long, and the row-major number of element j of a line.
static inline int64_t ref_lines(const tp_tensor *t, int axis) {
  int64_t n = 1;
  for (int a = 0; a < t->rank; a++) n *= a == axis ? 1 : t->size[a];
  return n;
}

static inline int64_t ref_inner(const tp_tensor *t, int axis) {
  int64_t n = 1;
  for (int a = axis + 1; a < t->rank; a++) n *= t->size[a];
  return n;
}

static inline int64_t ref_length(const tp_tensor *t, int axis) { return t->rank ? t->size[axis] : 1; }

static inline int64_t ref_on_line(const tp_tensor *t, int axis, int64_t line, int64_t j) {
  if (t->rank == 0) return 0;
  int64_t inner = ref_inner(t, axis);
  return (line / inner * t->size[axis] + j) * inner + line % inner;
}

void tp_reference_unary(int op, const tp_tensor *y, const tp_tensor *x, tp_number p, tp_number q);
void tp_reference_binary(int op, const tp_tensor *y, const tp_tensor *a, const tp_tensor *b);
void tp_reference_reduce(int op, const tp_tensor *y, const tp_tensor *x);
void tp_reference_variance(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *x, double correction);
void tp_reference_arg_reduce(int op, const tp_tensor *y, const tp_tensor *x, int axis);
void tp_reference_scan(int op, const tp_tensor *y, const tp_tensor *x, int axis);
void tp_reference_recurrence(const tp_tensor *y, const tp_tensor *a, const tp_tensor *b, int axis);
void tp_reference_softmax(bool log, const tp_tensor *y, const tp_tensor *x, int axis);
void tp_reference_softmax_grad(bool log, const tp_tensor *dx, const tp_tensor *y, const tp_tensor *dy, int axis);
void tp_reference_layer_norm(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *x, const tp_tensor *gamma, const tp_tensor *beta, double eps);
void tp_reference_layer_norm_grad(const tp_tensor *dx, const tp_tensor *dgamma, const tp_tensor *dbeta, const tp_tensor *dy, const tp_tensor *x, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *gamma);
void tp_reference_random(int kind, const tp_tensor *y, tp_random_state s, tp_number p, tp_number q);
void tp_reference_dropout(const tp_tensor *y, const tp_tensor *x, tp_random_state s, double p);
void tp_reference_adam(const tp_step_item *items, int64_t count, const tp_adam *options);
void tp_reference_sgd(const tp_step_item *items, int64_t count, const tp_sgd *options);
void tp_reference_rmsprop(const tp_step_item *items, int64_t count, const tp_rmsprop *options);
double tp_reference_gradient_sum(const tp_step_item *items, int64_t count, double p);
void tp_reference_gradient_scale(const tp_step_item *items, int64_t count, double factor);
void tp_reference_gradient_clamp(const tp_step_item *items, int64_t count, double low, double high);
#endif
