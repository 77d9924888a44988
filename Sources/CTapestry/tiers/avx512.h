// One family of kernels for this tier: FAMILY names its file.
#if defined(__x86_64__)
#include "../internal.h"
#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,f16c"))), apply_to = function)
#define VB 64
#define TIER_AVX512 1
#define TIER(name) tp_avx512_##name
#include "family.inc"
#pragma clang attribute pop
#endif
