#define FAMILY "../kernels/random.inc"
#include "../neon.h"
