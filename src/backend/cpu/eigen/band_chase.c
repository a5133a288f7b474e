/* SPDX-License-Identifier: Apache-2.0 */
/* Band -> tridiagonal: sweep s removes what column s has below its sub-diagonal and chases the
 * bulge off the end, hop by hop.
 *
 * Sweep s + 1 may do hop t when sweep s has done hop t + 1: columns of different hops are then
 * disjoint, and the result does not depend on who does what when. A thread runs groups of CT_SWEEPS
 * sweeps, two hops apart, so that they share what is in the cache; each group waits for its
 * predecessor's progress. */
#include "backend/cpu/eigen/band.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"

#define CT_SWEEPS 4
#define CT_SPINS 2000
#define CT_FINISHED INT64_MAX

typedef struct chase {
    const ct_eigen_kernels *kernels;
    int64_t n;
    double *band, *imaginary;  /* its planes; NULL: real */
    _Atomic int64_t *progress; /* per group: hops that its last sweep has done */
} chase;

typedef struct bulges {
    double v[CT_SWEEPS][2 * CT_TILE] __attribute__((aligned(64)));
    double tau[CT_SWEEPS];
} bulges;

static void wait_for(_Atomic int64_t *progress, int64_t hops)
{
    for (unsigned long spin = 0; atomic_load_explicit(progress, memory_order_acquire) < hops;
         spin++)
        if (spin > CT_SPINS)
            sched_yield();
}

/* Hop t of sweep s; returns 0 when the sweep has left the matrix. */
static int hop(const chase *c, int64_t s, int64_t t, double *v, double *tau)
{
    const int64_t row = s + 1 + t * CT_TILE;
    if (row >= c->n)
        return 0;
    const int64_t first = s + 1 + CT_BAND_STRIDE * s;
    if (c->imaginary) {
        if (t == 0)
            *tau = c->kernels->chase_reflect_complex(c->band + first, c->imaginary + first, v);
        *tau = c->kernels->chase_hop_complex(c->band, c->imaginary, row, v, *tau);
        return 1;
    }
    if (t == 0)
        *tau = c->kernels->chase_reflect(c->band + first, v);
    *tau = c->kernels->chase_hop(c->band, row, v, *tau);
    return 1;
}

static void run_group(const chase *c, int64_t group, int64_t sweeps)
{
    bulges b;
    const int64_t first = group * CT_SWEEPS;
    const int64_t count = sweeps - first < CT_SWEEPS ? sweeps - first : CT_SWEEPS;
    for (int64_t t = 0, active = 1; active; t++) {
        if (group > 0)
            wait_for(&c->progress[group - 1], t + 2);
        active = 0;
        for (int64_t g = 0; g < count; g++) {
            const int64_t own = t - 2 * g;
            active |= own < 0 || hop(c, first + g, own, b.v[g], &b.tau[g]);
        }
        const int64_t done = t - 2 * (count - 1) + 1;
        atomic_store_explicit(&c->progress[group],
                              active && done > 0 ? done
                              : active           ? 0
                                                 : CT_FINISHED,
                              memory_order_release);
    }
}

/* In ascending order, so that the predecessor has been begun by somebody. */
static void run_groups(void *context, size_t first, size_t last, int thread)
{
    const chase *c = context;
    (void)thread;
    for (size_t g = first; g < last; g++)
        run_group(c, (int64_t)g, c->n - 2);
}

cutropy_status ct_band_chase(const ct_eigen_kernels *kernels, int parts, int64_t n, double *band,
                             int threads)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t sweeps = n - 2, groups = (sweeps + CT_SWEEPS - 1) / CT_SWEEPS;
    chase c = {.kernels = kernels,
               .n = n,
               .band = band,
               .imaginary = parts == 2 ? band + ct_band_count(n) : NULL};
    if (sweeps <= 0)
        return CUTROPY_OK;
    CT_NEW(c.progress, groups);
    for (int64_t g = 0; g < groups; g++)
        atomic_init(&c.progress[g], 0);
    ct_parallel_for(threads, (size_t)groups, 1, run_groups, &c);
done:
    ct_free((void *)c.progress);
    return status;
}
