/* SPDX-License-Identifier: Apache-2.0 */
/* A Gram matrix squares the Schmidt values, so that those below 1e-8 of the largest drown in its
 * rounding. The singular values of the block A = D_m^1/2 Q D_n^1/2 itself do not: an error delta of
 * sigma is one of 2 sigma delta + delta^2 of the eigenvalue. They cost 2 to 25 times as much
 * (benchmarks/bench_singular.c), and are computed where a quantity asks for them.
 *
 * Error of a computed singular value, the smaller one of (u = 2^-53, n columns, a_j the columns)
 *   absolute   4 sqrt(n) u sigma_1 + 12 sqrt(n) u sigma + 4 u ||A||_F: Weyl, backward error of the routine and rounding
 *              of the entries (products with roots of multiplicities; none where these are 1)
 *   relative   8 n^(3/4) u kappa: the same errors relative to each column, kappa the estimated
 *              condition number of A with columns of norm 1, good to a factor n^(1/4)
 * As with eigenvalues this is an estimate and not a proof; measured errors are 2 to 10 times
 * smaller. */
#include "engine/cut/small_values.h"

#include <math.h>
#include <string.h>

#include "engine/cut/measures.h"

#define ROUNDING 0x1p-53
#define POOR 0x1p-30        /* relative errors above this ask for singular values */
#define POOR_LEVEL 0x1p-20  /* the same of a level of the spectrum */
#define UNDERFLOW 0x1p-1000 /* what squares of amplitudes may have lost, as a share of the norm */

/* ---- when ---- */

static bool is_poor(ct_number x)
{
    return !(x.error <= POOR * fabs(x.value));
}

static bool has_poor_level(const ct_spectrum *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->level[i].error > POOR_LEVEL * s->level[i].value)
            return true;
    return false;
}

static cutropy_status quantity_is_poor(const ct_spectrum *s, const cutropy_quantity *quantity,
                                       bool *poor)
{
    cutropy_status status = CUTROPY_OK;
    ct_number x;
    ct_bracket b;
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
        *poor = quantity->parameter < 1 && quantity->parameter > 0 &&
                is_poor(ct_renyi(s, quantity->parameter));
        break;
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        *poor = is_poor(ct_renyi(s, 0.5));
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        CT_TRY(ct_discarded_weight(s, quantity->parameter, &x));
        *poor = is_poor(x);
        break;
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
        b = ct_numerical_rank(s, quantity->parameter);
        *poor = b.low < b.high;
        break;
    case CUTROPY_QUANTITY_TRUNCATION:
        CT_TRY(ct_truncation(s, quantity->parameter, &b));
        *poor = b.low < b.high;
        break;
    case CUTROPY_QUANTITY_SPECTRUM:
        *poor = has_poor_level(s);
        break;
    default:
        break;
    }
done:
    return status;
}

cutropy_status ct_small_values_needed(const ct_spectrum *s, const cutropy_quantity *quantities,
                                      size_t count, bool *needed)
{
    cutropy_status status = CUTROPY_OK;
    ct_spectrum sorted = *s;
    *needed = false;
    if (!s->pending_count || !count)
        return CUTROPY_OK;
    CT_NEW(sorted.level, s->count);
    for (size_t i = 0; i < s->count; i++)
        sorted.level[i] = s->level[i];
    ct_levels_sort(&sorted);
    for (size_t k = 0; k < count && !*needed; k++)
        CT_TRY(quantity_is_poor(&sorted, &quantities[k], needed));
done:
    ct_free(sorted.level);
    return status;
}

/* ---- how ---- */

/* The weight of a class is x 2^exponent, which is even. */
static double class_weight(const ct_classes *side, int64_t i, int *exponent)
{
    *exponent = 0;
    if (side->words <= 1)
        return (double)side->weight[i];
    const size_t words = (size_t)side->words;
    ct_big view = {side->weight + (size_t)i * words, words};
    while (view.count && !view.limb[view.count - 1])
        view.count--;
    const double x = ct_big_double(&view, exponent);
    const int odd = *exponent & 1;
    *exponent -= odd;
    return odd ? 2 * x : x;
}

/* A 2^-exponent, one column a class of the smaller side (m x n, column-major); *rounded: are its
 * entries? */
static cutropy_status scaled_block(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                   int side, int exponent, double *a, bool *rounded)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = ct_block_size(blocks, block, side),
                  m = ct_block_size(blocks, block, 1 - side), rb = q->side[1].count;
    const int32_t *mine = ct_block_members(blocks, block, side),
                  *theirs = ct_block_members(blocks, block, 1 - side);
    const size_t parts = q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const bool integers = q->kind == CUTROPY_KIND_LABEL || q->kind == CUTROPY_KIND_INTEGER;
    int64_t *entry = NULL;
    if (integers) {
        CT_NEW(entry, n * m);
        ct_quotient_submatrix(q, ct_block_members(blocks, block, 0), side == 0 ? n : m,
                              ct_block_members(blocks, block, 1), side == 0 ? m : n, entry);
    }
    *rounded = integers;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            int shift[2];
            const double weight = class_weight(&q->side[side], mine[j], &shift[0]) *
                                  class_weight(&q->side[1 - side], theirs[i], &shift[1]);
            const double root = weight == 1 ? 1.0 : sqrt(weight);
            const int down = exponent - (shift[0] + shift[1]) / 2;
            const int64_t row = side == 0 ? mine[j] : theirs[i],
                          column = side == 0 ? theirs[i] : mine[j];
            double *to = a + (size_t)(j * m + i) * parts;
            *rounded |= weight != 1; /* weights of several words are rounded too */
            for (size_t p = 0; p < parts; p++) {
                const double x =
                    integers ? (double)entry[side == 0 ? j * m + i : i * n + j]
                             : ((const double *)q->dense)[(size_t)(row * rb + column) * parts + p];
                to[p] = root * (down ? ldexp(x, -down) : x);
            }
        }
done:
    ct_free(entry);
    return status;
}

/* The levels of a block from its singular values (descending), each where it is better. */
static void take_singular_values(const ct_function *f, const ct_pending *p, const double *sigma,
                                 double condition, bool rounded, ct_spectrum *s)
{
    const double order = (double)p->n, root = sqrt(order);
    const int shift = 2 * (p->exponent - f->unit); /* at most 0 */
    double square = 0;
    for (int64_t i = 0; i < p->n; i++)
        square += sigma[i] * sigma[i];
    const double absolute =
        (4 * root * sigma[0] + (rounded ? 4 * sqrt(square) : 0)) * ROUNDING * (1 + 0x1p-20);
    const double relative = 8 * root * sqrt(root) * condition * ROUNDING;
    for (int64_t i = 0; i < p->rank_hi; i++) {
        ct_level *level = &s->level[p->first_level + (size_t)i];
        const double delta = fmin(absolute + 12 * root * ROUNDING * sigma[i], relative * sigma[i]);
        const double value = ldexp(sigma[i] * sigma[i] / f->norm, shift);
        const double error =
            ldexp((2 * sigma[i] + delta) * delta / f->norm * (1 + 8 * ROUNDING), shift) +
            8 * ROUNDING * value + UNDERFLOW;
        if (error < level->error)
            *level = (ct_level){value < 1 ? value : 1, error};
    }
}

static cutropy_status refine_block(const ct_function *f, const ct_quotient *q,
                                   const ct_blocks *blocks, const ct_pending *p,
                                   const ct_operations *backend, uint64_t memory_limit,
                                   ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    const int side = p->size[1] < p->size[0];
    const int64_t n = p->n, m = p->size[1 - side];
    const bool is_complex = q->kind == CUTROPY_KIND_COMPLEX;
    const double bytes = 8.0 * (is_complex ? 2 : 1) * (double)n * (double)(2 * m + n);
    double *a = NULL, *sigma = NULL, condition;
    bool rounded = false;
    if ((double)m * (double)n * (double)n > CT_SINGULAR_WORK || bytes > (double)memory_limit)
        return CUTROPY_OK;
    CT_NEW(a, (size_t)(n * m) * (is_complex ? 2 : 1));
    CT_NEW(sigma, n);
    CT_TRY(scaled_block(q, blocks, p->block, side, p->exponent, a, &rounded));
    CT_TRY(backend->singular_values(m, n, is_complex, a, sigma, &condition));
    take_singular_values(f, p, sigma, condition, rounded, s);
done:
    ct_free(sigma);
    ct_free(a);
    return status;
}

/* The same levels and blocks. */
static cutropy_status copy_spectrum(const ct_spectrum *s, ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = *s;
    out->level = NULL;
    out->pending = NULL;
    out->square_big = (ct_big){0}; /* the purity stands beside it */
    CT_NEW(out->level, s->count);
    memcpy(out->level, s->level, s->count * sizeof *s->level);
    CT_NEW(out->pending, s->pending_count);
    memcpy(out->pending, s->pending, s->pending_count * sizeof *s->pending);
done:
    return status;
}

cutropy_status ct_small_values(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_operations *backend, uint64_t memory_limit,
                               const ct_spectrum *s, ct_spectrum *fine)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(copy_spectrum(s, fine));
    for (size_t i = 0; i < fine->pending_count; i++) {
        CT_TRY(refine_block(f, q, blocks, &fine->pending[i], backend, memory_limit, fine));
        ct_pending_clear(&fine->pending[i], fine);
    }
    CT_TRY(ct_spectrum_finish(fine));
done:
    if (status != CUTROPY_OK)
        ct_spectrum_free(fine);
    return status;
}
