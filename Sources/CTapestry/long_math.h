// libm in long double by its plain names, so that a formula of pointwise.def serves both `real`s. (<tgmath.h> would do
// that; glibc's is not for clang.)
#ifndef TAPESTRY_LONG_MATH_H
#define TAPESTRY_LONG_MATH_H
#include <math.h>

#define acos acosl
#define acosh acoshl
#define asin asinl
#define asinh asinhl
#define atan atanl
#define atan2 atan2l
#define atanh atanhl
#define ceil ceill
#define copysign copysignl
#define cos cosl
#define cosh coshl
#define erf erfl
#define erfc erfcl
#define exp expl
#define exp2 exp2l
#define expm1 expm1l
#define fabs fabsl
#define floor floorl
#define fmod fmodl
#define hypot hypotl
#define log logl
#define lgamma lgammal
#define log10 log10l
#define log1p log1pl
#define log2 log2l
#define pow powl
#define rint rintl
#define round roundl
#define sin sinl
#define sinh sinhl
#define sqrt sqrtl
#define tan tanl
#define tanh tanhl
#define trunc truncl
#endif
