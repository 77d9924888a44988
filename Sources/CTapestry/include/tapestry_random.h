// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011).
#ifndef TAPESTRY_RANDOM_H
#define TAPESTRY_RANDOM_H
#include <stdint.h>

// Four random words from one counter. Words are least significant first: a random operation uses the counter
// {offset low, offset high, stream low, stream high} and the key {key low, key high}.
void tp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
#endif
