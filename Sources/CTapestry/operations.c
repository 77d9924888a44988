// What is known of each pointwise operation, out of the list.
#include "internal.h"

enum { GRAIN_cheap = TP_LIMIT_grain_cheap, GRAIN_vector = TP_LIMIT_grain_vector, GRAIN_slow = TP_LIMIT_grain_slow, GRAIN_none = -1 };
#define IS_value false
#define IS_test true

const tp_pointwise tp_unary_ops[TP_UNARY_OPS] = {
#define UNARY(name, kind, f32, f64, whole, number, from, to, ...) \
  [TP_##name] = {#name, IS_##kind, GRAIN_##f32 >= 0, GRAIN_##whole >= 0, number, {GRAIN_##f32, GRAIN_##f64, GRAIN_##whole}, {from}, {to}},
#define BINARY(name, ...)
#include "kernels/pointwise.def"
};

const tp_pointwise tp_binary_ops[TP_BINARY_OPS] = {
#define UNARY(name, ...)
#define BINARY(name, kind, f32, f64, whole, checks, a_from, a_to, b_from, b_to, ...) \
  [TP_##name] = {#name, IS_##kind, GRAIN_##f32 >= 0, GRAIN_##whole >= 0, checks, {GRAIN_##f32, GRAIN_##f64, GRAIN_##whole}, {a_from, b_from}, {a_to, b_to}},
#include "kernels/pointwise.def"
};
