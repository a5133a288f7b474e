/* SPDX-License-Identifier: Apache-2.0 */
/* LAPACK's xGESDD of the transposed matrix, which is what row-major storage is for it: its left vectors, one a
 * column, are the right ones that are wanted, row by row, and its right ones the left ones. Of a long matrix, Q R or L Q, the
 * decomposition is that of the triangle, whose vectors of the larger side the reflections of Q turn: no Q is formed, and none
 * applied where left is not wanted. xGESDD would form it, and ask for work spaces in terms of the larger side. */
#include "backend/cpu/singular_vectors.h"

#include <lapacke.h>
#include <limits.h>
#include <string.h>

#define MOST 23000 /* LAPACK counts its work space, 4 n^2 + 7 n numbers, in 32 bits */

/* Column-major for LAPACK; parts: doubles of a number. */
typedef struct ct_matrix {
    lapack_int rows, columns;
    bool is_complex;
    size_t parts;
    double *a;
} ct_matrix;

static lapack_complex_double *pairs(double *x)
{
    return (lapack_complex_double *)(void *)x;
}

static cutropy_status check(const char *routine, lapack_int info, const ct_matrix *m)
{
    if (info == 0)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_ENUMERIC, "%c%s returned %d for a %lld x %lld matrix",
                   m->is_complex ? 'z' : 'd', routine, (int)info, (long long)m->columns,
                   (long long)m->rows);
}

static bool is_long(int64_t m, int64_t n)
{
    return m >= 2 * n || n >= 2 * m;
}

/* a = u diag(values) vt; a is destroyed. The columns of u lie `ahead` numbers apart. */
static cutropy_status decompose(const ct_matrix *m, double *values, double *u, lapack_int ahead,
                                double *vt)
{
    cutropy_status status = CUTROPY_OK;
    const lapack_int rows = m->rows, columns = m->columns, k = rows < columns ? rows : columns;
    const int64_t least = k, most = (int64_t)rows + columns - k;
    double *work = NULL, *reals = NULL, first[2] = {0};
    lapack_int *integers = NULL, size = -1;
    CT_NEW(integers, 8 * least);
    if (m->is_complex)
        CT_NEW(reals, 5 * least * least + 7 * least + 2 * most * least);
    for (int pass = 0; pass < 2; pass++) { /* the first asks how much room it wants */
        double *room = pass ? work : first;
        CT_TRY(check("gesdd",
                     m->is_complex
                         ? LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'S', rows, columns, pairs(m->a),
                                               rows, values, pairs(u), ahead, pairs(vt), k,
                                               pairs(room), size, reals, integers)
                         : LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', rows, columns, m->a, rows,
                                               values, u, ahead, vt, k, room, size, integers),
                     m));
        size = (lapack_int)first[0];
        if (!pass)
            CT_NEW(work, (size_t)size * m->parts);
    }
done:
    ct_free(integers);
    ct_free(reals);
    ct_free(work);
    return status;
}

/* a becomes its triangle, k x k, and the reflections behind it. */
static cutropy_status reduce(const ct_matrix *m, double *tau, double *triangle)
{
    cutropy_status status = CUTROPY_OK;
    const bool tall = m->rows > m->columns;
    const lapack_int rows = m->rows, k = tall ? m->columns : rows;
    double *work = NULL, first[2] = {0};
    lapack_int size = -1;
    for (int pass = 0; pass < 2; pass++) {
        double *room = pass ? work : first;
        CT_TRY(check(tall ? "geqrf" : "gelqf",
                     m->is_complex
                         ? (tall ? LAPACKE_zgeqrf_work : LAPACKE_zgelqf_work)(
                               LAPACK_COL_MAJOR, rows, m->columns, pairs(m->a), rows, pairs(tau),
                               pairs(room), size)
                         : (tall ? LAPACKE_dgeqrf_work : LAPACKE_dgelqf_work)(
                               LAPACK_COL_MAJOR, rows, m->columns, m->a, rows, tau, room, size),
                     m));
        size = (lapack_int)first[0];
        if (!pass)
            CT_NEW(work, (size_t)size * m->parts);
    }
    for (lapack_int j = 0; j < k; j++) { /* R above its diagonal, L below */
        const lapack_int from = tall ? 0 : j, to = tall ? j + 1 : k;
        memcpy(triangle + ((size_t)j * (size_t)k + (size_t)from) * m->parts,
               m->a + ((size_t)j * (size_t)rows + (size_t)from) * m->parts,
               (size_t)(to - from) * m->parts * sizeof *triangle);
    }
done:
    ct_free(work);
    return status;
}

/* Of the triangle to those of the matrix: tall: Q x, else x Q; x has the shape of the matrix. */
static cutropy_status turn(const ct_matrix *m, double *tau, double *x)
{
    cutropy_status status = CUTROPY_OK;
    const bool tall = m->rows > m->columns;
    const char side = tall ? 'L' : 'R';
    const lapack_int rows = m->rows, k = tall ? m->columns : rows;
    double *work = NULL, first[2] = {0};
    lapack_int size = -1;
    for (int pass = 0; pass < 2; pass++) {
        double *room = pass ? work : first;
        if (m->is_complex)
            CT_TRY(check(tall ? "unmqr" : "unmlq",
                         (tall ? LAPACKE_zunmqr_work : LAPACKE_zunmlq_work)(
                             LAPACK_COL_MAJOR, side, 'N', rows, m->columns, k, pairs(m->a), rows,
                             pairs(tau), pairs(x), rows, pairs(room), size),
                         m));
        else
            CT_TRY(check(tall ? "ormqr" : "ormlq",
                         (tall ? LAPACKE_dormqr_work
                               : LAPACKE_dormlq_work)(LAPACK_COL_MAJOR, side, 'N', rows, m->columns,
                                                      k, m->a, rows, tau, x, rows, room, size),
                         m));
        size = (lapack_int)first[0];
        if (!pass)
            CT_NEW(work, (size_t)size * m->parts);
    }
done:
    ct_free(work);
    return status;
}

/* Columns of `high` numbers are 0 from number k on. */
static void clear_below(double *x, size_t columns, size_t high, size_t k, size_t parts)
{
    for (size_t j = 0; j < columns; j++)
        memset(x + (j * high + k) * parts, 0, (high - k) * parts * sizeof *x);
}

/* turned: left is wanted, else it is room for k x k numbers. */
static cutropy_status decompose_long(const ct_matrix *m, double *values, double *left, bool turned,
                                     double *right)
{
    cutropy_status status = CUTROPY_OK;
    const bool tall = m->rows > m->columns;
    const lapack_int k = tall ? m->columns : m->rows;
    const size_t side = (size_t)k, rows = (size_t)m->rows, columns = (size_t)m->columns,
                 parts = m->parts;
    double *tau = NULL, *triangle = NULL;
    CT_NEW(tau, side * parts);
    CT_NEW_ZERO(triangle, side * side * parts);
    CT_TRY(reduce(m, tau, triangle));
    CT_TRY(decompose(&(ct_matrix){k, k, m->is_complex, parts, triangle}, values, right, m->rows,
                     left));
    if (tall) {
        clear_below(right, columns, rows, side, parts);
        CT_TRY(turn(m, tau, right));
    } else if (turned) {
        memset(left + side * side * parts, 0, (columns - side) * side * parts * sizeof *left);
        CT_TRY(turn(m, tau, left));
    }
done:
    ct_free(tau);
    ct_free(triangle);
    return status;
}

cutropy_status ct_cpu_singular_vectors(int64_t m, int64_t n, bool is_complex, double *a,
                                       double *values, double *left, double *right)
{
    cutropy_status status = CUTROPY_OK;
    if ((m < n ? m : n) > MOST)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "singular vectors of a %lld x %lld matrix: the smaller side may be %d at most",
            (long long)m, (long long)n, MOST);
    if (m > INT_MAX || n > INT_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "singular vectors of a %lld x %lld matrix: LAPACK counts in 32 bits",
                       (long long)m, (long long)n);
    const ct_matrix matrix = {(lapack_int)n, (lapack_int)m, is_complex, is_complex ? 2 : 1, a};
    const int64_t k = m < n ? m : n;
    double *others = left;
    if (!left)
        CT_NEW(others, k * (is_long(m, n) ? k : m) * (int64_t)matrix.parts);
    if (is_long(m, n))
        CT_TRY(decompose_long(&matrix, values, others, left != NULL, right));
    else
        CT_TRY(decompose(&matrix, values, right, matrix.rows, others));
done:
    if (!left)
        ct_free(others);
    return status;
}
