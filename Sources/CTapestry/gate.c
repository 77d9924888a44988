#include "internal.h"
#include <stdatomic.h>

// How many scopes of all threads watch operations.
static _Atomic int32_t users;

int32_t tp_gate_users(void) { return atomic_load_explicit(&users, memory_order_relaxed); }
void tp_gate_add(int32_t n) {
  tp_thread_mine.gates += n;
  atomic_fetch_add_explicit(&users, n, memory_order_relaxed);
}
