#define FAMILY "../kernels/reduce.inc"
#include "../portable.h"
