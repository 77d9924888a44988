// The pointwise operations: their numbers, and what is known of each. The list is kernels/pointwise.def.
#ifndef TAPESTRY_POINTWISE_H
#define TAPESTRY_POINTWISE_H
#include "tapestry_tensor.h"

enum {
#define UNARY(name, ...) TP_##name,
#define BINARY(name, ...)
#include "../kernels/pointwise.def"
  TP_UNARY_OPS
};
enum {
#define UNARY(name, ...)
#define BINARY(name, ...) TP_##name,
#include "../kernels/pointwise.def"
  TP_BINARY_OPS
};

// pointwise.def says what they mean
enum { TP_FITTED = 1, TP_FINITE = 2, TP_NOT_BOOL = 4, TP_DIVIDES = 8 | TP_NOT_BOOL, TP_POWERS = 16 | TP_NOT_BOOL };

// A row: `test`, the result is bool; `floating`, `whole`, the classes of dtypes that it is defined on; `grain`, the
// limit of elements for a task of each dtype, negative where it is not defined; `from` … `to`, what tests draw x, or a
// and b, from.
typedef struct tp_pointwise {
  const char *name;
  bool test, floating, whole;
  uint8_t flags;
  int8_t grain[TP_DTYPES];
  double from[2], to[2];
} tp_pointwise;

extern const tp_pointwise tp_unary_ops[TP_UNARY_OPS], tp_binary_ops[TP_BINARY_OPS];

static inline bool tp_defined_on(const tp_pointwise *op, int32_t dtype) { return op->grain[dtype] >= 0; }

// For callers that cannot address a C array.
static inline const tp_pointwise *tp_unary_op(int op) { return &tp_unary_ops[op]; }
static inline const tp_pointwise *tp_binary_op(int op) { return &tp_binary_ops[op]; }
#endif
