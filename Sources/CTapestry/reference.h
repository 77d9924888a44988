// The reference backend: every operation the obvious way, one element after the other, addressed by its row-major
// number. Floating values are computed in long double and rounded once at the end; integers in wrapping 64-bit
// arithmetic.
#ifndef TAPESTRY_REFERENCE_H
#define TAPESTRY_REFERENCE_H
#include "reference_elements.h"

static inline bool ref_floating(const tp_tensor *t) { return tp_is_float(t->dtype); }

// Where element i (in row-major order) lies.
static inline void *ref_at(const tp_tensor *t, int64_t i) {
  int64_t position = 0;
  for (int a = t->rank - 1; a >= 0; a--) {
    position += i % t->size[a] * t->stride[a];
    i /= t->size[a];
  }
  return (char *)t->data + position * tp_itemsize(t->dtype);
}

static inline real ref_get(const tp_tensor *t, int64_t i) { return ref_load(t->dtype, ref_at(t, i)); }
// integer dtypes only
static inline int64_t ref_get_int(const tp_tensor *t, int64_t i) { return ref_load_int(t->dtype, ref_at(t, i)); }
// floating dtypes only
static inline void ref_put(const tp_tensor *t, int64_t i, real v) { ref_store(t->dtype, ref_at(t, i), v); }
// integer dtypes only; wraps
static inline void ref_put_int(const tp_tensor *t, int64_t i, int64_t v) { ref_store_int(t->dtype, ref_at(t, i), v); }

static inline void ref_put_any(const tp_tensor *t, int64_t i, int64_t v) {
  if (ref_floating(t)) ref_put(t, i, (real)v);
  else ref_put_int(t, i, v);
}

// Lines along one axis (a number is one line of one element): how many, how long, and the row-major number of element j
// of a line.
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
