/* SPDX-License-Identifier: Apache-2.0 */
/* gram.cu, gram_mma.cu: Gram matrices of blocks against loops over their definition. Jobs of all
 * sizes in one batch, of both sides, with gaps between the matrices that nobody may touch. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define MOST_JOBS 24
#define GAP 3 /* numbers between matrices */

typedef unsigned __int128 wide;

/* A batch on the host: everything that the kernels may read. */
typedef struct batch {
    int64_t cuts, rows[2], words[2], columns[2];
    int entry_words; /* 0: bits */
    int64_t value[2];
    uint64_t *row[2], *weight[2];
    int32_t *first[2], *member[2];
    int64_t jobs, numbers; /* numbers of all matrices with gaps */
    ct_gram_job job[MOST_JOBS];
} batch;

static uint64_t state = 1;

static void *take(size_t bytes)
{
    void *memory = malloc(bytes);
    ck_assert(memory != NULL);
    return memory;
}

/* Numbers 0 .. count - 1 in random order. */
static void shuffle(int32_t *to, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const int64_t j = (int64_t)draw_below(&state, (uint64_t)i + 1);
        to[i] = to[j];
        to[j] = (int32_t)i;
    }
}

/* Sides of 2^na and 2^nb rows; weights 1 .. heaviest; bits, or integers of size 1 .. largest. */
static batch new_batch(int na, int nb, bool bits, uint64_t heaviest, uint64_t largest)
{
    batch b = {.cuts = 2, .entry_words = bits ? 0 : 1, .value = {0, 1}};
    for (int s = 0; s < 2; s++) {
        b.rows[s] = INT64_C(1) << (s ? nb : na);
        b.columns[s] = INT64_C(1) << (s ? na : nb);
        b.words[s] = !bits ? b.columns[s] : b.columns[s] < 64 ? 1 : b.columns[s] / 64;
    }
    for (int s = 0; s < 2; s++) {
        const int64_t all = b.cuts * b.rows[s];
        b.row[s] = take((size_t)(all * b.words[s]) * sizeof **b.row);
        b.weight[s] = take((size_t)all * sizeof **b.weight);
        b.first[s] = take((size_t)all * sizeof **b.first);
        b.member[s] = take((size_t)all * sizeof **b.member);
        for (int64_t i = 0; i < all * b.words[s]; i++) {
            const uint64_t random = draw(&state), size = 1 + draw_below(&state, largest);
            const uint64_t mask =
                b.columns[s] < 64 ? (UINT64_C(1) << b.columns[s]) - 1 : ~UINT64_C(0);
            b.row[s][i] = bits ? random & mask : random % 3 == 0 ? 0 : random & 1 ? size : 0 - size;
        }
        for (int64_t i = 0; i < all; i++)
            b.weight[s][i] = 1 + draw_below(&state, heaviest);
        for (int64_t c = 0; c < b.cuts; c++) {
            shuffle(b.first[s] + c * b.rows[s], b.rows[s]);
            shuffle(b.member[s] + c * b.rows[s], b.rows[s]);
        }
    }
    return b;
}

static void free_batch(batch *b)
{
    for (int s = 0; s < 2; s++) {
        free(b->row[s]);
        free(b->weight[s]);
        free(b->first[s]);
        free(b->member[s]);
    }
}

/* A block of n classes of a side, anywhere; real and complex matrices are n x k. */
static void add_job(batch *b, int side, int64_t n, int64_t k, int64_t ld)
{
    ct_gram_job *job = &b->job[b->jobs];
    ck_assert(b->jobs < MOST_JOBS && n <= b->rows[side] && k <= b->rows[1 - side]);
    *job =
        (ct_gram_job){.cut = (int64_t)draw_below(&state, (uint64_t)b->cuts),
                      .member = (int64_t)draw_below(&state, (uint64_t)(b->rows[side] - n + 1)),
                      .other = (int64_t)draw_below(&state, (uint64_t)(b->rows[1 - side] - k + 1)),
                      .n = n,
                      .k = k,
                      .matrix = b->numbers + GAP,
                      .ld = ld,
                      .sums = 4 * (MOST_JOBS - 1 - b->jobs),
                      .side = side};
    b->numbers += ld * ld + GAP;
    b->jobs++;
}

/* ---- the definition ---- */

static int64_t class_of(const batch *b, const ct_gram_job *job, int side, int64_t i)
{
    const int32_t *member = b->member[side] + job->cut * b->rows[side];
    return job->cut * b->rows[side] + member[(side == job->side ? job->member : job->other) + i];
}

static uint64_t weight_of(const batch *b, const ct_gram_job *job, int side, int64_t i)
{
    return b->weight[side][class_of(b, job, side, i)];
}

/* Where class i is in the rows of its cut. */
static int64_t place_of(const batch *b, const ct_gram_job *job, int side, int64_t i)
{
    return b->first[side][class_of(b, job, side, i)];
}

static const uint64_t *row_of(const batch *b, const ct_gram_job *job, int64_t i)
{
    const int s = job->side;
    return b->row[s] + (job->cut * b->rows[s] + place_of(b, job, s, i)) * b->words[s];
}

static int64_t label(const batch *b, const uint64_t *row, int64_t column)
{
    return b->value[row[column / 64] >> column % 64 & 1];
}

static int64_t product(const batch *b, const ct_gram_job *job, int64_t i, int64_t j)
{
    const uint64_t *x = row_of(b, job, i), *y = row_of(b, job, j);
    __int128 sum = 0;
    if (!b->entry_words)
        for (int64_t c = 0; c < b->columns[job->side]; c++)
            sum += label(b, x, c) * label(b, y, c);
    else
        for (int64_t c = 0; c < job->k; c++) {
            const int64_t column = place_of(b, job, 1 - job->side, c);
            sum += (__int128)weight_of(b, job, 1 - job->side, c) * (int64_t)x[column] *
                   (int64_t)y[column];
        }
    ck_assert(sum == (int64_t)sum);
    return (int64_t)sum;
}

/* What a launch should leave: exact, scaled, sums; the rest stays as it was, but for what is below
 * the diagonals, which is not defined. */
typedef struct outcome {
    int64_t *exact;
    double *scaled;
    uint64_t sums[4 * MOST_JOBS];
} outcome;

static size_t number_bytes(const batch *b)
{
    return (size_t)(b->numbers + GAP) * 8;
}

static outcome untouched(const batch *b)
{
    outcome o = {.exact = take(number_bytes(b)), .scaled = take(number_bytes(b))};
    memset(o.exact, 0x5a, number_bytes(b));
    memset(o.scaled, 0x5a, number_bytes(b));
    memset(o.sums, 0x5a, sizeof o.sums);
    return o;
}

static void free_outcome(outcome *o)
{
    free(o->exact);
    free(o->scaled);
}

static void define(const batch *b, const ct_gram_job *job, outcome *o)
{
    double *scaled = o->scaled + job->matrix, largest = 0;
    uint64_t *sums = o->sums + job->sums;
    wide sum = 0;
    for (int64_t e = 0; e < job->ld * job->ld; e++)
        scaled[e] = 0;
    for (int64_t i = 0; i < job->n; i++)
        for (int64_t j = 0; j < job->n; j++) {
            const int64_t g = product(b, job, i, j), place = i * job->ld + j;
            const uint64_t mi = weight_of(b, job, job->side, i),
                           mj = weight_of(b, job, job->side, j);
            o->exact[job->matrix + place] = g;
            scaled[place] = sqrt((double)mi) * sqrt((double)mj) * (double)g;
            sum += (wide)((__int128)g * g) * mi * mj;
            if (i == j)
                largest = fmax(largest, scaled[place]);
        }
    for (int64_t i = job->n; i < job->ld; i++)
        scaled[i * job->ld + i] = -largest;
    sums[0] = (uint64_t)sum;
    sums[1] = (uint64_t)(sum >> 64);
    sums[2] = weight_of(b, job, job->side, 0);
    sums[3] = job->n > 1 ? weight_of(b, job, job->side, 1) : 0;
}

/* ---- launches ---- */

typedef enum road { BITS, MMA, INTEGERS } road;

/* The batch on the device. */
static ct_gram_batch upload(const batch *b)
{
    ct_gram_batch g = {.job = device_copy(b->job, sizeof b->job),
                       .jobs = b->jobs,
                       .blocks = {.entry_words = b->entry_words},
                       .value = {b->value[0], b->value[1]},
                       .columns = {b->columns[0], b->columns[1]}};
    for (int64_t i = 0; i < b->jobs; i++) {
        g.largest_n = b->job[i].n > g.largest_n ? b->job[i].n : g.largest_n;
        g.largest_ld = b->job[i].ld > g.largest_ld ? b->job[i].ld : g.largest_ld;
    }
    for (int s = 0; s < 2; s++) {
        const size_t all = (size_t)(b->cuts * b->rows[s]);
        g.blocks.side[s] = (ct_device_classes){
            .cuts = b->cuts,
            .rows_per_cut = b->rows[s],
            .words = b->words[s],
            .rows = device_copy(b->row[s], all * (size_t)b->words[s] * sizeof **b->row),
            .first = device_copy(b->first[s], all * sizeof **b->first),
            .weight = device_copy(b->weight[s], all * sizeof **b->weight)};
        g.blocks.member[s] = device_copy(b->member[s], all * sizeof **b->member);
    }
    return g;
}

static void free_upload(const ct_gram_batch *g)
{
    device_free((void *)g->job);
    for (int s = 0; s < 2; s++) {
        device_free((void *)g->blocks.side[s].rows);
        device_free(g->blocks.side[s].first);
        device_free(g->blocks.side[s].weight);
        device_free(g->blocks.member[s]);
    }
}

/* Below the diagonals of the jobs, what was expected: that is not looked at. */
static void forget_lower(const batch *b, outcome *got, const outcome *expected)
{
    for (int64_t k = 0; k < b->jobs; k++) {
        const ct_gram_job *job = &b->job[k];
        for (int64_t i = 0; i < job->ld; i++)
            for (int64_t j = 0; j < i; j++) {
                const int64_t place = job->matrix + i * job->ld + j;
                got->scaled[place] = expected->scaled[place];
                got->exact[place] = expected->exact[place];
            }
    }
}

static void check_road(const batch *b, road way, bool keep_exact, const outcome *expected)
{
    ct_gram_batch g = upload(b);
    outcome o = untouched(b);
    g.exact = keep_exact ? device_copy(o.exact, number_bytes(b)) : NULL;
    g.scaled = device_copy(o.scaled, number_bytes(b));
    g.sums = device_copy(o.sums, sizeof o.sums);
    ck_assert_int_eq(way == BITS  ? ct_launch_gram_bits(&g, NULL)
                     : way == MMA ? ct_launch_gram_bits_mma(&g, NULL)
                                  : ct_launch_gram_integers(&g, NULL),
                     cudaSuccess);
    host_copy(o.scaled, g.scaled, number_bytes(b));
    host_copy(o.sums, g.sums, sizeof o.sums);
    if (keep_exact)
        host_copy(o.exact, g.exact, number_bytes(b));
    forget_lower(b, &o, expected);
    ck_assert(!memcmp(o.scaled, expected->scaled, number_bytes(b)));
    ck_assert(!memcmp(o.sums, expected->sums, sizeof o.sums));
    if (keep_exact) {
        ck_assert(!memcmp(o.exact, expected->exact, number_bytes(b)));
        device_free(g.exact);
    }
    device_free(g.scaled);
    device_free(g.sums);
    free_upload(&g);
    free_outcome(&o);
}

/* By all roads that the batch can take, in every order, long rows without the slow emulation of
 * tensor cores; whether a sum needs its high word. */
static bool check(const batch *b)
{
    outcome expected = untouched(b);
    bool high = false;
    for (int64_t i = 0; i < b->jobs; i++) {
        define(b, &b->job[i], &expected);
        high = high || expected.sums[b->job[i].sums + 1];
    }
    for (EVERY_ORDER(order)) {
        if (b->entry_words) {
            check_road(b, INTEGERS, order % 2 == 0, &expected);
        } else {
            check_road(b, BITS, order % 2 == 0, &expected);
            if (b->words[0] <= 32)
                check_road(b, MMA, order % 2 == 1, &expected);
        }
    }
    free_outcome(&expected);
    return high;
}

/* ---- tests ---- */

/* Every size of tile, its edge, one more and one less, with and without padding. */
static void add_small_jobs(batch *b)
{
    static const int64_t sizes[][2] = {{1, 1},   {1, 2},   {2, 2},   {3, 4},   {4, 4},
                                       {5, 8},   {7, 7},   {13, 16}, {16, 16}, {17, 24},
                                       {31, 31}, {32, 32}, {33, 48}, {5, 70}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int side = (int)(i % 2);
        const int64_t n = sizes[i][0];
        if (n <= b->rows[side])
            add_job(b, side, n, 1 + (int64_t)draw_below(&state, (uint64_t)b->rows[1 - side]),
                    sizes[i][1]);
    }
}

static const int64_t labels[][2] = {{0, 1}, {1, -1}, {0, -3}, {2, -5}};

/* One word a row, filled or not, and a few. */
START_TEST(small_bits)
{
    static const int sides[][2] = {{3, 6}, {6, 5}, {6, 8}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        for (size_t v = 0; v < sizeof labels / sizeof *labels; v++) {
            batch b = new_batch(sides[i][0], sides[i][1], true, UINT64_C(1) << 31, 1);
            memcpy(b.value, labels[v], sizeof b.value);
            add_small_jobs(&b);
            ck_assert(check(&b));
            free_batch(&b);
        }
}
END_TEST

/* One job, then a small one beside it. */
static void check_large(int na, int nb, bool bits, int64_t n, int64_t ld, const int64_t *value)
{
    batch b = new_batch(na, nb, bits, 5, UINT64_C(1) << 20);
    memcpy(b.value, value, sizeof b.value);
    add_job(&b, 0, n, amount(40, 5), ld);
    check(&b);
    add_job(&b, 0, 3, 2, 4);
    check(&b);
    free_batch(&b);
}

/* More than one tile each way. */
START_TEST(large_bits)
{
    check_large(8, 6, true, 150, 200, labels[0]);
    check_large(8, 6, true, 129, 129, labels[1]);
    check_large(8, 8, true, 64, 65, labels[1]);
}
END_TEST

/* More than one chunk of words, for every size of tile. */
START_TEST(long_bits)
{
    check_large(6, 11, true, 40, 48, labels[0]);
    check_large(6, 11, true, 40, 48, labels[1]);
    check_large(6, 12, true, 20, 24, labels[1]);
    check_large(6, 13, true, 10, 12, labels[1]);
    check_large(6, 15, true, 3, 3, labels[1]);
}
END_TEST

START_TEST(small_integers)
{
    static const int sides[][2] = {{3, 6}, {6, 4}, {6, 7}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        batch b = new_batch(sides[i][0], sides[i][1], false, 9, UINT64_C(1) << 25);
        add_small_jobs(&b);
        ck_assert(check(&b));
        free_batch(&b);
    }
}
END_TEST

START_TEST(large_integers)
{
    check_large(8, 6, false, 150, 192, labels[0]);
    check_large(6, 9, false, 3, 4, labels[0]);
}
END_TEST

/* G up to 2^62 and down to -2^62, its square near 2^124. */
START_TEST(integers_near_the_bound)
{
    batch b = new_batch(3, 3, false, 1, UINT64_C(1) << 31);
    for (int64_t i = 0; i < b.cuts * b.rows[0] * b.words[0]; i++)
        b.row[0][i] = draw(&state) & 1 ? UINT64_C(1) << 31 : 0 - (UINT64_C(1) << 31);
    add_job(&b, 0, 3, 1, 4); /* nine squares: below 2^128 */
    ck_assert(check(&b));
    free_batch(&b);
}
END_TEST

/* Counts of more columns would not fit. */
START_TEST(too_many_columns)
{
    ct_gram_batch g = {.jobs = 1, .columns = {(INT64_C(1) << 30) + 1, 1}};
    ck_assert_int_eq(ct_launch_gram_bits(&g, NULL), cudaErrorInvalidValue);
    ck_assert_int_eq(ct_launch_gram_bits_mma(&g, NULL), cudaErrorInvalidValue);
    g.columns[1] = g.columns[0];
    g.columns[0] = 1;
    ck_assert_int_eq(ct_launch_gram_bits(&g, NULL), cudaErrorInvalidValue);
    ck_assert_int_eq(ct_launch_gram_bits_mma(&g, NULL), cudaErrorInvalidValue);
}
END_TEST

/* Real and complex: rows of the quotient, scaled. */
static void check_values(int parts)
{
    batch b = new_batch(4, 5, false, 5, 1);
    for (int s = 0; s < 2; s++) {
        const int64_t numbers = b.cuts * b.rows[s] * b.columns[s] * parts;
        free(b.row[s]);
        b.words[s] = b.columns[s] * parts;
        b.row[s] = take((size_t)numbers * sizeof **b.row);
        for (int64_t i = 0; i < numbers; i++)
            ((double *)b.row[s])[i] = draw_unit(&state) - 0.5;
    }
    b.entry_words = parts;
    add_job(&b, 0, 9, 7, 0);
    add_job(&b, 1, 1, 16, 0);
    add_job(&b, 1, 12, 5, 0);
    const int64_t starts[] = {0, 63, 79}, all = 139 * parts;
    double *got = take((size_t)all * sizeof *got);
    for (int64_t i = 0; i < b.jobs; i++)
        b.job[i].matrix = starts[i];
    for (EVERY_ORDER(order)) {
        const ct_gram_batch g = upload(&b);
        double *scaled = device_copy(NULL, (size_t)all * sizeof *got);
        ck_assert_int_eq(ct_launch_scale_values(&g, scaled, NULL), cudaSuccess);
        host_copy(got, scaled, (size_t)all * sizeof *got);
        for (int64_t m = 0; m < b.jobs; m++)
            for (int64_t i = 0; i < b.job[m].n; i++)
                for (int64_t c = 0; c < b.job[m].k * parts; c++) {
                    const ct_gram_job *job = &b.job[m];
                    const double *row = (const double *)row_of(&b, job, i);
                    const double root =
                        sqrt((double)(weight_of(&b, job, job->side, i) *
                                      weight_of(&b, job, 1 - job->side, c / parts)));
                    const int64_t column = place_of(&b, job, 1 - job->side, c / parts);
                    ck_assert(got[(job->matrix + i * job->k) * parts + c] ==
                              root * row[column * parts + c % parts]);
                }
        device_free(scaled);
        free_upload(&g);
    }
    free(got);
    free_batch(&b);
}

START_TEST(values)
{
    check_values(1);
    check_values(2);
}
END_TEST

CHECK_MAIN("kernel_gram", small_bits, large_bits, long_bits, small_integers, large_integers,
           integers_near_the_bound, too_many_columns, values)
