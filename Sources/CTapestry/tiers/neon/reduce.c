#define FAMILY "../kernels/reduce.inc"
#include "../neon.h"
