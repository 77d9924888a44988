#define FAMILY "../kernels/optimizers.inc"
#include "../neon.h"
