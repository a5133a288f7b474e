/* SPDX-License-Identifier: Apache-2.0 */
#include "schmidt.h"

#include <math.h>
#include <stdlib.h>

typedef __float128 quad;

/* Newton from the root in double; x > 0. */
static quad root(quad x)
{
    quad scale = 1;
    for (; x < 1e-200; x *= 0x1p400)
        scale *= 0x1p-200;
    for (; x > 1e200; x *= 0x1p-400)
        scale *= 0x1p200;
    quad y = sqrt((double)x);
    for (int i = 0; i < 3; i++)
        y = (y + x / y) / 2;
    return y * scale;
}

/* One rotation of the columns u and v; 0: they were orthogonal. */
static int rotate(size_t m, quad *u, quad *v)
{
    quad x = 0, y = 0, z = 0;
    for (size_t k = 0; k < m; k++) {
        x += u[k] * u[k];
        y += v[k] * v[k];
        z += u[k] * v[k];
    }
    if (z == 0 || z * z <= x * y * 1e-64L)
        return 0;
    const quad zeta = (y - x) / (2 * z), size = zeta < 0 ? -zeta : zeta;
    quad t = size > 1e40 ? 1 / (2 * size) : 1 / (size + root(1 + zeta * zeta));
    t = zeta < 0 ? -t : t;
    const quad c = 1 / root(1 + t * t), s = c * t;
    for (size_t k = 0; k < m; k++) {
        const quad a = u[k], b = v[k];
        u[k] = c * a - s * b;
        v[k] = s * a + c * b;
    }
    return 1;
}

static int descending(const void *a, const void *b)
{
    const quad x = *(const quad *)a, y = *(const quad *)b;
    return (x < y) - (x > y);
}

static uint64_t spread(uint64_t value, uint64_t mask)
{
    uint64_t out = 0;
    for (uint64_t bit; mask; mask &= mask - 1, value >>= 1) {
        bit = mask & -mask;
        out |= value & 1 ? bit : 0;
    }
    return out;
}

void schmidt_solve(int pixels, int is_complex, const double *values, uint64_t mask,
                   schmidt_answer *out)
{
    const uint64_t all = (UINT64_C(1) << pixels) - 1;
    if (2 * __builtin_popcountll(mask) > pixels)
        mask = all & ~mask;
    const int parts = is_complex ? 2 : 1;
    const size_t n = (size_t)1 << __builtin_popcountll(mask), m = ((size_t)all + 1) / n;
    /* complex: [re -im; im re], every value twice */
    const size_t rows = m * (size_t)parts, columns = n * (size_t)parts;
    quad *a = calloc(rows * columns, sizeof *a), *square = calloc(columns, sizeof *square), sum = 0;
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < m; i++) {
            const double *f = values + (size_t)parts * (spread(j, mask) | spread(i, all & ~mask));
            a[j * rows + i] = f[0];
            if (!is_complex)
                continue;
            a[(j + n) * rows + i + m] = f[0];
            a[j * rows + i + m] = f[1];
            a[(j + n) * rows + i] = -(quad)f[1];
        }
    for (int rotations = 1, sweep = 0; rotations && sweep < 100; sweep++) {
        rotations = 0;
        for (size_t i = 0; i < columns; i++)
            for (size_t j = i + 1; j < columns; j++)
                rotations += rotate(rows, a + i * rows, a + j * rows);
    }
    for (size_t j = 0; j < columns; j++)
        for (size_t i = 0; i < rows; i++)
            square[j] += a[j * rows + i] * a[j * rows + i];
    qsort(square, columns, sizeof *square, descending);
    *out = (schmidt_answer){.count = n, .p = calloc(n, sizeof *out->p)};
    for (size_t j = 0; j < columns; j++)
        sum += square[j];
    for (size_t j = 0; j < n; j++) {
        const quad p = square[j * (size_t)parts] * parts / sum;
        out->p[j] = p < 1e-60L * (square[0] / sum) ? 0 : (long double)p;
    }
    free(square);
    free(a);
}

void schmidt_free(schmidt_answer *answer)
{
    free(answer->p);
}

long double schmidt_discarded(const schmidt_answer *answer, size_t kept)
{
    long double sum = 0;
    for (size_t i = answer->count; i > kept; i--)
        sum += answer->p[i - 1];
    return sum;
}

long double schmidt_renyi(const schmidt_answer *answer, long double alpha)
{
    const long double rest = schmidt_discarded(answer, 1), ln2 = logl(2);
    const long double log_first = rest < 0.5L ? log1pl(-rest) : logl(answer->p[0]);
    long double above = 0, ratio = 0;
    if (isinf(alpha))
        return -log_first / ln2;
    if (alpha == 1) {
        for (size_t i = answer->count; i-- > 1;)
            above -= answer->p[i] > 0 ? answer->p[i] * logl(answer->p[i]) : 0;
        return (above - answer->p[0] * log_first) / ln2;
    }
    for (size_t i = answer->count; i-- > 1;) {
        above += answer->p[i] > 0 ? powl(answer->p[i], alpha) : 0;
        ratio += answer->p[i] > 0 ? powl(answer->p[i] / answer->p[0], alpha) : 0;
    }
    above += expm1l(alpha * log_first); /* Tr rho^alpha - 1 */
    if (fabsl(above) < 0.5L)
        return log1pl(above) / (1 - alpha) / ln2;
    return (log1pl(ratio) + alpha * log_first) / (1 - alpha) / ln2;
}
