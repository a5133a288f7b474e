/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of a whole run fails once: CUTROPY_EMEMORY or all that was asked for, nothing
 * leaked, never a wrong number. */
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "ref/support.h"

typedef struct scenario {
    const char *lattice, *problem, *cuts, *quantities;
    int threads, symmetry, digits, certify;
    /* for problems from arrays; problem is then NULL */
    cutropy_kind kind;
    const void *values;
    const uint64_t *images;
    size_t image_count;
} scenario;

#define STEP(call)                                                                                 \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != CUTROPY_OK)                                                                  \
            goto done;                                                                             \
    } while (0)

/* What a failed run hands out: nothing, or cuts that were finished before. */
static void check_partial(const scenario *s, const cutropy_result *result, cutropy_status status)
{
    size_t finished = 0;
    for (size_t i = 0; result && i < result->record_count; i++)
        finished += result->records[i].done != 0;
    ck_assert_msg(!result || (finished && !result->complete),
                  "%s: a result with %zu cuts after status %d", s->lattice, finished, (int)status);
}

/* From texts to a CSV table in *table (NULL unless CUTROPY_OK). Everything is freed again. */
static cutropy_status whole_run(const scenario *s, char **table)
{
    cutropy_status status;
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_cuts cuts = {0};
    cutropy_quantity *quantities = NULL;
    cutropy_result *result = NULL;
    cutropy_options options = ct_default_options();
    size_t size = 0;
    FILE *file = NULL;
    *table = NULL;
    STEP(cutropy_lattice_parse(s->lattice, &lattice));
    if (s->problem)
        STEP(cutropy_problem_parse(s->problem, lattice, &problem));
    else if (s->images)
        STEP(cutropy_problem_from_images("images", lattice, s->images, s->image_count, &problem));
    else
        STEP(cutropy_problem_from_values("values", lattice, s->kind, s->values, &problem));
    STEP(cutropy_cuts_parse(s->cuts, lattice, &cuts));
    STEP(cutropy_quantities_parse(s->quantities, &quantities, &options.quantity_count));
    options.quantities = quantities;
    options.threads = s->threads;
    options.use_symmetry = s->symmetry;
    options.digits = s->digits;
    options.certify = s->certify;
    STEP(cutropy_run(problem, &cuts, &options, &result));
    file = open_memstream(table, &size);
    ck_assert_ptr_nonnull(file);
    STEP(cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, file));
done:
    if (file)
        fclose(file);
    if (status != CUTROPY_OK) {
        free(*table);
        *table = NULL;
        if (!file)
            check_partial(s, result, status);
        if (!lattice)
            ck_assert_ptr_null(problem);
    }
    cutropy_result_free(result);
    cutropy_quantities_free(quantities);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

/* Allocation number `first` fails, with forever all later ones. */
static void check_once(const scenario *s, long first, bool forever, const char *expected)
{
    char *table;
    (forever ? failing_allocator_start_all : failing_allocator_start)(first);
    cutropy_status status = whole_run(s, &table);
    const bool fired = failing_allocator_stop();
    const char *name = s->problem ? s->problem : "array";
    ck_assert_msg(failing_allocator_live() == 0,
                  "%s, failure at %ld: %ld blocks leaked (status %d)", name, first,
                  failing_allocator_live(), (int)status);
    if (fired && status != CUTROPY_OK) { /* eigenvalues of many cuts go again, cut by cut */
        ck_assert_msg(status == CUTROPY_EMEMORY, "%s, failure at %ld of allocations: status %d: %s",
                      name, first, (int)status, cutropy_error());
        ck_assert_msg(strlen(cutropy_error()) > 0, "no message");
    } else {
        ck_assert_msg(status == CUTROPY_OK, "%s: status %d: %s", name, (int)status,
                      cutropy_error());
        ck_assert_str_eq(table, expected);
    }
    free(table);
}

/* Every allocation up to this number fails in its turn, later ones (the same stages on further
 * cuts) in strides. */
static long amount_of_failures(void)
{
    return getenv("CUTROPY_TEST_SMALL") ? 40 : 3000;
}

static void sweep(const scenario *s)
{
    char *expected;
    failing_allocator_start(-1);
    ck_assert_msg(whole_run(s, &expected) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_int_eq(failing_allocator_live(), 0);
    ck_assert_int_gt(failing_allocator_calls, 5);
    const long total = failing_allocator_calls, dense = amount_of_failures(),
               stride = 1 + total / dense;
    /* for ever: only the way out differs, every fifth does */
    for (int forever = 0; forever < 2; forever++)
        for (long first = 0; first < total + 2 * stride;
             first += (forever ? 5 : 1) * (first < dense ? 1 : stride))
            check_once(s, first, forever, expected);
    check_once(s, -1, false, expected); /* and the library still works */
    cutropy_set_allocator(NULL, NULL, NULL);
    free(expected);
}

#define EXTRAS                                                                                     \
    "renyi:0.5,renyi:inf,schmidt_gap,log_negativity,boundary_pixels,blocks,tr_rho3,spectrum,"      \
    "rank:1e-10,truncation:1e-20,discarded_weight:1"

START_TEST(named_problems)
{
    static const scenario scenarios[] = {
        {"3x2", "random", "all", .quantities = EXTRAS},
        {"chain:6:ring", "majority", "all", "blocks", .symmetry = 1},
        {"links:2x2", "loops", "rows,sites,0x5", .quantities = "schmidt_gap"},
        {"3x2", "connected", "rows,0x0", "renyi:0.5,tr_rho3,spectrum", .digits = 20},
        {"2x2", "random:seed=2", "pairs", "mutual_information,schmidt_gap,spectrum", .certify = 1},
        {"2x2", "page:complex=1", "half", "renyi:0.5,schmidt_gap,spectrum", .certify = 1},
        {"3x3", "connected", "rectangles", "spectrum", .symmetry = 1},
        {"chain:7", "page", "prefixes", .quantities = EXTRAS},
        {"chain:6", "page:complex=1", "half,0x15", .quantities = EXTRAS},
        {"2x2", "ising", "pairs", "mutual_information", .symmetry = 1},
        {"chain:6", "mps:chi=3", "prefixes", .quantities = EXTRAS},
        {"3x2", "random:encoding=pm1", "connected:3", .quantities = EXTRAS},
        {"chain:5", "random:count=3,seed=4", "columns", .quantities = EXTRAS},
        /* made again in twice the working precision */
        {"8x8", "data:first=2,label=pm1:0,theta=1e-6", "half", .quantities = "renyi:0.5"},
        {"8x8", "data:first=2,label=pm1:0,theta=1e-6,map=phase", "half", "renyi:0", .certify = 1},
    };
    for (size_t k = 0; k < sizeof scenarios / sizeof scenarios[0]; k++)
        for (int threads = 1; threads <= 2; threads++) {
            scenario s = scenarios[k];
            s.threads = threads;
            sweep(&s);
        }
}
END_TEST

START_TEST(arrays)
{
    static uint64_t images[30], wide[30];
    static int64_t integers[32], large[32];
    static double reals[32], complexes[64];
    for (int k = 0; k < 32; k++) {
        integers[k] = k % 5 - 2;
        large[k] = (k % 5 - 2) * ((INT64_C(1) << 61) + k % 3);
        reals[k] = 1.0 / (1 + k * k % 7);
        complexes[2 * k] = k % 3;
        complexes[2 * k + 1] = 0.25 * (k % 4);
    }
    for (int k = 0; k < 30; k++)
        images[k] = (uint64_t)(k * k * 7 % 997);
    for (int k = 0; k < 30; k++)
        wide[k] = k & 1 ? (uint64_t)k & 63 : images[k] << 50 | images[k];
    const scenario scenarios[] = {
        {"chain:5", NULL, "all", EXTRAS, .kind = CUTROPY_KIND_INTEGER, .values = integers},
        {"chain:5", NULL, "0x0,0x1,0x3", "tr_rho3", .digits = 20, .certify = 1,
         .kind = CUTROPY_KIND_INTEGER, .values = large},
        {"chain:5", NULL, "all", EXTRAS, .kind = CUTROPY_KIND_REAL, .values = reals},
        {"chain:5", NULL, "all", EXTRAS, .kind = CUTROPY_KIND_COMPLEX, .values = complexes},
        {"5x2", NULL, "rows,columns", EXTRAS, .images = images, .image_count = 30},
        {"chain:70", NULL, "half,sites", "blocks", .images = wide, .image_count = 15},
    };
    for (size_t k = 0; k < sizeof scenarios / sizeof scenarios[0]; k++)
        for (int threads = 1; threads <= 2; threads++) {
            scenario s = scenarios[k];
            s.threads = threads;
            s.symmetry = threads - 1;
            sweep(&s);
        }
}
END_TEST

/* A limit that nothing fits is refused before work begins. */
START_TEST(memory_limit)
{
    cutropy_options options = ct_default_options();
    cutropy_result *result = (cutropy_result *)&options;
    cutropy_lattice *lattice = must_lattice("chain:20");
    cutropy_problem *problem = must_problem_on("random", lattice);
    cutropy_cuts cuts = must_cuts("half", lattice);
    options.memory_limit = 4096;
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_EMEMORY);
    ck_assert_ptr_null(result);
    ck_assert_msg(strpbrk(cutropy_error(), "0123456789") != NULL, "how much is needed? '%s'",
                  cutropy_error());
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("alloc_failures", named_problems, arrays, memory_limit)
