/* SPDX-License-Identifier: Apache-2.0 */
/* Compensated sums. */
#ifndef CT_SUM_H
#define CT_SUM_H

#include <math.h>

/* Neumaier's sum: the error is 2 u |sum| + O(n u^2) sum |terms|, and so does not grow with n (A.
 * Neumaier, ZAMM 54, 39 (1974)). */
typedef struct ct_sum {
    double total, slip;
} ct_sum;

static inline void ct_sum_add(ct_sum *sum, double term)
{
    const double next = sum->total + term;
    sum->slip +=
        fabs(sum->total) >= fabs(term) ? (sum->total - next) + term : (term - next) + sum->total;
    sum->total = next;
}

static inline double ct_sum_value(const ct_sum *sum)
{
    return sum->total + sum->slip;
}

#endif
