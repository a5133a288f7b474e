/* SPDX-License-Identifier: Apache-2.0 */
/* Products of matrices of long integers beside FLINT's. */
#include "certify/integer_product.h"

#include "check_main.h"
#include "failing_allocator.h"

/* Random numbers, or the largest of one sign that have so many bits, every tenth one 0. */
static void fill(fmpz_mat_t m, flint_rand_t random, slong bits, int kind)
{
    for (slong i = 0; i < fmpz_mat_nrows(m); i++)
        for (slong j = 0; j < fmpz_mat_ncols(m); j++) {
            fmpz *x = fmpz_mat_entry(m, i, j);
            fmpz_randtest(x, random, (flint_bitcnt_t)bits);
            if (kind) {
                fmpz_one(x);
                fmpz_mul_2exp(x, x, (ulong)bits);
                fmpz_sub_ui(x, x, 1);
            }
            if (kind == 2)
                fmpz_neg(x, x);
            if (!kind && (i + j) % 10 == 0)
                fmpz_zero(x);
        }
}

static void check(flint_rand_t random, const slong size[3], const slong bits[2], const int kind[2],
                  int threads)
{
    fmpz_mat_t a, b, c, truth;
    fmpz_mat_init(a, size[0], size[1]);
    fmpz_mat_init(b, size[1], size[2]);
    fmpz_mat_init(c, size[0], size[2]);
    fmpz_mat_init(truth, size[0], size[2]);
    fill(a, random, bits[0], kind[0]);
    fill(b, random, bits[1], kind[1]);
    fmpz_mat_mul(truth, a, b);
    ck_assert_int_eq(ct_integer_product(a, b, threads, c), CUTROPY_OK);
    ck_assert_msg(fmpz_mat_equal(c, truth), "%ld x %ld x %ld, %ld and %ld bits", size[0], size[1],
                  size[2], bits[0], bits[1]);
    if (size[0] == size[1] && size[1] == size[2]) {
        ck_assert_int_eq(ct_integer_product(a, b, threads, a), CUTROPY_OK);
        ck_assert(fmpz_mat_equal(a, truth));
    }
    fmpz_mat_clear(truth);
    fmpz_mat_clear(c);
    fmpz_mat_clear(b);
    fmpz_mat_clear(a);
}

/* Around the bits of parts and words, the most parts, and more. */
START_TEST(as_flint)
{
    static const slong sizes[][3] = {{40, 40, 40},
                                     {41, 65, 43},
                                     {50, 300, 40},
                                     {39, 50, 60},
                                     {390, 41, 40}},
                       bits[] = {1, 21, 22, 43, 44, 63, 64, 65, 200, 704, 1407, 1408, 1500};
    flint_rand_t random;
    flint_randinit(random);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
            for (int kind = 0; kind < 3; kind++)
                check(random, sizes[s],
                      (slong[]){bits[i], bits[(i + 5 * s) % (sizeof bits / sizeof *bits)]},
                      (int[]){kind, kind / 2 + kind % 2}, 1 + (int)(s % 3));
    flint_randclear(random);
}
END_TEST

static cutropy_status square(void *user)
{
    fmpz_mat_struct *m = user;
    return ct_integer_product(m, m, 1, m + 1);
}

START_TEST(no_memory)
{
    fmpz_mat_t m[2];
    fmpz_mat_init(m[0], 40, 40);
    fmpz_mat_init(m[1], 40, 40);
    fmpz_mat_one(m[0]);
    fmpz_mat_scalar_mul_2exp(m[0], m[0], 80);
    ck_assert_int_ge(sweep_allocations(square, m[0]), 6);
    fmpz_mat_scalar_mul_2exp(m[0], m[0], 80);
    ck_assert(fmpz_mat_equal(m[0], m[1]));
    fmpz_mat_clear(m[1]);
    fmpz_mat_clear(m[0]);
}
END_TEST

CHECK_MAIN("integer_product", as_flint, no_memory)
