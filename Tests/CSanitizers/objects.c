#if defined(__linux__)
#define _GNU_SOURCE   // RTLD_NEXT
#endif
#include "include/CSanitizers.h"
#include <dlfcn.h>

enum { MOST = 100000 };
static _Thread_local const void **noted;
static _Thread_local int count, mallocs;

#if defined(__linux__)
// In front of the runtime's own, to which it hands on.
typedef __attribute__((swiftcall)) void *(*allocate)(const void *type, size_t size, size_t alignment);
__attribute__((swiftcall)) void *swift_allocObject(const void *type, size_t size, size_t alignment);
__attribute__((swiftcall)) void *swift_allocObject(const void *type, size_t size, size_t alignment) {
  static _Atomic(allocate) runtime;
  allocate next = runtime;
  if (!next) runtime = next = (allocate)(uintptr_t)dlsym(RTLD_NEXT, "swift_allocObject");
  if (noted && count < MOST) noted[count++] = type;
  return next(type, size, alignment);
}
#endif

#if defined(__linux__) && !defined(SANITIZING)
// Arrays that the library makes itself do not pass there; all memory passes here.
extern void *__libc_malloc(size_t size);
void *malloc(size_t size) {
  mallocs += 1;
  return __libc_malloc(size);
}
#endif

void objects_begin(void) {
  noted = malloc(MOST * sizeof *noted);
  count = mallocs = 0;
}

int objects_end(const void **types, int most, int *others) {
  const void **all = noted;
  const int many = count;
  *others = mallocs - count;
  noted = NULL;
  for (int i = 0; i < many && i < most; i++) types[i] = all[i];
  free(all);
  return many;
}

bool object_is_box(const void *type) { return *(const uintptr_t *)type > 0 && *(const uintptr_t *)type < 0x800; }
