#define FAMILY "../kernels/copy.inc"
#include "../neon.h"
