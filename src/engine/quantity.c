/* The extra quantities of a table by name: parsing --quantities, column names, exact fractions as
 * text. */
#include <cutropy/result.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"

#define LONGEST 63 /* characters of one quantity; longer words are wrong anyway */

static const struct {
    const char *name;
    cutropy_quantity_kind kind;
    int has_unit;
} names[] = {
    {"renyi", CUTROPY_RENYI, 1},
    {"schmidt_gap", CUTROPY_SCHMIDT_GAP, 0},
    {"log_negativity", CUTROPY_LOG_NEGATIVITY, 1},
    {"mutual_information", CUTROPY_MUTUAL_INFORMATION, 1},
    {"boundary_pixels", CUTROPY_BOUNDARY_PIXELS, 0},
    {"blocks", CUTROPY_BLOCKS, 0},
    {"tr_rho3", CUTROPY_TR_RHO3, 0},
    {"spectrum", CUTROPY_SPECTRUM, 0},
};
#define NAMES (sizeof names / sizeof names[0])

/* Columns of every table: asking for one is fine and adds nothing. */
static const char *const standard[] = {"entropy",   "renyi2",    "purity",  "rank",
                                       "classes_a", "classes_b", "boundary"};

static bool is_standard(const char *word)
{
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++)
        if (!strcmp(word, standard[i]))
            return true;
    return false;
}

/* alpha of renyi:ALPHA: a decimal number >= 0, or inf. */
static cutropy_status parse_alpha(const char *text, double *alpha)
{
    if (!strcmp(text, "inf")) {
        *alpha = INFINITY;
        return CUTROPY_OK;
    }
    char *end = NULL;
    errno = 0;
    bool plain = *text && strspn(text, "0123456789.eE+-") == strlen(text);
    double value = plain ? ct_strtod(text, &end) : 0;
    if (!plain || *end || !(value >= 0) || errno == ERANGE)
        return ct_fail(CUTROPY_EINPUT,
                       "quantity 'renyi:%s': the order must be a number >= 0 or inf, "
                       "e.g. renyi:0.5 or renyi:inf",
                       text);
    *alpha = value + 0.0; /* -0 becomes 0 */
    return CUTROPY_OK;
}

static cutropy_status parse_word(const char *word, cutropy_quantity *out)
{
    const char *colon = strchr(word, ':');
    size_t length = colon ? (size_t)(colon - word) : strlen(word);
    for (size_t i = 0; i < NAMES; i++) {
        if (strlen(names[i].name) != length || strncmp(names[i].name, word, length))
            continue;
        out->kind = names[i].kind;
        out->parameter = 0;
        if (out->kind == CUTROPY_RENYI)
            return parse_alpha(colon ? colon + 1 : "", &out->parameter);
        if (colon)
            break;
        return CUTROPY_OK;
    }
    return ct_fail(CUTROPY_EINPUT,
                   "unknown quantity '%s'; choose from renyi:ALPHA, schmidt_gap, log_negativity, "
                   "mutual_information, boundary_pixels, blocks, tr_rho3, spectrum",
                   word);
}

static bool is_listed(const cutropy_quantity *list, size_t count, const cutropy_quantity *quantity)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == quantity->kind && list[i].parameter == quantity->parameter)
            return true;
    return false;
}

cutropy_status cutropy_quantities_parse(const char *text, cutropy_quantity **out, size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_quantity *list = NULL;
    size_t used = 0, commas = 0;
    *out = NULL;
    *count = 0;
    if (!text || !*text)
        return CUTROPY_OK;
    for (const char *p = text; *p; p++)
        commas += *p == ',';
    CT_NEW(list, commas + 1);
    for (const char *p = text;; p++) {
        char word[LONGEST + 1];
        size_t length = strcspn(p, ",");
        snprintf(word, sizeof word, "%.*s", (int)(length < LONGEST ? length : LONGEST), p);
        p += length;
        if (!is_standard(word)) {
            CT_TRY(parse_word(word, &list[used]));
            if (!is_listed(list, used, &list[used]))
                used++;
        }
        if (!*p)
            break;
    }
    *out = list;
    *count = used;
    list = NULL;
done:
    ct_free(list);
    return status;
}

void cutropy_quantities_free(cutropy_quantity *quantities)
{
    ct_free(quantities);
}

void cutropy_quantity_name(const cutropy_quantity *quantity, char *text)
{
    const size_t size = 48;
    if (quantity->kind == CUTROPY_RENYI) {
        char alpha[32] = "inf";
        for (int digits = 1; digits <= 17 && isfinite(quantity->parameter); digits++) {
            ct_snprintf(alpha, sizeof alpha, "%.*g", digits, quantity->parameter);
            if (ct_strtod(alpha, NULL) == quantity->parameter)
                break;
        }
        snprintf(text, size, "renyi_%s", alpha);
        return;
    }
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].kind == quantity->kind)
            snprintf(text, size, "%s", names[i].name);
}

int cutropy_quantity_has_unit(const cutropy_quantity *quantity)
{
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].kind == quantity->kind)
            return names[i].has_unit;
    return 0;
}

int cutropy_fraction_format(const cutropy_fraction *fraction, char *text)
{
    ct_u128 p = (ct_u128)fraction->p[1] << 64 | fraction->p[0];
    ct_u128 q = (ct_u128)fraction->q[1] << 64 | fraction->q[0];
    int length = ct_u128_format(p, text);
    if (q == 1)
        return length;
    text[length++] = '/';
    return length + ct_u128_format(q, text + length);
}
