#define FAMILY "../kernels/pointwise.inc"
#include "../portable.h"
