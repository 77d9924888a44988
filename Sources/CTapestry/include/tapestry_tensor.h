// The descriptor that every kernel speaks: where the elements are, what they are, and how they are laid out.
#ifndef TAPESTRY_TENSOR_H
#define TAPESTRY_TENSOR_H
#include "tapestry_dtype.h"
#include <stddef.h>

#define TP_MAX_RANK 8

// Sizes and strides count elements, not bytes. A stride may be 0 (broadcast) or negative (reversed view);
// `data` points at element [0, 0, …], in memory of `device` (0: this computer's processors). Entries at and beyond
// `rank` mean nothing.
typedef struct tp_tensor {
  void *data;
  int64_t size[TP_MAX_RANK];
  int64_t stride[TP_MAX_RANK];
  int32_t dtype;
  int32_t rank;
  int32_t device;
} tp_tensor;

// A number beside a tensor. Floating dtypes take `real`; the others take `whole`, exactly, which the caller has fitted
// to their range.
typedef struct tp_number {
  double real;
  int64_t whole;
} tp_number;

static inline tp_number tp_number_of(double x) { return (tp_number){x, x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : 0}; }

static inline int64_t tp_count(const tp_tensor *t) {
  int64_t n = 1;
  for (int i = 0; i < t->rank; i++) n *= t->size[i];
  return n;
}

// True when the elements lie in row-major order without gaps (axes of size 1 may have any stride).
static inline bool tp_contiguous(const tp_tensor *t) {
  int64_t expected = 1;
  for (int i = t->rank - 1; i >= 0; i--) {
    if (t->size[i] == 0) return true;
    if (t->size[i] != 1) {
      if (t->stride[i] != expected) return false;
      expected *= t->size[i];
    }
  }
  return true;
}

static inline void tp_set_contiguous(tp_tensor *t) {
  int64_t step = 1;
  for (int i = t->rank - 1; i >= 0; i--) {
    t->stride[i] = step;
    // too large a tensor is refused before its strides are used
    step = (int64_t)((uint64_t)step * (uint64_t)(t->size[i] > 0 ? t->size[i] : 1));
  }
}

static inline bool tp_same_shape(const tp_tensor *a, const tp_tensor *b) {
  if (a->rank != b->rank) return false;
  for (int i = 0; i < a->rank; i++)
    if (a->size[i] != b->size[i]) return false;
  return true;
}

// NumPy's broadcasting: writes rank, sizes and row-major strides of the result into `out`, touching neither its data
// nor its dtype. False when the shapes do not fit or the rank would exceed 8.
static inline bool tp_broadcast(const tp_tensor *a, const tp_tensor *b, tp_tensor *out) {
  int rank = a->rank > b->rank ? a->rank : b->rank;
  out->rank = rank;
  for (int i = 1; i <= rank; i++) {
    int64_t m = i <= a->rank ? a->size[a->rank - i] : 1, n = i <= b->rank ? b->size[b->rank - i] : 1;
    if (m != n && m != 1 && n != 1) return false;
    out->size[rank - i] = m == 1 ? n : m;
  }
  tp_set_contiguous(out);
  return true;
}

// `t` seen with the sizes of `shape` (which it broadcasts to): missing and size-1 axes get stride 0.
static inline tp_tensor tp_expanded(const tp_tensor *t, const tp_tensor *shape) {
  tp_tensor v = *t;
  v.rank = shape->rank;
  int shift = shape->rank - t->rank;
  for (int i = 0; i < shape->rank; i++) {
    v.size[i] = shape->size[i];
    v.stride[i] = i < shift || t->size[i - shift] == 1 ? 0 : t->stride[i - shift];
  }
  return v;
}
#endif
