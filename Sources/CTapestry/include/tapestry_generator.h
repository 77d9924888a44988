// Where random numbers come from: a position in Philox's sequence that several threads may advance.
#ifndef TAPESTRY_GENERATOR_H
#define TAPESTRY_GENERATOR_H
#include "tapestry_backend.h"

typedef struct tp_generator tp_generator;

tp_generator *tp_generator_new(tp_random_state start);
void tp_generator_free(tp_generator *g);

// The state before, which the caller's `counters` counters now belong to. At the end of the 128-bit counter's low half
// the next `stream` begins, so that no counter is used twice.
tp_random_state tp_generator_reserve(tp_generator *g, uint64_t counters);

tp_random_state tp_generator_state(tp_generator *g);
void tp_generator_restore(tp_generator *g, tp_random_state state);
#endif
