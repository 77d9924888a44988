#include "include/CSanitizers.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)

// Leaks that are known. XCTest's runner, which `swift test` starts besides Swift Testing's, loses 368 bytes, so that
// `swift test --sanitize=address` fails on an empty package. Foundation's Process loses 32 bytes a run. And what the
// documentation of `Failure.catching` says: the frames that a failure leaves release nothing, neither what they made
// nor what they were given (a dry run's copy, the elements of a batch). LeakSanitizer calls this by name.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
  return "leak:libXCTest.so\nleak:Foundation7ProcessC3run\nleak:run_apart\n"
         "leak:7FailureV8catching\nleak:16TapestryTraining6dryRun\nleak:PrefetchC*aFailure\nleak:"
         "aStepThatFailsChangesNothing\n";
}
#endif
#endif

bool sanitizing(void) {
#ifdef SANITIZING
  return true;
#else
  return false;
#endif
}
