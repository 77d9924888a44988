#define FAMILY "../kernels/optimizers.inc"
#include "../avx2.h"
