#include "internal.h"

#define AT(name, value, low, what) [TP_LIMIT_##name] = value,
const tp_limits tp_standard_limits = {.at = {TP_LIMITS(AT)}};

#define ROW(name, value, low, what) {#name, value, low, what},
tp_limit_row tp_limit(int which) {
  static const tp_limit_row rows[TP_LIMIT_COUNT] = {TP_LIMITS(ROW)};
  return rows[which];
}

const tp_limits *tp_current_limits(void) { return tp_thread_mine.limits; }
void tp_use_limits(const tp_limits *limits) { tp_thread_mine.limits = limits; }

void tp_tally(const tp_limits *l, int which, bool beyond) {
  __atomic_fetch_add(&l->tally[2 * which + beyond], 1, __ATOMIC_RELAXED);
}
