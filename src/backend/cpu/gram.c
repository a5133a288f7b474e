/* Gram matrices by BLAS products over fixed tiles.
 *
 * BLAS runs single-threaded (cpu.c); the parallel loop is over tiles of rows and slices of columns
 * whose size does not depend on the number of threads, and slices are added in order, so that every
 * bit is reproducible. */
#include "backend/cpu/gram.h"

#include <cblas.h>
#include <string.h>

#define TILE 256    /* rows of a tile */
#define SLICE 65536 /* columns of a slice */

/* A product over tiles: h (n x n, upper triangle of tiles) = sum over slices of product(i0, ni, j0,
 * nj, k0, nk). */
typedef struct ct_tiles {
    int64_t n, k;
    int64_t tiles, slices;
    size_t number;   /* doubles per entry: 1 real, 2 complex */
    double *partial; /* slices x n x n entries; slice 0 is h itself */
} ct_tiles;

static cutropy_status tiles_start(ct_tiles *t, int64_t n, int64_t k, size_t number, double *h)
{
    *t = (ct_tiles){.n = n,
                    .k = k,
                    .tiles = (n + TILE - 1) / TILE,
                    .slices = (k + SLICE - 1) / SLICE,
                    .number = number};
    if (t->slices <= 1) {
        t->partial = h;
        return CUTROPY_OK;
    }
    t->partial = ct_alloc((size_t)t->slices, (size_t)(n * n) * number * sizeof(double));
    return t->partial
               ? CUTROPY_OK
               : ct_fail_memory("gram", (size_t)(t->slices * n * n) * number * sizeof(double));
}

/* Adds the slices in order into h. */
static void tiles_finish(ct_tiles *t, double *h)
{
    const size_t size = (size_t)(t->n * t->n) * t->number;
    if (t->partial == h)
        return;
    memcpy(h, t->partial, size * sizeof *h);
    for (int64_t s = 1; s < t->slices; s++)
        for (size_t i = 0; i < size; i++)
            h[i] += t->partial[(size_t)s * size + i];
    ct_free(t->partial);
}

static void real_tile(const ct_tiles *t, const double *a, const double *b, int64_t i, int64_t j,
                      int64_t s)
{
    const int64_t i0 = i * TILE, j0 = j * TILE, k0 = s * SLICE;
    const int64_t ni = t->n - i0 < TILE ? t->n - i0 : TILE,
                  nj = t->n - j0 < TILE ? t->n - j0 : TILE;
    const int64_t nk = t->k - k0 < SLICE ? t->k - k0 : SLICE;
    double *c = t->partial + s * t->n * t->n + i0 * t->n + j0;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)ni, (int)nj, (int)nk, 1.0,
                a + i0 * t->k + k0, (int)t->k, b + j0 * t->k + k0, (int)t->k, 0.0, c, (int)t->n);
}

static void complex_tile(const ct_tiles *t, const double *a, int64_t i, int64_t j, int64_t s)
{
    const double one[2] = {1.0, 0.0}, zero[2] = {0.0, 0.0};
    const int64_t i0 = i * TILE, j0 = j * TILE, k0 = s * SLICE;
    const int64_t ni = t->n - i0 < TILE ? t->n - i0 : TILE,
                  nj = t->n - j0 < TILE ? t->n - j0 : TILE;
    const int64_t nk = t->k - k0 < SLICE ? t->k - k0 : SLICE;
    double *c = t->partial + 2 * (s * t->n * t->n + i0 * t->n + j0);
    cblas_zgemm(CblasRowMajor, CblasNoTrans, CblasConjTrans, (int)ni, (int)nj, (int)nk, one,
                a + 2 * (i0 * t->k + k0), (int)t->k, a + 2 * (j0 * t->k + k0), (int)t->k, zero, c,
                (int)t->n);
}

/* Runs every tile of the upper triangle of every slice; b = NULL: the complex product of a with
 * itself. */
static void tiles_run(const ct_tiles *t, const double *a, const double *b, int threads)
{
    const int64_t pairs = t->tiles * t->tiles;
#pragma omp parallel for num_threads(threads) schedule(monotonic : dynamic, 1) if (threads > 1)
    for (int64_t task = 0; task < pairs * t->slices; task++) {
        int64_t s = task / pairs, i = task % pairs / t->tiles, j = task % t->tiles;
        if (j < i)
            continue;
        if (b)
            real_tile(t, a, b, i, j, s);
        else
            complex_tile(t, a, i, j, s);
    }
}

cutropy_status ct_gram_real(int64_t n, int64_t k, const double *q, double *h, int threads)
{
    ct_tiles t;
    cutropy_status status = tiles_start(&t, n, k, 1, h);
    if (status != CUTROPY_OK)
        return status;
    tiles_run(&t, q, q, threads);
    tiles_finish(&t, h);
    return CUTROPY_OK;
}

cutropy_status ct_gram_complex(int64_t n, int64_t k, const double *q, double *h, int threads)
{
    ct_tiles t;
    cutropy_status status = tiles_start(&t, n, k, 2, h);
    if (status != CUTROPY_OK)
        return status;
    tiles_run(&t, q, NULL, threads);
    tiles_finish(&t, h);
    return CUTROPY_OK;
}

/* The largest diagonal entry: by Cauchy-Schwarz it bounds every partial sum of every entry. */
static ct_u128 largest_norm(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                            const int64_t *weight)
{
    ct_u128 largest = 0;
    for (int64_t i = 0; i < n; i++) {
        ct_u128 sum = 0;
        for (int64_t c = 0; c < k; c++)
            sum += (ct_u128)weight[c] * (ct_u128)((ct_i128)q[i * ld + c] * q[i * ld + c]);
        largest = sum > largest ? sum : largest;
    }
    return largest;
}

static void integer_loop(int64_t n, int64_t k, const int64_t *q, int64_t ld, const int64_t *weight,
                         int64_t *g, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(monotonic : dynamic, 1) if (threads > 1)
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            int64_t sum = 0;
            for (int64_t c = 0; c < k; c++)
                sum += weight[c] * q[i * ld + c] * q[j * ld + c];
            g[i * n + j] = sum;
        }
}

/* Below 2^53 every partial sum is an integer that double holds exactly, in any order of summation.
 */
static cutropy_status integer_by_doubles(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                                         const int64_t *weight, int64_t *g, int threads)
{
    cutropy_status status = CUTROPY_OK;
    double *left = NULL, *right = NULL, *h = NULL;
    ct_tiles t = {0};
    CT_NEW(left, n * k);
    CT_NEW(right, n * k);
    CT_NEW(h, n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++) {
            left[i * k + c] = (double)(q[i * ld + c] * weight[c]);
            right[i * k + c] = (double)q[i * ld + c];
        }
    CT_TRY(tiles_start(&t, n, k, 1, h));
    tiles_run(&t, left, right, threads);
    tiles_finish(&t, h);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            g[i * n + j] = (int64_t)h[i * n + j];
done:
    ct_free(left);
    ct_free(right);
    ct_free(h);
    return status;
}

cutropy_status ct_gram_integer(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                               const int64_t *weight, int64_t *g, int threads)
{
    if (n >= 16 && k >= 16 && largest_norm(n, k, q, ld, weight) < (ct_u128)1 << 53)
        return integer_by_doubles(n, k, q, ld, weight, g, threads);
    integer_loop(n, k, q, ld, weight, g, threads);
    return CUTROPY_OK;
}
