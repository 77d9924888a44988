#define FAMILY "../kernels/optimizers.inc"
#include "../portable.h"
