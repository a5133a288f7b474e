/* SPDX-License-Identifier: Apache-2.0 */
/* tridiagonal.cu and ql.cu against LAPACK: medium matrices of many kinds at many scales, QL that gives up, and what has
 * no answer. */
#include <stdio.h>
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"
#include "symmetric.h"

static void road(double *a, int count, int n, int parts, double *d, double *e)
{
    ck_assert_int_eq(ct_launch_tridiagonal(a, count, n, parts, d, e, NULL), cudaSuccess);
}

START_TEST(medium)
{
    static const int sizes[] = {1, 2, 33, 64, 97, 3, 31, 32, 48, 63, 65, 96, 127, 128};
    double worst = 0;
    for (int s = 0; s < amount(14, 5); s++)
        worst = symmetric_check(road, 1, sizes[s], SYMMETRIC_KINDS, CT_QL_SWEEPS(sizes[s]));
    if (getenv("CUTROPY_TEST_PRINT"))
        printf("largest error: %.2f u norm\n", worst);
}
END_TEST

START_TEST(hermitian)
{
    static const int sizes[] = {1, 2, 20, 33, 65, 3, 31, 32, 48, 64, 96};
    double worst = 0;
    for (int s = 0; s < amount(11, 5); s++)
        worst = symmetric_check(road, 2, sizes[s], sizes[s] < 65 ? SYMMETRIC_KINDS : 3,
                                CT_QL_SWEEPS(sizes[s]));
    if (getenv("CUTROPY_TEST_PRINT"))
        printf("largest error: %.2f u norm\n", worst);
}
END_TEST

/* Too few sweeps for most matrices: they are bisected, and the others are not. */
START_TEST(given_up)
{
    for (int sweeps = 0; sweeps <= 24; sweeps += 8)
        symmetric_check(road, 1, 20, SYMMETRIC_KINDS, sweeps);
}
END_TEST

START_TEST(scales)
{
    symmetric_check_scales(road, 1, 40);
    symmetric_check_scales(road, 2, 34);
}
END_TEST

START_TEST(refused)
{
    static const int sizes[] = {1, 2, 7, 40};
    for (int s = 0; s < 4; s++)
        for (int parts = 1; parts <= 2; parts++)
            symmetric_check_refused(road, parts, sizes[s]);
    ck_assert_int_eq(ct_launch_tridiagonal(NULL, 1, 97, 2, NULL, NULL, NULL),
                     cudaErrorInvalidValue);
    ck_assert_int_eq(ct_launch_tridiagonal(NULL, 1, 0, 1, NULL, NULL, NULL), cudaErrorInvalidValue);
    ck_assert_int_eq(ct_launch_tridiagonal(NULL, 1, 129, 1, NULL, NULL, NULL),
                     cudaErrorInvalidValue);
}
END_TEST

CHECK_MAIN("kernel_tridiagonal", medium, hermitian, given_up, scales, refused)
