// What the tests must know of the sanitizers.
#ifndef CSANITIZERS_H
#define CSANITIZERS_H
#include <stdbool.h>

// Whether this build runs under the address or the thread sanitizer: they keep memory of their own, so resident memory says nothing.
bool sanitizing(void);
#endif
