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

typedef struct tp_adam { double lr, beta1, beta2, eps, weight_decay; bool decoupled, amsgrad, maximize; } tp_adam;
typedef struct tp_sgd { double lr, momentum, dampening, weight_decay; bool nesterov, maximize; } tp_sgd;
typedef struct tp_rmsprop { double lr, alpha, eps, weight_decay, momentum; bool centered, maximize; } tp_rmsprop;

typedef struct tp_backend {
  const char *name;
  void (*unary)(int op, const tp_tensor *y, const tp_tensor *x, tp_number p, tp_number q);
  void (*binary)(int op, const tp_tensor *y, const tp_tensor *a, const tp_tensor *b);
  void (*select)(const tp_tensor *y, const tp_tensor *condition, const tp_tensor *a, const tp_tensor *b);  // condition is bool
  void (*copy)(const tp_tensor *y, const tp_tensor *x);       // any dtype to any dtype; float to int truncates, to bool is x ≠ 0
  void (*fill)(const tp_tensor *y, double value, int64_t integer);  // floating dtypes take `value`, the others `integer`

  // y has x's rank, with size 1 on every reduced axis. SUM of bool/uint8/int32 inputs goes to an int64 y; MEAN, SUM_SQUARES: floating only.
  // An empty SUM is 0, PROD 1, ALL true, ANY false; NaN wins in MAX and MIN.
  void (*reduce)(int op, const tp_tensor *y, const tp_tensor *x);
  void (*variance)(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *x, double correction);  // two passes; mean is written too
  void (*arg_reduce)(int op, const tp_tensor *y, const tp_tensor *x, int axis);   // y: int64, size 1 on axis; the first of equals, NaN wins
  void (*scan)(int op, const tp_tensor *y, const tp_tensor *x, int axis);
  void (*recurrence)(const tp_tensor *y, const tp_tensor *a, const tp_tensor *b, int axis);   // y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ; floating only

  // c (…, m, n) = a (…, m, k) · b (…, k, n), batch axes of a and b broadcast to c's. Any strides.
  void (*gemm)(const tp_tensor *c, const tp_tensor *a, const tp_tensor *b, const tp_epilogue *e);

  void (*softmax)(bool log, const tp_tensor *y, const tp_tensor *x, int axis);
  void (*softmax_grad)(bool log, const tp_tensor *dx, const tp_tensor *y, const tp_tensor *dy, int axis);
  // Over the last axis, c features. mean and rstd have x's shape with last size 1, contiguous. gamma and beta (c), contiguous, or null.
  void (*layer_norm)(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *x, const tp_tensor *gamma, const tp_tensor *beta, double eps);
  // Any of dx, dgamma, dbeta may be null.  dx = (q − mean q − x̂·mean(q·x̂))·rstd with q = γ·dy
  void (*layer_norm_grad)(const tp_tensor *dx, const tp_tensor *dgamma, const tp_tensor *dbeta, const tp_tensor *dy, const tp_tensor *x, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *gamma);

  // index is int64, every entry within 0 ..< size (checked by tp_check_indices before).
  void (*gather)(const tp_tensor *y, const tp_tensor *x, const tp_tensor *index, int axis);             // y and index have one shape
  void (*scatter_add)(const tp_tensor *y, const tp_tensor *index, const tp_tensor *x, int axis);        // adds in index order: same bits always
  void (*index_select)(const tp_tensor *y, const tp_tensor *x, const tp_tensor *index, int axis);       // index has rank 1
  void (*index_add)(const tp_tensor *y, const tp_tensor *index, const tp_tensor *x, int axis);
  void (*triangle)(bool upper, const tp_tensor *y, const tp_tensor *x, int64_t diagonal);               // last two axes; the rest is 0

  void (*random)(int kind, const tp_tensor *y, tp_random_state s, tp_number p, tp_number q);            // see random.inc for p and q
  void (*dropout)(const tp_tensor *y, const tp_tensor *x, tp_random_state s, double p);                 // x·m/(1−p), m ~ Bernoulli(1−p)

  // One step, in place, over `count` parameters at once. `fresh` is read by sgd alone; the others' state starts at what their Swift file says.
  void (*adam)(const tp_step_item *items, int64_t count, const tp_adam *options);        // state: m, v, largest v (amsgrad)
  void (*sgd)(const tp_step_item *items, int64_t count, const tp_sgd *options);          // state: b (momentum ≠ 0)
  void (*rmsprop)(const tp_step_item *items, int64_t count, const tp_rmsprop *options);  // state: v, mean of g (centered), b (momentum > 0)

  // The gradients of all items as one vector: Σ|g|ᵖ in float64, max|g| for p = ∞ (NaN wins); and in place g·factor and min(max(g, low), high).
  double (*gradient_sum)(const tp_step_item *items, int64_t count, double p);
  void (*gradient_scale)(const tp_step_item *items, int64_t count, double factor);
  void (*gradient_clamp)(const tp_step_item *items, int64_t count, double low, double high);
} tp_backend;

extern const tp_backend tp_backend_reference, tp_backend_portable;
const tp_backend *tp_current(void);                 // the thread's override, else the process's
const tp_backend *tp_backend_named(const char *name);  // "avx512", "avx2", "neon", "portable", "reference"; null when this machine cannot run it
void tp_set_backend(const tp_backend *b);           // process-wide; null chooses the best again
int64_t tp_random_span(int64_t count);              // counters that `count` elements consume
// The position (in row-major order) of the first index outside 0 ..< bound, or −1.
int64_t tp_check_indices(const tp_tensor *index, int64_t bound);
#endif
