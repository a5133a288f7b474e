/* SPDX-License-Identifier: Apache-2.0 */
/* Every number is a monotone function of a sum over the levels. A level lies between value - error
 * and value + error; a term g(p) is then between its values at these ends, or reaches the extremum
 * of g where that lies between. The sums of the lower and of the upper ends enclose the sum, and
 * what the routines of the C library (within one unit of the last place) and our own operations
 * round is added in the end.
 *
 * Near a product state everything hangs on 1 - p_1. The trace is 1 exactly, so this is also the sum
 * of the other levels, which may be known much better: `rest` is the better one of the two. */
#include "engine/cut/measures.h"

#include <math.h>

#include "base/sum.h"

#define ROUNDING 0x1p-53
#define LOG2_E 1.4426950408889634074
#define NEAR_PRODUCT 0.25
#define FARTHEST 1e12 /* the powers of level +- error of larger orders differ by factors */

/* Three values of a number: the best one and the ends. */
typedef struct ct_range {
    double value, low, high;
} ct_range;

typedef struct ct_range_sum {
    ct_sum value, low, high;
} ct_range_sum;

static ct_range level_range(const ct_level *level)
{
    const double e = level->error == 0 ? 0 : level->error + 2 * ROUNDING * level->value;
    return (ct_range){
        .value = level->value, .low = fmax(level->value - e, 0), .high = fmin(level->value + e, 1)};
}

/* 1 - p_1 */
static ct_range rest_range(const ct_spectrum *s)
{
    const ct_level *first = &s->level[0];
    ct_sum sum = {0}, error = {0};
    for (size_t i = 1; i < s->count; i++) {
        ct_sum_add(&sum, s->level[i].value);
        ct_sum_add(&error, s->level[i].error);
    }
    double value = ct_sum_value(&sum), e = ct_sum_value(&error) * (1 + 4 * ROUNDING);
    e += 4 * ROUNDING * value;
    if (first->error < e) {
        value = 1 - first->value;
        e = first->error;
    }
    if (e > 0)
        e += 2 * ROUNDING * (value + e);
    return (ct_range){.value = value, .low = fmax(value - e, 0), .high = fmin(value + e, 1)};
}

static void add_range(ct_range_sum *sum, ct_range x)
{
    ct_sum_add(&sum->value, x.value);
    ct_sum_add(&sum->low, fmin(x.low, x.high));
    ct_sum_add(&sum->high, fmax(x.low, x.high));
}

/* The sum with a relative rounding error of all terms, which have one sign. */
static ct_range sum_range(const ct_range_sum *sum, double rounding)
{
    ct_range r = {ct_sum_value(&sum->value), ct_sum_value(&sum->low), ct_sum_value(&sum->high)};
    r.low -= rounding * fabs(r.low);
    r.high += rounding * fabs(r.high);
    return r;
}

static ct_number number_of(ct_range r, double rounding)
{
    const double below = r.value - r.low, above = r.high - r.value;
    return (ct_number){r.value, (below > above ? below : above) * (1 + 4 * ROUNDING) + rounding};
}

/* known: the number is somewhere in [0, known]. */
static ct_number settle(ct_number x, double known)
{
    if (x.error == 0)
        return x;
    if (!(x.error < known / 2))
        return (ct_number){NAN, NAN};
    if (x.error >= fabs(x.value))
        return (ct_number){0, (fabs(x.value) + x.error) * (1 + 2 * ROUNDING)};
    return x;
}

static double most_bits(const ct_spectrum *s)
{
    return log2((double)s->rank_hi);
}

/* ---- p^alpha - p and -p log p ---- */

/* p (p^a - 1), a = alpha - 1; relative error 10 u. Where p is close to 1, log p says more than
 * p; p^a is then near 1 too. */
static double power_term(double p, double log_p, double alpha)
{
    if (!(p > 0))
        return 0;
    const double y = (alpha - 1) * log_p; /* rounds, so that only a small one is used */
    return fabs(y) <= 1 ? p * expm1(y) : pow(p, alpha) - p;
}

static double term(double p, double alpha)
{
    if (alpha == 1)
        return p > 0 ? -p * log2(p) : 0;
    return power_term(p, log(p), alpha);
}

/* of p = 1 - q */
static double rest_term(double q, double alpha)
{
    const double log_p = log1p(-q);
    return alpha == 1 ? -(1 - q) * log_p * LOG2_E : power_term(1 - q, log_p, alpha);
}

/* The ends of a term, and its extremum where that lies between. */
static ct_range between(ct_range r, bool has_peak, double peak, double alpha)
{
    if (!has_peak)
        return r;
    return (ct_range){r.value, term(peak, alpha), fabs(r.low) < fabs(r.high) ? r.low : r.high};
}

/* The term of the level p; its extremum lies at alpha^(1 / (1 - alpha)), 1/e for alpha = 1. */
static ct_range term_range(ct_range p, double alpha, double peak)
{
    const double value = term(p.value, alpha);
    if (p.low == p.high)
        return (ct_range){value, value, value};
    return between((ct_range){value, term(p.low, alpha), term(p.high, alpha)},
                   p.low < peak && peak < p.high, peak, alpha);
}

static ct_range rest_term_range(ct_range q, double alpha, double peak)
{
    return between(
        (ct_range){rest_term(q.value, alpha), rest_term(q.low, alpha), rest_term(q.high, alpha)},
        1 - q.high < peak && peak < 1 - q.low, peak, alpha);
}

/* Tr rho^alpha - 1, or S for alpha = 1. */
static ct_range power_sum(const ct_spectrum *s, ct_range rest, double alpha)
{
    const double peak = alpha == 1 ? 1 / M_E : exp(log1p(alpha - 1) / (1 - alpha));
    ct_range_sum sum = {0};
    add_range(&sum, rest.high <= NEAR_PRODUCT ? rest_term_range(rest, alpha, peak)
                                              : term_range(level_range(&s->level[0]), alpha, peak));
    for (size_t i = 1; i < s->count; i++)
        add_range(&sum, term_range(level_range(&s->level[i]), alpha, peak));
    return sum_range(&sum, 16 * ROUNDING);
}

/* Fannes: |x log x - y log y| <= -|x - y| log |x - y| where that is 1/e or less, so that levels that differ by t in all change
 * S by t log2(n / t) at most. */
static double fannes(const ct_spectrum *s)
{
    const double t = s->total_error;
    return t > 0 && t < 1 / M_E ? t * log2((double)s->count / t) * (1 + 16 * ROUNDING) : INFINITY;
}

/* The same for a sum of terms with no larger slope. */
static double sloped(const ct_spectrum *s, double slope)
{
    return s->total_error > 0 ? slope * s->total_error * (1 + 64 * ROUNDING) : INFINITY;
}

/* A sum whose value is off by `off` at most, and by what it rounds. */
static ct_range narrow(ct_range r, double off, double rounding)
{
    off += rounding * fabs(r.value);
    return (ct_range){r.value, fmax(r.low, r.value - off), fmin(r.high, r.value + off)};
}

/* ---- Renyi entropies ---- */

/* Without cancellation where Tr rho^alpha is not much below 1. */
static ct_number renyi_near_one(const ct_spectrum *s, ct_range rest, double alpha)
{
    ct_range sum = power_sum(s, rest, alpha);
    if (alpha > 1) /* of p^alpha - p; the rest may stand for the others once more */
        sum = narrow(sum, sloped(s, 2 * fmax(alpha - 1, 1)), 64 * ROUNDING);
    const double scale = LOG2_E / (1 - alpha);
    if (alpha == 1) {
        const double rounding = 16 * ROUNDING * sum.value;
        ct_number x = number_of(sum, rounding);
        x.error = fmin(x.error, fannes(s) + rounding);
        return x;
    }
    ct_range r = {scale * log1p(sum.value), scale * log1p(sum.low), scale * log1p(sum.high)};
    if (alpha > 1)
        r = (ct_range){r.value, r.high, r.low};
    return number_of(r, 24 * ROUNDING * fabs(r.value));
}

static ct_range largest_range(const ct_spectrum *s)
{
    ct_range p = level_range(&s->level[0]);
    for (size_t i = 1; i < s->count; i++) {
        const ct_range other = level_range(&s->level[i]);
        p.low = fmax(p.low, other.low);
        p.high = fmax(p.high, other.high);
    }
    return p;
}

/* (log2 sum (p / p_1)^alpha + alpha log2 p_1) / (1 - alpha): exact for flat spectra, and the sum
 * may be small. */
static ct_number renyi_far(const ct_spectrum *s, double alpha)
{
    const double unit = s->level[0].value, a = 1 - alpha, shift = alpha * log2(unit);
    ct_range_sum sum = {0};
    for (size_t i = 0; i < s->count; i++) {
        const ct_range p = level_range(&s->level[i]);
        add_range(&sum, (ct_range){pow(p.value / unit, alpha), pow(p.low / unit, alpha),
                                   pow(p.high / unit, alpha)});
    }
    const double rounding = (alpha + 8) * 2 * ROUNDING;
    ct_range power = sum_range(&sum, rounding);
    if (alpha > 1)
        power =
            narrow(power, sloped(s, alpha * pow(largest_range(s).high / unit, alpha - 1) / unit),
                   rounding);
    ct_range r = {(log2(power.value) + shift) / a, (log2(power.low) + shift) / a,
                  (log2(power.high) + shift) / a};
    if (a < 0)
        r = (ct_range){r.value, r.high, r.low};
    const double size = fabs(log2(power.value)) + fabs(shift);
    return number_of(r, 8 * ROUNDING * (size / fabs(a) + fabs(r.value)));
}

static ct_number renyi_infinite(const ct_spectrum *s, ct_range rest)
{
    ct_range r;
    const ct_range p = largest_range(s);
    if (rest.high <= NEAR_PRODUCT) /* no other level can be larger */
        r = (ct_range){-LOG2_E * log1p(-rest.value), -LOG2_E * log1p(-rest.low),
                       -LOG2_E * log1p(-rest.high)};
    else
        r = (ct_range){-log2(p.value), -log2(p.high), -log2(p.low)};
    return number_of(r, 8 * ROUNDING * fabs(r.value));
}

/* For orders so large that powers say nothing: S_inf <= S_alpha <= alpha / (alpha - 1) S_inf. */
static ct_number renyi_farthest(const ct_spectrum *s, ct_range rest, double alpha)
{
    const ct_number x = renyi_infinite(s, rest);
    return (ct_number){x.value, x.error + (x.value + x.error) * 2 / alpha};
}

ct_number ct_renyi(const ct_spectrum *s, double alpha)
{
    const ct_range rest = rest_range(s);
    const double most = most_bits(s);
    if (s->rank_hi == 1)
        return (ct_number){0, 0};
    if (alpha == 0) {
        if (s->rank_lo < s->rank_hi)
            return (ct_number){NAN, NAN};
        return (ct_number){most, s->rank_hi & (s->rank_hi - 1) ? 2 * ROUNDING * most : 0};
    }
    if (isinf(alpha))
        return settle(renyi_infinite(s, rest), most);
    if (fabs(alpha - 1) < 0.01 || fmax(alpha, 1) * rest.high <= NEAR_PRODUCT)
        return settle(renyi_near_one(s, rest, alpha), most);
    return settle(alpha > FARTHEST ? renyi_farthest(s, rest, alpha) : renyi_far(s, alpha), most);
}

/* ---- moments ---- */

/* Tr rho^power, power 2 or 3. */
static ct_number moment(const ct_spectrum *s, int power)
{
    ct_range_sum sum = {0};
    if (s->rank_hi == 1)
        return (ct_number){1, 0};
    for (size_t i = 0; i < s->count; i++) {
        const ct_range p = level_range(&s->level[i]);
        const bool cube = power == 3;
        add_range(&sum, (ct_range){p.value * p.value * (cube ? p.value : 1),
                                   p.low * p.low * (cube ? p.low : 1),
                                   p.high * p.high * (cube ? p.high : 1)});
    }
    const ct_range r =
        narrow(sum_range(&sum, 8 * ROUNDING),
               sloped(s, power * pow(largest_range(s).high, power - 1)), 8 * ROUNDING);
    return settle(number_of(r, 8 * ROUNDING * r.value), 1);
}

ct_number ct_purity(const ct_spectrum *s)
{
    if (!s->integers)
        return moment(s, 2);
    if (s->mixed == 0)
        return (ct_number){1, 0};
    return (ct_number){s->purity, 0}; /* the fraction stands beside it */
}

ct_number ct_renyi2(const ct_spectrum *s)
{
    const double mixed = s->mixed;
    if (!s->integers)
        return ct_renyi(s, 2);
    if (mixed == 0)
        return (ct_number){0, 2 * s->mixed_error};
    const double value = mixed < 0.5 ? -LOG2_E * log1p(-mixed) : -log2(s->purity);
    return (ct_number){value,
                       16 * ROUNDING * (mixed < 0.5 ? value : 1 + value) + 2 * s->mixed_error};
}

ct_number ct_cube(const ct_spectrum *s)
{
    return moment(s, 3);
}

/* The largest number that two levels can, and cannot, fall below. */
static ct_range second_range(const ct_spectrum *s)
{
    double low[2] = {0}, high[2] = {0};
    for (size_t i = 0; i < s->count; i++) {
        const ct_range p = level_range(&s->level[i]);
        if (p.low > low[1])
            low[1] = fmin(p.low, low[0]);
        low[0] = fmax(p.low, low[0]);
        if (p.high > high[1])
            high[1] = fmin(p.high, high[0]);
        high[0] = fmax(p.high, high[0]);
    }
    return (ct_range){s->count > 1 ? level_range(&s->level[1]).value : 0, low[1], high[1]};
}

ct_number ct_schmidt_gap(const ct_spectrum *s)
{
    if (s->rank_hi == 1)
        return (ct_number){1, 0};
    const ct_range first = largest_range(s), second = second_range(s);
    const ct_range gap = {first.value - second.value, fmax(first.low - second.high, 0),
                          first.high - second.low};
    return settle(number_of(gap, 4 * ROUNDING * first.value), 1);
}

/* ---- truncation ---- */

/* low and high ends, each sorted: the k-th level lies between the k-th of either. */
static cutropy_status sorted_ends(const ct_spectrum *s, double **low, double **high)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(*low, s->count);
    CT_NEW(*high, s->count);
    for (size_t i = 0; i < s->count; i++) {
        const ct_range p = level_range(&s->level[i]);
        (*low)[i] = p.low;
        (*high)[i] = p.high;
    }
    ct_sort_numbers(*low, s->count);
    ct_sort_numbers(*high, s->count);
done:
    return status;
}

/* The sum of all but the `kept` largest of an ascending list, and of the largest. */
static double sum_of(const double *list, size_t first, size_t last)
{
    ct_sum sum = {0};
    for (size_t i = first; i < last; i++)
        ct_sum_add(&sum, list[i]);
    return ct_sum_value(&sum);
}

cutropy_status ct_discarded_weight(const ct_spectrum *s, double kept, ct_number *out)
{
    cutropy_status status = CUTROPY_OK;
    double *low = NULL, *high = NULL;
    *out = (ct_number){kept < 1 ? 1 : 0, 0};
    if (kept < 1 || kept >= (double)s->rank_hi)
        return CUTROPY_OK;
    CT_TRY(sorted_ends(s, &low, &high));
    const size_t left = s->count - (size_t)kept;
    ct_range r = {.low = fmax(sum_of(low, 0, left), 1 - sum_of(high, left, s->count)),
                  .high = fmin(sum_of(high, 0, left), 1 - sum_of(low, left, s->count))};
    ct_sum value = {0};
    for (size_t i = (size_t)kept; i < s->count; i++)
        ct_sum_add(&value, level_range(&s->level[i]).value);
    r.value = fmin(fmax(ct_sum_value(&value), r.low), r.high);
    *out = settle(number_of(r, 4 * ROUNDING * r.high), 1);
done:
    ct_free(low);
    ct_free(high);
    return status;
}

ct_bracket ct_numerical_rank(const ct_spectrum *s, double epsilon)
{
    ct_bracket out = {0, 0};
    const ct_range first = largest_range(s);
    if (epsilon == 0)
        return (ct_bracket){s->rank_lo, s->rank_hi};
    for (size_t i = 0; i < s->count; i++) {
        const ct_range p = level_range(&s->level[i]);
        out.low += sqrt(p.low) * (1 - 4 * ROUNDING) > epsilon * sqrt(first.high);
        out.high += sqrt(p.high) * (1 + 4 * ROUNDING) > epsilon * sqrt(first.low);
    }
    out.low = out.low < 1 ? 1 : out.low; /* epsilon < 1: the largest itself */
    out.high = out.high > s->rank_hi ? s->rank_hi : out.high;
    return out;
}

/* Levels that remain when the smallest are dropped while their sum is at most epsilon. */
static int64_t remaining(const double *list, size_t count, double epsilon)
{
    ct_sum sum = {0};
    for (size_t i = 0; i < count; i++) {
        ct_sum_add(&sum, list[i]);
        if (ct_sum_value(&sum) > epsilon)
            return (int64_t)(count - i);
    }
    return 0;
}

cutropy_status ct_truncation(const ct_spectrum *s, double epsilon, ct_bracket *out)
{
    cutropy_status status = CUTROPY_OK;
    double *low = NULL, *high = NULL;
    *out = (ct_bracket){s->rank_lo, s->rank_hi};
    if (epsilon == 0)
        return CUTROPY_OK;
    CT_TRY(sorted_ends(s, &low, &high));
    out->low = remaining(low, s->count, epsilon * (1 + 4 * ROUNDING));
    out->high = remaining(high, s->count, epsilon * (1 - 4 * ROUNDING));
    out->low = out->low < 1 ? 1 : out->low; /* epsilon < 1 */
    out->high = out->high > s->rank_hi ? s->rank_hi : out->high;
done:
    ct_free(low);
    ct_free(high);
    return status;
}
