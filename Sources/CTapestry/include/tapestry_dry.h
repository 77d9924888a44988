// Dry runs: shapes are checked, nothing is computed.
#ifndef TAPESTRY_DRY_H
#define TAPESTRY_DRY_H
#include "tapestry_backend.h"

extern const tp_backend tp_backend_dry;

// The calling thread computes nothing from here on, and the memory it asks for holds zeros that cost nothing. Returns
// what tp_dry_end, which may run while blocks are alive, takes.
const tp_backend *tp_dry_begin(void);
void tp_dry_end(const tp_backend *before);
bool tp_is_dry(void);

// Called where a dry run asks for more memory than addresses can name; does not return. Without it the process ends.
void tp_dry_refuse_with(void (*refuse)(int64_t bytes));
#endif
