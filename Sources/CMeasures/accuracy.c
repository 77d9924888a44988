// tp_check_accuracy: walks float32 bit patterns in blocks, in parallel, and keeps the worst result.
#include "include/CMeasures.h"
#include "internal.h"
#pragma clang diagnostic ignored "-Wunused-function"   // helpers of binary operations

enum { BLOCK = 4096, BLOCKS_A_TASK = 64 };
static const double one_p = 1.5, one_q = 20;

typedef double real;
#include "reference_formulas.inc"

#define UNARY(name, kind, f32, f64, whole, number, from, to, in_real, in_whole) \
  WHEN_##f32(static real oracle_##name(real x, real p, real q) { (void)x; (void)p; (void)q; return in_real; })
#define BINARY(...)
#include "kernels/pointwise.def"

typedef real (*oracle)(real x, real p, real q);
static const oracle oracles[TP_UNARY_OPS] = {
#define UNARY(name, kind, f32, ...) WHEN_##f32([TP_##name] = oracle_##name,)
#define BINARY(...)
#include "kernels/pointwise.def"
};

// |got − expected| in units of the last place of a float32 of expected's size. Beyond the largest float the next one
// would be 2¹²⁸, which is what ∞ stands for in rounding: a result of ∞ is compared as 2¹²⁸, and so is any expectation
// above.
static double error_in_ulp(float got, double expected) {
  if (expected != expected || got != got) return expected != expected && got != got ? 0 : (double)INFINITY;
  if (isinf(expected)) return (double)got == expected ? 0 : (double)INFINITY;
  if (expected == 0 && got == 0) return signbit(expected) == signbit(got) ? 0 : (double)INFINITY;
  const double limit = 0x1p128, g = isinf(got) ? copysign(limit, (double)got) : (double)got;
  const double e = fabs(expected) > limit ? copysign(limit, expected) : expected;
  int exponent;
  frexp(e, &exponent);   // |e| in 2^(exponent − 1) ..< 2^exponent
  if (exponent > 128) exponent = 128;
  return ldexp(fabs(g - e), (exponent < -125 ? 149 : 24 - exponent));
}

typedef struct check {
  const tp_backend *backend;
  int op;
  uint32_t first, step;
  int64_t count;
  tp_accuracy *worst;
} check;

static void check_block(const check *c, int64_t begin, int64_t n, tp_accuracy *worst) {
  float in[BLOCK], out[BLOCK];
  for (int64_t i = 0; i < n; i++) {
    const uint32_t bits = (uint32_t)(c->first + (uint64_t)(begin + i) * c->step);
    memcpy(in + i, &bits, 4);
  }
  tp_tensor x = {.data = in, .size = {n}, .stride = {1}, .dtype = TP_F32, .rank = 1}, y = x;
  y.data = out;
  c->backend->unary(c->op, &y, &x, tp_number_of(one_p), tp_number_of(one_q));
  for (int64_t i = 0; i < n; i++) {
    const double expected = oracles[c->op]((double)in[i], one_p, one_q), ulp = error_in_ulp(out[i], expected);
    if (ulp > worst->worst_ulp) *worst = (tp_accuracy){ulp, in[i], out[i], expected, worst->checked};
  }
  worst->checked += n;
}

static void check_task(void *context, int64_t index) {
  const check *c = context;
  const int64_t begin = index * BLOCK * BLOCKS_A_TASK, rest = c->count - begin;
  const int64_t end = begin + (rest < BLOCK * BLOCKS_A_TASK ? rest : BLOCK * BLOCKS_A_TASK);
  for (int64_t i = begin; i < end; i += BLOCK) check_block(c, i, end - i < BLOCK ? end - i : BLOCK, &c->worst[index]);
}

tp_accuracy tp_check_accuracy(int unary_op, uint32_t first, uint32_t step) {
  tp_accuracy worst = {0, 0, 0, 0, 0};
  if (tp_unary_ops[unary_op].test || !tp_unary_ops[unary_op].floating || step == 0) return worst;
  const int64_t count = ((int64_t)UINT32_MAX - first) / step + 1,
                tasks = (count + BLOCK * BLOCKS_A_TASK - 1) / (BLOCK * BLOCKS_A_TASK);
  check c = {tp_current(), unary_op, first, step, count, calloc((size_t)tasks, sizeof(tp_accuracy))};
  if (c.worst == NULL) abort();
  tp_parallel(tasks, check_task, &c);
  for (int64_t i = 0; i < tasks; i++) {
    const int64_t checked = worst.checked + c.worst[i].checked;
    if (c.worst[i].worst_ulp > worst.worst_ulp) worst = c.worst[i];
    worst.checked = checked;
  }
  free(c.worst);
  return worst;
}
