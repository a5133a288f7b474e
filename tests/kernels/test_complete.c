/* SPDX-License-Identifier: Apache-2.0 */
/* complete.cu: the other triangle, and the sum of squares with fixed bits. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"

#define COUNT 3

static double number(unsigned i)
{
    return (double)(i * 2654435761u % 1000u) / 64 - 7;
}

/* Lower triangles, column-major; what is above is garbage. */
static void check(int n, int parts)
{
    const size_t each = (size_t)(n * n * parts), all = each * COUNT;
    double *given = malloc(all * sizeof *given), *got = malloc(all * sizeof *got), square[COUNT],
           first[COUNT];
    ck_assert(given && got);
    for (size_t i = 0; i < all; i++)
        given[i] = number((unsigned)i + (unsigned)n);
    for (EVERY_ORDER(order)) {
        double *a = device_copy(given, all * sizeof *given), *s = device_copy(NULL, sizeof square);
        ck_assert_int_eq(ct_launch_complete(a, COUNT, n, parts, s, NULL), cudaSuccess);
        host_copy(got, a, all * sizeof *got);
        host_copy(square, s, sizeof square);
        device_free(a);
        device_free(s);
        for (int m = 0; m < COUNT; m++) {
            const double *lower = given + each * (size_t)m, *full = got + each * (size_t)m;
            double sum = 0;
            for (int column = 0; column < n; column++)
                for (int row = 0; row < n; row++) {
                    const int low = row > column ? row : column, high = row + column - low;
                    for (int p = 0; p < parts; p++) {
                        const double stored = lower[(high * n + low) * parts + p];
                        const double sign = p == 1 && row < column ? -1 : 1;
                        const bool counts = p == 0 || row != column;
                        if (counts)
                            ck_assert(full[(column * n + row) * parts + p] == sign * stored);
                        sum += counts ? stored * stored : 0;
                    }
                }
            ck_assert(fabs(square[m] - sum) <= 1e-13 * sum);
            if (order == 0)
                first[m] = square[m];
            ck_assert(square[m] == first[m]);
        }
    }
    free(given);
    free(got);
}

START_TEST(triangles)
{
    static const int sizes[] = {1, 2, 3, 16, 17, 40};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int parts = 1; parts <= 2; parts++)
            check(sizes[k], parts);
}
END_TEST

CHECK_MAIN("kernel_complete", triangles)
