// XCTest's runner, which `swift test` starts besides Swift Testing's, leaks 368 bytes of its own; without this
// `swift test --sanitize=address` fails on an empty package. LeakSanitizer calls this function by name.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libXCTest.so\n"; }
#endif
#endif

typedef int tp_not_empty;  // C wants something in every file
