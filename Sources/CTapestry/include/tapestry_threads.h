// The thread pool, and the per-thread state that Swift reaches through functions.
#ifndef TAPESTRY_THREADS_H
#define TAPESTRY_THREADS_H
#include <stdbool.h>
#include <stdint.h>

// Runs f(context, 0) … f(context, tasks − 1), each exactly once, on the caller and on pool threads that are awake in
// time. Tasks are numbered by the shape of the work, never by the number of threads, so results do not depend on it.
// May be called from several threads at once and from inside a task (nested calls run on the caller alone).
typedef void (*tp_task)(void *context, int64_t index);
void tp_parallel(int64_t tasks, tp_task f, void *context);

int tp_threads(void);                    // TAPESTRY_THREADS, or tp_cores
// the cores that this process may use, by affinity and by its control groups' quota
int tp_cores(void);
#if defined(__linux__)
// the same of these processors, with the system's files below `root`
int tp_count_cores(const char *root, const int *cpus, int count);
#endif
int64_t tp_second_cache(void);           // bytes of a core's second-level cache; 1 MiB where the system does not say
#if defined(__linux__)
int64_t tp_find_second_cache(const char *root);                     // the same from the system's files below `root`
#endif
void tp_set_threads(int count);          // process-wide; 1 … 256
void tp_override_threads(int count);     // for the calling thread only; 0 ends the override

enum { TP_RUNNING = 64 };

// What a thread carries. `backend` overrides the process-wide kernels for this thread.
struct tp_backend;
struct tp_limits;
typedef struct tp_thread_state {
  bool no_grad;                          // recording is off
  bool creating_graph;                   // a backward pass records itself
  bool recomputing;                      // a checkpoint runs its closure again
  bool draining;                         // a chain of nodes is being freed
  // Scopes that this thread opened, each counted over all threads too.
  int watching;                          // who wants to know of this thread's blocks
  int dry;                               // dry runs
  int gates;                             // watchers of operations
  int passes;                            // backward passes, one inside the other
  int64_t multiply_adds;                 // of the products in dry runs so far
  uint64_t serial;                       // the newest node of this thread
  void *drain_list;                      // nodes waiting to be freed
  const struct tp_backend *backend;
  const struct tp_limits *limits;        // never null
  int threads;
  int depth;                             // nesting of tp_parallel
  void *slots[8];                        // for scoped overrides of the Swift rooms
  // a stack of leaves that backward passes have reached; an inner pass stands above the outer one
  const void **late;
  int late_count, late_room;
  int running_count;                     // how many calls of modules are nested now
  const void *running[TP_RUNNING];       // the modules, outermost first; deeper ones are counted and not held
} tp_thread_state;

tp_thread_state *tp_thread(void);

void tp_late_grow(tp_thread_state *thread);

// A module's call begins.
static inline void tp_enter(tp_thread_state *thread, const void *module) {
  int depth = thread->running_count++;
  if (depth < TP_RUNNING) thread->running[depth] = module;
}

// Puts a leaf on the stack, which grows as needed and is never given back but with its thread.
static inline void tp_late_push(tp_thread_state *thread, const void *leaf) {
  if (thread->late_count == thread->late_room) tp_late_grow(thread);
  thread->late[thread->late_count++] = leaf;
}

// Module i of those that are running, 0 the outermost.
static inline const void *tp_running(const tp_thread_state *thread, int i) { return thread->running[i]; }

// Runs f(context) on a thread of its own, which starts with the caller's modes, and waits for its end: f returned, or
// tp_leave_thread() ended it from wherever it was. What the frames that were left then held is never released, but the
// thread's scopes are closed.
void tp_run_apart(void (*f)(void *context), void *context);
_Noreturn void tp_leave_thread(void);

// A lock that sleeps.
typedef struct tp_lock tp_lock;
tp_lock *tp_lock_new(void);
void tp_lock_free(tp_lock *lock);
void tp_lock_take(tp_lock *lock);
void tp_lock_give(tp_lock *lock);

// How many scopes look for NaN, over all threads.
uint64_t tp_new_pass(void);
int32_t tp_hooks(void);
void tp_hooks_add(int32_t n);
int32_t tp_gate_users(void);
void tp_gate_add(int32_t n);
#endif
