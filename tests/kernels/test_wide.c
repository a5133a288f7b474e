/* SPDX-License-Identifier: Apache-2.0 */
/* wide_panel.cu, wide_tiles.cu and wide_chase.cu against LAPACK. Small, bands are 16 wide below n = 60 and 32 from there on,
 * tiles have 16 rows, and blocks of a panel 32. */
#include <stdio.h>
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"
#include "symmetric.h"

static void road(double *a, int count, int n, int parts, double *d, double *e)
{
    double *scales = device_copy(NULL, (size_t)count * sizeof *scales);
    void *panels = device_copy(NULL, ct_wide_band_bytes(count, n, parts)),
         *bands = device_copy(NULL, ct_wide_chase_bytes(count, n, parts));
    ck_assert_int_eq(ct_launch_wide_band(a, count, n, parts, scales, panels, NULL), cudaSuccess);
    ck_assert_int_eq(ct_launch_wide_chase(a, count, n, parts, scales, bands, d, e, NULL),
                     cudaSuccess);
    ck_assert_int_eq(cudaDeviceSynchronize(), cudaSuccess);
    device_free(scales);
    device_free(panels);
    device_free(bands);
}

START_TEST(kinds)
{
    static const int sizes[] = {51, 60, 2, 18, 1, 3, 16, 17, 33, 34, 97};
    double worst = 0;
    for (int s = 0; s < amount(11, 3); s++)
        worst = symmetric_check(road, 1, sizes[s], sizes[s] <= 18 ? SYMMETRIC_KINDS : 2, 0);
    if (getenv("CUTROPY_TEST_PRINT"))
        printf("largest error: %.2f u norm\n", worst);
}
END_TEST

/* Bands are 16 wide. */
START_TEST(hermitian)
{
    static const int sizes[] = {51, 2, 18, 1, 3, 16, 17, 33, 34, 82};
    double worst = 0;
    for (int s = 0; s < amount(10, 3); s++)
        worst = symmetric_check(road, 2, sizes[s], sizes[s] <= 18 ? SYMMETRIC_KINDS : 2, 0);
    if (getenv("CUTROPY_TEST_PRINT"))
        printf("largest error: %.2f u norm\n", worst);
}
END_TEST

START_TEST(scales)
{
    symmetric_check_scales(road, 1, 20);
    symmetric_check_scales(road, 2, 18);
}
END_TEST

START_TEST(refused)
{
    static const int sizes[] = {1, 2, 20};
    for (int s = 0; s < 3; s++)
        for (int parts = 1; parts <= 2; parts++)
            symmetric_check_refused(road, parts, sizes[s]);
    for (int wrong = 0; wrong <= CT_EIGEN_WIDE + 1; wrong += CT_EIGEN_WIDE + 1) {
        ck_assert_int_eq(ct_launch_wide_band(NULL, 1, wrong, 1, NULL, NULL, NULL),
                         cudaErrorInvalidValue);
        ck_assert_int_eq(ct_launch_wide_chase(NULL, 1, wrong, 1, NULL, NULL, NULL, NULL, NULL),
                         cudaErrorInvalidValue);
    }
}
END_TEST

CHECK_MAIN("kernel_wide", kinds, hermitian, scales, refused)
