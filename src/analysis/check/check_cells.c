/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/check/check_cells.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "certify/decimal.h"

bool ct_error_is_valid(const char *text)
{
    return ct_number_is_valid(text) && *text != '-' && !strchr(text, '/');
}

int ct_rounded_decimals(const char *number, const char *error)
{
    static const char *const none = "0";
    bool half;
    char unit[32], five[40];
    if (!ct_number_is_valid(number) || !ct_error_is_valid(error) || strchr(number, '/'))
        return -2;
    ct_number_last_place(number, unit);
    snprintf(five, sizeof five, "5e%d", atoi(unit + 2) - 1);
    if (ct_numbers_agree(error, five, &none, 1, &half, NULL) != CUTROPY_OK || !half)
        return -2;
    return ct_number_decimals(number);
}

/* What the digits of a number alone may hide: nothing where the last one counts ones, or tens, ... */
static void own_rounding(const ct_their_number *theirs, char unit[40])
{
    ct_number_last_place(theirs->text, unit);
    const bool whole = !strchr(unit, 'e') || atoi(unit + 2) >= 0;
    if (whole)
        snprintf(unit, 40, "0");
    if (*theirs->error || !theirs->doubles || strchr(theirs->text, '/'))
        return;
    const double value = fabs(ct_strtod(theirs->text, NULL));
    if (!isfinite(value))
        return;
    const int place = value >= 10 ? (int)floor(log10(value)) - 14 : -14;
    if (whole || atoi(unit + 2) < place)
        snprintf(unit, 40, "1e%d", place);
}

cutropy_status ct_compare_numbers(const ct_their_number *theirs, const ct_our_number *ours,
                                  const char *tolerance, ct_comparison *out)
{
    cutropy_status status = CUTROPY_OK;
    char unit[40];
    const char *stated = *theirs->error ? theirs->error : "0";
    const char *radius[4] = {tolerance, stated, ours->radius, unit};
    const int places = ct_rounded_decimals(theirs->text, theirs->error);
    const bool both = places >= 0 && places == ct_rounded_decimals(ours->text, ours->radius);
    bool agree;
    out->verdict = CUTROPY_CHECK_AGREES;
    CT_TRY(
        ct_numbers_agree(theirs->text, ours->text, radius, both ? 1 : 3, &agree, &out->difference));
    if (agree)
        goto done;
    out->verdict = CUTROPY_CHECK_DIFFERS;
    own_rounding(theirs, unit);
    if (!both)
        CT_TRY(ct_numbers_agree(theirs->text, ours->text, radius, 4, &agree, NULL));
    if (agree)
        out->verdict = CUTROPY_CHECK_ROUNDED;
done:
    return status;
}

/* "5", "5.0" or "3..7" */
static bool read_bracket(const char *text, long long *low, long long *high)
{
    char *end;
    if (!isdigit((unsigned char)*text) && *text != '-')
        return false;
    *low = *high = strtoll(text, &end, 10);
    if (!strncmp(end, "..", 2) && isdigit((unsigned char)end[2]))
        *high = strtoll(end + 2, &end, 10);
    else if (*end == '.')
        end += 1 + strspn(end + 1, "0");
    return !*end && *low <= *high;
}

cutropy_status ct_compare_integers(const char *theirs, const char *ours, ct_comparison *out)
{
    long long low[2], high[2];
    if (!read_bracket(ours, &low[1], &high[1]))
        return ct_fail(CUTROPY_EINTERNAL, "'%.40s' is no integer", ours);
    if (!read_bracket(theirs, &low[0], &high[0]))
        return ct_fail(CUTROPY_EINPUT, "'%.40s' is neither an integer nor lo..hi", theirs);
    *out = (ct_comparison){CUTROPY_CHECK_AGREES, 0};
    if (low[0] > high[1])
        *out = (ct_comparison){CUTROPY_CHECK_DIFFERS, (double)low[0] - (double)high[1]};
    if (low[1] > high[0])
        *out = (ct_comparison){CUTROPY_CHECK_DIFFERS, (double)low[1] - (double)high[0]};
    return CUTROPY_OK;
}

/* ---- spectra ---- */

#define LEVEL_SIZE 1100

/* One side: the level at hand, and where the next one begins. */
typedef struct reader {
    const char *levels, *errors;
    char value[LEVEL_SIZE], error[LEVEL_SIZE];
    long long left; /* of its multiplicity; 0: no level is left, value 0 */
} reader;

/* The piece up to the next of `stop`, at most LEVEL_SIZE - 1 characters. */
static const char *take(const char *text, const char *stop, char *out)
{
    const size_t length = strcspn(text, stop);
    snprintf(out, LEVEL_SIZE, "%.*s", (int)(length < LEVEL_SIZE ? length : LEVEL_SIZE - 1), text);
    return text + length;
}

static bool next_level(reader *r)
{
    snprintf(r->value, sizeof r->value, "0");
    r->error[0] = 0;
    if (!*r->levels)
        return true;
    char *end;
    const char *at = take(r->levels, "^;", r->value);
    r->left = 1;
    if (*at == '^') {
        r->left = strtoll(at + 1, &end, 10);
        at = end;
    }
    if (!ct_number_is_valid(r->value) || r->left < 1 || (*at && *at != ';'))
        return false;
    r->levels = at + (*at == ';');
    r->errors = take(r->errors, ";", r->error);
    r->errors += *r->errors == ';';
    if (*r->error && ct_strtod(r->error, NULL) >= 0.5)
        r->error[0] = 0; /* allows every level: says nothing */
    return true;
}

cutropy_status ct_compare_levels(const ct_their_number *theirs, const ct_our_number *ours,
                                 const char *tolerance, ct_comparison *out)
{
    cutropy_status status = CUTROPY_OK;
    reader *side = NULL;
    ct_comparison one;
    *out = (ct_comparison){CUTROPY_CHECK_AGREES, 0};
    CT_NEW_ZERO(side, 2);
    side[0].levels = theirs->text;
    side[0].errors = theirs->error;
    side[1].levels = ours->text;
    side[1].errors = ours->radius;
    for (;;) {
        for (int k = 0; k < 2; k++)
            if (!side[k].left && !next_level(&side[k]))
                CT_TRY(ct_fail(CUTROPY_EINPUT, "'%.40s' is no spectrum such as 0.5^2;0.25^1",
                               k ? ours->text : theirs->text));
        if (!side[0].left && !side[1].left)
            break;
        const ct_their_number a = {side[0].value, side[0].error, theirs->doubles};
        const ct_our_number b = {side[1].value, *side[1].error ? side[1].error : "0"};
        CT_TRY(ct_compare_numbers(&a, &b, tolerance, &one));
        out->verdict = one.verdict > out->verdict ? one.verdict : out->verdict;
        out->difference = fmax(out->difference, one.difference);
        const long long both = !side[0].left                 ? side[1].left
                               : !side[1].left               ? side[0].left
                               : side[0].left < side[1].left ? side[0].left
                                                             : side[1].left;
        for (int k = 0; k < 2; k++)
            side[k].left -= side[k].left ? both : 0;
    }
done:
    ct_free(side);
    return status;
}
