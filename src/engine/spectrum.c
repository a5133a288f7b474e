/* SPDX-License-Identifier: Apache-2.0 */
/* The spectrum of rho_A.
 *
 * Error of a computed eigenvalue: values-only eigen-solvers return the exact eigenvalues of a
 * matrix within p(n) u ||H|| of H. We take p(n) = 8 sqrt(n) (rounding of the entries included);
 * products of real or complex amplitudes add what is proved for them, a multiple of u Tr H. The
 * first is an estimate and is called one; measured errors are far smaller. A computed eigenvalue of rho_A that lies outside
 * [0, 1] within this error counts as 0 or 1 with this error; one that is negative beyond it ends
 * the run. */
#include "engine/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/sum.h"
#include "engine/cut_rank.h"
#include "engine/moments.h"

#define ROUNDING 0x1p-53

void ct_spectrum_free(ct_spectrum *s)
{
    for (size_t i = 0; i < s->pending_count; i++) {
        ct_free(s->pending[i].job.values);
    }
    ct_free(s->pending);
    ct_free(s->level);
    *s = (ct_spectrum){0};
}

/* Turns the exact G into D^1/2 G D^1/2 in double, in place (an integer and a double have the same
 * size). */
static cutropy_status scale_matrix(const ct_gram *gram, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = gram->n;
    double *root = NULL;
    CT_NEW(root, n);
    for (int64_t i = 0; i < n; i++)
        root[i] = sqrt((double)gram->weight[i]);
    for (int64_t i = 0; i < n; i++) {
        unsigned char *row = (unsigned char *)(gram->integer + i * n);
        for (int64_t j = i; j < n; j++) {
            int64_t exact;
            memcpy(&exact, row + 8 * j, sizeof exact);
            double scaled = root[i] * root[j] * (double)exact;
            memcpy(row + 8 * j, &scaled, sizeof scaled);
        }
    }
    *out = (double *)(void *)gram->integer;
done:
    ct_free(root);
    return status;
}

static cutropy_status add_pending(ct_spectrum *s, int64_t block, int64_t n, double *a,
                                  bool is_complex, int exponent)
{
    cutropy_status status = CUTROPY_OK;
    double *values = NULL;
    CT_TRY(CT_ROOM("pending", s->pending, s->pending_count, s->pending_room, 1));
    CT_NEW(values, n);
    s->pending[s->pending_count++] =
        (ct_pending){.block = block,
                     .n = n,
                     .first_level = s->count,
                     .exponent = exponent,
                     .job = {.n = n, .is_complex = is_complex, .a = a, .values = values}};
    for (int64_t i = 0; i < n; i++)
        s->level[s->count++] = (ct_level){0};
done:
    return status;
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

/* One class on a side of the only block: rho_A is a projector, whatever the rounding of its norm.
 */
static void add_projector(ct_spectrum *s)
{
    s->level[s->count++] = (ct_level){.value = 1};
    s->purity = 1;
    s->rank_lo = s->rank_hi = 1;
}

static cutropy_status add_block(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                                int64_t block, const ct_backend *backend, int threads,
                                bool want_cube, ct_arena *arena, ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_gram gram = {0};
    double *a = NULL;
    const bool is_complex = q->kind == CUTROPY_KIND_COMPLEX;
    CT_TRY(ct_gram_block(q, blocks, block, backend, threads, arena, &gram));
    if (s->integers) {
        s->square_sum += ct_square_sum(&gram);
        if (want_cube)
            CT_TRY(ct_cube_sum(&gram, &s->cube_sum, &s->cube_fits));
        if (gram.n <= 2) {
            const int64_t *row = gram.integer, last = gram.n - 1;
            const int64_t g[3] = {row[0], row[last], row[last * gram.n + last]};
            const uint64_t weight[2] = {gram.weight[0], gram.weight[last]};
            closed_form(f, gram.n, g, weight, s);
            goto done;
        }
        CT_TRY(scale_matrix(&gram, &a));
    } else if (gram.n == 1 && blocks->count == 1) {
        add_projector(s);
        goto done;
    } else {
        s->purity += ldexp(ct_square_sum_real(&gram, is_complex) / f->norm / f->norm,
                           4 * (gram.exponent - f->unit));
        a = gram.number;
    }
    s->closed = false;
    CT_TRY(add_pending(s, block, gram.n, a, is_complex, gram.exponent));
    s->pending[s->pending_count - 1].gram_error =
        ct_gram_error(ct_block_size(blocks, block, 1 - gram.side), is_complex);
done:
    ct_gram_free(&gram);
    return status;
}

static int64_t smaller_size(const ct_blocks *blocks, int64_t block)
{
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    return rows < columns ? rows : columns;
}

/* An empty spectrum with room for the levels of all blocks. */
static cutropy_status open_spectrum(const ct_quotient *q, const ct_blocks *blocks, ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t levels = 0;
    *out =
        (ct_spectrum){.closed = true,
                      .cube_fits = true,
                      .integers = q->kind == CUTROPY_KIND_LABEL || q->kind == CUTROPY_KIND_INTEGER};
    for (int64_t b = 0; b < blocks->count; b++)
        levels += smaller_size(blocks, b);
    CT_NEW(out->level, levels);
done:
    return status;
}

cutropy_status ct_spectrum_start(const ct_function *f, const ct_quotient *q,
                                 const ct_blocks *blocks, const ct_backend *backend, int threads,
                                 bool want_cube, ct_arena *arena, ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(open_spectrum(q, blocks, out));
    for (int64_t b = 0; b < blocks->count; b++)
        CT_TRY(add_block(f, q, blocks, b, backend, threads, want_cube, arena, out));
    if (out->integers)
        out->purity = to_double(out->square_sum) / f->norm / f->norm;
done:
    if (status != CUTROPY_OK)
        ct_spectrum_free(out);
    return status;
}

static cutropy_status add_answer(const ct_function *f, const ct_blocks *blocks, int64_t block,
                                 const ct_block_answer *answer, ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = smaller_size(blocks, block);
    if (s->integers) {
        s->square_sum += answer->square_sum;
        if (n <= 2) {
            closed_form(f, n, answer->g, answer->weight, s);
            return CUTROPY_OK;
        }
    } else if (n == 1 && blocks->count == 1) {
        add_projector(s);
        return CUTROPY_OK;
    } else {
        s->purity += answer->square / f->norm / f->norm;
    }
    if (!answer->values)
        return ct_fail(CUTROPY_EINTERNAL, "a device left out the eigenvalues of a block of %lld",
                       (long long)n);
    s->closed = false;
    CT_TRY(add_pending(s, block, n, NULL, false, 0));
    s->pending[s->pending_count - 1].gram_error = answer->gram_error;
    memcpy(s->pending[s->pending_count - 1].job.values, answer->values,
           (size_t)n * sizeof *answer->values);
done:
    return status;
}

cutropy_status ct_spectrum_from_answer(const ct_function *f, const ct_quotient *q,
                                       const ct_blocks *blocks, const ct_cut_answer *answer,
                                       ct_spectrum *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(open_spectrum(q, blocks, out));
    for (int64_t b = 0; b < blocks->count; b++)
        CT_TRY(add_answer(f, blocks, b, &answer->block[b], out));
    if (out->integers)
        out->purity = to_double(out->square_sum) / f->norm / f->norm;
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

static bool needs_elimination(const ct_blocks *blocks, const ct_pending *p, int64_t clear,
                              const ct_spectrum *s)
{
    const double work = (double)ct_block_size(blocks, p->block, 0) *
                        (double)ct_block_size(blocks, p->block, 1) * (double)p->n;
    return clear < p->n && s->integers && work <= CT_RANK_ELIMINATION;
}

bool ct_spectrum_needs_elimination(const ct_blocks *blocks, const ct_spectrum *s)
{
    for (size_t i = 0; i < s->pending_count; i++)
        if (needs_elimination(blocks, &s->pending[i], clear_levels(&s->pending[i], s), s))
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
    p->rank_hi = p->n;
    if (needs_elimination(blocks, p, clear, s)) {
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

static cutropy_status take_values(const ct_function *f, const ct_quotient *q, const ct_pending *p,
                                  ct_spectrum *s)
{
    /* the roots of the multiplicities and their products round 5 times in the two factors */
    const bool numbers = q->kind == CUTROPY_KIND_REAL || q->kind == CUTROPY_KIND_COMPLEX;
    const double product_error = numbers ? 5 + p->gram_error : 0;
    const double *values = p->job.values;
    const double root = sqrt((double)p->n);
    const int shift = 2 * (p->exponent - f->unit); /* at most 0 */
    double trace = 0;
    for (int64_t i = 0; i < p->n; i++)
        trace += values[i];
    double error = (8 * root * values[p->n - 1] + product_error * trace) * ROUNDING / f->norm;
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

/* The exact identities: trace = 1 and purity, within the stated errors. */
static cutropy_status check_identities(const ct_spectrum *s)
{
    ct_sum trace = {0}, square = {0};
    double trace_error = 0, square_error = 0;
    for (size_t i = 0; i < s->count; i++) {
        const ct_level *level = &s->level[i];
        ct_sum_add(&trace, level->value);
        ct_sum_add(&square, level->value * level->value);
        trace_error += level->error;
        square_error += (2 * level->value + level->error) * level->error;
    }
    const double sums = 16 * ROUNDING;
    if (!(fabs(ct_sum_value(&trace) - 1) <= trace_error + sums))
        return ct_fail(CUTROPY_ENUMERIC, "the eigenvalues add up to %.17g instead of 1",
                       ct_sum_value(&trace));
    if (!(fabs(ct_sum_value(&square) - s->purity) <= square_error + sums))
        return ct_fail(CUTROPY_ENUMERIC,
                       "the squared eigenvalues add up to %.17g instead of the purity %.17g",
                       ct_sum_value(&square), s->purity);
    return CUTROPY_OK;
}

static int descending(const void *a, const void *b)
{
    const ct_level *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->error < y->error) - (x->error > y->error);
}

cutropy_status ct_spectrum_levels(const ct_function *f, const ct_quotient *q, ct_spectrum *s)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < s->pending_count; i++)
        CT_TRY(take_values(f, q, &s->pending[i], s));
done:
    return status;
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
