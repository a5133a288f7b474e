/* SPDX-License-Identifier: Apache-2.0 */
/* Every bound of the library counts on IEEE doubles as they are written: rounded to nearest, each
 * operation once, with subnormal numbers. */
#ifndef CT_FLOATING_H
#define CT_FLOATING_H

#include <float.h>

#if defined(__FAST_MATH__)
#error "cutropy cannot be compiled with -ffast-math: its error bounds count on IEEE arithmetic"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error                                                                                             \
    "cutropy needs double operations that round to double (FLT_EVAL_METHOD 0; x86: -msse2 -mfpmath=sse)"
#endif

#endif
