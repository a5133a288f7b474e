/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's own rates, in shapes that favour it. */
#include <math.h>
#include <string.h>

#include "analysis/bench/bench.h"
#include "backend/operations.h"
#include "base/base.h"
#include "base/clock.h"
#include "base/parallel.h"

#define REPEATS 5
#define COPY_BYTES ((size_t)64 << 20) /* beyond the caches of one core */
#define ROWS 256 /* of the product of bits, 512 words each: in a cache of 1 MiB */
#define WORDS 512
#define SIDE 512 /* of the products of numbers */
#define DIVISIONS 4096

typedef struct bed {
    const ct_operations *cpu;
    int threads;
    uint64_t *from, *to; /* COPY_BYTES each; the others fit there */
    const uint64_t *row[ROWS];
    int64_t *counts;     /* ROWS x ROWS */
    double *q, *product; /* SIDE x SIDE pairs each */
    double *quotients;   /* DIVISIONS a thread */
    cutropy_status status;
} bed;

static void copy_piece(void *context, size_t first, size_t last, int thread)
{
    const bed *b = context;
    (void)thread;
    memcpy(b->to + first, b->from + first, (last - first) * sizeof *b->to);
}

static void copy(bed *b)
{
    ct_parallel_for(b->threads, COPY_BYTES / sizeof *b->to, (size_t)1 << 16, copy_piece, b);
}

static void count(bed *b)
{
    b->status = b->cpu->gram_bits(ROWS, b->row, WORDS, b->counts, b->threads);
}

static void multiply_real(bed *b)
{
    b->status = b->cpu->gram_real(SIDE, SIDE, b->q, b->product, b->threads);
}

static void multiply_complex(bed *b)
{
    b->status = b->cpu->gram_complex(SIDE, SIDE, b->q, b->product, b->threads);
}

/* Independent of each other, from the nearest cache. */
static void divide_piece(void *context, size_t first, size_t last, int thread)
{
    const bed *b = context;
    double *out = b->quotients + (size_t)thread * DIVISIONS;
    for (size_t pass = first; pass < last; pass++)
        for (size_t i = 0; i < DIVISIONS; i++)
            out[i] = 1.5 / (out[i] + 1.25);
}

static void divide(bed *b)
{
    ct_parallel_for(b->threads, 64 * (size_t)b->threads, 64, divide_piece, b);
}

/* amount of one call; more threads do more where every thread has its own work. */
static const struct {
    const char *name, *unit;
    void (*work)(bed *b);
    double amount;
    bool each;
} kinds[CT_CEILINGS] = {
    {"copying", "B/s", copy, 2.0 * COPY_BYTES, false},
    {"popcount of AND", "words/s", count, ROWS *(ROWS + 1) / 2.0 * WORDS, false},
    {"real product", "flop/s", multiply_real, SIDE *(SIDE + 1.0) * SIDE, false},
    {"complex product", "flop/s", multiply_complex, 4 * SIDE *(SIDE + 1.0) * SIDE, false},
    {"division", "divisions/s", divide, 64.0 * DIVISIONS, true}};

/* least: seconds of one repetition */
static cutropy_status rate(bed *b, int kind, double least, ct_bench_call *call, ct_measured *out)
{
    double rates[REPEATS];
    const double amount = kinds[kind].amount * (kinds[kind].each ? b->threads : 1);
    for (int repeat = -1; repeat < REPEATS; repeat++) { /* the first one warms up */
        const double start = ct_now();
        double seconds = 0;
        long calls = 0;
        for (; seconds < least; calls++) {
            kinds[kind].work(b);
            if (b->status)
                return b->status;
            seconds = ct_now() - start;
        }
        if (repeat >= 0)
            rates[repeat] = (double)calls * amount / seconds;
        if (ct_bench_stopped(call))
            return ct_fail(CUTROPY_ECANCELLED, "stopped before the first case");
    }
    *out = ct_bench_median(rates, REPEATS);
    return CUTROPY_OK;
}

static void fill(bed *b)
{
    for (size_t i = 0; i < COPY_BYTES / sizeof *b->from; i++)
        b->from[i] = ct_random(1, i);
    memset(b->to, 0, COPY_BYTES);
    for (size_t i = 0; i < ROWS; i++)
        b->row[i] = b->from + i * WORDS;
    for (size_t i = 0; i < (size_t)2 * SIDE * SIDE; i++)
        b->q[i] = ct_random_unit(1, i);
}

cutropy_status ct_bench_ceilings(int threads, double least, ct_bench_call *call,
                                 ct_ceiling *ceiling)
{
    cutropy_status status = CUTROPY_OK;
    bed b = {.cpu = ct_operations_cpu()};
    bool started = false;
    CT_NEW(b.from, COPY_BYTES / sizeof *b.from);
    CT_NEW(b.to, COPY_BYTES / sizeof *b.to);
    CT_NEW(b.counts, ROWS * ROWS);
    CT_NEW(b.q, 2 * SIDE * SIDE);
    CT_NEW(b.product, 2 * SIDE * SIDE);
    CT_NEW_ZERO(b.quotients, (size_t)threads * DIVISIONS);
    fill(&b);
    CT_TRY(b.cpu->start(threads));
    started = true;
    for (int kind = 0; kind < CT_CEILINGS; kind++) {
        ceiling[kind] = (ct_ceiling){.name = kinds[kind].name, .unit = kinds[kind].unit};
        for (int all = 0; all < 2; all++) {
            b.threads = all ? threads : 1;
            if (all && threads == 1)
                ceiling[kind].rate[1] = ceiling[kind].rate[0];
            else
                CT_TRY(rate(&b, kind, least, call, &ceiling[kind].rate[all]));
        }
        call->done++;
    }
done:
    if (started)
        b.cpu->stop();
    ct_free(b.from);
    ct_free(b.to);
    ct_free(b.counts);
    ct_free(b.q);
    ct_free(b.product);
    ct_free(b.quotients);
    return status;
}
