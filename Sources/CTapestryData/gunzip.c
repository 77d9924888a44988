#include "include/CTapestryData.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// zlib's interface, as https://zlib.net/manual.html documents it: what inflating needs. inflateInit2_ checks the
// version and the size of the struct.
typedef struct {
  const uint8_t *next_in;
  unsigned int avail_in;
  unsigned long total_in;
  uint8_t *next_out;
  unsigned int avail_out;
  unsigned long total_out;
  const char *message;
  void *state, *alloc, *free, *opaque;
  int data_type;
  unsigned long checksum, reserved;
} zlib_stream;

enum { Z_OK_ = 0, Z_STREAM_END_ = 1, Z_MEMORY_ERROR_ = -4, Z_BUFFER_ERROR_ = -5, GZIP_WINDOW = 15 + 16 };

typedef struct {
  const char *(*version)(void);
  int (*init)(zlib_stream *, int window, const char *version, int size);
  int (*inflate)(zlib_stream *, int flush);
  int (*reset)(zlib_stream *);
  int (*end)(zlib_stream *);
} zlib;

// Fills in the functions; false with the reason where one is missing. The library stays loaded.
static _Bool open_zlib(zlib *z, const char *library, char *message, size_t size) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle) {
    // POSIX lets an object pointer carry a function's address; memcpy says so without a cast that C does not define.
    const char *names[] = {"zlibVersion", "inflateInit2_", "inflate", "inflateReset", "inflateEnd"};
    void *found[5];
    _Bool all = 1;
    for (int i = 0; i < 5; i++) all &= (found[i] = dlsym(handle, names[i])) != NULL;
    _Static_assert(sizeof found == sizeof *z, "five functions");
    memcpy(z, found, sizeof *z);
    if (all) return 1;
  }
  const char *reason = dlerror();
  snprintf(message, size, "%s", reason ? reason : "a function is missing");
  return 0;
}

#ifdef __APPLE__
#define USUAL_LIBRARY "libz.1.dylib"
#else
#define USUAL_LIBRARY "libz.so.1"
#endif
static struct {
  zlib z;
  _Bool found;
  char message[sizeof((tp_gunzip_result *)0)->message];
} usual;
static pthread_once_t usual_once = PTHREAD_ONCE_INIT;

static void open_usual(void) { usual.found = open_zlib(&usual.z, USUAL_LIBRARY, usual.message, sizeof usual.message); }

// Room for more output at the end of the result, at most `most` bytes in all; false without memory.
static _Bool grow(tp_gunzip_result *r, int64_t *capacity, int64_t most) {
  int64_t wanted = *capacity ? *capacity : 1 << 15;
  wanted = wanted > most / 2 ? most : wanted * 2;
  uint8_t *bytes = realloc(r->bytes, (size_t)wanted);
  if (!bytes) return 0;
  r->bytes = bytes;
  *capacity = wanted;
  return 1;
}

// One member from r->offset on, appended to the result. There is room for one byte beyond the limit: who writes it has
// more than is allowed.
static int member(const zlib *z, zlib_stream *s, const uint8_t *input, int64_t count, int64_t limit,
    tp_gunzip_result *r, int64_t *capacity) {
  const int64_t most = 1 << 30;   // zlib counts in unsigned int
  for (;;) {
    if (r->count == *capacity && !grow(r, capacity, limit + 1)) return TP_GUNZIP_NO_MEMORY;
    int64_t left = count - r->offset, room = *capacity - r->count;
    unsigned int in = (unsigned int)(left < most ? left : most), out = (unsigned int)(room < most ? room : most);
    s->next_in = input + r->offset;
    s->avail_in = in;
    s->next_out = r->bytes + r->count;
    s->avail_out = out;
    int status = z->inflate(s, 0);
    r->offset += in - s->avail_in;
    r->count += out - s->avail_out;
    if (r->count > limit) return TP_GUNZIP_TOO_LARGE;
    if (status == Z_STREAM_END_) return TP_GUNZIP_OK;
    if (status == Z_MEMORY_ERROR_) return TP_GUNZIP_NO_MEMORY;
    if (status != Z_OK_ && status != Z_BUFFER_ERROR_) {
      snprintf(r->message, sizeof r->message, "%s", s->message ? s->message : "invalid data");
      return TP_GUNZIP_DAMAGED;
    }
    // all input used, and nothing more to write
    if (r->offset == count && s->avail_out > 0) return TP_GUNZIP_TRUNCATED;
  }
}

// Where the zeros end that some writers fill the last block of a tape or disk with; Python's gzip and the gzip program
// skip them after a member too.
static int64_t behind_padding(const uint8_t *input, int64_t offset, int64_t count) {
  int64_t end = offset;
  while (end < count && input[end] == 0) end++;
  return end == count || input[end] == 0x1f ? end : offset;
}

tp_gunzip_result tp_gunzip(const uint8_t *input, int64_t count, int64_t limit, const char *library) {
  tp_gunzip_result r = {0};
  if (limit == INT64_MAX) limit--;   // leaves room for the one byte more
  pthread_once(&usual_once, open_usual);
  zlib z = usual.z;
  _Bool found = usual.found;
  if (library) found = open_zlib(&z, library, r.message, sizeof r.message);
  if (!found) {
    if (!library) memcpy(r.message, usual.message, sizeof r.message);
    r.status = TP_GUNZIP_NO_LIBRARY;
    return r;
  }
  zlib_stream s = {0};
  int started = z.init(&s, GZIP_WINDOW, z.version(), (int)sizeof s);
  if (started != Z_OK_) {
    snprintf(r.message, sizeof r.message, "inflateInit2 of version %s returns %d", z.version(), started);
    r.status = started == Z_MEMORY_ERROR_ ? TP_GUNZIP_NO_MEMORY : TP_GUNZIP_NO_LIBRARY;
    return r;
  }
  int64_t capacity = 0;
  do {
    // Members may follow each other (RFC 1952, 2.2); what follows and is none is not ours to skip.
    if (count - r.offset < 2 || input[r.offset] != 0x1f || input[r.offset + 1] != 0x8b) r.status = TP_GUNZIP_NOT_GZIP;
    else r.status = member(&z, &s, input, count, limit, &r, &capacity);
    if (r.status == TP_GUNZIP_OK) r.offset = behind_padding(input, r.offset, count);
  } while (r.status == TP_GUNZIP_OK && r.offset < count && z.reset(&s) == Z_OK_);
  z.end(&s);
  return r;
}

void tp_gunzip_free(tp_gunzip_result *result) {
  free(result->bytes);
  result->bytes = NULL;
}
