// The kernel wall: a backend is one table of whole-tensor operations. A kernel gets descriptors of any strides, does
// its own outer loops, broadcasting (inputs broadcast to the output's shape) and threads, and checks nothing: shapes
// and dtypes were checked before. Outputs never overlap inputs, but for pointwise kernels, where an output may be
// exactly an input (same data, same layout).
#ifndef TAPESTRY_BACKEND_H
#define TAPESTRY_BACKEND_H
#include "tapestry_memory.h"
#include "tapestry_pointwise.h"

enum { TP_SUM, TP_MEAN, TP_PROD, TP_REDUCE_MAX, TP_REDUCE_MIN, TP_SUM_SQUARES, TP_ALL, TP_ANY, TP_REDUCE_OPS };
enum { TP_ARGMAX, TP_ARGMIN };
enum { TP_CUMSUM, TP_CUMPROD, TP_CUMMAX, TP_CUMMIN };
enum { TP_UNIFORM, TP_NORMAL, TP_TRUNCATED_NORMAL, TP_BERNOULLI, TP_RANDINT };

// After the product: c = alpha·a·b + beta·c + bias. `bias` (or null) has n elements, one for each column, stride 1.
typedef struct tp_epilogue {
  const void *bias;
  double alpha, beta;
} tp_epilogue;

// A random operation draws from Philox 4x32-10: `key` and a 128-bit counter whose low half starts at `offset`; each
// call consumes tp_random_span(count) counters. Element i depends on (key, offset, i) alone: the same bits on every
// tier and thread count.
typedef struct tp_random_state { uint64_t key, stream, offset; } tp_random_state;

// One parameter in an optimizer's step: contiguous memory of one dtype, float32 or float64. Items lie end to end:
// `offset` is the sum of the sizes before. `state` holds what the optimizer keeps for it (named below; null where the
// options need none), `step` counts its steps from 1, and `fresh` says that the state starts now.
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

// `allocate` gives uninitialized memory of the device that the kernels work on, `release` takes it back with the same
// count of bytes, from any thread.
typedef struct tp_backend {
  const char *name;
  int32_t device;
  void *(*allocate)(int64_t bytes);
  void (*release)(void *memory, int64_t bytes);
#define KERNEL(name, arguments, dry) void (*name) arguments;
#include "../kernels/kernels.def"
} tp_backend;

extern const tp_backend tp_backend_reference, tp_backend_portable;
const tp_backend *tp_current(void);                 // the thread's override, else the process's
// "avx512", "avx2", "neon", "portable", "reference"; null when this machine cannot run it
const tp_backend *tp_backend_named(const char *name);
void tp_set_backend(const tp_backend *b);           // process-wide; null chooses the best again
int64_t tp_random_span(int64_t count);              // counters that `count` elements consume

// Devices: each number stands for one table. 0 is this computer: tp_current(). A dry run's table serves them all.
enum { TP_DEVICES = 8 };
void tp_set_device(const tp_backend *b);            // b serves device b->device, 1 … TP_DEVICES − 1, from now on
// what the calling thread runs there; null for a device without a table
const tp_backend *tp_kernels(int32_t device);
void tp_release_on(int32_t device, void *memory, int64_t bytes);
static inline void tp_release(int32_t device, void *memory, int64_t bytes) {
  if (__builtin_expect(device == 0, 1)) tp_free(memory, bytes);
  else tp_release_on(device, memory, bytes);
}
#endif
