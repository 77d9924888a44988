#define FAMILY "../kernels/pointwise.inc"
#include "../avx512.h"
