#define FAMILY "../kernels/softmax.inc"
#include "../avx2.h"
