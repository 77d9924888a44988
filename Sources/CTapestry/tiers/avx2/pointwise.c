#define FAMILY "../kernels/pointwise.inc"
#include "../avx2.h"
