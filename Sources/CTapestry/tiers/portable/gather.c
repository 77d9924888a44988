#define FAMILY "../kernels/gather.inc"
#include "../portable.h"
