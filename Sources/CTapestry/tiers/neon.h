// One family of kernels for this tier: FAMILY names its file.
#if defined(__aarch64__)
#include "../internal.h"
#define VB 16
#define TIER_NEON 1
#define TIER(name) tp_neon_##name
#include "family.inc"
#endif
