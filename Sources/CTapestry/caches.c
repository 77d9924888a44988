// The bytes of a core's second-level cache, from which products take the rows of a block.
#include "internal.h"
#include "include/tapestry_threads.h"
#include <stdatomic.h>
#include <stdio.h>
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

enum { UNKNOWN = 1 << 20, LEAST = 64 << 10 };   // what most processors have, and less than any has

#if defined(__linux__)
// Linux says "2" in level, "Unified" in type and "1024K" in size, a folder for each cache.
static bool cache_line(const char *root, int index, const char *name, char *line, int size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu0/cache/index%d/%s", root, index, name);
  return tp_first_line(path, line, size);
}

int64_t tp_find_second_cache(const char *root) {
  char line[64];
  for (int index = 0; cache_line(root, index, "level", line, sizeof line); index++) {
    long long bytes;
    char unit = 0;
    // not the first level, not for instructions
    if (line[0] != '2' || !cache_line(root, index, "type", line, sizeof line) || line[0] == 'I') continue;
    if (!cache_line(root, index, "size", line, sizeof line) || sscanf(line, "%lld%c", &bytes, &unit) < 1) continue;
    bytes *= unit == 'K' ? 1 << 10 : unit == 'M' ? 1 << 20 : 1;
    if (bytes >= LEAST) return bytes;
  }
  return UNKNOWN;
}
#endif

static int64_t found(void) {
#if defined(__linux__)
  return tp_find_second_cache("");
#elif defined(__APPLE__)
  int64_t bytes = 0;
  size_t size = sizeof bytes;
  // Apple's own processors share one among a few cores
  const char *names[2] = {"hw.perflevel0.l2cachesize", "hw.l2cachesize"};
  for (int i = 0; i < 2; i++)
    if (sysctlbyname(names[i], &bytes, &size, NULL, 0) == 0 && bytes >= LEAST)
      return bytes < 2 * UNKNOWN ? bytes : 2 * UNKNOWN;
  return UNKNOWN;
#else
  return UNKNOWN;
#endif
}

int64_t tp_second_cache(void) {
  static _Atomic int64_t bytes;
  int64_t known = atomic_load_explicit(&bytes, memory_order_relaxed);
  if (known == 0) atomic_store_explicit(&bytes, known = found(), memory_order_relaxed);
  return known;
}
