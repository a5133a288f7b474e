/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/product_batch.h"

#include <string.h>

#include "backend/cuda/plan.h"
#include "base/sum.h"

#define PIECE 16 /* alignment of what is uploaded together */

/* Where `bytes` of data (NULL: none yet) will be on the device. */
void *ct_product_put(ct_product_blob *blob, const void *data, uint64_t bytes, void **host)
{
    const uint64_t at = blob->used;
    blob->used += (bytes + PIECE - 1) / PIECE * PIECE;
    if (blob->used > blob->size) /* blob_bytes is wrong */
        return NULL;
    if (data && bytes)
        memcpy(blob->host + at, data, bytes);
    if (host)
        *host = blob->host + at;
    return blob->device + at;
}

cutropy_status ct_product_send(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    ct_product_blob *blob = &b->blob;
    if (blob->used > blob->size)
        return ct_fail(CUTROPY_EINTERNAL, "more to upload than was planned");
    CT_CUDA(b->d->device.number,
            cudaMemcpyAsync(blob->device + blob->sent, blob->host + blob->sent,
                            blob->used - blob->sent, cudaMemcpyHostToDevice, b->d->stream));
    blob->sent = blob->used;
done:
    return status;
}

static uint64_t blob_bytes(const ct_products *p, int64_t n)
{
    const uint64_t side = 4 * (uint64_t)p->sites + 20 * (uint64_t)n,
                   lists = 12 * (uint64_t)p->terms + 4 * (uint64_t)n;
    return 2 * side + lists + 2048;
}

static int64_t square_of(int64_t n)
{
    const int64_t ld = ct_size_class(n);
    return ld * ld;
}

/* Of one cut, the blob included; of all cuts, CT_PRODUCT_SLACK and the labels more. */
uint64_t ct_product_cut_room(const ct_products *p, int64_t n)
{
    const uint64_t matrix = (uint64_t)square_of(n) * (p->is_complex ? 16 : 8);
    return 4 * matrix + blob_bytes(p, n) + 2 * (uint64_t)n * (8 + 4 + 4 + 8 + 8) +
           (uint64_t)n * 24 + (uint64_t)ct_size_class(n) * 8 + 2 * sizeof(ct_cholesky_state) + 64;
}

uint64_t ct_product_fixed_room(const ct_products *p)
{
    return 2 * CT_PRODUCT_SLACK + 4 * (uint64_t)p->terms;
}

/* Doubles here and there. */
static cutropy_status take_both(ct_product_batch *b, int64_t count, double *out[2])
{
    cutropy_status status = CUTROPY_OK;
    out[CT_THERE] = ct_region_take(&b->d->room, (uint64_t)count * sizeof(double));
    CT_NEW(out[CT_HERE], count);
done:
    return status;
}

static cutropy_status place(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    ct_region *room = &b->d->room;
    const int64_t cuts = b->count;
    const uint64_t matrices = (uint64_t)cuts * (uint64_t)b->square * (uint64_t)b->parts * 8;
    b->blob.size = (uint64_t)cuts * blob_bytes(b->p, b->n) + 4 * (uint64_t)b->p->terms + PIECE;
    CT_NEW(b->blob.host, b->blob.size);
    b->blob.device = ct_region_take(room, b->blob.size);
    b->l[0] = ct_region_take(room, matrices);
    b->l[1] = ct_region_take(room, matrices);
    b->moved = ct_region_take(room, 2 * matrices + CT_PRODUCT_SLACK);
    b->panel = ct_region_take(room, (uint64_t)(2 * cuts * b->n) * 8);
    b->order = ct_region_take(room, (uint64_t)(2 * cuts * b->n) * 4);
    b->place = ct_region_take(room, (uint64_t)(2 * cuts * b->n) * 4);
    b->values = ct_region_take(room, (uint64_t)(cuts * ct_size_class(b->n)) * 8);
    b->info = ct_region_take(room, (uint64_t)cuts * 4);
    b->state[CT_THERE] = ct_region_take(room, 2 * (uint64_t)cuts * sizeof(ct_cholesky_state));
    CT_NEW(b->state[CT_HERE], 2 * cuts);
    CT_TRY(take_both(b, 2 * cuts * b->n, b->spread));
    CT_TRY(take_both(b, 2 * cuts * b->n, b->lost));
    CT_TRY(take_both(b, cuts * b->n, b->sums));
    CT_TRY(take_both(b, 2 * cuts * b->n, b->diagonal)); /* of both sides at first */
    if (!b->diagonal[CT_THERE])
        CT_TRY(ct_fail_memory("cuts on a device", ct_product_cut_room(b->p, b->n)));
done:
    return status;
}

/* What is copied whole, though not all of it is written. */
static cutropy_status clear(const ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t each = (uint64_t)(b->count * b->n) * 8;
    const struct {
        void *memory;
        uint64_t bytes;
    } all[] = {{b->l[0], (uint64_t)(b->count * b->square * b->parts) * 8},
               {b->spread[CT_THERE], 2 * each},
               {b->lost[CT_THERE], 2 * each},
               {b->sums[CT_THERE], each},
               {b->diagonal[CT_THERE], 2 * each},
               {b->values, (uint64_t)(b->count * ct_size_class(b->n)) * 8},
               {b->info, (uint64_t)b->count * 4}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CT_CUDA(b->d->device.number, cudaMemsetAsync(all[i].memory, 0, all[i].bytes, b->d->stream));
done:
    return status;
}

cutropy_status ct_product_batch_open(ct_product_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    b->square = square_of(b->n);
    CT_TRY(place(b));
    CT_TRY(clear(b));
done:
    return status;
}

void ct_product_batch_close(ct_product_batch *b)
{
    ct_free(b->blob.host);
    ct_free(b->state[CT_HERE]);
    ct_free(b->spread[CT_HERE]);
    ct_free(b->lost[CT_HERE]);
    ct_free(b->sums[CT_HERE]);
    ct_free(b->diagonal[CT_HERE]);
}

cutropy_status ct_product_fetch(const ct_product_batch *b, void *host, const void *device,
                                uint64_t bytes)
{
    return ct_cuda_check(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, b->d->stream),
                         b->d->device.number, "cudaMemcpyAsync()");
}

double *ct_product_matrix_at(const ct_product_batch *b, double *first, int64_t i)
{
    return first + i * b->square * b->parts;
}

int64_t ct_product_few(const ct_product_batch *b, int64_t i)
{
    return 2 * i + b->found[i]->few;
}

int64_t ct_product_rank(const ct_product_batch *b, int64_t i)
{
    return b->found[i]->half[b->found[i]->few].rank;
}

double ct_product_sum(const double *number, int64_t n)
{
    ct_sum sum = {0};
    for (int64_t i = 0; i < n; i++)
        ct_sum_add(&sum, number[i]);
    return ct_sum_value(&sum);
}
