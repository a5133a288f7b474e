/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of cuts of a sum of product states, the host between two stretches of one stream:
 *
 *   overlaps, sums of squares, Cholesky, sums of squares -> (host: ranks)
 *   W L, F, F F^H, its sums of squares, eigenvalues by size class -> (host: what was found)
 */
#include "backend/cuda/product_cuts.h"

#include <string.h>

#include "backend/cuda/product_batch.h"
#include "backend/cuda/thresholds.h"

#define MOST_CUTS 256 /* of a batch: beyond, launches are long enough */

static cutropy_status solve_batch(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    ct_region_rewind(&b->d->room, 0);
    CT_TRY(ct_product_batch_open(b));
    CT_TRY(ct_product_factors(b));
    CT_TRY(ct_product_matrices(b));
    CT_TRY(ct_product_values(b));
done:
    (void)cudaStreamSynchronize(b->d->stream); /* nothing of this batch is read or written later */
    ct_product_batch_close(b);
    return status;
}

/* The sides of a batch one after the other. */
static cutropy_status solve_cuts(ct_product_device *d, const ct_products *p, int64_t count,
                                 const ct_product_side *side, ct_product_found **found, int64_t n)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t each = ct_product_cut_room(p, n), fixed = ct_product_fixed_room(p);
    const uint64_t fit = d->device.room > fixed ? (d->device.room - fixed) / each : 0;
    int64_t most = fit < MOST_CUTS ? (int64_t)fit : MOST_CUTS;
    most = most < count ? most : count;
    if (!most) /* the CPU's */
        return CUTROPY_OK;
    const uint64_t bytes = (uint64_t)most * each + fixed;
    CT_TRY(ct_region_open(d->device.number, bytes, bytes, &d->room));
    for (int64_t first = 0; first < count; first += most) {
        ct_product_batch batch = {.d = d,
                                  .p = p,
                                  .parts = p->is_complex ? 2 : 1,
                                  .n = n,
                                  .count = count - first < most ? count - first : most,
                                  .side = side + 2 * first,
                                  .found = found + first};
        CT_TRY(solve_batch(&batch));
    }
done:
    return status;
}

static void forget(size_t count, ct_product_found *found)
{
    for (size_t i = 0; i < count; i++) {
        ct_free(found[i].values);
        found[i] = (ct_product_found){.status = CUTROPY_EUNSUPPORTED};
    }
}

/* The cuts that a device takes. */
static int64_t choose(size_t count, const ct_product_side *side, ct_product_found *found,
                      ct_product_side *chosen, ct_product_found **of, int64_t *n)
{
    int64_t taken = 0;
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        const ct_product_side *pair = side + 2 * i;
        if (pair[0].count < CT_CUDA_PRODUCTS || pair[1].count < CT_CUDA_PRODUCTS)
            continue;
        for (int s = 0; s < 2; s++) {
            chosen[2 * taken + s] = pair[s];
            *n = pair[s].count > *n ? pair[s].count : *n;
        }
        of[taken++] = &found[i];
    }
    return taken;
}

cutropy_status ct_cuda_product_cuts(const struct ct_products *p, size_t count,
                                    const ct_product_side *side, ct_product_found *found)
{
    cutropy_status status = CUTROPY_OK;
    ct_product_side *chosen = NULL; /* what they point to stays the caller's */
    ct_product_found **of = NULL;
    ct_product_device *d = NULL;
    int64_t n = 0;
    memset(found, 0, count * sizeof *found);
    forget(count, found);
    CT_NEW(chosen, 2 * count);
    CT_NEW(of, count);
    const int64_t taken = choose(count, side, found, chosen, of, &n);
    if (!taken || n > CT_CHOLESKY_ROWS)
        goto done;
    status = ct_product_device_enter(p, true, &d);
    if (status == CUTROPY_OK)
        status = solve_cuts(d, p, taken, chosen, of, n);
    ct_product_device_leave(status);
    if (status == CUTROPY_EUNSUPPORTED || status == CUTROPY_EMEMORY) { /* the CPU's */
        forget(count, found);
        status = CUTROPY_OK;
    }
done:
    if (status != CUTROPY_OK)
        forget(count, found);
    ct_free(chosen);
    ct_free(of);
    return status;
}
