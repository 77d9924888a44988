// Small real data sets that travel with the library.
#ifndef CTAPESTRY_DATA_H
#define CTAPESTRY_DATA_H
#include <stdint.h>

// The test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, 1998,
// https://doi.org/10.24432/C50P49, CC BY 4.0), as scikit-learn ships it: 1,797 images of 8×8 pixels (0 … 16), row by row, each followed by its label.
enum { TP_DIGITS_COUNT = 1797, TP_DIGITS_ROW = 65 };
const uint8_t *tp_digits(void);
#endif
