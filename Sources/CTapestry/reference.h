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

#define KERNEL(name, arguments, dry) void tp_reference_##name arguments;
#include "kernels/kernels.def"
#endif
