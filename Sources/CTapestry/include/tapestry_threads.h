// The thread pool, and the per-thread state that Swift reaches through functions.
#ifndef TAPESTRY_THREADS_H
#define TAPESTRY_THREADS_H
#include <stdbool.h>
#include <stdint.h>

// Runs f(context, 0) … f(context, tasks − 1), each exactly once, on the caller and on pool threads that are awake in time. Tasks are
// numbered by the shape of the work, never by the number of threads, so results do not depend on it. May be called from several threads
// at once and from inside a task (nested calls run on the caller alone).
typedef void (*tp_task)(void *context, int64_t index);
void tp_parallel(int64_t tasks, tp_task f, void *context);

int tp_threads(void);                    // TAPESTRY_THREADS, or the number of cores that this process may use
void tp_set_threads(int count);          // process-wide; 1 … 256
void tp_override_threads(int count);     // for the calling thread only; 0 ends the override

// What a thread carries. `backend` overrides the process-wide kernels for this thread.
struct tp_backend;
typedef struct tp_thread_state {
  bool no_grad;                          // recording is off
  bool creating_graph;                   // a backward pass records itself
  bool anomaly;                          // every result is checked for NaN
  bool draining;                         // a chain of nodes is being freed
  uint64_t serial;                       // the newest node of this thread
  void *drain_list;                      // nodes waiting to be freed
  const struct tp_backend *backend;
  int threads;
  int depth;                             // nesting of tp_parallel
  void *slots[8];                        // for scoped overrides of the Swift rooms
} tp_thread_state;

tp_thread_state *tp_thread(void);

// How many scopes look for NaN, over all threads.
int32_t tp_anomaly_users(void);
void tp_anomaly_add(int32_t n);
#endif
