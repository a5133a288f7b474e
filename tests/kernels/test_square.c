/* SPDX-License-Identifier: Apache-2.0 */
/* square.cu: sums of squares of Hermitian matrices, with fixed bits, of one triangle. */
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

/* Column-major; NaN above the diagonal and in the imaginary parts of the diagonal. */
static double *matrices(int n, int parts)
{
    const size_t all = (size_t)(n * n * parts) * COUNT;
    double *a = malloc(all * sizeof *a);
    ck_assert(a);
    for (size_t i = 0; i < all; i++) {
        const size_t entry = i / (size_t)parts, row = entry % (size_t)n,
                     column = entry / (size_t)n % (size_t)n;
        const bool given = parts == 2 && i % 2 == 1 ? row > column : row >= column;
        a[i] = given ? number((unsigned)i + (unsigned)n) : (double)NAN;
    }
    return a;
}

/* Of matrix m, over all of its entries. */
static double defined(const double *a, int m, int n, int parts)
{
    double sum = 0;
    for (int column = 0; column < n; column++)
        for (int row = 0; row < n; row++) {
            const int low = row > column ? row : column, high = row + column - low;
            const double *entry = a + ((m * n + high) * n + low) * parts;
            sum += entry[0] * entry[0] + (parts == 2 && row != column ? entry[1] * entry[1] : 0);
        }
    return sum;
}

static void check(int n, int parts)
{
    double *given = matrices(n, parts), square[COUNT], first[COUNT];
    for (EVERY_ORDER(order)) {
        double *a = device_copy(given, (size_t)(n * n * parts * COUNT) * sizeof *given),
               *sums = device_copy(NULL, (size_t)(n * COUNT) * sizeof *sums),
               *s = device_copy(NULL, sizeof square);
        ck_assert_int_eq(ct_launch_square(a, COUNT, n, parts, sums, s, NULL), cudaSuccess);
        host_copy(square, s, sizeof square);
        device_free(a);
        device_free(sums);
        device_free(s);
        for (int m = 0; m < COUNT; m++) {
            const double sum = defined(given, m, n, parts);
            ck_assert(fabs(square[m] - sum) <= 1e-13 * sum);
            if (order == 0)
                first[m] = square[m];
            ck_assert(square[m] == first[m]);
        }
    }
    free(given);
}

START_TEST(squares)
{
    static const int sizes[] = {1, 2, 3, 16, 17, 40, 70};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int parts = 1; parts <= 2; parts++)
            check(sizes[k], parts);
}
END_TEST

CHECK_MAIN("kernel_square", squares)
