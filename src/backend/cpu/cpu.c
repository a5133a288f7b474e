/* SPDX-License-Identifier: Apache-2.0 */
/* The CPU backend: picks an instruction set, runs the bit kernels on all threads, keeps BLAS
 * single-threaded. */
#include <cblas.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "backend/operations.h"
#include "backend/cpu/eigenvectors.h"
#include "backend/cpu/evaluate.h"
#include "backend/cpu/gram.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/level.h"
#include "backend/cpu/overlaps.h"
#include "backend/cpu/products.h"
#include "backend/cpu/singular_vectors.h"
#include "backend/cpu/singular.h"
#include "backend/cpu/solve.h"
#include "backend/cpu/start.h"

#define PIECE_WORDS 65536 /* of a parallel pass over a truth table */

const ct_isa *ct_isa_pick(void)
{
#ifdef CT_HAVE_X86
    const ct_cpu_level level = ct_cpu_level_allowed();
    if (level >= CT_AVX512 && __builtin_cpu_supports("avx512vpopcntdq"))
        return &ct_isa_avx512;
    if (level >= CT_AVX2)
        return &ct_isa_avx2;
#endif
    return &ct_isa_generic;
}

static const char *instruction_set(void)
{
    return ct_isa_pick()->name;
}

/* OpenBLAS puts it together in one place, whichever thread asks. */
static const char *libraries(void)
{
    static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;
    static _Thread_local char text[256];
    pthread_mutex_lock(&asking);
    snprintf(text, sizeof text, "%s", openblas_get_config());
    pthread_mutex_unlock(&asking);
    return text;
}

typedef struct ct_swap {
    uint64_t *bits;
    int i, j;
} ct_swap;

static void swap_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_swap *swap = context;
    (void)thread;
    ct_isa_pick()->swap_bits(swap->bits, first, last, swap->i, swap->j);
}

typedef struct ct_copy {
    uint64_t *to;
    const uint64_t *from;
} ct_copy;

static void copy_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_copy *copy = context;
    (void)thread;
    memcpy(copy->to + first, copy->from + first, (last - first) * sizeof *copy->to);
}

/* Pixels of `low` that sit above index bit |low| change places with the others below it; a pass
 * over the table each. */
static void bit_layout(const uint64_t *table, int pixels, uint64_t low, uint64_t *out,
                       uint8_t *order, int threads)
{
    const uint64_t words = ct_table_words(pixels);
    const int lows = ct_popcount(low);
    ct_copy copy = {.to = out, .from = table};

    ct_parallel_for(threads, words, PIECE_WORDS, copy_piece, &copy);
    for (int k = 0; k < pixels; k++)
        order[k] = (uint8_t)k;
    for (int i = 0, j = lows; i < lows; i++) {
        if ((low >> i) & 1)
            continue;
        while (!((low >> j) & 1))
            j++;
        ct_swap swap = {.bits = out, .i = i, .j = j};
        ct_parallel_for(threads, words >> ((i >= 6) + (j >= 6)), PIECE_WORDS, swap_piece, &swap);
        order[i] = (uint8_t)j;
        order[j] = (uint8_t)i;
        j++;
    }
}

/* Rows of up to this many words are transposed first. */
#define SHORT_ROW 16

typedef struct ct_gram_task {
    int64_t n;
    const uint64_t *const *rows;
    const uint64_t *turned; /* NULL: long rows */
    size_t words;
    int64_t *g;
} ct_gram_task;

static void gram_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_gram_task *t = context;
    const ct_isa *isa = ct_isa_pick();
    (void)thread;
    if (t->turned)
        isa->gram_short(t->n, t->turned, t->words, (int64_t)first, (int64_t)last, t->g);
    else
        isa->gram_long(t->n, t->rows, t->words, (int64_t)first, (int64_t)last, t->g);
}

static cutropy_status gram_bit_rows(int64_t m, int64_t n, const uint64_t *const *rows, size_t words,
                                    int64_t *g, int threads)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *turned = NULL;
    if (words <= SHORT_ROW) {
        CT_NEW(turned, (size_t)n * words);
        for (int64_t j = 0; j < n; j++)
            for (size_t w = 0; w < words; w++)
                turned[w * (size_t)n + (size_t)j] = rows[j][w];
    }
    ct_gram_task task = {.n = n, .rows = rows, .turned = turned, .words = words, .g = g};
    ct_parallel_for(threads, (size_t)m, m == n ? 32 : 8, gram_piece, &task);
done:
    ct_free(turned);
    return status;
}

static cutropy_status gram_bits(int64_t n, const uint64_t *const *rows, size_t words, int64_t *g,
                                int threads)
{
    return gram_bit_rows(n, n, rows, words, g, threads);
}

const ct_operations *ct_operations_cpu(void)
{
    static const ct_operations cpu = {
        .name = "cpu",
        .start = ct_cpu_start,
        .stop = ct_cpu_stop,
        .instruction_set = instruction_set,
        .libraries = libraries,
        .list_images = ct_cpu_list_images,
        .fill_table = ct_cpu_fill_table,
        .fill_values = ct_cpu_fill_values,
        .bit_layout = bit_layout,
        .gram_bits = gram_bits,
        .gram_integer = ct_gram_integer,
        .gram_real = ct_gram_real,
        .gram_complex = ct_gram_complex,
        .gram_cut = ct_gram_cut,
        .gram_bit_rows = gram_bit_rows,
        .eigenvalues = ct_cpu_eigenvalues,
        .eigenvectors = ct_cpu_eigenvectors,
        .singular_values = ct_cpu_singular_values,
        .singular_vectors = ct_cpu_singular_vectors,
        .overlaps = ct_cpu_overlaps,
        .overlaps_times = ct_cpu_overlaps_times,
        .cholesky = ct_cpu_cholesky,
        .congruence = ct_cpu_congruence,
        .rows_by_rows = ct_cpu_rows_by_rows,
    };
    return &cpu;
}
