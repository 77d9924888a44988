// One family of kernels for this tier: FAMILY names its file.
#if defined(__x86_64__)
#include "../internal.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define VB 32
#define TIER_AVX2 1
#define TIER(name) tp_avx2_##name
#include "family.inc"
#pragma clang attribute pop
#endif
