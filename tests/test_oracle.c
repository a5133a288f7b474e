/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle itself, on states whose answers are known on paper. It does not touch the library. */
#include <math.h>
#include <string.h>

#include "check_main.h"
#include "ref/oracle.h"

static void expect(const oracle_function *f, uint64_t mask, long double entropy, int64_t rank)
{
    oracle_answer answer;
    oracle_solve(f, mask, &answer);
    ck_assert_msg(fabsl(answer.entropy - entropy) <= oracle_error(&answer),
                  "entropy %.18Lg, not %.18Lg", answer.entropy, entropy);
    ck_assert_int_eq(answer.rank, rank);
    oracle_free(&answer);
}

START_TEST(bell_and_ghz)
{
    const int64_t bell[4] = {1, 0, 0, 1}, singlet[4] = {0, 1, -1, 0};
    const double phase[8] = {1, 0, 0, 0, 0, 0, 0, 1}; /* |00> + i |11> */
    int64_t ghz[16] = {1};
    ghz[15] = 1;
    expect(&(oracle_function){2, bell, NULL, NULL}, 1, 1, 2);
    expect(&(oracle_function){2, singlet, NULL, NULL}, 2, 1, 2);
    expect(&(oracle_function){2, NULL, NULL, phase}, 1, 1, 2);
    expect(&(oracle_function){2, bell, NULL, NULL}, 3, 0, 1);
    expect(&(oracle_function){2, bell, NULL, NULL}, 0, 0, 1);
    for (uint64_t mask = 1; mask < 15; mask++)
        expect(&(oracle_function){4, ghz, NULL, NULL}, mask, 1, 2);
}
END_TEST

START_TEST(products_have_no_entropy)
{
    const int64_t factor[4][2] = {{1, 2}, {-3, 1}, {0, 5}, {7, 7}};
    int64_t product[16];
    for (int s = 0; s < 16; s++) {
        product[s] = 1;
        for (int i = 0; i < 4; i++)
            product[s] *= factor[i][s >> i & 1];
    }
    for (uint64_t mask = 0; mask < 16; mask++)
        expect(&(oracle_function){4, product, NULL, NULL}, mask, 0, 1);
}
END_TEST

/* W state of three pixels, one pixel kept: eigenvalues 2/3 and 1/3. */
START_TEST(w_state)
{
    const int64_t w[8] = {0, 1, 1, 0, 1, 0, 0, 0};
    const uint64_t five_ninths[4] = {5, 0, 9, 0}, wrong[4] = {10, 0, 18, 0},
                   third[4] = {1, 0, 3, 0};
    oracle_function f = {3, w, NULL, NULL};
    oracle_answer answer;
    expect(&f, 4, log2l(3) - 2.0L / 3, 2);
    oracle_solve(&f, 4, &answer);
    ck_assert(fabsl(answer.purity - 5.0L / 9) < 1e-18L &&
              fabsl(answer.tr_rho3 - 1.0L / 3) < 1e-18L);
    ck_assert(fabsl(oracle_renyi(&answer, INFINITY) - log2l(1.5L)) < 1e-18L);
    ck_assert(fabsl(oracle_renyi(&answer, 2) + log2l(5.0L / 9)) < 1e-18L);
    ck_assert_int_eq(answer.classes[0], 2);
    ck_assert_int_eq(answer.classes[1], 2);
    ck_assert(oracle_is_trace(&f, 4, 2, five_ninths, five_ninths + 2));
    ck_assert(oracle_is_trace(&f, 4, 3, third, third + 2));
    ck_assert_msg(!oracle_is_trace(&f, 4, 2, wrong, wrong + 2), "not in lowest terms");
    ck_assert(!oracle_is_trace(&f, 4, 3, five_ninths, five_ninths + 2));
    oracle_free(&answer);
}
END_TEST

/* S(A) = S(B) with both sides written out; purity and Tr rho^3 against the eigenvalues. */
START_TEST(both_sides_agree)
{
    uint64_t state = 1;
    double values[2 * 64];
    for (int k = 0; k < 2 * 64; k++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        values[k] = (double)(int64_t)state * 0x1p-63;
    }
    const oracle_function functions[2] = {{6, NULL, values, NULL}, {6, NULL, NULL, values}};
    for (int which = 0; which < 2; which++)
        for (uint64_t mask = 0; mask < 64; mask += 3) {
            oracle_answer a, b;
            long double second = 0, third = 0, total = 0;
            oracle_solve(&functions[which], mask, &a);
            oracle_solve(&functions[which], 63 & ~mask, &b);
            ck_assert(fabsl(a.entropy - b.entropy) <= oracle_error(&a) + oracle_error(&b));
            ck_assert_int_eq(a.rank, b.rank);
            ck_assert_int_eq(a.classes[0], b.classes[1]);
            for (size_t i = 0; i < a.dimension; i++) {
                total += a.eigenvalue[i];
                second += a.eigenvalue[i] * a.eigenvalue[i];
                third += a.eigenvalue[i] * a.eigenvalue[i] * a.eigenvalue[i];
            }
            ck_assert(fabsl(total - 1) < 1e-17L && fabsl(second - a.purity) < 1e-17L);
            ck_assert(fabsl(third - b.tr_rho3) < 1e-17L);
            oracle_free(&a);
            oracle_free(&b);
        }
}
END_TEST

START_TEST(two_ranks_agree)
{
    uint64_t state = 7;
    for (int repeat = 0; repeat < 200; repeat++) {
        int64_t values[64], matrix[64];
        for (int k = 0; k < 64; k++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            values[k] =
                (int64_t)(state >> 60) * (state >> 59 & 1) * (repeat % 3 ? 1 : 3) - (repeat & 1);
        }
        if (repeat % 4 == 0)
            memcpy(values + 24, values + 8, 16 * sizeof *values); /* two equal rows */
        memcpy(matrix, values, sizeof matrix);
        ck_assert_int_eq(oracle_rank(&(oracle_function){6, values, NULL, NULL}, 0x38),
                         oracle_rank_bareiss(matrix, 8, 8));
    }
    const double tiny[4] = {0x1p-60, 1, 0x1p-120, 0x1p-60}; /* singular, and nearly so */
    const double next[4] = {0x1p-60, 1, 0x1p-120, 0x1.0000000000001p-60};
    ck_assert_int_eq(oracle_rank(&(oracle_function){2, NULL, tiny, NULL}, 1), 1);
    ck_assert_int_eq(oracle_rank(&(oracle_function){2, NULL, next, NULL}, 1), 2);
}
END_TEST

CHECK_MAIN("oracle", bell_and_ghz, products_have_no_entropy, w_state, both_sides_agree,
           two_ranks_agree)
