/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation: which storage, and when the cheaper one is another; the loops over images are the
 * backend's. */
#include "engine/function/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "engine/function/function.h"
#include "engine/function/share.h"
#include "problem/problem.h"

#define PIECE_WORDS 65536 /* of a pass over a truth table */

static cutropy_status need_memory(const ct_evaluate_options *options,
                                  const cutropy_problem *problem, uint64_t bytes)
{
    if (bytes <= options->memory_limit)
        return CUTROPY_OK;
    int fits = 0;
    uint64_t unit = bytes >> problem->lattice->pixels; /* bytes per image, 0 for a truth table */
    for (int n = 1; n <= 40; n++) {
        uint64_t size = unit ? unit << n : ct_table_words(n) * 8;
        if (size <= options->memory_limit)
            fits = n;
    }
    return ct_fail(CUTROPY_EMEMORY,
                   "%d pixels need %s for the function but %s may be used: at most %d pixels fit "
                   "(--memory raises the limit)",
                   problem->lattice->pixels, CT_BYTES(bytes), CT_BYTES(options->memory_limit),
                   fits);
}

static cutropy_status limit_pixels(const cutropy_problem *problem)
{
    if (problem->lattice->pixels <= 40)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "%d pixels: 2^%d images need more memory than any machine has; this problem "
                   "fits up to 40 pixels",
                   problem->lattice->pixels, problem->lattice->pixels);
}

typedef struct ct_count {
    const uint64_t *table;
    uint64_t ones;
} ct_count;

static void count_piece(void *context, size_t first, size_t last, int thread)
{
    ct_count *count = context;
    uint64_t ones = 0;
    (void)thread;
    for (size_t w = first; w < last; w++)
        ones += (uint64_t)ct_popcount(count->table[w]);
    __atomic_fetch_add(&count->ones, ones, __ATOMIC_RELAXED);
}

static uint64_t count_ones(const uint64_t *table, uint64_t words, int threads)
{
    ct_count count = {.table = table};
    ct_parallel_for(threads, words, PIECE_WORDS, count_piece, &count);
    return count.ones;
}

/* A list beats a table when its images are fewer than this share of the table's words. */
static bool list_is_cheaper(const ct_function *f)
{
    return f->pixels > 12 && f->ones < ct_table_words(f->pixels) / 8;
}

static cutropy_status table_to_list(ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t words = ct_table_words(f->pixels), count = 0;
    CT_NEW(f->images, f->ones);
    for (uint64_t w = 0; w < words; w++)
        for (uint64_t bits = f->table[w]; bits; bits &= bits - 1)
            f->images[count++] = w * 64 + (uint64_t)__builtin_ctzll(bits);
    ct_free(f->table);
    f->table = NULL;
    f->storage = CT_SUPPORT;
done:
    return status;
}

static cutropy_status list_to_table(ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(f->table, ct_table_words(f->pixels));
    for (uint64_t i = 0; i < f->ones; i++)
        f->table[f->images[i] >> 6] |= UINT64_C(1) << (f->images[i] & 63);
    ct_free(f->images);
    f->images = NULL;
    f->storage = CT_TABLE;
done:
    return status;
}

/* Keeps the storage in which cuts are cheaper. */
static cutropy_status settle_storage(ct_function *f, const ct_evaluate_options *options)
{
    if (f->words > 1 || f->pixels > 40)
        return CUTROPY_OK;
    if (f->storage == CT_TABLE && list_is_cheaper(f))
        return table_to_list(f);
    if (f->storage == CT_SUPPORT && !list_is_cheaper(f) &&
        ct_table_words(f->pixels) * 8 <= options->memory_limit)
        return list_to_table(f);
    return CUTROPY_OK;
}

static int compare_words(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = words; w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    return 0;
}

static int compare_images(const void *a, const void *b, void *words)
{
    return compare_words(a, b, *(const size_t *)words);
}

static cutropy_status fill_support(const cutropy_problem *problem, ct_function *f)
{
    ct_images list = {0};
    cutropy_status status = problem->list_images(problem, &list);
    if (status != CUTROPY_OK)
        return status;
    size_t words = f->words, kept = 0;
    if (list.values) {
        f->images = list.words;
        f->values = list.values;
        f->ones = list.count;
        f->storage = CT_SPARSE;
        return CUTROPY_OK;
    }
    qsort_r(list.words, list.count, words * sizeof *list.words, compare_images, &words);
    for (size_t i = 0; i < list.count; i++)
        if (i == 0 || compare_words(list.words + i * words, list.words + (i - 1) * words, words))
            memmove(list.words + kept++ * words, list.words + i * words,
                    words * sizeof *list.words);
    f->images = list.words;
    f->ones = kept;
    f->storage = CT_SUPPORT;
    return CUTROPY_OK;
}

static cutropy_status fill_table(const ct_operations *backend, const cutropy_problem *problem,
                                 const ct_evaluate_options *options, ct_team *team, ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t words = ct_table_words(f->pixels);
    ct_evaluate_options part = *options;
    ct_share share;
    CT_TRY(need_memory(options, problem, words * 8));
    CT_NEW_ZERO(f->table, words);
    f->storage = CT_TABLE;
    CT_TRY(ct_share_begin(team, backend, problem, options->watch, &share));
    part.first = share.first;
    part.last = share.last;
    CT_TRY(backend->fill_table(problem, &part, f->table));
    CT_TRY(ct_share_end(&share, f->table, 1));
    f->ones = count_ones(f->table, words, options->threads);
done:
    return status;
}

/* What evaluation or measuring would change: the sign of a zero, and the scale of extreme numbers. */
static bool are_ordinary(const double *values, uint64_t count)
{
    double largest = 0;
    for (uint64_t i = 0; i < count; i++) {
        const double size = fabs(values[i]);
        if (size == 0 && signbit(values[i]))
            return false;
        largest = size > largest ? size : largest;
    }
    return largest > 0 && abs(ilogb(largest)) <= CT_ORDINARY_EXPONENT;
}

/* The caller's own numbers serve as they are. */
static bool take_lent(const cutropy_problem *problem, ct_function *f)
{
    const uint64_t words = (ct_value_bytes(f->kind) / 8) << f->pixels;
    if (!problem->values ||
        (f->kind != CUTROPY_KIND_INTEGER && !are_ordinary(problem->values, words)))
        return false;
    f->values = (void *)(uintptr_t)problem->values; /* nobody writes to them: they are ordinary */
    f->lent = true;
    f->storage = CT_VALUES;
    return true;
}

static cutropy_status fill_values(const ct_operations *backend, const cutropy_problem *problem,
                                  const ct_evaluate_options *options, ct_team *team, ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluate_options part = *options;
    ct_share share;
    const size_t bytes = ct_value_bytes(f->kind);
    const uint64_t images = UINT64_C(1) << f->pixels;
    if (take_lent(problem, f))
        return CUTROPY_OK;
    CT_TRY(need_memory(options, problem, images * bytes));
    f->values = ct_alloc(images, bytes);
    if (!f->values)
        return ct_fail_memory("values", images * bytes);
    f->storage = CT_VALUES;
    CT_TRY(ct_share_begin(team, backend, problem, options->watch, &share));
    part.first = share.first;
    part.last = share.last;
    CT_TRY(backend->fill_values(problem, &part, f->values));
    CT_TRY(ct_share_end(&share, f->values, 8 * bytes));
done:
    return status;
}

uint64_t ct_longest_list(uint64_t memory_limit, int pixels)
{
    const uint64_t list = memory_limit / 4,
                   table = pixels <= 40 ? ct_table_words(pixels) * 8 : UINT64_MAX;
    return (table < list ? table : list) / sizeof(uint64_t);
}

static cutropy_status fill_body(const ct_operations *backend, const cutropy_problem *problem,
                                const ct_evaluate_options *options, ct_team *team, ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    bool overflow = f->pixels <= CT_TABLE_PIXELS;
    if (f->pixels > CT_BODY_PIXELS)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: %s has %d pixels; at most %d can be enumerated (beyond, solver frontier "
            "serves table and scaling: docs/frontier.md says which cuts)",
            problem->text, f->lattice->name, f->pixels, CT_BODY_PIXELS);
    if (!overflow) {
        CT_TRY(backend->list_images(problem, options,
                                    ct_longest_list(options->memory_limit, f->pixels), &f->images,
                                    &f->ones, &overflow));
        f->storage = CT_SUPPORT;
    }
    if (overflow && f->pixels > 40)
        CT_TRY(ct_fail(CUTROPY_EMEMORY,
                       "%d pixels: the list of label-1 images outgrew a quarter of the %s that may "
                       "be used, and a truth table needs at most 40 pixels",
                       f->pixels, CT_BYTES(options->memory_limit)));
    if (overflow)
        CT_TRY(fill_table(backend, problem, options, team, f));
done:
    return status;
}

cutropy_status ct_evaluate(const ct_operations *backend, const cutropy_problem *problem,
                           const ct_evaluate_options *options, struct ct_team *team,
                           ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = ct_function_of(problem);
    out->value[0] = problem->pm1 ? 1 : 0;
    out->value[1] = problem->pm1 ? -1 : 1;
    if (problem->list_images) {
        CT_TRY(fill_support(problem, out));
    } else if (problem->body != CT_BODY_NONE) {
        CT_TRY(fill_body(backend, problem, options, team, out));
    } else {
        CT_TRY(limit_pixels(problem));
        CT_TRY(problem->fill_labels ? fill_table(backend, problem, options, team, out)
                                    : fill_values(backend, problem, options, team, out));
    }
    if (out->kind == CUTROPY_KIND_LABEL)
        CT_TRY(settle_storage(out, options));
done:
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
