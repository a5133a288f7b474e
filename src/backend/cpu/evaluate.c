/* Evaluation of a problem over all images: which storage, and the parallel loops that fill it. */
#include "backend/cpu/evaluate.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/isa.h"
#include "backend/cpu/walk.h"
#include "problem/problem.h"

/* Images in one piece of work of fill_labels and fill_values. */
#define CHUNK_WORDS 1024
#define CHUNK_VALUES 16384

static int report(const ct_evaluate_options *options, uint64_t done, uint64_t total)
{
    const ct_watch *watch = options->watch;
    return watch && watch->report ? watch->report("evaluate", done, total, watch->user) : 0;
}

static cutropy_status need_memory(const ct_evaluate_options *options,
                                  const cutropy_problem *problem, uint64_t bytes)
{
    if (bytes <= options->memory_limit)
        return CUTROPY_OK;
    int fits = 0;
    char needs[24], limit[24];
    uint64_t unit = bytes >> problem->lattice->pixels; /* bytes per image, 0 for a truth table */
    for (int n = 1; n <= 40; n++) {
        uint64_t size = unit ? unit << n : ct_table_words(n) * 8;
        if (size <= options->memory_limit)
            fits = n;
    }
    return ct_fail(CUTROPY_EMEMORY,
                   "%d pixels need %s for the function but %s may be used: at most %d pixels fit "
                   "(--memory raises the limit)",
                   problem->lattice->pixels, ct_bytes_format(bytes, needs),
                   ct_bytes_format(options->memory_limit, limit), fits);
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

static uint64_t count_ones(const uint64_t *table, uint64_t words, int threads)
{
    uint64_t ones = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : ones) if (words > 65536)
    for (uint64_t w = 0; w < words; w++)
        ones += (uint64_t)__builtin_popcountll(table[w]);
    return ones;
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

static cutropy_status fill_table(const cutropy_problem *problem, const ct_evaluate_options *options,
                                 ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t words = ct_table_words(f->pixels),
                   chunks = (words + CHUNK_WORDS - 1) / CHUNK_WORDS;
    int stop = 0;
    CT_TRY(need_memory(options, problem, words * 8));
    CT_NEW(f->table, words);
    f->storage = CT_TABLE;
#pragma omp parallel for num_threads(options->threads) schedule(monotonic : dynamic, 4)
    for (uint64_t c = 0; c < chunks; c++) {
        int stopped;
#pragma omp atomic read
        stopped = stop;
        if (stopped)
            continue;
        uint64_t first = c * CHUNK_WORDS;
        uint64_t count = words - first < CHUNK_WORDS ? words - first : CHUNK_WORDS;
        problem->fill_labels(problem, first, count, f->table + first);
        if (omp_get_thread_num() == 0 && report(options, c, chunks)) {
#pragma omp atomic write
            stop = 1;
        }
    }
    if (stop)
        return ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation");
    f->ones = count_ones(f->table, words, options->threads);
done:
    return status;
}

static void drop_negative_zeros(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] += 0.0; /* -0.0 + 0.0 = +0.0: equal rows become equal bits */
}

static cutropy_status fill_values(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    const size_t bytes = ct_value_bytes(f->kind);
    const uint64_t images = UINT64_C(1) << f->pixels;
    const uint64_t chunks = (images + CHUNK_VALUES - 1) / CHUNK_VALUES;
    int stop = 0;
    CT_TRY(need_memory(options, problem, images * bytes));
    f->values = ct_alloc(images, bytes);
    if (!f->values)
        return ct_fail_memory("values", images * bytes);
    f->storage = CT_VALUES;
#pragma omp parallel for num_threads(options->threads) schedule(monotonic : dynamic, 1)
    for (uint64_t c = 0; c < chunks; c++) {
        int stopped;
#pragma omp atomic read
        stopped = stop;
        if (stopped)
            continue;
        uint64_t first = c * CHUNK_VALUES;
        uint64_t count = images - first < CHUNK_VALUES ? images - first : CHUNK_VALUES;
        void *part = (char *)f->values + first * bytes;
        problem->fill_values(problem, first, count, part);
        if (f->kind != CUTROPY_INTEGER)
            drop_negative_zeros(part, count * bytes / 8);
        if (omp_get_thread_num() == 0 && report(options, c, chunks)) {
#pragma omp atomic write
            stop = 1;
        }
    }
    if (stop)
        return ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation");
done:
    return status;
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

static cutropy_status fill_body(const cutropy_problem *problem, const ct_evaluate_options *options,
                                ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t table_bytes = f->pixels <= 40 ? ct_table_words(f->pixels) * 8 : UINT64_MAX;
    bool overflow = false;
    char limit[24];

    if (f->pixels > CT_TABLE_PIXELS) {
        /* a list may grow to the size of the table; while it grows it takes up to four times its
         * size */
        const uint64_t list = options->memory_limit / 4;
        CT_TRY(ct_walk_list(problem->body_data, problem->body, options,
                            (table_bytes < list ? table_bytes : list) / sizeof(uint64_t),
                            &f->images, &f->ones, &overflow));
        f->storage = CT_SUPPORT;
        if (!overflow)
            goto done;
        if (f->pixels > 40)
            CT_TRY(ct_fail(CUTROPY_EMEMORY,
                           "%d pixels: the list of label-1 images outgrew a quarter of the %s that "
                           "may be used, and a "
                           "truth table needs at most 40 pixels",
                           f->pixels, ct_bytes_format(options->memory_limit, limit)));
    }
    CT_TRY(need_memory(options, problem, table_bytes));
    CT_NEW_ZERO(f->table, ct_table_words(f->pixels));
    f->storage = CT_TABLE;
    CT_TRY(ct_walk_table(problem->body_data, problem->body, options, f->table));
    f->ones = count_ones(f->table, ct_table_words(f->pixels), options->threads);
done:
    return status;
}

cutropy_status ct_cpu_evaluate(const cutropy_problem *problem, const ct_evaluate_options *options,
                               ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_function){.lattice = problem->lattice,
                         .pixels = problem->lattice->pixels,
                         .words = problem->lattice->words,
                         .kind = problem->kind,
                         .value = {problem->pm1 ? 1 : 0, problem->pm1 ? -1 : 1}};
    if (problem->list_images) {
        CT_TRY(fill_support(problem, out));
    } else if (problem->body != CT_BODY_NONE) {
        CT_TRY(fill_body(problem, options, out));
    } else {
        CT_TRY(limit_pixels(problem));
        CT_TRY(problem->fill_labels ? fill_table(problem, options, out)
                                    : fill_values(problem, options, out));
    }
    if (out->kind == CUTROPY_LABEL)
        CT_TRY(settle_storage(out, options));
done:
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
