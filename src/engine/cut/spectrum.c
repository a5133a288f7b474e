/* SPDX-License-Identifier: Apache-2.0 */
/* The spectrum of rho_A.
 *
 * Error of a computed eigenvalue: values-only eigen-solvers return the exact eigenvalues of a
 * matrix within p(n) u ||H|| of H. We take p(n) = 8 sqrt(n) (rounding of the entries included);
 * products of real or complex amplitudes add what is proved for them, a multiple of u Tr H. The
 * first is an estimate and is called one; measured errors are far smaller. A computed eigenvalue of rho_A that lies outside
 * [0, 1] within this error counts as 0 or 1 with this error; one that is negative beyond it ends
 * the run. */
#include "engine/cut/spectrum.h"

#include <math.h>
#include <stdlib.h>

#include "base/sum.h"
#include "engine/cut/big_block.h"
#include "engine/cut/cut_rank.h"

#define ROUNDING 0x1p-53

void ct_spectrum_free(ct_spectrum *s)
{
    ct_free(s->pending);
    ct_free(s->level);
    ct_big_free(&s->square_big);
    *s = (ct_spectrum){0};
}

static double to_double(ct_u128 x)
{
    return (double)x;
}

/* n = 1 and 2 in closed form, g = G_00, G_01, G_11: lambda = (a + d +- sqrt((a - d)^2 + 4 b^2)) /
 * 2, the smaller one as det / larger: at most 7 roundings, with that of the norm and the division. */
static void closed_form(const ct_function *f, int64_t n, const int64_t g[3],
                        const uint64_t weight[2], ct_spectrum *s)
{
    const ct_u128 a = (ct_u128)g[0] * weight[0];
    double value[2] = {to_double(a), 0};
    ct_u128 det = 0, trace = a;
    if (n == 2) {
        const ct_u128 d = (ct_u128)g[2] * weight[1];
        const ct_u128 bb = (ct_u128)((ct_i128)g[1] * g[1]) * weight[0] * weight[1];
        const ct_u128 difference = a > d ? a - d : d - a;
        trace = a + d;
        det = a * d - bb;
        value[0] = det ? (to_double(trace) + sqrt(to_double(difference * difference + 4 * bb))) / 2
                       : to_double(trace);
        value[1] = to_double(det) / value[0];
    }
    for (int64_t i = 0; i < n; i++) {
        if (value[i] == 0)
            continue;
        const double p = value[i] / f->norm;
        const bool all = !det && trace == f->norm_exact; /* p = 1 */
        s->level[s->count++] = (ct_level){.value = p, .error = all ? 0 : 8 * ROUNDING * p};
        s->rank_lo++;
        s->rank_hi++;
    }
}

/* The sum of squares of a block with integers of any size and, where n <= 2, its levels. */
static cutropy_status add_big_block(const ct_function *f, const ct_block_answer *block, int64_t n,
                                    ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_big_integers integers = {0};
    double value[2], error[2];
    int count = 0;
    CT_TRY(ct_big_integers_of(block, &integers));
    CT_TRY(ct_big_add(&s->square_big, &s->square_big, &integers.square_sum));
    if (n <= 2)
        CT_TRY(ct_big_levels(f, &integers, n, value, error, &count));
    for (int i = 0; i < count; i++)
        s->level[s->count++] = (ct_level){value[i], error[i]};
    s->rank_lo += count;
    s->rank_hi += count;
done:
    ct_big_integers_free(&integers);
    return status;
}

/* One class on a side of the only block: rho_A is a projector, whatever the rounding of its norm.
 */
static void add_projector(ct_spectrum *s)
{
    s->level[s->count++] = (ct_level){.value = 1};
    s->purity = 1;
    s->rank_lo = s->rank_hi = 1;
}

static int64_t smaller_size(const ct_block_answer *block)
{
    return block->size[0] < block->size[1] ? block->size[0] : block->size[1];
}

/* Every class lies in a block, and no block is empty. */
static cutropy_status check_sizes(const ct_cut_answer *answer)
{
    for (int s = 0; s < 2; s++) {
        int64_t total = 0;
        for (int64_t b = 0; b < answer->blocks; b++) {
            if (answer->block[b].size[s] < 1)
                return ct_fail(CUTROPY_EINTERNAL, "a solver found an empty block");
            total += answer->block[b].size[s];
        }
        if (total != answer->classes[s])
            return ct_fail(CUTROPY_EINTERNAL, "the blocks of a solver hold %lld of %lld classes",
                           (long long)total, (long long)answer->classes[s]);
    }
    return CUTROPY_OK;
}

/* An empty spectrum with room for the levels of all blocks. */
static cutropy_status open_spectrum(const ct_cut_answer *answer, ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t levels = 0;
    size_t pending = 0;
    *out = (ct_spectrum){.closed = true,
                         .cube_fits = answer->has_cube,
                         .cube_sum = answer->cube_sum,
                         .cube_big = answer->cube_big,
                         .integers = answer->kind == CUTROPY_KIND_LABEL ||
                                     answer->kind == CUTROPY_KIND_INTEGER};
    for (int64_t b = 0; b < answer->blocks; b++) {
        levels += smaller_size(&answer->block[b]);
        pending += !out->integers || smaller_size(&answer->block[b]) > 2;
    }
    CT_NEW(out->level, levels);
    if (pending)
        CT_NEW(out->pending, pending);
done:
    return status;
}

static cutropy_status take_values(const ct_function *f, const ct_pending *p, ct_spectrum *s)
{
    /* the roots of the multiplicities and their products round 5 times in the two factors */
    const double product_error = s->integers ? 0 : 5 + p->gram_error;
    const double *values = p->values;
    const double root = sqrt((double)p->n);
    const int shift = 2 * (p->exponent - f->unit); /* at most 0 */
    double trace = 0, square = 0;
    for (int64_t i = 0; i < p->n; i++) {
        trace += values[i];
        square += values[i] * values[i];
    }
    double error = (8 * root * values[p->n - 1] + product_error * trace) * ROUNDING / f->norm;
    if (p->known_error > 0) {
        /* the routine's values are those of a matrix nearby, by 8 n^1/2 u of its Frobenius norm: an estimate too */
        s->total_error += p->known_error + 8 * (double)p->n * ROUNDING * sqrt(square) / f->norm +
                          product_error * trace * (double)p->n * ROUNDING / f->norm;
        error += p->known_error;
    }
    if (shift) /* a level below the range of doubles counts as 0 with the smallest error there is */
        error = ldexp(error, shift) + DBL_TRUE_MIN;
    for (int64_t i = 0; i < p->n; i++) {
        const double value = values[p->n - 1 - i];
        const double share = ldexp(value / f->norm, shift); /* in [0, 1] up to its error */
        if (!(share >= -error && share <= 1 + error))
            return ct_fail(
                CUTROPY_ENUMERIC,
                "an eigenvalue of a positive matrix came out as %.3g (largest %.3g, trace %.3g)",
                value, values[p->n - 1], ldexp(f->norm, -shift));
        s->level[p->first_level + (size_t)i] =
            (ct_level){.value = fmin(fmax(share, 0), 1), .error = error};
    }
    return CUTROPY_OK;
}

static cutropy_status add_block(const ct_function *f, const ct_cut_answer *answer, int64_t block,
                                ct_spectrum *s)
{
    const ct_block_answer *b = &answer->block[block];
    const int64_t n = smaller_size(b);
    if (s->integers && ct_is_big(f)) {
        const cutropy_status status = add_big_block(f, b, n, s);
        if (status != CUTROPY_OK || n <= 2)
            return status;
    } else if (s->integers) {
        if (b->big)
            return ct_fail(CUTROPY_EINTERNAL, "a solver has larger integers than <f|f>");
        s->square_sum += b->square_sum;
        if (n <= 2) {
            closed_form(f, n, b->g, b->weight, s);
            return CUTROPY_OK;
        }
    } else if (n == 1 && answer->blocks == 1) {
        add_projector(s);
        return CUTROPY_OK;
    } else {
        s->purity += ldexp(b->square / f->norm / f->norm, 4 * (b->exponent - f->unit));
    }
    if (!b->values)
        return ct_fail(CUTROPY_EINTERNAL, "a solver left out the eigenvalues of a block of %lld",
                       (long long)n);
    ct_pending *p = &s->pending[s->pending_count++];
    *p = (ct_pending){.block = block,
                      .size = {b->size[0], b->size[1]},
                      .n = n,
                      .first_level = s->count,
                      .gram_error = b->gram_error,
                      .exponent = b->exponent,
                      .known_error = b->known_error,
                      .most = b->most,
                      .values = b->values};
    s->closed = false;
    s->count += (size_t)n;
    return take_values(f, p, s);
}

/* Purity and Tr rho^3 of labels and integers, whose parts are exact. */
static cutropy_status take_moments(const ct_function *f, ct_spectrum *s)
{
    s->cube_fits = s->cube_fits && (!ct_is_big(f) || s->cube_big);
    if (ct_is_big(f)) {
        const cutropy_status status =
            s->cube_fits ? ct_big_moment(f, s->cube_big, 3, &s->cube) : CUTROPY_OK;
        return status != CUTROPY_OK
                   ? status
                   : ct_big_purity(f, &s->square_big, &s->purity, &s->mixed, &s->mixed_error);
    }
    if (s->cube_fits)
        s->cube = to_double(s->cube_sum) / f->norm / f->norm / f->norm;
    const ct_u128 square = f->norm_exact * f->norm_exact;
    s->purity = to_double(s->square_sum) / f->norm / f->norm;
    s->mixed = to_double(square - s->square_sum) / to_double(square);
    return CUTROPY_OK;
}

cutropy_status ct_spectrum_from_answer(const ct_function *f, const ct_cut_answer *answer,
                                       ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_spectrum){0};
    CT_TRY(check_sizes(answer));
    CT_TRY(open_spectrum(answer, out));
    for (int64_t b = 0; b < answer->blocks; b++)
        CT_TRY(add_block(f, answer, b, out));
    if (out->integers)
        CT_TRY(take_moments(f, out));
    else
        out->cube_fits = false;
done:
    if (status != CUTROPY_OK)
        ct_spectrum_free(out);
    return status;
}

/* Levels of a block that are certainly not zero. */
static int64_t clear_levels(const ct_pending *p, const ct_spectrum *s)
{
    int64_t clear = 0;
    for (int64_t i = 0; i < p->n; i++) {
        const ct_level *level = &s->level[p->first_level + (size_t)i];
        clear += level->value > 4 * level->error;
    }
    return clear;
}

static bool needs_elimination(const ct_pending *p, int64_t clear, const ct_spectrum *s)
{
    const double work = (double)p->size[0] * (double)p->size[1] * (double)p->n;
    return clear < p->n && s->integers && work <= CT_RANK_ELIMINATION;
}

bool ct_spectrum_needs_elimination(const ct_spectrum *s)
{
    for (size_t i = 0; i < s->pending_count; i++)
        if (needs_elimination(&s->pending[i], clear_levels(&s->pending[i], s), s))
            return true;
    return false;
}

/* The rank of one block from its levels where they are clear, else modulo primes (integers), else a
 * bracket. Levels beyond a proved rank are zero; no other level is dropped. */
static cutropy_status block_rank(const ct_quotient *q, const ct_blocks *blocks, ct_pending *p,
                                 ct_spectrum *s)
{
    const int64_t clear = clear_levels(p, s);
    p->rank_lo = clear ? clear : 1; /* a block has a non-zero entry */
    p->rank_hi = p->most && p->most < p->n ? p->most : p->n;
    if (needs_elimination(p, clear, s)) {
        ct_rank_proof proof = {0};
        cutropy_status status =
            ct_block_rank_quick(q, blocks, p->block, CT_RANK_SPAN, CT_RANK_WORK, &proof);
        if (status != CUTROPY_OK)
            return status;
        if (proof.proved && proof.rank < clear)
            return ct_fail(CUTROPY_ENUMERIC, "a block has %lld clear eigenvalues but rank %lld",
                           (long long)clear, (long long)proof.rank);
        p->rank_lo = proof.rank > p->rank_lo ? proof.rank : p->rank_lo;
        p->rank_hi = proof.proved ? proof.rank : p->rank_hi;
    }
    for (int64_t i = p->rank_hi; i < p->n; i++)
        s->level[p->first_level + (size_t)i] = (ct_level){0};
    s->rank_lo += p->rank_lo;
    s->rank_hi += p->rank_hi;
    return CUTROPY_OK;
}

cutropy_status ct_spectrum_ranks(const ct_quotient *q, const ct_blocks *blocks, ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < s->pending_count; i++)
        CT_TRY(block_rank(q, blocks, &s->pending[i], s));
done:
    return status;
}

void ct_pending_clear(ct_pending *p, ct_spectrum *s)
{
    const int64_t clear = clear_levels(p, s);
    if (clear <= p->rank_lo)
        return;
    s->rank_lo += clear - p->rank_lo;
    p->rank_lo = clear;
}

/* The exact identities: trace = 1, purity and Tr rho^3, within the stated errors. */
static cutropy_status check_identities(const ct_spectrum *s)
{
    ct_sum trace = {0}, square = {0}, cube = {0};
    double trace_error = 0, square_error = 0, cube_error = 0;
    for (size_t i = 0; i < s->count; i++) {
        const ct_level *level = &s->level[i];
        ct_sum_add(&trace, level->value);
        ct_sum_add(&square, level->value * level->value);
        ct_sum_add(&cube, level->value * level->value * level->value);
        const double most = level->value + level->error;
        trace_error += level->error;
        square_error += (2 * level->value + level->error) * level->error;
        cube_error += 3 * most * most * level->error;
    }
    if (s->total_error > 0)
        trace_error = fmin(trace_error, s->total_error);
    const double sums = 16 * ROUNDING;
    if (!(fabs(ct_sum_value(&trace) - 1) <= trace_error + sums))
        return ct_fail(CUTROPY_ENUMERIC, "the eigenvalues add up to %.17g instead of 1",
                       ct_sum_value(&trace));
    if (!(fabs(ct_sum_value(&square) - s->purity) <= square_error + sums))
        return ct_fail(CUTROPY_ENUMERIC,
                       "the squared eigenvalues add up to %.17g instead of the purity %.17g",
                       ct_sum_value(&square), s->purity);
    if (s->cube_fits && !(fabs(ct_sum_value(&cube) - s->cube) <= cube_error + sums))
        return ct_fail(CUTROPY_ENUMERIC,
                       "the cubed eigenvalues add up to %.17g instead of Tr rho^3 = %.17g",
                       ct_sum_value(&cube), s->cube);
    return CUTROPY_OK;
}

static int descending(const void *a, const void *b)
{
    const ct_level *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->error < y->error) - (x->error > y->error);
}

void ct_levels_sort(ct_spectrum *s)
{
    qsort(s->level, s->count, sizeof *s->level, descending);
}

/* p_1 = 1 - the sum of the others, where their errors are smaller than its own: near a product
 * state. */
static void tighten_largest(ct_spectrum *s)
{
    ct_sum rest = {0}, error = {0};
    for (size_t i = 1; i < s->count; i++) {
        ct_sum_add(&rest, s->level[i].value);
        ct_sum_add(&error, s->level[i].error);
    }
    const double value = 1 - ct_sum_value(&rest), left = ct_sum_value(&error);
    const double total = left * (1 + 4 * ROUNDING) + 4 * ROUNDING;
    if (s->count > 1 && total < s->level[0].error)
        s->level[0] = (ct_level){value, total};
}

cutropy_status ct_spectrum_finish(ct_spectrum *s)
{
    ct_levels_sort(s);
    const cutropy_status status = check_identities(s);
    tighten_largest(s);
    return status;
}
