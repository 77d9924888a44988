#include "include/CMeasures.h"
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Sixteen independent chains hide the latency of four cycles on two units. The empty assembly keeps the compiler from
// merging them.
#define FMA_LOOP(NAME, BYTES, FMA)                                                                     \
  static float NAME(int64_t rounds) {                                                                  \
    typedef float v __attribute__((vector_size(BYTES)));                                               \
    v a = {0}, m = a + 0.999f, s[16];                                                                  \
    for (int i = 0; i < 16; i++) s[i] = a + (float)i;                                                  \
    for (int64_t r = 0; r < rounds; r++)                                                               \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) s[i] = FMA;                      \
    for (int i = 1; i < 16; i++) s[0] += s[i];                                                         \
    return s[0][0];                                                                                    \
  }

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,fma"))), apply_to = function)
FMA_LOOP(loop_avx512, 64, __builtin_elementwise_fma(s[i], m, m))
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
FMA_LOOP(loop_avx2, 32, __builtin_elementwise_fma(s[i], m, m))
#pragma clang attribute pop
#endif
#if defined(__aarch64__)
FMA_LOOP(loop_plain, 16, __builtin_elementwise_fma(s[i], m, m))
#else
FMA_LOOP(loop_plain, 16, s[i] * m + m)
#endif

double tp_fma_peak(double seconds) {
  float (*loop)(int64_t) = loop_plain;
  int lanes = 4;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) loop = loop_avx512, lanes = 16;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) loop = loop_avx2, lanes = 8;
#endif
  const int64_t rounds = 100000;
  volatile float sink = 0;
  double best = 0, end = now() + seconds;
  do {
    double start = now();
    sink = sink + loop(rounds);
    double rate = 2.0 * 16 * lanes * (double)rounds / (now() - start);
    if (rate > best) best = rate;
  } while (now() < end);
  return best;
}
