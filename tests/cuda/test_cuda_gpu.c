/* SPDX-License-Identifier: Apache-2.0 */
/* The case table on the real devices of this machine; skipped (77) where there are none. With --names: the names of its tests,
 * any of which runs alone with CK_RUN_CASE=NAME. What is small is what compute-sanitizer has time for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "cases.h"
#include "check_main.h"
#include "evaluations.h"
#include "engine/function/choose.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "levels.h"
#include "ref/support.h"

#define SKIPPED 77

static const ct_operations *cuda;

START_TEST(named)
{
    cases_named(cuda);
}
END_TEST

START_TEST(proved)
{
    cases_proved(cuda);
}
END_TEST

START_TEST(evaluations)
{
    evaluations_compare(cuda, true);
}
END_TEST

START_TEST(long_lists)
{
    cases_long_lists(cuda);
}
END_TEST

START_TEST(products)
{
    cases_products(cuda, 600);
}
END_TEST

START_TEST(arrays)
{
    for (int pixels = 2; pixels <= amount(9, 5); pixels++)
        cases_arrays(cuda, pixels, amount(2, 1));
}
END_TEST

START_TEST(many_blocks)
{
    for (int width = 1; width <= amount(40, 3); width = width < 5 ? width + 1 : 2 * width) {
        cases_many_blocks(cuda, 7, width, CUTROPY_KIND_INTEGER);
        cases_many_blocks(cuda, 6, width, CUTROPY_KIND_REAL);
        cases_many_blocks(cuda, 6, width, CUTROPY_KIND_COMPLEX);
    }
}
END_TEST

/* Every size class and every eigen-solver: blocks of 64 to 2048 rows; in small those to 512. */
START_TEST(large)
{
    cases_compare_named(cuda, "random", "grid:4x4", amount(1, 0) ? "rows,connected:4" : "rows");
    cases_compare_named(cuda, "random:seed=5", "chain:18", "half");
    cases_compare_named(cuda, "page", "chain:14", "prefixes");
    cases_compare_named(cuda, "page:complex=1", "chain:16", "prefixes");
    if (!amount(1, 0))
        return;
    cases_compare_named(cuda, "random:seed=6", "chain:20", "half");
    cases_compare_named(cuda, "random:seed=7", "chain:22", "half");
    cases_compare_named(cuda, "random:density=0.02", "chain:18", "prefixes");
    cases_compare_named(cuda, "page", "chain:18", "half");
    cases_compare_named(cuda, "majority", "chain:16", "all");
}
END_TEST

/* The eigenvalues slot on its own: structured functions with large blocks reach it. */
START_TEST(one_large_matrix)
{
    const int64_t n = 2304;
    double *a = malloc((size_t)(n * n) * sizeof *a), *b = malloc((size_t)(n * n) * sizeof *b);
    double *values[2] = {malloc((size_t)n * sizeof(double)), malloc((size_t)n * sizeof(double))};
    uint64_t state = 3;
    ck_assert(a && b && values[0] && values[1]);
    for (int64_t e = 0; e < n * n; e++)
        a[e] = draw_unit(&state) - 0.5;
    memcpy(b, a, (size_t)(n * n) * sizeof *a);
    ct_eigen_job jobs[2] = {{.n = n, .a = a, .values = values[0]},
                            {.n = n, .a = b, .values = values[1]}};
    ck_assert_int_eq(cuda->eigenvalues(1, &jobs[0], NULL, 2), CUTROPY_OK);
    ck_assert_int_eq(ct_operations_cpu()->eigenvalues(1, &jobs[1], NULL, 2), CUTROPY_OK);
    for (int64_t i = 0; i < n; i++)
        ck_assert_double_eq_tol(values[0][i], values[1][i], 1e-11);
    free(a);
    free(b);
    free(values[0]);
    free(values[1]);
}
END_TEST

START_TEST(levels)
{
    levels_compare(cuda);
    levels_tables(cuda);
}
END_TEST

int main(int argc, char **argv)
{
    /* what the others need comes first */
    const TTest *const tests[] = {named,  arrays,     many_blocks, large,    evaluations,
                                  proved, long_lists, levels,      products, one_large_matrix};
    const size_t count = sizeof tests / sizeof tests[0];
    for (size_t i = 0; i < count && argc > 1 && !strcmp(argv[1], "--names"); i++)
        printf("%s\n", tests[i]->name);
    if (argc > 1)
        return EXIT_SUCCESS;
    cutropy_options options = ct_default_options();
    options.backend = "cuda:all";
    if (ct_choose_backend(&options, &cuda) != CUTROPY_OK) {
        printf("skipped: %s\n", cutropy_error());
        return SKIPPED;
    }
    const int failed = check_run("cuda_gpu", tests, count);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
