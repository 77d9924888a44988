// Dry runs: a backend whose kernels compute nothing but count multiply-adds, and large blocks of memory that are only
// reserved. What runs on it checks all shapes at no cost. Elements read zero; small constants that are filled in or
// converted keep their values.
#include "allocator.h"
#include <pthread.h>
#include <sys/mman.h>

#define NOTHING
#define COUNT(work) tp_thread_mine.multiply_adds += (work);
#define SMALL(call) if (!beyond(dry_small, tp_count(y))) tp_backend_reference.call;
#define KERNEL(name, arguments, dry) static void dry_##name arguments { dry }
#include "kernels/kernels.def"

const tp_backend tp_backend_dry = {
  .name = "dry", .allocate = tp_alloc, .release = tp_free,
#define KERNEL(kernel, arguments, dry) .kernel = dry_##kernel,
#include "kernels/kernels.def"
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

// Pages of zeros that take no memory before they are written; where the system refuses to promise that much, pages that
// cannot be.
void *tp_reserve(int64_t bytes) {
  void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    memory = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
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
