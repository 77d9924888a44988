// Until the reference backend lands.
#include "internal.h"
const tp_backend tp_backend_reference = {.name = "reference"};
