// How far the float32 kernels are from the truth.
#ifndef TAPESTRY_ACCURACY_H
#define TAPESTRY_ACCURACY_H
#include <stdbool.h>
#include <stdint.h>

// worst_ulp: the largest |got − expected| in units of the float32 result's last place (2⁻¹⁴⁹ among denormals), ∞ when
// one is NaN or infinite and the other is not, or a zero has the wrong sign; worst_input: where. checked: how many
// inputs were tried, 0 for a test.
typedef struct tp_accuracy { double worst_ulp; float worst_input, got; double expected; int64_t checked; } tp_accuracy;

// The float32 bit patterns first, first + step, … through the current backend's `unary`, against the formula of
// pointwise.def in float64. step ≥ 1; a step of 1 from 0 tries all 2³² of them. Parameters are p = 1.5, q = 20.
tp_accuracy tp_check_accuracy(int unary_op, uint32_t first, uint32_t step);
#endif
