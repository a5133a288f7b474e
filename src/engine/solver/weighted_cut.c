/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds: docs/theorems.md, theorem 21. */
#include "engine/solver/weighted_cut.h"

#include <math.h>
#include <string.h>

#include "base/sum.h"

#define ROUNDING 0x1p-53
#define SECOND_ORDER 1.01
#define COMPLEX_ROUNDINGS 2.83 /* 2 sqrt(2): an operation with complex numbers, in units of u */

uint64_t ct_weighted_bytes(const ct_weighted *bonds)
{
    const uint64_t each =
        16 + 2 * (uint64_t)bonds->numbers * (bonds->is_complex ? 20 : 12); /* of a state */
    uint64_t bytes = 0;
    for (int k = 0; k < bonds->pixels; k++)
        bytes += each * (uint64_t)bonds->bond[k];
    return bytes;
}

uint64_t ct_weighted_pass_bytes(const ct_weighted *bonds, const bool *wanted)
{
    const uint64_t number = bonds->is_complex ? 16 : 8;
    uint64_t most = 1, kept = 0;
    for (int k = 0; k <= bonds->pixels; k++) {
        const uint64_t n = (uint64_t)bonds->bond[k];
        most = n > most ? n : most;
        if (!bonds->single)
            kept += 32 * n + (wanted && wanted[k] ? 2 * number * n * n : 0);
        else if (wanted && wanted[k])
            kept += 8 * n;
    }
    return kept + (bonds->single ? 3 : 8) * number * most * most;
}

/* 2^power, which must not leave the range of doubles. */
static cutropy_status power_of_two(int64_t power, double *out)
{
    if (power > 900 || power < -900)
        return ct_fail(CUTROPY_ENUMERIC,
                       "<f|f> is 2^%lld of what the sides of the cut add up to: outside the range "
                       "of doubles",
                       (long long)power);
    *out = ldexp(1, (int)power);
    return CUTROPY_OK;
}

/* ---- L is diagonal ---- */

static cutropy_status scale_right(const ct_weighted_level *level, double unit,
                                  ct_bounded_matrix *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)level->right->n, parts = out->is_complex ? 2 : 1;
    double *root = NULL;
    CT_NEW(root, n);
    CT_NEW(out->number, n * n * parts);
    out->n = (int64_t)n;
    for (size_t i = 0; i < n; i++)
        root[i] = sqrt(level->left->number[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i * parts; j < n * parts; j++)
            out->number[i * n * parts + j] =
                root[i] * unit * root[j / parts] * level->right->number[i * n * parts + j];
    ct_matrix_measure(out);
    /* roots, their product and that with R round four times */
    out->error = SECOND_ORDER * sqrt((double)n) * (level->error + 4) * ROUNDING * out->trace;
done:
    ct_free(root);
    return status;
}

/* ---- L is a matrix ---- */

typedef struct ct_factored {
    const ct_operations *operations;
    bool is_complex;
    int64_t n, rank;
    double *left,
        *right; /* S L S and S^-1 R S^-1, S powers of two with R_ii near 1; L becomes rows of C^T, order */
    double *rows; /* rank x n: C^T, columns in the order of the matrices */
    int32_t *order;
    double trace, lost, size; /* Tr L, ||L - C C^H||_F, ||R||_F, at most */
} ct_factored;

static double norm_of(const double *number, size_t count)
{
    ct_sum sum = {0};
    for (size_t i = 0; i < count; i++)
        ct_sum_add(&sum, number[i] * number[i]);
    return SECOND_ORDER * sqrt(ct_sum_value(&sum));
}

static cutropy_status balance(const ct_weighted_level *level, double unit, ct_factored *f)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)f->n, parts = f->is_complex ? 2 : 1;
    int *shift = NULL;
    CT_NEW(shift, n);
    CT_NEW(f->left, n * n * parts);
    CT_NEW(f->right, n * n * parts);
    for (size_t i = 0; i < n; i++) {
        const double own = level->right->number[(n + 1) * i * parts];
        shift[i] = own > 0 ? ilogb(own) / 2 : 0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n * parts; j++) {
            const size_t at = i * n * parts + j;
            const int both = shift[i] + shift[j / parts];
            f->left[at] = ldexp(level->left->number[at], both) * unit;
            f->right[at] = ldexp(level->right->number[at], -both);
        }
    for (size_t i = 0; i < n; i++)
        f->trace += SECOND_ORDER * f->left[(n + 1) * i * parts];
    f->size = norm_of(f->right, n * n * parts);
done:
    ct_free(shift);
    return status;
}

/* C, and what L differs from C C^H by: formed, whatever the routine did. */
static cutropy_status factor(int threads, ct_factored *f)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)f->n, parts = f->is_complex ? 2 : 1;
    double *copy = NULL, *columns = NULL, *product = NULL;
    CT_NEW(copy, n * n * parts);
    CT_NEW(f->order, n);
    memcpy(copy, f->left, n * n * parts * sizeof *copy);
    /* its lower triangle column-major is our upper one row-major: the conjugate */
    CT_TRY(f->operations->cholesky(f->n, f->is_complex, copy, f->order, &f->rank));
    const size_t rank = (size_t)f->rank;
    CT_NEW(f->rows, rank * n * parts);
    CT_NEW(columns, rank * n * parts);
    CT_NEW(product, n * n * parts);
    for (size_t k = 0; k < rank; k++)
        for (size_t i = 0; i < n; i++) {
            const size_t to = (size_t)f->order[i];
            const double *from = copy + (k * n + i) * parts;
            double *row = f->rows + (k * n + to) * parts,
                   *column = columns + (to * rank + k) * parts;
            row[0] = column[0] = from[0];
            if (parts == 2)
                row[1] = column[1] = -from[1];
        }
    CT_TRY((f->is_complex ? f->operations->gram_complex
                          : f->operations->gram_real)(f->n, f->rank, columns, product, threads));
    double square = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            for (size_t c = 0; c < (j > i ? parts : 1); c++) {
                const size_t at = (i * n + j) * parts + c;
                const double off = f->left[at] - product[at];
                square += (j > i ? 2 : 1) * off * off;
            }
    for (size_t i = 0; i < rank * n * parts; i++)
        sum += columns[i] * columns[i];
    f->lost = SECOND_ORDER * (sqrt(square) + (ct_gram_error(f->rank, f->is_complex) + 2) *
                                                 ROUNDING * (sum + f->trace));
done:
    ct_free(copy);
    ct_free(columns);
    ct_free(product);
    return status;
}

/* C^H R C. */
static cutropy_status multiply(int threads, ct_factored *f, ct_bounded_matrix *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)f->n, rank = (size_t)f->rank, parts = f->is_complex ? 2 : 1;
    double *product = NULL;
    CT_NEW(product, rank * n * parts);
    CT_NEW(out->number, rank * rank * parts);
    out->n = f->rank;
    /* row k of the first is sum_j R_ij C_jk over i, since R is conj(R)^T; and then its products with conj(C_il) */
    f->operations->rows_by_rows(f->is_complex, f->rank, f->n, f->n, f->rows, f->right, product,
                                threads);
    for (size_t i = 0; i < rank * n && parts == 2; i++)
        f->rows[2 * i + 1] = -f->rows[2 * i + 1];
    f->operations->rows_by_rows(f->is_complex, f->rank, f->rank, f->n, product, f->rows,
                                out->number, threads);
    ct_matrix_measure(out);
done:
    ct_free(product);
    return status;
}

static cutropy_status factor_left(const ct_weighted_level *level, double unit, double error,
                                  const ct_operations *operations, int threads,
                                  ct_bounded_matrix *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_factored f = {.operations = operations, .is_complex = out->is_complex, .n = level->left->n};
    const double each = out->is_complex ? COMPLEX_ROUNDINGS : 1;
    CT_TRY(balance(level, unit, &f));
    CT_TRY(factor(threads, &f));
    CT_TRY(multiply(threads, &f, out));
    out->error = error + f.lost * f.size +
                 SECOND_ORDER * sqrt((double)f.rank) * each * (2 * (double)f.n + 4) * ROUNDING *
                     (f.trace + f.lost * sqrt((double)f.n)) * f.size;
done:
    ct_free(f.left);
    ct_free(f.right);
    ct_free(f.rows);
    ct_free(f.order);
    return status;
}

cutropy_status ct_weighted_cut_make(const ct_weighted_level *level, bool is_complex, int64_t unit,
                                    const ct_operations *operations, int threads,
                                    ct_bounded_matrix *out)
{
    cutropy_status status = CUTROPY_OK;
    double scale = 1;
    *out = (ct_bounded_matrix){.is_complex = is_complex};
    CT_TRY(power_of_two(level->left->exponent + level->right->exponent - unit, &scale));
    if (level->left->diagonal)
        CT_TRY(scale_right(level, scale, out));
    else
        CT_TRY(factor_left(level, scale, ldexp(level->error, (int)(level->exponent - unit)),
                           operations, threads, out));
done:
    if (status != CUTROPY_OK) {
        ct_free(out->number);
        out->number = NULL;
    }
    return status;
}
