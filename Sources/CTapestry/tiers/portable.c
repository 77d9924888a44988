#include "../internal.h"
#define VB 16
#define TIER_PORTABLE 1
#define TIER_NAME "portable"
#define TIER_TABLE tp_backend_portable
#include "body.inc"
