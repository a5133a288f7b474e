/* Entropies and other numbers from a spectrum, in bits.
 *
 * When the rank is settled, only that many of the largest levels are used: the others are zero. */
#include "engine/entropy.h"

#include <math.h>

#include "base/sum.h"

#define ROUNDING 0x1p-53
#define LOG2_E 1.4426950408889634074

static double eta(double p)
{
    return p > 0 && p != 1 ? -p * log2(p) : 0;
}

/* How far eta can move when p moves by e; the logarithm and the product round too. */
static double eta_error(double p, double e)
{
    /* a closed form is within 5 roundings, log2 and the product add 2 */
    double rounding = 8 * ROUNDING * (p > 0 ? p * (fabs(log2(p)) + 2) : 0);
    if (e == 0)
        return rounding;
    if (p > 2 * e)
        return rounding + e * (fabs(log2(p - e)) + LOG2_E);
    double high = p + e;
    return rounding + (high < 1 / M_E ? eta(high) : LOG2_E / M_E);
}

static size_t levels_used(const ct_spectrum *s)
{
    return s->rank_lo == s->rank_hi && (size_t)s->rank_lo <= s->count ? (size_t)s->rank_lo
                                                                      : s->count;
}

/* Sum of p (p^(alpha-1) - 1) = Tr rho^alpha - 1 without cancellation, for alpha near 1. */
static double near_one(const ct_level *level, size_t count, double alpha)
{
    ct_sum sum = {0};
    for (size_t i = 0; i < count; i++)
        if (level[i].value > level[i].error)
            ct_sum_add(&sum, level[i].value * expm1((alpha - 1) * log(level[i].value)));
    return LOG2_E * log1p(ct_sum_value(&sum)) / (1 - alpha);
}

double ct_renyi(const ct_level *level, size_t count, int64_t rank, double alpha)
{
    const double largest = level[0].value;
    ct_sum sum = {0};
    if (alpha == 0)
        return rank > 0 ? log2((double)rank) : NAN;
    if (isinf(alpha))
        return largest == 1 ? 0 : -log2(largest);
    if (alpha != 1 && fabs(alpha - 1) < 0.01)
        return near_one(level, count, alpha);
    for (size_t i = 0; i < count; i++) {
        const double p = level[i].value;
        if (alpha < 1 && !(p > level[i].error))
            continue;
        ct_sum_add(&sum, alpha == 1 ? eta(p)
                                    : pow(p / largest,
                                          alpha)); /* no underflow of all terms for large alpha */
    }
    return alpha == 1 ? ct_sum_value(&sum)
                      : (log2(ct_sum_value(&sum)) + alpha * log2(largest)) / (1 - alpha);
}

static cutropy_fraction fraction(ct_u128 p, ct_u128 q)
{
    const ct_u128 divisor = ct_gcd(p, q);
    p /= divisor;
    q /= divisor;
    return (cutropy_fraction){.p = {(uint64_t)p, (uint64_t)(p >> 64)},
                              .q = {(uint64_t)q, (uint64_t)(q >> 64)}};
}

static void exact_moments(const ct_function *f, const ct_spectrum *s, bool want_cube,
                          cutropy_record *record)
{
    const ct_u128 norm = f->norm_exact;
    if (!s->integers)
        return;
    record->purity_exact = fraction(s->square_sum, norm * norm);
    if (want_cube && s->cube_fits && norm < (ct_u128)1 << 42)
        record->tr_rho3_exact = fraction(s->cube_sum, norm * norm * norm);
}

static cutropy_status keep_spectrum(const ct_spectrum *s, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const size_t used = levels_used(s);
    CT_NEW(record->spectrum, used);
    CT_NEW(record->multiplicity, used);
    for (size_t i = 0; i < used; i++) {
        if (record->spectrum_count &&
            record->spectrum[record->spectrum_count - 1] == s->level[i].value) {
            record->multiplicity[record->spectrum_count - 1]++;
            continue;
        }
        record->spectrum[record->spectrum_count] = s->level[i].value;
        record->multiplicity[record->spectrum_count++] = 1;
    }
done:
    return status;
}

static double quantity_value(const cutropy_quantity *quantity, const ct_spectrum *s,
                             const ct_blocks *blocks, double cube)
{
    const size_t used = levels_used(s);
    switch (quantity->kind) {
    case CUTROPY_RENYI:
        return ct_renyi(s->level, used, s->rank_lo == s->rank_hi ? s->rank_lo : 0, quantity->parameter);
    case CUTROPY_LOG_NEGATIVITY:
        return ct_renyi(s->level, used, 0, 0.5);
    case CUTROPY_SCHMIDT_GAP:
        return s->level[0].value - (used > 1 ? s->level[1].value : 0);
    case CUTROPY_BLOCKS:
        return (double)blocks->count;
    case CUTROPY_TR_RHO3:
        return cube;
    default:
        return 0;
    }
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

cutropy_status ct_entropy_record(const ct_function *f, const ct_quotient *q,
                                 const ct_blocks *blocks, const ct_spectrum *s,
                                 const cutropy_quantity *quantities, size_t quantity_count,
                                 cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const size_t used = levels_used(s);
    ct_sum sum = {0}, error = {0};
    bool want_cube = false;
    for (size_t i = 0; i < used; i++) {
        ct_sum_add(&sum, eta(s->level[i].value));
        ct_sum_add(&error, eta_error(s->level[i].value, s->level[i].error));
    }
    *record = (cutropy_record){.guarantee = s->closed ? CUTROPY_EXACT : CUTROPY_FLOAT,
                               .entropy = ct_sum_value(&sum),
                               .purity = s->purity,
                               .rank_lo = s->rank_lo,
                               .rank_hi = s->rank_hi,
                               .classes = {q->side[0].count, q->side[1].count},
                               .blocks = blocks->count};
    record->entropy_err = ct_sum_value(&error) + 2 * ROUNDING * record->entropy;
    if (s->integers && s->square_sum == f->norm_exact * f->norm_exact)
        record->purity = 1;
    record->renyi2 = record->purity == 1 ? 0 : -log2(record->purity);
    CT_NEW_ZERO(record->extra, quantity_count);
    CT_NEW_ZERO(record->extra_err, quantity_count);
    for (size_t k = 0; k < quantity_count; k++) {
        record->extra[k] = quantity_value(&quantities[k], s, blocks, s->cube);
        want_cube |= quantities[k].kind == CUTROPY_TR_RHO3;
        if (quantities[k].kind == CUTROPY_SPECTRUM && !record->spectrum)
            CT_TRY(keep_spectrum(s, record));
    }
    record->tr_rho3 = s->cube;
    exact_moments(f, s, want_cube, record);
done:
    if (status != CUTROPY_OK)
        ct_record_free(record);
    return status;
}

cutropy_status ct_entropy_trivial(const ct_function *f, const cutropy_quantity *quantities,
                                  size_t quantity_count, cutropy_record *record)
{
    ct_level level = {.value = 1};
    ct_quotient q = {.side = {{.count = 1}, {.count = 1}}};
    ct_blocks blocks = {.count = 1};
    ct_spectrum s = {.count = 1,
                     .level = &level,
                     .closed = true,
                     .integers = f->norm_exact != 0,
                     .square_sum = f->norm_exact * f->norm_exact,
                     .purity = 1,
                     .cube = 1,
                     .cube_fits = f->norm_exact < (ct_u128)1 << 42,
                     .rank_lo = 1,
                     .rank_hi = 1};
    if (s.cube_fits)
        s.cube_sum = f->norm_exact * f->norm_exact * f->norm_exact;
    return ct_entropy_record(f, &q, &blocks, &s, quantities, quantity_count, record);
}
