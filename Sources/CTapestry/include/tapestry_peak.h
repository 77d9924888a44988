// The yardstick of matrix products: how many multiply-adds a core can do.
#ifndef TAPESTRY_PEAK_H
#define TAPESTRY_PEAK_H

// Runs float32 multiply-adds that touch no memory on the calling thread for about `seconds`, with the widest vectors of
// this machine, and returns the best rate seen over slices of a millisecond, in floating-point operations a second (a
// multiply-add counts two).
double tp_fma_peak(double seconds);
#endif
