// What copying a Swift object needs of Swift's runtime, whose binary interface is stable.
#ifndef TAPESTRY_OBJECTS_H
#define TAPESTRY_OBJECTS_H
#include <stddef.h>

// Memory for an instance of the class, with its header written and its fields uninitialized.
void *swift_allocObject(const void *metadata, size_t size, size_t alignment_mask);
#endif
