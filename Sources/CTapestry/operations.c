// What is known of each pointwise operation, out of the list.
#include "internal.h"

enum {
  GRAIN_cheap = TP_LIMIT_grain_cheap,
  GRAIN_vector = TP_LIMIT_grain_vector,
  GRAIN_slow = TP_LIMIT_grain_slow,
  GRAIN_none = -1
};
#define GRAIN_ROW(NAME, name, stored, in, kind, cost, text, f32, f64, whole)                                           \
  [TP_##NAME] = GRAIN_ON_##cost(f32, f64, whole),
#define GRAIN_ON_f32(f32, f64, whole) GRAIN_##f32
#define GRAIN_ON_f64(f32, f64, whole) GRAIN_##f64
#define GRAIN_ON_whole(f32, f64, whole) GRAIN_##whole
#define GRAIN_ON_none(f32, f64, whole) GRAIN_none
#define IS_value false
#define IS_test true

const tp_pointwise tp_unary_ops[TP_UNARY_OPS] = {
#define UNARY(name, kind, f32, f64, whole, number, from, to, ...)                                                      \
  [TP_##name] = {#name, IS_##kind, GRAIN_##f32 >= 0, GRAIN_##whole >= 0, number,                                       \
      {TP_EACH_DTYPE(GRAIN_ROW, f32, f64, whole)}, {from}, {to}},
#define BINARY(name, ...)
#include "kernels/pointwise.def"
};

const tp_pointwise tp_binary_ops[TP_BINARY_OPS] = {
#define UNARY(name, ...)
#define BINARY(name, kind, f32, f64, whole, checks, a_from, a_to, b_from, b_to, ...)                                   \
  [TP_##name] = {#name, IS_##kind, GRAIN_##f32 >= 0, GRAIN_##whole >= 0, checks,                                       \
      {TP_EACH_DTYPE(GRAIN_ROW, f32, f64, whole)}, {a_from, b_from}, {a_to, b_to}},
#include "kernels/pointwise.def"
};
