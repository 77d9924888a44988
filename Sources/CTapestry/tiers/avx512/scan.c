#define FAMILY "../kernels/scan.inc"
#include "../avx512.h"
