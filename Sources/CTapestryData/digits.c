#include "include/CTapestryData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t digits[] = {
#embed "digits.bin"
};
_Static_assert(sizeof digits == TP_DIGITS_COUNT * TP_DIGITS_ROW, "digits.bin is damaged");

const uint8_t *tp_digits(void) { return digits; }
