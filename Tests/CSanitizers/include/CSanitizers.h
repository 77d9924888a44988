// What the tests must know of the sanitizers and of Swift's runtime.
#ifndef CSANITIZERS_H
#define CSANITIZERS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZING 1
#endif
#endif

// Whether this build runs under the address or the thread sanitizer: they keep memory of their own, so resident memory
// says nothing.
bool sanitizing(void);

// Between these two, the types of the objects that this thread makes are noted, in their order; the second tells how
// many, gives the first of them, and counts the other blocks of memory that it asked for.
void objects_begin(void);
int objects_end(const void **types, int most, int *others);

// Whether it is no class: a box of a variable, or what a closure has captured.
bool object_is_box(const void *type);
#endif
