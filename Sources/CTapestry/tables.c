// The tables of all backends, made from the list of kernels.
#include "reference.h"

const tp_backend tp_backend_reference = {
  .name = "reference",
#define KERNEL(kernel, arguments, dry) .kernel = tp_reference_##kernel,
#include "kernels/kernels.def"
};

#define KERNEL(name, arguments, dry) void tp_portable_##name arguments;
#include "kernels/kernels.def"
const tp_backend tp_backend_portable = {
  .name = "portable",
#define KERNEL(kernel, arguments, dry) .kernel = tp_portable_##kernel,
#include "kernels/kernels.def"
};

#if defined(__x86_64__)
#define KERNEL(name, arguments, dry) void tp_avx2_##name arguments;
#include "kernels/kernels.def"
const tp_backend tp_backend_avx2 = {
  .name = "avx2",
#define KERNEL(kernel, arguments, dry) .kernel = tp_avx2_##kernel,
#include "kernels/kernels.def"
};

#define KERNEL(name, arguments, dry) void tp_avx512_##name arguments;
#include "kernels/kernels.def"
const tp_backend tp_backend_avx512 = {
  .name = "avx512",
#define KERNEL(kernel, arguments, dry) .kernel = tp_avx512_##kernel,
#include "kernels/kernels.def"
};
#elif defined(__aarch64__)
#define KERNEL(name, arguments, dry) void tp_neon_##name arguments;
#include "kernels/kernels.def"
const tp_backend tp_backend_neon = {
  .name = "neon",
#define KERNEL(kernel, arguments, dry) .kernel = tp_neon_##kernel,
#include "kernels/kernels.def"
};
#endif
