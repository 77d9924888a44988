#define FAMILY "../kernels/copy.inc"
#include "../portable.h"
