/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of product states against brute force in 128-bit floats (ref/schmidt.h, d numbers a site padded to whole qubits), and
 * against what must be equal: complements, labels, orders, splittings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "certify/product_block.h"
#include "certify/product_fine.h"
#include "check_main.h"
#include "engine/solver/product_cut.h"
#include "problem/create.h"
#include "problem/products.h"
#include "ref/schmidt.h"
#include "ref/support.h"

typedef struct state_size {
    int terms, sites, dimension;
    bool is_complex, labelled;
    int classes;
} state_size;

/* A problem on chain:N whose factors are yet to be set. */
static cutropy_problem *new_problem(const state_size *s)
{
    char text[20];
    cutropy_problem *problem = NULL;
    snprintf(text, sizeof text, "chain:%d", s->sites);
    cutropy_lattice *lattice = must_lattice(text);
    ck_assert_int_eq(ct_problem_new(lattice, &problem), CUTROPY_OK);
    cutropy_lattice_free(lattice);
    problem->text = ct_strdup("sum");
    problem->kind = s->is_complex ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    ck_assert_int_eq(
        ct_products_new(s->terms, s->sites, s->dimension, s->is_complex, &problem->products),
        CUTROPY_OK);
    return problem;
}

/* Random factors and weights; every third term repeats parts of the one before. raw: the same numbers before they are
 * normalised, [site][number][term]; weight: y. */
static void draw_terms(const state_size *s, uint64_t *random, ct_products *p, double **raw,
                       double **weight)
{
    const size_t rows = (size_t)s->sites * (size_t)s->dimension * (s->is_complex ? 2 : 1);
    const size_t each = (size_t)s->dimension * (s->is_complex ? 2 : 1);
    for (size_t r = 0; r < rows; r++)
        for (int m = 0; m < s->terms; m++) {
            const bool again = m % 3 == 2 && r / each % 2 == (size_t)(m / 3) % 2;
            double *row = p->factor + r * (size_t)s->terms;
            row[m] = again ? row[m - 1] : draw_unit(random) - 0.3;
        }
    for (int m = 0; m < s->terms; m++)
        p->weight[m] = draw_unit(random) < 0.3 ? -1 : 1 + draw_unit(random);
    *raw = malloc(rows * (size_t)s->terms * sizeof **raw);
    *weight = malloc((size_t)s->terms * sizeof **weight);
    ck_assert(*raw && *weight);
    memcpy(*raw, p->factor, rows * (size_t)s->terms * sizeof **raw);
    memcpy(*weight, p->weight, (size_t)s->terms * sizeof **weight);
}

/* ---- brute force ---- */

/* Qubits that hold d numbers. */
static int qubits_of(int d)
{
    int bits = 0;
    while (1 << bits < d)
        bits++;
    return bits;
}

/* All amplitudes, `bits` qubits a site, the label last. */
static double *dense_state(const state_size *s, const double *raw, const double *weight,
                           const int32_t *label, int *qubits)
{
    const int bits = qubits_of(s->dimension), parts = s->is_complex ? 2 : 1;
    const int label_bits = s->labelled ? qubits_of(s->classes) : 0;
    *qubits = bits * s->sites + label_bits;
    const size_t size = (size_t)1 << *qubits;
    double *psi = calloc(size * (size_t)parts, sizeof *psi);
    ck_assert(psi != NULL);
    for (size_t index = 0; index < size; index++)
        for (int m = 0; m < s->terms; m++) {
            double re = weight[m], im = 0;
            if (s->labelled && index >> (bits * s->sites) != (size_t)label[m])
                continue;
            for (int n = 0; n < s->sites; n++) {
                const int k = (int)(index >> (bits * n)) & ((1 << bits) - 1);
                const double *row =
                    raw + (size_t)((n * s->dimension + k) * parts) * (size_t)s->terms;
                const double a = k < s->dimension ? row[m] : 0,
                             b = k < s->dimension && parts == 2 ? row[s->terms + m] : 0;
                const double next = re * a - im * b;
                im = re * b + im * a;
                re = next;
            }
            psi[(size_t)parts * index] += re;
            if (parts == 2)
                psi[2 * index + 1] += im;
        }
    return psi;
}

static uint64_t spread_mask(const state_size *s, uint64_t mask, bool with_label)
{
    const int bits = qubits_of(s->dimension);
    uint64_t out = 0;
    for (int n = 0; n < s->sites; n++)
        if (mask >> n & 1)
            out |= ((UINT64_C(1) << bits) - 1) << (bits * n);
    if (s->labelled && with_label)
        out |= ((UINT64_C(1) << qubits_of(s->classes)) - 1) << (bits * s->sites);
    return out;
}

static double worst;
static int settled; /* ranks */

/* A cut with proved decimals. */
static cutropy_result *proved(const cutropy_problem *problem, uint64_t mask, const char *digits)
{
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = &mask};
    cutropy_options *options = must_options("digits", digits, "quantities",
                                            "renyi:inf,renyi:0.5,spectrum,saturation", NULL);
    cutropy_result *got = must_solve(problem, &cuts, options);
    cutropy_options_free(options);
    return got;
}

/* The amplitudes of the oracle are rounded to doubles, so it is right to 1e-14; a root of a level that is 0 is 1e-10. */
static void expect_proof(const cutropy_problem *problem, uint64_t mask, const schmidt_answer *right,
                         int64_t rank)
{
    cutropy_result *got = proved(problem, mask, "22");
    const cutropy_record *record = row_record(got, 0);
    const cutropy_exact *exact = record->exact;
    const char *const text[] = {exact->entropy[0], exact->renyi2[0], exact->extra[0],
                                exact->extra[2]};
    static const double order[] = {1, 2, INFINITY, 0.5};
    ck_assert(record->guarantee != CUTROPY_GUARANTEE_FLOAT);
    for (int k = 0; k < 4; k++) {
        ck_assert_ptr_nonnull(text[k]);
        const double error = (double)schmidt_renyi(right, order[k]) - strtod(text[k], NULL);
        ck_assert_msg(fabs(error) <= (k < 3 ? 1e-13 : 1e-6), "order %g: %s is off by %g", order[k],
                      text[k], error);
    }
    size_t level = 0;
    for (size_t i = 0; i < record->spectrum_count; i++)
        for (int64_t again = 0; again < record->multiplicity[i]; again++, level++)
            ck_assert(fabs((level < right->count ? (double)right->p[level] : 0) -
                           strtod(exact->spectrum[i], NULL)) <= 1e-14);
    ck_assert_msg(record->rank_lo <= rank && rank <= record->rank_hi, "rank %lld in %lld..%lld",
                  (long long)rank, (long long)record->rank_lo, (long long)record->rank_hi);
    if (record->extra[3] > 0) /* of the proved S */
        ck_assert(fabs(record->extra[3] * log2((double)record->rank_hi) - record->entropy) <
                      1e-14 ||
                  record->rank_lo < record->rank_hi);
    ck_assert(record->extra_err[3] < 1e-14);
    settled += record->rank_lo == record->rank_hi;
    cutropy_result_free(got);
}

static void expect_cut(const state_size *s, const cutropy_problem *problem, int qubits,
                       const double *psi, uint64_t mask)
{
    const unsigned sides = problem->products->sides;
    schmidt_answer right;
    cutropy_result *got = must_run(problem, &mask, 1, "renyi:inf,spectrum", 1, 1);
    const cutropy_record *record = row_record(got, 0);
    schmidt_solve(qubits, s->is_complex, psi, spread_mask(s, mask, sides & CT_LABEL_A), &right);
    const double entropy = (double)schmidt_renyi(&right, 1),
                 second = (double)schmidt_renyi(&right, 2);
    const double off =
        fmax(fabs(record->entropy - entropy) - 1e-28, 0); /* what the oracle rounds */
    ck_assert_msg(off <= record->entropy_err, "d=%d M=%d mask %llx: %.17g, right %.17g, error %.3g",
                  s->dimension, s->terms, (unsigned long long)mask, record->entropy, entropy,
                  record->entropy_err);
    ck_assert_msg(record->entropy_err < 1e-8, "error %.3g", record->entropy_err);
    ck_assert(fabs(record->renyi2 - second) <= record->renyi2_err + 1e-28);
    int64_t rank = 0;
    for (size_t i = 0; i < right.count; i++)
        rank += right.p[i] > 1e-25L;
    ck_assert_msg(record->rank_lo <= rank && rank <= record->rank_hi, "rank %lld in %lld..%lld",
                  (long long)rank, (long long)record->rank_lo, (long long)record->rank_hi);
    for (size_t i = 0; i < record->spectrum_count && i < right.count; i++)
        if (record->multiplicity[i] == 1 && i == 0)
            ck_assert(fabs(record->spectrum[i] - (double)right.p[i]) <= record->spectrum_err[i]);
    worst = fmax(worst, off);
    expect_proof(problem, mask, &right, rank);
    schmidt_free(&right);
    cutropy_result_free(got);
}

static void expect_state(const state_size *s, unsigned sides, uint64_t *random)
{
    double *raw = NULL, *weight = NULL;
    int qubits;
    cutropy_problem *problem = new_problem(s);
    draw_terms(s, random, problem->products, &raw, &weight);
    ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
    if (s->labelled) {
        int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
        for (int m = 0; m < s->terms; m++)
            label[m] = (int32_t)draw_below(random, (uint64_t)s->classes);
        ct_products_label(problem->products, label, s->classes, sides);
    }
    double *psi = dense_state(s, raw, weight, problem->products->label, &qubits);
    for (int i = 0; i < 4; i++)
        expect_cut(s, problem, qubits, psi, 1 + draw_below(random, (UINT64_C(1) << s->sites) - 2));
    free(psi);
    free(raw);
    free(weight);
    cutropy_problem_free(problem);
}

START_TEST(brute_force)
{
    static const state_size sizes[] = {
        {1, 5, 2, false, false, 1}, {2, 6, 2, false, false, 1},  {5, 7, 2, false, false, 1},
        {9, 7, 2, true, false, 1},  {40, 6, 2, false, false, 1}, {33, 6, 2, true, false, 1},
        {6, 4, 3, false, false, 1}, {12, 4, 3, true, false, 1},  {50, 4, 3, true, false, 1},
        {7, 3, 4, false, false, 1}, {10, 6, 2, false, true, 3},  {14, 5, 2, true, true, 4},
        {30, 3, 3, true, true, 2},  {20, 6, 2, false, false, 1}, {25, 8, 2, false, false, 1},
        {16, 4, 3, true, false, 1}, {70, 4, 2, false, true, 2}};
    uint64_t random = 11;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int again = 0; again < amount(4, 1); again++)
            expect_state(&sizes[i], again % 2 ? CT_LABEL_A : CT_LABEL_B, &random);
    ck_assert_msg(worst < 1e-12, "off by %.3g", worst);
    ck_assert_int_ge(settled, amount(200, 50));
}
END_TEST

/* Factors from a formula; S in bits by mpmath (all amplitudes, 60 digits). */
START_TEST(thirty_decimals)
{
    static const struct {
        state_size size;
        unsigned sides;
        uint64_t mask;
        const char *entropy;
        int64_t rank;
    } rows[] = {{{7, 6, 2, false, false, 1}, 0, 0x2b, "1.259060889599046935241384741705", 4},
                {{6, 4, 3, true, false, 1}, 0, 0x9, "1.064455213011924999901294533809", 6},
                {{9, 5, 2, true, true, 3}, CT_LABEL_A, 0x6, "1.976682432580309378240560456722", 8},
                {{9, 5, 2, false, true, 3}, CT_LABEL_B, 0x6, "1.563837249098434590466374772975", 4},
                {{5, 4, 3, false, true, 2},
                 CT_LABEL_A | CT_LABEL_B,
                 0x5,
                 "0.747420505845549502845290744399",
                 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const state_size *s = &rows[i].size;
        cutropy_problem *problem = new_problem(s);
        ct_products *p = problem->products;
        for (int n = 0; n < s->sites; n++)
            for (int k = 0; k < s->dimension; k++)
                for (int part = 0; part < (s->is_complex ? 2 : 1); part++)
                    for (int m = 0; m < s->terms; m++)
                        ct_products_row(p, n, k, part)[m] =
                            ((m * 7 + n * 3 + k * 5 + part * 2 + m * n * k + m * m) % 11 - 5) / 4.0;
        for (int m = 0; m < s->terms; m++)
            p->weight[m] = m % 4 == 3 ? -1 : (3 - m % 4) / 2.0;
        ck_assert_int_eq(ct_products_settle(p, true, NULL, "sum"), CUTROPY_OK);
        if (s->labelled) {
            int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
            for (int m = 0; m < s->terms; m++)
                label[m] = m % s->classes;
            ct_products_label(p, label, s->classes, rows[i].sides);
        }
        cutropy_result *got = proved(problem, rows[i].mask, "30");
        ck_assert_str_eq(row_record(got, 0)->exact->entropy[0], rows[i].entropy);
        ck_assert_int_eq(row_record(got, 0)->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
        ck_assert(row_record(got, 0)->rank_lo <= rows[i].rank &&
                  rows[i].rank <= row_record(got, 0)->rank_hi);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* At few bits everything that is rounded shows: eigenvalues of the block beside the true ones. */
static void expect_block(const cutropy_problem *problem, uint64_t mask, int64_t bits, double *most)
{
    const ct_products *p = problem->products;
    const ct_operations *operations = ct_operations_cpu();
    ct_product_side side[2];
    ct_near_block made;
    cutropy_result *truth = proved(problem, mask, "20");
    const cutropy_record *record = row_record(truth, 0);
    for (int s = 0; s < 2; s++)
        ck_assert_int_eq(ct_product_side_find(p, &mask, s == 0, &side[s]), CUTROPY_OK);
    ck_assert_int_eq(ct_product_block_make(&p->exact, side, bits, true, 1, &made), CUTROPY_OK);
    ck_assert_int_ge(made.block.n, 1);
    ck_assert_int_eq(made.block.words, 1);
    const int64_t n = made.block.n;
    double *a = calloc((size_t)(n * n), sizeof *a), *values = calloc((size_t)n, sizeof *values);
    double trace = 0, norm, error, off = 0;
    ck_assert(a && values);
    for (int64_t i = 0; i < n; i++) {
        trace += (double)made.gram[i * n + i] / made.copies;
        for (int64_t j = i; j < n; j++)
            a[i * n + j] = a[j * n + i] = (double)made.gram[i * n + j];
    }
    ck_assert_int_eq(operations->start(1), CUTROPY_OK);
    ck_assert_int_eq(operations->eigenvectors(n, a, values), CUTROPY_OK);
    ck_assert_int_eq(ct_product_norm(p, operations, 1, &norm, &error), CUTROPY_OK);
    operations->stop();
    norm *= exp2(2 * round(log2(trace / norm) / 2)); /* the block has another unit */
    ck_assert(fabs(norm - trace) * made.copies <= made.slack);
    int64_t at = n;
    for (size_t i = 0; i < record->spectrum_count; i++)
        for (int64_t k = 0; k < record->multiplicity[i] * made.copies; k++) {
            const double own = at-- > 0 ? values[at] : 0;
            off += fabs(own - record->spectrum[i] * norm);
        }
    while (at-- > 0)
        off += values[at];
    ck_assert_msg(off <= made.slack, "%g beside %g", off, made.slack);
    ck_assert(n < 2 || values[0] > -1e-9 * values[n - 1]);
    ck_assert(!made.full_rank || record->rank_lo == side[side[0].count > side[1].count].count);
    *most = fmax(*most, off / made.slack);
    free(a);
    free(values);
    ct_near_block_free(&made);
    ct_product_side_free(&side[0]);
    ct_product_side_free(&side[1]);
    cutropy_result_free(truth);
}

START_TEST(blocks_of_few_bits)
{
    static const state_size sizes[] = {{4, 4, 2, false, false, 1}, {9, 5, 2, true, false, 1},
                                       {6, 4, 3, false, true, 2},  {20, 4, 2, false, false, 1},
                                       {12, 3, 3, true, true, 3},  {2, 3, 2, false, false, 1}};
    uint64_t random = 5;
    double most = 0;
    for (int i = 0; i < amount(120, 24); i++) {
        const state_size *s = &sizes[i % 6];
        double *raw = NULL, *weight = NULL;
        cutropy_problem *problem = new_problem(s);
        draw_terms(s, &random, problem->products, &raw, &weight);
        ck_assert_int_eq(ct_products_settle(problem->products, i % 2, NULL, "sum"), CUTROPY_OK);
        if (s->labelled) {
            int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
            for (int m = 0; m < s->terms; m++)
                label[m] = m % s->classes;
            ct_products_label(problem->products, label, s->classes, 1 + (unsigned)i % 3);
        }
        for (int64_t bits = 18; bits <= 34; bits += 8)
            expect_block(problem, 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2), bits,
                         &most);
        free(raw);
        free(weight);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(most > 0.02, "the largest share of a bound is %g", most);
}
END_TEST

/* ---- in twice the working precision ---- */

/* Eigenvalues of the matrix beside the proved ones, with the norm that both belong to. share: of the bound that they are off by, where that is
 * more than eigenvalues of doubles are off by; sure: nothing cancels. */
static void expect_fine(const cutropy_problem *problem, uint64_t mask, bool sure, double *share)
{
    const ct_products *p = problem->products;
    const ct_operations *operations = ct_operations_cpu();
    ct_product_side side[2];
    ct_product_fine fine;
    ct_fine_cut made;
    double norm, error, off = 0;
    cutropy_result *truth = proved(problem, mask, "22");
    const cutropy_record *record = row_record(truth, 0);
    for (int s = 0; s < 2; s++)
        ck_assert_int_eq(ct_product_side_find(p, &mask, s == 0, &side[s]), CUTROPY_OK);
    ck_assert_int_eq(operations->start(2), CUTROPY_OK);
    ck_assert_int_eq(ct_product_fine_make(p, 2, &fine), CUTROPY_OK);
    ck_assert_int_eq(ct_product_fine_norm(&fine, 2, &norm, &error), CUTROPY_OK);
    ck_assert(error < 2e-16 * norm || !sure);
    ck_assert_int_eq(ct_product_fine_cut(&fine, side, false, 2, &made), CUTROPY_OK);
    ck_assert(made.error < 1e-13 * norm || !sure);
    const int64_t n = made.n;
    double *values = calloc((size_t)n, sizeof *values);
    ck_assert(values != NULL);
    ck_assert_int_eq(operations->eigenvectors(n, made.h.high, values), CUTROPY_OK);
    operations->stop();
    int64_t at = n;
    for (size_t i = 0; i < record->spectrum_count; i++)
        for (int64_t k = 0; k < record->multiplicity[i] * made.copies; k++) {
            const double own = at-- > 0 ? values[at] : 0;
            off += fabs(own - record->spectrum[i] * norm);
        }
    while (at-- > 0)
        off += fabs(values[at]);
    const double rounding = 4e-15 * (double)n * norm; /* LAPACK's */
    ck_assert_msg(off <= made.error + made.copies * error + rounding, "%g of %g, error %g", off,
                  norm, made.error);
    *share = fmax(*share, (off - rounding) / made.error);
    free(values);
    ct_fine_cut_free(&made);
    ct_product_fine_free(&fine);
    ct_product_side_free(&side[0]);
    ct_product_side_free(&side[1]);
    cutropy_result_free(truth);
}

/* All digits of a decimal. */
static ct_i128 digits_of(const char *text)
{
    ct_i128 x = 0;
    for (; *text; text++)
        x = *text == '.' ? x : 10 * x + (*text - '0');
    return x;
}

/* 20 decimals come from pairs of doubles, 30 from integers: other matrices of other numbers. */
static void expect_roads_to_agree(const cutropy_problem *problem, uint64_t mask)
{
    cutropy_result *few = proved(problem, mask, "20"), *many = proved(problem, mask, "30");
    const cutropy_record *a = row_record(few, 0), *b = row_record(many, 0);
    const char *const texts[][2] = {{a->exact->entropy[0], b->exact->entropy[0]},
                                    {a->exact->renyi2[0], b->exact->renyi2[0]},
                                    {a->exact->extra[2], b->exact->extra[2]}}; /* order 1/2 */
    for (int k = 0; k < 3; k++) {
        ck_assert(texts[k][0] && texts[k][1]);
        const ct_i128 off = digits_of(texts[k][0]) * 10000000000 - digits_of(texts[k][1]);
        ck_assert_msg(off <= 5000000001 && off >= -5000000001, "%s and %s", texts[k][0],
                      texts[k][1]);
    }
    ck_assert(a->rank_lo <= b->rank_hi && b->rank_lo <= a->rank_hi);
    cutropy_result_free(few);
    cutropy_result_free(many);
}

static void set_labels(const state_size *s, unsigned sides, ct_products *p)
{
    int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
    ck_assert(label != NULL);
    for (int m = 0; m < s->terms; m++)
        label[m] = m % s->classes;
    ct_products_label(p, label, s->classes, sides);
}

/* Merged parts, labels on every side, weights that take norms and turns. */
START_TEST(fine_cuts)
{
    static const state_size sizes[] = {{1, 5, 2, false, false, 1},  {9, 7, 2, true, false, 1},
                                       {40, 6, 2, false, false, 1}, {12, 4, 3, true, false, 1},
                                       {10, 6, 2, false, true, 3},  {14, 5, 2, true, true, 4},
                                       {70, 5, 2, false, true, 2},  {45, 4, 3, false, false, 1}};
    uint64_t random = 29;
    for (int i = 0; i < amount(64, 16); i++) {
        const state_size *s = &sizes[i % 8];
        double *raw = NULL, *weight = NULL, turn[2 * 70], share = -1;
        cutropy_problem *problem = new_problem(s);
        const bool turns = s->is_complex && i / 8 % 2;
        draw_terms(s, &random, problem->products, &raw, &weight);
        for (int k = 0; k < 2 * s->terms; k++)
            turn[k] = draw_unit(&random) - 0.4;
        ck_assert_int_eq(
            ct_products_settle(problem->products, turns || i % 3 != 0, turns ? turn : NULL, "sum"),
            CUTROPY_OK);
        if (s->labelled)
            set_labels(s, 1 + (unsigned)i / 8 % 3, problem->products);
        expect_fine(problem, 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2), true, &share);
        ck_assert(share < 0);
        expect_roads_to_agree(problem, 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2));
        free(raw);
        free(weight);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* <psi|psi> of integers over a power of four, which doubles add up exactly. */
START_TEST(fine_norms)
{
    static const state_size sizes[] = {{7, 6, 2, false, false, 1}, {6, 4, 3, true, false, 1}};
    for (int i = 0; i < 2; i++) {
        const state_size *s = &sizes[i];
        const size_t numbers = (size_t)(s->sites * s->dimension * (s->is_complex ? 2 : 1));
        cutropy_problem *problem = new_problem(s);
        ct_products *p = problem->products;
        ct_product_fine fine;
        int qubits;
        double raw[24 * 7], weight[7], right = 0, norm, error;
        for (size_t r = 0; r < numbers; r++)
            for (int m = 0; m < s->terms; m++)
                raw[r * (size_t)s->terms + (size_t)m] =
                    (((int)r * 7 + m * 3 + m * m * (int)r) % 11 - 5) / 4.0;
        for (int m = 0; m < s->terms; m++)
            p->weight[m] = weight[m] = m % 3 - 1.5;
        memcpy(p->factor, raw, numbers * (size_t)s->terms * sizeof *raw);
        double *psi = dense_state(s, raw, weight, NULL, &qubits);
        for (size_t k = 0; k < ((size_t)1 << qubits) * (s->is_complex ? 2 : 1); k++)
            right += psi[k] * psi[k];
        ck_assert_int_eq(ct_products_settle(p, true, NULL, "sum"), CUTROPY_OK);
        ck_assert_int_eq(ct_product_fine_make(p, 1, &fine), CUTROPY_OK);
        ck_assert_int_eq(ct_product_fine_norm(&fine, 1, &norm, &error), CUTROPY_OK);
        right = ldexp(right, -2 * p->exponent);
        ck_assert_msg(fabs(norm - right) <= error && error < 2e-16 * right, "%.17g, right %.17g",
                      norm, right);
        free(psi);
        ct_product_fine_free(&fine);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* The error of <psi|psi> from doubles holds, and does not count all pairs of terms where they are nearly orthogonal. */
START_TEST(norms_of_nearly_orthogonal_terms)
{
    static const state_size sizes[] = {{150, 60, 2, false, false, 1},
                                       {90, 61, 2, true, false, 1},
                                       {120, 48, 3, false, true, 2},
                                       {1, 1, 2, false, false, 1},
                                       {40, 1, 3, true, false, 1}};
    const ct_operations *operations = ct_operations_cpu();
    uint64_t random = 41;
    ck_assert_int_eq(operations->start(2), CUTROPY_OK);
    for (int i = 0; i < 5; i++) {
        const state_size *s = &sizes[i];
        double *raw = NULL, *weight = NULL, norm[2], error[2];
        ct_product_fine fine;
        cutropy_problem *problem = new_problem(s);
        ct_products *p = problem->products;
        draw_terms(s, &random, p, &raw, &weight);
        for (int k = 0; k < s->sites * s->dimension * (s->is_complex ? 2 : 1) * s->terms; k++)
            p->factor[k] = draw_unit(&random) - 0.4;
        ck_assert_int_eq(ct_products_settle(p, false, NULL, "sum"), CUTROPY_OK);
        if (s->labelled)
            set_labels(s, CT_LABEL_B, p);
        ck_assert_int_eq(ct_product_norm(p, operations, 2, &norm[0], &error[0]), CUTROPY_OK);
        ck_assert_int_eq(ct_product_fine_make(p, 2, &fine), CUTROPY_OK);
        ck_assert_int_eq(ct_product_fine_norm(&fine, 2, &norm[1], &error[1]), CUTROPY_OK);
        ck_assert_msg(fabs(norm[0] - norm[1]) <= error[0] + error[1] && error[0] > error[1],
                      "%.17g +- %g and %.17g +- %g", norm[0], error[0], norm[1], error[1]);
        ck_assert_msg(s->sites == 1 || error[0] < 3e-13 * norm[0], "%d: %g", i, error[0] / norm[0]);
        free(raw);
        free(weight);
        ct_product_fine_free(&fine);
        cutropy_problem_free(problem);
    }
    operations->stop();
}
END_TEST

static const state_size cancelling[] = {{5, 3, 2, false, false, 1},
                                        {12, 4, 2, true, false, 1},
                                        {27, 4, 2, false, true, 2},
                                        {9, 3, 3, true, true, 3}};

/* Terms that differ by about `apart`, with weights that add up to nothing in every class. Returns the sum of their absolute values. */
static double draw_cancelling(const state_size *s, double apart, uint64_t *random, ct_products *p)
{
    double sum[3] = {0}, size = 0;
    for (int r = 0; r < s->sites * s->dimension * (s->is_complex ? 2 : 1); r++) {
        const double base = draw_unit(random) - 0.3;
        for (int m = 0; m < s->terms; m++)
            p->factor[r * s->terms + m] = base + apart * (draw_unit(random) - 0.5);
    }
    for (int m = 0; m < s->terms; m++) {
        double *own = &sum[s->labelled ? m % s->classes : 0];
        p->weight[m] = m + s->classes < s->terms ? draw_unit(random) - 0.5 : -*own;
        *own += p->weight[m];
        size += fabs(p->weight[m]);
    }
    return size;
}

/* Terms that nearly cancel: the errors of the rows stay small until no double of the state tells what is left. */
START_TEST(errors_of_terms_that_cancel)
{
    const int count = amount(96, 32);
    uint64_t random = 31;
    double least = 1;
    for (int i = 0; i < count; i++) {
        const state_size *s = &cancelling[i % 4];
        const double apart = pow(10, -1 - 5.5 * draw_unit(&random));
        cutropy_problem *problem = new_problem(s);
        ct_products *p = problem->products;
        cutropy_state *state = NULL;
        const double size = draw_cancelling(s, apart, &random, p);
        ck_assert_int_eq(ct_products_settle(p, true, NULL, "sum"), CUTROPY_OK);
        if (s->labelled)
            set_labels(s, 1 + (unsigned)i / 4 % 3, p);
        const uint64_t mask = 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2);
        MUST(cutropy_state_open(problem, NULL, &state));
        least = fmin(least, strtod(cutropy_state_norm(state), NULL) / size / size);
        cutropy_state_free(state);
        cutropy_result *got = must_run(problem, &mask, 1, "renyi:inf", 1, 1),
                       *whole = proved(problem, mask, "15");
        const cutropy_record *record = row_record(got, 0), *right = row_record(whole, 0);
        ck_assert_msg(fabs(record->entropy - right->entropy) <= record->entropy_err + 1e-15 &&
                          record->entropy_err < 2e-7,
                      "%d: %.17g +- %g, right %.17g", i, record->entropy, record->entropy_err,
                      right->entropy);
        ck_assert(fabs(record->renyi2 - right->renyi2) <= record->renyi2_err + 1e-15);
        ck_assert(fabs(record->extra[0] - right->extra[0]) <= record->extra_err[0] + 1e-15);
        cutropy_result_free(got);
        cutropy_result_free(whole);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(least < 1e-12, "%g", least);
}
END_TEST

/* Where next to nothing is left the bound shows, and holds. */
START_TEST(bounds_of_fine_cuts)
{
    uint64_t random = 37;
    double share = 0;
    for (int i = 0; i < amount(64, 16); i++) {
        const state_size *s = &cancelling[i % 4];
        cutropy_problem *problem = new_problem(s);
        draw_cancelling(s, pow(10, -7 - 3 * draw_unit(&random)), &random, problem->products);
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        if (s->labelled)
            set_labels(s, 1 + (unsigned)i / 4 % 3, problem->products);
        expect_fine(problem, 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2), false, &share);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(share > 1e-5, "%g", share);
}
END_TEST

/* ---- brackets ---- */

static cutropy_status run_bracket(const cutropy_problem *problem, uint64_t mask, int largest,
                                  const char *memory, const char *other, cutropy_result **got)
{
    char text[12];
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = &mask};
    snprintf(text, sizeof text, "%d", largest);
    cutropy_options *options = must_options(NULL);
    if (largest)
        ck_assert_int_eq(cutropy_options_set(options, "bracket", text), CUTROPY_OK);
    ck_assert_int_eq(cutropy_options_set(options, "memory", memory), CUTROPY_OK);
    if (other)
        ck_assert_int_eq(cutropy_options_set(options, other, "yes"), CUTROPY_OK);
    const cutropy_status status = cutropy_run(problem, &cuts, options, got);
    cutropy_options_free(options);
    return status;
}

/* What twice the working precision leaves nothing of is refused, and proved all the same. */
START_TEST(nothing_is_left_of_what_cancels)
{
    uint64_t random = 41;
    int refused = 0, proofs = 0;
    for (int i = 0; i < amount(64, 16); i++) {
        const state_size *s = &cancelling[i % 4];
        cutropy_problem *problem = new_problem(s);
        cutropy_result *got = NULL;
        draw_cancelling(s, pow(10, -12 - 3 * draw_unit(&random)), &random, problem->products);
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        if (s->labelled)
            set_labels(s, 1 + (unsigned)i / 4 % 3, problem->products);
        const uint64_t mask = 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2);
        const cutropy_status status = run_bracket(problem, mask, 0, "1G", NULL, &got);
        if (status == CUTROPY_OK) {
            ck_assert_msg(row_record(got, 0)->entropy_err < 0.05, "%d: %g", i,
                          row_record(got, 0)->entropy_err);
        } else {
            ck_assert_int_eq(status, CUTROPY_ENUMERIC);
            ck_assert_msg(strstr(cutropy_error(), "cancel") != NULL, "%s", cutropy_error());
            refused++;
            if (strstr(cutropy_error(), "--certify")) {
                cutropy_result_free(proved(problem, mask, "15"));
                proofs++;
            }
        }
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(refused >= 4 && proofs > 0, "%d %d", refused, proofs);
}
END_TEST

/* Brackets contain what all eigenvalues say, and many eigenvalues leave little. */
static double expect_bracket(const cutropy_problem *problem, uint64_t mask, int largest)
{
    cutropy_result *whole = proved(problem, mask, "15"), *got = NULL;
    const cutropy_record *right = row_record(whole, 0);
    ck_assert_msg(run_bracket(problem, mask, largest, "1G", NULL, &got) == CUTROPY_OK, "%s",
                  cutropy_error());
    const cutropy_record *record = row_record(got, 0);
    const double width = record->entropy_err;
    ck_assert_int_eq(record->guarantee, CUTROPY_GUARANTEE_BRACKET);
    ck_assert_msg(fabs(record->entropy - right->entropy) <= width,
                  "K = %d: %.17g +- %g, right %.17g", largest, record->entropy, width,
                  right->entropy);
    ck_assert_msg(fabs(record->purity - right->purity) <= record->purity_err &&
                      record->purity_err < 1e-6,
                  "%.17g +- %g, right %.17g", record->purity, record->purity_err, right->purity);
    ck_assert(fabs(record->renyi2 - right->renyi2) <= record->renyi2_err);
    ck_assert(record->rank_lo <= right->rank_hi && right->rank_lo <= record->rank_hi);
    cutropy_result_free(got);
    cutropy_result_free(whole);
    return width;
}

START_TEST(brackets_contain)
{
    static const state_size sizes[] = {{1, 4, 2, false, false, 1}, {9, 6, 2, false, false, 1},
                                       {6, 4, 3, false, true, 2},  {40, 6, 2, false, false, 1},
                                       {30, 5, 3, false, true, 3}, {2, 3, 2, false, false, 1}};
    static const int largest[] = {1, 3, 10, 64};
    uint64_t random = 17;
    for (int i = 0; i < amount(60, 12); i++) {
        const state_size *s = &sizes[i % 6];
        double *raw = NULL, *weight = NULL;
        cutropy_problem *problem = new_problem(s);
        draw_terms(s, &random, problem->products, &raw, &weight);
        for (int m = 0; m < s->terms && i % 4 == 3; m++) /* equal levels: both ends are S */
            for (int n = 0; n < s->sites; n++)
                for (int k = 0; k < s->dimension; k++)
                    ct_products_row(problem->products, n, k, 0)[m] = k == m % s->dimension;
        for (int m = 0; m < s->terms && i % 4 == 3; m++)
            problem->products->weight[m] = 1;
        ck_assert_int_eq(ct_products_settle(problem->products, i % 2, NULL, "sum"), CUTROPY_OK);
        if (s->labelled) {
            int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
            for (int m = 0; m < s->terms; m++)
                label[m] = m % s->classes;
            ct_products_label(problem->products, label, s->classes, 1 + (unsigned)i % 3);
        }
        for (size_t k = 0; k < 4; k++) {
            const double width = expect_bracket(
                problem, 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2), largest[k]);
            ck_assert_msg(largest[k] < 64 || width < 1e-4, "%d: %g", i, width);
        }
        free(raw);
        free(weight);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Terms that nearly cancel: rounding grows like (sum |y|)^2 / T, and is in the bracket, or the cut is refused. */
START_TEST(brackets_of_terms_that_cancel)
{
    static const state_size sizes[] = {{5, 3, 2, false, false, 1},
                                       {12, 4, 2, false, false, 1},
                                       {27, 4, 2, false, false, 1},
                                       {9, 3, 3, false, false, 1}};
    const int count = amount(240, 48);
    uint64_t random = 23;
    int refused = 0, wide = 0;
    for (int i = 0; i < count; i++) {
        const state_size *s = &sizes[i % 4];
        const double apart = pow(10, -1 - 3.5 * draw_unit(&random));
        cutropy_problem *problem = new_problem(s);
        ct_products *p = problem->products;
        cutropy_result *got = NULL, *whole = NULL;
        double sum = 0;
        for (int r = 0; r < s->sites * s->dimension; r++) {
            const double base = draw_unit(&random) - 0.3;
            for (int m = 0; m < s->terms; m++)
                p->factor[r * s->terms + m] = base + apart * (draw_unit(&random) - 0.5);
        }
        for (int m = 0; m < s->terms; m++) {
            p->weight[m] = m < s->terms - 1 ? draw_unit(&random) - 0.5 : -sum;
            sum += p->weight[m];
        }
        ck_assert_int_eq(ct_products_settle(p, true, NULL, "sum"), CUTROPY_OK);
        const uint64_t mask = 1 + draw_below(&random, (UINT64_C(1) << s->sites) - 2);
        const int largest = 1 + i % 7;
        const cutropy_status status = run_bracket(problem, mask, largest, "1G", NULL, &got);
        if (status != CUTROPY_OK) {
            ck_assert_msg(strstr(cutropy_error(), "the terms nearly cancel") != NULL, "%s",
                          cutropy_error());
            refused++;
        } else {
            whole = proved(problem, mask, "15");
            const cutropy_record *record = row_record(got, 0), *right = row_record(whole, 0);
            ck_assert_msg(fabs(record->entropy - right->entropy) <= record->entropy_err + 1e-15,
                          "%d: %.17g +- %g, right %.17g", i, record->entropy, record->entropy_err,
                          right->entropy);
            ck_assert_msg(fabs(record->purity - right->purity) <= record->purity_err + 1e-15,
                          "%d: %.17g +- %g, right %.17g", i, record->purity, record->purity_err,
                          right->purity);
            ck_assert(fabs(record->renyi2 - right->renyi2) <= record->renyi2_err + 1e-15);
            wide += record->purity_err > 1e-9;
        }
        cutropy_result_free(got);
        cutropy_result_free(whole);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(refused > count / 20 && wide > count / 20, "%d, %d", refused, wide);
}
END_TEST

/* Where no matrix fits the memory a line says what does; brackets are not for everything. */
START_TEST(brackets_take_less_memory)
{
    cutropy_result *got = NULL;
    cutropy_plan *plan = NULL;
    const uint64_t half = 0xffffffff;
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = (uint64_t *)&half};
    cutropy_problem *problem = must_problem("data:images=digits,first=700,theta=0.2", NULL);
    ck_assert_int_eq(run_bracket(problem, half, 0, "15M", NULL, &got), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "--bracket K"));
    ck_assert_int_eq(run_bracket(problem, half, 0, "1G", NULL, &got), CUTROPY_OK);
    const double right = row_record(got, 0)->entropy;
    cutropy_result_free(got);
    ck_assert_int_eq(run_bracket(problem, half, 60, "15M", NULL, &got), CUTROPY_OK);
    ck_assert(fabs(row_record(got, 0)->entropy - right) <= row_record(got, 0)->entropy_err);
    ck_assert(row_record(got, 0)->entropy_err < 0.01);
    cutropy_result_free(got);
    ck_assert_int_eq(run_bracket(problem, half, 60, "2M", NULL, &got), CUTROPY_EMEMORY);
    ck_assert_int_eq(run_bracket(problem, half, 60, "1G", "certify", &got), CUTROPY_EUNSUPPORTED);
    cutropy_options *options = must_options("bracket", "60", NULL);
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, options, &plan), CUTROPY_OK);
    ck_assert(plan->operations > 4.0 * 700 * 700 * 700 && plan->workspace_bytes < 15 << 20);
    cutropy_plan_free(plan);
    ck_assert_int_eq(cutropy_options_set(options, "bracket", NULL), CUTROPY_OK);
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, options, &plan), CUTROPY_OK);
    ck_assert(plan->operations == 0);
    cutropy_plan_free(plan);
    ck_assert_int_eq(cutropy_options_set(options, "certify", "yes"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, options, &plan), CUTROPY_OK);
    const double certified = plan->operations;
    cutropy_plan_free(plan);
    ck_assert(certified > 40.0 * 700 * 700 * 700);
    ck_assert_int_eq(cutropy_options_set(options, "digits", "100"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, options, &plan), CUTROPY_OK);
    ck_assert(plan->operations > 20 * certified);
    cutropy_plan_free(plan);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    problem = must_problem("parity", NULL);
    ck_assert_int_eq(run_bracket(problem, 1, 5, "1G", NULL, &got), CUTROPY_EUNSUPPORTED);
    cutropy_problem_free(problem);
    problem = must_problem("data:images=digits,first=20,map=phase", NULL);
    ck_assert_int_eq(run_bracket(problem, 1, 5, "1G", NULL, &got), CUTROPY_EUNSUPPORTED);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- matrix product states ---- */

/* Numbers of a site, always as pairs. */
static double *site_of(const cutropy_mps *mps, int k, bool is_complex)
{
    const size_t numbers = (size_t)(cutropy_mps_bond(mps, k) * cutropy_mps_bond(mps, k + 1) *
                                    cutropy_mps_dimension(mps, k));
    double *pair = calloc(2 * numbers, sizeof *pair);
    ck_assert(pair != NULL);
    ck_assert_int_eq(cutropy_mps_kind(mps, k),
                     is_complex ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL);
    ck_assert_int_eq(cutropy_mps_reals(mps, k, pair), CUTROPY_OK);
    for (size_t i = numbers; i-- > 0 && !is_complex;) {
        pair[2 * i] = pair[i];
        pair[2 * i + 1] = 0;
    }
    return pair;
}

/* The amplitude of the numbers of all sites. */
static void amplitude_of(const cutropy_mps *mps, double *const *site, const int *number,
                         double out[2])
{
    double row[2 * 128] = {1, 0}, next[2 * 128];
    for (int k = 0; k < cutropy_mps_sites(mps); k++) {
        const int64_t left = cutropy_mps_bond(mps, k), right = cutropy_mps_bond(mps, k + 1);
        const int d = cutropy_mps_dimension(mps, k);
        ck_assert_int_le(right, 128);
        memset(next, 0, sizeof next);
        for (int64_t i = 0; i < left && number[k] < d; i++)
            for (int64_t j = 0; j < right; j++) {
                const double *a = site[k] + 2 * ((i * d + number[k]) * right + j);
                next[2 * j] += row[2 * i] * a[0] - row[2 * i + 1] * a[1];
                next[2 * j + 1] += row[2 * i] * a[1] + row[2 * i + 1] * a[0];
            }
        memcpy(row, next, sizeof row);
    }
    out[0] = row[0];
    out[1] = row[1];
}

static void expect_isometry(const cutropy_mps *mps, int k, const double *site)
{
    const int64_t left = cutropy_mps_bond(mps, k),
                  columns = cutropy_mps_bond(mps, k + 1) * cutropy_mps_dimension(mps, k);
    for (int64_t i = 0; i < left; i++)
        for (int64_t j = 0; j < left; j++) {
            double re = -(i == j), im = 0;
            for (int64_t c = 0; c < columns; c++) {
                const double *a = site + 2 * (i * columns + c), *b = site + 2 * (j * columns + c);
                re += a[0] * b[0] + a[1] * b[1];
                im += a[1] * b[0] - a[0] * b[1];
            }
            ck_assert(hypot(re, im) < 1e-13);
        }
}

/* || psi / |psi| - MPS || <= its error, which is small without a cutoff and not much larger than that with one. */
static void expect_mps(const state_size *s, const cutropy_problem *problem, const double *psi,
                       const int *order, double cutoff)
{
    cutropy_mps *mps = NULL;
    cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
    const int bits = qubits_of(s->dimension), parts = s->is_complex ? 2 : 1;
    const int sites = s->sites + s->labelled;
    const size_t size = (size_t)1 << (bits * s->sites + (s->labelled ? qubits_of(s->classes) : 0));
    double *site[12], norm = 0, off = 0;
    wanted.form = CUTROPY_MPS_ORTHOGONAL;
    wanted.cutoff = cutoff;
    wanted.order = order;
    cutropy_state *state = must_levels(problem, NULL);
    MUST(cutropy_mps_make(state, &wanted, NULL, &mps));
    cutropy_state_free(state);
    ck_assert_int_eq(cutropy_mps_sites(mps), sites);
    for (int k = 0; k < sites; k++) {
        site[k] = site_of(mps, k, s->is_complex);
        if (k)
            expect_isometry(mps, k, site[k]);
    }
    for (size_t i = 0; i < size * (size_t)parts; i++)
        norm += psi[i] * psi[i];
    norm = sqrt(norm);
    for (size_t index = 0; index < size; index++) {
        int number[12];
        double got[2];
        for (int k = 0; k < s->sites; k++)
            number[k] = (int)(index >> (bits * (order ? order[k] : k))) & ((1 << bits) - 1);
        if (s->labelled)
            number[s->sites] = (int)(index >> (bits * s->sites));
        amplitude_of(mps, site, number, got);
        const double re = got[0] - psi[(size_t)parts * index] / norm,
                     im = got[1] - (parts == 2 ? psi[2 * index + 1] / norm : 0);
        off += re * re + im * im;
    }
    off = sqrt(off);
    const double error = cutropy_mps_error(mps);
    ck_assert_msg(off <= error + 1e-14, "d=%d M=%d: off by %g, error %g", s->dimension, s->terms,
                  off, error);
    ck_assert_msg(error < (cutoff > 0 ? 1.5 * off + 1e-9 : 1e-9), "off by %g, error %g", off,
                  error);
    for (int k = 0; k < sites; k++)
        free(site[k]);
    cutropy_mps_free(mps);
}

START_TEST(matrix_product_states)
{
    static const state_size sizes[] = {{1, 3, 2, false, false, 1}, {9, 6, 2, false, false, 1},
                                       {9, 6, 2, true, false, 1},  {6, 4, 3, true, false, 1},
                                       {20, 4, 3, false, true, 3}, {40, 6, 2, false, false, 1},
                                       {7, 5, 2, true, true, 2},   {12, 1, 2, false, true, 4}};
    const int order[] = {2, 0, 3, 1, 5, 4};
    uint64_t random = 23;
    for (int i = 0; i < amount(32, 8); i++) {
        const state_size *s = &sizes[i % 8];
        double *raw = NULL, *weight = NULL;
        int qubits;
        cutropy_problem *problem = new_problem(s);
        draw_terms(s, &random, problem->products, &raw, &weight);
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        if (s->labelled) {
            int32_t *label = ct_alloc((size_t)s->terms, sizeof *label);
            for (int m = 0; m < s->terms; m++)
                label[m] = m % s->classes;
            ct_products_label(problem->products, label, s->classes, 1 + (unsigned)i / 8 % 2);
        }
        double *psi = dense_state(s, raw, weight, problem->products->label, &qubits);
        expect_mps(s, problem, psi, s->sites == 6 && i / 8 % 2 ? order : NULL,
                   i / 16 % 2 ? 0.01 : 0);
        free(psi);
        free(raw);
        free(weight);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Every site has all d numbers, whether they occur there or not. */
START_TEST(sizes_of_sites)
{
    static const char *const texts[] = {
        "data:images=digits,map=levels,bins=4,first=20",
        "data:images=digits,map=levels,bins=2,first=20,label=onehot",
        "data:images=digits,first=20"};
    static const int d[] = {4, 2, 2};
    for (int i = 0; i < 3; i++) {
        cutropy_mps *mps = NULL;
        cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
        wanted.form = CUTROPY_MPS_ORTHOGONAL;
        cutropy_problem *problem = must_problem(texts[i], NULL);
        cutropy_state *state = must_levels(problem, NULL);
        ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_OK);
        for (int k = 0; k < 64; k++)
            ck_assert_int_eq(cutropy_mps_dimension(mps, k), d[i]);
        ck_assert_double_le(cutropy_mps_error(mps), 1e-9);
        cutropy_mps_free(mps);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Other forms, two labels and too little memory are refused in a line. */
START_TEST(mps_that_are_not_made)
{
    static const char *const texts[] = {"data:images=digits,first=20",
                                        "data:images=digits,first=20,label=onehot,label_side=both",
                                        "data:images=digits,first=900"};
    static const char *const words[] = {"take the form orthogonal", "one label", "--memory"};
    static const cutropy_status codes[] = {CUTROPY_EUNSUPPORTED, CUTROPY_EUNSUPPORTED,
                                           CUTROPY_EMEMORY};
    for (int i = 0; i < 3; i++) {
        cutropy_mps *mps = NULL;
        cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
        wanted.form = i ? CUTROPY_MPS_ORTHOGONAL : CUTROPY_MPS_RANK;
        cutropy_problem *problem = must_problem(texts[i], NULL);
        cutropy_options *options = must_options("memory", "60M", NULL);
        cutropy_state *state = must_levels(problem, NULL);
        ck_assert_int_eq(cutropy_mps_make(state, &wanted, options, &mps), codes[i]);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), words[i]));
        cutropy_options_free(options);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- identities ---- */

/* Entropies of masks and their errors. */
static void entropies(const cutropy_problem *problem, const uint64_t *mask, size_t count,
                      double *value, double *error, int threads)
{
    cutropy_result *got = must_run(problem, mask, count, NULL, threads, 1);
    for (size_t i = 0; i < count; i++) {
        value[i] = row_record(got, i)->entropy;
        error[i] = row_record(got, i)->entropy_err;
    }
    cutropy_result_free(got);
}

static const uint64_t some_masks[] = {0xff,   0xf0f0f0f0f0f0f0f, 0x3c3c3c3c0000,    0x8001,
                                      0x1000, 0xffffffff,        0x183c7effffff7e3c};
#define MASKS (sizeof some_masks / sizeof *some_masks)

/* S of A alone is S of the rest with the label, and I(A:label) + I(rest:label) = 2 S(label). */
START_TEST(labels_stand_on_either_side)
{
    static const char text[] = "data:images=digits,per_class=7,label=onehot,label_side=%s";
    char side[80];
    uint64_t rest[MASKS];
    const uint64_t none = 0;
    double alone[MASKS], others[MASKS], error[2][MASKS], label, own;
    snprintf(side, sizeof side, text, "b");
    cutropy_problem *b = must_problem(side, NULL);
    snprintf(side, sizeof side, text, "a");
    cutropy_problem *a = must_problem(side, NULL);
    for (size_t i = 0; i < MASKS; i++)
        rest[i] = ~some_masks[i];
    entropies(b, some_masks, MASKS, alone, error[0], 2);
    entropies(a, rest, MASKS, others, error[1], 2);
    entropies(a, &none, 1, &label, &own, 1);
    for (size_t i = 0; i < MASKS; i++)
        ck_assert(fabs(alone[i] - others[i]) <= error[0][i] + error[1][i]);
    double with[MASKS], left[MASKS], more[2][MASKS];
    entropies(a, some_masks, MASKS, with, more[0], 2); /* S(A label) */
    entropies(b, rest, MASKS, left, more[1], 2);       /* S(rest) */
    for (size_t i = 0; i < MASKS; i++) {
        const double first = alone[i] + label - with[i], second = left[i] + label - others[i];
        ck_assert(fabs(first + second - 2 * label) <=
                  error[0][i] + error[1][i] + more[0][i] + more[1][i] + 4 * own);
        ck_assert(first > -1e-9 && first < 2 * label + 1e-9);
        ck_assert(fabs(alone[i] - with[i]) > 1e-3); /* the label says something */
    }
    cutropy_problem_free(a);
    cutropy_problem_free(b);
}
END_TEST

/* A copy of the label on both sides: the classes apart, with their weights. */
START_TEST(two_labels_are_a_mixture)
{
    const uint64_t mask = 0xffffffff;
    double whole, error, norm = 0, sum = 0;
    cutropy_problem *both =
        must_problem("data:images=digits,per_class=5,label=onehot,label_side=both", NULL);
    entropies(both, &mask, 1, &whole, &error, 1);
    cutropy_problem_free(both);
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < 10; k++) {
            char text[60];
            double own, more;
            snprintf(text, sizeof text, "data:images=digits,per_class=5,label=class:%d", k);
            cutropy_problem *one = must_problem(text, NULL);
            cutropy_state *state = must_state(one, NULL);
            const double weight = strtod(cutropy_state_norm(state), NULL);
            entropies(one, &mask, 1, &own, &more, 1);
            if (pass)
                sum += weight / norm * (own - log2(weight / norm));
            else
                norm += weight;
            cutropy_state_free(state);
            cutropy_problem_free(one);
        }
    ck_assert_msg(fabs(sum - whole) < 1e-9, "%.17g, apart %.17g", whole, sum);
}
END_TEST

/* Terms in another order, sites in another order, and a term as two halves. */
START_TEST(orders_and_splittings)
{
    const state_size size = {12, 8, 2, false, false, 1}, more = {13, 8, 2, false, false, 1};
    uint64_t random = 3, mask = 0x17, moved = 0;
    double *raw = NULL, *weight = NULL, value[4], error[4];
    cutropy_problem *plain = new_problem(&size), *turned = new_problem(&size),
                    *split = new_problem(&more), *sites = new_problem(&size);
    draw_terms(&size, &random, plain->products, &raw, &weight);
    for (int r = 0; r < 16; r++) {
        const double *from = raw + 12 * r;
        const int site = (r / 2 * 3 + 1) % 8;
        for (int m = 0; m < 12; m++) {
            turned->products->factor[12 * r + m] = from[(5 * m + 2) % 12];
            split->products->factor[13 * r + m] = from[m];
            sites->products->factor[12 * (2 * site + r % 2) + m] = from[m];
        }
        split->products->factor[13 * r + 12] = from[4];
        if (mask >> (r / 2) & 1)
            moved |= UINT64_C(1) << site;
    }
    for (int m = 0; m < 12; m++) {
        turned->products->weight[m] = weight[(5 * m + 2) % 12];
        split->products->weight[m] = weight[m];
        sites->products->weight[m] = weight[m];
    }
    split->products->weight[4] = split->products->weight[12] = weight[4] / 2;
    cutropy_problem *all[] = {plain, turned, split, sites};
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(ct_products_settle(all[i]->products, true, NULL, "sum"), CUTROPY_OK);
        entropies(all[i], i == 3 ? &moved : &mask, 1, &value[i], &error[i], 1);
        ck_assert(value[0] > 0.1);
        ck_assert_msg(fabs(value[i] - value[0]) <= error[i] + error[0], "%d: %.17g, %.17g", i,
                      value[i], value[0]);
        cutropy_problem_free(all[i]);
    }
    free(raw);
    free(weight);
}
END_TEST

/* The norms that normalise=no keeps are those of the dense state: exponents far beyond doubles included. */
START_TEST(norms_stay_in_the_weights)
{
    const state_size size = {3, 4, 2, false, false, 1};
    for (int far = 0; far < 2; far++) {
        cutropy_problem *problem = new_problem(&size);
        uint64_t random = 9;
        double *raw = NULL, *weight = NULL, right = 0;
        int qubits;
        draw_terms(&size, &random, problem->products, &raw, &weight);
        double *psi = dense_state(&size, raw, weight, NULL, &qubits);
        for (int i = 0; i < 1 << qubits; i++)
            right += psi[i] * psi[i];
        for (int i = 0; far && i < 24; i++)
            problem->products->factor[i] = ldexp(problem->products->factor[i], 900);
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        cutropy_state *state = must_state(problem, NULL);
        const long double got = strtold(cutropy_state_norm(state), NULL);
        const long double error = strtold(cutropy_state_norm_error(state), NULL);
        ck_assert(fabsl(ldexpl(got, far ? -2 * 4 * 900 : 0) - (long double)right) <=
                  ldexpl(error, far ? -2 * 4 * 900 : 0));
        ck_assert(error > 0 && error < 1e-12L * got);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
        free(raw);
        free(weight);
        free(psi);
    }
}
END_TEST

/* Phases of terms that are orthogonal on one side change no entropy, whatever the sizes of factors and weights are. */
START_TEST(complex_weights)
{
    static const state_size size = {2, 2, 2, true, false, 1};
    static const double turn[2][4] = {{M_SQRT2, 0, M_SQRT2, 0}, {1, 1, 1, -1}};
    static const int powers[] = {0, -660, 660, -1000, 1000};
    const uint64_t mask = 1;
    /* eigenvalues of the Gram matrix (1.09, 1; 1, 1.49) */
    const double root = sqrt(0.04 + 1), p = (1.29 + root) / 2.58,
                 right = -p * log2(p) - (1 - p) * log2(1 - p);
    for (int i = 0; i < 5 * 5 * 2; i++) {
        cutropy_problem *problem = new_problem(&size);
        const double column[8] = {1, .7, 0, 0, .3, 1, 0, 0}, unit[8] = {1, 0, 0, 0, 0, 1, 0, 0};
        double value, error, own[4];
        for (int k = 0; k < 8; k++) {
            problem->products->factor[k] = ldexp(column[k], powers[i / 2 % 5]);
            problem->products->factor[8 + k] = unit[k];
        }
        for (int k = 0; k < 4; k++)
            own[k] = ldexp(turn[i % 2][k], powers[i / 10]);
        ck_assert_int_eq(ct_products_settle(problem->products, true, own, "sum"), CUTROPY_OK);
        entropies(problem, &mask, 1, &value, &error, 1);
        ck_assert_msg(fabs(value - right) <= error && fabs(value - right) < 1e-14 && error < 1e-12,
                      "%d: %.17g, right %.17g, error %.3g", i, value, right, error);
        cutropy_result *sure = proved(problem, mask, "20");
        ck_assert(fabs(strtod(row_record(sure, 0)->exact->entropy[0], NULL) - right) < 1e-14);
        ck_assert_int_eq(row_record(sure, 0)->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
        ck_assert(row_record(sure, 0)->rank_lo == 2);
        cutropy_result_free(sure);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Four parts (1, x) (x) (1, x^2) are independent, which doubles see unless the x are close; four of (1, x) (x) (1, x) are not, and nothing may
 * prove it. */
START_TEST(independent_parts)
{
    static const state_size size = {4, 4, 2, false, false, 1};
    const uint64_t mask = 3;
    for (int k = 0; k < 3; k++) {
        cutropy_problem *problem = new_problem(&size);
        ct_products *p = problem->products;
        ct_product_side side[2];
        ct_near_block made;
        for (int m = 0; m < 4; m++) {
            const double x = k == 2 ? m * 0x1p-30 : m;
            const double number[8] = {1, x, 1, k ? x * x : x, !(m & 1), m & 1, !(m & 2), m >> 1};
            for (int i = 0; i < 8; i++)
                p->factor[4 * i + m] = number[i];
        }
        ck_assert_int_eq(ct_products_settle(p, true, NULL, "sum"), CUTROPY_OK);
        for (int s = 0; s < 2; s++)
            ck_assert_int_eq(ct_product_side_find(p, &mask, s == 0, &side[s]), CUTROPY_OK);
        ck_assert_int_eq(side[0].count, 4);
        ck_assert_int_eq(ct_product_block_make(&p->exact, side, 500, true, 1, &made), CUTROPY_OK);
        ck_assert_int_eq(made.full_rank, k > 0);
        ct_near_block_free(&made);
        ct_product_side_free(&side[0]);
        ct_product_side_free(&side[1]);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* A rank of 2 whose second part no double holds is a bracket. */
START_TEST(light_terms_count)
{
    static const state_size size = {2, 3, 2, false, false, 1};
    const uint64_t mask = 1;
    for (int k = 0; k < 4; k++) {
        cutropy_problem *problem = new_problem(&size);
        double *factor = problem->products->factor;
        for (int i = 0; i < 12; i++)
            factor[i] = i % 4 == 0 || i % 4 == 3; /* e_0 e_0 e_0 + e_1 e_1 e_1 */
        if (k == 0)                               /* 2^-3222 of the other */
            factor[3] = factor[7] = factor[11] = 0x1p-1074;
        if (k == 1)
            problem->products->weight[1] = 0x1p-1074;
        for (int i = 0; i < 12 && k == 2; i++) /* numbers of one factor, 2^-2000 apart */
            factor[i] = i % 4 < 2 ? 0x1p1000 : i % 4 == 2 ? 0x1p-1000 : 0x1p-1001;
        for (int i = 0; i < 12 && k == 3; i++) /* factors that are equal as doubles of norm 1 */
            factor[i] = i % 4 == 3 ? 0x1p-1074 : i % 4 == 2 ? 0 : i % 2 ? 1 - 0x1p-53 : 1;
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        cutropy_result *got = must_run(problem, &mask, 1, NULL, 1, 1);
        const cutropy_record *record = row_record(got, 0);
        ck_assert_msg(record->rank_lo <= 1 && record->rank_hi == 2, "%d: %lld..%lld", k,
                      (long long)record->rank_lo, (long long)record->rank_hi);
        ck_assert(fabs(record->entropy) <= record->entropy_err);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Two terms that cancel have no state; what cancels in part says so in its error. */
START_TEST(terms_that_cancel)
{
    const state_size size = {2, 3, 2, false, false, 1};
    for (int k = 0; k < 2; k++) {
        cutropy_problem *problem = new_problem(&size);
        cutropy_state *state = NULL;
        for (int i = 0; i < 12; i++)
            problem->products->factor[i] = i % 2 && i < 4 && k ? 0.5 + 1e-3 : 0.5;
        problem->products->weight[1] = -1;
        ck_assert_int_eq(ct_products_settle(problem->products, true, NULL, "sum"), CUTROPY_OK);
        const cutropy_status status = cutropy_state_open(problem, NULL, &state);
        ck_assert_int_eq(status, k ? CUTROPY_OK : CUTROPY_ENUMERIC);
        if (!k)
            ck_assert_ptr_nonnull(strstr(cutropy_error(), "the terms nearly cancel"));
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(threads_change_nothing)
{
    double value[3][MASKS], error[3][MASKS];
    cutropy_problem *problem = must_problem("data:images=digits,first=150", NULL);
    for (int t = 0; t < 3; t++)
        entropies(problem, some_masks, MASKS, value[t], error[t], t + 1);
    ck_assert(!memcmp(value[0], value[1], sizeof value[0]));
    ck_assert(!memcmp(value[0], value[2], sizeof value[0]));
    ck_assert(!memcmp(error[0], error[1], sizeof error[0]));
    cutropy_problem_free(problem);
}
END_TEST

/* h + r k r^H, plainly. */
static void plain_congruence(size_t parts, int64_t rows, int64_t n, const double *r,
                             const double *k, double *h)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = i; j < rows; j++)
            for (int64_t a = 0; a < n; a++)
                for (int64_t b = 0; b < n; b++) {
                    const double *x = r + parts * (size_t)(i * n + a),
                                 *y = r + parts * (size_t)(j * n + b),
                                 *z = k + parts * (size_t)(a * n + b);
                    double *to = h + parts * (size_t)(i * rows + j);
                    if (parts == 1) {
                        to[0] += x[0] * z[0] * y[0];
                        continue;
                    }
                    const double re = x[0] * z[0] - x[1] * z[1], im = x[0] * z[1] + x[1] * z[0];
                    to[0] += re * y[0] + im * y[1];
                    to[1] += im * y[0] - re * y[1];
                }
}

/* Rows beyond one band, columns of several heights (some alike, some beyond the last row), real and complex. */
START_TEST(congruences)
{
    static const int64_t rows[] = {1, 3, 95, 96, 97, 120}, columns[] = {1, 2, 7, 20, 33, 40};
    const ct_operations *operations = ct_operations_cpu();
    uint64_t random = 5;
    ck_assert_int_eq(operations->start(2), CUTROPY_OK);
    for (int i = 0; i < 24; i++) {
        const int64_t m = rows[i % 6], n = columns[(i + i / 6) % 6];
        const size_t parts = 1 + (size_t)(i / 6 % 2), size = parts * (size_t)(m * m);
        int64_t height[40];
        double *r = calloc(parts * (size_t)(m * n), sizeof *r), k[2 * 40 * 40];
        double *h = calloc(2 * size, sizeof *h), *plain = h + size;
        ck_assert(r && h);
        for (int64_t j = 0; j < n; j++)
            height[j] = i < 12 ? m : (j / 2 * 2 + 1) * m / n;
        for (int64_t a = 0; a < m; a++)
            for (int64_t j = 0; j < n; j++)
                for (size_t c = 0; c < parts && a < height[j]; c++)
                    r[parts * (size_t)(a * n + j) + c] = draw_unit(&random) - 0.5;
        for (int64_t a = 0; a < n; a++)
            for (int64_t b = a; b < n; b++)
                for (size_t c = 0; c < parts; c++) {
                    const double x = c && a == b ? 0 : draw_unit(&random) - 0.5;
                    k[parts * (size_t)(a * n + b) + c] = x;
                    k[parts * (size_t)(b * n + a) + c] = c ? -x : x;
                }
        for (size_t c = 0; c < size; c++)
            h[c] = plain[c] = draw_unit(&random);
        plain_congruence(parts, m, n, r, k, plain);
        ck_assert_int_eq(
            operations->congruence(parts == 2, m, n, r, i < 6 ? NULL : height, k, h, 2),
            CUTROPY_OK);
        for (int64_t a = 0; a < m; a++)
            for (size_t c = parts * (size_t)(a * m + a); c < parts * (size_t)((a + 1) * m); c++)
                ck_assert_msg(fabs(h[c] - plain[c]) < 1e-12, "%d: %g, right %g", i, h[c], plain[c]);
        free(r);
        free(h);
    }
    operations->stop();
}
END_TEST

CHECK_MAIN("products", brute_force, congruences, thirty_decimals, blocks_of_few_bits, fine_cuts,
           fine_norms, norms_of_nearly_orthogonal_terms, bounds_of_fine_cuts,
           nothing_is_left_of_what_cancels, errors_of_terms_that_cancel, brackets_contain,
           brackets_of_terms_that_cancel, brackets_take_less_memory, matrix_product_states,
           sizes_of_sites, mps_that_are_not_made, labels_stand_on_either_side,
           two_labels_are_a_mixture, orders_and_splittings, norms_stay_in_the_weights,
           complex_weights, independent_parts, light_terms_count, terms_that_cancel,
           threads_change_nothing)
