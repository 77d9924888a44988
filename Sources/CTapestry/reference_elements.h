// Elements of every dtype as numbers for the reference backend, by the definitions: nothing here is shared with the
// kernels.
#ifndef TAPESTRY_REFERENCE_ELEMENTS_H
#define TAPESTRY_REFERENCE_ELEMENTS_H
#include "internal.h"

typedef long double real;

// A floating number of `fraction` bits after the leading one and an exponent with this bias, in 16 bits: its value,
// (−1)^sign · 2^(e − bias) · 1.f; with the lowest exponent 2^(1 − bias) · 0.f; with the highest, infinity and NaN.
static inline real ref_decode(uint16_t code, int fraction, int bias) {
  const int size = code & 0x7fff, exponent = size >> fraction, rest = size & ((1 << fraction) - 1);
  const real magnitude = exponent == 0x7fff >> fraction ? (rest ? (real)NAN : (real)INFINITY)
                       : ldexpl(exponent ? rest + (1 << fraction) : rest, (exponent ? exponent : 1) - bias - fraction);
  return code & 0x8000 ? -magnitude : magnitude;
}

// The nearest such number, ties to even.
static inline uint16_t ref_encode(real v, int fraction, int bias) {
  const int infinity = (0x7fff >> fraction) << fraction, sign = signbit(v) ? 0x8000 : 0;
  if (isnan(v)) return (uint16_t)(sign | 0x7fff);
  if (isinf(v)) return (uint16_t)(sign | infinity);
  int exponent = v == 0 ? 1 - bias : ilogbl(v);
  if (exponent < 1 - bias) exponent = 1 - bias;
  // of the last bit; 2^(fraction + 1) of them reach into the next exponent, as the code does
  const real units = rintl(ldexpl(fabsl(v), fraction - exponent));
  const real code = units + (real)((int64_t)(exponent + bias - 1) << fraction);
  return (uint16_t)(sign | (code >= infinity ? infinity : (int)code));
}

// REF_LOAD_name(p) reads the element at p; REF_STORE_name(v) makes one.
#define REF_LOAD_f32(p) (*(const float *)(p))
#define REF_LOAD_f64(p) (*(const double *)(p))
#define REF_LOAD_i32(p) (*(const int32_t *)(p))
#define REF_LOAD_i64(p) (*(const int64_t *)(p))
#define REF_LOAD_u8(p) (*(const uint8_t *)(p))
#define REF_LOAD_truth(p) (*(const uint8_t *)(p))
#define REF_LOAD_f16(p) ref_decode(*(const uint16_t *)(p), 10, 15)
#define REF_LOAD_bf16(p) ref_decode(*(const uint16_t *)(p), 7, 127)
#define REF_STORE_f32(v) ((float)(v))
#define REF_STORE_f64(v) ((double)(v))
#define REF_STORE_i32(v) ((int32_t)(v))
#define REF_STORE_i64(v) ((int64_t)(v))
#define REF_STORE_u8(v) ((uint8_t)(v))
#define REF_STORE_truth(v) ((uint8_t)((v) != 0))
#define REF_STORE_f16(v) ref_encode(v, 10, 15)
#define REF_STORE_bf16(v) ref_encode(v, 7, 127)

#define REF_WHEN_FLOAT_real(...) __VA_ARGS__
#define REF_WHEN_FLOAT_half(...) __VA_ARGS__
#define REF_WHEN_FLOAT_whole(...)
#define REF_WHEN_FLOAT_truth(...)
#define REF_WHEN_INT_real(...)
#define REF_WHEN_INT_half(...)
#define REF_WHEN_INT_whole(...) __VA_ARGS__
#define REF_WHEN_INT_truth(...) __VA_ARGS__

static inline real ref_load(int32_t dtype, const void *p) {
#define ROW(NAME, name, ...) case TP_##NAME: return (real)REF_LOAD_##name(p);
  switch (dtype) { TP_EACH_DTYPE(ROW) default: return 0; }
#undef ROW
}

static inline int64_t ref_load_int(int32_t dtype, const void *p) {   // integer dtypes only
#define ROW(NAME, name, stored, in, kind, ...) REF_WHEN_INT_##kind(case TP_##NAME: return REF_LOAD_##name(p);)
  switch (dtype) { TP_EACH_DTYPE(ROW) default: return 0; }
#undef ROW
}

static inline void ref_store(int32_t dtype, void *p, real v) {   // floating dtypes only
#define ROW(NAME, name, stored, in, kind, ...)                                                                         \
  REF_WHEN_FLOAT_##kind(case TP_##NAME: *(stored *)p = REF_STORE_##name(v); return;)
  switch (dtype) { TP_EACH_DTYPE(ROW) default: return; }
#undef ROW
}

static inline void ref_store_int(int32_t dtype, void *p, int64_t v) {   // integer dtypes only; wraps
#define ROW(NAME, name, stored, in, kind, ...)                                                                         \
  REF_WHEN_INT_##kind(case TP_##NAME: *(stored *)p = REF_STORE_##name(v); return;)
  switch (dtype) { TP_EACH_DTYPE(ROW) default: return; }
#undef ROW
}
#endif
