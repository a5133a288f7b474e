/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/record_fields.h"

#include <string.h>

#include "engine/cut/exact.h"
#include "engine/record/record.h"

static void put_size(ct_fields *fields, size_t *value)
{
    uint64_t word = *value;
    ct_field_word(fields, &word);
    *value = (size_t)word;
}

static void put_fraction(ct_fields *fields, cutropy_fraction *fraction)
{
    for (int i = 0; i < 2; i++) {
        ct_field_word(fields, &fraction->p[i]);
        ct_field_word(fields, &fraction->q[i]);
    }
    ct_field_text(fields, &fraction->text);
}

/* An array that may be missing: NULL is kept. */
static bool put_array(ct_fields *fields, void *memory, size_t count, size_t size)
{
    const void *array;
    memcpy(&array, memory, sizeof array);
    int there = array != NULL;
    ct_field_int(fields, &there);
    return there && ct_field_array(fields, memory, count, size);
}

static void put_doubles(ct_fields *fields, double **array, size_t count)
{
    if (put_array(fields, array, count, sizeof **array))
        for (size_t i = 0; i < count; i++)
            ct_field_double(fields, &(*array)[i]);
}

static void put_texts(ct_fields *fields, char ***array, size_t count)
{
    if (put_array(fields, array, count, sizeof **array))
        for (size_t i = 0; i < count; i++)
            ct_field_text(fields, &(*array)[i]);
}

static void put_ints(ct_fields *fields, int **array, size_t count)
{
    if (put_array(fields, array, count, sizeof **array))
        for (size_t i = 0; i < count; i++)
            ct_field_int(fields, &(*array)[i]);
}

static void put_exact(ct_fields *fields, size_t quantities, cutropy_exact *exact)
{
    for (int unit = 0; unit < 2; unit++) {
        ct_field_text(fields, &exact->entropy[unit]);
        ct_field_int(fields, &exact->decimals[unit]);
        ct_field_text(fields, &exact->closed_form[unit]);
        ct_field_text(fields, &exact->renyi2[unit]);
        ct_field_int(fields, &exact->renyi2_decimals[unit]);
    }
    ct_field_text(fields, &exact->purity);
    ct_field_text(fields, &exact->tr_rho3);
    ct_field_int64(fields, &exact->distinct);
    ct_field_word(fields, &exact->rank_first_prime);
    ct_field_int64(fields, &exact->rank_primes);
    put_texts(fields, &exact->extra, 2 * quantities);
    put_ints(fields, &exact->extra_decimals, 2 * quantities);
    size_t levels = exact->spectrum_count;
    put_size(fields, &levels);
    put_texts(fields, &exact->spectrum, levels);
    exact->spectrum_count = exact->spectrum ? levels : 0;
    put_ints(fields, &exact->spectrum_decimals, levels);
}

static void put_spectrum(ct_fields *fields, cutropy_record *record)
{
    size_t levels = record->spectrum_count;
    put_size(fields, &levels);
    put_doubles(fields, &record->spectrum, levels);
    put_doubles(fields, &record->spectrum_err, levels);
    if (put_array(fields, &record->multiplicity, levels, sizeof *record->multiplicity))
        for (size_t i = 0; i < levels; i++)
            ct_field_int64(fields, &record->multiplicity[i]);
    record->spectrum_count = levels;
}

void ct_record_fields(ct_fields *fields, size_t quantities, cutropy_record *record)
{
    int guarantee = (int)record->guarantee, proved = record->exact != NULL;
    ct_field_int(fields, &record->failed);
    ct_field_text(fields, &record->failure);
    ct_field_int(fields, &record->solved);
    ct_field_int(fields, &record->looks_closed);
    ct_field_int(fields, &guarantee);
    record->guarantee = (cutropy_guarantee)guarantee;
    ct_field_double(fields, &record->entropy);
    ct_field_double(fields, &record->entropy_err);
    ct_field_double(fields, &record->renyi2);
    ct_field_double(fields, &record->renyi2_err);
    ct_field_double(fields, &record->purity);
    ct_field_double(fields, &record->purity_err);
    put_fraction(fields, &record->purity_exact);
    put_fraction(fields, &record->tr_rho3_exact);
    ct_field_double(fields, &record->tr_rho3);
    ct_field_double(fields, &record->tr_rho3_err);
    ct_field_int64(fields, &record->rank_lo);
    ct_field_int64(fields, &record->rank_hi);
    for (int side = 0; side < 2; side++)
        ct_field_int64(fields, &record->classes[side]);
    ct_field_int64(fields, &record->blocks);
    put_doubles(fields, &record->extra, quantities);
    put_doubles(fields, &record->extra_err, quantities);
    put_spectrum(fields, record);
    ct_field_int(fields, &proved);
    if (!proved ||
        (fields->reads && !ct_field_array(fields, &record->exact, 1, sizeof *record->exact)))
        return;
    put_exact(fields, quantities, record->exact);
}

void ct_record_line_put(ct_fields *fields, size_t orbit, size_t quantities,
                        const cutropy_record *record)
{
    cutropy_record copy = *record; /* which is only read */
    uint64_t number = orbit;
    ct_field_word(fields, &number);
    ct_field_int(fields, &copy.done);
    ct_record_fields(fields, quantities, &copy);
}

bool ct_record_line_take(ct_fields *fields, size_t quantities, cutropy_record *records,
                         size_t count, size_t *orbit)
{
    uint64_t number;
    int done;
    cutropy_record record = {0};
    ct_field_word(fields, &number);
    ct_field_int(fields, &done);
    ct_record_fields(fields, quantities, &record);
    const bool good = ct_fields_done(fields) && number < count;
    cutropy_record *unused = good ? &records[number] : &record;
    ct_exact_free(unused->exact, quantities);
    ct_record_free(unused);
    if (!good)
        return false;
    records[number] = record;
    if (done)
        ct_record_done(&records[number]);
    *orbit = (size_t)number;
    return true;
}
