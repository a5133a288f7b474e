/* SPDX-License-Identifier: Apache-2.0 */
/* Second stretch: F = L^T W L of every cut whose factors are there, and F F^H. */
#include "backend/cuda/product_batch.h"

#include <string.h>

static double *f_at(const ct_product_batch *b, int64_t i)
{
    return ct_product_matrix_at(b, b->moved, b->count + i);
}

/* The terms of every part of the side with the smaller rank, in their order. */
static ct_move_job move_of(ct_product_batch *b, int64_t i)
{
    const int64_t few = ct_product_few(b, i), many = 4 * i + 1 - few, terms = b->p->terms;
    const ct_product_side *to = &b->side[few], *from = &b->side[many];
    void *start_memory = NULL, *from_memory = NULL, *weight_memory = NULL;
    const ct_move_job job = {
        .rank = b->found[i]->half[1 - b->found[i]->few].rank,
        .n_from = from->count,
        .n_to = to->count,
        .l = ct_product_matrix_at(b, b->l[many % 2], i),
        .weight = ct_product_put(&b->blob, NULL, (uint64_t)terms * 8, &weight_memory),
        .start = ct_product_put(&b->blob, NULL, (uint64_t)(to->count + 1) * 4, &start_memory),
        .from = ct_product_put(&b->blob, NULL, (uint64_t)terms * 4, &from_memory),
        .place_from = b->place + many * b->n,
        .order_to = b->order + few * b->n,
        .x = ct_product_matrix_at(b, b->moved, i)};
    int32_t *start = start_memory, *part = from_memory, total = 0;
    double *weight = weight_memory;
    if (!job.from)
        return job;
    memset(start, 0, (size_t)(to->count + 1) * sizeof *start);
    for (int64_t t = 0; t < terms; t++)
        if (to->of_term[t] >= 0)
            start[to->of_term[t]]++;
    for (int64_t k = 0; k <= to->count; k++) { /* where each begins */
        const int32_t here = k < to->count ? start[k] : 0;
        start[k] = total;
        total += here;
    }
    for (int64_t t = 0; t < terms; t++)
        if (to->of_term[t] >= 0) {
            const int32_t at = start[to->of_term[t]]++;
            part[at] = from->of_term[t];
            weight[at] = b->p->weight[t];
        }
    for (int64_t k = to->count; k > 0; k--)
        start[k] = start[k - 1];
    start[0] = 0;
    return job;
}

cutropy_status ct_product_matrices(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    const int device = b->d->device.number, parts = b->parts;
    ct_move_job *moves = NULL;
    ct_squares_job *squares = NULL;
    int64_t n = 0;
    CT_NEW(moves, b->count);
    CT_NEW(squares, b->count);
    for (int64_t i = 0; i < b->count; i++) {
        if (b->found[i]->status != CUTROPY_OK)
            continue;
        moves[n] = move_of(b, i);
        squares[n++] = (ct_squares_job){.n = ct_product_rank(b, i),
                                        .ld = ct_product_rank(b, i),
                                        .a = ct_product_matrix_at(b, b->l[0], i),
                                        .sums = b->sums[CT_THERE] + i * b->n,
                                        .diagonal = b->diagonal[CT_THERE] + i * b->n};
    }
    const ct_move_job *d_moves = ct_product_put(&b->blob, moves, (uint64_t)n * sizeof *moves, NULL);
    const ct_squares_job *d_squares =
        ct_product_put(&b->blob, squares, (uint64_t)n * sizeof *squares, NULL);
    if (!n)
        goto done;
    CT_TRY(ct_product_send(b));
    CT_CUDA(device, ct_launch_move(d_moves, n, b->n, parts, b->d->stream));
    for (int64_t i = 0; i < b->count; i++) {
        const int few = b->found[i]->few;
        const ct_half_found *half = b->found[i]->half;
        if (b->found[i]->status != CUTROPY_OK)
            continue;
        CT_TRY(ct_libraries_multiply(b->d->libraries, parts, half[few].rank, half[1 - few].rank,
                                     b->side[ct_product_few(b, i)].count,
                                     ct_product_matrix_at(b, b->l[few], i),
                                     ct_product_matrix_at(b, b->moved, i), f_at(b, i)));
        CT_TRY(ct_libraries_gram(b->d->libraries, parts, half[few].rank, half[1 - few].rank,
                                 f_at(b, i), ct_product_matrix_at(b, b->l[0], i)));
    }
    CT_CUDA(device, ct_launch_squares(d_squares, n, b->n, parts, b->d->stream));
done:
    ct_free(moves);
    ct_free(squares);
    return status;
}
