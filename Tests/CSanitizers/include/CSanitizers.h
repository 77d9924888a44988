// What the tests must know of the address sanitizer.
#ifndef CSANITIZERS_H
#define CSANITIZERS_H
#include <stdbool.h>

// Whether this build runs under it: freed memory then waits in quarantine, so resident memory says nothing.
bool sanitizing_addresses(void);
#endif
