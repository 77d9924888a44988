#define FAMILY "../kernels/gemm.inc"
#include "../avx512.h"
