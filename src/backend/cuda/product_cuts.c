/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of cuts of a sum of product states, the host between two stretches of one stream:
 *
 *   overlaps, sums of squares, Cholesky, sums of squares -> (host: ranks)
 *   W L, F, F F^H, its sums of squares, eigenvalues by size class -> (host: what was found)
 *
 * Four squares of numbers a cut: L of both sides, W L, F. F F^H takes the place of the first L, the matrices of a size class those of
 * the second ones, the work space of the eigen-solver that of W L and F. */
#include "backend/cuda/product_cuts.h"

#include <string.h>

#include "backend/cuda/eigen_batch.h"
#include "backend/cuda/own.h"
#include "backend/cuda/plan.h"
#include "backend/cuda/product_device.h"
#include "backend/cuda/thresholds.h"
#include "base/sum.h"

#define PIECE 16        /* alignment of what is uploaded together */
#define SLACK (1 << 16) /* bytes: of arrays, and of the work space of small matrices */
#define MOST_CUTS 256   /* of a batch: beyond, launches are long enough */

/* Bytes that go to the device together, at the same offsets on both sides. */
typedef struct ct_blob {
    unsigned char *host, *device;
    uint64_t size, used, sent;
} ct_blob;

typedef struct ct_cuts {
    ct_product_device *d;
    const ct_products *p;
    int parts;
    int64_t n, square; /* most parts of a side; doubles of a matrix */
    int64_t count;
    const ct_product_side *side; /* two a cut, as below */
    ct_product_found **found;    /* of each cut */
    ct_blob blob;
    /* on the device: square doubles a cut each */
    double *l[2], *moved; /* moved: W L, then F, two squares a cut and SLACK */
    double *panel;        /* n a side */
    int32_t *order, *place;
    double *values; /* a size class of n a cut */
    int32_t *info;
    /* there and on the host */
    ct_cholesky_state *state[2];                         /* a side */
    double *spread[2], *lost[2], *sums[2], *diagonal[2]; /* n a side, n a side, n a cut, n a cut */
} ct_cuts;

enum { DEVICE, HOST };

/* Where `bytes` of data (NULL: none yet) will be on the device. */
static void *put(ct_blob *blob, const void *data, uint64_t bytes, void **host)
{
    const uint64_t at = blob->used;
    blob->used += (bytes + PIECE - 1) / PIECE * PIECE;
    if (blob->used > blob->size) /* ct_blob_bytes is wrong */
        return NULL;
    if (data && bytes)
        memcpy(blob->host + at, data, bytes);
    if (host)
        *host = blob->host + at;
    return blob->device + at;
}

static cutropy_status send(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_blob *blob = &c->blob;
    if (blob->used > blob->size)
        return ct_fail(CUTROPY_EINTERNAL, "more to upload than was planned");
    CT_CUDA(c->d->device.number,
            cudaMemcpyAsync(blob->device + blob->sent, blob->host + blob->sent,
                            blob->used - blob->sent, cudaMemcpyHostToDevice, c->d->stream));
    blob->sent = blob->used;
done:
    return status;
}

/* ---- memory ---- */

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

/* Of one cut, the blob included; of all cuts, SLACK and the labels more. */
static uint64_t cut_bytes(const ct_products *p, int64_t n)
{
    const uint64_t matrix = (uint64_t)square_of(n) * (p->is_complex ? 16 : 8);
    return 4 * matrix + blob_bytes(p, n) + 2 * (uint64_t)n * (8 + 4 + 4 + 8 + 8) +
           (uint64_t)n * 24 + (uint64_t)ct_size_class(n) * 8 + 2 * sizeof(ct_cholesky_state) + 64;
}

static uint64_t fixed_bytes(const ct_products *p)
{
    return 2 * SLACK + 4 * (uint64_t)p->terms;
}

/* Doubles here and there. */
static cutropy_status take_both(ct_cuts *c, int64_t count, double *out[2])
{
    cutropy_status status = CUTROPY_OK;
    out[DEVICE] = ct_region_take(&c->d->room, (uint64_t)count * sizeof(double));
    CT_NEW(out[HOST], count);
done:
    return status;
}

static cutropy_status place(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_region *room = &c->d->room;
    const int64_t cuts = c->count;
    const uint64_t matrices = (uint64_t)cuts * (uint64_t)c->square * (uint64_t)c->parts * 8;
    c->blob.size = (uint64_t)cuts * blob_bytes(c->p, c->n) + 4 * (uint64_t)c->p->terms + PIECE;
    CT_NEW(c->blob.host, c->blob.size);
    c->blob.device = ct_region_take(room, c->blob.size);
    c->l[0] = ct_region_take(room, matrices);
    c->l[1] = ct_region_take(room, matrices);
    c->moved = ct_region_take(room, 2 * matrices + SLACK);
    c->panel = ct_region_take(room, (uint64_t)(2 * cuts * c->n) * 8);
    c->order = ct_region_take(room, (uint64_t)(2 * cuts * c->n) * 4);
    c->place = ct_region_take(room, (uint64_t)(2 * cuts * c->n) * 4);
    c->values = ct_region_take(room, (uint64_t)(cuts * ct_size_class(c->n)) * 8);
    c->info = ct_region_take(room, (uint64_t)cuts * 4);
    c->state[DEVICE] = ct_region_take(room, 2 * (uint64_t)cuts * sizeof(ct_cholesky_state));
    CT_NEW(c->state[HOST], 2 * cuts);
    CT_TRY(take_both(c, 2 * cuts * c->n, c->spread));
    CT_TRY(take_both(c, 2 * cuts * c->n, c->lost));
    CT_TRY(take_both(c, cuts * c->n, c->sums));
    CT_TRY(take_both(c, 2 * cuts * c->n, c->diagonal)); /* of both sides at first */
    if (!c->diagonal[DEVICE])
        CT_TRY(ct_fail_memory("cuts on a device", cut_bytes(c->p, c->n)));
done:
    return status;
}

/* What is copied whole, though not all of it is written. */
static cutropy_status clear(const ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t each = (uint64_t)(c->count * c->n) * 8;
    const struct {
        void *memory;
        uint64_t bytes;
    } all[] = {{c->l[0], (uint64_t)(c->count * c->square * c->parts) * 8},
               {c->spread[DEVICE], 2 * each},
               {c->lost[DEVICE], 2 * each},
               {c->sums[DEVICE], each},
               {c->diagonal[DEVICE], 2 * each},
               {c->values, (uint64_t)(c->count * ct_size_class(c->n)) * 8},
               {c->info, (uint64_t)c->count * 4}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CT_CUDA(c->d->device.number, cudaMemsetAsync(all[i].memory, 0, all[i].bytes, c->d->stream));
done:
    return status;
}

static void cuts_free(ct_cuts *c)
{
    ct_free(c->blob.host);
    ct_free(c->state[HOST]);
    ct_free(c->spread[HOST]);
    ct_free(c->lost[HOST]);
    ct_free(c->sums[HOST]);
    ct_free(c->diagonal[HOST]);
}

static cutropy_status fetch(const ct_cuts *c, void *host, const void *device, uint64_t bytes)
{
    return ct_cuda_check(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, c->d->stream),
                         c->d->device.number, "cudaMemcpyAsync()");
}

static double *matrix_at(const ct_cuts *c, double *first, int64_t i)
{
    return first + i * c->square * c->parts;
}

/* ---- factors ---- */

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
static void side_jobs(ct_cuts *c, int64_t s, const int32_t *label, ct_overlap_job *overlaps,
                      ct_cholesky_job *cholesky, ct_squares_job *spread, ct_squares_job *lost)
{
    const ct_product_side *side = &c->side[s];
    const int64_t n = side->count;
    void *square = NULL, *number = NULL;
    double *g = matrix_at(c, c->l[s % 2], s / 2);
    const double *of_square = put(&c->blob, NULL, (uint64_t)n * 8, &square),
                 *of_number = put(&c->blob, NULL, (uint64_t)n * 8, &number);
    *overlaps = (ct_overlap_job){.rows = n,
                                 .n = n,
                                 .ld = n,
                                 .sites = side->sites,
                                 .site = put(&c->blob, side->site, (uint64_t)side->sites * 4, NULL),
                                 .term = put(&c->blob, side->term, (uint64_t)n * 4, NULL),
                                 .label = side->labelled ? label : NULL,
                                 .g = g};
    if (of_number)
        part_weights(c->p, side, square, number);
    *cholesky = (ct_cholesky_job){.n = n,
                                  .ld = n,
                                  .a = g,
                                  .square = c->panel + s * c->n,
                                  .order = c->order + s * c->n,
                                  .place = c->place + s * c->n,
                                  .state = c->state[DEVICE] + s};
    *spread = (ct_squares_job){.n = n,
                               .ld = n,
                               .a = g,
                               .weight = of_square,
                               .sums = c->spread[DEVICE] + s * c->n,
                               .diagonal = c->diagonal[DEVICE] + s * c->n};
    *lost = *spread;
    lost->weight = of_number;
    lost->order = cholesky->order;
    lost->state = cholesky->state;
    lost->sums = c->lost[DEVICE] + s * c->n;
}

static cutropy_status enqueue_factors(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    const int device = c->d->device.number, parts = c->parts;
    const int64_t sides = 2 * c->count;
    cudaStream_t stream = c->d->stream;
    ct_overlap_job *overlaps = NULL;
    ct_cholesky_job *cholesky = NULL;
    ct_squares_job *squares = NULL;
    CT_NEW(overlaps, sides);
    CT_NEW(cholesky, sides);
    CT_NEW(squares, 2 * sides);
    const int32_t *label =
        c->p->label ? put(&c->blob, c->p->label, (uint64_t)c->p->terms * 4, NULL) : NULL;
    for (int64_t s = 0; s < sides; s++)
        side_jobs(c, s, label, &overlaps[s], &cholesky[s], &squares[s], &squares[sides + s]);
    const ct_overlap_job *d_overlaps =
        put(&c->blob, overlaps, (uint64_t)sides * sizeof *overlaps, NULL);
    const ct_cholesky_job *d_cholesky =
        put(&c->blob, cholesky, (uint64_t)sides * sizeof *cholesky, NULL);
    const ct_squares_job *d_squares =
        put(&c->blob, squares, 2 * (uint64_t)sides * sizeof *squares, NULL);
    CT_TRY(send(c));
    CT_CUDA(device, ct_launch_overlaps(&c->d->p, d_overlaps, sides, c->n, c->n, stream));
    CT_CUDA(device, ct_launch_squares(d_squares, sides, c->n, parts, stream));
    CT_CUDA(device, ct_launch_cholesky(d_cholesky, sides, c->n, parts, stream));
    CT_CUDA(device, ct_launch_squares(d_squares + sides, sides, c->n, parts, stream));
    CT_CUDA(device, ct_launch_finish_factors(d_cholesky, sides, c->n, parts, stream));
done:
    ct_free(overlaps);
    ct_free(cholesky);
    ct_free(squares);
    return status;
}

static double sum_of(const double *number, int64_t n)
{
    ct_sum sum = {0};
    for (int64_t i = 0; i < n; i++)
        ct_sum_add(&sum, number[i]);
    return ct_sum_value(&sum);
}

static cutropy_status read_factors(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t sides = 2 * c->count;
    const uint64_t bytes = (uint64_t)(sides * c->n) * 8;
    CT_TRY(fetch(c, c->state[HOST], c->state[DEVICE], (uint64_t)sides * sizeof **c->state));
    CT_TRY(fetch(c, c->spread[HOST], c->spread[DEVICE], bytes));
    CT_TRY(fetch(c, c->lost[HOST], c->lost[DEVICE], bytes));
    CT_CUDA(c->d->device.number, cudaStreamSynchronize(c->d->stream));
    for (int64_t i = 0; i < c->count; i++) {
        ct_product_found *found = c->found[i];
        found->status = CUTROPY_OK;
        for (int s = 0; s < 2; s++) {
            const int64_t k = 2 * i + s, n = c->side[k].count;
            found->half[s] =
                (ct_half_found){.rank = c->state[HOST][k].rank,
                                .lost_square = sum_of(c->lost[HOST] + k * c->n, n),
                                .spread_square = sum_of(c->spread[HOST] + k * c->n, n)};
            if (found->half[s].rank < 1)
                found->status = CUTROPY_EUNSUPPORTED;
        }
        found->few = found->half[0].rank <= found->half[1].rank ? 0 : 1;
    }
done:
    return status;
}

/* ---- F F^H ---- */

static int64_t few_of(const ct_cuts *c, int64_t i)
{
    return 2 * i + c->found[i]->few;
}

static int64_t rank_of(const ct_cuts *c, int64_t i)
{
    return c->found[i]->half[c->found[i]->few].rank;
}

static double *f_at(const ct_cuts *c, int64_t i)
{
    return matrix_at(c, c->moved, c->count + i);
}

/* The terms of every part of the side with the smaller rank, in their order. */
static ct_move_job move_of(ct_cuts *c, int64_t i)
{
    const int64_t few = few_of(c, i), many = 4 * i + 1 - few, terms = c->p->terms;
    const ct_product_side *to = &c->side[few], *from = &c->side[many];
    void *start_memory = NULL, *from_memory = NULL, *weight_memory = NULL;
    const ct_move_job job = {.rank = c->found[i]->half[1 - c->found[i]->few].rank,
                             .n_from = from->count,
                             .n_to = to->count,
                             .l = matrix_at(c, c->l[many % 2], i),
                             .weight = put(&c->blob, NULL, (uint64_t)terms * 8, &weight_memory),
                             .start =
                                 put(&c->blob, NULL, (uint64_t)(to->count + 1) * 4, &start_memory),
                             .from = put(&c->blob, NULL, (uint64_t)terms * 4, &from_memory),
                             .place_from = c->place + many * c->n,
                             .order_to = c->order + few * c->n,
                             .x = matrix_at(c, c->moved, i)};
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
            weight[at] = c->p->weight[t];
        }
    for (int64_t k = to->count; k > 0; k--)
        start[k] = start[k - 1];
    start[0] = 0;
    return job;
}

/* Cuts whose factors are there go through the rest; `n` of them. */
static cutropy_status enqueue_products(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    const int device = c->d->device.number, parts = c->parts;
    ct_move_job *moves = NULL;
    ct_squares_job *squares = NULL;
    int64_t n = 0;
    CT_NEW(moves, c->count);
    CT_NEW(squares, c->count);
    for (int64_t i = 0; i < c->count; i++) {
        if (c->found[i]->status != CUTROPY_OK)
            continue;
        moves[n] = move_of(c, i);
        squares[n++] = (ct_squares_job){.n = rank_of(c, i),
                                        .ld = rank_of(c, i),
                                        .a = matrix_at(c, c->l[0], i),
                                        .sums = c->sums[DEVICE] + i * c->n,
                                        .diagonal = c->diagonal[DEVICE] + i * c->n};
    }
    const ct_move_job *d_moves = put(&c->blob, moves, (uint64_t)n * sizeof *moves, NULL);
    const ct_squares_job *d_squares = put(&c->blob, squares, (uint64_t)n * sizeof *squares, NULL);
    if (!n)
        goto done;
    CT_TRY(send(c));
    CT_CUDA(device, ct_launch_move(d_moves, n, c->n, parts, c->d->stream));
    for (int64_t i = 0; i < c->count; i++) {
        const int few = c->found[i]->few;
        const ct_half_found *half = c->found[i]->half;
        if (c->found[i]->status != CUTROPY_OK)
            continue;
        CT_TRY(ct_libraries_multiply(c->d->libraries, parts, half[few].rank, half[1 - few].rank,
                                     c->side[few_of(c, i)].count, matrix_at(c, c->l[few], i),
                                     matrix_at(c, c->moved, i), f_at(c, i)));
        CT_TRY(ct_libraries_gram(c->d->libraries, parts, half[few].rank, half[1 - few].rank,
                                 f_at(c, i), matrix_at(c, c->l[0], i)));
    }
    CT_CUDA(device, ct_launch_squares(d_squares, n, c->n, parts, c->d->stream));
done:
    ct_free(moves);
    ct_free(squares);
    return status;
}

/* ---- eigenvalues ---- */

/* The matrices of the cuts of a group, with zeros behind them: the eigenvalues of the padding are 0 and no larger than any other. */
static cutropy_status pad_group(ct_cuts *c, const int64_t *cut, int64_t count, int64_t ld)
{
    cutropy_status status = CUTROPY_OK;
    const int device = c->d->device.number;
    const size_t entry = (size_t)c->parts * 8, whole = (size_t)(ld * ld) * entry;
    CT_CUDA(device, cudaMemsetAsync(c->l[1], 0, (size_t)count * whole, c->d->stream));
    for (int64_t k = 0; k < count; k++) {
        const size_t row = (size_t)rank_of(c, cut[k]) * entry;
        CT_CUDA(device, cudaMemcpy2DAsync(c->l[1] + (size_t)k * (whole / 8), (size_t)ld * entry,
                                          matrix_at(c, c->l[0], cut[k]), row, row,
                                          (size_t)rank_of(c, cut[k]), cudaMemcpyDeviceToDevice,
                                          c->d->stream));
    }
done:
    return status;
}

/* Some of the cuts of one size class, as many as the work space serves: *count of them; values are theirs one after the other. */
static cutropy_status solve_group(ct_cuts *c, const int64_t *cut, int64_t ld, double *values,
                                  int32_t *info, int64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    int64_t own;
    CT_TRY(ct_own_most(&own));
    const uint64_t room = 2 * (uint64_t)(c->count * c->square * c->parts) * 8 + SLACK;
    ct_eigen_batch batch = {.device = c->d->device.number,
                            .stream = c->d->stream,
                            .own = own,
                            .libraries = c->d->libraries,
                            .parts = c->parts,
                            .n = ld,
                            .count = *count,
                            .a = c->l[1],
                            .values = values,
                            .info = info,
                            .work = c->moved};
    const int64_t most = ct_eigen_most(own, c->parts, ld, *count);
    batch.count = most < *count ? most : *count;
    CT_TRY(ct_eigen_batch_space(&batch));
    while (batch.space.device_bytes > room && batch.count > 1) {
        batch.count = (batch.count + 1) / 2;
        CT_TRY(ct_eigen_batch_space(&batch));
    }
    *count = batch.count;
    if (batch.space.device_bytes > room) { /* the CPU has it */
        c->found[cut[0]]->status = CUTROPY_EUNSUPPORTED;
        goto done;
    }
    CT_TRY(pad_group(c, cut, batch.count, ld));
    CT_TRY(ct_eigen_batch_solve(&batch));
done:
    return status;
}

/* Size class after size class; offset[i]: where the values of cut i begin, slot[i]: its info. */
static cutropy_status enqueue_values(ct_cuts *c, int64_t *offset, int64_t *slot, int64_t *total,
                                     int64_t *slots)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *cut = NULL;
    bool *taken = NULL;
    *total = *slots = 0;
    CT_NEW(cut, c->count);
    CT_NEW_ZERO(taken, c->count);
    for (int64_t first = 0; first < c->count; first++) {
        const int64_t ld =
            c->found[first]->status == CUTROPY_OK ? ct_size_class(rank_of(c, first)) : 0;
        int64_t members = 0;
        for (int64_t i = first; i < c->count && ld; i++)
            if (!taken[i] && c->found[i]->status == CUTROPY_OK &&
                ct_size_class(rank_of(c, i)) == ld) {
                taken[i] = true;
                cut[members++] = i;
            }
        for (int64_t k = 0, count = 0; k < members; k += count) {
            count = members - k;
            CT_TRY(solve_group(c, cut + k, ld, c->values + *total, c->info + *slots, &count));
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
static cutropy_status read_cut(const ct_cuts *c, int64_t i, const double *values)
{
    cutropy_status status = CUTROPY_OK;
    ct_product_found *found = c->found[i];
    const int64_t n = rank_of(c, i);
    found->trace = sum_of(c->diagonal[HOST] + i * c->n, n);
    found->square = sum_of(c->sums[HOST] + i * c->n, n);
    CT_NEW(found->values, n);
    memcpy(found->values, values + ct_size_class(n) - n, (size_t)n * sizeof *values);
done:
    return status;
}

static cutropy_status find_values(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t numbers = (uint64_t)(c->count * c->n) * 8;
    int64_t *offset = NULL, *slot = NULL, total = 0, slots = 0;
    double *values = NULL;
    int32_t *info = NULL;
    CT_NEW(offset, c->count);
    CT_NEW(slot, c->count);
    CT_TRY(enqueue_values(c, offset, slot, &total, &slots));
    CT_NEW(values, total);
    CT_NEW(info, slots);
    if (!slots)
        goto done;
    CT_TRY(fetch(c, values, c->values, (uint64_t)total * 8));
    CT_TRY(fetch(c, info, c->info, (uint64_t)slots * 4));
    CT_TRY(fetch(c, c->sums[HOST], c->sums[DEVICE], numbers));
    CT_TRY(fetch(c, c->diagonal[HOST], c->diagonal[DEVICE], numbers));
    CT_CUDA(c->d->device.number, cudaStreamSynchronize(c->d->stream));
    for (int64_t i = 0; i < c->count; i++) {
        if (c->found[i]->status != CUTROPY_OK)
            continue;
        if (info[slot[i]])
            c->found[i]->status = CUTROPY_EUNSUPPORTED;
        else
            CT_TRY(read_cut(c, i, values + offset[i]));
    }
done:
    if (status != CUTROPY_OK) /* copies to what goes are over */
        (void)cudaStreamSynchronize(c->d->stream);
    ct_free(offset);
    ct_free(slot);
    ct_free(values);
    ct_free(info);
    return status;
}

/* ---- batches ---- */

static cutropy_status solve_batch(ct_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_region_rewind(&c->d->room, 0);
    CT_TRY(place(c));
    CT_TRY(clear(c));
    CT_TRY(enqueue_factors(c));
    CT_TRY(read_factors(c));
    CT_TRY(enqueue_products(c));
    CT_TRY(find_values(c));
done:
    (void)cudaStreamSynchronize(c->d->stream); /* nothing of this batch is read or written later */
    cuts_free(c);
    return status;
}

/* The sides of a batch one after the other. */
static cutropy_status solve_cuts(ct_product_device *d, const ct_products *p, int64_t count,
                                 const ct_product_side *side, ct_product_found **found, int64_t n)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t each = cut_bytes(p, n), fixed = fixed_bytes(p);
    const uint64_t fit = d->device.room > fixed ? (d->device.room - fixed) / each : 0;
    int64_t most = fit < MOST_CUTS ? (int64_t)fit : MOST_CUTS;
    most = most < count ? most : count;
    if (!most) /* the CPU's */
        return CUTROPY_OK;
    const uint64_t bytes = (uint64_t)most * each + fixed;
    CT_TRY(ct_region_open(d->device.number, bytes, bytes, &d->room));
    for (int64_t first = 0; first < count; first += most) {
        ct_cuts c = {.d = d,
                     .p = p,
                     .parts = p->is_complex ? 2 : 1,
                     .n = n,
                     .square = square_of(n),
                     .count = count - first < most ? count - first : most,
                     .side = side + 2 * first,
                     .found = found + first};
        CT_TRY(solve_batch(&c));
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
