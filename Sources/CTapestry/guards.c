// The allocator's test mode. A guarded block lies between two bands of a known pattern: a kernel that writes past its
// output damages one. Memory is full of 0xFF (NaN in float32 and float64, −1 in integers) before it is handed out and
// after it is freed, so what reads too early, too late or too far gets a NaN.
#include "allocator.h"
#include <pthread.h>

enum { BAND = 64, PATTERN = 0xA5, BUCKETS = 4096 };

// A guarded block: [this record, padded to 64][BAND bytes][the user's bytes][BAND bytes].
typedef struct guarded {
  struct guarded *next;
  uint8_t *user;
  int64_t bytes;
} guarded;

enum { RECORD = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static guarded *buckets[BUCKETS];
static atomic_bool on;
static _Atomic int64_t violations;

bool tp_guarding(void) { return atomic_load_explicit(&on, memory_order_relaxed); }

void tp_set_guards(bool want) {
  bool was = atomic_exchange(&on, want);
  if (was != want) atomic_fetch_add(&tp_memory_special, want ? 1 : -1);
}

int64_t tp_guard_violations(void) { return atomic_load(&violations); }

static guarded **bucket_of(void *user) { return &buckets[((uintptr_t)user >> 6) % BUCKETS]; }

static bool damaged(const guarded *g) {
  for (int i = 1; i <= BAND; i++)
    if (g->user[-i] != PATTERN || g->user[g->bytes + i - 1] != PATTERN) return true;
  return false;
}

void *tp_guarded_alloc(int64_t bytes) {
  guarded *g = tp_memory_system(RECORD + BAND + bytes + BAND);
  *g = (guarded){.user = (uint8_t *)g + RECORD + BAND, .bytes = bytes};
  memset(g->user - BAND, PATTERN, BAND);
  memset(g->user, 0xFF, (size_t)bytes);
  memset(g->user + bytes, PATTERN, BAND);
  atomic_fetch_add(&tp_memory_special, 1);   // until it is freed, every free must look here
  pthread_mutex_lock(&lock);
  guarded **b = bucket_of(g->user);
  g->next = *b;
  *b = g;
  pthread_mutex_unlock(&lock);
  return g->user;
}

bool tp_guarded_free(void *memory) {
  pthread_mutex_lock(&lock);
  guarded **link = bucket_of(memory), *g;
  while ((g = *link) && g->user != memory) link = &g->next;
  if (g) *link = g->next;
  pthread_mutex_unlock(&lock);
  if (!g) return false;
  if (damaged(g)) atomic_fetch_add(&violations, 1);
  memset(g->user - BAND, 0xFF, (size_t)(g->bytes + 2 * BAND));
  free(g);
  atomic_fetch_add(&tp_memory_special, -1);
  return true;
}

int64_t tp_check_guards(void) {
  int64_t bad = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < BUCKETS; i++)
    for (guarded *g = buckets[i]; g; g = g->next) bad += damaged(g);
  pthread_mutex_unlock(&lock);
  return bad;
}
