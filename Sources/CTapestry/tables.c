// The tables of the backends that compute.
#include "internal.h"

#define TABLE tp_backend_reference
#define NAME "reference"
#define TIER(kernel) tp_reference_##kernel
#include "kernels/table.inc"

#define TABLE tp_backend_portable
#define NAME "portable"
#define TIER(kernel) tp_portable_##kernel
#include "kernels/table.inc"

#if defined(__x86_64__)
#define TABLE tp_backend_avx2
#define NAME "avx2"
#define TIER(kernel) tp_avx2_##kernel
#include "kernels/table.inc"

#define TABLE tp_backend_avx512
#define NAME "avx512"
#define TIER(kernel) tp_avx512_##kernel
#include "kernels/table.inc"
#elif defined(__aarch64__)
#define TABLE tp_backend_neon
#define NAME "neon"
#define TIER(kernel) tp_neon_##kernel
#include "kernels/table.inc"
#endif
