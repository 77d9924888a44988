#include "include/CTapestryData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t diabetes[] = {
#embed "diabetes.csv"
};

const uint8_t *tp_diabetes(int64_t *count) {
  *count = sizeof diabetes;
  return diabetes;
}
