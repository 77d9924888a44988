#include "internal.h"
#include <stdatomic.h>

static _Atomic int32_t users;

int32_t tp_anomaly_users(void) { return atomic_load_explicit(&users, memory_order_relaxed); }
void tp_anomaly_add(int32_t n) {
  tp_thread_mine.anomalies += n;
  atomic_fetch_add_explicit(&users, n, memory_order_relaxed);
}
