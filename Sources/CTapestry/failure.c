#include "include/tapestry_failure.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void tp_die(const char *message) {
  fflush(stdout);  // what the program printed before comes first
  fputs(message, stderr);
  fflush(stderr);
  if (getenv("TAPESTRY_TRAP")) abort();
  _Exit(1);
}
