/* SPDX-License-Identifier: Apache-2.0 */
/* What the literal cut matrix tells of one cut; see verify.h. */
#include <float.h>

#include "analysis/verify/verify.h"

static double as_double(ct_u128 x)
{
    return ldexp((double)(uint64_t)(x >> 64), 64) + (double)(uint64_t)x;
}

/* ---- the density matrices ---- */

/* Sums of long doubles: relative error of a sum of k terms of one sign, and of its factors. */
static double sum_error(double terms)
{
    return ct_up((terms + 8) * (double)LDBL_EPSILON + 8 * CT_UNIT_ROUNDOFF);
}

static void sum_real(const ct_literal *l, int side, const double *gram, ct_amount norm, ct_tally *t)
{
    const int64_t n = l->count[side];
    const double terms = (double)n * (double)n + 4 * (double)l->count[1 - side];
    const double error = sum_error(terms) + 2 * norm.error;
    long double trace = 0, square = 0;
    for (int64_t i = 0; i < n; i++) {
        const long double wi = (long double)l->weight[side][i] / norm.value;
        trace += wi * gram[2 * (i * n + i)];
        for (int64_t j = 0; j < n; j++) {
            const long double re = gram[2 * (i * n + j)], im = gram[2 * (i * n + j) + 1];
            square += wi * (re * re + im * im) * (long double)l->weight[side][j] / norm.value;
        }
    }
    t->unit[side] = (ct_amount){(double)trace, error};
    t->purity[side] = (ct_amount){(double)square, 2 * error};
}

static cutropy_status sum_side(const ct_literal *l, int side, ct_amount norm,
                               const ct_operations *backend, ct_tally *t)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *gram = NULL;
    double *gram_real = NULL;
    if (!ct_literal_fits(l, side))
        return CUTROPY_OK;
    if (l->integer) {
        CT_TRY(ct_literal_gram(l, side, &gram));
        t->trace[side] = ct_literal_trace(l, side, gram);
        t->square[side] = ct_literal_square(l, side, gram);
        t->unit[side] = (ct_amount){as_double(t->trace[side]) / norm.value, sum_error(0)};
        t->purity[side] =
            (ct_amount){as_double(t->square[side]) / norm.value / norm.value, sum_error(0)};
    } else {
        CT_TRY(ct_literal_gram_real(l, side, &gram_real));
        sum_real(l, side, gram_real, norm, t);
    }
    t->summed[side] = true;
    if (l->count[side] <= CT_SCHMIDT_DIMENSION)
        CT_TRY(ct_schmidt_solve(l, side, gram, gram_real, norm.value, backend, &t->problem[side],
                                side == 0 ? &t->schmidt : NULL));
done:
    ct_free(gram);
    ct_free(gram_real);
    return status;
}

/* ---- the numbers N of Eq. 26, and what R_r makes of them ---- */

/* Does R_(r-1) leave two sA of different classes c and d together? Then N_cc, N_cd and N_dd are not
 * one number, which Assumption 2 would want. *found: such a pair, and the three numbers differ. */
static cutropy_status find_violation(const ct_literal *l, const uint64_t *strip,
                                     const int64_t *common, bool *found, bool *single)
{
    cutropy_status status = CUTROPY_OK;
    const ct_entries *e = l->entries;
    const int64_t n = l->count[0];
    uint32_t *id = NULL;
    int32_t *row_class = NULL; /* + 1, of the first sA with this strip */
    uint64_t count;
    CT_TRY(ct_entries_number(e, strip, &id, &count));
    CT_NEW_ZERO(row_class, count);
    *found = false;
    *single = true;
    for (uint64_t i = 0; i < e->count; i++) {
        const int32_t d = l->of_half[0][l->id[0][i]], c = row_class[id[i]] - 1;
        if (c < 0)
            row_class[id[i]] = d + 1;
        if (c < 0 || c == d)
            continue;
        *single = false;
        *found |= common[c * n + c] != common[c * n + d] || common[c * n + d] != common[d * n + d];
    }
done:
    ct_free(id);
    ct_free(row_class);
    return status;
}

/* Eq. 28 over all pairs of strips, strips of one class together: members[c] = sum of n_sR. */
static cutropy_status sum_strips(const ct_literal *l, const uint64_t *strip, const int64_t *common,
                                 ct_tally *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_entries *e = l->entries;
    const int64_t n = l->count[0];
    uint32_t *id = NULL;
    int64_t *members = NULL;
    uint8_t *seen_strip = NULL, *seen_half = NULL;
    uint64_t count;
    CT_TRY(ct_entries_number(e, strip, &id, &count));
    CT_NEW_ZERO(members, n);
    CT_NEW_ZERO(seen_strip, count);
    CT_NEW_ZERO(seen_half, l->halves[0]);
    for (uint64_t i = 0; i < e->count; i++) {
        const uint32_t half = l->id[0][i];
        const int32_t c = l->of_half[0][half];
        if (!seen_half[half]) {
            members[c]++;
            t->strip_members++;
        }
        if (!seen_strip[id[i]]) {
            t->strips++;
            t->printed_trace += (ct_u128)common[c * n + c];
        }
        seen_half[half] = seen_strip[id[i]] = 1;
    }
    for (int64_t c = 0; c < n; c++) {
        t->strip_trace += (ct_u128)members[c] * (ct_u128)common[c * n + c];
        for (int64_t d = 0; d < n; d++)
            t->strip_square += (ct_u128)common[c * n + d] * (ct_u128)common[c * n + d] *
                               (ct_u128)members[c] * (ct_u128)members[d];
    }
done:
    ct_free(id);
    ct_free(members);
    ct_free(seen_strip);
    ct_free(seen_half);
    return status;
}

/* The marks of ct_literal_common take n times the length of all kept rows. */
static bool count_fits(const ct_literal *l)
{
    uint64_t length = 0;
    for (int64_t i = 0; i < l->count[0]; i++)
        length += l->length[i];
    return length <= (uint64_t)(CT_LITERAL_WORK / l->count[0]) &&
           l->count[0] <= CT_LITERAL_CELLS / l->count[0];
}

static cutropy_status count_common(const ct_literal *l, const uint64_t *strip,
                                   const uint64_t *inner, ct_tally *t)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *common = NULL;
    bool found = true, single = true;
    if (!count_fits(l))
        return CUTROPY_OK;
    CT_TRY(ct_literal_common(l, &common));
    t->counted = true;
    t->common_trace = ct_literal_trace(l, 0, common);
    t->common_square = ct_literal_square(l, 0, common);
    if (!strip)
        goto done;
    if (inner)
        CT_TRY(find_violation(l, inner, common, &found, &single));
    t->needed = found;
    CT_TRY(find_violation(l, strip, common, &found, &single));
    t->sufficient = !found && single;
    CT_TRY(sum_strips(l, strip, common, t));
done:
    ct_free(common);
    return status;
}

cutropy_status ct_tally_make(const ct_entries *entries, const uint64_t *mask, const uint64_t *strip,
                             const uint64_t *inner, ct_amount norm, const ct_operations *backend,
                             ct_tally *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = entries->f;
    ct_literal l = {0};
    *out = (ct_tally){.product = -1, .near_product = INFINITY};
    CT_TRY(ct_literal_make(entries, mask, &l));
    out->why = l.why;
    for (int side = 0; side < 2; side++)
        out->count[side] = l.count[side];
    out->extendable = l.extendable;
    if (l.why)
        goto done;
    out->product = ct_literal_is_product(&l);
    if (l.real)
        out->near_product = ct_literal_product_distance(&l);
    for (int side = 0; side < 2; side++)
        CT_TRY(sum_side(&l, side, norm, backend, out));
    if (f->kind == CUTROPY_KIND_LABEL && f->value[0] == 0)
        CT_TRY(count_common(&l, strip, inner, out));
done:
    ct_literal_free(&l);
    return status;
}
