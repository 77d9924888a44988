// The allocator. Blocks come in size classes, eight to a doubling (at most 12.5 % is wasted beyond 512 bytes). Each
// thread keeps short free lists of the small classes, which it touches without locks; what they cannot hold goes in
// halves to the central store, behind one mutex. Large blocks always pass through the central store and are kept there
// as well: touching fresh pages costs more than any lock. The store gives back its least recently used classes when it
// holds more than max(256 MiB, live peak).
#include "allocator.h"
#include <pthread.h>
#include <stdio.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { CLASSES = 320, SMALL_CLASSES = 96 };         // small: up to 1 MiB
enum { REPORT_BYTES = 64 << 10, LIST_BYTES = 256 << 10 };
#define LARGEST (INT64_C(1) << 47)
#define HUGE_PAGE (INT64_C(2) << 20)

typedef struct block { struct block *next; } block;

// A thread's counters are written by their thread alone and read by any: relaxed loads and stores, no
// read-modify-write.
#define GET(x) atomic_load_explicit(&(x), memory_order_relaxed)
#define SET(x, v) atomic_store_explicit(&(x), v, memory_order_relaxed)

// room: how many more it may hold; 0 until set up
typedef struct free_list { block *head; _Atomic int32_t room; } free_list;

typedef struct thread_cache {
  _Atomic int64_t live, allocations, frees, from_system;
  _Atomic int64_t reported;          // what `live_total` knows of `live`
  _Atomic int64_t high;              // the largest `live` since then
  int64_t low;                       // where the next report falls due going down
  enum { FRESH, READY, GONE } stage; // GONE: the thread is ending, nothing is kept any more
  struct thread_cache *next, *previous;
  free_list lists[SMALL_CLASSES];
} thread_cache;

// used: when it was last taken from or added to
typedef struct central_list { block *head; int64_t count, used; } central_list;

static _Thread_local thread_cache mine;
atomic_int tp_memory_special = 1;    // nonzero: every call takes the slow path. 1 until the environment was read

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   // guards everything below, unless atomic
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key;
static thread_cache *threads;
static central_list central[CLASSES];
static int64_t central_bytes, clock_ticks;
static int64_t gone_live, gone_allocations, gone_frees, gone_system;   // of threads that have ended
static _Atomic int64_t live_total, peak;
static bool plain;

// ---- size classes: multiples of 64 up to 512, then 2^e·(8 + j)/8 for j = 1 … 8

static inline int class_of(int64_t bytes) {
  uint64_t n = (uint64_t)bytes - (bytes != 0);   // a negative size becomes huge, so the slow path sees and refuses it
  if (n < 512) return (int)(n >> 6);
  int e = 63 - __builtin_clzll(n);
  return 8 + (e - 9) * 8 + (int)(n >> (e - 3) & 7);
}

static inline int64_t class_bytes(int c) {
  if (c < 8) return (c + 1) * 64;
  return (int64_t)(9 + (c - 8) % 8) << (6 + (c - 8) / 8);
}

// How many blocks a thread's list may hold: 256 KiB of them, at least 2, at most 128.
static int32_t list_limit(int c) {
  int64_t n = LIST_BYTES / class_bytes(c);
  return n < 2 ? 2 : n > 128 ? 128 : (int32_t)n;
}

// ---- counters
// `live_total` lags behind each thread by less than 64 KiB; each thread's `high` says how far it rose in between. So
// the peak is exact with one allocating thread, and at most 64 KiB a thread too high with several.

static void raise_peak(int64_t candidate) {
  int64_t seen = GET(peak);
  while (candidate > seen && !atomic_compare_exchange_weak(&peak, &seen, candidate)) {}
}

static void report(thread_cache *t) {
  int64_t live = GET(t->live), before = GET(t->reported);
  int64_t total = atomic_fetch_add(&live_total, live - before);
  raise_peak(total + GET(t->high) - before);
  SET(t->reported, live);
  SET(t->high, live);
  t->low = live - REPORT_BYTES;
}

static __attribute__((noinline)) void rise(thread_cache *t, int64_t live) {
  SET(t->high, live);
  if (live - GET(t->reported) >= REPORT_BYTES) report(t);
}

static inline void count_alloc(thread_cache *t, int64_t bytes) {
  int64_t live = GET(t->live) + bytes;
  SET(t->live, live);
  SET(t->allocations, GET(t->allocations) + 1);
  if (__builtin_expect(live > GET(t->high), 0)) rise(t, live);
}

static inline void count_free(thread_cache *t, int64_t bytes) {
  int64_t live = GET(t->live) - bytes;
  SET(t->live, live);
  SET(t->frees, GET(t->frees) + 1);
  if (__builtin_expect(live < t->low, 0)) report(t);
}

// ---- the system

static _Noreturn void out_of_memory(int64_t bytes) {
  fprintf(stderr, "Tapestry: out of memory: %lld bytes asked for, %lld in use\n", (long long)bytes,
      (long long)tp_memory().live_bytes);
  exit(EXIT_FAILURE);
}

// From 4 MiB on in huge pages where the system has them: 512 times fewer faults.
static void *try_system(int64_t bytes) {
  void *p = NULL;
  bool huge = reaches(memory_huge, bytes);
  if (posix_memalign(&p, huge ? (size_t)HUGE_PAGE : 64, (size_t)bytes)) return NULL;
#if defined(__linux__)
  if (huge) madvise(p, (size_t)bytes, MADV_HUGEPAGE);
#endif
  return p;
}

void *tp_memory_system(int64_t bytes) {
  SET(mine.from_system, GET(mine.from_system) + 1);
  void *p = try_system(bytes);
  if (p) return p;
  tp_trim();
  p = try_system(bytes);
  if (!p) out_of_memory(bytes);
  return p;
}

// ---- the central store; the caller holds the lock

static block *take_central(int c) {
  central_list *l = &central[c];
  block *b = l->head;
  l->used = ++clock_ticks;
  if (!b) return NULL;
  l->head = b->next;
  l->count--;
  central_bytes -= class_bytes(c);
  return b;
}

static void put_central(int c, block *b) {
  central_list *l = &central[c];
  b->next = l->head;
  l->head = b;
  l->count++;
  l->used = ++clock_ticks;
  central_bytes += class_bytes(c);
}

// Unlinks blocks of the least recently used classes until at most `keep` bytes stay, and returns them chained: they are
// given back without the lock, since unmapping is slow.
static block *surplus(int64_t keep) {
  block *out = NULL;
  while (central_bytes > keep) {
    int oldest = -1;
    for (int c = 0; c < CLASSES; c++)
      if (central[c].count && (oldest < 0 || central[c].used < central[oldest].used)) oldest = c;
    central_list *l = &central[oldest];
    while (l->head && central_bytes > keep) {
      block *b = l->head;
      l->head = b->next;
      l->count--;
      central_bytes -= class_bytes(oldest);
      b->next = out;
      out = b;
    }
  }
  return out;
}

static void give_back(block *b) {
  while (b) {
    block *next = b->next;
    free(b);
    b = next;
  }
}

static int64_t keep_bytes(void) {
  const int64_t keep = limit_for(memory_keep, central_bytes);
  return GET(peak) > keep ? GET(peak) : keep;
}

// ---- threads

static void empty_list(thread_cache *t, int c, int32_t leave) {   // the lock is held
  free_list *l = &t->lists[c];
  for (int32_t held = list_limit(c) - GET(l->room); held > leave; held--) {
    block *b = l->head;
    l->head = b->next;
    put_central(c, b);
    SET(l->room, GET(l->room) + 1);
  }
}

static void thread_ends(void *cache) {
  thread_cache *t = cache;
  report(t);
  pthread_mutex_lock(&lock);
  for (int c = 0; c < SMALL_CLASSES && !plain; c++) {
    empty_list(t, c, 0);
    SET(t->lists[c].room, 0);
  }
  *(t->previous ? &t->previous->next : &threads) = t->next;
  if (t->next) t->next->previous = t->previous;
  gone_live += GET(t->live);
  gone_allocations += GET(t->allocations);
  gone_frees += GET(t->frees);
  gone_system += GET(t->from_system);
  t->stage = GONE;
  block *extra = surplus(keep_bytes());
  pthread_mutex_unlock(&lock);
  give_back(extra);
}

static void first_call(void) {
  const char *wish = getenv("TAPESTRY_PLAIN_MEMORY");
  plain = TP_SANITIZED || (wish && !strcmp(wish, "1"));
  if (pthread_key_create(&exit_key, thread_ends)) plain = true;   // no key left: nobody would empty a thread's cache
  atomic_fetch_add(&tp_memory_special, plain ? 0 : -1);
}

static void set_up(thread_cache *t) {
  pthread_once(&once, first_call);
  for (int c = 0; c < SMALL_CLASSES && !plain; c++) SET(t->lists[c].room, list_limit(c));
  pthread_mutex_lock(&lock);
  t->next = threads;
  if (threads) threads->previous = t;
  threads = t;
  t->low = -REPORT_BYTES;
  t->stage = READY;
  pthread_mutex_unlock(&lock);
  pthread_setspecific(exit_key, t);
}

// The counts of a thread whose cache has gone: another library's thread-local destructor may still free a tensor.
static void count_gone(int64_t bytes, int64_t allocations, int64_t frees, int64_t from_system) {
  pthread_mutex_lock(&lock);
  gone_live += bytes;
  gone_allocations += allocations;
  gone_frees += frees;
  gone_system += from_system;
  pthread_mutex_unlock(&lock);
  raise_peak(atomic_fetch_add(&live_total, bytes) + bytes);
}

// ---- allocating

static void *fetch(thread_cache *t, int c) {
  bool keeps = c < SMALL_CLASSES && t->stage == READY;
  block *b = keeps ? t->lists[c].head : NULL;   // while guarded blocks live, the fast path does not look here
  if (b) {
    t->lists[c].head = b->next;
    SET(t->lists[c].room, GET(t->lists[c].room) + 1);
    return b;
  }
  pthread_mutex_lock(&lock);
  b = take_central(c);
  // refill half the list
  for (int32_t more = keeps ? list_limit(c) / 2 - 1 : 0; b && more > 0 && central[c].head; more--) {
    block *extra = take_central(c);
    extra->next = t->lists[c].head;
    t->lists[c].head = extra;
    SET(t->lists[c].room, GET(t->lists[c].room) - 1);
  }
  pthread_mutex_unlock(&lock);
  return b ? b : tp_memory_system(class_bytes(c));
}

static __attribute__((noinline)) void *slow_alloc(int64_t bytes) {
  thread_cache *t = &mine;
  bool dry = tp_is_dry();
  if (bytes < 0 || bytes > LARGEST) {
    if (dry) tp_refuse(bytes);
    out_of_memory(bytes);
  }
  if (t->stage == FRESH) set_up(t);
  int64_t fetched = GET(t->from_system);
  int c = class_of(bytes);
  if (dry && c >= SMALL_CLASSES) {   // not counted: it takes no memory
    void *reserved = tp_reserve(bytes);
    if (!reserved) tp_refuse(bytes);
    return reserved;
  }
  void *p = tp_guarding() ? tp_guarded_alloc(bytes) : plain ? tp_memory_system(class_bytes(c)) : fetch(t, c);
  if (t->stage == GONE) count_gone(bytes, 1, 0, GET(t->from_system) - fetched);
  else count_alloc(t, bytes);
  if (dry) memset(p, 0, (size_t)bytes);
  tp_watch_alloc(p, bytes);
  return p;
}

static __attribute__((noinline)) void slow_free(void *memory, int64_t bytes) {
  thread_cache *t = &mine;
  if (t->stage == FRESH) set_up(t);
  if (class_of(bytes) >= SMALL_CLASSES && tp_unreserve(memory)) return;
  tp_watch_free(memory);
  if (t->stage == GONE) count_gone(-bytes, 0, 1, 0);
  else count_free(t, bytes);
  if (tp_guarded_free(memory)) return;
  if (plain) { free(memory); return; }
  int c = class_of(bytes);
  bool keeps = c < SMALL_CLASSES && t->stage == READY;
  pthread_mutex_lock(&lock);
  if (keeps) empty_list(t, c, list_limit(c) / 2);
  put_central(c, memory);
  block *extra = surplus(keep_bytes());
  pthread_mutex_unlock(&lock);
  give_back(extra);
}

void *tp_alloc(int64_t bytes) {
  int c = class_of(bytes);
  thread_cache *t = &mine;
  if (__builtin_expect(c >= SMALL_CLASSES || GET(tp_memory_special), 0)) return slow_alloc(bytes);
  free_list *l = &t->lists[c];
  block *b = l->head;
  if (__builtin_expect(!b, 0)) return slow_alloc(bytes);
  l->head = b->next;
  SET(l->room, GET(l->room) + 1);
  count_alloc(t, bytes);
  return b;
}

void tp_free(void *memory, int64_t bytes) {
  int c = class_of(bytes);
  thread_cache *t = &mine;
  if (__builtin_expect(c >= SMALL_CLASSES || GET(tp_memory_special), 0)) { slow_free(memory, bytes); return; }
  free_list *l = &t->lists[c];
  int32_t room = GET(l->room);
  if (__builtin_expect(room <= 0, 0)) { slow_free(memory, bytes); return; }
  block *b = memory;
  b->next = l->head;
  l->head = b;
  SET(l->room, room - 1);
  count_free(t, bytes);
}

// ---- reading and trimming

tp_memory_counters tp_memory(void) {
  pthread_mutex_lock(&lock);
  int64_t frees = gone_frees, above = 0;
  tp_memory_counters m = {.live_bytes = gone_live,
      .cached_bytes = central_bytes,
      .allocations = gone_allocations,
      .system_allocations = gone_system};
  for (thread_cache *t = threads; t; t = t->next) {
    m.live_bytes += GET(t->live);
    m.allocations += GET(t->allocations);
    m.system_allocations += GET(t->from_system);
    frees += GET(t->frees);
    above += GET(t->high) - GET(t->reported);
    for (int c = 0; c < SMALL_CLASSES && !plain; c++)
      m.cached_bytes += (list_limit(c) - GET(t->lists[c].room)) * class_bytes(c);
  }
  pthread_mutex_unlock(&lock);
  m.live_blocks = m.allocations - frees;
  int64_t risen = GET(live_total) + above;
  m.peak_bytes = GET(peak) > risen ? GET(peak) : risen;
  return m;
}

// Other threads' `high` stays as it is, so the new peak may start up to 64 KiB a thread too high.
void tp_reset_peak(void) {
  if (mine.stage == READY) report(&mine);
  SET(peak, GET(live_total));
}

// The lists of other threads stay: each holds at most 256 KiB (or two blocks) a class.
void tp_trim(void) {
  pthread_mutex_lock(&lock);
  for (int c = 0; c < SMALL_CLASSES && mine.stage == READY && !plain; c++) empty_list(&mine, c, 0);
  block *all = surplus(0);
  pthread_mutex_unlock(&lock);
  give_back(all);
}
