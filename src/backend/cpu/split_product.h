/* Products of rows of doubles that are right to about one rounding, whatever BLAS's order of
 * summation (theorem 7 of docs/theorems.md).
 *
 * A sum of k nearly equal terms of one sign rounds systematically, up to k u of itself. So rows are
 * split (K. Ozaki, T. Ogita, S. Oishi, S. M. Rump, Numer. Algorithms 59, 95 (2012)): x = high + low,
 * high a multiple of 2^-25 t with a power of two t, |x| <= 1.01 t <= 2.1 |x| for the norm |x| of the
 * row. By Cauchy-Schwarz all partial sums of products of high parts are integers below 2^53 times
 * one power of two: exact in any order. Only the rest, 2^-25 as large, and the last addition round
 * (ct_gram_error in backend.h). */
#ifndef CT_SPLIT_PRODUCT_H
#define CT_SPLIT_PRODUCT_H

#include "backend/backend.h"

#define CT_SPLIT_CHUNK 512 /* numbers of a row that are split at a time */

/* One tile: rows of ld numbers, of which `count` take part; shift[i] splits row i. */
typedef struct ct_split_rows {
    int rows;
    const double *x, *shift;
} ct_split_rows;

/* The shift of a row of `count` numbers: (x + shift) - shift is the high part of x. The norm is 0,
 * or between 2^-450 and 2^500, or smaller: then all of the row is low. */
double ct_split_shift(int64_t count, const double *x);

/* Doubles of workspace for tiles of up to `rows` rows. */
size_t ct_split_room(int64_t rows);

/* c (a->rows x b->rows, rows ldc entries apart) = a b^T, or a b^H with pairs as entries (parts = 2,
 * count and ld are still numbers). */
void ct_split_product(int parts, const ct_split_rows *a, const ct_split_rows *b, int64_t count,
                      int64_t ld, double *c, int64_t ldc, double *room);

#endif
