#include "include/tapestry_format.h"
#include <stdio.h>

void tp_format(char text[TP_FORMAT_SIZE], double x, int digits, bool scientific) {
  snprintf(text, TP_FORMAT_SIZE, scientific ? "%.*e" : "%.*f", digits, x);
}
