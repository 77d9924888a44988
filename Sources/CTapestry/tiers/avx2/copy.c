#define FAMILY "../kernels/copy.inc"
#include "../avx2.h"
