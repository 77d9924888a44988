// Which table of kernels runs, and the one check that callers make before kernels that trust their indices.
#include "internal.h"
#include <stdatomic.h>
#include <stdio.h>

static _Atomic(const tp_backend *) process_backend;   // null until first use

#if defined(__x86_64__)
static bool can_run_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static bool can_run_avx512(void) {
  return can_run_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#endif

const tp_backend *tp_backend_named(const char *name) {
  if (!strcmp(name, "reference")) return &tp_backend_reference;
  if (!strcmp(name, "portable")) return &tp_backend_portable;
#if defined(__x86_64__)
  if (!strcmp(name, "avx512")) return can_run_avx512() ? &tp_backend_avx512 : NULL;
  if (!strcmp(name, "avx2")) return can_run_avx2() ? &tp_backend_avx2 : NULL;
#elif defined(__aarch64__)
  if (!strcmp(name, "neon")) return &tp_backend_neon;
#endif
  return NULL;
}

// TAPESTRY_BACKEND if this machine can run it, else the widest tier.
static const tp_backend *best_backend(void) {
  const char *wish = getenv("TAPESTRY_BACKEND");
  if (wish && *wish) {
    const tp_backend *b = tp_backend_named(wish);
    if (b) return b;
    fprintf(stderr, "Tapestry: no backend named '%s' can run on this machine; the best one is used\n", wish);
  }
  static const char *const order[] = {"avx512", "avx2", "neon"};
  for (int i = 0; i < 3; i++) {
    const tp_backend *b = tp_backend_named(order[i]);
    if (b) return b;
  }
  return &tp_backend_portable;
}

void tp_set_backend(const tp_backend *b) {
  atomic_store_explicit(&process_backend, b ? b : best_backend(), memory_order_relaxed);
}

// Apart from tp_current, so that the common path has no frame. Two threads may both choose; they choose the same.
static __attribute__((noinline)) const tp_backend *choose_first(void) {
  const tp_backend *none = NULL, *best = best_backend();
  return atomic_compare_exchange_strong(&process_backend, &none, best) ? best : none;
}

const tp_backend *tp_current(void) {
  const tp_backend *b = tp_thread_mine.backend;
  if (b) return b;
  b = atomic_load_explicit(&process_backend, memory_order_relaxed);
  return b ? b : choose_first();
}

// The first of n indices outside 0 ..< bound, or −1. An index i is outside when i < 0 or bound − 1 − i < 0, so the OR of
// those two over a block has its sign bit set when any of the block is: no branches, plain 64-bit SIMD.
static int64_t first_outside(const int64_t *index, int64_t n, int64_t stride, int64_t bound) {
  const int64_t block = limit_for(index_block, n);
  const uint64_t last = (uint64_t)bound - 1;
  for (int64_t start = 0; start < n; start += block) {
    int64_t end = n - start < block ? n : start + block;
    uint64_t bad = 0;
    if (stride == 1)
      for (int64_t i = start; i < end; i++) bad |= (uint64_t)index[i] | (last - (uint64_t)index[i]);
    else
      for (int64_t i = start; i < end; i++) bad |= (uint64_t)index[i * stride] | (last - (uint64_t)index[i * stride]);
    if (!(bad >> 63)) continue;
    for (int64_t i = start; i < end; i++)
      if (index[i * stride] < 0 || index[i * stride] >= bound) return i;
  }
  return -1;
}

int64_t tp_check_indices(const tp_tensor *index, int64_t bound) {
  const int64_t n = tp_count(index), *data = index->data;
  if (n == 0 || tp_is_dry()) return -1;
  if (index->rank == 0 || tp_contiguous(index)) return first_outside(data, n, 1, bound);
  const int last = index->rank - 1;
  const int64_t row = index->size[last];
  for (int64_t r = 0; r < n / row; r++) {
    int64_t offset = 0, rest = r;
    for (int a = last - 1; a >= 0; a--) {
      offset += rest % index->size[a] * index->stride[a];
      rest /= index->size[a];
    }
    int64_t found = first_outside(data + offset, row, index->stride[last], bound);
    if (found >= 0) return r * row + found;
  }
  return -1;
}
