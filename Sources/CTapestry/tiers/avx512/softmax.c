#define FAMILY "../kernels/softmax.inc"
#include "../avx512.h"
