#define FAMILY "../kernels/random.inc"
#include "../avx512.h"
