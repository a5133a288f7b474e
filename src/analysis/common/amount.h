/* SPDX-License-Identifier: Apache-2.0 */
/* A number and its error, and what can be said of two of them: three decisions, never two. */
#ifndef CT_AMOUNT_H
#define CT_AMOUNT_H

#include <math.h>

#include "base/twofold.h"

typedef struct ct_amount {
    double value, error; /* error NaN or infinite: the value is not known */
} ct_amount;

typedef enum ct_decision { CT_HOLDS, CT_FAILS, CT_OPEN } ct_decision;

/* An upper bound of a rounded sum of errors; 0 is exact. */
static inline double ct_up(double x)
{
    return x > 0 ? nextafter(x, INFINITY) : x;
}

/* y - x, rounded down. */
static inline double ct_slack(double x, double y)
{
    double slip;
    const double slack = ct_two_sum(y, -x, &slip);
    return slip < 0 ? nextafter(slack, -INFINITY) : slack;
}

/* x + y with the errors of both and of the sum. */
static inline ct_amount ct_plus(ct_amount x, ct_amount y)
{
    double slip;
    const double sum = ct_two_sum(x.value, y.value, &slip);
    return (ct_amount){sum, ct_up(ct_up(x.error + y.error) + fabs(slip))};
}

/* x <= y? */
static inline ct_decision ct_at_most(ct_amount x, ct_amount y)
{
    const double slack = ct_slack(x.value, y.value), error = ct_up(x.error + y.error);
    if (slack >= error)
        return CT_HOLDS;
    return nextafter(slack, INFINITY) < -error ? CT_FAILS : CT_OPEN;
}

/* x = y? No error proves an equality: it holds when the errors explain the difference and are small
 * enough to tell, below half of `range`, what the two can differ by at all. */
static inline ct_decision ct_equal(ct_amount x, ct_amount y, double range)
{
    const double error = ct_up(x.error + y.error);
    const double difference = fabs(x.value - y.value) * (1 - 0x1p-52); /* rounded down */
    if (difference > error)
        return CT_FAILS;
    return difference <= error && error < range / 2 ? CT_HOLDS : CT_OPEN;
}

#endif
