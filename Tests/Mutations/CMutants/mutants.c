#include "CMutants.h"

#include <stdlib.h>

static int number = -1;

__attribute__((constructor)) static void read_number(void) {
  const char *text = getenv("TAPESTRY_MUTANT");
  if (text) number = atoi(text);
}

int tp_mutant_number(void) { return number; }
