// What the kernels' sources share and nobody else sees.
#ifndef TAPESTRY_INTERNAL_H
#define TAPESTRY_INTERNAL_H
#include "include/CTapestry.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

extern const tp_backend tp_backend_avx512, tp_backend_avx2, tp_backend_neon;
#endif
