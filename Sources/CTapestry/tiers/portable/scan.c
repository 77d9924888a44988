#define FAMILY "../kernels/scan.inc"
#include "../portable.h"
