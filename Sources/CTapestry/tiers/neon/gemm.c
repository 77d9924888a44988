#define FAMILY "../kernels/gemm.inc"
#include "../neon.h"
