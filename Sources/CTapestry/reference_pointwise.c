// The reference backend's unary and binary operations: the formulas of pointwise.def, in long double or in wrapping
// integers.
#include "reference.h"
#include "long_math.h"
#include "reference_formulas.inc"

// ---- integers: 64 bits that wrap (as uint64_t, where C lets them); storing cuts them to the dtype

static int64_t add(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
static int64_t negated(int64_t a) { return (int64_t)(0 - (uint64_t)a); }
static int64_t times(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
// truncates; 0 for a zero divisor
static int64_t quotient(int64_t a, int64_t b) { return b == 0 ? 0 : b == -1 ? negated(a) : a / b; }
static int64_t remainder_of(int64_t a, int64_t b) { return add(a, negated(times(quotient(a, b), b))); }

static int64_t modulo(int64_t a, int64_t b) {   // the divisor's sign
  int64_t r = b == 0 ? 0 : remainder_of(a, b);
  return r != 0 && (r < 0) != (b < 0) ? add(r, b) : r;
}

static int64_t floor_quotient(int64_t a, int64_t b) {
  int64_t r = b == 0 ? 0 : remainder_of(a, b);
  return quotient(a, b) - (r != 0 && (r < 0) != (b < 0));
}

static int64_t power(int64_t base, int64_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;   // 1/baseⁿ, truncated
  int64_t result = 1;
  for (; exponent > 0; exponent /= 2, base = times(base, base))
    if (exponent % 2) result = times(result, base);
  return result;
}

// ---- one function a row and class

#define UNUSED_PQ (void)x; (void)p; (void)q
#define UNARY(name, kind, f32, f64, whole, number, from, to, in_real, in_whole) \
  WHEN_##f32(static real unary_real_##name(real x, real p, real q) { UNUSED_PQ; return in_real; }) \
  WHEN_##whole(static int64_t unary_whole_##name(int64_t x, int64_t p, int64_t q) { UNUSED_PQ; return in_whole; })
#define BINARY(name, kind, f32, f64, whole, checks, a_from, a_to, b_from, b_to, in_real, in_whole) \
  WHEN_##f32(static real binary_real_##name(real a, real b) { return in_real; }) \
  WHEN_##whole(static int64_t binary_whole_##name(int64_t a, int64_t b) { return in_whole; })
#include "kernels/pointwise.def"

typedef real (*unary_real)(real x, real p, real q);
typedef int64_t (*unary_whole)(int64_t x, int64_t p, int64_t q);
typedef real (*binary_real)(real a, real b);
typedef int64_t (*binary_whole)(int64_t a, int64_t b);

static const unary_real unary_reals[TP_UNARY_OPS] = {
#define UNARY(name, kind, f32, ...) WHEN_##f32([TP_##name] = unary_real_##name,)
#define BINARY(...)
#include "kernels/pointwise.def"
};
static const unary_whole unary_wholes[TP_UNARY_OPS] = {
#define UNARY(name, kind, f32, f64, whole, ...) WHEN_##whole([TP_##name] = unary_whole_##name,)
#define BINARY(...)
#include "kernels/pointwise.def"
};
static const binary_real binary_reals[TP_BINARY_OPS] = {
#define UNARY(...)
#define BINARY(name, kind, f32, ...) WHEN_##f32([TP_##name] = binary_real_##name,)
#include "kernels/pointwise.def"
};
static const binary_whole binary_wholes[TP_BINARY_OPS] = {
#define UNARY(...)
#define BINARY(name, kind, f32, f64, whole, ...) WHEN_##whole([TP_##name] = binary_whole_##name,)
#include "kernels/pointwise.def"
};

// Arithmetic on bool is uint8's, made 0 or 1 again.
static void put_whole(const tp_tensor *y, int64_t i, int64_t v) {
  ref_put_int(y, i, y->dtype == TP_BOOL ? (uint8_t)v : v);
}

void tp_reference_unary(int op, const tp_tensor *y, const tp_tensor *x, tp_number p, tp_number q) {
  const tp_tensor from = tp_expanded(x, y);
  const bool single = x->dtype == TP_F32 && tp_unary_ops[op].flags & TP_FITTED, test = tp_unary_ops[op].test;
  // a float32 is compared with, and added to, a float32
  const real rp = single ? (float)p.real : p.real, rq = single ? (float)q.real : q.real;
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    if (ref_floating(x)) {
      const real v = unary_reals[op](ref_get(&from, i), rp, rq);
      if (test) ref_put_int(y, i, v != 0);
      else ref_put(y, i, v);
    } else {
      put_whole(y, i, unary_wholes[op](ref_get_int(&from, i), p.whole, q.whole));
    }
}

void tp_reference_binary(int op, const tp_tensor *y, const tp_tensor *a, const tp_tensor *b) {
  const tp_tensor va = tp_expanded(a, y), vb = tp_expanded(b, y);
  const bool test = tp_binary_ops[op].test;
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    if (ref_floating(a)) {
      const real v = binary_reals[op](ref_get(&va, i), ref_get(&vb, i));
      if (test) ref_put_int(y, i, v != 0);
      else ref_put(y, i, v);
    } else {
      put_whole(y, i, binary_wholes[op](ref_get_int(&va, i), ref_get_int(&vb, i)));
    }
}

void tp_reference_find(int test, const tp_tensor *x, tp_number p, int64_t *position) {
  *position = -1;
  for (int64_t i = tp_count(x) - 1; i >= 0; i--) {
    const bool found = ref_floating(x) ? unary_reals[test](ref_get(x, i),
                                             x->dtype == TP_F32 ? (real)(float)p.real : (real)p.real, 0) != 0
                                       : unary_wholes[test](ref_get_int(x, i), p.whole, 0) != 0;
    if (found) *position = i;
  }
}
