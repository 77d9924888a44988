// One family of kernels for this tier: FAMILY names its file.
#include "../internal.h"
#define VB 16
#define TIER_PORTABLE 1
#define TIER(name) tp_portable_##name
#include "family.inc"
