#include "include/CSanitizers.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZING 1

// XCTest's runner, which `swift test` starts besides Swift Testing's, leaks 368 bytes of its own; without this
// `swift test --sanitize=address` fails on an empty package. LeakSanitizer calls this function by name.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libXCTest.so\n"; }
#endif
#endif

bool sanitizing_addresses(void) {
#ifdef SANITIZING
  return true;
#else
  return false;
#endif
}
