// The reference backend's operations that move elements and multiply matrices.
#include "reference.h"

// Elements with the row-major coordinates of `shape`: number `i` of it, but `entry` on `axis` (which may be −1).
static void *at_coordinates(const tp_tensor *t, const tp_tensor *shape, int64_t i, int axis, int64_t entry) {
  int64_t position = 0;
  for (int a = shape->rank - 1; a >= 0; a--) {
    position += (a == axis ? entry : i % shape->size[a]) * t->stride[a];
    i /= shape->size[a];
  }
  return (char *)t->data + position * tp_itemsize(t->dtype);
}

static int64_t coordinate(const tp_tensor *shape, int64_t i, int axis) {
  return i / ref_inner(shape, axis) % shape->size[axis];
}

static void move(void *to, const void *from, int32_t dtype) { memcpy(to, from, (size_t)tp_itemsize(dtype)); }

// *to += *from
static void accumulate(void *to, void *from, int32_t dtype) {
  const tp_tensor a = {.data = to, .dtype = dtype}, b = {.data = from, .dtype = dtype};
  if (ref_floating(&a)) ref_put(&a, 0, ref_get(&a, 0) + ref_get(&b, 0));
  else ref_put_int(&a, 0, (int64_t)((uint64_t)ref_get_int(&a, 0) + (uint64_t)ref_get_int(&b, 0)));
}

void tp_reference_select(const tp_tensor *y, const tp_tensor *condition, const tp_tensor *a, const tp_tensor *b) {
  const tp_tensor c = tp_expanded(condition, y), va = tp_expanded(a, y), vb = tp_expanded(b, y);
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    move(ref_at(y, i), ref_at(ref_get_int(&c, i) ? &va : &vb, i), y->dtype);
}

// Truncated and cut to the range; NaN is 0; uint8 takes an int32's low byte.
static int64_t integer_of(real v, int32_t dtype) {
  if (isnan(v)) return 0;
  if (dtype == TP_I64) return v >= 0x1p63L ? INT64_MAX : v < -0x1p63L ? INT64_MIN : (int64_t)v;
  return v >= 0x1p31L ? INT32_MAX : v <= -0x1p31L ? INT32_MIN : (int32_t)v;
}

void tp_reference_copy(const tp_tensor *y, const tp_tensor *x) {
  const tp_tensor from = tp_expanded(x, y);
  for (int64_t i = 0, n = tp_count(y); i < n; i++) {
    if (y->dtype == x->dtype) move(ref_at(y, i), ref_at(&from, i), y->dtype);
    else if (ref_floating(y) && !ref_floating(x)) ref_put_any(y, i, ref_get_int(&from, i));
    else if (ref_floating(y)) ref_put(y, i, ref_get(&from, i));
    else if (y->dtype == TP_BOOL) ref_put_int(y, i, ref_get(&from, i) != 0);
    else ref_put_int(y, i, ref_floating(x) ? integer_of(ref_get(&from, i), y->dtype) : ref_get_int(&from, i));
  }
}

void tp_reference_fill(const tp_tensor *y, double value, int64_t integer) {
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    if (ref_floating(y)) ref_put(y, i, value);
    else ref_put_int(y, i, integer);
}

// ---- matrices

// Matrix `batch` of t, its batch axes broadcast to c's.
static tp_tensor matrix_of(const tp_tensor *t, const tp_tensor *c, int64_t batch) {
  tp_tensor shape = *c, v;
  shape.rank = c->rank - 2;
  tp_tensor outer = *t;
  outer.rank = t->rank - 2;
  v = tp_expanded(&outer, &shape);
  return (tp_tensor){.data = ref_at(&v, batch),
      .dtype = t->dtype,
      .rank = 2,
      .size = {t->size[t->rank - 2], t->size[t->rank - 1]},
      .stride = {t->stride[t->rank - 2], t->stride[t->rank - 1]}};
}

static real dot_real(const tp_tensor *a, const tp_tensor *b, int64_t i, int64_t j) {
  real sum = 0;
  for (int64_t k = 0; k < a->size[1]; k++) sum += ref_get(a, i * a->size[1] + k) * ref_get(b, k * b->size[1] + j);
  return sum;
}

static uint64_t dot_int(const tp_tensor *a, const tp_tensor *b, int64_t i, int64_t j) {
  uint64_t sum = 0;
  for (int64_t k = 0; k < a->size[1]; k++)
    sum += (uint64_t)ref_get_int(a, i * a->size[1] + k) * (uint64_t)ref_get_int(b, k * b->size[1] + j);
  return sum;
}

static void product(const tp_tensor *c, const tp_tensor *a, const tp_tensor *b, const tp_epilogue *e) {
  const int64_t n = c->size[1];
  const tp_tensor bias = {.data = (void *)(uintptr_t)e->bias, .dtype = c->dtype, .rank = 1, .size = {n}, .stride = {1}};
  for (int64_t i = 0; i < c->size[0] * n; i++)
    if (ref_floating(c)) {
      real v = (real)e->alpha * dot_real(a, b, i / n, i % n);
      if (e->beta != 0) v += (real)e->beta * ref_get(c, i);   // with beta 0, c may hold anything, even NaN
      if (e->bias) v += ref_get(&bias, i % n);
      ref_put(c, i, v);
    } else {
      uint64_t v = (uint64_t)(int64_t)e->alpha * dot_int(a, b, i / n, i % n);
      if (e->beta != 0) v += (uint64_t)(int64_t)e->beta * (uint64_t)ref_get_int(c, i);
      if (e->bias) v += (uint64_t)ref_get_int(&bias, i % n);
      ref_put_int(c, i, (int64_t)v);
    }
}

void tp_reference_gemm(const tp_tensor *c, const tp_tensor *a, const tp_tensor *b, const tp_epilogue *e) {
  static const tp_epilogue none = {.alpha = 1};
  tp_tensor outer = *c;
  outer.rank = c->rank - 2;
  for (int64_t batch = 0, n = tp_count(&outer); batch < n; batch++) {
    const tp_tensor mc = matrix_of(c, c, batch), ma = matrix_of(a, c, batch), mb = matrix_of(b, c, batch);
    product(&mc, &ma, &mb, e ? e : &none);
  }
}

// ---- indices

void tp_reference_check_indices(const tp_tensor *index, int64_t bound, int64_t *position) {
  *position = -1;
  for (int64_t i = tp_count(index) - 1; i >= 0; i--)
    if (ref_get_int(index, i) < 0 || ref_get_int(index, i) >= bound) *position = i;
}

void tp_reference_gather(const tp_tensor *y, const tp_tensor *x, const tp_tensor *index, int axis) {
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    move(ref_at(y, i), at_coordinates(x, y, i, axis, ref_get_int(index, i)), y->dtype);
}

void tp_reference_scatter_add(const tp_tensor *y, const tp_tensor *index, const tp_tensor *x, int axis) {
  for (int64_t i = 0, n = tp_count(index); i < n; i++)
    accumulate(at_coordinates(y, index, i, axis, ref_get_int(index, i)), at_coordinates(x, index, i, -1, 0), y->dtype);
}

void tp_reference_index_select(const tp_tensor *y, const tp_tensor *x, const tp_tensor *index, int axis) {
  for (int64_t i = 0, n = tp_count(y); i < n; i++)
    move(ref_at(y, i), at_coordinates(x, y, i, axis, ref_get_int(index, coordinate(y, i, axis))), y->dtype);
}

void tp_reference_index_add(const tp_tensor *y, const tp_tensor *index, const tp_tensor *x, int axis) {
  for (int64_t i = 0, n = tp_count(x); i < n; i++)
    accumulate(at_coordinates(y, x, i, axis, ref_get_int(index, coordinate(x, i, axis))), ref_at(x, i), y->dtype);
}

// Keeps column − row ≥ diagonal (upper) or ≤ diagonal (lower).
void tp_reference_triangle(bool upper, const tp_tensor *y, const tp_tensor *x, int64_t diagonal) {
  for (int64_t i = 0, n = tp_count(y); i < n; i++) {
    const int64_t offset = coordinate(y, i, y->rank - 1) - coordinate(y, i, y->rank - 2);
    if (upper ? offset >= diagonal : offset <= diagonal) move(ref_at(y, i), ref_at(x, i), y->dtype);
    else memset(ref_at(y, i), 0, (size_t)tp_itemsize(y->dtype));
  }
}
