#include "internal.h"
#include <stdatomic.h>

// A number for each backward pass, and search through a graph, that no other has: a graph may go from one thread to
// another.
uint64_t tp_new_pass(void) {
  static _Atomic uint64_t last;
  return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

// How many hooks of gradients there are.
static _Atomic int32_t hooks;

int32_t tp_hooks(void) { return atomic_load_explicit(&hooks, memory_order_relaxed); }
void tp_hooks_add(int32_t n) { atomic_fetch_add_explicit(&hooks, n, memory_order_relaxed); }

// How many scopes of all threads watch operations.
static _Atomic int32_t users;

int32_t tp_gate_users(void) { return atomic_load_explicit(&users, memory_order_relaxed); }
void tp_gate_add(int32_t n) {
  tp_thread_mine.gates += n;
  atomic_fetch_add_explicit(&users, n, memory_order_relaxed);
}
