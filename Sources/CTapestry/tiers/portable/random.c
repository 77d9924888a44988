#define FAMILY "../kernels/random.inc"
#include "../portable.h"
