#define FAMILY "../kernels/gemm.inc"
#include "../portable.h"
