#define FAMILY "../kernels/reduce.inc"
#include "../avx512.h"
