#include "include/tapestry_generator.h"
#include "include/tapestry_failure.h"
#include <pthread.h>
#include <stdlib.h>

struct tp_generator {
  pthread_mutex_t lock;
  tp_random_state state;
};

tp_generator *tp_generator_new(tp_random_state start) {
  tp_generator *g = malloc(sizeof *g);   // not tp_alloc, which counts tensors
  if (!g) tp_die("Tapestry: out of memory: a random generator\n");
  pthread_mutex_init(&g->lock, NULL);
  g->state = start;
  return g;
}

void tp_generator_free(tp_generator *g) {
  pthread_mutex_destroy(&g->lock);
  free(g);
}

tp_random_state tp_generator_reserve(tp_generator *g, uint64_t counters) {
  pthread_mutex_lock(&g->lock);
  if (g->state.offset + counters < g->state.offset) {
    g->state.stream++;
    g->state.offset = 0;
  }
  tp_random_state before = g->state;
  g->state.offset += counters;
  pthread_mutex_unlock(&g->lock);
  return before;
}

tp_random_state tp_generator_state(tp_generator *g) { return tp_generator_reserve(g, 0); }

void tp_generator_restore(tp_generator *g, tp_random_state state) {
  pthread_mutex_lock(&g->lock);
  g->state = state;
  pthread_mutex_unlock(&g->lock);
}
