#define FAMILY "../kernels/gemm.inc"
#include "../avx2.h"
