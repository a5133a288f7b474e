/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "engine/function/options.h"
#include "engine/run/run.h"
#include "problem/problem.h"
#include "ref/sample.h"
#include "ref/support.h"

#define EXTRAS "renyi:0.5,schmidt_gap,blocks"

static cutropy_status run(const ct_operations *backend, const cutropy_problem *problem,
                          const cutropy_cuts *cuts, cutropy_options *options, cutropy_result **out)
{
    cutropy_quantity *list = NULL;
    cutropy_status status = cutropy_quantities_parse(EXTRAS, &list, &options->quantity_count);
    *out = NULL;
    if (status == CUTROPY_OK) {
        options->quantities = list;
        options->threads = 2;
        if (!problem->products)
            options->solver = CT_SOLVE_ENUMERATE; /* lists are for the device */
        status = ct_run_on(backend, problem, cuts, options, out);
    }
    cutropy_quantities_free(list);
    return status;
}

cutropy_status cases_run(const ct_operations *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts,
                         int (*progress)(const char *, uint64_t, uint64_t, void *), void *user,
                         cutropy_result **out)
{
    cutropy_options options = ct_default_options();
    options.progress = progress;
    options.user = user;
    return run(backend, problem, cuts, &options, out);
}

/* The rank of a sum of product states is a bracket by what eigenvalues and their errors say, which differ. */
static bool same_rank(const char *name, const cutropy_record *got, const cutropy_record *expected)
{
    if (!strncmp(name, "data:", 5))
        return got->rank_lo <= expected->rank_hi && expected->rank_lo <= got->rank_hi &&
               got->rank_hi == expected->rank_hi;
    return got->rank_lo == expected->rank_lo && got->rank_hi == expected->rank_hi;
}

static void same_record(const char *name, size_t i, const cutropy_record *got,
                        const cutropy_record *expected)
{
    ck_assert_msg(got->classes[0] == expected->classes[0] &&
                      got->classes[1] == expected->classes[1] && got->blocks == expected->blocks,
                  "%s, cut %zu: %lld x %lld classes in %lld blocks instead of %lld x %lld in %lld",
                  name, i, (long long)got->classes[0], (long long)got->classes[1],
                  (long long)got->blocks, (long long)expected->classes[0],
                  (long long)expected->classes[1], (long long)expected->blocks);
    ck_assert_msg(same_rank(name, got, expected),
                  "%s, cut %zu: rank %lld..%lld instead of %lld..%lld", name, i,
                  (long long)got->rank_lo, (long long)got->rank_hi, (long long)expected->rank_lo,
                  (long long)expected->rank_hi);
    ck_assert_msg(!memcmp(&got->purity_exact, &expected->purity_exact, sizeof got->purity_exact),
                  "%s, cut %zu: another purity, %.17g instead of %.17g", name, i, got->purity,
                  expected->purity);
    ck_assert_int_eq(got->guarantee, expected->guarantee);
    const double apart = fabs(got->entropy - expected->entropy);
    ck_assert_msg(apart <= got->entropy_err + expected->entropy_err,
                  "%s, cut %zu: entropy %.17g instead of %.17g", name, i, got->entropy,
                  expected->entropy);
    if (got->guarantee == CUTROPY_GUARANTEE_EXACT)
        ck_assert(got->entropy == expected->entropy);
    ck_assert(fabs(got->purity - expected->purity) <= 1e-12);
}

size_t cases_same_records(const char *name, const cutropy_result *got,
                          const cutropy_result *expected)
{
    size_t done = 0;
    ck_assert_uint_eq(got->record_count, expected->record_count);
    for (size_t i = 0; i < got->record_count; i++) {
        if (!got->records[i].done)
            continue;
        same_record(name, i, &got->records[i], &expected->records[i]);
        done++;
    }
    return done;
}

void cases_compare(const ct_operations *backend, const cutropy_problem *problem, const char *text,
                   bool on_device)
{
    const char *name = cutropy_problem_text(problem);
    cutropy_cuts cuts = must_cuts(text, cutropy_problem_lattice(problem));
    cutropy_result *got = NULL, *expected = NULL;
    ck_assert_int_eq(cases_run(ct_operations_cpu(), problem, &cuts, NULL, NULL, &expected),
                     CUTROPY_OK);
    const cutropy_status status = cases_run(backend, problem, &cuts, NULL, NULL, &got);
    ck_assert_msg(status == CUTROPY_OK, "%s: status %d: %s", name, (int)status, cutropy_error());
    ck_assert_uint_eq(cases_same_records(name, got, expected), expected->record_count);
    ck_assert_msg(!strstr(got->backend, "cpu") == on_device, "%s: computed by '%s'", name,
                  got->backend);
    cutropy_result_free(got);
    cutropy_result_free(expected);
    cutropy_cuts_free(&cuts);
}

void cases_compare_named(const ct_operations *backend, const char *name, const char *lattice,
                         const char *cuts)
{
    cutropy_problem *problem = must_problem(name, lattice);
    cases_compare(backend, problem, cuts, true);
    cutropy_problem_free(problem);
}

/* Proved tables are the same byte for byte. */
static void compare_proofs(const ct_operations *backend, const char *name, const char *lattice,
                           const char *cuts_text)
{
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    const ct_operations *who[2] = {ct_operations_cpu(), backend};
    char *table[2];
    for (int k = 0; k < 2; k++) {
        cutropy_options options = ct_default_options();
        cutropy_result *result = NULL;
        options.certify = 1;
        const cutropy_status status = run(who[k], problem, &cuts, &options, &result);
        ck_assert_msg(status == CUTROPY_OK, "%s: status %d: %s", name, (int)status,
                      cutropy_error());
        ck_assert_int_eq(!strstr(result->backend, "cpu"), k);
        table[k] = must_csv(result);
        cutropy_result_free(result);
    }
    ck_assert_msg(!strcmp(table[0], table[1]), "%s:\n%s\n%s", name, table[0], table[1]);
    free(table[0]);
    free(table[1]);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}

void cases_proved(const ct_operations *backend)
{
    compare_proofs(backend, "random", "grid:3x3", "all");
    compare_proofs(backend, "majority", "chain:9", "all");
    compare_proofs(backend, "page:complex=1", "chain:8", "half,pairs");
    compare_proofs(backend, "ising", "grid:3x3:torus", "rows,0x1ff");
}

void cases_named(const ct_operations *backend)
{
    cases_compare_named(backend, "random", "grid:3x3", "all");
    cases_compare_named(backend, "random:seed=3", "chain:12", "half,0x555,0xfff,0x0");
    cases_compare_named(backend, "random:density=0.1", "chain:10", "pairs,prefixes");
    cases_compare_named(backend, "random:encoding=pm1", "chain:10", "prefixes,sites");
    cases_compare_named(backend, "primes", "chain:12", "half"); /* a block of 33, padded */
    cases_compare_named(backend, "majority", "chain:9", "all");
    cases_compare_named(backend, "parity", "chain:9", "all");
    cases_compare_named(backend, "parity:encoding=pm1", "chain:8", "all");
    cases_compare_named(backend, "inner-product", "chain:10", "prefixes");
    cases_compare_named(backend, "connected", "grid:4x3", "rectangles");
    cases_compare_named(backend, "page", "grid:3x3", "all");
    cases_compare_named(backend, "page:complex=1", "chain:8", "all");
    cases_compare_named(backend, "page", "chain:12", "half");
    cases_compare_named(backend, "page:complex=1", "chain:12", "half");
    cases_compare_named(backend, "ising", "grid:3x3:torus", "all");
    cases_compare_named(backend, "mps:chi=4", "chain:9", "prefixes");
    cases_compare_named(backend, "logistic", "chain:8", "all");
    cases_compare_named(backend, "cnn", "grid:3x3", "rows,columns");
}

void cases_lists(const ct_operations *backend)
{
    cases_compare_named(backend, "weight:k=2", "chain:16", "half,prefixes");
    cases_compare_named(backend, "loops", "links:3x4", "prefixes");
    cases_compare_named(backend, "pixel-loops", "grid:4x4", "rectangles");
    cases_compare_named(backend, "ghz", "chain:14", "prefixes,0x1,0x3fff");
    cases_compare_named(backend, "bars-stripes", "grid:4x4", "rows,columns,connected:3");
    cases_compare_named(backend, "random:count=60,seed=1", "chain:40", "half,sites");
    cases_compare_named(backend, "random:count=25", "chain:64", "half,0x8000000000000000");
    cases_compare_named(backend, "digits:class=3", "grid:8x8", "rows");
}

void cases_long_lists(const ct_operations *backend)
{
    cases_compare_named(backend, "weight:k=6", "chain:34", "half,prefixes");
    cases_compare_named(backend, "loops", "links:5x6", "half");
    cases_compare_named(backend, "random:count=200000", "chain:40", "half");
    cases_compare_named(backend, "pixel-loops", "grid:8x8", "rows");
}

void cases_products(const ct_operations *backend, int terms)
{
    static const char *const names[] = {"data:images=digits,theta=0.2",
                                        "data:images=digits,map=phase,label=onehot"};
    const bool large = terms > 256;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char name[80];
        snprintf(name, sizeof name, "%s,first=%d", names[k], terms);
        cutropy_problem *problem = must_problem(name, "grid:8x8");
        /* ranks below the number of terms: 0x3c, 0x3c3c */
        cases_compare(backend, problem, large ? "half,0x3c3c,0xffff" : "half,0x3c,0xffff", true);
        cases_compare(backend, problem, "0x3,half", false); /* 0x3: the CPU's */
        cutropy_problem_free(problem);
    }
}

/* f(a, b) = 0 unless a / width = b / width, on two halves of `half` pixels: the half cut has many
 * blocks of up to width classes, other cuts have others. */
void cases_many_blocks(const ct_operations *backend, int half, int width, cutropy_kind kind)
{
    const int64_t side = INT64_C(1) << half;
    const size_t parts = kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    int64_t *integers = calloc((size_t)(side * side) * parts, sizeof *integers);
    double *numbers = calloc((size_t)(side * side) * parts, sizeof *numbers);
    uint64_t state = (uint64_t)(half * 16 + width);
    char text[16];
    ck_assert(integers && numbers);
    for (int64_t b = 0; b < side; b++)
        for (int64_t a = 0; a < side; a++)
            for (size_t p = 0; p < parts && a / width == b / width; p++) {
                const size_t e = (size_t)(b * side + a) * parts + p;
                integers[e] = (int64_t)draw_below(&state, 9) - 4;
                numbers[e] = draw_unit(&state) - 0.5;
            }
    snprintf(text, sizeof text, "chain:%d", 2 * half);
    cutropy_lattice *lattice = must_lattice(text);
    cutropy_problem *problem = must_values(
        lattice, kind, kind == CUTROPY_KIND_INTEGER ? (void *)integers : (void *)numbers);
    cases_compare(backend, problem, "half,prefixes,pairs", true);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    free(integers);
    free(numbers);
}

void cases_arrays(const ct_operations *backend, int pixels, int repeats)
{
    uint64_t state = 20261127 + (uint64_t)pixels;
    char text[16];
    snprintf(text, sizeof text, "chain:%d", pixels);
    cutropy_lattice *lattice = must_lattice(text);
    for (texture kind = 0; kind < TEXTURES; kind++)
        for (int repeat = 0; repeat < repeats; repeat++) {
            sample s;
            sample_draw(kind, pixels, &state, &s);
            cutropy_problem *problem = must_values(lattice, s.kind, s.values);
            uint64_t mask = 1;
            cutropy_result *result = must_run(problem, &mask, 1, NULL, 1, 0);
            const bool list = !strcmp(result->storage, "support");
            cutropy_result_free(result);
            cases_compare(backend, problem, "all", !list);
            cutropy_problem_free(problem);
            sample_free(&s);
        }
    cutropy_lattice_free(lattice);
}
