// Which planted mistake is switched on: the number in TAPESTRY_MUTANT, −1 if there is none (mutate.py puts the
// questions into a copy of the sources).
#pragma once
#include <stdbool.h>

int tp_mutant_number(void);

static inline bool tp_mutant(int number) { return tp_mutant_number() == number; }
