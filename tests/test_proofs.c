/* SPDX-License-Identifier: Apache-2.0 */
/* --certify on the inputs that once showed a fault: 20 decimals of every number, whatever the
 * spectrum. The right values come from 60 to 120 digit diagonalisations in mpmath of the very
 * doubles of the files, orders of Renyi entropies being doubles too. */
#include <math.h>
#include <string.h>

#include "failing_allocator.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "ref/support.h"

#define CASES CUTROPY_TEST_DIR "/data/cases/"

static cutropy_result *prove(const cutropy_problem *problem, const char *cut,
                             const char *quantities, const cutropy_options *wish)
{
    cutropy_options options = *wish;
    cutropy_cuts cuts = must_cuts(cut, cutropy_problem_lattice(problem));
    options.certify = 1;
    cutropy_result *result = must_solve_with(problem, &cuts, quantities, &options);
    cutropy_cuts_free(&cuts);
    return result;
}

static cutropy_result *prove_file(const char *name, const char *lattice_text, const char *cut,
                                  const char *quantities)
{
    char text[512];
    const cutropy_options options = ct_default_options();
    snprintf(text, sizeof text, "file:path=" CASES "%s", name);
    cutropy_problem *problem = must_problem(text, lattice_text);
    cutropy_result *result = prove(problem, cut, quantities, &options);
    cutropy_problem_free(problem);
    return result;
}

/* Every real number of the row has 20 decimals, and the record says so. */
static void expect_proved(const cutropy_result *result)
{
    const cutropy_record *record = row_record(result, 0);
    const cutropy_exact *exact = record->exact;
    ck_assert_int_ne(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
    for (int unit = 0; unit < 2; unit++) {
        ck_assert_int_eq(exact->decimals[unit], 20);
        ck_assert_int_eq(exact->renyi2_decimals[unit], 20);
        for (size_t k = 0; k < result->quantity_count; k++)
            if (result->quantities[k].kind == CUTROPY_QUANTITY_RENYI)
                ck_assert_int_eq(exact->extra_decimals[2 * k + (size_t)unit], 20);
    }
    ck_assert(fabs(record->entropy_err - 5e-21) <= fabs(record->entropy) * 0x1p-52 + 1e-30);
}

typedef struct row {
    const char *file, *lattice, *cut, *entropy, *quantities, *values[3];
    int64_t rank;
} row;

START_TEST(files)
{
    static const row rows[] = {
        {"ising_chain_12.npy",
         "chain:12",
         "0x3f",
         "0.57205197136566135907",
         "renyi:0.1,log_negativity",
         {"2.24327556088511610147", "0.83949920121251557473"},
         64},
        {"graded_8.npy",
         "chain:8",
         "0xf",
         "0.00000000346619759931",
         "renyi:0.1,log_negativity",
         {"0.17898128251174119057", "0.00002885390370154633"},
         16},
        {"log1p_64.npy",
         "chain:6",
         "0x7",
         "0.04310425515736536510",
         "schmidt_gap",
         {"0.99064656016147514188"},
         8},
        {"kernel_real.npy",
         "chain:10",
         "half",
         "1.50755722448674728101",
         "renyi:0.02,renyi:0.05",
         {"4.05547422002780724110", "3.32052230526199013967"},
         32},
        {"kernel_integer.npy",
         "chain:10",
         "half",
         "1.50755720274523475339",
         "renyi:0.1,log_negativity",
         {"2.88452970553331669597", "1.82499648454768364172"},
         32},
        {"range_1e-200.npy",
         "chain:2",
         "0x1",
         "0.00000000000000000000",
         "renyi:0.001",
         {"0.48395891225793828703"},
         2},
        {"rank_prime.npy",
         "chain:4",
         "0x3",
         "0.89816175257610611455",
         "log_negativity",
         {"0.94750523954672920460"},
         3},
        {"false_counterexample.npy",
         "chain:4",
         "0x3",
         "0.00000000003526285348",
         "log_negativity",
         {"0.00000398831708913180"},
         4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        cutropy_result *result = prove_file(r->file, r->lattice, r->cut, r->quantities);
        const cutropy_record *record = row_record(result, 0);
        expect_proved(result);
        ck_assert_str_eq(record->exact->entropy[0], r->entropy);
        for (size_t k = 0; k < 3 && r->values[k]; k++) {
            ck_assert_ptr_nonnull(record->exact->extra[2 * k]);
            ck_assert_str_eq(record->exact->extra[2 * k], r->values[k]);
            ck_assert(fabs(record->extra[k] - strtod(r->values[k], NULL)) <= record->extra_err[k]);
        }
        ck_assert_int_eq(record->rank_lo, r->rank);
        ck_assert_int_eq(record->rank_hi, r->rank);
        cutropy_result_free(result);
    }
}
END_TEST

/* The determinant of a 3 x 3 matrix is a prime: every prime that the program may use for ranks. A
 * rank modulo that prime is 2; what is printed has to be 3, or a bracket. */
START_TEST(unlucky_primes)
{
    /* first of the list above 2^58, and 2^61 - 1 */
    static const int64_t prime[] = {INT64_C(288230376151711813), (INT64_C(1) << 61) - 1};
    for (size_t i = 0; i < 2; i++) {
        int64_t values[16] = {0};
        const int64_t base = INT64_C(1) << 20;
        /* ((1, 0, p mod b), (-b, 1, p div b mod b), (0, -b, p div b^2)): determinant p */
        values[0] = 1;
        values[8] = prime[i] % base;
        values[1] = -base;
        values[5] = 1;
        values[9] = prime[i] / base % base;
        values[6] = -base;
        values[10] = prime[i] / base / base;
        cutropy_lattice *lattice = must_lattice("chain:4");
        cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
        const cutropy_options options = ct_default_options();
        cutropy_result *result = prove(problem, "0x3", "renyi:0.1,spectrum", &options);
        const cutropy_record *record = row_record(result, 0);
        expect_proved(result);
        ck_assert_int_eq(record->rank_lo, 3);
        ck_assert_int_eq(record->rank_hi, 3);
        cutropy_result_free(result);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* rank:EPS, truncation:EPS, discarded_weight:K and their errors, on eigenvalues 1 / 10^i. */
START_TEST(thresholds)
{
    double values[16] = {0};
    cutropy_lattice *lattice = must_lattice("chain:4");
    for (int i = 0; i < 4; i++)
        values[5 * i] = ldexp(1, -10 * i); /* Schmidt values 2^-10 i */
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, values);
    cutropy_options options = ct_default_options();
    cutropy_quantity list[] = {{CUTROPY_QUANTITY_NUMERICAL_RANK, 0x1p-15},
                               {CUTROPY_QUANTITY_NUMERICAL_RANK, 0x1p-10}, /* equal: open */
                               {CUTROPY_QUANTITY_TRUNCATION, 0x1p-30},
                               {CUTROPY_QUANTITY_TRUNCATION, 0},
                               {CUTROPY_QUANTITY_DISCARDED_WEIGHT, 1},
                               {CUTROPY_QUANTITY_DISCARDED_WEIGHT, 4},
                               {CUTROPY_QUANTITY_TR_RHO3, 0}};
    const uint64_t mask = 0x3;
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = (uint64_t *)(uintptr_t)&mask};
    options.quantities = list;
    options.quantity_count = sizeof list / sizeof *list;
    options.certify = 1;
    cutropy_result *result = must_solve(problem, &cuts, &options);
    const cutropy_record *record = row_record(result, 0);
    ck_assert_int_eq(record->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
    ck_assert(record->extra[0] == 2 && record->extra_err[0] == 0);
    ck_assert(record->extra[1] == 1 && record->extra_err[1] == 1); /* 1..2 */
    ck_assert(record->extra[2] == 2 && record->extra_err[2] == 0);
    ck_assert(record->extra[3] == 4 && record->extra_err[3] == 0);
    /* (2^-20 + 2^-40 + 2^-60) / (1 + 2^-20 + 2^-40 + 2^-60) */
    ck_assert_str_eq(record->exact->extra[8], "0.00000095367431640625");
    ck_assert_str_eq(record->exact->extra[10], "0.00000000000000000000");
    ck_assert_int_eq(strncmp(record->exact->tr_rho3, "0.9999971389", 12), 0);
    ck_assert(record->tr_rho3_err < 1e-15 && record->purity_err < 1e-15);
    char *csv = must_csv(result); /* decimals have an error, fractions have none */
    ck_assert_msg(strstr(csv, ",5e-21,,,") != NULL, "purity without its error: %s", csv);
    free(csv);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* What a row cannot prove it says: a float row keeps its plain values, beside what needs no more memory than there is. */
START_TEST(too_little_memory)
{
    cutropy_options options = ct_default_options();
    cutropy_problem *problem = must_problem("file:path=" CASES "ising_chain_12.npy", "chain:12");
    options.memory_limit = 2500000; /* enough for the cut, too little for the proof */
    cutropy_result *result = prove(problem, "0x3f", "renyi:0.1", &options);
    const cutropy_record *record = row_record(result, 0);
    ck_assert_int_eq(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
    ck_assert_ptr_null(record->exact->extra[0]);
    ck_assert_str_eq(record->exact->entropy[0], "0.57205197136566135907");
    ck_assert(fabs(record->entropy - 0.57205197136566135907) <= record->entropy_err);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}
END_TEST

/* Theorem C's road through the engine: two blocks beyond the range of the other one. */
static cutropy_status whole_run(void *user)
{
    static const double values[] = {1, 0, 0, 1e-200};
    const uint64_t mask = 1;
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = (uint64_t *)(uintptr_t)&mask};
    const cutropy_quantity order = {CUTROPY_QUANTITY_RENYI, 0.001};
    cutropy_options options = ct_default_options();
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_result *result = NULL;
    cutropy_status status = cutropy_lattice_parse("chain:2", &lattice);
    (void)user;
    options.certify = 1;
    options.threads = 1;
    options.quantities = &order;
    options.quantity_count = 1;
    if (status == CUTROPY_OK)
        status =
            cutropy_problem_from_values("values", lattice, CUTROPY_KIND_REAL, values, &problem);
    if (status == CUTROPY_OK)
        status = cutropy_run(problem, &cuts, &options, &result);
    if (status == CUTROPY_OK)
        ck_assert_str_eq(row_record(result, 0)->exact->extra[0], "0.48395891225793828703");
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

/* Two levels that one double stands for are still in order. */
START_TEST(descending)
{
    const int64_t values[8] = {1, 1, 1, 1, 1, -(1 << 30), -(1 << 30), -1};
    cutropy_options options = ct_default_options();
    cutropy_lattice *lattice = must_lattice("chain:3");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
    cutropy_result *result = prove(problem, "0x1", "spectrum", &options);
    const cutropy_exact *exact = row_record(result, 0)->exact;
    ck_assert_uint_eq(exact->spectrum_count, 2);
    ck_assert_str_eq(exact->spectrum[0], "0.50000000000000000087");
    ck_assert_str_eq(exact->spectrum[1], "0.49999999999999999913");
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- a run that is stopped ---- */

typedef struct patience {
    const char *stage; /* ends the run at its first report */
    int reports;
} patience;

static int stop_at(const char *stage, uint64_t done, uint64_t total, void *user)
{
    patience *p = user;
    ck_assert_uint_le(done, total);
    p->reports += !strcmp(stage, p->stage);
    return !strcmp(stage, p->stage);
}

/* Records that are done, every one of them proved; -1: there is no result. */
static int64_t proved_before(const char *stage, const char *cuts_text, int threads)
{
    cutropy_problem *problem = must_problem("random", "grid:4x4");
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    patience p = {stage, 0};
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL;
    int64_t done = -1;
    options.certify = 1;
    options.threads = threads;
    options.progress = stop_at;
    options.user = &p;
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_ECANCELLED);
    ck_assert_int_ge(p.reports, 1);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "stopped"));
    if (result) {
        ck_assert_int_eq(result->complete, 0);
        done = 0;
        for (size_t i = 0; i < result->record_count; i++) {
            const cutropy_record *record = &result->records[i];
            if (!record->done)
                continue;
            done++;
            ck_assert_ptr_nonnull(record->exact);
            ck_assert_int_eq(record->exact->decimals[0], 20);
            ck_assert_int_ne(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
        }
        ck_assert_int_lt(done, (int64_t)result->record_count);
    }
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    return done;
}

/* Rows that were solved and not proved are left out. */
START_TEST(stopped)
{
    ck_assert_int_eq(proved_before("cuts", "all", 1), 0);
    ck_assert_int_eq(proved_before("cuts", "all", 2), 0);
    ck_assert_int_ge(proved_before("proofs", "connected:6", 1), 1);
    ck_assert_int_ge(proved_before("proofs", "connected:6", 2), 1);
}
END_TEST

START_TEST(memory_failures)
{
    ck_assert_int_eq(whole_run(NULL), CUTROPY_OK); /* what is made once is there */
    ck_assert_int_gt(sweep_allocations(whole_run, NULL), 20);
}
END_TEST

CHECK_MAIN("proofs", files, unlucky_primes, thresholds, too_little_memory, descending, stopped,
           memory_failures)
