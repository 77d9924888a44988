#define FAMILY "../kernels/scan.inc"
#include "../neon.h"
