#define FAMILY "../kernels/softmax.inc"
#include "../portable.h"
