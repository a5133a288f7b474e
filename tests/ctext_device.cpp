/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary of C texts as NVRTC sees it: C++, no header, the words of CUDA. Compiled, never run. */
#define __CUDACC_RTC__
#define __device__
#define __constant__ const
#define __forceinline__ inline __attribute__((unused))
#define __popcll __builtin_popcountll
#define __trap __builtin_trap

#define N 4
#define LX 2
#define LY 2
#define CT_N 4
#define CT_LX 2
#define CT_LY 2
#define CT_WRAPS 1
#define CT_ROWS 1
#define CT_PLACES 1
#define CT_STEP 64
#define CT_COMPLEX 0
#define CT_NEAR                                                                                    \
    {                                                                                              \
        6, 9, 9, 6                                                                                 \
    }
#include "ctext/vocabulary.h"

#if CT_SLICED
word label(const word *image);
word label(const word *image)
{
    COUNTER(c);
    each_pixel(x, y) add(&c, pixel(x, y));
    return (exactly(&c, 2) | at_least(&c, 3)) & odd(&c) & ~pix(0) & ALL;
}
#else
int label(uint64_t image);
int label(uint64_t image)
{
    int sum = lit + (int)row(1) + neighbours_of(0) + pix(3);
    each_pixel(x, y) sum += pixel(x, y) * neighbours(x, y);
    return sum;
}
double amplitude(uint64_t image);
double amplitude(uint64_t image)
{
    return 0.5 * lit;
}
#endif
