/* SPDX-License-Identifier: Apache-2.0 */
/* The monotonic clock of the system as a double, which keeps nanoseconds for months. */
#include "base/clock.h"

#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double ct_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double ct_now_processor(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

void ct_lap(double *seconds, double *last)
{
    const double now = ct_now();
    *seconds += now - *last;
    *last = now;
}
