// What the benchmarks and the kernels' tests measure with: how far the float32 kernels are from the truth, and how many
// multiply-adds a core can do.
#ifndef CMEASURES_H
#define CMEASURES_H
#include <stdbool.h>
#include <stdint.h>

// worst_ulp: the largest |got − expected| in units of the float32 result's last place (2⁻¹⁴⁹ among denormals), ∞ when
// one is NaN or infinite and the other is not, or a zero has the wrong sign; worst_input: where. checked: how many
// inputs were tried, 0 for a test.
typedef struct tp_accuracy { double worst_ulp; float worst_input, got; double expected; int64_t checked; } tp_accuracy;

// The float32 bit patterns first, first + step, … through the current backend's `unary`, against the formula of
// pointwise.def in float64. step ≥ 1; a step of 1 from 0 tries all 2³² of them. Parameters are p = 1.5, q = 20.
tp_accuracy tp_check_accuracy(int unary_op, uint32_t first, uint32_t step);

// Runs float32 multiply-adds that touch no memory on the calling thread for about `seconds`, with the widest vectors of
// this machine, and returns the best rate seen over slices of a millisecond, in floating-point operations a second (a
// multiply-add counts two).
double tp_fma_peak(double seconds);
#endif
