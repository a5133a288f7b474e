/* SPDX-License-Identifier: Apache-2.0 */
/* 2^S equal levels of 2^-S each, as many classes of rows and of columns, each pair a block. */
#include "engine/run/solve_affine.h"

#include <math.h>

#include "base/clock.h"
#include "certify/flat.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"
#include "frontier/affine.h"

#define COUNTED 62 /* bits: 2^S is an int64_t */
#define WHOLE 53   /* 2^S and 2^-S K are doubles without error */

/* 2^bits, or -1. */
static int64_t count_of(int bits)
{
    return bits <= COUNTED ? INT64_C(1) << bits : -1;
}

/* The smallest K with 2^S - K <= EPS 2^S; -1: beyond COUNTED, or no double is this integer. */
static double truncation_of(int bits, double epsilon)
{
    if (bits > COUNTED)
        return -1;
    const int64_t kept = count_of(bits) - (int64_t)floor(ldexp(epsilon, bits));
    const double value = (double)kept; /* at most 2^COUNTED: the way back is defined */
    return (int64_t)value == kept ? value : -1;
}

/* 1 / 2^bits. */
static cutropy_status inverse_power(int bits, cutropy_fraction *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *limb = NULL, one = 1;
    const size_t count = (size_t)bits / 64 + 1;
    CT_NEW_ZERO(limb, count);
    limb[count - 1] = UINT64_C(1) << bits % 64;
    CT_TRY(ct_fraction_make_big(&(ct_big){&one, 1}, &(ct_big){limb, count}, out));
done:
    ct_free(limb);
    return status;
}

/* 2^-bits as a double: 0 and the smallest number as its error where there is none. */
static double level_of(int bits, double *error)
{
    const double level = ldexp(1, -bits);
    *error = level > 0 ? 0 : 0x1p-1074;
    return level;
}

static cutropy_status fill_quantity(const cutropy_quantity *quantity, int bits, double *value,
                                    double *error, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const double parameter = quantity->parameter;
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        *value = bits;
        break;
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
        *value = bits == 0;
        break;
    case CUTROPY_QUANTITY_SATURATION: /* as many classes on both sides */
        *value = bits != 0;
        break;
    case CUTROPY_QUANTITY_BLOCKS:
    case CUTROPY_QUANTITY_NUMERICAL_RANK: /* its EPS is below 1 */
        *value = (double)count_of(bits);
        break;
    case CUTROPY_QUANTITY_TRUNCATION:
        *value = truncation_of(bits, parameter);
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        *value = bits < 1024 && parameter >= ldexp(1, bits) ? 0 : 1 - ldexp(parameter, -bits);
        *error = bits <= WHOLE ? 0 : 0x1p-53;
        break;
    case CUTROPY_QUANTITY_TR_RHO3:
        *value = record->tr_rho3 = level_of(2 * bits, error);
        record->tr_rho3_err = *error;
        CT_TRY(inverse_power(2 * bits, &record->tr_rho3_exact));
        break;
    case CUTROPY_QUANTITY_SPECTRUM:
        if (record->spectrum || bits > COUNTED)
            break;
        CT_NEW(record->spectrum, 1);
        CT_NEW(record->spectrum_err, 1);
        CT_NEW(record->multiplicity, 1);
        record->spectrum_count = 1;
        *record->spectrum = level_of(bits, record->spectrum_err);
        *record->multiplicity = count_of(bits);
        break;
    default: /* of rows */
        break;
    }
done:
    return status;
}

static cutropy_status fill_record(const ct_setting *setting, int bits, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    record->guarantee = CUTROPY_GUARANTEE_EXACT;
    record->entropy = record->renyi2 = bits;
    record->purity = level_of(bits, &record->purity_err);
    record->rank_lo = record->rank_hi = record->blocks = count_of(bits);
    record->classes[0] = record->classes[1] = count_of(bits);
    CT_TRY(inverse_power(bits, &record->purity_exact));
    CT_NEW_ZERO(record->extra, setting->quantity_count);
    CT_NEW_ZERO(record->extra_err, setting->quantity_count);
    for (size_t k = 0; k < setting->quantity_count; k++)
        CT_TRY(fill_quantity(&setting->quantities[k], bits, &record->extra[k],
                             &record->extra_err[k], record));
    for (size_t k = 0; k < setting->quantity_count; k++)
        if (setting->quantities[k].kind == CUTROPY_QUANTITY_GROWTH)
            record->extra[k] = setting->f->growth[0]; /* a power of two, error 0 */
done:
    return status;
}

/* ---- decimals ---- */

static cutropy_status keep(cutropy_status status, ct_decimal *decimal, char **text, int *decimals)
{
    if (status == CUTROPY_OK) {
        *text = decimal->text;
        *decimals = decimal->decimals;
    }
    return status;
}

static cutropy_status both_units(int bits, int digits, char *text[2], int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        CT_TRY(keep(ct_flat_entropy(bits, unit ? CT_UNIT_NATS : CT_UNIT_BITS, digits, &decimal),
                    &decimal, &text[unit], &decimals[unit]));
    }
done:
    return status;
}

static cutropy_status without_unit(const cutropy_quantity *quantity, int bits, int digits,
                                   char *text[2], int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    const double all = bits < 1024 ? ldexp(1, bits) : INFINITY;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        const double kept = quantity->kind == CUTROPY_QUANTITY_SCHMIDT_GAP
                                ? (bits ? all : 0) /* 0, or 1 */
                                : fmin(quantity->parameter, all);
        status = isinf(kept) ? ct_flat_entropy(0, CT_UNIT_BITS, digits, &decimal)
                             : ct_flat_discarded(bits, kept, digits, &decimal);
        CT_TRY(keep(status, &decimal, &text[unit], &decimals[unit]));
    }
done:
    return status;
}

static cutropy_status prove_quantity(const cutropy_quantity *quantity, int bits, int digits,
                                     size_t k, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    char **text = exact->extra + 2 * k;
    int *decimals = exact->extra_decimals + 2 * k;
    ct_decimal level = {0};
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        return both_units(bits, digits, text, decimals);
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        return without_unit(quantity, bits, digits, text, decimals);
    case CUTROPY_QUANTITY_SPECTRUM:
        if (exact->spectrum || !record->spectrum)
            return CUTROPY_OK;
        CT_NEW_ZERO(exact->spectrum, 1);
        CT_NEW_ZERO(exact->spectrum_decimals, 1);
        exact->spectrum_count = 1;
        CT_TRY(keep(ct_flat_level(bits, digits, &level), &level, exact->spectrum,
                    exact->spectrum_decimals));
        break;
    default: /* fractions and integers are there */
        break;
    }
done:
    return status;
}

static cutropy_status fraction_text(const cutropy_fraction *fraction, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t size = ct_fraction_format(fraction, NULL, 0) + 1;
    CT_NEW(*out, size);
    ct_fraction_format(fraction, *out, size);
done:
    return status;
}

/* What the option digits adds. */
static cutropy_status prove(const ct_setting *setting, int bits, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const int digits = setting->digits;
    cutropy_fraction cube = {0};
    CT_NEW_ZERO(record->exact, 1); /* goes with the result */
    cutropy_exact *exact = record->exact;
    CT_NEW_ZERO(exact->extra, 2 * setting->quantity_count);
    CT_NEW_ZERO(exact->extra_decimals, 2 * setting->quantity_count);
    exact->distinct = 1;
    CT_TRY(both_units(bits, digits, exact->entropy, exact->decimals));
    CT_TRY(both_units(bits, digits, exact->renyi2, exact->renyi2_decimals));
    for (int unit = 0; unit < 2; unit++)
        CT_TRY(ct_flat_closed_form(bits, unit ? CT_UNIT_NATS : CT_UNIT_BITS,
                                   &exact->closed_form[unit]));
    CT_TRY(inverse_power(2 * bits, &cube));
    CT_TRY(fraction_text(&record->purity_exact, &exact->purity));
    CT_TRY(fraction_text(&cube, &exact->tr_rho3));
    for (size_t k = 0; k < setting->quantity_count; k++)
        CT_TRY(prove_quantity(&setting->quantities[k], bits, digits, k, record));
done:
    ct_fraction_free(&cube);
    return status;
}

cutropy_status ct_solve_affine(const ct_solve_task *task, ct_solve_outcome *outcome)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    *outcome = (ct_solve_outcome){0};
    ct_solve_count(task, outcome);
    for (size_t i = 0; i < task->orbits->count; i++) {
        int bits;
        cutropy_record *record = &task->records[i];
        if (record->solved || record->elsewhere)
            continue;
        if (ct_report("cuts", outcome->finished, outcome->wanted, task->reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu different cuts",
                           outcome->finished, outcome->wanted));
        CT_TRY(ct_affine_bits(task->setting->f->affine,
                              task->orbits->mask + i * task->orbits->words, &bits));
        CT_TRY(fill_record(task->setting, bits, record));
        if (task->setting->digits)
            CT_TRY(prove(task->setting, bits, record));
        record->solved = 1;
        ct_record_done(record);
        outcome->finished++;
        CT_TRY(ct_journal_put(task->setting->journal, i, record));
    }
done:
    outcome->record_seconds = ct_now() - start;
    return status;
}
