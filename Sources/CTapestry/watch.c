// Who wants to know which blocks of memory are alive.
#include "allocator.h"

static tp_memory_watcher installed;
static atomic_int watching;   // scopes of all threads

void tp_install_watcher(tp_memory_watcher watcher) { installed = watcher; }

void tp_watch_begin(void) {
  tp_thread_mine.watching++;
  atomic_fetch_add(&watching, 1);
  atomic_fetch_add(&tp_memory_special, 1);   // every block takes the slow path, which comes here
}

void tp_watch_end(void) {
  tp_thread_mine.watching--;
  atomic_fetch_add(&watching, -1);
  atomic_fetch_add(&tp_memory_special, -1);
}

void tp_watch_alloc(void *memory, int64_t bytes) {
  if (tp_thread_mine.watching) installed.allocated(memory, bytes);
}

void tp_watch_free(void *memory) {
  if (atomic_load_explicit(&watching, memory_order_relaxed)) installed.freed(memory);
}
