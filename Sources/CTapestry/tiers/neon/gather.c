#define FAMILY "../kernels/gather.inc"
#include "../neon.h"
