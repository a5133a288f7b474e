/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluations.h"

#include <check.h>
#include <string.h>

#include "engine/function/evaluate.h"
#include "problem/problem.h"
#include "ref/support.h"

/* problem, small lattice, large lattice ("": none). Beyond 26 pixels sliced functions are searched
 * as a list first. */
static const struct {
    const char *problem, *small, *large;
} cases[] = {
    {"random", "4x3", "grid:5x5"},
    {"random:density=0.01,seed=3", "chain:13", "chain:22"},
    {"loops", "links:3x3", "links:4x5"},
    {"pixel-loops", "4x3", "6x6"},
    {"pixel-loops", "3x4", "5x4:torus"},
    {"parity", "chain:12", "chain:25"},
    {"majority", "chain:13", "chain:28"},
    {"threshold:k=11", "chain:12", "chain:21"},
    {"weight:k=4", "chain:13", "chain:34"},
    {"ghz", "chain:12", "chain:36"},
    {"mirror", "4x3", "5x5"},
    {"bars-stripes", "4x3", "6x6"},
    {"connected", "4x3", "5x5"},
    {"percolation", "4x3", "5x5:torus"},
    {"rectangle", "4x3", "7x5"},
    {"independent-set", "4x3", "6x5"},
    {"still-life", "3x4", "5x6"},
    {"contains", "4x3", "5x5"},
    {"inner-product", "chain:12", "chain:24"},
    {"ising", "4x3", "5x4:torus"},
    {"logistic", "chain:12", "chain:21"},
    {"logistic:link=sigmoid,scale=3", "chain:13", "chain:20"},
    {"mps:chi=3", "chain:12", "chain:22"},
    {"mps:chi=4,complex=1", "chain:12", "chain:20"},
    {"mps:chi=128", "", "chain:20"},
    {"rbm:hidden=5", "chain:12", "chain:21"},
    {"rbm:hidden=3,complex=1", "chain:12", "chain:20"},
    {"cnn:channels=2", "4x3", "5x4"},
    {"cnn:channels=3,layers=2,activation=quadratic,pooling=mean", "4x3", "5x4"},
    {"cnn:channels=2,pooling=product", "chain:12", "chain:20:ring"},
    {"mlp:activation=relu", "chain:12", "chain:20"},
};

static void same_function(const char *name, const ct_function *got, const ct_function *expected)
{
    const size_t bytes = expected->storage == CT_SUPPORT ? expected->ones * expected->words * 8
                         : expected->storage == CT_TABLE
                             ? ct_table_words(expected->pixels) * 8
                             : ct_value_bytes(expected->kind) << expected->pixels;
    const void *a = expected->storage == CT_SUPPORT ? (void *)expected->images
                    : expected->storage == CT_TABLE ? (void *)expected->table
                                                    : expected->values;
    const void *b = got->storage == CT_SUPPORT ? (void *)got->images
                    : got->storage == CT_TABLE ? (void *)got->table
                                               : got->values;
    ck_assert_msg(got->storage == expected->storage && got->ones == expected->ones,
                  "%s: storage %d with %llu images, not %d with %llu", name, (int)got->storage,
                  (unsigned long long)got->ones, (int)expected->storage,
                  (unsigned long long)expected->ones);
    ck_assert_msg(!memcmp(a, b, bytes), "%s: another function", name);
}

void evaluations_compare(const ct_operations *backend, bool large)
{
    const ct_evaluate_options options = {.threads = 2, .memory_limit = UINT64_C(8) << 30};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *lattice = large ? cases[i].large : cases[i].small;
        ct_function expected, got;
        if (!*lattice)
            continue;
        cutropy_problem *problem = must_problem(cases[i].problem, lattice);
        if (problem->lattice->pixels > amount(64, 22)) { /* compute-sanitizer is slow */
            cutropy_problem_free(problem);
            continue;
        }
        ck_assert_int_eq(ct_evaluate(ct_operations_cpu(), problem, &options, NULL, &expected),
                         CUTROPY_OK);
        const cutropy_status status = ct_evaluate(backend, problem, &options, NULL, &got);
        ck_assert_msg(status == CUTROPY_OK, "%s: %s", cases[i].problem, cutropy_error());
        same_function(cases[i].problem, &got, &expected);
        ct_function_free(&expected);
        ct_function_free(&got);
        cutropy_problem_free(problem);
    }
}
