#define FAMILY "../kernels/optimizers.inc"
#include "../avx512.h"
