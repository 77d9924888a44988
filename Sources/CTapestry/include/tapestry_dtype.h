// Every dtype, once. A row: its name, the suffix of kernels for it, the C type of a stored element, the dtype that it
// is computed in, what kind of numbers it holds, the column of pointwise.def with its cost, and its name for people. A
// dtype computed in another is one for storing: the kernels that move elements take it, arithmetic does not. To add
// one: a row here, `LOAD_name` and `STORE_name` in kernels/elements.inc, both its directions in reference_elements.h,
// and a case of Swift's DType.
#ifndef TAPESTRY_DTYPE_H
#define TAPESTRY_DTYPE_H
#include <stdbool.h>
#include <stdint.h>

// ROW(NAME, name, stored, computed in, kind, cost, text, …) for every dtype; what stands behind ROW is handed on to
// each.
#define TP_EACH_DTYPE(ROW, ...) \
  ROW(F32, f32, float, F32, real, f32, "float32", __VA_ARGS__) \
  ROW(F64, f64, double, F64, real, f64, "float64", __VA_ARGS__) \
  ROW(I32, i32, int32_t, I32, whole, whole, "int32", __VA_ARGS__) \
  ROW(I64, i64, int64_t, I64, whole, whole, "int64", __VA_ARGS__) \
  ROW(U8, u8, uint8_t, U8, whole, whole, "uint8", __VA_ARGS__) \
  ROW(BOOL, truth, uint8_t, U8, truth, whole, "bool", __VA_ARGS__) \
  ROW(F16, f16, uint16_t, F32, half, none, "float16", __VA_ARGS__) \
  ROW(BF16, bf16, uint16_t, F32, half, none, "bfloat16", __VA_ARGS__)

// TP_AGAIN(TP_EACH_DTYPE(ROW)) with TP_LATER(TP_EACH_DTYPE_)()(INNER, …) in ROW goes over all pairs: no macro expands
// within itself, so the inner list waits for a second scan.
#define TP_NOTHING()
#define TP_LATER(macro) macro TP_NOTHING()
#define TP_EACH_DTYPE_() TP_EACH_DTYPE
#define TP_AGAIN(...) __VA_ARGS__

enum {
#define TP_ROW(NAME, ...) TP_##NAME,
  TP_EACH_DTYPE(TP_ROW)
  TP_DTYPES
};
#undef TP_ROW

// Sets of dtypes, as bits: those of floating-point numbers, and those that arithmetic takes.
#define TP_FLOATING_real 1
#define TP_FLOATING_half 1
#define TP_FLOATING_whole 0
#define TP_FLOATING_truth 0
#define TP_COMPUTED_real 1
#define TP_COMPUTED_half 0
#define TP_COMPUTED_whole 1
#define TP_COMPUTED_truth 1
#define TP_FLOATING_BIT(NAME, name, stored, in, kind, ...) | TP_FLOATING_##kind << TP_##NAME
#define TP_COMPUTED_BIT(NAME, name, stored, in, kind, ...) | TP_COMPUTED_##kind << TP_##NAME
enum { TP_FLOATING_DTYPES = 0 TP_EACH_DTYPE(TP_FLOATING_BIT), TP_COMPUTED_DTYPES = 0 TP_EACH_DTYPE(TP_COMPUTED_BIT) };

static inline bool tp_is_float(int32_t dtype) { return TP_FLOATING_DTYPES >> dtype & 1; }
static inline bool tp_is_computed(int32_t dtype) { return TP_COMPUTED_DTYPES >> dtype & 1; }

// Bytes of an element.
static inline int64_t tp_itemsize(int32_t dtype) {
#define TP_ROW(NAME, name, stored, ...) [TP_##NAME] = sizeof(stored),
  static const int8_t bytes[TP_DTYPES] = {TP_EACH_DTYPE(TP_ROW)};
#undef TP_ROW
  return bytes[dtype];
}

// The dtype that one is computed in.
static inline int32_t tp_computed_in(int32_t dtype) {
#define TP_ROW(NAME, name, stored, in, ...) [TP_##NAME] = TP_##in,
  static const int8_t other[TP_DTYPES] = {TP_EACH_DTYPE(TP_ROW)};
#undef TP_ROW
  return other[dtype];
}

static inline const char *tp_dtype_name(int32_t dtype) {
#define TP_ROW(NAME, name, stored, in, kind, cost, text, ...) [TP_##NAME] = text,
  static const char *const names[TP_DTYPES] = {TP_EACH_DTYPE(TP_ROW)};
#undef TP_ROW
  return names[dtype];
}
#endif
