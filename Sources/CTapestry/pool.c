// The thread pool. A parallel call takes one of a few static slots, opens it, and works itself; pool threads claim
// tasks from open slots. Claims go through one atomic word a slot, the ticket, so the caller waits only for tasks that
// others claimed, never for a thread that has not started one; and since slots are static and tickets carry a
// generation, a late thread touches nothing that has ended.
#include "internal.h"
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

// ---- tickets: generation (20 bits) | helpers that may still join (8 bits) | next task (36 bits)
#define TASK_BITS 36
#define TASK_MASK ((UINT64_C(1) << TASK_BITS) - 1)
#define ONE_HELPER (UINT64_C(1) << TASK_BITS)
#define ONE_GENERATION (UINT64_C(1) << (TASK_BITS + 8))
#define GENERATION(t) ((t) / ONE_GENERATION)
#define HELPERS(t) ((t) / ONE_HELPER % 256)

enum { SLOTS = TP_MOST_pool_slots, MAX_THREADS = 256, SPIN_NANOSECONDS = 40000 };

typedef struct slot {
  _Alignas(128) _Atomic uint64_t ticket;   // next task = TASK_MASK: closed
  _Atomic int64_t tasks;
  _Atomic(tp_task) f;
  _Atomic(void *) context;
  _Atomic(const tp_limits *) limits;       // the caller's: its tasks go by them on every thread
  atomic_bool taken;                       // some caller owns the slot
  _Alignas(128) _Atomic int64_t done;      // tasks that have ended
  atomic_bool caller_sleeps;
} slot;

static slot slots[SLOTS] = {[0 ... SLOTS - 1] = {.ticket = TASK_MASK}};
static _Alignas(128) _Atomic uint64_t epoch;   // counts opened slots; idle threads watch it
static _Alignas(128) atomic_int sleeping;      // pool threads on `work`
static atomic_int started, target;             // pool threads that exist, that should exist
static atomic_int process_threads;             // 0: not decided yet
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, finished = PTHREAD_COND_INITIALIZER;

// ---- how many threads

static int clamp_threads(long n) { return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (int)n; }

static int first_threads(void) {
  const char *wish = getenv("TAPESTRY_THREADS");
  long n = wish ? strtol(wish, NULL, 10) : 0;
  int none = 0, chosen = clamp_threads(n > 0 ? n : tp_cores());
  return atomic_compare_exchange_strong(&process_threads, &none, chosen) ? chosen : none;
}

int tp_threads(void) {
  int n = tp_thread()->threads;
  if (n == 0) n = atomic_load_explicit(&process_threads, memory_order_relaxed);
  return n ? n : first_threads();
}

void tp_override_threads(int count) { tp_thread()->threads = count > 0 ? clamp_threads(count) : 0; }

// Growing happens at the next parallel call; surplus threads leave when idle.
void tp_set_threads(int count) {
  count = clamp_threads(count);
  pthread_mutex_lock(&lock);
  atomic_store(&process_threads, count);
  if (atomic_load(&target) > count - 1) atomic_store(&target, count - 1);
  pthread_cond_broadcast(&work);
  pthread_mutex_unlock(&lock);
}

// ---- waiting

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");   // `yield` does nothing on most cores
#endif
}

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// The clock is read only now and then, because it costs as much as a pause.
#define SPIN_UNTIL(condition)                                                    \
  for (int64_t turn = 0, end = 0; !(condition); turn++) {                        \
    if (turn % 64 == 63) {                                                       \
      int64_t now = nanoseconds();                                               \
      if (end == 0) end = now + SPIN_NANOSECONDS;                                \
      else if (now > end) break;                                                 \
    }                                                                            \
    relax();                                                                     \
  }

// ---- tasks

static void run_task(slot *s, int64_t index) {
  tp_task f = atomic_load_explicit(&s->f, memory_order_relaxed);
  const tp_limits *before = tp_thread_mine.limits;
  tp_thread_mine.limits = atomic_load_explicit(&s->limits, memory_order_relaxed);
  f(atomic_load_explicit(&s->context, memory_order_relaxed), index);
  tp_thread_mine.limits = before;
}

// Claims the next task of `s` into *index. A helper (member = false) joins with its first claim and remembers the
// generation.
static bool claim(slot *s, bool *member, uint64_t *generation, int64_t *index) {
  uint64_t t = atomic_load_explicit(&s->ticket, memory_order_acquire);
  for (;;) {
    int64_t next = (int64_t)(t & TASK_MASK);
    if (next >= atomic_load_explicit(&s->tasks, memory_order_relaxed) || next == (int64_t)TASK_MASK) return false;
    bool joined = *member && GENERATION(t) == *generation;
    if (!joined && HELPERS(t) == 0) return false;
    uint64_t after = t + 1 - (joined ? 0 : ONE_HELPER);
    if (atomic_compare_exchange_weak_explicit(&s->ticket, &t, after, memory_order_acq_rel, memory_order_acquire)) {
      *member = true;
      *generation = GENERATION(t);
      *index = next;
      return true;
    }
  }
}

// Runs what a helper can get of one slot. `done` is raised last: after it the slot may belong to someone else.
static bool help(slot *s) {
  bool member = false, any = false;
  uint64_t generation = 0;
  int64_t index;
  while (claim(s, &member, &generation, &index)) {
    any = true;
    run_task(s, index);
    int64_t tasks = atomic_load_explicit(&s->tasks, memory_order_relaxed);
    if (atomic_fetch_add(&s->done, 1) + 1 == tasks && atomic_load(&s->caller_sleeps)) {
      pthread_mutex_lock(&lock);
      pthread_cond_broadcast(&finished);
      pthread_mutex_unlock(&lock);
    }
  }
  return any;
}

// ---- pool threads

// Sleeps until a slot is opened after `seen`. False when this thread is to leave.
static bool sleep_for_work(int id, uint64_t seen) {
  bool stay = true;
  pthread_mutex_lock(&lock);
  atomic_fetch_add(&sleeping, 1);
  while (atomic_load(&epoch) == seen) {
    // the last one first: numbers stay without gaps
    if (id >= atomic_load(&target) && id == atomic_load(&started) - 1) {
      atomic_store(&started, id);
      pthread_cond_broadcast(&work);
      stay = false;
      break;
    }
    pthread_cond_wait(&work, &lock);
  }
  atomic_fetch_sub(&sleeping, 1);
  pthread_mutex_unlock(&lock);
  return stay;
}

static void *pool_thread(void *number) {
  const int id = (int)(intptr_t)number;
  const bool may_spin = id < tp_cores() - 1;   // more threads than cores would spin in each other's way
  tp_thread()->depth = 1;                   // a task's own parallel calls run here
  for (;;) {
    uint64_t seen = atomic_load(&epoch);
    bool any = false;
    for (int i = 0; i < SLOTS; i++) any |= help(&slots[i]);
    if (any) continue;
    if (may_spin) SPIN_UNTIL(atomic_load_explicit(&epoch, memory_order_relaxed) != seen);
    if (atomic_load(&epoch) == seen && !sleep_for_work(id, seen)) return NULL;
  }
}

// Starts pool threads until there are `wanted`; a system that gives none is no error, the caller works anyway.
static __attribute__((noinline)) void grow(int wanted) {
  pthread_mutex_lock(&lock);
  if (atomic_load(&target) < wanted) atomic_store(&target, wanted);
  while (atomic_load(&started) < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, pool_thread, (void *)(intptr_t)atomic_load(&started))) break;
    pthread_detach(thread);
    atomic_fetch_add(&started, 1);
  }
  pthread_mutex_unlock(&lock);
}

// ---- parallel calls

static slot *take_slot(void) {
  const int most = (int)LIMIT(pool_slots);
  for (int i = 0; i < most; i++)
    if (!atomic_load_explicit(&slots[i].taken, memory_order_relaxed) && !atomic_exchange(&slots[i].taken, true)) {
      limit_noted(TP_LIMIT_pool_slots, false);
      return &slots[i];
    }
  limit_noted(TP_LIMIT_pool_slots, true);
  return NULL;
}

static uint64_t open_slot(slot *s, int64_t tasks, int helpers, tp_task f, void *context) {
  uint64_t ticket = (atomic_load_explicit(&s->ticket, memory_order_relaxed) & ~(ONE_GENERATION - 1)) + ONE_GENERATION;
  atomic_store_explicit(&s->done, 0, memory_order_relaxed);
  atomic_store_explicit(&s->f, f, memory_order_relaxed);
  atomic_store_explicit(&s->context, context, memory_order_relaxed);
  atomic_store_explicit(&s->limits, tp_thread_mine.limits, memory_order_relaxed);
  atomic_store_explicit(&s->tasks, tasks, memory_order_relaxed);
  atomic_store_explicit(&s->ticket, ticket + (uint64_t)helpers * ONE_HELPER, memory_order_release);
  atomic_fetch_add(&epoch, 1);
  int asleep = atomic_load(&sleeping);
  // those awake will look by themselves
  int wake = helpers - (atomic_load_explicit(&started, memory_order_relaxed) - asleep);
  if (asleep > 0 && wake > 0) {
    pthread_mutex_lock(&lock);
    while (wake-- > 0) pthread_cond_signal(&work);
    pthread_mutex_unlock(&lock);
  }
  return GENERATION(ticket);
}

static void wait_for(slot *s, int64_t tasks) {
  SPIN_UNTIL(atomic_load_explicit(&s->done, memory_order_acquire) == tasks);
  if (atomic_load(&s->done) == tasks) return;
  pthread_mutex_lock(&lock);
  atomic_store(&s->caller_sleeps, true);
  while (atomic_load(&s->done) != tasks) pthread_cond_wait(&finished, &lock);
  atomic_store(&s->caller_sleeps, false);
  pthread_mutex_unlock(&lock);
}

static void run_alone(int64_t tasks, tp_task f, void *context) {
  if (tp_thread_mine.limits->backwards) for (int64_t i = tasks; i-- > 0;) f(context, i);
  else for (int64_t i = 0; i < tasks; i++) f(context, i);
}

void tp_parallel(int64_t tasks, tp_task f, void *context) {
  tp_thread_state *me = tp_thread();
  int64_t threads = tasks > 1 && me->depth == 0 && tasks < (int64_t)TASK_MASK && !me->limits->backwards ? tp_threads()
                                                                                                        : 1;
  if (threads > tasks) threads = tasks;
  slot *s = threads > 1 ? take_slot() : NULL;
  if (!s) {                       // little to share, inside a task, or sixteen callers already at work
    me->depth++;
    run_alone(tasks, f, context);
    me->depth--;
    return;
  }
  int helpers = (int)threads - 1;
  if (atomic_load_explicit(&started, memory_order_relaxed) < helpers) grow(helpers);
  uint64_t generation = open_slot(s, tasks, helpers, f, context);
  bool member = true;
  int64_t index, mine = 0;
  me->depth++;
  for (; claim(s, &member, &generation, &index); mine++) f(context, index);
  me->depth--;
  atomic_fetch_add(&s->done, mine);
  wait_for(s, tasks);
  atomic_store_explicit(
      &s->ticket, atomic_load_explicit(&s->ticket, memory_order_relaxed) | TASK_MASK, memory_order_release);
  atomic_store_explicit(&s->taken, false, memory_order_release);
}
