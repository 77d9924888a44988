#define FAMILY "../kernels/gather.inc"
#include "../avx2.h"
