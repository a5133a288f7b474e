/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem C against Jacobi rotations in 640-bit numbers (ref/slow_entropy.c, which shares no code):
 * every eigenvalue to a small relative error, whatever the spectrum; and vectors that are wrong on
 * purpose, which may only be refused. */
#include <gmp.h>
#include <math.h>
#include <string.h>

#include "failing_allocator.h"
#include "certify/graded.h"
#include "certify/graded_parts.h"
#include "check_main.h"
#include "ref/slow_entropy.h"
#include "ref/support.h"

#define MOST 24
#define TRUTH_DIGITS 150

typedef struct sample {
    int64_t n, k;
    double entry[MOST * MOST];
    uint64_t weight[MOST], column_weight[MOST];
} sample;

/* ---- the truth ---- */

static mpf_t truth[MOST]; /* descending */

static void start_numbers(void)
{
    static int ready;
    mpf_set_default_prec(2048);
    for (int i = 0; !ready && i < MOST; i++)
        mpf_init2(truth[i], 2048);
    ready = 1;
}

static int descending(const void *a, const void *b)
{
    return mpf_cmp(*(const mpf_t *)b, *(const mpf_t *)a);
}

/* Eigenvalues of D^1/2 A C A^T D^1/2. */
static void find_truth(const sample *s)
{
    static mpf_t a[MOST * MOST];
    static int ready;
    mpf_t x, y;
    start_numbers();
    for (int i = 0; !ready && i < MOST * MOST; i++)
        mpf_init2(a[i], 2048);
    ready = 1;
    mpf_init(x);
    mpf_init(y);
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t j = 0; j < s->n; j++) {
            mpf_set_ui(a[i * s->n + j], 0);
            for (int64_t c = 0; c < s->k; c++) {
                mpf_set_d(x, s->entry[i * s->k + c]);
                mpf_set_d(y, s->entry[j * s->k + c]);
                mpf_mul(x, x, y);
                mpf_mul_ui(x, x, s->column_weight[c]);
                mpf_add(a[i * s->n + j], a[i * s->n + j], x);
            }
            mpf_set_ui(x, s->weight[i]);
            mpf_mul_ui(x, x, s->weight[j]);
            mpf_sqrt(x, x);
            mpf_mul(a[i * s->n + j], a[i * s->n + j], x);
        }
    slow_jacobi(a, (size_t)s->n);
    for (int64_t i = 0; i < s->n; i++)
        if (mpf_sgn(a[i * s->n + i]) < 0) /* zero but for rounding */
            mpf_set_ui(truth[i], 0);
        else
            mpf_set(truth[i], a[i * s->n + i]);
    qsort(truth, (size_t)s->n, sizeof *truth, descending);
    mpf_clear(x);
    mpf_clear(y);
}

/* A ball around truth[i]. */
static void truth_ball(int64_t i, arb_t out)
{
    char text[TRUTH_DIGITS + 64];
    gmp_snprintf(text, sizeof text, "%.*Fe", TRUTH_DIGITS, truth[i]);
    ck_assert_int_eq(arb_set_str(out, text, 1024), 0);
    mag_t cut; /* the digits that are not in the text */
    mag_init(cut);
    arb_get_mag(cut, out);
    mag_mul_2exp_si(cut, cut, -490);
    arb_add_error_mag(out, cut);
    mag_clear(cut);
}

static int falling(const void *a, const void *b)
{
    return -arf_cmp(a, b);
}

/* The k-th largest eigenvalue lies between the k-th largest ends of the balls; relative errors are
 * below 2^-bits but for a tail. */
static void expect_levels(const ct_graded *b, int64_t bits, int64_t rank)
{
    arb_t level, expected;
    arf_struct low[MOST], high[MOST];
    arf_t end;
    arb_init(level);
    arb_init(expected);
    arf_init(end);
    for (slong i = 0; i < b->n; i++) {
        arf_init(low + i);
        arf_init(high + i);
        ct_graded_level(b, i, bits + 64, level);
        ck_assert(rank < 0 || i < rank || arb_is_zero(level));
        if (i < b->resolved)
            ck_assert_int_ge(arb_rel_accuracy_bits(level), bits - 2);
        arb_get_lbound_arf(low + i, level, 1024);
        arb_get_ubound_arf(high + i, level, 1024);
    }
    qsort(low, (size_t)b->n, sizeof *low, falling);
    qsort(high, (size_t)b->n, sizeof *high, falling);
    for (slong i = 0; i < b->n; i++) {
        if (rank >= 0 && i >= rank)
            continue; /* the truth is zero but for rounding */
        truth_ball(i, expected);
        arb_get_ubound_arf(end, expected, 1024);
        ck_assert_msg(arf_cmp(low + i, end) <= 0, "level %ld is too large", (long)i);
        arb_get_lbound_arf(end, expected, 1024);
        ck_assert_msg(arf_cmp(high + i, end) >= 0, "level %ld is too small", (long)i);
    }
    for (slong i = 0; i < b->n; i++) {
        arf_clear(low + i);
        arf_clear(high + i);
    }
    arf_clear(end);
    arb_clear(expected);
    arb_clear(level);
}

/* ---- samples ---- */

static double uniform(uint64_t *state)
{
    return 2 * ct_random_unit(5, (*state)++) - 1;
}

/* Random rotations of diag(step^i): entries of doubles, so that rounding fills the small levels. */
static void graded(uint64_t *state, int64_t n, double step, sample *s)
{
    double size = 1;
    *s = (sample){.n = n, .k = n};
    for (int64_t i = 0; i < n; i++, size *= step) {
        s->entry[i * n + i] = size;
        s->weight[i] = 1 + ct_random(6, (*state)++) % 5;
        s->column_weight[i] = 1 + ct_random(7, (*state)++) % 5;
    }
    for (int turn = 0; turn < 6 * (int)n; turn++) {
        const int64_t i = (int64_t)(ct_random(8, (*state)++) % (uint64_t)n),
                      j = (int64_t)(ct_random(9, (*state)++) % (uint64_t)n);
        const double c = cos(turn), d = sin(turn);
        for (int64_t k = 0; k < n && i != j; k++) {
            double *x = turn % 2 ? &s->entry[i * n + k] : &s->entry[k * n + i];
            double *y = turn % 2 ? &s->entry[j * n + k] : &s->entry[k * n + j];
            const double keep = c * *x + d * *y;
            *y = c * *y - d * *x;
            *x = keep;
        }
    }
}

static ct_graded *block_of(const sample *s)
{
    ct_graded *b = NULL;
    ck_assert_int_eq(ct_graded_numbers(s->n, s->k, s->entry, s->weight, s->column_weight, &b),
                     CUTROPY_OK);
    return b;
}

static ct_graded_goal goal_of(int64_t bits, int64_t rank)
{
    return (ct_graded_goal){.bits = bits,
                            .floor = 300,
                            .rank = rank,
                            .work_limit = 1e11,
                            .memory_limit = UINT64_C(1) << 30,
                            .backend = ct_operations_cpu()};
}

static void must_prove(const sample *s, int64_t bits, int64_t rank)
{
    ct_graded *b = block_of(s);
    ct_graded_goal goal = goal_of(bits, rank);
    bool proved = false;
    find_truth(s);
    for (int again = 0; again < 2; again++, goal.bits *= 2) { /* goes on from where it was */
        ck_assert_int_eq(ct_graded_prove(b, &goal, &proved), CUTROPY_OK);
        ck_assert(proved);
        expect_levels(b, goal.bits, rank);
    }
    ct_graded_free(b);
}

START_TEST(graded_spectra)
{
    static const double step[] = {0.9, 0.3, 1e-2, 1e-5, 1e-12};
    uint64_t state = 1;
    sample s;
    for (int round = 0; round < amount(3, 1); round++)
        for (size_t k = 0; k < 5; k++) {
            graded(&state, 4 + (int64_t)(2 * k) + round, step[k], &s);
            must_prove(&s, 100, -1);
        }
}
END_TEST

/* exp(-((i - j) / width)^2): eigenvalues fall off smoothly far below the rounding of doubles. */
START_TEST(kernels)
{
    sample s = {.n = 20, .k = 20};
    for (int64_t i = 0; i < s.n; i++) {
        s.weight[i] = s.column_weight[i] = 1;
        for (int64_t j = 0; j < s.n; j++)
            s.entry[i * s.n + j] = exp(-(double)((i - j) * (i - j)) / 100);
    }
    must_prove(&s, 100, -1);
}
END_TEST

/* Equal eigenvalues, nearly equal ones, and a huge range of exponents. */
START_TEST(close_and_far)
{
    sample s = {.n = 8, .k = 8};
    for (int64_t i = 0; i < 8; i++) {
        s.weight[i] = s.column_weight[i] = 1;
        for (int64_t j = 0; j < 8; j++) /* Hadamard: 8 equal eigenvalues */
            s.entry[i * 8 + j] = __builtin_popcountll((uint64_t)(i & j)) % 2 ? -1 : 1;
    }
    must_prove(&s, 100, -1);
    s.entry[9] *= 1 + 0x1p-50; /* nearly */
    must_prove(&s, 100, -1);
    for (int64_t i = 0; i < 8; i++)
        for (int64_t j = 0; j < 8; j++) /* Pascal's matrix times powers of two, */
            s.entry[i * 8 + j] =
                ldexp(tgamma((double)(i + j) + 1) / tgamma((double)i + 1) / tgamma((double)j + 1),
                      (int)(300 - 10 * (i + j)));
    must_prove(&s, 100, -1);
    s = (sample){.n = 1, .k = 1, .entry = {0x1p-1074}, .weight = {3}, .column_weight = {7}};
    must_prove(&s, 100, 1);
}
END_TEST

/* Integers of a rank below the size: the others are zero where the rank is known, else at most a
 * tiny tail. */
START_TEST(deficient)
{
    uint64_t state = 3;
    for (int64_t rank = 1; rank < 6; rank++) {
        sample s = {.n = 7, .k = 9};
        double left[7 * 5], right[5 * 9];
        for (int64_t i = 0; i < 7 * 5; i++)
            left[i] = floor(9 * uniform(&state));
        for (int64_t i = 0; i < 5 * 9; i++)
            right[i] = floor(9 * uniform(&state)) + (i % 10 == 0 ? 11 : 0);
        for (int64_t i = 0; i < 7; i++)
            for (int64_t c = 0; c < 9; c++)
                for (int64_t r = 0; r < rank; r++)
                    s.entry[i * 9 + c] += left[i * 5 + r] * right[r * 9 + c];
        for (int64_t i = 0; i < 9; i++)
            s.weight[i % 7] = s.column_weight[i] = 1 + (uint64_t)i % 3;
        must_prove(&s, 100, rank);
        must_prove(&s, 100, -1);
    }
}
END_TEST

/* ---- vectors that are wrong on purpose ---- */

static const double *given; /* n x n, vector by vector */

static cutropy_status give_vectors(int64_t n, double *a, double *values)
{
    memcpy(a, given, (size_t)(n * n) * sizeof *a);
    memset(values, 0, (size_t)n * sizeof *values);
    return CUTROPY_OK;
}

/* Only the first vectors count: right or refused. Returns whether they proved anything. */
static bool prove_with(const sample *s, const double *vectors, int64_t bits, int64_t rank)
{
    ct_operations backend = *ct_operations_cpu();
    ct_graded *b = block_of(s);
    ct_graded_goal goal = goal_of(bits, rank);
    bool proved = false;
    given = vectors;
    backend.eigenvectors = give_vectors;
    goal.backend = &backend;
    goal.work_limit = 0;
    find_truth(s);
    ck_assert_int_eq(ct_graded_prove(b, &goal, &proved), CUTROPY_OK);
    if (proved)
        expect_levels(b, bits, rank);
    ct_graded_free(b);
    return proved;
}

START_TEST(wrong_vectors)
{
    const double identity[] = {1, 0, 0, 1}, twisted[] = {1, 0, 0.6, 0.8}, equal[] = {1, 0, 1, 0},
                 zero[] = {0, 0, 0, 0}, hopeless[] = {NAN, 0, 0, INFINITY};
    sample s = {.n = 2, .k = 2, .weight = {1, 1}, .column_weight = {1, 1}};
    /* orthogonal but not eigenvectors */
    memcpy(s.entry, (double[]){2, 0.5, 0.5, 1}, 4 * sizeof(double));
    ck_assert(!prove_with(&s, identity, 20, -1));
    ck_assert(!prove_with(&s, equal, 20, -1));
    ck_assert(!prove_with(&s, zero, 20, -1));
    ck_assert(!prove_with(&s, hopeless, 20, -1));
    /* x^T H y = 0 but not orthogonal: H = ((4, -3), (-3, 9)), x = (1, 0), y = (0.6, 0.8) */
    s = (sample){.n = 2, .k = 3, .weight = {1, 1}, .column_weight = {1, 1, 1}};
    memcpy(s.entry, (double[]){2, 0, 0, -1.5, 2, 0}, 6 * sizeof(double));
    ck_assert(!prove_with(&s, twisted, 20, -1));
    /* a good basis proves */
    s = (sample){.n = 2, .k = 2, .entry = {3, 0, 0, 1}, .weight = {1, 1}, .column_weight = {1, 1}};
    ck_assert(prove_with(&s, identity, 20, -1));
}
END_TEST

/* H = ((1, c), (c, c^2)), of rank 1: the tail is coupled to the largest eigenvalue 1 + c^2. */
START_TEST(coupled_tail)
{
    const double identity[] = {1, 0, 0, 1};
    for (int bits = 2; bits < 40; bits++) {
        sample s = {.n = 2, .k = 1, .weight = {1, 1}, .column_weight = {1}};
        s.entry[0] = 1;
        s.entry[1] = ldexp(1, -bits);
        const bool proved = prove_with(&s, identity, 20, 1);
        ck_assert(bits < 12 ? !proved : bits < 14 || proved);
    }
}
END_TEST

/* ---- memory and interrupts ---- */

static cutropy_status whole_proof(void *user)
{
    const sample *s = user;
    cutropy_status status = CUTROPY_OK;
    ct_graded *b = NULL;
    bool proved;
    const ct_graded_goal goal = goal_of(100, -1);
    CT_TRY(ct_graded_numbers(s->n, s->k, s->entry, s->weight, s->column_weight, &b));
    CT_TRY(ct_graded_prove(b, &goal, &proved));
    ck_assert(proved);
done:
    ct_graded_free(b);
    return status;
}

static int stop_now(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage;
    (void)done;
    (void)total;
    return --*(int *)user < 0;
}

START_TEST(failures)
{
    uint64_t state = 11;
    sample s;
    graded(&state, 6, 1e-6, &s);
    ck_assert_int_eq(ct_operations_cpu()->start(1), CUTROPY_OK);
    ck_assert_int_gt(sweep_allocations(whole_proof, &s), 10);
    for (int after = 0; after < 4; after++) {
        int left = after;
        const ct_watch watch = {.report = stop_now, .user = &left};
        ct_graded *b = block_of(&s);
        ct_graded_goal goal = goal_of(100, -1);
        bool proved;
        goal.watch = &watch;
        ck_assert_int_eq(ct_graded_prove(b, &goal, &proved), CUTROPY_ECANCELLED);
        ck_assert(!proved);
        ct_graded_free(b);
    }
}
END_TEST

CHECK_MAIN("graded", graded_spectra, kernels, close_and_far, deficient, wrong_vectors, coupled_tail,
           failures)
