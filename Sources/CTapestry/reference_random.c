// The reference backend's random numbers: the scalar generator, one element at a time, and the tiers' formulas on
// vectors of one double, since every backend must give the same bits.
#include "reference.h"
#define VB 8
#include "kernels/vector.inc"
typedef uint64_t vlu __attribute__((vector_size(VB)));
#include "kernels/random_formulas.inc"

// Element i's block, and its place there: 16 counters a block, a word (narrow) or two (wide) an element.
typedef struct place { int64_t block, counter, word; } place;

static place narrow_place(int64_t i) { return (place){i / 64, i % 16, i / 16 % 4}; }
static place wide_place(int64_t i) { return (place){i / 32, i % 16, i / 16 % 2 * 2}; }

static uint32_t word(tp_random_state s, place at, int64_t which) {
  const uint64_t low = s.offset + (uint64_t)(at.block * 16 + at.counter);
  const uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)s.stream, (uint32_t)(s.stream >> 32)};
  const uint32_t key[2] = {(uint32_t)s.key, (uint32_t)(s.key >> 32)};
  uint32_t out[4];
  tp_philox(counter, key, out);
  return out[which];
}

static vl lane(uint32_t word) { return (vl){(int64_t)word}; }

static double fraction(tp_random_state s, place at, int64_t first_word) {
  return random_fraction(lane(word(s, at, first_word)), lane(word(s, at, first_word + 1)))[0];
}

// A normal value: of each pair of places the even one gets the cosine, the odd one the sine.
static double normal(tp_random_state s, int64_t i, bool narrow) {
  vd u, v, first, second;
  bool odd;
  if (narrow) {
    place at = narrow_place(i);
    odd = at.word % 2;
    u = vd_set(((double)word(s, at, at.word - odd) + 1.0) * 0x1p-32);
    v = vd_set((double)word(s, at, at.word - odd + 1) * 0x1p-32);
  } else {
    place at = wide_place(i);
    odd = at.word == 2;
    u = vd_set(fraction(s, at, 0) + 0x1p-53);
    v = vd_set(fraction(s, at, 2));
  }
  random_normals(u, v, &first, &second);
  return odd ? second[0] : first[0];
}

static double truncated(tp_random_state s, int64_t i, bool narrow) {
  place n = narrow_place(i), w = wide_place(i);
  double u = narrow ? ((double)word(s, n, n.word) + 0.5) * 0x1p-32 : fraction(s, w, w.word) + 0x1p-54;
  return random_truncated(vd_set(u))[0];
}

static double uniform(tp_random_state s, int64_t i, bool narrow, double p, double q) {
  place n = narrow_place(i), w = wide_place(i);
  if (narrow) return random_between_f32((float)p, (float)q, (float)(word(s, n, n.word) >> 8) * 0x1p-24f);
  return random_between_f64(p, q, fraction(s, w, w.word));
}

void tp_reference_random(int kind, const tp_tensor *y, tp_random_state s, tp_number low, tp_number high) {
  _Pragma("clang fp contract(off)")
  const bool narrow = y->dtype == TP_F32;
  const double p = low.real, q = high.real;
  for (int64_t i = 0, n = tp_count(y); i < n; i++) {
    place at = kind == TP_RANDINT ? wide_place(i) : narrow_place(i);
    switch (kind) {
      case TP_UNIFORM: ref_put(y, i, uniform(s, i, narrow, p, q)); break;
      case TP_NORMAL: ref_put(y, i, normal(s, i, narrow) * q + p); break;
      case TP_TRUNCATED_NORMAL: ref_put(y, i, truncated(s, i, narrow) * q + p); break;
      case TP_BERNOULLI: ref_put_any(y, i, word(s, at, at.word) < random_threshold(p)); break;
      default:
        ref_put_any(y, i,
            random_integer(low.whole, high.whole, word(s, at, at.word) | (uint64_t)word(s, at, at.word + 1) << 32));
        break;
      }
  }
}

void tp_reference_dropout(const tp_tensor *y, const tp_tensor *x, tp_random_state s, double p) {
  for (int64_t i = 0, n = tp_count(y); i < n; i++) {
    place at = narrow_place(i);
    bool keep = word(s, at, at.word) >= random_threshold(p);
    if (!keep) ref_put(y, i, 0);
    else if (y->dtype == TP_F32) ref_put(y, i, (float)ref_get(x, i) * (float)(1 / (1 - p)));
    else ref_put(y, i, (double)ref_get(x, i) * (1 / (1 - p)));
  }
}
