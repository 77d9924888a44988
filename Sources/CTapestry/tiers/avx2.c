#if defined(__x86_64__)
#include "../internal.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define VB 32
#define TIER_AVX2 1
#define TIER_NAME "avx2"
#define TIER_TABLE tp_backend_avx2
#include "body.inc"
#pragma clang attribute pop
#endif
