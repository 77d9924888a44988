// The allocator: 64-byte aligned blocks in size classes, cached by each thread.
#ifndef TAPESTRY_MEMORY_H
#define TAPESTRY_MEMORY_H
#include <stdbool.h>
#include <stdint.h>

// Uninitialized memory for `bytes` (0 allowed, a valid pointer comes back). Ends the process with a message when the
// system has none left. `tp_free` takes the same byte count and may run on any thread.
void *tp_alloc(int64_t bytes);
void tp_free(void *memory, int64_t bytes);

static inline bool tp_same_bytes(const void *a, const void *b, int64_t count) {
  return count == 0 || __builtin_memcmp(a, b, (uint64_t)count) == 0;
}

typedef struct tp_memory_counters {
  int64_t live_bytes;     // handed out and not freed, as asked for
  int64_t live_blocks;    // how many of them
  int64_t cached_bytes;   // kept for reuse, handed out to nobody
  int64_t peak_bytes;     // the largest live_bytes since the last reset
  int64_t allocations;    // calls of tp_alloc so far
  int64_t system_allocations;  // of those, how many went to the system
} tp_memory_counters;

tp_memory_counters tp_memory(void);
void tp_reset_peak(void);
void tp_trim(void);                      // gives cached memory back to the system

// Watching: `allocated` is told of each block that a watching thread gets, `freed` of each block that any thread gives
// back while some thread watches. Install the functions first, once; they may allocate no tensors.
typedef struct tp_memory_watcher {
  void (*allocated)(void *memory, int64_t bytes);
  void (*freed)(void *memory);
} tp_memory_watcher;
void tp_install_watcher(tp_memory_watcher watcher);
void tp_watch_begin(void);               // the calling thread watches; scopes nest
void tp_watch_end(void);

// Test modes, for blocks allocated while they are on. Guards: bands of a known pattern before and after each block,
// checked when it is freed and by tp_check_guards (which returns how many blocks are damaged); fresh and freed memory
// is overwritten with NaN bits (0xFF).
void tp_set_guards(bool on);
int64_t tp_check_guards(void);
int64_t tp_guard_violations(void);       // damaged blocks seen since the start
#endif
