/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/product_device.h"

#include <math.h>

#include "base/parallel.h"
#include "base/stop.h"
#include "engine/solver/product_half.h"

#define MOST_CUTS 256
#define ENTRIES (INT64_C(1) << 28) /* of a Gram matrix, of all cuts that are asked for together */

#define SMALL_SIDE                                                                                 \
    4 /* a space of dimension count / 4 is small: the CPU works in it, for half of a device's operations (docs/gpu.md) */

size_t ct_product_device_cuts(const ct_products *p)
{
    const int64_t fit = ENTRIES / p->terms / p->terms;
    return (size_t)(fit < 1 ? 1 : fit < MOST_CUTS ? fit : MOST_CUTS);
}

typedef struct ct_sides_task {
    const ct_products *p;
    const uint64_t *masks;
    size_t words;
    ct_product_cut *cuts;
    ct_stop stop;
} ct_sides_task;

static void find_sides(void *context, size_t first, size_t last, int thread)
{
    ct_sides_task *t = context;
    (void)thread;
    for (size_t i = first; i < last && !ct_stopped(&t->stop); i++) {
        const cutropy_status status = ct_product_side_find(t->p, t->masks + i / 2 * t->words,
                                                           i % 2 == 0, &t->cuts[i / 2].side[i % 2]);
        if (status != CUTROPY_OK)
            ct_stop_fail(&t->stop, status);
    }
}

static bool is_small(const ct_product_side side[2])
{
    const double space = fmin(side[0].dimension, side[1].dimension),
                 least = fmin((double)side[0].count, (double)side[1].count);
    return space <= least / SMALL_SIDE;
}

/* ---- theorem 19 of docs/theorems.md, for F F^H ---- */

/* Square root of the sum over the parts of a side of (sum |y|)^2, which bounds || |W| X ||_F where the rows of X
 * have norm 1. */
static cutropy_status weight_norm(const ct_products *p, const ct_product_side *side, double *out)
{
    cutropy_status status = CUTROPY_OK;
    double *sum = NULL, square = 0;
    CT_NEW_ZERO(sum, side->count);
    for (int64_t m = 0; m < p->terms; m++)
        if (side->of_term[m] >= 0)
            sum[side->of_term[m]] += fabs(p->weight[m]);
    for (int64_t i = 0; i < side->count; i++)
        square += sum[i] * sum[i];
    *out = CT_SECOND_ORDER * sqrt(square);
done:
    ct_free(sum);
    return status;
}

typedef struct ct_half_bound {
    int64_t rank;
    double lost, spread; /* as of ct_half */
} ct_half_bound;

/* gram: of ||h - F F^H||_F over ||F||_F^2, in units of u. */
static cutropy_status factors_error(const ct_products *p, const ct_product_side side[2],
                                    const ct_half_bound half[2], int few, double gram, double trace,
                                    double *out)
{
    cutropy_status status = CUTROPY_OK;
    const double each = p->is_complex ? CT_PAIRS : 1, rows = (double)half[few].rank,
                 inner = (double)side[few].count;
    double norm = 0,
           error = 2 * sqrt(trace) * p->weight_error * CT_UNIT_ROUNDING * ct_product_weight_sum(p);
    CT_TRY(weight_norm(p, &side[few], &norm));
    for (int s = 0; s < 2; s++)
        error += ct_overlap_error(p, side[s].sites) * (double)p->terms * half[1 - s].spread;
    for (int s = 0; s < 2; s++)
        error += (each * (double)(2 * half[s].rank + 4) * CT_UNIT_ROUNDING * (double)p->terms +
                  half[s].lost) *
                 half[1 - s].spread;
    error += 2 * sqrt(trace) * each * (inner + (double)p->terms + 2) * CT_UNIT_ROUNDING *
             sqrt(inner) * norm;
    *out = error + sqrt(rows) * gram * CT_UNIT_ROUNDING * trace;
done:
    return status;
}

/* The bounds of every sum hold for any order of it: the device's too. */
static cutropy_status take_found(const ct_products *p, ct_product_found *found, ct_product_cut *cut)
{
    cutropy_status status = CUTROPY_OK;
    const double gram =
        (p->is_complex ? CT_PAIRS : 1) * (double)(found->half[1 - found->few].rank + 2);
    ct_half_bound bound[2];
    for (int s = 0; s < 2; s++)
        bound[s] = (ct_half_bound){.rank = found->half[s].rank,
                                   .lost = CT_SECOND_ORDER * sqrt(found->half[s].lost_square),
                                   .spread = CT_SECOND_ORDER * sqrt(found->half[s].spread_square)};
    cut->rho = (ct_bounded_matrix){.n = found->half[found->few].rank,
                                   .is_complex = p->is_complex,
                                   .trace = found->trace,
                                   .square = found->square};
    CT_TRY(factors_error(p, cut->side, bound, found->few, gram, found->trace, &cut->rho.error));
    cut->rho.values = found->values;
    found->values = NULL;
done:
    return status;
}

cutropy_status ct_product_device_make(const ct_products *p, const uint64_t *masks, size_t words,
                                      size_t count, const ct_operations *operations, int threads,
                                      ct_product_cut *cuts)
{
    cutropy_status status = CUTROPY_OK;
    ct_sides_task task = {.p = p, .masks = masks, .words = words, .cuts = cuts};
    ct_product_side *side = NULL; /* of those that are not small; what they point to is the cuts' */
    ct_product_found *found = NULL;
    size_t *cut = NULL, asked = 0;
    CT_NEW(side, 2 * count);
    CT_NEW_ZERO(found, count);
    CT_NEW(cut, count);
    ct_parallel_for(threads, 2 * count, 1, find_sides, &task);
    CT_TRY(ct_stop_failure(&task.stop));
    for (size_t i = 0; i < count; i++) {
        if (is_small(cuts[i].side))
            continue;
        side[2 * asked] = cuts[i].side[0];
        side[2 * asked + 1] = cuts[i].side[1];
        cut[asked++] = i;
    }
    if (asked)
        CT_TRY(operations->product_cuts(p, asked, side, found));
    for (size_t k = 0; k < asked; k++)
        if (found[k].status == CUTROPY_OK)
            CT_TRY(take_found(p, &found[k], &cuts[cut[k]]));
done:
    for (size_t k = 0; found && k < count; k++)
        ct_free(found[k].values);
    ct_free(side);
    ct_free(found);
    ct_free(cut);
    return status;
}
