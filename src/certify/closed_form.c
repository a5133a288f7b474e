/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/closed_form.h"

#include <stdlib.h>
#include <string.h>

#include "certify/algebra_parts.h"

#define PRECISION 256
#define DIGITS 60

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " ");
}

/* "log2(5)"; returns what follows it, NULL: it is none. */
static const char *take_log(const char *at, arb_t out)
{
    static const char *const names[] = {"log2(", "log(", "ln("};
    for (int k = 0; k < 3; k++) {
        const size_t length = strlen(names[k]);
        if (strncmp(at, names[k], length))
            continue;
        char *end;
        const ulong value = strtoul(at + length, &end, 10);
        const size_t digits = (size_t)(end - at) - length;
        if (at[length] < '0' || at[length] > '9' || digits > 19 || !value || *end != ')')
            return NULL;
        arb_log_ui(out, value, PRECISION);
        if (k == 0) {
            arb_t two;
            arb_init(two);
            arb_const_log2(two, PRECISION);
            arb_div(out, out, two, PRECISION);
            arb_clear(two);
        }
        return end + 1;
    }
    return NULL;
}

/* "3", "10/27", "(10/27)"; returns what follows it, NULL: it is none. */
static const char *take_fraction(const char *at, fmpq_t out)
{
    char number[128];
    const bool round = *at == '(';
    const size_t length = strspn(at + round, "0123456789/");
    const char *end = at + round + length;
    if (!length || length >= sizeof number || (round && *end != ')'))
        return NULL;
    memcpy(number, at + round, length);
    number[length] = 0;
    const char *bar = strchr(number, '/');
    if (bar && strspn(bar + 1, "0") == strlen(bar + 1)) /* also of nothing */
        return NULL;
    return fmpq_set_str(out, number, 10) ? NULL : end + round;
}

/* A fraction, a logarithm, or their product. */
static const char *take_term(const char *at, arb_t out)
{
    fmpq_t factor;
    fmpq_init(factor);
    const char *end = take_fraction(at, factor);
    if (!end) {
        end = take_log(at, out);
    } else if (*skip_spaces(end) != '*') {
        arb_set_fmpq(out, factor, PRECISION);
    } else {
        end = take_log(skip_spaces(skip_spaces(end) + 1), out);
        arb_t scale;
        arb_init(scale);
        arb_set_fmpq(scale, factor, PRECISION);
        arb_mul(out, out, scale, PRECISION);
        arb_clear(scale);
    }
    fmpq_clear(factor);
    return end;
}

cutropy_status ct_closed_form_value(const char *text, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const char *at = skip_spaces(text);
    bool minus = *at == '-';
    arb_t sum, term;
    arb_init(sum);
    arb_init(term);
    *out = NULL;
    for (at = skip_spaces(at + minus);;) {
        at = take_term(at, term);
        if (!at)
            goto done;
        if (minus)
            arb_neg(term, term);
        arb_add(sum, sum, term, PRECISION);
        at = skip_spaces(at);
        if (!*at)
            break;
        if (*at != '+' && *at != '-')
            goto done;
        minus = *at == '-';
        at = skip_spaces(at + 1);
    }
    /* Everything cancels, or nearly: the middle is as near as anybody needs. */
    arb_get_mid_arb(sum, sum);
    CT_TRY(ct_take_text(arb_get_str(sum, DIGITS, ARB_STR_NO_RADIUS), out));
done:
    arb_clear(term);
    arb_clear(sum);
    return status;
}
