#define FAMILY "../kernels/gather.inc"
#include "../avx512.h"
