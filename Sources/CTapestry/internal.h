// What the kernels' sources share and nobody else sees.
#ifndef TAPESTRY_INTERNAL_H
#define TAPESTRY_INTERNAL_H
#include "include/CTapestry.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

extern const tp_backend tp_backend_avx512, tp_backend_avx2, tp_backend_neon;
extern _Thread_local tp_thread_state tp_thread_mine;   // read directly: it saves a call in every operation

// Decisions by size. Every one goes through `beyond` or `reaches`, or takes its block size from `limit_for`, so that
// tests can lower the limit and see both sides taken. Names are those of tapestry_limits.h.
void tp_tally(const tp_limits *limits, int which, bool beyond);

static inline int64_t limit_at(int which) { return tp_thread_mine.limits->at[which]; }

static inline bool limit_noted(int which, bool is) {
  const tp_limits *l = tp_thread_mine.limits;
  if (__builtin_expect(l->tally != 0, 0)) tp_tally(l, which, is);
  return is;
}

static inline int64_t limit_for_at(int which, int64_t size) {
  limit_noted(which, size > limit_at(which));
  return limit_at(which);
}

// the number alone
#define LIMIT(name) limit_at(TP_LIMIT_##name)
// a constant: room on the stack
#define LIMIT_MOST(name) ((int64_t)TP_MOST_##name)
// a block of `size` elements is cut so
#define limit_for(name, size) limit_for_at(TP_LIMIT_##name, size)
#define beyond(name, size) limit_noted(TP_LIMIT_##name, (size) > LIMIT(name))
#define reaches(name, size) limit_noted(TP_LIMIT_##name, (size) >= LIMIT(name))

// The first line of a file, without its end; false where there is none. (cores.c, for Linux's files about the machine.)
bool tp_first_line(const char *path, char *line, int size);

// WHEN_cost(…) is what it is given where a row of pointwise.def has this cost, and nothing where the row is not
// defined.
#define WHEN_none(...)
#define WHEN_cheap(...) __VA_ARGS__
#define WHEN_vector(...) __VA_ARGS__
#define WHEN_slow(...) __VA_ARGS__

#define TP_MOST_ROW(name, value, low, what) TP_MOST_##name = value,
enum { TP_LIMITS(TP_MOST_ROW) };
#undef TP_MOST_ROW
#endif
