#if defined(__aarch64__)
#include "../internal.h"
#define VB 16
#define TIER_NEON 1
#define TIER_NAME "neon"
#define TIER_TABLE tp_backend_neon
#include "body.inc"
#endif
