#include "backend/cpu/split_product.h"

#include <cblas.h>
#include <math.h>

#define HIGH_BITS 25
#define TINY 0x1p-900    /* the square of such a norm: products of high parts might underflow */
#define ALL_LOW 0x1p500  /* swallows a tiny row */

double ct_split_shift(int64_t count, const double *x)
{
    double square = 0;
    int exponent;
    for (int64_t i = 0; i < count; i++)
        square += x[i] * x[i];
    if (!(square >= TINY))
        return ALL_LOW;
    frexp(square, &exponent); /* 2^(exponent - 1) <= square < 2^exponent */
    const int half = exponent >= 0 ? (exponent + 1) / 2 : -(-exponent / 2);
    return ldexp(1.5, half - HIGH_BITS + 52); /* t = 2^half; a last place of t 2^-25 */
}

size_t ct_split_room(int64_t rows)
{
    return (size_t)(rows * (4 * CT_SPLIT_CHUNK + 2 * rows));
}

static void split(const ct_split_rows *rows, int64_t first, int64_t count, int64_t ld, double *high,
                  double *low)
{
    for (int64_t i = 0; i < rows->rows; i++) {
        const double shift = rows->shift[i];
        for (int64_t c = 0; c < count; c++) {
            const double x = rows->x[i * ld + first + c], top = (x + shift) - shift;
            high[i * count + c] = top;
            low[i * count + c] = x - top;
        }
    }
}

/* c = a b^H + beta c; lda, ldb, ldc in entries, inner entries a row. */
static void product(int parts, int rows, int columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, double beta, double *c, int64_t ldc)
{
    const double one[2] = {1, 0}, scale[2] = {beta, 0};
    if (parts == 1)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, (int)inner, 1, a,
                    (int)lda, b, (int)ldb, beta, c, (int)ldc);
    else
        cblas_zgemm(CblasRowMajor, CblasNoTrans, CblasConjTrans, rows, columns, (int)inner, one, a,
                    (int)lda, b, (int)ldb, scale, c, (int)ldc);
}

void ct_split_product(int parts, const ct_split_rows *a, const ct_split_rows *b, int64_t count,
                      int64_t ld, double *c, int64_t ldc, double *room)
{
    const bool same = a->x == b->x;
    const int ni = a->rows, nj = b->rows;
    double *ah = room, *al = ah + ni * CT_SPLIT_CHUNK, *bh = same ? ah : al + ni * CT_SPLIT_CHUNK,
           *bl = same ? al : bh + nj * CT_SPLIT_CHUNK,
           *rest = (same ? al + ni * CT_SPLIT_CHUNK : bl + nj * CT_SPLIT_CHUNK);
    for (int64_t first = 0; first < count; first += CT_SPLIT_CHUNK) {
        const int64_t size = count - first < CT_SPLIT_CHUNK ? count - first : CT_SPLIT_CHUNK,
                      k = size / parts;
        const double beta = first > 0;
        split(a, first, size, ld, ah, al);
        if (!same)
            split(b, first, size, ld, bh, bl);
        product(parts, ni, nj, k, ah, k, bh, k, beta, c, ldc);
        product(parts, ni, nj, k, ah, k, bl, k, beta, rest, nj);
        product(parts, ni, nj, k, al, k, b->x + first, ld / parts, 1, rest, nj);
    }
    for (int64_t i = 0; i < ni; i++)
        for (int64_t j = 0; j < nj * parts; j++)
            c[i * ldc * parts + j] += rest[i * nj * parts + j];
}
