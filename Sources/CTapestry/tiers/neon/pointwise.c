#define FAMILY "../kernels/pointwise.inc"
#include "../neon.h"
