/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a cut from its finished spectrum: entropies in bits, fractions, quantities. */
#include "engine/entropy.h"

#include <math.h>

#include "engine/measures.h"

static cutropy_fraction fraction(ct_u128 p, ct_u128 q)
{
    const ct_u128 divisor = ct_gcd(p, q);
    p /= divisor;
    q /= divisor;
    return (cutropy_fraction){.p = {(uint64_t)p, (uint64_t)(p >> 64)},
                              .q = {(uint64_t)q, (uint64_t)(q >> 64)}};
}

static void exact_purity(const ct_function *f, const ct_spectrum *s, cutropy_record *record)
{
    if (s->integers)
        record->purity_exact = fraction(s->square_sum, f->norm_exact * f->norm_exact);
}

static void exact_cube(const ct_function *f, const ct_spectrum *s, cutropy_record *record)
{
    const ct_u128 norm = f->norm_exact;
    if (!s->integers || !s->cube_fits || norm >= (ct_u128)1 << 42)
        return;
    record->tr_rho3_exact = fraction(s->cube_sum, norm * norm * norm);
    record->tr_rho3 = (double)s->cube_sum / (double)(norm * norm * norm);
    record->tr_rho3_err = 0;
}

/* Levels from `first` on that have a value in common within their errors; those are one level. */
static size_t same_levels(const ct_level *level, size_t first, size_t count)
{
    double low = -1, high = 2;
    size_t last = first;
    for (; last < count; last++) {
        low = fmax(low, level[last].value - level[last].error);
        high = fmin(high, level[last].value + level[last].error);
        if (low > high)
            break;
    }
    return last > first ? last - first : 1;
}

/* One line for equal levels. What is not above its error and not proved to exist is no level; the
 * bracket of the rank says how many are left open. */
static cutropy_status keep_spectrum(const ct_spectrum *s, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    size_t count = 0;
    while (count < s->count &&
           (s->level[count].value > s->level[count].error || (int64_t)count < s->rank_lo))
        count++;
    CT_NEW(record->spectrum, count);
    CT_NEW(record->spectrum_err, count);
    CT_NEW(record->multiplicity, count);
    for (size_t i = 0; i < count;) {
        const size_t same = same_levels(s->level, i, count), k = record->spectrum_count++;
        const double value =
            (s->level[i].value + s->level[i + same - 1].value) / 2; /* they descend */
        double error = 0;
        for (size_t j = i; j < i + same; j++)
            error = fmax(error, fabs(s->level[j].value - value) + s->level[j].error);
        if (error > 0)
            error += value * 0x1p-52;
        record->spectrum[k] = error >= value && error > 0 ? 0 : value;
        record->spectrum_err[k] = error + (value - record->spectrum[k]);
        record->multiplicity[k] = (int64_t)same;
        i += same;
    }
done:
    return status;
}

static ct_number from_bracket(ct_bracket b)
{
    return (ct_number){(double)b.low, (double)(b.high - b.low)};
}

static cutropy_status quantity_value(const cutropy_quantity *quantity, const ct_spectrum *s,
                                     const ct_blocks *blocks, ct_number *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_bracket bracket;
    *out = (ct_number){0, 0};
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
        *out = ct_renyi(s, quantity->parameter);
        break;
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        *out = ct_renyi(s, 0.5);
        break;
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
        *out = ct_schmidt_gap(s);
        break;
    case CUTROPY_QUANTITY_BLOCKS:
        out->value = (double)blocks->count;
        break;
    case CUTROPY_QUANTITY_TR_RHO3:
        *out = ct_cube(s);
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        CT_TRY(ct_discarded_weight(s, quantity->parameter, out));
        break;
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
        *out = from_bracket(ct_numerical_rank(s, quantity->parameter));
        break;
    case CUTROPY_QUANTITY_TRUNCATION:
        CT_TRY(ct_truncation(s, quantity->parameter, &bracket));
        *out = from_bracket(bracket);
        break;
    default:
        break;
    }
done:
    return status;
}

static cutropy_status keep_quantities(const ct_function *f, const ct_spectrum *s,
                                      const ct_blocks *blocks, const cutropy_quantity *quantities,
                                      size_t count, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(record->extra, count);
    CT_NEW_ZERO(record->extra_err, count);
    for (size_t k = 0; k < count; k++) {
        ct_number x;
        CT_TRY(quantity_value(&quantities[k], s, blocks, &x));
        if (quantities[k].kind == CUTROPY_QUANTITY_TR_RHO3) {
            record->tr_rho3 = x.value;
            record->tr_rho3_err = x.error;
            exact_cube(f, s, record);
            x = (ct_number){record->tr_rho3, record->tr_rho3_err};
        }
        record->extra[k] = x.value;
        record->extra_err[k] = x.error;
        if (quantities[k].kind == CUTROPY_QUANTITY_SPECTRUM && !record->spectrum)
            CT_TRY(keep_spectrum(s, record));
    }
done:
    return status;
}

void ct_record_free(cutropy_record *record)
{
    ct_free(record->extra);
    ct_free(record->extra_err);
    ct_free(record->spectrum);
    ct_free(record->spectrum_err);
    ct_free(record->multiplicity);
    record->extra = NULL;
    record->extra_err = NULL;
    record->spectrum = NULL;
    record->spectrum_err = NULL;
    record->multiplicity = NULL;
}

#define FEW 8 /* levels: their polynomials are cheap */

/* The polynomials may give closed forms. */
static bool looks_closed(const ct_function *f, const ct_spectrum *s)
{
    if (s->closed || s->count <= FEW)
        return true;
    for (size_t i = 0; i < s->count; i++) {
        const double lambda = s->level[i].value * f->norm;
        const double error = 4 * s->level[i].error * f->norm + 1e-9;
        if (!(fabs(lambda - nearbyint(lambda)) <= error))
            return false;
    }
    return true;
}

cutropy_status ct_entropy_record(const ct_function *f, const ct_quotient *q,
                                 const ct_blocks *blocks, const ct_spectrum *s,
                                 const ct_spectrum *fine, const cutropy_quantity *quantities,
                                 size_t quantity_count, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_number entropy = ct_renyi(s, 1), purity = ct_purity(f, s), renyi2 = ct_renyi2(f, s);
    record->guarantee = s->closed ? CUTROPY_GUARANTEE_EXACT : CUTROPY_GUARANTEE_FLOAT;
    record->entropy = entropy.value;
    record->entropy_err = entropy.error;
    record->renyi2 = renyi2.value;
    record->renyi2_err = renyi2.error;
    record->purity = purity.value;
    record->purity_err = purity.error;
    record->rank_lo = s->rank_lo;
    record->rank_hi = s->rank_hi;
    record->classes[0] = q->side[0].count;
    record->classes[1] = q->side[1].count;
    record->blocks = blocks->count;
    record->looks_closed = looks_closed(f, s);
    exact_purity(f, s, record);
    CT_TRY(keep_quantities(f, fine, blocks, quantities, quantity_count, record));
done:
    if (status != CUTROPY_OK)
        ct_record_free(record);
    return status;
}

cutropy_status ct_entropy_trivial(const ct_function *f, const int64_t classes[2],
                                  const cutropy_quantity *quantities, size_t quantity_count,
                                  cutropy_record *record)
{
    ct_level level = {.value = 1};
    ct_quotient q = {.side = {{.count = classes[0]}, {.count = classes[1]}}};
    ct_blocks blocks = {.count = 1};
    ct_spectrum s = {.count = 1,
                     .level = &level,
                     .closed = true,
                     .integers = f->norm_exact != 0,
                     .square_sum = f->norm_exact * f->norm_exact,
                     .purity = 1,
                     .cube_fits = f->norm_exact < (ct_u128)1 << 42,
                     .rank_lo = 1,
                     .rank_hi = 1};
    if (s.cube_fits)
        s.cube_sum = f->norm_exact * f->norm_exact * f->norm_exact;
    return ct_entropy_record(f, &q, &blocks, &s, &s, quantities, quantity_count, record);
}
