/* SPDX-License-Identifier: Apache-2.0 */
/* Third stretch: eigenvalues, the matrices of a size class together. */
#include "backend/cuda/product_batch.h"

#include <string.h>

#include "backend/cuda/eigen_batch.h"
#include "backend/cuda/own.h"
#include "backend/cuda/plan.h"

/* The matrices of the cuts of a group, with zeros behind them: the eigenvalues of the padding are 0 and no larger than any other. */
static cutropy_status pad_group(ct_product_batch *b, const int64_t *cut, int64_t count, int64_t ld)
{
    cutropy_status status = CUTROPY_OK;
    const int device = b->d->device.number;
    const size_t entry = (size_t)b->parts * 8, whole = (size_t)(ld * ld) * entry;
    CT_CUDA(device, cudaMemsetAsync(b->l[1], 0, (size_t)count * whole, b->d->stream));
    for (int64_t k = 0; k < count; k++) {
        const size_t row = (size_t)ct_product_rank(b, cut[k]) * entry;
        CT_CUDA(device, cudaMemcpy2DAsync(b->l[1] + (size_t)k * (whole / 8), (size_t)ld * entry,
                                          ct_product_matrix_at(b, b->l[0], cut[k]), row, row,
                                          (size_t)ct_product_rank(b, cut[k]),
                                          cudaMemcpyDeviceToDevice, b->d->stream));
    }
done:
    return status;
}

/* Some of the cuts of one size class, as many as the work space serves: *count of them; values are theirs one after the other. */
static cutropy_status solve_group(ct_product_batch *b, const int64_t *cut, int64_t ld,
                                  double *values, int32_t *info, int64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    int64_t own;
    CT_TRY(ct_own_most(&own));
    const uint64_t room = 2 * (uint64_t)(b->count * b->square * b->parts) * 8 + CT_PRODUCT_SLACK;
    ct_eigen_batch batch = {.device = b->d->device.number,
                            .stream = b->d->stream,
                            .own = own,
                            .libraries = b->d->libraries,
                            .parts = b->parts,
                            .n = ld,
                            .count = *count,
                            .a = b->l[1],
                            .values = values,
                            .info = info,
                            .work = b->moved};
    const int64_t most = ct_eigen_most(own, b->parts, ld, *count);
    batch.count = most < *count ? most : *count;
    CT_TRY(ct_eigen_batch_space(&batch));
    while (batch.space.device_bytes > room && batch.count > 1) {
        batch.count = (batch.count + 1) / 2;
        CT_TRY(ct_eigen_batch_space(&batch));
    }
    *count = batch.count;
    if (batch.space.device_bytes > room) { /* the CPU has it */
        b->found[cut[0]]->status = CUTROPY_EUNSUPPORTED;
        goto done;
    }
    CT_TRY(pad_group(b, cut, batch.count, ld));
    CT_TRY(ct_eigen_batch_solve(&batch));
done:
    return status;
}

/* Size class after size class; offset[i]: where the values of cut i begin, slot[i]: its info. */
static cutropy_status enqueue_values(ct_product_batch *b, int64_t *offset, int64_t *slot,
                                     int64_t *total, int64_t *slots)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *cut = NULL;
    bool *taken = NULL;
    *total = *slots = 0;
    CT_NEW(cut, b->count);
    CT_NEW_ZERO(taken, b->count);
    for (int64_t first = 0; first < b->count; first++) {
        const int64_t ld =
            b->found[first]->status == CUTROPY_OK ? ct_size_class(ct_product_rank(b, first)) : 0;
        int64_t members = 0;
        for (int64_t i = first; i < b->count && ld; i++)
            if (!taken[i] && b->found[i]->status == CUTROPY_OK &&
                ct_size_class(ct_product_rank(b, i)) == ld) {
                taken[i] = true;
                cut[members++] = i;
            }
        for (int64_t k = 0, count = 0; k < members; k += count) {
            count = members - k;
            CT_TRY(solve_group(b, cut + k, ld, b->values + *total, b->info + *slots, &count));
            for (int64_t i = 0; i < count; i++) {
                offset[cut[k + i]] = *total;
                slot[cut[k + i]] = (*slots)++;
                *total += ld;
            }
        }
    }
done:
    ct_free(cut);
    ct_free(taken);
    return status;
}

/* What was found of one cut: the largest eigenvalues of its padded matrix. */
static cutropy_status read_cut(const ct_product_batch *b, int64_t i, const double *values)
{
    cutropy_status status = CUTROPY_OK;
    ct_product_found *found = b->found[i];
    const int64_t n = ct_product_rank(b, i);
    found->trace = ct_product_sum(b->diagonal[CT_HERE] + i * b->n, n);
    found->square = ct_product_sum(b->sums[CT_HERE] + i * b->n, n);
    CT_NEW(found->values, n);
    memcpy(found->values, values + ct_size_class(n) - n, (size_t)n * sizeof *values);
done:
    return status;
}

cutropy_status ct_product_values(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t numbers = (uint64_t)(b->count * b->n) * 8;
    int64_t *offset = NULL, *slot = NULL, total = 0, slots = 0;
    double *values = NULL;
    int32_t *info = NULL;
    CT_NEW(offset, b->count);
    CT_NEW(slot, b->count);
    CT_TRY(enqueue_values(b, offset, slot, &total, &slots));
    CT_NEW(values, total);
    CT_NEW(info, slots);
    if (!slots)
        goto done;
    CT_TRY(ct_product_fetch(b, values, b->values, (uint64_t)total * 8));
    CT_TRY(ct_product_fetch(b, info, b->info, (uint64_t)slots * 4));
    CT_TRY(ct_product_fetch(b, b->sums[CT_HERE], b->sums[CT_THERE], numbers));
    CT_TRY(ct_product_fetch(b, b->diagonal[CT_HERE], b->diagonal[CT_THERE], numbers));
    CT_CUDA(b->d->device.number, cudaStreamSynchronize(b->d->stream));
    for (int64_t i = 0; i < b->count; i++) {
        if (b->found[i]->status != CUTROPY_OK)
            continue;
        if (info[slot[i]])
            b->found[i]->status = CUTROPY_EUNSUPPORTED;
        else
            CT_TRY(read_cut(b, i, values + offset[i]));
    }
done:
    if (status != CUTROPY_OK) /* copies to what goes are over */
        (void)cudaStreamSynchronize(b->d->stream);
    ct_free(offset);
    ct_free(slot);
    ct_free(values);
    ct_free(info);
    return status;
}
