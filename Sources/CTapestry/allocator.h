// What the allocator and its test mode share.
#ifndef TAPESTRY_ALLOCATOR_H
#define TAPESTRY_ALLOCATOR_H
#include "internal.h"
#include <stdatomic.h>

// Sanitizers watch malloc; a cache of our own would hide errors from them.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TP_SANITIZED true
#else
#define TP_SANITIZED false
#endif

// How many reasons there are to leave the fast path: a plain or unread environment, guards on, guarded blocks alive,
// dry runs, tracking.
extern atomic_int tp_memory_special;

void *tp_memory_system(int64_t bytes);       // fresh, 64-byte aligned; counted; never null

bool tp_guarding(void);                      // guards are on
void *tp_guarded_alloc(int64_t bytes);
bool tp_guarded_free(void *memory);          // false: `memory` is no guarded block

void tp_watch_alloc(void *memory, int64_t bytes);
void tp_watch_free(void *memory);            // before the block can be handed out again

void *tp_reserve(int64_t bytes);             // zeros, for dry runs; null where there is not even room for them
_Noreturn void tp_refuse(int64_t bytes);       // ends a dry run that asks for more
bool tp_unreserve(void *memory);             // false: `memory` is no reserved block
#endif
