/* SPDX-License-Identifier: Apache-2.0 */
/* Exact spectra: against spectra that are known, a slow polynomial of its own, closed forms read
 * back, and all of data/entropies.csv to its 40 digits. */
#include <math.h>
#include <string.h>

#include "certify_support.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/options.h"
#include "ref/support.h"

#include "certify/algebra_parts.h"
#include "certify/digits.h"
#include "engine/cut/cut_rank.h"
#include "engine/prove/proof.h"
#include "engine/prove/prove.h"
#include "engine/run/run.h"

#define WORK 1e10

static ct_algebra *must_create(uint64_t norm)
{
    ct_algebra *algebra = NULL;
    ck_assert_msg(algebra_create(norm, &algebra) == CUTROPY_OK, "%s", cutropy_error());
    return algebra;
}

static void must_add(ct_algebra *algebra, int64_t n, const int64_t *gram, const uint64_t *weight)
{
    bool added = false;
    ck_assert_msg(algebra_add(algebra, n, gram, weight, WORK, &added) == CUTROPY_OK, "%s",
                  cutropy_error());
    ck_assert(added);
}

/* S, or a Renyi entropy; the caller frees the text. */
static char *must_entropy(ct_algebra *algebra, double alpha, ct_unit unit, int decimals)
{
    ct_decimal out;
    MUST(ct_algebra_entropy(algebra, alpha, unit, decimals, &out));
    ck_assert_int_eq(out.decimals, decimals);
    ck_assert_ptr_nonnull(out.text);
    return out.text;
}

static void expect_entropy(ct_algebra *algebra, double alpha, ct_unit unit, int decimals,
                           const char *expected)
{
    char *text = must_entropy(algebra, alpha, unit, decimals);
    ck_assert_str_eq(text, expected);
    ct_free(text);
}

static void expect_form(const ct_algebra *algebra, ct_unit unit, const char *expected)
{
    char *text = NULL;
    ck_assert_int_eq(ct_algebra_closed_form(algebra, unit, &text), CUTROPY_OK);
    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, expected);
    ct_free(text);
}

static void expect_moment(const ct_algebra *algebra, int power, const char *expected)
{
    char *text = NULL;
    ck_assert_int_eq(ct_algebra_moment(algebra, power, &text), CUTROPY_OK);
    ck_assert_str_eq(text, expected);
    ct_free(text);
}

/* ---- reading closed forms back ---- */

/* A value in nats of text such as "38/27 + 3*log2(3) - (10/27)*log2(5)" or
 * "-38/27*log(2) +3*log(3)". */
static void read_form(arb_t out, const char *text, slong bits)
{
    arb_t term, log2;
    fmpq_t q;
    arb_init(term);
    arb_init(log2);
    fmpq_init(q);
    arb_const_log2(log2, bits);
    arb_zero(out);
    while (*text) {
        char number[512], clean[512];
        int sign = 1, used = 0;
        size_t kept = 0;
        unsigned long prime = 0;
        for (; *text == ' ' || *text == '+' || *text == '-'; text++)
            if (*text == '-')
                sign = -1;
        strcpy(number, "1");
        if (*text != 'l') {
            ck_assert_int_eq(sscanf(text, "%500[0-9/()]%n", number, &used), 1);
            text += used;
            text += *text == '*';
        }
        for (size_t i = 0; number[i]; i++)
            if (number[i] != '(' && number[i] != ')')
                clean[kept++] = number[i];
        clean[kept] = 0;
        ck_assert_int_eq(fmpq_set_str(q, clean, 10), 0);
        arb_set_fmpq(term, q, bits);
        if (!strncmp(text, "log2(", 5) || !strncmp(text, "log(", 4)) {
            arb_t logarithm;
            const bool binary = text[3] == '2';
            prime = strtoul(text + (binary ? 5 : 4), NULL, 10);
            ck_assert_uint_gt(prime, binary ? 2 : 1);
            arb_init(logarithm);
            arb_log_ui(logarithm, prime, bits);
            arb_mul(term, term, logarithm, bits);
            arb_clear(logarithm);
            text = strchr(text, ')');
            ck_assert_ptr_nonnull(text);
            text++;
        } else {
            arb_mul(term, term, log2, bits); /* a number of bits */
        }
        arb_mul_si(term, term, sign, bits);
        arb_add(out, out, term, bits);
        while (*text == ' ')
            text++;
    }
    fmpq_clear(q);
    arb_clear(log2);
    arb_clear(term);
}

/* The decimal text is within half a unit of its last place of the value. */
static void check_decimal(const arb_t value, const char *text)
{
    arb_t written, gap;
    const char *point = strchr(text, '.');
    const slong places = point ? (slong)strlen(point + 1) : 0;
    arb_init(written);
    arb_init(gap);
    ck_assert_int_eq(arb_set_str(written, text, 4096), 0);
    arb_sub(gap, written, value, 4096);
    arb_abs(gap, gap);
    arb_mul_si(gap, gap, 2, 4096);
    arb_set_ui(written, 10);
    arb_pow_ui(written, written, (ulong)places, 4096);
    arb_mul(gap, gap, written, 4096);
    arb_sub_ui(gap, gap, 1, 4096);
    arf_t upper; /* 2 |text - value| 10^places <= 1 */
    arf_init(upper);
    arb_get_lbound_arf(upper, gap, 64);
    ck_assert_msg(arf_sgn(upper) <= 0, "%s is not the rounded value", text);
    arf_clear(upper);
    arb_clear(gap);
    arb_clear(written);
}

/* ---- known spectra ---- */

START_TEST(single_entries)
{
    const int64_t one[] = {1}, three[] = {3};
    const uint64_t w1[] = {1}, w2[] = {2};
    ct_algebra *a = must_create(8);
    for (int i = 0; i < 8; i++)
        must_add(a, 1, one, w1);
    ck_assert(ct_algebra_complete(a));
    ck_assert_int_eq(ct_algebra_rank(a), 8);
    ck_assert_int_eq(ct_algebra_distinct(a), 1);
    expect_form(a, CT_UNIT_BITS, "3");
    expect_form(a, CT_UNIT_NATS, "3*log(2)");
    expect_entropy(a, 1, CT_UNIT_BITS, 5, "3.00000");
    expect_entropy(a, 1, CT_UNIT_BITS, 0, "3");
    expect_entropy(a, 1, CT_UNIT_NATS, 30, "2.079441541679835928251696364375");
    expect_entropy(a, INFINITY, CT_UNIT_BITS, 8, "3.00000000");
    expect_moment(a, 2, "1/8");
    expect_moment(a, 3, "1/64");
    ct_algebra_free(a);

    a = must_create(1); /* a product state */
    must_add(a, 1, one, w1);
    expect_form(a, CT_UNIT_BITS, "0");
    expect_form(a, CT_UNIT_NATS, "0");
    expect_entropy(a, 1, CT_UNIT_NATS, 3, "0.000");
    expect_entropy(a, 2, CT_UNIT_NATS, 3, "0.000");
    expect_moment(a, 2, "1");
    ct_algebra_free(a);

    a = must_create(12); /* 1/2, 1/2: 3 * 2 twice */
    must_add(a, 1, three, w2);
    ck_assert(!ct_algebra_complete(a));
    must_add(a, 1, three, w2);
    ck_assert(ct_algebra_complete(a));
    expect_form(a, CT_UNIT_BITS, "1");
    ct_algebra_free(a);

    a = must_create(9); /* log 3 - (8/9 + ...): 1/9, 2/9, 6/9 */
    const int64_t two[] = {2};
    must_add(a, 1, one, w1);
    must_add(a, 1, two, w1);
    must_add(a, 1, three, w2);
    expect_form(a, CT_UNIT_BITS, "-8/9 + (4/3)*log2(3)");
    expect_form(a, CT_UNIT_NATS, "-(8/9)*log(2) + (4/3)*log(3)");
    ct_algebra_free(a);
}
END_TEST

/* S = 5/2 bits in all and 1/4, 1/4, 1/2: ties of exact values go to even. */
START_TEST(exact_ties)
{
    const int64_t one[] = {1}, two[] = {2};
    const uint64_t w[] = {1};
    ct_algebra *a = must_create(4);
    must_add(a, 1, one, w);
    must_add(a, 1, one, w);
    must_add(a, 1, two, w);
    expect_form(a, CT_UNIT_BITS, "3/2");
    expect_entropy(a, 1, CT_UNIT_BITS, 0, "2");
    expect_entropy(a, 1, CT_UNIT_BITS, 1, "1.5");
    ct_eigenvalue *list = NULL;
    size_t count = 0;
    ck_assert_int_eq(ct_algebra_spectrum(a, 1, &list, &count), CUTROPY_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(list[0].decimal.text, "0.5");
    ck_assert_str_eq(list[1].decimal.text, "0.2");
    ck_assert_int_eq(list[1].multiplicity, 2);
    ct_eigenvalues_free(list, count);
    ct_algebra_free(a);
}
END_TEST

/* 2 x 2: (a + d +- sqrt((a - d)^2 + 4 b^2)) / 2, rational and not, and the same eigenvalues from
 * several blocks. */
START_TEST(two_by_two)
{
    const int64_t rational[] = {2, 2, 0, 5}, golden[] = {2, 1, 0, 1};
    const uint64_t w[] = {1, 1};
    ct_algebra *a = must_create(7);
    must_add(a, 2, rational, w); /* 1 and 6 */
    expect_form(a, CT_UNIT_BITS, "-6/7 - (6/7)*log2(3) + log2(7)");
    ct_algebra_free(a);

    a = must_create(6);
    must_add(a, 2, golden, w);
    must_add(a, 2, golden, w);
    ck_assert(ct_algebra_complete(a));
    ck_assert(!ct_algebra_rational(a));
    ck_assert_int_eq(ct_algebra_rank(a), 4);
    ck_assert_int_eq(ct_algebra_distinct(a), 2);
    char *none = NULL;
    ck_assert_int_eq(ct_algebra_closed_form(a, CT_UNIT_BITS, &none), CUTROPY_OK);
    ck_assert_ptr_null(none);
    expect_moment(a, 2, "7/18"); /* 2 (9 - 2) / 36 */
    ct_eigenvalue *list = NULL;
    size_t count = 0;
    ck_assert_int_eq(ct_algebra_spectrum(a, 30, &list, &count), CUTROPY_OK);
    ck_assert_uint_eq(count, 2);
    /* (3 + sqrt 5) / 12 and (3 - sqrt 5) / 12 */
    ck_assert_str_eq(list[0].decimal.text, "0.436338998124982474700764472394");
    ck_assert_str_eq(list[1].decimal.text, "0.063661001875017525299235527606");
    ck_assert_int_eq(list[0].multiplicity, 2);
    ct_eigenvalues_free(list, count);
    ct_algebra_free(a);
}
END_TEST

/* A block that contains another one's eigenvalues: the factors split. diag(golden, 3) and golden,
 * then all of it once more inside a block of 5. */
START_TEST(shared_factors)
{
    const int64_t golden[] = {2, 1, 0, 1};
    const int64_t more[] = {2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 5, 2, 0, 0, 0, 1};
    const uint64_t w[] = {1, 1, 1, 1};
    for (int order = 0; order < 2; order++) {
        ct_algebra *a = must_create(12);
        if (order)
            must_add(a, 2, golden, w);
        must_add(a, 4, more, w); /* x^2 - 3x + 1 and x^2 - 6x + 1 */
        if (!order)
            must_add(a, 2, golden, w);
        ck_assert(ct_algebra_complete(a));
        ck_assert_int_eq(ct_algebra_distinct(a), 4);
        ck_assert_int_eq(ct_algebra_rank(a), 6);
        ck_assert_uint_eq(a->factors, 2);
        ck_assert_int_eq(a->factor[0].multiplicity + a->factor[1].multiplicity, 3);
        ct_algebra_free(a);
    }
}
END_TEST

/* Q Q^T of the steps Q, and of 2^33 Q: <f|f> = 7 * 2^66, but the same rho_A. Three of its four
 * eigenvalues are irrational. */
START_TEST(eigenvalues_beyond_64_bits)
{
    const int64_t plain[] = {2, 1, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1};
    const uint64_t w[] = {1, 1, 1, 1};
    const uint64_t norm[] = {0, 7 << 2};
    int64_t wide[2 * 16];
    for (int i = 0; i < 16; i++) {
        wide[2 * i] = 0;
        wide[2 * i + 1] = plain[i] << 2;
    }
    ct_algebra *a = must_create(7), *b = NULL;
    must_add(a, 4, plain, w);
    bool added = false;
    ck_assert_int_eq(ct_algebra_create(&(ct_big){(uint64_t *)norm, 2}, &b), CUTROPY_OK);
    const ct_integer_block block = {.n = 4, .gram = wide, .weight = w, .words = 2};
    ck_assert_int_eq(ct_algebra_add(b, &block, WORK, &added), CUTROPY_OK);
    ck_assert(added && ct_algebra_complete(b));
    ct_eigenvalue *list[2] = {NULL, NULL};
    size_t count[2] = {0, 0};
    ck_assert_int_eq(ct_algebra_spectrum(a, 40, &list[0], &count[0]), CUTROPY_OK);
    ck_assert_int_eq(ct_algebra_spectrum(b, 40, &list[1], &count[1]), CUTROPY_OK);
    ck_assert_uint_eq(count[0], 4);
    ck_assert_uint_eq(count[1], 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(list[1][i].decimal.decimals, 40);
        ck_assert_str_eq(list[1][i].decimal.text, list[0][i].decimal.text);
    }
    /* 4 cos^2(k pi / 9) / 7, k = 1 .. 4 */
    ck_assert_double_eq_tol(strtod(list[1][0].decimal.text, NULL), 0.504584126, 1e-8);
    for (int i = 0; i < 2; i++)
        ct_eigenvalues_free(list[i], count[i]);
    char *entropy = must_entropy(a, 1, CT_UNIT_BITS, 40);
    expect_entropy(b, 1, CT_UNIT_BITS, 40, entropy);
    ct_free(entropy);
    ct_algebra_free(a);
    ct_algebra_free(b);
}
END_TEST

/* ---- random blocks ---- */

/* Faddeev and LeVerrier: c_k = -Tr(M N_k) / k, N_(k+1) = M N_k + c_k. */
static void slow_charpoly(fmpz_poly_t out, const fmpz_mat_t m)
{
    const slong n = fmpz_mat_nrows(m);
    fmpz_mat_t step, product;
    fmpz_t c;
    fmpz_mat_init(step, n, n);
    fmpz_mat_init(product, n, n);
    fmpz_init(c);
    fmpz_mat_one(step);
    fmpz_poly_zero(out);
    fmpz_poly_set_coeff_ui(out, n, 1);
    for (slong k = 1; k <= n; k++) {
        fmpz_mat_mul(product, m, step);
        fmpz_mat_trace(c, product);
        fmpz_divexact_si(c, c, k);
        fmpz_neg(c, c);
        fmpz_poly_set_coeff_fmpz(out, n - k, c);
        for (slong i = 0; i < n; i++)
            fmpz_add(fmpz_mat_entry(product, i, i), fmpz_mat_entry(product, i, i), c);
        fmpz_mat_swap(step, product);
    }
    fmpz_clear(c);
    fmpz_mat_clear(product);
    fmpz_mat_clear(step);
}

typedef struct random_block {
    int64_t n, norm;
    int64_t gram[24 * 24];
    uint64_t weight[24];
} random_block;

static void make_block(random_block *b, uint64_t *state)
{
    int64_t q[24][40];
    const int64_t inner = 1 + (int64_t)draw_below(state, 40);
    const int64_t range = draw_below(state, 2) ? 2 : 2000, shift = range / 2 * (range > 2);
    b->n = 1 + (int64_t)draw_below(state, 24);
    b->norm = 0;
    for (int64_t i = 0; i < b->n; i++) {
        b->weight[i] = 1 + (draw_below(state, 2) ? draw_below(state, 1000000) : 0);
        for (int64_t k = 0; k < inner; k++)
            q[i][k] = (int64_t)draw_below(state, (uint64_t)range) - shift;
    }
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = 0; j < b->n; j++) {
            int64_t sum = 0;
            for (int64_t k = 0; k < inner; k++)
                sum += q[i][k] * q[j][k];
            b->gram[i * b->n + j] = j < i ? -77 : sum; /* the lower triangle is not read */
            if (i == j)
                b->norm += sum * (int64_t)b->weight[i];
        }
}

/* Entropy balls of a by the eigenvalues of a general complex solver. */
static void check_against_solver(const random_block *b, ct_algebra *a, const fmpz_poly_t poly)
{
    const slong bits = 600;
    fmpz_poly_factor_t parts;
    arb_t sum, p;
    int64_t rank = 0;
    arb_init(sum);
    arb_init(p);
    fmpz_poly_factor_init(parts);
    fmpz_poly_factor_squarefree(parts, poly);
    for (slong i = 0; i < parts->num; i++) {
        const slong degree = fmpz_poly_degree(parts->p + i);
        acb_ptr root = _acb_vec_init(degree);
        arb_fmpz_poly_complex_roots(root, parts->p + i, 0, bits);
        for (slong k = 0; k < degree; k++) {
            if (acb_contains_zero(root + k))
                continue;
            rank += parts->exp[i];
            arb_div_si(p, acb_realref(root + k), b->norm, bits);
            arb_t term;
            arb_init(term);
            arb_log(term, p, bits);
            arb_mul(term, term, p, bits);
            arb_submul_si(sum, term, parts->exp[i], bits);
            arb_clear(term);
        }
        _acb_vec_clear(root, degree);
    }
    ck_assert_int_eq(ct_algebra_rank(a), rank);
    char *text = must_entropy(a, 1, CT_UNIT_NATS, 50);
    check_decimal(sum, text);
    ct_free(text);
    if (ct_algebra_rational(a)) {
        char *form = NULL;
        ck_assert_int_eq(ct_algebra_closed_form(a, CT_UNIT_BITS, &form), CUTROPY_OK);
        read_form(p, strcmp(form, "0") ? form : "", bits);
        ck_assert(arb_overlaps(p, sum));
        ct_free(form);
    }
    fmpz_poly_factor_clear(parts);
    arb_clear(p);
    arb_clear(sum);
}

START_TEST(random_blocks)
{
    uint64_t state = 4;
    int rational = 0;
    for (int round = 0; round < amount(300, 30); round++) {
        random_block b;
        make_block(&b, &state);
        if (b.norm < 1)
            continue;
        fmpz_mat_t m;
        fmpz_poly_t slow, fast;
        fmpz_t trace;
        fmpz_mat_init(m, b.n, b.n);
        fmpz_poly_init(slow);
        fmpz_poly_init(fast);
        fmpz_init_set_si(trace, b.norm);
        for (int64_t i = 0; i < b.n; i++)
            for (int64_t j = 0; j < b.n; j++) {
                fmpz_set_si(fmpz_mat_entry(m, i, j), b.gram[i <= j ? i * b.n + j : j * b.n + i]);
                fmpz_mul_ui(fmpz_mat_entry(m, i, j), fmpz_mat_entry(m, i, j), b.weight[i]);
            }
        slow_charpoly(slow, m);
        ct_charpoly(fast, m, trace);
        ck_assert(fmpz_poly_equal(slow, fast));
        ct_algebra *a = must_create((uint64_t)b.norm);
        must_add(a, b.n, b.gram, b.weight);
        ck_assert(ct_algebra_complete(a));
        check_against_solver(&b, a, slow);
        rational += ct_algebra_rational(a);
        ct_algebra_free(a);
        fmpz_clear(trace);
        fmpz_poly_clear(fast);
        fmpz_poly_clear(slow);
        fmpz_mat_clear(m);
    }
    ck_assert_int_gt(rational, 0);
}
END_TEST

/* What is not the Gram matrix of a function of this norm is refused, not computed. */
START_TEST(contradictions)
{
    const int64_t indefinite[] = {1, 3, 0, 1}, fine[] = {2, 1, 0, 1};
    const uint64_t w[] = {1, 1};
    bool added = true;
    ct_algebra *a = must_create(2);
    ck_assert_int_eq(algebra_add(a, 2, indefinite, w, WORK, &added), CUTROPY_EINTERNAL);
    ck_assert(!ct_algebra_complete(a));
    ct_algebra_free(a);
    a = must_create(2);
    ck_assert_int_eq(algebra_add(a, 2, fine, w, WORK, &added), CUTROPY_EINTERNAL);
    ct_algebra_free(a);
    a = must_create(3); /* beyond the limit: said, not guessed */
    ck_assert_int_eq(algebra_add(a, 2, fine, w, 7, &added), CUTROPY_OK);
    ck_assert(!added && !ct_algebra_complete(a));
    ct_decimal out;
    ck_assert_int_eq(ct_algebra_entropy(a, 1, CT_UNIT_BITS, 3, &out), CUTROPY_EINTERNAL);
    ck_assert_ptr_null(out.text);
    ct_algebra_free(a);
    ck_assert_int_eq(algebra_create(0, &a), CUTROPY_EUNSUPPORTED);
}
END_TEST

/* Starting values are trusted in nothing: whatever they are, the result is the roots or a no. */
START_TEST(wrong_starting_values)
{
    uint64_t state = 9;
    for (int fault = 0; fault < 6; fault++) {
        ct_factor factor = {.multiplicity = 1};
        bool proved = true;
        fmpz_poly_init(&factor.poly);
        fmpz_poly_set_str(&factor.poly, "4  -1 6 -5 1"); /* roots 0.198, 1.555, 3.247 */
        factor.mid = ct_arf_vector(3);
        const double root[3] = {0.198, 1.555, 3.247};
        for (int i = 0; i < 3; i++)
            arf_set_d(factor.mid + i, fault == 0   ? 0
                                      : fault == 1 ? NAN
                                      : fault == 2 ? root[2 - i]
                                      : fault == 3 ? root[i] * (1 + 0.01 * draw_unit(&state))
                                      : fault == 4 ? 1e300
                                                   : root[i % 2]);
        ck_assert_int_eq(ct_factor_roots(&factor, 100, &proved), CUTROPY_OK);
        ck_assert_int_eq(proved, fault == 3);
        for (int i = 0; proved && i < 3; i++)
            ck_assert(fabs(arf_get_d(factor.mid + i, ARF_RND_NEAR) - root[i]) < 1e-3);
        ct_arf_vector_free(factor.mid, 3);
        fmpz_poly_clear(&factor.poly);
    }
}
END_TEST

/* Complex roots, against the contract: no change of sign, no proof. */
START_TEST(no_real_roots)
{
    ct_factor factor = {.multiplicity = 1};
    bool proved = true;
    fmpz_poly_init(&factor.poly);
    fmpz_poly_set_str(&factor.poly, "3  2 -2 1");
    factor.mid = ct_arf_vector(2);
    arf_set_d(factor.mid, 0.3);
    arf_set_d(factor.mid + 1, 5);
    ck_assert_int_eq(ct_factor_roots(&factor, 20, &proved), CUTROPY_OK);
    ck_assert(!proved);
    ct_arf_vector_free(factor.mid, 2);
    fmpz_poly_clear(&factor.poly);
}
END_TEST

/* Roots 2^-k apart and tiny ones: Laguerre's values must still separate them. (x - 1)(x - 1 - e)
 * scaled to integers, and a huge against a tiny eigenvalue. */
START_TEST(clustered_and_graded)
{
    const uint64_t w[] = {1, 1, 1};
    const int64_t big = INT64_C(1) << 30;
    /* [[N, 1], [1, N]] has N +- 1 (integers); [[N, 1, 0], [1, N, 1], [0, 1, N]] N, N +- sqrt 2 */
    const int64_t cluster[] = {big, 1, 0, 0, big, 1, 0, 0, big};
    ct_algebra *a = must_create((uint64_t)(3 * big));
    must_add(a, 3, cluster, w);
    ck_assert_int_eq(ct_algebra_distinct(a), 3);
    ck_assert_uint_eq(a->integers, 1);
    ct_free(must_entropy(a, 1, CT_UNIT_BITS, 100));
    ct_algebra_free(a);
    /* det = 1: eigenvalues of about N^2 + 1 and 1 / N^2 */
    const int64_t graded[] = {big * big / 4, big / 2 * 1, 0, 2};
    arb_t root, sum;
    a = must_create((uint64_t)(big * big / 4 + 2));
    must_add(a, 2, graded, w);
    char *text = must_entropy(a, 0.5, CT_UNIT_NATS, 60);
    /* 2 log(sqrt p + sqrt(1 - p)) = log(1 + 2 sqrt(p (1 - p))), p (1 - p) = det / T^2 */
    arb_init(root);
    arb_init(sum);
    arb_set_si(sum, big * big / 2 - big * big / 4);
    arb_sqrt(root, sum, 1000);
    arb_mul_si(root, root, 2, 1000);
    arb_div_si(root, root, big * big / 4 + 2, 1000);
    arb_log1p(sum, root, 1000);
    check_decimal(sum, text);
    ct_free(text);
    arb_clear(sum);
    arb_clear(root);
    ct_algebra_free(a);
}
END_TEST

/* ---- all of the ground truth ---- */

enum { PROBLEM, LATTICE, CUT, ONES, RANK, PURITY, TR_RHO3, ENTROPY, CLOSED_FORM, FIELDS };

static void lattice_name(const char *text, char *out, size_t size)
{
    char kind[16], extent[16], edge[16] = "open";
    ck_assert_int_ge(sscanf(text, "%15s %15s %15s", kind, extent, edge), 2);
    snprintf(out, size, "%s:%s%s", kind, extent, strcmp(edge, "torus") ? "" : ":torus");
}

typedef struct whole_cut {
    cutropy_lattice *lattice;
    cutropy_problem *problem;
    cutropy_result *result;
    cutropy_state *state;
    const ct_function *f; /* of the state */
    ct_quotient q;
    ct_blocks blocks;
    ct_setting setting;
    ct_algebra *algebra;
} whole_cut;

static ct_proof proof_of(const whole_cut *c)
{
    return (ct_proof){.setting = &c->setting, .threads = 1, .q = &c->q, .blocks = &c->blocks};
}

static void open_cut(whole_cut *c, const char *problem, const char *lattice, uint64_t mask)
{
    const cutropy_options options = ct_default_options();
    c->lattice = must_lattice(lattice);
    c->problem = must_problem(problem, lattice);
    cutropy_cuts cuts = must_cuts("half", c->lattice);
    ck_assert_int_eq(cutropy_state_open(c->problem, &options, &c->state), CUTROPY_OK);
    ck_assert_int_eq(cutropy_state_run(c->state, &cuts, &options, &c->result), CUTROPY_OK);
    c->f = &c->state->f;
    c->setting = (ct_setting){.f = c->f,
                              .backend = ct_operations_cpu(),
                              .threads = 1,
                              .digits = 20,
                              .memory_limit = 1u << 30};
    cutropy_cuts_free(&cuts);
    if (2 * __builtin_popcountll(mask) > c->f->pixels)
        mask = ~mask & (UINT64_MAX >> (64 - c->f->pixels));
    ck_assert_int_eq(ct_quotient_build(c->f, &mask, ct_operations_cpu(), 1, &c->q), CUTROPY_OK);
    ck_assert_int_eq(ct_blocks_find(&c->q, &c->blocks), CUTROPY_OK);
    const ct_proof proof = proof_of(c);
    ck_assert_int_eq(ct_prove_polynomials(&proof, WORK, &c->algebra), CUTROPY_OK);
    ck_assert(ct_algebra_complete(c->algebra));
}

static void close_cut(whole_cut *c)
{
    ct_algebra_free(c->algebra);
    ct_blocks_free(&c->blocks);
    ct_quotient_free(&c->q);
    cutropy_state_free(c->state);
    cutropy_result_free(c->result);
    cutropy_problem_free(c->problem);
    cutropy_lattice_free(c->lattice);
}

static void check_row(char *fields[FIELDS])
{
    char lattice[64], *text = NULL;
    whole_cut c;
    ct_rank_proof rank;
    arb_t truth, mine;
    arb_init(truth);
    arb_init(mine);
    lattice_name(fields[LATTICE], lattice, sizeof lattice);
    open_cut(&c, truth_problem(fields[PROBLEM]), lattice, strtoull(fields[CUT], NULL, 16));
    ck_assert_int_eq(ct_algebra_rank(c.algebra), atoll(fields[RANK]));
    ck_assert_int_eq(ct_cut_rank(&c.q, &c.blocks, 1e10, &rank, NULL), CUTROPY_OK);
    ck_assert(rank.proved);
    ck_assert_int_eq(rank.rank, atoll(fields[RANK]));
    ct_decimal bits, nats; /* the other road, refined eigenvectors */
    const int places = (int)strlen(strchr(fields[ENTROPY], '.') + 1);
    const ct_proof proof = proof_of(&c);
    ck_assert_int_eq(ct_prove_refined(&proof, places, &bits, &nats), CUTROPY_OK);
    ck_assert_ptr_nonnull(nats.text);
    ck_assert_str_eq(nats.text, fields[ENTROPY]);
    ck_assert_ptr_nonnull(bits.text);
    expect_entropy(c.algebra, 1, CT_UNIT_BITS, bits.decimals, bits.text);
    ct_free(bits.text);
    ct_free(nats.text);
    expect_moment(c.algebra, 2, fields[PURITY]);
    expect_moment(c.algebra, 3, fields[TR_RHO3]);
    expect_entropy(c.algebra, 1, CT_UNIT_NATS, places, fields[ENTROPY]);
    ck_assert_int_eq(ct_algebra_closed_form(c.algebra, CT_UNIT_NATS, &text), CUTROPY_OK);
    ck_assert_msg((text != NULL) == (fields[CLOSED_FORM][0] != 0), "%s, not %s", text,
                  fields[CLOSED_FORM]);
    if (text) {
        read_form(truth, fields[CLOSED_FORM], 256);
        read_form(mine, text, 256);
        ck_assert_msg(arb_overlaps(truth, mine), "%s, not %s", text, fields[CLOSED_FORM]);
        ct_free(text);
        ck_assert_int_eq(ct_algebra_closed_form(c.algebra, CT_UNIT_BITS, &text), CUTROPY_OK);
        read_form(mine, text, 256);
        ck_assert(arb_overlaps(truth, mine));
        ct_free(text);
    }
    close_cut(&c);
    arb_clear(mine);
    arb_clear(truth);
}

START_TEST(ground_truth)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/entropies.csv", "r");
    char line[1024], *fields[FIELDS];
    int rows = 0, header = 0;
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        char *at = line;
        if (line[0] == '#' || !header++)
            continue;
        line[strcspn(line, "\r\n")] = 0;
        for (int k = 0; k < FIELDS; k++)
            fields[k] = strsep(&at, ",");
        ck_assert_ptr_nonnull(fields[CLOSED_FORM]);
        check_row(fields);
        rows++;
    }
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(rows, 62);
}
END_TEST

/* ---- provers, one at a time ---- */

/* S of half of an image to 20 decimals: whoever proves it, it is the same. */
static void expect_provers_agree(const char *problem, const char *lattice, size_t least)
{
    char *first = NULL;
    size_t agree = 0;
    whole_cut c;
    open_cut(&c, problem, lattice, 0xf);
    for (const ct_prover *const *prover = ct_provers; *prover; prover++) {
        cutropy_record record = c.result->records[0];
        ct_proof proof = proof_of(&c);
        proof.record = &record;
        ck_assert_int_eq(ct_proof_start(&proof), CUTROPY_OK);
        ck_assert_msg((*prover)->prove(&proof) == CUTROPY_OK, "%s: %s", (*prover)->name,
                      cutropy_error());
        const char *entropy = proof.exact->entropy[0];
        if (entropy && proof.exact->decimals[0] == 20) {
            if (!first)
                first = ct_strdup(entropy);
            ck_assert_msg(!strcmp(first, entropy), "%s: %s, not %s", (*prover)->name, entropy,
                          first);
            agree++;
        }
        ck_assert_int_le(record.rank_lo, c.result->records[0].rank_hi);
        ct_proof_end(&proof);
        ct_exact_free(record.exact, 0);
    }
    ck_assert_uint_ge(agree, least);
    ct_free(first);
    close_cut(&c);
}

START_TEST(provers)
{
    expect_provers_agree("random", "grid:3x3", 5); /* enclosures count twice */
    expect_provers_agree("majority", "chain:8", 5);
    expect_provers_agree("parity", "chain:9", 5);
}
END_TEST

/* ---- memory ---- */

START_TEST(allocation_failures)
{
    const int64_t golden[] = {2, 1, 0, 1}, one[] = {1}, two[] = {2}, rational[] = {2, 2, 0, 5};
    const uint64_t w[] = {1, 1};
    for (long k = 0;; k++) {
        ct_algebra *a = NULL;
        ct_decimal decimal = {0};
        ct_eigenvalue *list = NULL;
        size_t count = 0;
        char *form = NULL, *moment = NULL;
        bool added;
        failing_allocator_start(k);
        cutropy_status status = algebra_create(13, &a);
        if (!status)
            status = algebra_add(a, 2, golden, w, WORK, &added);
        if (!status)
            status = algebra_add(a, 1, one, w, WORK, &added);
        if (!status)
            status = algebra_add(a, 1, two, w, WORK, &added);
        if (!status)
            status = algebra_add(a, 2, rational, w, WORK, &added);
        if (!status)
            status = ct_algebra_entropy(a, 1, CT_UNIT_BITS, 20, &decimal);
        if (!status)
            status = ct_algebra_spectrum(a, 20, &list, &count);
        if (!status)
            status = ct_algebra_moment(a, 3, &moment);
        ct_algebra_free(a);
        a = NULL;
        if (!status)
            status = algebra_create(7, &a);
        if (!status)
            status = algebra_add(a, 2, rational, w, WORK, &added);
        if (!status)
            status = ct_algebra_closed_form(a, CT_UNIT_BITS, &form);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ct_algebra_free(a);
        ct_free(decimal.text);
        ct_eigenvalues_free(list, count);
        ct_free(form);
        ct_free(moment);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired)
            break;
    }
}
END_TEST

CHECK_MAIN("algebra", allocation_failures, single_entries, exact_ties, two_by_two, shared_factors,
           eigenvalues_beyond_64_bits, random_blocks, contradictions, wrong_starting_values,
           no_real_roots, clustered_and_graded, ground_truth, provers)
