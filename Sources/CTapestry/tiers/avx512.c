#if defined(__x86_64__)
#include "../internal.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,f16c"))), apply_to = function)
#define VB 64
#define TIER_AVX512 1
#define TIER_NAME "avx512"
#define TIER_TABLE tp_backend_avx512
#include "body.inc"
#pragma clang attribute pop
#endif
