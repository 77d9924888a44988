#define FAMILY "../kernels/reduce.inc"
#include "../avx2.h"
