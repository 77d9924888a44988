#include "include/tapestry_entry.h"
#include "include/tapestry_memory.h"

bool tp_dense(const tp_tensor *t) {
  if (tp_contiguous(t)) return true;
  // Take the axes by growing stride; each must start where the ones before it end.
  int64_t expected = 1;
  bool used[TP_MAX_RANK] = {false};
  for (int taken = 0; taken < t->rank; taken++) {
    int next = -1;
    for (int i = 0; i < t->rank; i++) {
      if (used[i]) continue;
      if (t->size[i] == 1) { next = i; break; }
      if (t->stride[i] == expected) next = i;
    }
    if (next < 0) return false;
    used[next] = true;
    expected *= t->size[next];
  }
  return true;
}

// Whether the elements of y can be counted and their bytes too. A size 0 excuses no other: strides are products too.
static bool addressable(const tp_tensor *y) {
  int64_t bytes = tp_itemsize(y->dtype);
  for (int i = 0; i < y->rank; i++)
    if (y->size[i] > 0 && __builtin_mul_overflow(bytes, y->size[i], &bytes)) return false;
  return true;
}

// Gives y (whose sizes are set) the layout of `like` when that is dense and of the same shape, and a block.
static int64_t allocate_like(const tp_backend *kernels, tp_tensor *y, const tp_tensor *like, int32_t dtype) {
  y->dtype = dtype;
  y->device = like->device;
  if (!addressable(y)) return TP_TOO_LARGE;
  if (!tp_contiguous(like) && tp_same_shape(y, like) && tp_dense(like))
    for (int i = 0; i < y->rank; i++) y->stride[i] = like->stride[i];
  int64_t bytes = tp_count(y) * tp_itemsize(dtype);
  y->data = kernels->allocate(bytes);
  return bytes;
}

int64_t tp_new_unary(const tp_backend *kernels, int op, const tp_tensor *x, tp_tensor *y, tp_number p, tp_number q) {
  const tp_pointwise *row = &tp_unary_ops[op];
  if (!tp_defined_on(row, x->dtype)) return TP_BAD_DTYPE;
  y->rank = x->rank;
  for (int i = 0; i < x->rank; i++) y->size[i] = x->size[i];
  tp_set_contiguous(y);
  int64_t bytes = allocate_like(kernels, y, x, row->test ? TP_BOOL : x->dtype);
  if (bytes > 0) kernels->unary(op, y, x, p, q);
  return bytes;
}

int64_t tp_new_binary(const tp_backend *kernels, int op, const tp_tensor *a, const tp_tensor *b, tp_tensor *y) {
  if (a->dtype != b->dtype) return TP_BAD_DTYPES;
  if (a->device != b->device) return TP_OTHER_DEVICE;
  const tp_pointwise *row = &tp_binary_ops[op];
  if (!tp_defined_on(row, a->dtype)) return tp_is_float(a->dtype) ? TP_NEEDS_WHOLE : TP_BAD_DTYPE;
  if (!tp_broadcast(a, b, y)) return TP_BAD_SHAPES;
  const tp_tensor *like = tp_same_shape(y, a) ? a : b;
  int64_t bytes = allocate_like(kernels, y, like, row->test ? TP_BOOL : a->dtype);
  if (bytes > 0) kernels->binary(op, y, a, b);
  return bytes;
}

bool tp_fits_in_place(const tp_tensor *a, const tp_tensor *b) {
  if (a->dtype != b->dtype || a->device != b->device || a->rank < b->rank || !tp_dense(a)) return false;
  for (int i = 1; i <= b->rank; i++)
    if (b->size[b->rank - i] != 1 && b->size[b->rank - i] != a->size[a->rank - i]) return false;
  return true;
}
