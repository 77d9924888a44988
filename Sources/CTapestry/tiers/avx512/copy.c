#define FAMILY "../kernels/copy.inc"
#include "../avx512.h"
