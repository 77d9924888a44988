// The state that a thread carries. Swift cannot declare a C thread-local, so it asks for the address once an operation.
#include "internal.h"

_Thread_local tp_thread_state tp_thread_mine;   // dispatch.c reads it directly

tp_thread_state *tp_thread(void) { return &tp_thread_mine; }
