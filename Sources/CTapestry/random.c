// The generator, one counter at a time. kernels/random.inc does the same in vectors; the reference backend uses this.
#include "internal.h"

void tp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3], k = key[0], l = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t p = (uint64_t)a * 0xD2511F53, q = (uint64_t)c * 0xCD9E8D57;
    a = (uint32_t)(q >> 32) ^ b ^ k;
    b = (uint32_t)q;
    c = (uint32_t)(p >> 32) ^ d ^ l;
    d = (uint32_t)p;
    k += 0x9E3779B9;
    l += 0xBB67AE85;
  }
  out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

// Counters are used sixteen at a time, and no kind gives less than two elements for one of them.
int64_t tp_random_span(int64_t count) { return (count + 31) / 32 * 16; }
