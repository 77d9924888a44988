// Numbers as text.
#ifndef TAPESTRY_FORMAT_H
#define TAPESTRY_FORMAT_H
#include <stdbool.h>

enum { TP_FORMAT_SIZE = 400 };   // enough for any double with up to 40 digits after the point

// x, correctly rounded to `digits` digits after the point, as 12.50 or, with `scientific`, as 1.25e+01; ends with a
// zero byte.
void tp_format(char text[TP_FORMAT_SIZE], double x, int digits, bool scientific);
#endif
