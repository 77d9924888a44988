#define FAMILY "../kernels/scan.inc"
#include "../avx2.h"
