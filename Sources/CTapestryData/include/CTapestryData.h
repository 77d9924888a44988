// Small real data sets that travel with the library, and gzip.
#ifndef CTAPESTRY_DATA_H
#define CTAPESTRY_DATA_H
#include <stdint.h>

// The test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, UCI Machine Learning
// Repository, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0), as scikit-learn ships it: 1,797 images of 8×8 pixels
// (0 … 16), row by row, each followed by its label.
enum { TP_DIGITS_COUNT = 1797, TP_DIGITS_ROW = 65 };
const uint8_t *tp_digits(void);

// The diabetes data of B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least Angle Regression", Annals of
// Statistics 32(2), 2004, 407–499, with its raw values as scikit-learn 1.9.1 ships it (BSD 3-Clause,
// https://scikit-learn.org): a CSV file of 442 patients, ten features and the progression.
const uint8_t *tp_diabetes(int64_t *count);

// gzip (RFC 1952) by the system's zlib. The library is looked up when it is first needed, so building and running
// Tapestry needs neither zlib's headers nor, without compressed files, zlib.
enum {
  TP_GUNZIP_OK,
  TP_GUNZIP_NO_LIBRARY,  // zlib is not installed; `message` has the system's words
  TP_GUNZIP_NOT_GZIP,    // no gzip member starts at `offset`
  TP_GUNZIP_TRUNCATED,   // the input ends inside a member
  TP_GUNZIP_DAMAGED,     // `message` has zlib's words: a wrong checksum or length, an invalid code
  TP_GUNZIP_NO_MEMORY,
  TP_GUNZIP_TOO_LARGE,   // more than `limit` bytes were compressed
};

typedef struct {
  int status;
  uint8_t *bytes;        // what was compressed, all members one after another; tp_gunzip_free frees it
  int64_t count;
  int64_t offset;        // in the input, where a fault was met
  char message[160];
} tp_gunzip_result;

// At most `limit` bytes come out. `library` names the shared library, NULL the usual one.
tp_gunzip_result tp_gunzip(const uint8_t *input, int64_t count, int64_t limit, const char *library);
void tp_gunzip_free(tp_gunzip_result *result);
#endif
