// Dry runs: a backend whose kernels compute nothing but count multiply-adds, and large blocks of memory that are only reserved. What
// runs on it checks all shapes at no cost. Elements read zero; small constants that are filled in or converted keep their values.
#include "allocator.h"
#include <pthread.h>
#include <sys/mman.h>

static void unary(int op, const tp_tensor *y, const tp_tensor *x, tp_number p, tp_number q) {}
static void binary(int op, const tp_tensor *y, const tp_tensor *a, const tp_tensor *b) {}
static void select_element(const tp_tensor *y, const tp_tensor *condition, const tp_tensor *a, const tp_tensor *b) {}

static void copy(const tp_tensor *y, const tp_tensor *x) {
  if (!beyond(dry_small, tp_count(y))) tp_backend_reference.copy(y, x);
}

static void fill(const tp_tensor *y, double value, int64_t integer) {
  if (!beyond(dry_small, tp_count(y))) tp_backend_reference.fill(y, value, integer);
}

static void reduce(int op, const tp_tensor *y, const tp_tensor *x) {}
static void variance(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *x, double correction) {}
static void along(int op, const tp_tensor *y, const tp_tensor *x, int axis) {}

static void gemm(const tp_tensor *c, const tp_tensor *a, const tp_tensor *b, const tp_epilogue *e) {
  tp_thread_mine.multiply_adds += tp_count(c) * a->size[a->rank - 1];
}

static void softmax(bool log, const tp_tensor *y, const tp_tensor *x, int axis) {}
static void softmax_grad(bool log, const tp_tensor *dx, const tp_tensor *y, const tp_tensor *dy, int axis) {}
static void layer_norm(const tp_tensor *y, const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *x, const tp_tensor *gamma, const tp_tensor *beta,
                       double eps) {}
static void layer_norm_grad(const tp_tensor *dx, const tp_tensor *dgamma, const tp_tensor *dbeta, const tp_tensor *dy, const tp_tensor *x,
                            const tp_tensor *mean, const tp_tensor *rstd, const tp_tensor *gamma) {}
static void indexed(const tp_tensor *y, const tp_tensor *a, const tp_tensor *b, int axis) {}
static void triangle(bool upper, const tp_tensor *y, const tp_tensor *x, int64_t diagonal) {}
static void fill_random(int kind, const tp_tensor *y, tp_random_state s, tp_number p, tp_number q) {}
static void dropout(const tp_tensor *y, const tp_tensor *x, tp_random_state s, double p) {}
static void adam(const tp_step_item *items, int64_t count, const tp_adam *options) {}
static void sgd(const tp_step_item *items, int64_t count, const tp_sgd *options) {}
static void rmsprop(const tp_step_item *items, int64_t count, const tp_rmsprop *options) {}
static double gradient_sum(const tp_step_item *items, int64_t count, double p) { return 0; }
static void gradient_scale(const tp_step_item *items, int64_t count, double factor) {}
static void gradient_clamp(const tp_step_item *items, int64_t count, double low, double high) {}

const tp_backend tp_backend_dry = {
  .name = "dry",
  .unary = unary, .binary = binary, .select = select_element, .copy = copy, .fill = fill,
  .reduce = reduce, .variance = variance, .arg_reduce = along, .scan = along, .recurrence = indexed,
  .gemm = gemm,
  .softmax = softmax, .softmax_grad = softmax_grad, .layer_norm = layer_norm, .layer_norm_grad = layer_norm_grad,
  .gather = indexed, .scatter_add = indexed, .index_select = indexed, .index_add = indexed, .triangle = triangle,
  .random = fill_random, .dropout = dropout,
  .adam = adam, .sgd = sgd, .rmsprop = rmsprop,
  .gradient_sum = gradient_sum, .gradient_scale = gradient_scale, .gradient_clamp = gradient_clamp,
};

bool tp_is_dry(void) { return tp_thread_mine.backend == &tp_backend_dry; }

const tp_backend *tp_dry_begin(void) {
  const tp_backend *before = tp_thread_mine.backend;
  tp_thread_mine.backend = &tp_backend_dry;
  tp_thread_mine.dry++;
  atomic_fetch_add(&tp_memory_special, 1);   // the allocator's fast path does not look at backends
  return before;
}

void tp_dry_end(const tp_backend *before) {
  tp_thread_mine.backend = before;
  tp_thread_mine.dry--;
  atomic_fetch_add(&tp_memory_special, -1);
}

// ---- reserved memory

typedef struct reserved {
  struct reserved *next;
  void *memory;
  int64_t bytes;
} reserved;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static reserved *blocks;
static atomic_int block_count;

// Pages of zeros that take no memory before they are written; where the system refuses to promise that much, pages that cannot be.
void *tp_reserve(int64_t bytes) {
  void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) memory = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  reserved *r = memory == MAP_FAILED ? NULL : malloc(sizeof *r);
  if (!r) return NULL;
  pthread_mutex_lock(&lock);
  *r = (reserved){blocks, memory, bytes};
  blocks = r;
  atomic_fetch_add(&block_count, 1);
  pthread_mutex_unlock(&lock);
  return memory;
}

static _Atomic(void (*)(int64_t)) refusal;

void tp_dry_refuse_with(void (*refuse)(int64_t bytes)) { atomic_store(&refusal, refuse); }

_Noreturn void tp_refuse(int64_t bytes) {
  void (*refuse)(int64_t) = atomic_load(&refusal);
  if (refuse) refuse(bytes);
  tp_die("Tapestry: a dry run asks for more memory than addresses can name\n");
}

bool tp_unreserve(void *memory) {
  if (!atomic_load_explicit(&block_count, memory_order_relaxed)) return false;
  pthread_mutex_lock(&lock);
  reserved **link = &blocks, *r;
  while ((r = *link) && r->memory != memory) link = &r->next;
  if (r) {
    *link = r->next;
    atomic_fetch_add(&block_count, -1);
  }
  pthread_mutex_unlock(&lock);
  if (!r) return false;
  munmap(r->memory, (size_t)r->bytes);
  free(r);
  return true;
}
