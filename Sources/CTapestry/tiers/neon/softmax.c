#define FAMILY "../kernels/softmax.inc"
#include "../neon.h"
