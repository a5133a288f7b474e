/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a cut from its answer: spectrum, ranks and checks, then entropies in bits, fractions,
 * quantities. */
#include "engine/record/record.h"

#include <math.h>

#include "engine/cut/big_block.h"
#include "engine/cut/measures.h"
#include "engine/cut/needs.h"
#include "engine/cut/small_values.h"

static cutropy_status exact_purity(const ct_function *f, const ct_spectrum *s,
                                   cutropy_record *record)
{
    if (s->integers && ct_is_big(f))
        return ct_big_fraction(f, &s->square_big, 2, &record->purity_exact);
    if (s->integers)
        ct_fraction_make(s->square_sum, f->norm_exact * f->norm_exact, &record->purity_exact);
    return CUTROPY_OK;
}

static cutropy_status exact_cube(const ct_function *f, const ct_spectrum *s, cutropy_record *record)
{
    const ct_u128 norm = f->norm_exact;
    if (!s->cube_fits || norm >= (ct_u128)1 << 42)
        return CUTROPY_OK;
    record->tr_rho3_err = 0;
    if (ct_is_big(f)) {
        record->tr_rho3 = s->cube;
        return ct_big_fraction(f, s->cube_big, 3, &record->tr_rho3_exact);
    }
    ct_fraction_make(s->cube_sum, norm * norm * norm, &record->tr_rho3_exact);
    record->tr_rho3 = (double)s->cube_sum / (double)(norm * norm * norm);
    return CUTROPY_OK;
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
    CT_NEW_ZERO(record->spectrum_err, count);
    CT_NEW_ZERO(record->multiplicity, count);
    for (size_t i = 0; i < count;) {
        const size_t same = same_levels(s->level, i, count);
        size_t k = record->spectrum_count;
        const double value =
            (s->level[i].value + s->level[i + same - 1].value) / 2; /* they descend */
        double error = 0;
        for (size_t j = i; j < i + same; j++)
            error = fmax(error, fabs(s->level[j].value - value) + s->level[j].error);
        if (error > 0)
            error += value * 0x1p-52;
        const bool behind =
            k && record->spectrum[k - 1] == 0; /* levels that may be 0 are one line */
        const bool nothing = behind || (error >= value && error > 0);
        k -= behind;
        record->spectrum[k] = nothing ? 0 : value;
        record->spectrum_err[k] =
            fmax(record->spectrum_err[k], error + (value - record->spectrum[k]));
        record->multiplicity[k] += (int64_t)same;
        record->spectrum_count = k + 1;
        i += same;
    }
done:
    return status;
}

static ct_number from_bracket(ct_bracket b)
{
    return (ct_number){(double)b.low, (double)(b.high - b.low)};
}

/* The largest rank that classes and dimensions of an answer allow. */
static int64_t largest_rank(const ct_cut_answer *answer)
{
    const int64_t n = answer->classes[0] < answer->classes[1] ? answer->classes[0]
                                                              : answer->classes[1],
                  most = answer->blocks == 1 ? answer->block[0].most : 0;
    return most && most < n ? most : n;
}

static ct_number saturation(const ct_spectrum *s, int64_t most)
{
    const double bits = log2((double)most);
    ct_number x = ct_renyi(s, 1);
    if (most <= 1)
        return (ct_number){0, 0};
    x.value /= bits;
    x.error = (x.error + 0x1p-51 * x.value) / bits;
    return x;
}

static cutropy_status quantity_value(const cutropy_quantity *quantity, const ct_spectrum *s,
                                     const ct_cut_answer *answer, ct_number *out)
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
        out->value = (double)answer->blocks;
        break;
    case CUTROPY_QUANTITY_SATURATION:
        *out = saturation(s, largest_rank(answer));
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
                                      const ct_cut_answer *answer,
                                      const cutropy_quantity *quantities, size_t count,
                                      cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(record->extra, count);
    CT_NEW_ZERO(record->extra_err, count);
    for (size_t k = 0; k < count; k++) {
        ct_number x;
        CT_TRY(quantity_value(&quantities[k], s, answer, &x));
        if (quantities[k].kind == CUTROPY_QUANTITY_GROWTH)
            x = (ct_number){f->growth[0], f->growth[1]};
        if (quantities[k].kind == CUTROPY_QUANTITY_TR_RHO3) {
            record->tr_rho3 = x.value;
            record->tr_rho3_err = x.error;
            CT_TRY(exact_cube(f, s, record));
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
    ct_free(record->failure);
    ct_fraction_free(&record->purity_exact);
    ct_fraction_free(&record->tr_rho3_exact);
    record->extra = NULL;
    record->extra_err = NULL;
    record->spectrum = NULL;
    record->spectrum_err = NULL;
    record->multiplicity = NULL;
    record->failure = NULL;
}

#define FEW 8 /* levels: their polynomials are cheap */

/* The polynomials may give closed forms. */
static bool looks_closed(const ct_function *f, const ct_spectrum *s)
{
    if (s->closed || s->count <= FEW)
        return true;
    if (ct_is_big(f)) /* no double tells */
        return false;
    for (size_t i = 0; i < s->count; i++) {
        const double lambda = s->level[i].value * f->norm;
        const double error = 4 * s->level[i].error * f->norm + 1e-9;
        if (!(fabs(lambda - nearbyint(lambda)) <= error))
            return false;
    }
    return true;
}

static cutropy_status fill_record(const ct_setting *setting, const ct_cut_answer *answer,
                                  const ct_spectrum *s, const ct_spectrum *fine,
                                  cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    const ct_number entropy = ct_renyi(s, 1), purity = ct_purity(s), renyi2 = ct_renyi2(s);
    record->guarantee = s->closed ? CUTROPY_GUARANTEE_EXACT : CUTROPY_GUARANTEE_FLOAT;
    record->entropy = entropy.value;
    record->entropy_err = entropy.error;
    record->renyi2 = renyi2.value;
    record->renyi2_err = renyi2.error;
    record->purity = purity.value;
    record->purity_err = purity.error;
    record->rank_lo = s->rank_lo;
    record->rank_hi = s->rank_hi;
    record->classes[0] = answer->classes[0];
    record->classes[1] = answer->classes[1];
    if (f->storage == CT_WEIGHTED) /* states, not different rows and columns */
        record->classes[0] = record->classes[1] = -1;
    record->blocks = answer->blocks;
    record->looks_closed = looks_closed(f, s);
    CT_TRY(exact_purity(f, s, record));
    CT_TRY(keep_quantities(f, fine, answer, setting->quantities, setting->quantity_count, record));
done:
    if (status != CUTROPY_OK)
        ct_record_free(record);
    return status;
}

/* ---- quotient and blocks, for answers that leave something open ---- */

typedef struct ct_cut_members {
    const ct_quotient *quotient;
    const ct_blocks *blocks;
    ct_quotient own_quotient; /* where the answer has none */
    ct_blocks own_blocks;
} ct_cut_members;

static bool same_partition(const ct_quotient *q, const ct_blocks *blocks,
                           const ct_cut_answer *answer)
{
    if (q->side[0].count != answer->classes[0] || q->side[1].count != answer->classes[1] ||
        blocks->count != answer->blocks)
        return false;
    for (int64_t b = 0; b < blocks->count; b++)
        for (int s = 0; s < 2; s++)
            if (ct_block_size(blocks, b, s) != answer->block[b].size[s])
                return false;
    return true;
}

static cutropy_status find_members(const ct_setting *setting, const uint64_t *mask, int threads,
                                   const ct_cut_answer *answer, ct_cut_members *m)
{
    cutropy_status status = CUTROPY_OK;
    ct_quotient *q = &m->own_quotient;
    ct_blocks *blocks = &m->own_blocks;
    const uint64_t bytes =
        ct_workspace_bytes(setting->f, cutropy_mask_pixels(mask, setting->f->words));
    CT_TRY(ct_workspace_check(setting->f, bytes, setting->memory_limit));
    CT_TRY(ct_quotient_build(setting->f, mask, setting->backend, threads, q));
    CT_TRY(ct_blocks_find(q, blocks));
    if (!same_partition(q, blocks, answer))
        CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                       "backend '%s' and the CPU disagree on the classes of a cut: %lld x %lld in "
                       "%lld blocks, %lld x %lld in %lld",
                       setting->backend->name, (long long)answer->classes[0],
                       (long long)answer->classes[1], (long long)answer->blocks,
                       (long long)q->side[0].count, (long long)q->side[1].count,
                       (long long)blocks->count));
    m->quotient = q;
    m->blocks = blocks;
done:
    return status;
}

static void free_members(ct_cut_members *m)
{
    ct_blocks_free(&m->own_blocks);
    ct_quotient_free(&m->own_quotient);
}

/* The middle of the bracket, and half of it as the error. */
static void bracket_record(const ct_cut_answer *answer, cutropy_record *record)
{
    const ct_bracket_answer *b = answer->bracket;
    record->guarantee = CUTROPY_GUARANTEE_BRACKET;
    record->entropy = (b->low + b->high) / 2;
    record->entropy_err = (b->high - b->low) / 2 + 0x1p-51 * b->high;
    record->purity = b->purity;
    record->purity_err = b->purity_error;
    record->renyi2 = -log2(b->purity);
    record->renyi2_err = b->purity_error / fmax(b->purity - b->purity_error, 0) / M_LN2 +
                         0x1p-50 * (1 + fabs(record->renyi2));
    record->rank_lo = b->rank_lo;
    record->rank_hi = b->rank_hi;
    for (int s = 0; s < 2; s++)
        record->classes[s] = answer->classes[s];
    record->blocks = 1;
    record->solved = 1;
    ct_record_done(record);
}

/* ---- together ---- */

cutropy_status ct_record_make(const ct_setting *setting, const uint64_t *mask, int threads,
                              const ct_cut_answer *answer, bool may_find, bool *postponed,
                              cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    ct_cut_members m = {.quotient = answer->quotient, .blocks = answer->members};
    ct_spectrum s = {0}, fine = {0};
    bool small;
    *postponed = false;
    if (answer->bracket) {
        bracket_record(answer, record);
        return CUTROPY_OK;
    }
    CT_TRY(ct_spectrum_from_answer(f, answer, &s));
    if (ct_spectrum_needs_elimination(&s) && !m.quotient) {
        *postponed = !may_find;
        if (*postponed)
            goto done;
        CT_TRY(find_members(setting, mask, threads, answer, &m));
    }
    CT_TRY(ct_spectrum_ranks(m.quotient, m.blocks, &s));
    CT_TRY(ct_small_values_needed(&s, setting->quantities, setting->quantity_count, &small));
    small = small && ct_has_quotients(f); /* else errors say what is known */
    if (small && !m.quotient) {
        *postponed = !may_find;
        if (*postponed)
            goto done;
        CT_TRY(find_members(setting, mask, threads, answer, &m));
    }
    if (small)
        CT_TRY(ct_small_values(f, m.quotient, m.blocks, setting->backend, setting->memory_limit, &s,
                               &fine));
    CT_TRY(ct_spectrum_finish(&s));
    CT_TRY(fill_record(setting, answer, &s, small ? &fine : &s, record));
    record->solved = 1;
    if (!setting->digits)
        ct_record_done(record);
done:
    ct_spectrum_free(&fine);
    ct_spectrum_free(&s);
    free_members(&m);
    return status;
}

void ct_record_done(cutropy_record *record)
{
    __atomic_store_n(&record->done, 1, __ATOMIC_RELEASE);
}

bool ct_fails_alone(cutropy_status status)
{
    return status == CUTROPY_EMEMORY || status == CUTROPY_ENUMERIC ||
           status == CUTROPY_EUNSUPPORTED;
}

cutropy_status ct_record_fail(cutropy_record *record, cutropy_status status)
{
    char *why = ct_strdup(cutropy_error());
    if (!why)
        return ct_fail_memory("failure", 64);
    cutropy_exact *exact = record->exact; /* goes with the result, which knows its size */
    ct_record_free(record);
    *record = (cutropy_record){.failed = (int)status, .failure = why, .exact = exact};
    return CUTROPY_OK;
}

cutropy_status ct_records_failure(const cutropy_record *records, size_t count)
{
    const cutropy_record *first = NULL;
    size_t failed = 0, done = 0;
    for (size_t i = 0; i < count; i++) {
        done += records[i].done != 0;
        failed += records[i].failed != 0;
        first = first || !records[i].failed ? first : &records[i];
    }
    if (!first)
        return CUTROPY_OK;
    if (!done)
        return ct_fail((cutropy_status)first->failed, "%s", first->failure);
    if (first->failed == CUTROPY_EUNSUPPORTED) /* nothing went wrong: this is not for these cuts */
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s; %zu of %zu different cuts have no numbers",
                       first->failure, failed, count);
    return ct_fail((cutropy_status)first->failed, "%zu of %zu different cuts failed: %s", failed,
                   count, first->failure);
}
