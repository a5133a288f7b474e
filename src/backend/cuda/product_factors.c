/* SPDX-License-Identifier: Apache-2.0 */
/* First stretch of a batch: both sides of every cut to Cholesky factors. */
#include "backend/cuda/product_batch.h"

#include <string.h>

/* Sums of y^2, and numbers of terms, of every part. */
static void part_weights(const ct_products *p, const ct_product_side *side, double *square,
                         double *number)
{
    memset(square, 0, (size_t)side->count * sizeof *square);
    memset(number, 0, (size_t)side->count * sizeof *number);
    for (int64_t m = 0; m < p->terms; m++)
        if (side->of_term[m] >= 0) {
            square[side->of_term[m]] += p->weight[m] * p->weight[m];
            number[side->of_term[m]]++;
        }
}

/* The jobs of a side, whose lists go into the blob; the two of `squares` are those of spread and lost. */
static void side_jobs(ct_product_batch *b, int64_t s, const int32_t *label,
                      ct_overlap_job *overlaps, ct_cholesky_job *cholesky, ct_squares_job *spread,
                      ct_squares_job *lost)
{
    const ct_product_side *side = &b->side[s];
    const int64_t n = side->count;
    void *square = NULL, *number = NULL;
    double *g = ct_product_matrix_at(b, b->l[s % 2], s / 2);
    const double *of_square = ct_product_put(&b->blob, NULL, (uint64_t)n * 8, &square),
                 *of_number = ct_product_put(&b->blob, NULL, (uint64_t)n * 8, &number);
    *overlaps = (ct_overlap_job){
        .rows = n,
        .n = n,
        .ld = n,
        .sites = side->sites,
        .site = ct_product_put(&b->blob, side->site, (uint64_t)side->sites * 4, NULL),
        .term = ct_product_put(&b->blob, side->term, (uint64_t)n * 4, NULL),
        .label = side->labelled ? label : NULL,
        .g = g};
    if (of_number)
        part_weights(b->p, side, square, number);
    *cholesky = (ct_cholesky_job){.n = n,
                                  .ld = n,
                                  .a = g,
                                  .square = b->panel + s * b->n,
                                  .order = b->order + s * b->n,
                                  .place = b->place + s * b->n,
                                  .state = b->state[CT_THERE] + s};
    *spread = (ct_squares_job){.n = n,
                               .ld = n,
                               .a = g,
                               .weight = of_square,
                               .sums = b->spread[CT_THERE] + s * b->n,
                               .diagonal = b->diagonal[CT_THERE] + s * b->n};
    *lost = *spread;
    lost->weight = of_number;
    lost->order = cholesky->order;
    lost->state = cholesky->state;
    lost->sums = b->lost[CT_THERE] + s * b->n;
}

static cutropy_status enqueue_factors(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    const int device = b->d->device.number, parts = b->parts;
    const int64_t sides = 2 * b->count;
    cudaStream_t stream = b->d->stream;
    ct_overlap_job *overlaps = NULL;
    ct_cholesky_job *cholesky = NULL;
    ct_squares_job *squares = NULL;
    CT_NEW(overlaps, sides);
    CT_NEW(cholesky, sides);
    CT_NEW(squares, 2 * sides);
    const int32_t *label =
        b->p->label ? ct_product_put(&b->blob, b->p->label, (uint64_t)b->p->terms * 4, NULL) : NULL;
    for (int64_t s = 0; s < sides; s++)
        side_jobs(b, s, label, &overlaps[s], &cholesky[s], &squares[s], &squares[sides + s]);
    const ct_overlap_job *d_overlaps =
        ct_product_put(&b->blob, overlaps, (uint64_t)sides * sizeof *overlaps, NULL);
    const ct_cholesky_job *d_cholesky =
        ct_product_put(&b->blob, cholesky, (uint64_t)sides * sizeof *cholesky, NULL);
    const ct_squares_job *d_squares =
        ct_product_put(&b->blob, squares, 2 * (uint64_t)sides * sizeof *squares, NULL);
    CT_TRY(ct_product_send(b));
    CT_CUDA(device, ct_launch_overlaps(&b->d->p, d_overlaps, sides, b->n, b->n, stream));
    CT_CUDA(device, ct_launch_squares(d_squares, sides, b->n, parts, stream));
    CT_CUDA(device, ct_launch_cholesky(d_cholesky, sides, b->n, parts, stream));
    CT_CUDA(device, ct_launch_squares(d_squares + sides, sides, b->n, parts, stream));
    CT_CUDA(device, ct_launch_finish_factors(d_cholesky, sides, b->n, parts, stream));
done:
    ct_free(overlaps);
    ct_free(cholesky);
    ct_free(squares);
    return status;
}

static cutropy_status read_factors(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t sides = 2 * b->count;
    const uint64_t bytes = (uint64_t)(sides * b->n) * 8;
    CT_TRY(ct_product_fetch(b, b->state[CT_HERE], b->state[CT_THERE],
                            (uint64_t)sides * sizeof **b->state));
    CT_TRY(ct_product_fetch(b, b->spread[CT_HERE], b->spread[CT_THERE], bytes));
    CT_TRY(ct_product_fetch(b, b->lost[CT_HERE], b->lost[CT_THERE], bytes));
    CT_CUDA(b->d->device.number, cudaStreamSynchronize(b->d->stream));
    for (int64_t i = 0; i < b->count; i++) {
        ct_product_found *found = b->found[i];
        found->status = CUTROPY_OK;
        for (int s = 0; s < 2; s++) {
            const int64_t k = 2 * i + s, n = b->side[k].count;
            found->half[s] =
                (ct_half_found){.rank = b->state[CT_HERE][k].rank,
                                .lost_square = ct_product_sum(b->lost[CT_HERE] + k * b->n, n),
                                .spread_square = ct_product_sum(b->spread[CT_HERE] + k * b->n, n)};
            if (found->half[s].rank < 1)
                found->status = CUTROPY_EUNSUPPORTED;
        }
        found->few = found->half[0].rank <= found->half[1].rank ? 0 : 1;
    }
done:
    return status;
}

cutropy_status ct_product_factors(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(enqueue_factors(b));
    CT_TRY(read_factors(b));
done:
    return status;
}
