/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers larger than doubles go as x 2^exponent until they are divided by the norm. What is formed
 * from integers alone is exact, so that a level takes the same roundings as one of a small block. */
#include "engine/cut/big_block.h"

#include <float.h>
#include <math.h>

#define ROUNDING 0x1p-53

void ct_big_integers_free(ct_big_integers *integers)
{
    ct_big_free(&integers->square_sum);
    for (int i = 0; i < 3; i++)
        ct_big_free(&integers->g[i]);
    for (int i = 0; i < 2; i++)
        ct_big_free(&integers->weight[i]);
}

cutropy_status ct_big_integers_of(const ct_block_answer *block, ct_big_integers *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_big_integers *big = block->big;
    *out = (ct_big_integers){0};
    CT_TRY(big ? ct_big_copy(&out->square_sum, &big->square_sum)
               : ct_big_set(&out->square_sum, block->square_sum));
    for (int i = 0; i < 3; i++) {
        const int64_t g = block->g[i];
        CT_TRY(big ? ct_big_copy(&out->g[i], &big->g[i])
                   : ct_big_set(&out->g[i], g < 0 ? 0 - (uint64_t)g : (uint64_t)g));
    }
    for (int i = 0; i < 2; i++)
        CT_TRY(big ? ct_big_copy(&out->weight[i], &big->weight[i])
                   : ct_big_set(&out->weight[i], block->weight[i]));
done:
    if (status != CUTROPY_OK)
        ct_big_integers_free(out);
    return status;
}

/* a = G_00 m_0, d = G_11 m_1, bb = G_01^2 m_0 m_1 and det = a d - bb of a block of dimension n (1: only a is
 * not 0). */
typedef struct ct_big_square {
    ct_big a, d, bb, det;
} ct_big_square;

static void square_free(ct_big_square *square)
{
    ct_big_free(&square->a);
    ct_big_free(&square->d);
    ct_big_free(&square->bb);
    ct_big_free(&square->det);
}

/* Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (det < 0). */
static cutropy_status square_of(const ct_big_integers *integers, int64_t n, ct_big_square *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_big *g = integers->g, *weight = integers->weight;
    *out = (ct_big_square){0};
    CT_TRY(ct_big_multiply(&out->a, &g[0], &weight[0]));
    if (n == 1)
        return CUTROPY_OK;
    CT_TRY(ct_big_multiply(&out->d, &g[2], &weight[1]));
    CT_TRY(ct_big_multiply(&out->bb, &g[1], &g[1]));
    CT_TRY(ct_big_multiply(&out->bb, &out->bb, &weight[0]));
    CT_TRY(ct_big_multiply(&out->bb, &out->bb, &weight[1]));
    CT_TRY(ct_big_multiply(&out->det, &out->a, &out->d));
    if (ct_big_compare(&out->det, &out->bb) < 0)
        CT_TRY(ct_fail(CUTROPY_ENUMERIC, "a block of 2 x 2 of a solver is no positive matrix"));
    CT_TRY(ct_big_subtract(&out->det, &out->det, &out->bb));
done:
    if (status != CUTROPY_OK)
        square_free(out);
    return status;
}

/* x 2^exponent */
typedef struct ct_scaled {
    double x;
    int exponent;
} ct_scaled;

static ct_scaled scaled(const ct_big *a)
{
    ct_scaled out;
    out.x = ct_big_double(a, &out.exponent);
    return out;
}

static ct_scaled scaled_root(ct_scaled a)
{
    const int odd = a.exponent & 1;
    return (ct_scaled){sqrt(odd ? 2 * a.x : a.x), (a.exponent - odd) / 2};
}

/* (trace + root) / 2, root <= trace */
static ct_scaled half_sum(ct_scaled trace, ct_scaled root)
{
    return (ct_scaled){(trace.x + ldexp(root.x, root.exponent - trace.exponent)) / 2,
                       trace.exponent};
}

/* value / <f|f>. A level below the range of doubles counts as 0 with the smallest error there is. */
static void put_level(const ct_function *f, ct_scaled value, double *p, double *error)
{
    *p = ldexp(value.x / f->norm, value.exponent - 2 * f->unit);
    *error = 8 * ROUNDING * *p + (*p < DBL_MIN ? DBL_TRUE_MIN : 0);
}

/* (a - d)^2 + 4 bb = (a + d)^2 - 4 det */
static cutropy_status discriminant(const ct_big_square *square, const ct_big *trace, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_big four = {0};
    CT_TRY(ct_big_set(&four, 4));
    CT_TRY(ct_big_multiply(&four, &four, &square->det));
    CT_TRY(ct_big_multiply(out, trace, trace));
    CT_TRY(ct_big_subtract(out, out, &four));
done:
    ct_big_free(&four);
    return status;
}

cutropy_status ct_big_levels(const ct_function *f, const ct_big_integers *integers, int64_t n,
                             double value[2], double error[2], int *count)
{
    cutropy_status status = CUTROPY_OK;
    ct_big_square square = {0};
    ct_big trace = {0}, under_root = {0};
    *count = 0;
    CT_TRY(square_of(integers, n, &square));
    CT_TRY(ct_big_add(&trace, &square.a, &square.d));
    ct_scaled largest = scaled(&trace);
    if (!square.det.count) {
        *count = trace.count != 0;
        put_level(f, largest, &value[0], &error[0]);
        if (!ct_big_compare(&trace, &f->norm_big)) /* it is 1 */
            error[0] = 0;
        goto done;
    }
    CT_TRY(discriminant(&square, &trace, &under_root));
    largest = half_sum(largest, scaled_root(scaled(&under_root)));
    const ct_scaled det = scaled(&square.det);
    put_level(f, largest, &value[0], &error[0]);
    put_level(f, (ct_scaled){det.x / largest.x, det.exponent - largest.exponent}, &value[1],
              &error[1]);
    *count = 2;
done:
    square_free(&square);
    ct_big_free(&trace);
    ct_big_free(&under_root);
    return status;
}

static double ratio(const ct_big *a, const ct_big *b)
{
    const ct_scaled x = scaled(a), y = scaled(b);
    return ldexp(x.x / y.x, x.exponent - y.exponent);
}

cutropy_status ct_big_purity(const ct_function *f, const ct_big *square_sum, double *purity,
                             double *mixed, double *error)
{
    cutropy_status status = CUTROPY_OK;
    ct_big square = {0}, rest = {0};
    CT_TRY(ct_big_multiply(&square, &f->norm_big, &f->norm_big));
    if (ct_big_compare(square_sum, &square) > 0)
        CT_TRY(ct_fail(CUTROPY_ENUMERIC, "the squares of a solver exceed <f|f>^2"));
    CT_TRY(ct_big_subtract(&rest, &square, square_sum));
    *purity = ratio(square_sum, &square);
    *mixed = ratio(&rest, &square);
    *error = rest.count && *mixed < DBL_MIN ? DBL_TRUE_MIN : 0;
done:
    ct_big_free(&square);
    ct_big_free(&rest);
    return status;
}

static cutropy_status norm_power(const ct_function *f, int power, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_big_copy(out, &f->norm_big));
    for (int i = 1; i < power; i++)
        CT_TRY(ct_big_multiply(out, out, &f->norm_big));
done:
    return status;
}

cutropy_status ct_big_moment(const ct_function *f, const ct_big *sum, int power, double *out)
{
    ct_big under = {0};
    const cutropy_status status = norm_power(f, power, &under);
    if (status == CUTROPY_OK)
        *out = ratio(sum, &under);
    ct_big_free(&under);
    return status;
}

cutropy_status ct_big_fraction(const ct_function *f, const ct_big *sum, int power,
                               cutropy_fraction *out)
{
    ct_big under = {0};
    cutropy_status status = norm_power(f, power, &under);
    if (status == CUTROPY_OK)
        status = ct_fraction_make_big(sum, &under, out);
    ct_big_free(&under);
    return status;
}
