// The state that a thread carries. Swift cannot declare a C thread-local, so it asks for the address once an operation.
#include "internal.h"
#include "include/tapestry_dry.h"
#include "include/tapestry_memory.h"
#include "include/tapestry_failure.h"
#include <pthread.h>
#include <stdlib.h>

_Thread_local tp_thread_state tp_thread_mine = {.limits = &tp_standard_limits};

tp_thread_state *tp_thread(void) { return &tp_thread_mine; }

// A thread's end gives its stack of leaves back.
static pthread_key_t late_key;
static void late_end(void *late) { free(late); }
static void late_begin(void) {
  if (pthread_key_create(&late_key, late_end)) tp_die("Tapestry: the system gave no thread-local key\n");
}

void tp_late_grow(tp_thread_state *thread) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, late_begin);
  thread->late_room = thread->late_room ? 2 * thread->late_room : 64;
  const void **late = realloc(thread->late, (size_t)thread->late_room * sizeof *late);
  if (!late || pthread_setspecific(late_key, late)) tp_die("Tapestry: no memory left for a backward pass\n");
  thread->late = late;
}

typedef struct apart {
  void (*f)(void *context);
  void *context;
  const tp_thread_state *caller;
} apart;

static void *run_apart(void *argument) {
  const apart *work = argument;
  tp_thread_mine = *work->caller;
  tp_thread_mine.drain_list = NULL;
  tp_thread_mine.draining = false;
  tp_thread_mine.late = NULL;
  tp_thread_mine.late_count = tp_thread_mine.late_room = 0;
  tp_thread_mine.running_count = 0;
  tp_thread_mine.watching = tp_thread_mine.dry = tp_thread_mine.gates = 0;
  work->f(work->context);
  return NULL;
}

void tp_run_apart(void (*f)(void *context), void *context) {
  apart work = {f, context, tp_thread()};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (size_t)8 << 20);   // what a main thread has
  if (pthread_create(&thread, &attributes, run_apart, &work)) tp_die("Tapestry: the system gave no thread\n");
  pthread_attr_destroy(&attributes);
  pthread_join(thread, NULL);
}

_Noreturn void tp_leave_thread(void) {
  while (tp_thread_mine.watching > 0) tp_watch_end();
  while (tp_thread_mine.dry > 0) tp_dry_end(NULL);
  tp_gate_add(-tp_thread_mine.gates);
  pthread_exit(NULL);
}

struct tp_lock { pthread_mutex_t mutex; };

tp_lock *tp_lock_new(void) {
  tp_lock *lock = malloc(sizeof *lock);
  if (!lock || pthread_mutex_init(&lock->mutex, NULL)) tp_die("Tapestry: no memory left for a lock\n");
  return lock;
}

void tp_lock_free(tp_lock *lock) {
  pthread_mutex_destroy(&lock->mutex);
  free(lock);
}

void tp_lock_take(tp_lock *lock) { pthread_mutex_lock(&lock->mutex); }
void tp_lock_give(tp_lock *lock) { pthread_mutex_unlock(&lock->mutex); }
