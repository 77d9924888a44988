// Which table of kernels runs.
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

static _Atomic(const tp_backend *) device_tables[TP_DEVICES];

void tp_set_device(const tp_backend *b) { atomic_store(&device_tables[b->device], b); }

const tp_backend *tp_kernels(int32_t device) {
  if (__builtin_expect(device == 0, 1)) return tp_current();
  if (tp_is_dry()) return tp_thread_mine.backend;
  return device > 0 && device < TP_DEVICES ? atomic_load(&device_tables[device]) : NULL;
}

void tp_release_on(int32_t device, void *memory, int64_t bytes) {
  atomic_load(&device_tables[device])->release(memory, bytes);
}
