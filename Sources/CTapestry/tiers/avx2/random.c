#define FAMILY "../kernels/random.inc"
#include "../avx2.h"
