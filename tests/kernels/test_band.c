/* SPDX-License-Identifier: Apache-2.0 */
/* band.cu and chase.cu against LAPACK, over all their roads, which tests reach with small matrices: panels in shared memory
 * to n = 48, in device memory with a row a thread to 80, with two to 144; bands in shared memory to 70. */
#include <stdio.h>
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"
#include "symmetric.h"

static void road(double *a, int count, int n, int parts, double *d, double *e)
{
    ck_assert_int_eq(parts, 1);
    double *scales = device_copy(NULL, (size_t)count * sizeof *scales);
    void *panels = device_copy(NULL, ct_band_bytes(count, n)),
         *bands = device_copy(NULL, ct_chase_bytes(count, n));
    ck_assert_int_eq(ct_launch_band(a, count, n, scales, panels, NULL), cudaSuccess);
    ck_assert_int_eq(ct_launch_chase(a, count, n, scales, bands, d, e, NULL), cudaSuccess);
    ck_assert_int_eq(cudaDeviceSynchronize(), cudaSuccess);
    device_free(scales);
    device_free(panels);
    device_free(bands);
}

START_TEST(kinds)
{
    static const int sizes[] = {40, 2, 62, 82, 18, 1, 3, 16, 17, 32, 33, 49, 129};
    double worst = 0;
    for (int s = 0; s < amount(13, 4); s++)
        worst = symmetric_check(road, 1, sizes[s], sizes[s] <= 40 ? SYMMETRIC_KINDS : 3,
                                CT_QL_SWEEPS(sizes[s]));
    if (getenv("CUTROPY_TEST_PRINT"))
        printf("largest error: %.2f u norm\n", worst);
}
END_TEST

START_TEST(scales)
{
    symmetric_check_scales(road, 1, 40);
}
END_TEST

START_TEST(refused)
{
    static const int sizes[] = {1, 2, 40};
    for (int s = 0; s < 3; s++)
        symmetric_check_refused(road, 1, sizes[s]);
    for (int wrong = 0; wrong <= CT_EIGEN_LARGE + 1; wrong += CT_EIGEN_LARGE + 1) {
        ck_assert_int_eq(ct_launch_band(NULL, 1, wrong, NULL, NULL, NULL), cudaErrorInvalidValue);
        ck_assert_int_eq(ct_launch_chase(NULL, 1, wrong, NULL, NULL, NULL, NULL, NULL),
                         cudaErrorInvalidValue);
    }
}
END_TEST

CHECK_MAIN("kernel_band", kinds, scales, refused)
