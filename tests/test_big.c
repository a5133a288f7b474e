/* SPDX-License-Identifier: Apache-2.0 */
/* Integers beyond 128 bits: arithmetic against GMP's own numbers, and whole runs whose solver answers with
 * them, against fractions of GMP and decimals of Python's decimal module. */
#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/big.h"
#include "check_main.h"
#include "engine/function/function.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "ref/oracle.h"
#include "ref/plain_device.h"
#include "ref/support.h"

/* ---- numbers ---- */

/* A view of the limbs of z, which must not change. */
static ct_big view(const mpz_t z)
{
    return (ct_big){(uint64_t *)mpz_limbs_read(z), mpz_size(z)};
}

static void expect_number(const ct_big *got, const mpz_t expected, const char *what)
{
    const ct_big right = view(expected);
    ck_assert_msg(!ct_big_compare(got, &right), "%s", what);
}

/* Up to 640 bits, often with long runs of zeros and ones. */
static void draw_number(gmp_randstate_t random, uint64_t *state, mpz_t out)
{
    const unsigned long bits = draw_below(state, 641);
    if (draw_below(state, 2))
        mpz_rrandomb(out, random, bits);
    else
        mpz_urandomb(out, random, bits);
    mpz_mul_2exp(out, out, draw_below(state, 3) ? 0 : draw_below(state, 200));
}

/* x 2^exponent is a, rounded to the nearest of the numbers with 53 bits. */
static void expect_double(const mpz_t a)
{
    int exponent;
    const ct_big seen = view(a);
    const double x = ct_big_double(&seen, &exponent);
    mpz_t near, off;
    mpz_inits(near, off, NULL);
    if (!mpz_sgn(a)) {
        ck_assert(x == 0 && exponent == 0);
    } else {
        ck_assert(x >= 0.5 && x <= 1);
        mpz_set_d(near, ldexp(x, 53));
        mpz_mul_2exp(off, a, 53);
        mpz_mul_2exp(near, near, (unsigned long)exponent);
        mpz_sub(off, off, near); /* 2^53 (a - rounded), at most 2^(exponent - 54) of it */
        mpz_abs(off, off);
        mpz_set_ui(near, 1);
        mpz_mul_2exp(near, near, (unsigned long)exponent - (x < 1));
        ck_assert(mpz_cmp(off, near) <= 0);
    }
    mpz_clears(near, off, NULL);
}

START_TEST(arithmetic)
{
    gmp_randstate_t random;
    uint64_t state = 5;
    mpz_t a, b, right;
    gmp_randinit_default(random);
    mpz_inits(a, b, right, NULL);
    ct_big out = {0};
    for (int i = 0; i < amount(20000, 2000); i++) {
        draw_number(random, &state, a);
        draw_number(random, &state, b);
        if (i % 16 == 0)
            mpz_set(b, a);
        const ct_big x = view(a), y = view(b);
        char *text = NULL, expected[300];
        ct_u128 whole = 0;
        const int order = mpz_cmp(a, b);
        ck_assert_int_eq((ct_big_compare(&x, &y) > 0) - (ct_big_compare(&x, &y) < 0),
                         (order > 0) - (order < 0));
        mpz_add(right, a, b);
        ck_assert_int_eq(ct_big_add(&out, &x, &y), CUTROPY_OK);
        expect_number(&out, right, "sum");
        ck_assert_int_eq(ct_big_subtract(&out, &out, &y), CUTROPY_OK); /* in its own place */
        expect_number(&out, a, "difference");
        mpz_mul(right, a, b);
        ck_assert_int_eq(ct_big_multiply(&out, &x, &y), CUTROPY_OK);
        expect_number(&out, right, "product");
        if (mpz_sgn(b)) {
            mpz_fdiv_q(right, a, b);
            ck_assert_int_eq(ct_big_divide(&out, &x, &y), CUTROPY_OK);
            expect_number(&out, right, "quotient");
        }
        mpz_gcd(right, a, b);
        ck_assert_int_eq(ct_big_gcd(&out, &x, &y), CUTROPY_OK);
        expect_number(&out, right, "divisor");
        const bool fits = mpz_sizeinbase(a, 2) <= 128;
        ck_assert_int_eq(ct_big_fits(&x, &whole), fits);
        if (fits)
            ck_assert_int_eq(ct_big_set(&out, whole), CUTROPY_OK);
        else
            ck_assert_int_eq(ct_big_copy(&out, &x), CUTROPY_OK);
        expect_number(&out, a, "copy");
        ck_assert_int_eq(ct_big_format(&x, &text), CUTROPY_OK);
        ck_assert_str_eq(text, mpz_get_str(expected, 10, a));
        ct_free(text);
        expect_double(a);
    }
    ct_big_free(&out);
    mpz_clears(a, b, right, NULL);
    gmp_randclear(random);
}
END_TEST

/* ---- a solver that says what a test tells it ---- */

#define MOST 3 /* blocks of a cut */

#define LARGEST 5 /* classes of a block */

/* A block of dimension at most 2 in integers, or of eigenvalues with or without its matrix. */
typedef struct told_block {
    mpz_t square_sum, g[3], weight[2];
    int64_t size[2];
    double values[LARGEST];
    int exponent;
    const ct_integer_block *exact;
    bool small; /* its integers fit the plain fields */
} told_block;

typedef struct told {
    int64_t blocks;
    told_block block[MOST];
    mpz_t norm, square_sum, cube_sum;
} told;

static told *asked; /* what the solver says of every cut */

struct ct_resident {
    int nothing;
};

static cutropy_status open_told(const ct_solver_setting *setting, ct_resident **out)
{
    static ct_resident resident;
    (void)setting;
    *out = &resident;
    return CUTROPY_OK;
}

static void close_told(ct_resident *resident)
{
    (void)resident;
}

/* The CPU has the empty cut. */
static bool takes_pixels(const ct_resident *resident, int na)
{
    (void)resident;
    return na > 0;
}

static cutropy_status solve_told(ct_resident *resident, const ct_solve_call *call)
{
    ct_block_answer block[MOST] = {0};
    ct_big_integers big[MOST];
    const ct_big cube = view(asked->cube_sum);
    ct_cut_answer answer = {.kind = CUTROPY_KIND_INTEGER,
                            .blocks = asked->blocks,
                            .block = block,
                            .has_cube = true,
                            .cube_big = &cube};
    cutropy_status status = CUTROPY_OK;
    (void)resident;
    for (int64_t b = 0; b < asked->blocks; b++) {
        const told_block *t = &asked->block[b];
        for (int s = 0; s < 2; s++) {
            block[b].size[s] = t->size[s];
            answer.classes[s] += t->size[s];
        }
        block[b].values = t->values;
        block[b].exponent = t->exponent;
        block[b].exact = t->exact;
        big[b].square_sum = view(t->square_sum);
        for (int i = 0; i < 3; i++)
            big[b].g[i] = view(t->g[i]);
        for (int i = 0; i < 2; i++)
            big[b].weight[i] = view(t->weight[i]);
        if (!t->small) {
            block[b].big = &big[b];
            continue;
        }
        block[b].square_sum = mpz_get_ui(t->square_sum);
        for (int i = 0; i < 3; i++)
            block[b].g[i] = mpz_get_si(t->g[i]);
        for (int i = 0; i < 2; i++)
            block[b].weight[i] = mpz_get_ui(t->weight[i]);
    }
    for (size_t i = 0; i < call->count && status == CUTROPY_OK; i++)
        status = ct_solve_take(call, i, 1, &answer, 0);
    return status;
}

static const ct_operations *teller(void)
{
    static const ct_solver solver = {.name = "told",
                                     .open = open_told,
                                     .close = close_told,
                                     .takes = takes_pixels,
                                     .solve = solve_told};
    static ct_operations operations;
    operations = *ct_operations_cpu();
    operations.start(1);
    operations.name = "told";
    operations.solver = &solver;
    return &operations;
}

static told *new_told(int64_t blocks)
{
    told *t = calloc(1, sizeof *t);
    ck_assert_ptr_nonnull(t);
    t->blocks = blocks;
    mpz_inits(t->norm, t->square_sum, t->cube_sum, NULL);
    for (int b = 0; b < MOST; b++) {
        told_block *block = &t->block[b];
        mpz_inits(block->square_sum, block->g[0], block->g[1], block->g[2], block->weight[0],
                  block->weight[1], NULL);
    }
    return t;
}

static void free_told(told *t)
{
    mpz_clears(t->norm, t->square_sum, t->cube_sum, NULL);
    for (int b = 0; b < MOST; b++) {
        told_block *block = &t->block[b];
        mpz_clears(block->square_sum, block->g[0], block->g[1], block->g[2], block->weight[0],
                   block->weight[1], NULL);
    }
    free(t);
}

/* Block b has the one eigenvalue m a^2: m equal rows a. */
static void tell_one(told *t, int b, unsigned long m, const mpz_t a)
{
    told_block *block = &t->block[b];
    mpz_t value, power;
    mpz_inits(value, power, NULL);
    block->size[0] = block->size[1] = 1;
    mpz_mul(block->g[0], a, a);
    mpz_set_ui(block->weight[0], m);
    mpz_mul_ui(value, block->g[0], m);
    mpz_add(t->norm, t->norm, value);
    mpz_mul(block->square_sum, value, value);
    mpz_add(t->square_sum, t->square_sum, block->square_sum);
    mpz_mul(power, block->square_sum, value);
    mpz_add(t->cube_sum, t->cube_sum, power);
    mpz_clears(value, power, NULL);
}

/* The only block has the rows (a, b), m times, and (c, d). */
static void tell_two(told *t, unsigned long m, const mpz_t a, const mpz_t b, const mpz_t c,
                     const mpz_t d)
{
    told_block *block = &t->block[0];
    mpz_t x, y, z;
    mpz_inits(x, y, z, NULL);
    block->size[0] = block->size[1] = 2;
    mpz_mul(block->g[0], a, a);
    mpz_addmul(block->g[0], b, b);
    mpz_mul(block->g[1], a, c);
    mpz_addmul(block->g[1], b, d);
    mpz_mul(block->g[2], c, c);
    mpz_addmul(block->g[2], d, d);
    mpz_set_ui(block->weight[0], m);
    mpz_set_ui(block->weight[1], 1);
    mpz_mul_ui(x, block->g[0], m); /* D G = (x, m g; g, y) */
    mpz_set(y, block->g[2]);
    mpz_mul(z, block->g[1], block->g[1]);
    mpz_mul_ui(z, z, m);
    mpz_add(t->norm, x, y);
    mpz_mul(block->square_sum, x, x);
    mpz_addmul(block->square_sum, y, y);
    mpz_addmul_ui(block->square_sum, z, 2);
    mpz_set(t->square_sum, block->square_sum);
    mpz_mul(t->cube_sum, x, x); /* Tr^3 - 3 Tr det, with det = x y - z */
    mpz_mul(x, x, y);
    mpz_sub(x, x, z);
    mpz_mul(x, x, t->norm);
    mpz_mul(t->cube_sum, t->norm, t->norm);
    mpz_mul(t->cube_sum, t->cube_sum, t->norm);
    mpz_submul_ui(t->cube_sum, x, 3);
    mpz_abs(block->g[1], block->g[1]);
    mpz_clears(x, y, z, NULL);
}

/* ---- runs ---- */

#define QUANTITIES "tr_rho3,renyi:0.5,spectrum,schmidt_gap"

/* A state of two pixels with the norm that was told; a run over one cut. */
static cutropy_status run_cut(told *t, const char *cut, int digits, bool certify, bool big,
                              cutropy_result **out)
{
    const int64_t identity[4] = {1, 0, 0, 1};
    cutropy_options options = ct_default_options();
    cutropy_quantity *list = NULL;
    cutropy_state *state = NULL;
    cutropy_lattice *lattice = must_lattice("chain:2");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, identity);
    cutropy_cuts cuts = must_cuts(cut, lattice);
    const ct_big norm = view(t->norm);
    asked = t;
    options.digits = digits;
    options.certify = certify;
    ck_assert_int_eq(cutropy_quantities_parse(QUANTITIES, &list, &options.quantity_count),
                     CUTROPY_OK);
    options.quantities = list;
    ck_assert_int_eq(ct_state_open_on(teller(), problem, &options, &state), CUTROPY_OK);
    if (big) {
        ck_assert_int_eq(ct_function_set_norm(&state->f, &norm), CUTROPY_OK);
        ct_free(state->norm);
        ck_assert_int_eq(ct_function_norm_text(&state->f, &state->norm), CUTROPY_OK);
    }
    const cutropy_status status = cutropy_state_run(state, &cuts, &options, out);
    cutropy_state_free(state);
    cutropy_quantities_free(list);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

static cutropy_status run_told(told *t, int digits, bool big, cutropy_result **out)
{
    return run_cut(t, "0x1", digits, false, big, out);
}

static cutropy_result *must_tell(told *t, int digits)
{
    cutropy_result *result = NULL;
    ck_assert_msg(run_told(t, digits, true, &result) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_int_eq(cutropy_result_done(result, 0), 1);
    return result;
}

typedef size_t (*fraction_reader)(const cutropy_result *, size_t, char *, size_t);

/* sum / norm^power in lowest terms, from the accessor and in the table. */
static void expect_fraction(const cutropy_result *result, const told *t, const mpz_t sum, int power,
                            fraction_reader read, const char *column)
{
    const size_t size = read(result, 0, NULL, 0) + 1;
    char *got = malloc(size), *right;
    cutropy_sheet *sheet = NULL;
    mpq_t q;
    ck_assert_ptr_nonnull(got);
    mpq_init(q);
    mpz_set(mpq_numref(q), sum);
    mpz_pow_ui(mpq_denref(q), t->norm, (unsigned long)power);
    mpq_canonicalize(q);
    right = mpq_get_str(NULL, 10, q);
    read(result, 0, got, size);
    ck_assert_str_eq(got, right);
    ck_assert_int_eq(cutropy_result_sheet(result, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    cutropy_sheet_text(sheet, 0, cutropy_sheet_find(sheet, column), got, size);
    ck_assert_str_eq(got, right);
    char *table = must_csv(result);
    ck_assert_ptr_nonnull(strstr(table, right));
    free(table);
    cutropy_sheet_free(sheet);
    mpq_clear(q);
    free(right);
    free(got);
}

/* What the integers say, of any answer. */
static void expect_integers(const cutropy_result *result, const told *t)
{
    const size_t size = mpz_sizeinbase(t->norm, 10) + 2;
    char *norm = malloc(size), *right = mpz_get_str(NULL, 10, t->norm);
    ck_assert_ptr_nonnull(norm);
    cutropy_result_origin(result, "norm", norm, size);
    ck_assert_str_eq(norm, right);
    expect_fraction(result, t, t->square_sum, 2, cutropy_result_purity_fraction, "purity");
    expect_fraction(result, t, t->cube_sum, 3, cutropy_result_tr_rho3_fraction, "tr_rho3");
    free(norm);
    free(right);
}

/* A double with its error, and what is proved, against decimals that Python knows. */
static void expect_entropy(told *t, const char *right, int64_t rank, bool proved)
{
    for (int digits = 0; digits <= 40; digits += 40) {
        cutropy_result *result = must_tell(t, digits);
        int64_t low, high;
        const double s = cutropy_result_entropy(result, 0),
                     error = cutropy_result_entropy_error(result, 0);
        ck_assert_msg(fabsl((long double)s - strtold(right, NULL)) <= error * (1 + 1e-9),
                      "%.17g +- %.3g, not %s", s, error, right);
        ck_assert(error <= 1e-13 * (proved ? s : 1));
        expect_integers(result, t);
        cutropy_result_rank(result, 0, &low, &high);
        ck_assert(low == rank && high == rank);
        ck_assert_int_eq(cutropy_result_guarantee(result, 0),
                         proved ? CUTROPY_GUARANTEE_EXACT : CUTROPY_GUARANTEE_FLOAT);
        const char *decimals = cutropy_result_entropy_decimals(result, 0, 0);
        ck_assert_int_eq(decimals != NULL, proved && digits);
        if (decimals)
            ck_assert_str_eq(decimals, right);
        cutropy_result_free(result);
    }
}

static void power(mpz_t out, unsigned long base, unsigned long exponent, unsigned long more)
{
    mpz_ui_pow_ui(out, base, exponent);
    mpz_add_ui(out, out, more);
}

START_TEST(blocks_of_one)
{
    told *t = new_told(2);
    mpz_t a, b;
    mpz_inits(a, b, NULL);
    power(a, 3, 100, 0);
    power(b, 2, 157, 1);
    tell_one(t, 0, 1, a);
    tell_one(t, 1, 1, b);
    expect_entropy(t, "0.5047998184446000428559057792917212848836", 2, true);
    free_told(t);
    t = new_told(2); /* beyond the range of doubles */
    power(a, 3, 2000, 0);
    power(b, 7, 1129, 0);
    tell_one(t, 0, 1, a);
    tell_one(t, 1, 1, b);
    expect_entropy(t, "0.9410138389061283405308985165730971194952", 2, true);
    free_told(t);
    mpz_clears(a, b, NULL);
}
END_TEST

START_TEST(block_of_two)
{
    told *t = new_told(1);
    mpz_t a, b, c, d;
    mpz_inits(a, b, c, d, NULL);
    power(a, 3, 200, 0);
    power(b, 2, 315, 3);
    power(c, 2, 316, 5);
    power(d, 5, 136, 0);
    tell_two(t, 1, a, b, c, d);
    expect_entropy(t, "0.2573055416495844242485772196003849432226", 2, true);
    cutropy_result *result = must_tell(t, 40);
    ck_assert_str_eq(cutropy_result_renyi2_decimals(result, 0, 0),
                     "0.1248237410740702230692165863878290608734");
    cutropy_result_free(result);
    free_told(t);
    mpz_clears(a, b, c, d, NULL);
}
END_TEST

/* Integers beyond all doubles whose ratios are those of small ones: the same numbers as these. */
START_TEST(scaled)
{
    mpz_t a, b, c, d;
    char *table[2];
    mpz_inits(a, b, c, d, NULL);
    for (int k = 0; k < 2; k++) {
        told *t = new_told(1);
        power(d, 3, k ? 900 : 40, 0);
        mpz_mul_ui(a, d, 2);
        mpz_mul_ui(b, d, 3);
        mpz_mul_ui(c, d, 5);
        mpz_neg(d, d);
        tell_two(t, 7, a, b, c, d);
        cutropy_result *result = must_tell(t, 30);
        expect_integers(result, t);
        table[k] = must_csv(result);
        cutropy_result_free(result);
        free_told(t);
    }
    ck_assert_str_eq(table[0], table[1]);
    free(table[0]);
    free(table[1]);
    mpz_clears(a, b, c, d, NULL);
}
END_TEST

/* rho has one eigenvalue, and rank 1 whatever the size. */
START_TEST(product)
{
    told *t = new_told(1);
    mpz_t a, b, c, d;
    mpz_inits(a, b, c, d, NULL);
    power(a, 3, 700, 0);
    power(b, 5, 700, 1);
    mpz_mul_ui(c, a, 11);
    mpz_mul_ui(d, b, 11);
    tell_two(t, 3, a, b, c, d);
    cutropy_result *result = must_tell(t, 0);
    char text[8];
    int64_t low, high;
    ck_assert(cutropy_result_entropy(result, 0) == 0 &&
              cutropy_result_entropy_error(result, 0) == 0);
    ck_assert(cutropy_result_renyi2(result, 0) == 0 && cutropy_result_renyi2_error(result, 0) == 0);
    cutropy_result_purity_fraction(result, 0, text, sizeof text);
    ck_assert_str_eq(text, "1");
    cutropy_result_rank(result, 0, &low, &high);
    ck_assert(low == 1 && high == 1);
    expect_integers(result, t);
    cutropy_result_free(result);
    free_told(t);
    mpz_clears(a, b, c, d, NULL);
}
END_TEST

/* The smaller eigenvalue, 3^-4000, is no double, and one block has small integers. */
START_TEST(nearly_product)
{
    told *t = new_told(2);
    mpz_t a, one;
    mpz_init(a);
    mpz_init_set_ui(one, 1);
    power(a, 3, 2000, 0);
    tell_one(t, 0, 1, a);
    tell_one(t, 1, 1, one);
    t->block[1].small = true;
    cutropy_result *result = must_tell(t, 0);
    int64_t low, high;
    /* S is below 1e-1900 */
    ck_assert(cutropy_result_entropy(result, 0) <= cutropy_result_entropy_error(result, 0));
    ck_assert(cutropy_result_entropy_error(result, 0) > 0 &&
              cutropy_result_entropy_error(result, 0) < 1e-300);
    ck_assert(cutropy_result_renyi2(result, 0) <= cutropy_result_renyi2_error(result, 0));
    ck_assert(cutropy_result_renyi2_error(result, 0) > 0);
    cutropy_result_rank(result, 0, &low, &high);
    ck_assert(low == 2 && high == 2);
    expect_integers(result, t);
    cutropy_result_free(result);
    free_told(t);
    mpz_clears(a, one, NULL);
}
END_TEST

/* Eigenvalues c^2 (2, 2 +- sqrt 2) of c^2 (2 1 0; 1 2 1; 0 1 2), in units that suit doubles. */
START_TEST(block_of_three)
{
    told *t = new_told(1);
    told_block *block = &t->block[0];
    mpz_t square;
    mpz_init(square);
    power(square, 3, 1400, 0);
    int exponent;
    const ct_big seen = view(square);
    const double size = ct_big_double(&seen, &exponent);
    const int odd = exponent & 1;
    block->size[0] = block->size[1] = 3;
    block->exponent = (exponent - odd) / 2;
    for (int i = 0; i < 3; i++)
        block->values[i] = ldexp(size, odd) * (2 + (i - 1) * M_SQRT2);
    mpz_mul_ui(t->norm, square, 6);
    mpz_mul(t->square_sum, square, square);
    mpz_mul(t->cube_sum, t->square_sum, square);
    mpz_mul_ui(t->square_sum, t->square_sum, 16);
    mpz_mul_ui(t->cube_sum, t->cube_sum, 48);
    mpz_set(block->square_sum, t->square_sum);
    expect_entropy(t, "1.3188798585163935820150903065212806893100", 3, false);
    block->values[2] *= 1 + 1e-9;
    cutropy_result *result = NULL;
    ck_assert_int_eq(run_told(t, 0, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_null(result);
    free_told(t);
    mpz_clear(square);
}
END_TEST

START_TEST(lies)
{
    told *t = new_told(1);
    mpz_t a, b, c, d;
    cutropy_result *result = NULL;
    mpz_inits(a, b, c, d, NULL);
    power(a, 3, 200, 0);
    power(b, 2, 315, 3);
    power(c, 2, 316, 5);
    power(d, 5, 136, 0);
    tell_two(t, 1, a, b, c, d);
    ck_assert_int_eq(run_told(t, 0, false, &result), CUTROPY_EINTERNAL); /* the norm is 2 */
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "larger integers"));
    mpz_mul_ui(t->block[0].g[1], t->block[0].g[1], 2);
    ck_assert_int_eq(run_told(t, 0, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "no positive matrix"));
    mpz_fdiv_q_ui(t->block[0].g[1], t->block[0].g[1], 2);
    mpz_mul_ui(t->block[0].square_sum, t->block[0].square_sum, 2);
    ck_assert_int_eq(run_told(t, 0, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "exceed"));
    mpz_fdiv_q_ui(t->block[0].square_sum, t->block[0].square_sum, 2);
    mpz_mul_2exp(t->cube_sum, t->cube_sum, 1);
    ck_assert_int_eq(run_told(t, 0, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "Tr rho^3"));
    mpz_fdiv_q_2exp(t->cube_sum, t->cube_sum, 1);
    mpz_mul_ui(t->block[0].square_sum, t->block[0].square_sum, 2);
    mpz_mul_ui(t->norm, t->norm, 3); /* the eigenvalues do not add up to 1 */
    ck_assert_int_eq(run_told(t, 0, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "add up to"));
    ck_assert_ptr_null(result);
    free_told(t);
    mpz_clears(a, b, c, d, NULL);
}
END_TEST

/* ---- larger blocks with their matrices ---- */

enum { ROWS = 5, COLUMNS = 7 };

/* The lower words of x in two's complement. */
static void put_words(const mpz_t x, int words, uint64_t *out)
{
    mpz_t positive;
    mpz_init_set_ui(positive, 1);
    mpz_mul_2exp(positive, positive, 64 * (unsigned long)words);
    if (mpz_sgn(x) < 0)
        mpz_add(positive, positive, x);
    else
        mpz_set(positive, x);
    memset(out, 0, (size_t)words * sizeof *out);
    mpz_export(out, NULL, -1, sizeof *out, 0, 0, positive);
    mpz_clear(positive);
}

/* Words of the matrix, and of its multiplicities, which have 70 bits. */
#define WORDS 40
static uint64_t told_gram[ROWS * ROWS * WORDS], told_weight[ROWS * 2];
static ct_integer_block told_matrix;

/* A 2^100 c numbers in a 5 x 7 matrix A, G = A A^T: 5 classes with multiplicities. */
static told *tell_matrix(const mpz_t c)
{
    told *t = new_told(1);
    told_block *block = &t->block[0];
    mpz_t a[ROWS][COLUMNS], g[ROWS][ROWS], m[ROWS], dg[ROWS][ROWS], x, base;
    long double h[ROWS][ROWS], value[ROWS];
    mpz_inits(x, base, NULL);
    for (int i = 0; i < ROWS; i++) {
        mpz_init(m[i]);
        mpz_ui_pow_ui(m[i], 5, (unsigned long)(40 + i));
        mpz_fdiv_r_2exp(m[i], m[i], 70);
        mpz_add_ui(m[i], m[i], 1);
        put_words(m[i], 2, told_weight + 2 * i);
        for (int j = 0; j < COLUMNS; j++) {
            mpz_init(a[i][j]);
            mpz_ui_pow_ui(a[i][j], 3, (unsigned long)(70 + 7 * i + j));
            mpz_fdiv_r_2exp(a[i][j], a[i][j], 100);
            mpz_set_ui(x, 1);
            mpz_mul_2exp(x, x, 99);
            mpz_sub(a[i][j], a[i][j], x);
        }
    }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < ROWS; j++) {
            mpz_inits(g[i][j], dg[i][j], NULL);
            for (int k = 0; k < COLUMNS; k++)
                mpz_addmul(g[i][j], a[i][k], a[j][k]);
            h[i][j] = sqrtl((long double)mpz_get_d(m[i])) * sqrtl((long double)mpz_get_d(m[j])) *
                      (long double)mpz_get_d(g[i][j]);
            mpz_mul(g[i][j], g[i][j], c);
            mpz_mul(g[i][j], g[i][j], c);
            mpz_mul(dg[i][j], g[i][j], m[i]);
            put_words(g[i][j], WORDS, told_gram + (i * ROWS + j) * WORDS);
        }
    for (int i = 0; i < ROWS; i++) {
        mpz_add(t->norm, t->norm, dg[i][i]);
        for (int j = 0; j < ROWS; j++) {
            mpz_addmul(t->square_sum, dg[i][j], dg[j][i]);
            for (int k = 0; k < ROWS; k++) {
                mpz_mul(x, dg[i][j], dg[j][k]);
                mpz_addmul(t->cube_sum, x, dg[k][i]);
            }
        }
    }
    mpz_set(block->square_sum, t->square_sum);
    block->size[0] = ROWS;
    block->size[1] = COLUMNS;
    oracle_jacobi(&h[0][0], ROWS, value);
    for (int i = 0; i < ROWS; i++) /* ascending */
        block->values[i] = (double)value[ROWS - 1 - i];
    mpz_mul(x, c, c);
    int exponent;
    const ct_big seen = view(x);
    const double size = ct_big_double(&seen, &exponent);
    const int odd = exponent & 1;
    block->exponent = (exponent - odd) / 2;
    for (int i = 0; i < ROWS; i++)
        block->values[i] *= ldexp(size, odd);
    told_matrix = (ct_integer_block){.n = ROWS,
                                     .gram = (const int64_t *)told_gram,
                                     .weight = told_weight,
                                     .words = WORDS,
                                     .weight_words = 2};
    block->exact = &told_matrix;
    for (int i = 0; i < ROWS; i++) {
        mpz_clear(m[i]);
        for (int j = 0; j < COLUMNS; j++)
            mpz_clear(a[i][j]);
        for (int j = 0; j < ROWS; j++)
            mpz_clears(g[i][j], dg[i][j], NULL);
    }
    mpz_clears(x, base, NULL);
    return t;
}

/* Integers of 100 bits, and 10^30 and 10^300 times as large ones: 40 decimals of a Jacobi iteration in Python's
 * decimal module, and the same table. */
START_TEST(matrix)
{
    const unsigned long power_of_ten[3] = {0, 30, 300};
    const struct {
        int digits;
        bool certify;
    } road[3] = {{40, false}, {20, true}, {70, true}};
    const char *right = "1.5131866647559223163599415132557013740678";
    mpz_t c;
    mpz_init(c);
    for (int r = 0; r < 3; r++) {
        char *table[3];
        for (int k = 0; k < 3; k++) {
            cutropy_result *result = NULL;
            int64_t low, high;
            mpz_ui_pow_ui(c, 10, power_of_ten[k]);
            told *t = tell_matrix(c);
            ck_assert_msg(run_cut(t, "0x1", road[r].digits, road[r].certify, true, &result) ==
                              CUTROPY_OK,
                          "%s", cutropy_error());
            expect_integers(result, t);
            ck_assert_int_eq(cutropy_result_guarantee(result, 0), CUTROPY_GUARANTEE_CERTIFIED);
            cutropy_result_rank(result, 0, &low, &high);
            ck_assert(low == ROWS && high == ROWS);
            const char *got = cutropy_result_entropy_decimals(result, 0, 0);
            ck_assert_ptr_nonnull(got);
            ck_assert_uint_eq(strlen(got), (size_t)road[r].digits + 2);
            ck_assert_int_eq(strncmp(got, right, road[r].digits == 20 ? 21 : 41), 0);
            table[k] = must_csv(result);
            cutropy_result_free(result);
            free_told(t);
        }
        ck_assert_msg(!strcmp(table[0], table[1]) && !strcmp(table[0], table[2]),
                      "a multiple has another table");
        for (int k = 0; k < 3; k++)
            free(table[k]);
    }
    mpz_clear(c);
}
END_TEST

/* A matrix that contradicts the sums of its answer. */
START_TEST(wrong_matrix)
{
    cutropy_result *result = NULL;
    mpz_t c;
    mpz_init_set_ui(c, 1);
    told *t = tell_matrix(c);
    told_gram[WORDS]++; /* G_01 */
    ck_assert_int_eq(run_told(t, 20, true, &result), CUTROPY_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "another sum"));
    told_gram[WORDS]--;
    told_weight[0] += 2;
    ck_assert_int_eq(run_told(t, 20, true, &result), CUTROPY_ENUMERIC);
    told_matrix.n = 4;
    ck_assert_int_eq(run_told(t, 20, true, &result), CUTROPY_EINTERNAL);
    ck_assert_ptr_null(result);
    free_told(t);
    mpz_clear(c);
}
END_TEST

/* The CPU's answer to the empty cut has integers too. */
START_TEST(empty_cut)
{
    told *t = new_told(1);
    mpz_ui_pow_ui(t->norm, 3, 300);
    mpz_mul(t->square_sum, t->norm, t->norm);
    mpz_mul(t->cube_sum, t->square_sum, t->norm);
    for (int digits = 0; digits <= 20; digits += 20) {
        cutropy_result *result = NULL;
        ck_assert_msg(run_cut(t, "0x0", digits, digits, true, &result) == CUTROPY_OK, "%s",
                      cutropy_error());
        expect_integers(result, t);
        ck_assert(cutropy_result_entropy(result, 0) == 0);
        ck_assert_int_eq(cutropy_result_guarantee(result, 0), CUTROPY_GUARANTEE_EXACT);
        cutropy_result_free(result);
    }
    free_told(t);
}
END_TEST

CHECK_MAIN("big", arithmetic, blocks_of_one, block_of_two, scaled, product, nearly_product,
           block_of_three, lies, matrix, wrong_matrix, empty_cut)
