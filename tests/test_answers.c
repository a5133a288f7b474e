/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine makes of the answers of a device: the records of ordinary runs, whatever the
 * batches; lies are found; stops and declines are honest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "ref/plain_device.h"
#include "ref/sample.h"
#include "ref/support.h"

#define EXTRAS "renyi:0.5,renyi:3,schmidt_gap,log_negativity,blocks,spectrum"

static cutropy_status run_by(const ct_operations *backend, const cutropy_problem *problem,
                             const cutropy_cuts *cuts, const char *quantities,
                             cutropy_options *options, cutropy_result **out)
{
    cutropy_quantity *list = NULL;
    ck_assert_int_eq(cutropy_quantities_parse(quantities, &list, &options->quantity_count),
                     CUTROPY_OK);
    options->quantities = list;
    const cutropy_status status = ct_run_on(backend, problem, cuts, options, out);
    cutropy_quantities_free(list);
    return status;
}

static cutropy_status run_plain(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                const char *quantities, cutropy_options *options,
                                cutropy_result **out)
{
    return run_by(plain_device(), problem, cuts, quantities, options, out);
}

/* The next cell of a line; the line moves on behind it. */
static char *next_cell(char **line)
{
    char *cell = *line;
    *line = cell + strcspn(cell, ",\n");
    if (**line)
        *(*line)++ = '\0';
    return cell;
}

/* "v^m;v^m" and "e;e" as single levels with errors; a plain number is one level. */
static size_t levels_of(const char *values, const char *errors, double level[256],
                        double error[256])
{
    size_t count = 0;
    for (char *p = (char *)values, *e = (char *)errors; *p; p += *p == ';', e += *e == ';') {
        const double value = strtod(p, &p), bound = strtod(e, &e);
        for (long m = *p == '^' ? strtol(p + 1, &p, 10) : 1; m > 0; m--, count++) {
            ck_assert_uint_lt(count, 256);
            level[count] = value;
            error[count] = bound;
        }
    }
    return count;
}

static bool agree(char *const a[2], char *const b[2])
{
    double x[256], y[256], ex[256], ey[256];
    const size_t count = levels_of(a[0], a[1], x, ex);
    bool same = count == levels_of(b[0], b[1], y, ey);
    for (size_t i = 0; same && i < count; i++)
        same = fabs(x[i] - y[i]) <= ex[i] + ey[i];
    return same;
}

/* Equal cells, but for errors, which depend on how a device adds (real and complex products), and for real
 * numbers, which then differ by less than both. Destroys both tables. */
static void expect_same_table(char *text, char *table, const char *what)
{
    char *names[64] = {NULL}, *a[65] = {NULL}, *b[65] = {NULL};
    size_t columns = 1;
    for (const char *p = table; *p != '\n'; p++)
        columns += *p == ',';
    ck_assert_uint_le(columns, 63);
    for (size_t c = 0; c < columns; c++) {
        names[c] = next_cell(&table);
        ck_assert_str_eq(next_cell(&text), names[c]);
    }
    while (*table || *text) {
        for (size_t c = 0; c < columns; c++) {
            a[c] = next_cell(&table);
            b[c] = next_cell(&text);
        }
        for (size_t c = 0; c < columns; c++) {
            if (strstr(names[c], "_err") || !strcmp(a[c], b[c]))
                continue;
            const bool real = c + 1 < columns && strstr(names[c + 1], "_err");
            ck_assert_msg(real && agree(a + c, b + c), "%s: %s is %s and %s", what, names[c], a[c],
                          b[c]);
        }
    }
}

/* who: what the result says of the backend. */
static void expect_same_by(const cutropy_problem *problem, const char *cuts_text, const char *who)
{
    static const size_t batches[] = {1, 7, 1000};
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    for (int symmetry = 0; symmetry < 2; symmetry++) {
        cutropy_result *expected = must_run(problem, cuts.masks, cuts.count, EXTRAS, 1, symmetry);
        for (size_t k = 0; k < 3; k++) {
            char *table = must_csv(expected);
            cutropy_options options = ct_default_options();
            cutropy_result *result = NULL;
            options.threads = 1 + (int)k;
            options.use_symmetry = symmetry;
            plain_device_set()->batch = batches[k];
            ck_assert_msg(run_plain(problem, &cuts, EXTRAS, &options, &result) == CUTROPY_OK, "%s",
                          cutropy_error());
            char *text = must_csv(result);
            expect_same_table(text, table, cutropy_problem_text(problem));
            ck_assert_str_eq(result->backend, who);
            ck_assert_int_eq(result->complete, 1);
            free(text);
            free(table);
            cutropy_result_free(result);
        }
        cutropy_result_free(expected);
    }
    cutropy_cuts_free(&cuts);
}

static void expect_same(const cutropy_problem *problem, const char *cuts, bool on_device)
{
    expect_same_by(problem, cuts, on_device ? "plain" : "plain (cuts on the cpu)");
    ck_assert_int_eq(plain_device_set()->solved > 0, on_device);
}

static void expect_same_named(const char *name, const char *lattice, const char *cuts,
                              bool on_device)
{
    cutropy_problem *problem = must_problem(name, lattice);
    expect_same(problem, cuts, on_device);
    cutropy_problem_free(problem);
}

START_TEST(labels)
{
    expect_same_named("random", "grid:3x3", "all", true);
    expect_same_named("random:seed=3", "chain:12", "half,0x555,0xfff,0x0", true);
    expect_same_named("random:encoding=pm1", "chain:10", "prefixes,pairs", true);
    expect_same_named("majority", "chain:10", "all", true);
    expect_same_named("parity", "chain:9", "all", true);
    expect_same_named("inner-product", "chain:10", "prefixes", true);
    expect_same_named("connected", "grid:4x3", "rectangles", true);
    expect_same_named("primes", "chain:11", "prefixes,sites", true);
}
END_TEST

START_TEST(amplitudes)
{
    expect_same_named("page", "grid:3x3", "all", true);
    expect_same_named("page:complex=1", "chain:8", "all", true);
    expect_same_named("ising", "grid:3x3:torus", "all", true);
    expect_same_named("mps:chi=4", "chain:9", "prefixes", true);
    expect_same_named("rbm", "chain:8", "all", true);
    expect_same_named("cnn", "grid:3x3", "rows,columns", true);
    expect_same_named("logistic", "chain:8", "all", true);
}
END_TEST

START_TEST(arrays)
{
    uint64_t state = 7;
    cutropy_lattice *lattice = must_lattice("chain:7");
    for (texture kind = 0; kind < TEXTURES; kind++)
        for (int repeat = 0; repeat < amount(3, 1); repeat++) {
            sample s;
            sample_draw(kind, 7, &state, &s);
            cutropy_problem *problem = must_values(lattice, s.kind, s.values);
            cutropy_cuts cuts = must_cuts("half", lattice);
            cutropy_result *result = must_run(problem, cuts.masks, 1, NULL, 1, 0);
            expect_same(problem, "all", strcmp(result->storage, "support") != 0);
            cutropy_result_free(result);
            cutropy_cuts_free(&cuts);
            cutropy_problem_free(problem);
            sample_free(&s);
        }
    cutropy_lattice_free(lattice);
}
END_TEST

/* The CPU proves what a device has solved: the tables of both are the same byte for byte. */
static void expect_same_proofs(const char *name, const char *lattice, const char *cuts_text,
                               int digits)
{
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    char *table[2];
    options.certify = digits == 0;
    options.digits = digits;
    options.solver = CT_SOLVE_ENUMERATE; /* automata with weights are the CPU's */
    for (int k = 0; k < 2; k++) {
        cutropy_result *result = NULL;
        plain_device_set()->solved = 0;
        ck_assert_msg(run_by(k ? plain_device() : ct_operations_cpu(), problem, &cuts, EXTRAS,
                             &options, &result) == CUTROPY_OK,
                      "%s", cutropy_error());
        ck_assert_str_eq(result->backend, k ? "plain" : "cpu");
        ck_assert_int_eq(plain_device_set()->solved > 0, k);
        for (size_t i = 0; i < result->record_count; i++) {
            ck_assert_int_eq(result->records[i].done, 1);
            ck_assert_int_ne(result->records[i].guarantee, CUTROPY_GUARANTEE_FLOAT);
        }
        table[k] = must_csv(result);
        cutropy_result_free(result);
    }
    ck_assert_msg(!strcmp(table[0], table[1]), "%s: %s and %s", name, table[0], table[1]);
    free(table[0]);
    free(table[1]);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}

START_TEST(proofs)
{
    expect_same_proofs("random", "grid:3x3", "all", 0);
    expect_same_proofs("random:encoding=pm1", "chain:10", "prefixes,pairs", 0);
    expect_same_proofs("majority", "chain:10", "all", 0);
    expect_same_proofs("connected", "grid:4x3", "rectangles", 40);
    expect_same_proofs("page:complex=1", "chain:8", "half,0x1", 0);
    expect_same_proofs("rbm", "chain:8", "half,0xff,0x0", 0);
    expect_same_proofs("ising", "grid:3x3:torus", "rows", 40);
}
END_TEST

/* Lists of images and functions that the device does not want go through the operations, and say
 * so; so does Tr rho^3. */
START_TEST(declined)
{
    expect_same_named("digits:class=3", NULL, "rows", false);
    expect_same_named("random:count=40", "chain:16", "pairs", false);
    plain_device_set()->decline = true;
    expect_same_named("random", "chain:8", "all", false);
    plain_device_set()->decline = false;
    cutropy_problem *problem = must_problem("random", "chain:8");
    plain_device_set()->refuse = 3;
    expect_same_by(problem, "all", "plain (some cuts on the cpu)");
    plain_device_set()->refuse = 0;
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL,
                   *expected = must_run(problem, cuts.masks, cuts.count, "tr_rho3", 1, 1);
    ck_assert_int_eq(run_plain(problem, &cuts, "tr_rho3", &options, &result), CUTROPY_OK);
    ck_assert_str_eq(result->backend, "plain (cuts on the cpu)");
    char *text = must_csv(result), *table = must_csv(expected);
    ck_assert_str_eq(text, table);
    free(text);
    free(table);
    cutropy_result_free(result);
    cutropy_result_free(expected);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- lies ---- */

static void more_classes(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)block;
    (void)values;
    answer->classes[1]++;
}

static void wrong_purity(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)answer;
    (void)values;
    block[0].square_sum += (block[0].square_sum >> 8) + 1;
}

static void wrong_value(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)answer;
    values[block[0].size[0] - 1] *= 1 + 1e-9;
}

static void no_values(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)answer;
    (void)values;
    block[0].values = NULL;
}

static void negative_value(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)answer;
    (void)block;
    values[0] = -1;
}

/* More columns than there are, in a block whose rank needs elimination on the CPU. */
static void wrong_partition(ct_cut_answer *answer, ct_block_answer *block, double *values)
{
    (void)values;
    answer->classes[1]++;
    block[0].size[1]++;
}

static void expect_lie(const cutropy_problem *problem, uint64_t mask,
                       void (*lie)(ct_cut_answer *, ct_block_answer *, double *),
                       cutropy_status expected)
{
    cutropy_cuts cuts = {1, 1, &mask};
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL;
    options.use_symmetry = 0;
    plain_device_set()->lie_at = 0;
    plain_device_set()->lie = lie;
    ck_assert_int_eq(run_plain(problem, &cuts, "blocks", &options, &result), expected);
    ck_assert_ptr_null(result);
    plain_device_set()->lie_at = SIZE_MAX;
}

START_TEST(lies)
{
    int64_t lit[256]; /* seven classes a side, rank 2 */
    for (int i = 0; i < 256; i++)
        lit[i] = __builtin_popcount((unsigned)i);
    cutropy_lattice *lattice = must_lattice("chain:8");
    cutropy_problem *sum = must_values(lattice, CUTROPY_KIND_INTEGER, lit);
    cutropy_problem *random = must_problem("random", "chain:10");
    expect_lie(random, 0x1f, more_classes, CUTROPY_EINTERNAL);
    expect_lie(random, 0x1f, wrong_purity, CUTROPY_ENUMERIC);
    expect_lie(random, 0x1f, wrong_value, CUTROPY_ENUMERIC);
    expect_lie(random, 0x1f, no_values, CUTROPY_EINTERNAL);
    expect_lie(random, 0x1f, negative_value, CUTROPY_ENUMERIC);
    expect_lie(sum, 0xf, wrong_partition, CUTROPY_EINTERNAL);
    expect_same(sum, "all", true); /* and without lies its rank comes from the CPU */
    cutropy_problem_free(random);
    cutropy_problem_free(sum);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Where not every thread has room for a quotient, the cuts that need one wait for each other. */
START_TEST(little_memory)
{
    int64_t lit[256];
    for (int i = 0; i < 256; i++)
        lit[i] = __builtin_popcount((unsigned)i);
    cutropy_lattice *lattice = must_lattice("chain:8");
    cutropy_problem *sum = must_values(lattice, CUTROPY_KIND_INTEGER, lit);
    cutropy_cuts cuts = must_cuts("half,0x33,0x55,0x3c", lattice);
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL, *whole = must_run(sum, cuts.masks, cuts.count, EXTRAS, 1, 0);
    options.threads = 2;
    options.use_symmetry = 0;
    options.memory_limit = 6000; /* bytes: two Gram matrices of 2 KiB may take half of it */
    plain_device_set()->batch = 20;
    ck_assert_msg(run_plain(sum, &cuts, EXTRAS, &options, &result) == CUTROPY_OK, "%s",
                  cutropy_error());
    char *text = must_csv(result), *table = must_csv(whole);
    ck_assert_str_eq(text, table);
    free(text);
    free(table);
    cutropy_result_free(result);
    result = NULL;
    options.memory_limit = 4500;
    ck_assert_int_eq(run_plain(sum, &cuts, EXTRAS, &options, &result), CUTROPY_EMEMORY);
    ck_assert_ptr_null(result);
    cutropy_result_free(whole);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(sum);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- stopping ---- */

/* Reports come at most about ten times a second: the run must last longer. */
static int stop_soon(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)total;
    (void)user;
    return !strcmp(stage, "cuts") && done;
}

START_TEST(stopped)
{
    cutropy_problem *problem = must_problem("random", "chain:13");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL,
                   *whole = must_run(problem, cuts.masks, cuts.count, "blocks", 1, 1);
    size_t done = 0;
    options.progress = stop_soon;
    plain_device_set()->batch = 1;
    ck_assert_int_eq(run_plain(problem, &cuts, "blocks", &options, &result), CUTROPY_ECANCELLED);
    ck_assert_ptr_nonnull(result);
    ck_assert_int_eq(result->complete, 0);
    for (size_t i = 0; i < result->record_count; i++) {
        if (!result->records[i].done)
            continue;
        ck_assert(result->records[i].entropy == whole->records[i].entropy);
        done++;
    }
    ck_assert_uint_gt(done, 0);
    ck_assert_uint_lt(done, result->record_count);
    cutropy_result_free(result);
    cutropy_result_free(whole);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("answers", labels, amplitudes, arrays, proofs, declined, lies, little_memory, stopped)
