// The kernel wall: a backend is one table of whole-tensor operations. A kernel gets descriptors of any strides, does its own outer
// loops, broadcasting (inputs broadcast to the output's shape) and threads, and checks nothing: shapes and dtypes were checked before.
// Outputs never overlap inputs, but for pointwise kernels, where an output may be exactly an input (same data, same layout).
#ifndef TAPESTRY_BACKEND_H
#define TAPESTRY_BACKEND_H
#include "tapestry_tensor.h"

// One input. All dtypes where it makes sense: the first group and the scalar group on every numeric dtype (integers wrap, division truncates),
// the rest on float32 and float64. p and q are the operation's parameters.
enum {
  TP_NEG, TP_ABS, TP_SIGN, TP_SQUARE, TP_RELU,
  TP_ADD_SCALAR, TP_MUL_SCALAR, TP_RSUB_SCALAR, TP_DIV_SCALAR, TP_RDIV_SCALAR,     // x+p  x·p  p−x  x/p  p/x
  TP_POW_SCALAR, TP_RPOW_SCALAR, TP_MAX_SCALAR, TP_MIN_SCALAR, TP_CLAMP,           // xᵖ  pˣ  max(x,p)  min(x,p)  min(max(x,p),q)
  TP_FLOOR, TP_CEIL, TP_ROUND, TP_TRUNC, TP_FRAC,                                  // round: halves to even
  TP_SQRT, TP_RSQRT, TP_RECIPROCAL,
  TP_EXP, TP_EXP2, TP_EXPM1, TP_LOG, TP_LOG1P, TP_LOG2, TP_LOG10,
  TP_SIN, TP_COS, TP_TAN, TP_ASIN, TP_ACOS, TP_ATAN,
  TP_SINH, TP_COSH, TP_TANH, TP_ASINH, TP_ACOSH, TP_ATANH,
  TP_ERF, TP_ERFC, TP_ERFINV, TP_LGAMMA, TP_DIGAMMA,
  TP_SIGMOID, TP_LOG_SIGMOID, TP_SILU, TP_GELU, TP_GELU_TANH,
  TP_SOFTPLUS,                                                                     // log(1+exp(p·x))/p, and x itself where p·x > q
  TP_ELU, TP_SELU, TP_CELU,                                                        // x>0 ? x : p·(exp(x)−1)    p·elu(x, q)    x>0 ? x : p·(exp(x/p)−1)
  TP_MISH, TP_TANHSHRINK,                                                          // x·tanh(log(1+exp(x)))     x − tanh(x)
  TP_LEAKY_RELU, TP_SOFTSIGN, TP_THRESHOLD,                                        // x>0 ? x : p·x    x/(1+|x|)    x≤p ? q : x
  TP_HARD_SIGMOID, TP_HARD_SWISH, TP_SOFT_SHRINK, TP_HARD_SHRINK,                  // h=min(max(x+3,0),6)/6    x·h    x−min(max(x,−p),p)    |x|≤p ? 0 : x
  // result is bool
  TP_IS_NAN, TP_IS_INF, TP_IS_FINITE, TP_NOT,
  TP_EQ_SCALAR, TP_NE_SCALAR, TP_LT_SCALAR, TP_LE_SCALAR, TP_GT_SCALAR, TP_GE_SCALAR,
  TP_UNARY_OPS
};

// Two inputs of one dtype. Integer division truncates, MOD is Python's (the divisor's sign), FMOD is C's (the dividend's sign).
// NaN in either input of MAX and MIN gives NaN.
enum {
  TP_ADD, TP_SUB, TP_MUL, TP_DIV, TP_MAX, TP_MIN, TP_MOD, TP_FMOD, TP_FLOOR_DIV,
  TP_POW,
  TP_AND, TP_OR, TP_XOR,   // bit by bit, on integers and bool
  TP_ATAN2, TP_HYPOT, TP_COPYSIGN, TP_LOGADDEXP, TP_XLOGY,
  TP_PRELU,          // a > 0 ? a : a·b
  // derivatives in one pass; a is dy. b is the kept input x or output y as named.
  TP_RELU_GRAD,      // dy where x > 0, else 0            b = x or y
  TP_TANH_GRAD,      // dy·(1 − y²)                       b = y
  TP_SIGMOID_GRAD,   // dy·y·(1 − y)                      b = y
  TP_GELU_GRAD,      // dy·(Φ(x) + x·φ(x))                b = x
  TP_SILU_GRAD,      // dy·(s + x·s·(1 − s)), s=σ(x)      b = x
  // result is bool
  TP_EQ, TP_NE, TP_LT, TP_LE, TP_GT, TP_GE,
  TP_BINARY_OPS
};

enum { TP_SUM, TP_MEAN, TP_PROD, TP_REDUCE_MAX, TP_REDUCE_MIN, TP_SUM_SQUARES, TP_ALL, TP_ANY, TP_REDUCE_OPS };
enum { TP_ARGMAX, TP_ARGMIN };
enum { TP_CUMSUM, TP_CUMPROD, TP_CUMMAX, TP_CUMMIN };
enum { TP_ACT_NONE, TP_ACT_RELU, TP_ACT_TANH, TP_ACT_SIGMOID, TP_ACT_GELU };
enum { TP_UNIFORM, TP_NORMAL, TP_TRUNCATED_NORMAL, TP_BERNOULLI, TP_RANDINT };

// After the product: c = activation(alpha·a·b + beta·c + bias). `bias` (or null) has n elements, one for each column, stride 1.
typedef struct tp_epilogue {
  const void *bias;
  double alpha, beta;
  int32_t activation;
} tp_epilogue;

// A random operation draws from Philox 4x32-10: `key` and a 128-bit counter whose low half starts at `offset`; each call consumes
// tp_random_span(count) counters. Element i depends on (key, offset, i) alone: the same bits on every tier and thread count.
typedef struct tp_random_state { uint64_t key, stream, offset; } tp_random_state;

// One parameter in an optimizer's step: contiguous memory of one dtype, float32 or float64. Items lie end to end: `offset` is the sum of the sizes
// before. `state` holds what the optimizer keeps for it (named below; null where the options need none), `step` counts its steps from 1, and `fresh`
// says that the state starts now.
#define TP_STEP_STATES 4
typedef struct tp_step_item {
  void *param, *grad, *state[TP_STEP_STATES];
  int64_t size, offset, step;
  int32_t dtype;
  bool fresh;
} tp_step_item;

#define KERNEL(name, arguments, dry)
#define OPTIMIZER(name, ...) typedef struct tp_##name { __VA_ARGS__ } tp_##name;
#include "../kernels/kernels.def"

typedef struct tp_backend {
  const char *name;
#define KERNEL(name, arguments, dry) void (*name) arguments;
#include "../kernels/kernels.def"
} tp_backend;

extern const tp_backend tp_backend_reference, tp_backend_portable;
const tp_backend *tp_current(void);                 // the thread's override, else the process's
const tp_backend *tp_backend_named(const char *name);  // "avx512", "avx2", "neon", "portable", "reference"; null when this machine cannot run it
void tp_set_backend(const tp_backend *b);           // process-wide; null chooses the best again
int64_t tp_random_span(int64_t count);              // counters that `count` elements consume
// The position (in row-major order) of the first index outside 0 ..< bound, or −1.
int64_t tp_check_indices(const tp_tensor *index, int64_t bound);
#endif
