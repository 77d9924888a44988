// One call for a whole pointwise operation: the shape rule, the allocation and the kernel. Small tensors spend their
// time here.
#ifndef TAPESTRY_ENTRY_H
#define TAPESTRY_ENTRY_H
#include "tapestry_backend.h"

enum {
  TP_BAD_SHAPES = -1,
  TP_BAD_DTYPES = -2,
  TP_BAD_DTYPE = -3,
  TP_TOO_LARGE = -4,
  TP_NEEDS_WHOLE = -5,
  TP_OTHER_DEVICE = -6
};

// Computes with `kernels`, those of the inputs' device, into a new, dense y, which keeps the dense layout of its
// full-sized input. Returns the bytes of y's new block, or why the arguments do not fit, and then nothing was
// allocated.
int64_t tp_new_unary(const tp_backend *kernels, int op, const tp_tensor *x, tp_tensor *y, tp_number p, tp_number q);
int64_t tp_new_binary(const tp_backend *kernels, int op, const tp_tensor *a, const tp_tensor *b, tp_tensor *y);

// True when the elements fill their block without gaps or overlaps, in any order of axes, with positive strides.
bool tp_dense(const tp_tensor *t);

// True when a = a op b may be computed in a's own memory: one dtype, a dense, and b broadcasts to a.
bool tp_fits_in_place(const tp_tensor *a, const tp_tensor *b);
#endif
