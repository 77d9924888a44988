// The reference backend's unary and binary operations: the formula of each, in long double or in wrapping integers.
#include "reference.h"

static const real pi = 3.14159265358979323846264338327950288L, half_root = 0.707106781186547524400844362104849039L;   // √½

// ψ by ψ(x) = ψ(x + 1) − 1/x up to x ≥ 30, then log x − 1/2x − Σ B₂ₖ/(2k·x²ᵏ); ψ(x) = ψ(1 − x) − π/tan πx below 0.
static real digamma(real x) {
  if (x == 0) return copysignl(INFINITY, -x);
  if (isnan(x) || x == (real)INFINITY) return x;
  if (x < 0) {
    real part = x - rintl(x);
    return part == 0 || isinf(x) ? NAN : digamma(1 - x) - pi / tanl(pi * part);
  }
  real shift = 0;
  for (; x < 30; x++) shift += 1 / x;
  real z = 1 / (x * x);
  real series = z * (1 / 12.0L - z * (1 / 120.0L - z * (1 / 252.0L - z * (1 / 240.0L - z * (1 / 132.0L - z * (691 / 32760.0L - z / 12))))));
  return logl(x) - 1 / (2 * x) - series - shift;
}

// y with erf y = |x|: bisection closes in, Newton's steps polish. erfc serves near 1, where erf is flat.
static real erfinv(real x) {
  const real a = fabsl(x);
  if (!(a < 1)) return a == 1 ? x * (real)INFINITY : NAN;
  real low = 0, high = 12;
  for (int i = 0; i < 40; i++) {
    real y = (low + high) / 2;
    if (a > 0.5L ? erfcl(y) > 1 - a : erfl(y) < a) low = y;
    else high = y;
  }
  real y = (low + high) / 2;
  for (int i = 0; i < 4; i++) y -= (a > 0.5L ? (1 - a) - erfcl(y) : erfl(y) - a) * expl(y * y) * sqrtl(pi) / 2;
  return copysignl(y, x);
}

static real lgamma_quiet(real x) {   // lgammal writes a global variable, this does not
#if defined(__linux__)
  int sign;
  return lgammal_r(x, &sign);
#else
  return lgammal(x);
#endif
}

static real sigmoid(real x) { return 1 / (1 + expl(-x)); }
static real hard_sigmoid(real x) { return x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6; }

static real unary_real(int op, real x, real p, real q) {
  switch (op) {
    case TP_NEG: return -x;
    case TP_ABS: return fabsl(x);
    case TP_SIGN: return x > 0 ? 1 : x < 0 ? -1 : x + 0;
    case TP_SQUARE: return x * x;
    case TP_RELU: return x <= 0 ? 0 : x;
    case TP_ADD_SCALAR: return x + p;
    case TP_MUL_SCALAR: return x * p;
    case TP_RSUB_SCALAR: return p - x;
    case TP_DIV_SCALAR: return x / p;
    case TP_RDIV_SCALAR: return p / x;
    case TP_POW_SCALAR: return powl(x, p);
    case TP_RPOW_SCALAR: return powl(p, x);
    case TP_MAX_SCALAR: return isnan(x) || x > p ? x : p;
    case TP_MIN_SCALAR: return isnan(x) || x < p ? x : p;
    case TP_CLAMP: {
      real low = isnan(x) || x > p ? x : p;
      return isnan(low) || low < q ? low : q;
    }
    case TP_FLOOR: return floorl(x);
    case TP_CEIL: return ceill(x);
    case TP_ROUND: return rintl(x);
    case TP_TRUNC: return truncl(x);
    case TP_FRAC: return x - truncl(x);
    case TP_SQRT: return sqrtl(x);
    case TP_RSQRT: return 1 / sqrtl(x);
    case TP_RECIPROCAL: return 1 / x;
    case TP_EXP: return expl(x);
    case TP_EXP2: return exp2l(x);
    case TP_EXPM1: return expm1l(x);
    case TP_LOG: return logl(x);
    case TP_LOG1P: return log1pl(x);
    case TP_LOG2: return log2l(x);
    case TP_LOG10: return log10l(x);
    case TP_SIN: return sinl(x);
    case TP_COS: return cosl(x);
    case TP_TAN: return tanl(x);
    case TP_ASIN: return asinl(x);
    case TP_ACOS: return acosl(x);
    case TP_ATAN: return atanl(x);
    case TP_SINH: return sinhl(x);
    case TP_COSH: return coshl(x);
    case TP_TANH: return tanhl(x);
    case TP_ASINH: return asinhl(x);
    case TP_ACOSH: return acoshl(x);
    case TP_ATANH: return atanhl(x);
    case TP_ERF: return erfl(x);
    case TP_ERFC: return erfcl(x);
    case TP_ERFINV: return erfinv(x);
    case TP_LGAMMA: return lgamma_quiet(x);
    case TP_DIGAMMA: return digamma(x);
    case TP_SIGMOID: return sigmoid(x);
    case TP_LOG_SIGMOID: return (x < 0 ? x : 0) - log1pl(expl(-fabsl(x)));
    case TP_SILU: return x * sigmoid(x);
    case TP_GELU: return x * 0.5L * erfcl(-x * half_root);
    case TP_GELU_TANH: return x * sigmoid(2 * sqrtl(2 / pi) * (x + 0.044715L * x * x * x));   // ½(1 + tanh z) = σ(2z)
    case TP_SOFTPLUS: return p * x > q ? x : log1pl(expl(p * x)) / p;
    case TP_ELU: return x > 0 ? x : p * expm1l(x);
    case TP_SELU: return p * (x > 0 ? x : q * expm1l(x));
    case TP_CELU: return x > 0 ? x : p * expm1l(x / p);
    case TP_MISH: return x * tanhl(log1pl(expl(x)));
    case TP_TANHSHRINK: return x - tanhl(x);
    case TP_LEAKY_RELU: return x > 0 ? x : p * x;
    case TP_SOFTSIGN: return x / (1 + fabsl(x));
    case TP_THRESHOLD: return x <= p ? q : x;
    case TP_HARD_SIGMOID: return hard_sigmoid(x);
    case TP_HARD_SWISH: return x * hard_sigmoid(x);
    case TP_SOFT_SHRINK: return x > p ? x - p : x < -p ? x + p : x * 0;
    default: return fabsl(x) <= p ? 0 : x;   // TP_HARD_SHRINK
  }
}

static bool test_real(int op, real x, real p) {
  switch (op) {
    case TP_IS_NAN: return isnan(x);
    case TP_IS_INF: return isinf(x);
    case TP_IS_FINITE: return isfinite(x);
    case TP_NOT: return x == 0;
    case TP_EQ_SCALAR: return x == p;
    case TP_NE_SCALAR: return x != p;
    case TP_LT_SCALAR: return x < p;
    case TP_LE_SCALAR: return x <= p;
    case TP_GT_SCALAR: return x > p;
    default: return x >= p;
  }
}

// ---- integers: 64 bits that wrap (as uint64_t, where C lets them); storing cuts them to the dtype

static int64_t add(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
static int64_t negated(int64_t a) { return (int64_t)(0 - (uint64_t)a); }
static int64_t times(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
static int64_t quotient(int64_t a, int64_t b) { return b == 0 ? 0 : b == -1 ? negated(a) : a / b; }   // truncates; 0 for a zero divisor
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

static int64_t unary_int(int op, int64_t x, int64_t p, int64_t q) {
  switch (op) {
    case TP_NEG: return negated(x);
    case TP_ABS: return x < 0 ? negated(x) : x;
    case TP_SIGN: return (x > 0) - (x < 0);
    case TP_SQUARE: return times(x, x);
    case TP_RELU: return x < 0 ? 0 : x;
    case TP_ADD_SCALAR: return add(x, p);
    case TP_MUL_SCALAR: return times(x, p);
    case TP_RSUB_SCALAR: return add(p, negated(x));
    case TP_DIV_SCALAR: return quotient(x, p);
    case TP_RDIV_SCALAR: return quotient(p, x);
    case TP_POW_SCALAR: return power(x, p);
    case TP_RPOW_SCALAR: return power(p, x);
    case TP_MAX_SCALAR: return x > p ? x : p;
    case TP_MIN_SCALAR: return x < p ? x : p;
    case TP_CLAMP: x = x > p ? x : p; return x < q ? x : q;
    case TP_FRAC: return 0;
    default: return x;   // rounding an integer; the rest of the operations is for floating dtypes
  }
}

static bool test_int(int op, int64_t x, int64_t p) {
  switch (op) {
    case TP_IS_NAN: case TP_IS_INF: return false;
    case TP_IS_FINITE: return true;
    case TP_NOT: return x == 0;
    case TP_EQ_SCALAR: return x == p;
    case TP_NE_SCALAR: return x != p;
    case TP_LT_SCALAR: return x < p;
    case TP_LE_SCALAR: return x <= p;
    case TP_GT_SCALAR: return x > p;
    default: return x >= p;
  }
}

// Arithmetic on bool is uint8's, made 0 or 1 again.
static void put_int(const tp_tensor *y, int64_t i, int64_t v) { ref_put_int(y, i, y->dtype == TP_BOOL ? (uint8_t)v : v); }

void tp_reference_unary(int op, const tp_tensor *y, const tp_tensor *x, tp_number p, tp_number q) {
  const tp_tensor from = tp_expanded(x, y);
  const bool single = x->dtype == TP_F32 && (op <= TP_CLAMP || op >= TP_LEAKY_RELU) && op != TP_RPOW_SCALAR;
  const real rp = single ? (float)p.real : p.real, rq = single ? (float)q.real : q.real;   // a float32 is compared with, and added to, a float32
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    if (op >= TP_IS_NAN) ref_put_int(y, i, ref_floating(x) ? test_real(op, ref_get(&from, i), rp) : test_int(op, ref_get_int(&from, i), p.whole));
    else if (ref_floating(x)) ref_put(y, i, unary_real(op, ref_get(&from, i), rp, rq));
    else put_int(y, i, unary_int(op, ref_get_int(&from, i), p.whole, q.whole));
}

// ---- two inputs

static real mod_real(real a, real b) {   // the divisor's sign
  real r = fmodl(a, b);
  if (r == 0) return copysignl(0, b);
  return (r < 0) != (b < 0) ? r + b : r;
}

static real floor_quotient_real(real a, real b) {
  if (b == 0) return a / b;
  real r = fmodl(a, b), q = roundl((a - r) / b);   // r from fmod is exact, so this is a whole number but for rounding
  if (r != 0 && (r < 0) != (b < 0)) q -= 1;
  return q == 0 ? copysignl(0, a / b) : q;
}

static real binary_real(int op, real a, real b) {
  switch (op) {
    case TP_ADD: return a + b;
    case TP_SUB: return a - b;
    case TP_MUL: return a * b;
    case TP_DIV: return a / b;
    case TP_MAX: return isnan(a) || a > b ? a : b;
    case TP_MIN: return isnan(a) || a < b ? a : b;
    case TP_MOD: return mod_real(a, b);
    case TP_FMOD: return fmodl(a, b);
    case TP_FLOOR_DIV: return floor_quotient_real(a, b);
    case TP_POW: return powl(a, b);
    case TP_ATAN2: return atan2l(a, b);
    case TP_HYPOT: return hypotl(a, b);
    case TP_COPYSIGN: return copysignl(a, b);
    case TP_LOGADDEXP: return a == b && isinf(a) ? a : (a > b || isnan(a) ? a : b) + log1pl(expl(-fabsl(a - b)));
    case TP_XLOGY: return a == 0 && !isnan(b) ? 0 : a * logl(b);
    case TP_PRELU: return a > 0 ? a : a * b;
    case TP_RELU_GRAD: return b > 0 ? a : 0;
    case TP_TANH_GRAD: return a * (1 - b * b);
    case TP_SIGMOID_GRAD: return a * b * (1 - b);
    case TP_GELU_GRAD: return a * (erfcl(-b * half_root) / 2 + b * expl(-b * b / 2) / sqrtl(2 * pi));
    default: {   // TP_SILU_GRAD
      real s = sigmoid(b);
      return a * (s + b * s * (1 - s));
    }
  }
}

static int64_t binary_int(int op, int64_t a, int64_t b) {
  switch (op) {
    case TP_ADD: return add(a, b);
    case TP_SUB: return add(a, negated(b));
    case TP_MUL: return times(a, b);
    case TP_DIV: return quotient(a, b);
    case TP_MAX: return a > b ? a : b;
    case TP_MIN: return a < b ? a : b;
    case TP_MOD: return modulo(a, b);
    case TP_FMOD: return b == 0 ? 0 : remainder_of(a, b);
    case TP_FLOOR_DIV: return floor_quotient(a, b);
    case TP_POW: return power(a, b);
    case TP_AND: return a & b;
    case TP_OR: return a | b;
    case TP_XOR: return a ^ b;
    default: return b > 0 ? a : 0;   // TP_RELU_GRAD
  }
}

#define COMPARE(op, a, b)                                                                                         \
  ((op) == TP_EQ ? (a) == (b) : (op) == TP_NE ? (a) != (b) : (op) == TP_LT ? (a) < (b) : (op) == TP_LE ? (a) <= (b) \
   : (op) == TP_GT ? (a) > (b) : (a) >= (b))

void tp_reference_binary(int op, const tp_tensor *y, const tp_tensor *a, const tp_tensor *b) {
  const tp_tensor va = tp_expanded(a, y), vb = tp_expanded(b, y);
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    if (ref_floating(a)) {
      real u = ref_get(&va, i), v = ref_get(&vb, i);
      if (op >= TP_EQ) ref_put_int(y, i, COMPARE(op, u, v));
      else ref_put(y, i, binary_real(op, u, v));
    } else {
      int64_t u = ref_get_int(&va, i), v = ref_get_int(&vb, i);
      if (op >= TP_EQ) ref_put_int(y, i, COMPARE(op, u, v));
      else put_int(y, i, binary_int(op, u, v));
    }
}
