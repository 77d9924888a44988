#include "tapestry_backend.h"
#include "tapestry_memory.h"
#include "tapestry_tensor.h"
#include "tapestry_threads.h"
