/* SPDX-License-Identifier: Apache-2.0 */
/* Enclosures by refined vectors: against the exact algebra, with faults in the vectors, and with
 * every kind of spectrum. */
#include <math.h>
#include <string.h>

#include "certify_support.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"

#include "backend/cpu/eigenvectors.h"
#include "certify/algebra_parts.h"
#include "certify/digits.h"
#include "certify/refine.h"

#define LARGEST 40
#define WORK 1e10

typedef struct block {
    int64_t n, norm;
    int64_t gram[LARGEST * LARGEST];
    uint64_t weight[LARGEST];
    double vector[LARGEST * LARGEST];
} block;

enum { RANDOM, DEFICIENT, REPEATED, GRADED, WEIGHTED, KINDS };

static void make_block(block *b, int kind, uint64_t *state)
{
    int64_t q[LARGEST][64];
    const int64_t inner = kind == DEFICIENT ? 1 + (int64_t)draw_below(state, 6) : 64;
    b->n = 3 + (int64_t)draw_below(state, LARGEST - 3);
    b->norm = 0;
    for (int64_t i = 0; i < b->n; i++) {
        b->weight[i] = kind == WEIGHTED ? 1 + draw_below(state, 1000000000) : 1;
        for (int64_t k = 0; k < inner; k++)
            q[i][k] = kind == REPEATED ? (k == i || k == 0) : (int64_t)draw_below(state, 2);
        if (kind == GRADED)
            for (int64_t k = 0; k < inner; k++)
                q[i][k] *= INT64_C(1) << (i % 20);
    }
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = 0; j < b->n; j++) {
            int64_t sum = 0;
            for (int64_t k = 0; k < inner; k++)
                sum += q[i][k] * q[j][k];
            b->gram[i * b->n + j] = sum;
            b->vector[i * b->n + j] =
                (double)sum * sqrt((double)b->weight[i] * (double)b->weight[j]);
            b->norm += i == j ? sum * (int64_t)b->weight[i] : 0;
        }
    double values[LARGEST];
    ck_assert_int_eq(ct_cpu_eigenvectors(b->n, b->vector, values), CUTROPY_OK);
}

static ct_decimal refined(const block *b, int decimals)
{
    ct_refined *r = NULL;
    ct_decimal out;
    bool added;
    ck_assert_int_eq(refined_create((ct_u128)b->norm, decimals, &r), CUTROPY_OK);
    ck_assert_int_eq(refined_add(r, b->n, b->gram, b->weight, b->vector, &added), CUTROPY_OK);
    ck_assert_int_eq(ct_refined_entropy(r, CT_UNIT_BITS, &out), CUTROPY_OK);
    ct_refined_free(r);
    return out;
}

static ct_decimal exact(const block *b, int decimals)
{
    ct_algebra *a = NULL;
    ct_decimal out;
    bool added;
    ck_assert_int_eq(algebra_create((ct_u128)b->norm, &a), CUTROPY_OK);
    ck_assert_int_eq(algebra_add(a, b->n, b->gram, b->weight, WORK, &added), CUTROPY_OK);
    ck_assert(added);
    ck_assert_int_eq(ct_algebra_entropy(a, 1, CT_UNIT_BITS, decimals, &out), CUTROPY_OK);
    ct_algebra_free(a);
    return out;
}

static void check_block(const block *b, int decimals, int least)
{
    ct_decimal mine = refined(b, decimals);
    ck_assert_int_ge(mine.decimals, least);
    if (mine.text) {
        ct_decimal truth = exact(b, mine.decimals);
        ck_assert_str_eq(mine.text, truth.text);
        ct_free(truth.text);
    }
    ct_free(mine.text);
}

/* Vectors in double precision do not tell small eigenvalues apart when the largest is 10^13 times
 * as large; then fewer decimals are proved (GRADED), but these are right. */
START_TEST(against_algebra)
{
    uint64_t state = 12;
    block b;
    for (int round = 0; round < amount(100, 10); round++) {
        const bool graded = round % KINDS == GRADED;
        make_block(&b, round % KINDS, &state);
        check_block(&b, 18, graded ? -1 : 18);
        check_block(&b, 50, graded ? -1 : 50);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        make_block(&b, kind, &state);
        check_block(&b, 300, kind == GRADED ? -1 : 300);
    }
}
END_TEST

/* Zeros, NaN, a swapped pair, a copy, noise, a truncated set: refused or still right. */
START_TEST(faults)
{
    uint64_t state = 13;
    int refused = 0, kept = 0;
    for (int round = 0; round < amount(240, 24); round++) {
        block b;
        make_block(&b, round % KINDS, &state);
        const int64_t n = b.n, i = (int64_t)draw_below(&state, (uint64_t)n), j = (i + 1) % n;
        for (int64_t k = 0; k < n; k++) {
            double *x = &b.vector[i * n + k], *y = &b.vector[j * n + k];
            switch (round / KINDS % 8) {
            case 0:
                *x = 0;
                break;
            case 1:
                *x = NAN;
                break;
            case 2: {
                const double keep = *x;
                *x = *y;
                *y = keep;
                break;
            }
            case 3:
                *x = *y;
                break;
            case 4:
                *x += 1e-3 * (draw_unit(&state) - 0.5);
                break;
            case 5:
                *x = draw_unit(&state) - 0.5;
                break;
            case 6:
                *x *= 1e-30;
                break;
            default: /* a mixture of two: orthonormal but no eigenvectors */
                *x = 0.6 * *x + 0.8 * *y;
                *y = (*y - 0.8 * *x) / 0.6 * -1;
            }
        }
        ct_decimal mine = refined(&b, 25);
        refused += !mine.text;
        kept += mine.text != NULL;
        ct_free(mine.text);
        check_block(&b, 25, -1);
    }
    ck_assert_int_gt(refused, 0);
    ck_assert_int_gt(kept, 0);
}
END_TEST

/* Two by two with vectors turned by an angle, not refined because few decimals are asked for. */
static void turned(int64_t a, int64_t b, int64_t d, double angle, int decimals, arb_t out)
{
    const int64_t gram[4] = {a, b, b, d};
    const uint64_t weight[2] = {1, 1};
    double vector[4] = {(double)a, (double)b, (double)b, (double)d}, values[2];
    ct_refined *r = NULL;
    bool added;
    ck_assert_int_eq(ct_cpu_eigenvectors(2, vector, values), CUTROPY_OK);
    for (int k = 0; k < 2; k++) {
        const double x = vector[k], y = vector[2 + k];
        vector[k] = cos(angle) * x - sin(angle) * y;
        vector[2 + k] = sin(angle) * x + cos(angle) * y;
    }
    ck_assert_int_eq(refined_create((ct_u128)(a + d), decimals, &r), CUTROPY_OK);
    ck_assert_int_eq(refined_add(r, 2, gram, weight, vector, &added), CUTROPY_OK);
    ck_assert(added);
    ct_refined_enclosure(out, r);
    ct_refined_free(r);
}

/* What the two terms with the tail's weight are for: a pure state, whose S = 0 lies below S_R - q,
 * and a small eigenvalue that only the tail knows of. */
START_TEST(tail_terms)
{
    arb_t enclosure, truth, p;
    arb_init(enclosure);
    arb_init(truth);
    arb_init(p);
    turned(1, 1, 1, 1e-3, 0, enclosure);
    ck_assert(arb_contains_zero(enclosure));
    ck_assert(arb_rel_accuracy_bits(enclosure) < 60); /* it was not refined */
    turned(INT64_C(1) << 61, 0, 1, 1e-9, 12, enclosure);
    arb_set_si(p, (INT64_C(1) << 61) + 1); /* log T - (2^61 / T) 61 log 2 */
    arb_log(truth, p, 300);
    arb_t part;
    arb_init(part);
    arb_const_log2(part, 300);
    arb_mul_si(part, part, 61, 300);
    arb_mul_2exp_si(part, part, 61);
    arb_div(part, part, p, 300);
    arb_sub(truth, truth, part, 300);
    ck_assert(arb_contains(enclosure, truth));
    arb_clear(part);
    arb_clear(p);
    arb_clear(truth);
    arb_clear(enclosure);
}
END_TEST

/* Vectors that are not quite orthonormal, hardly refined: the enclosure itself has to hold, not
 * only its decimals. */
START_TEST(skew_vectors)
{
    uint64_t state = 15;
    arb_t enclosure, truth;
    arb_init(enclosure);
    arb_init(truth);
    for (int round = 0; round < amount(2000, 100); round++) {
        block b;
        ct_refined *r = NULL;
        bool added;
        const double size = pow(10, -1 - 5 * draw_unit(&state));
        b.n = 3;
        b.norm = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                int64_t sum = 0; /* Q = a few entries */
                for (int k = 0; k < 3; k++)
                    sum += (int64_t)(((round * 3 + i) * 7 + k * 5) % 4) *
                           (int64_t)(((round * 3 + j) * 7 + k * 5) % 4);
                sum += i == j ? 1 + i : 0;
                b.gram[i * 3 + j] = sum;
                b.vector[i * 3 + j] = (double)sum;
                b.weight[i] = 1;
                b.norm += i == j ? sum : 0;
            }
        double values[3], eigen[9];
        ck_assert_int_eq(ct_cpu_eigenvectors(3, b.vector, values), CUTROPY_OK);
        memcpy(eigen, b.vector, sizeof eigen);
        for (int i = 0; i < 3;
             i++) /* symmetric mixing: lengths and angles change, in first order */
            for (int j = 0; j < i; j++) {
                const double mix = size * (draw_unit(&state) - 0.5);
                for (int k = 0; k < 3; k++) {
                    b.vector[3 * i + k] += mix * eigen[3 * j + k];
                    b.vector[3 * j + k] += mix * eigen[3 * i + k];
                }
            }
        ck_assert_int_eq(refined_create((ct_u128)b.norm, 0, &r), CUTROPY_OK);
        ck_assert_int_eq(refined_add(r, 3, b.gram, b.weight, b.vector, &added), CUTROPY_OK);
        if (added) {
            ct_algebra *a = NULL;
            ct_decimal text;
            ct_refined_enclosure(enclosure, r);
            ck_assert_int_eq(algebra_create((ct_u128)b.norm, &a), CUTROPY_OK);
            ck_assert_int_eq(algebra_add(a, 3, b.gram, b.weight, WORK, &added), CUTROPY_OK);
            ck_assert_int_eq(ct_algebra_entropy(a, 1, CT_UNIT_NATS, 30, &text), CUTROPY_OK);
            ck_assert_int_eq(arb_set_str(truth, text.text, 200), 0);
            arb_add_error_2exp_si(truth, -99);
            ck_assert_msg(arb_overlaps(enclosure, truth), "round %d, size %g", round, size);
            ct_free(text.text);
            ct_algebra_free(a);
        }
        ct_refined_free(r);
    }
    arb_clear(truth);
    arb_clear(enclosure);
}
END_TEST

/* One vector twice: no orthonormal set is near, and nothing is claimed. */
START_TEST(dependent_vectors)
{
    const int64_t gram[4] = {2, 1, 1, 2};
    const uint64_t weight[2] = {1, 1};
    const double vector[4] = {0.6, 0.8, 0.6, 0.8}, skew[4] = {1, 0, 0.09, 0.996};
    ct_refined *r = NULL;
    bool added = true;
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(refined_create(4, 0, &r), CUTROPY_OK);
        ck_assert_int_eq(refined_add(r, 2, gram, weight, k ? skew : vector, &added), CUTROPY_OK);
        ck_assert(!added);
        ct_refined_free(r);
    }
}
END_TEST

/* Blocks that are not the whole cut prove nothing. */
START_TEST(incomplete)
{
    uint64_t state = 14;
    block b;
    ct_refined *r = NULL;
    ct_decimal out;
    bool added;
    make_block(&b, RANDOM, &state);
    ck_assert_int_eq(refined_create((ct_u128)b.norm + 1, 5, &r), CUTROPY_OK);
    ck_assert_int_eq(refined_add(r, b.n, b.gram, b.weight, b.vector, &added), CUTROPY_OK);
    ck_assert_int_eq(ct_refined_entropy(r, CT_UNIT_NATS, &out), CUTROPY_OK);
    ck_assert_ptr_null(out.text);
    ct_refined_free(r);
    ck_assert_int_eq(refined_create(0, 5, &r), CUTROPY_EUNSUPPORTED);
}
END_TEST

/* All multiplicities times 2^(64 limbs - 30), up to 2^1698: the same rho_A, from the same vectors. */
START_TEST(large_multiplicities)
{
    enum { LIMBS = 27 };
    uint64_t state = 15;
    for (int kind = 0; kind < KINDS; kind++)
        for (int limbs = 1; limbs <= LIMBS; limbs *= 3) {
            static block b;
            uint64_t weight[LARGEST * (LIMBS + 1)] = {0}, norm[LIMBS + 2] = {0};
            const int words = limbs + 1;
            ct_refined *r = NULL;
            ct_decimal mine;
            bool added;
            make_block(&b, kind, &state);
            for (int64_t i = 0; i < b.n; i++) {
                weight[i * words + limbs - 1] = b.weight[i] << 34;
                weight[i * words + limbs] = b.weight[i] >> 30;
            }
            norm[limbs - 1] = (uint64_t)b.norm << 34;
            norm[limbs] = (uint64_t)b.norm >> 30;
            const ct_big total = {norm, (size_t)words - !norm[limbs]};
            const ct_integer_block large = {
                .n = b.n, .gram = b.gram, .weight = weight, .words = 1, .weight_words = words};
            ck_assert_int_eq(ct_refined_create(&total, 50, &r), CUTROPY_OK);
            ck_assert_int_eq(ct_refined_add(r, &large, b.vector, &added), CUTROPY_OK);
            ck_assert_int_eq(ct_refined_entropy(r, CT_UNIT_BITS, &mine), CUTROPY_OK);
            ck_assert_msg(mine.decimals >= (kind == GRADED ? -1 : 50),
                          "%d decimals, kind %d, %d limbs", mine.decimals, kind, limbs);
            if (mine.text) {
                ct_decimal truth = exact(&b, mine.decimals);
                ck_assert_str_eq(mine.text, truth.text);
                ct_free(truth.text);
            }
            ct_free(mine.text);
            ct_refined_free(r);
        }
}
END_TEST

CHECK_MAIN("refine", against_algebra, faults, tail_terms, skew_vectors, dependent_vectors,
           large_multiplicities, incomplete)
