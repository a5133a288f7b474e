/* SPDX-License-Identifier: Apache-2.0 */
/* The extra quantities of a table by name: parsing --quantities, column names. */
#include <cutropy/result.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"
#include "engine/function/result.h"

#define LONGEST 63 /* characters of one quantity; longer words are wrong anyway */

static const struct {
    const char *name;
    cutropy_quantity_kind kind;
    int has_unit;
    ct_quantity_type type;
    const char *letter, *parameter; /* what follows the colon; NULL: nothing */
} names[] = {
    {"renyi", CUTROPY_QUANTITY_RENYI, 1, CT_QUANTITY_REAL, "ALPHA",
     "the order must be a number >= 0 or inf, e.g. renyi:0.5"},
    {"schmidt_gap", CUTROPY_QUANTITY_SCHMIDT_GAP, 0, CT_QUANTITY_REAL, NULL, NULL},
    {"log_negativity", CUTROPY_QUANTITY_LOG_NEGATIVITY, 1, CT_QUANTITY_REAL, NULL, NULL},
    {"mutual_information", CUTROPY_QUANTITY_MUTUAL_INFORMATION, 1, CT_QUANTITY_REAL, NULL, NULL},
    {"boundary_pixels", CUTROPY_QUANTITY_BOUNDARY_PIXELS, 0, CT_QUANTITY_INTEGER, NULL, NULL},
    {"blocks", CUTROPY_QUANTITY_BLOCKS, 0, CT_QUANTITY_INTEGER, NULL, NULL},
    {"tr_rho3", CUTROPY_QUANTITY_TR_RHO3, 0, CT_QUANTITY_REAL, NULL, NULL},
    {"spectrum", CUTROPY_QUANTITY_SPECTRUM, 0, CT_QUANTITY_LEVELS, NULL, NULL},
    {"rank", CUTROPY_QUANTITY_NUMERICAL_RANK, 0, CT_QUANTITY_BRACKET, "EPS",
     "the fraction of the largest Schmidt value must be >= 0 and < 1, e.g. rank:1e-8"},
    {"discarded_weight", CUTROPY_QUANTITY_DISCARDED_WEIGHT, 0, CT_QUANTITY_REAL, "K",
     "the number of eigenvalues kept must be an integer from 0 to 1000000000, e.g. "
     "discarded_weight:4"},
    {"truncation", CUTROPY_QUANTITY_TRUNCATION, 0, CT_QUANTITY_BRACKET, "EPS",
     "the discarded weight must be >= 0 and < 1, e.g. truncation:1e-12"},
    {"growth", CUTROPY_QUANTITY_GROWTH, 0, CT_QUANTITY_REAL, NULL, NULL},
    {"saturation", CUTROPY_QUANTITY_SATURATION, 0, CT_QUANTITY_REAL, NULL, NULL},
    {"label_information", CUTROPY_QUANTITY_LABEL_INFORMATION, 1, CT_QUANTITY_REAL, NULL, NULL},
    {"label_entropy", CUTROPY_QUANTITY_LABEL_ENTROPY, 1, CT_QUANTITY_REAL, NULL, NULL},
    {"joint_entropy", CUTROPY_QUANTITY_JOINT_ENTROPY, 1, CT_QUANTITY_REAL, NULL, NULL},
};
#define NAMES (sizeof names / sizeof names[0])
#define MOST_KEPT 1e9

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

/* Is the number one that this kind takes? */
static bool fits(cutropy_quantity_kind kind, double value)
{
    if (kind == CUTROPY_QUANTITY_RENYI)
        return value >= 0;
    if (kind == CUTROPY_QUANTITY_DISCARDED_WEIGHT)
        return value >= 0 && value <= MOST_KEPT && value == floor(value);
    return value >= 0 && value < 1;
}

/* A decimal number that the kind takes; renyi: also inf. */
static bool parse_parameter(cutropy_quantity_kind kind, const char *text, double *out)
{
    if (kind == CUTROPY_QUANTITY_RENYI && !strcmp(text, "inf")) {
        *out = INFINITY;
        return true;
    }
    char *end = NULL;
    errno = 0;
    const bool plain = *text && strspn(text, "0123456789.eE+-") == strlen(text);
    const double value = plain ? ct_strtod(text, &end) : 0;
    *out = value + 0.0; /* -0 becomes 0 */
    return plain && !*end && (errno != ERANGE || (value != 0 && isfinite(value))) &&
           fits(kind, value); /* ERANGE: also of subnormal numbers, which are numbers */
}

static cutropy_status fail_unknown(const char *word)
{
    char list[512] = "";
    for (size_t i = 0; i < NAMES; i++) {
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s%s%s", i ? ", " : "", names[i].name,
                 names[i].letter ? ":" : "", names[i].letter ? names[i].letter : "");
    }
    return ct_fail(CUTROPY_EINPUT, "unknown quantity '%s'; choose from %s", word, list);
}

static cutropy_status parse_word(const char *word, cutropy_quantity *out)
{
    const char *colon = strchr(word, ':');
    size_t length = colon ? (size_t)(colon - word) : strlen(word);
    for (size_t i = 0; i < NAMES; i++) {
        if (strlen(names[i].name) != length || strncmp(names[i].name, word, length))
            continue;
        *out = (cutropy_quantity){.kind = names[i].kind};
        if (names[i].parameter &&
            !parse_parameter(out->kind, colon ? colon + 1 : "", &out->parameter))
            return ct_fail(CUTROPY_EINPUT, "quantity '%s': %s", word, names[i].parameter);
        if (!names[i].parameter && colon)
            break;
        return CUTROPY_OK;
    }
    return fail_unknown(word);
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

static size_t find(cutropy_quantity_kind kind)
{
    size_t i = 0;
    while (i + 1 < NAMES && names[i].kind != kind)
        i++;
    return i;
}

size_t cutropy_quantity_name(const cutropy_quantity *quantity, char *buffer, size_t size)
{
    const size_t k = find(quantity->kind);
    const double parameter = quantity->parameter;
    char number[32] = "inf";
    /* the fewest digits that say it; 10 and not 1e+01 */
    for (int digits = parameter >= 1 && parameter < 1e6 ? 6 : 1;
         digits <= 17 && isfinite(parameter); digits++) {
        ct_snprintf(number, sizeof number, "%.*g", digits, parameter);
        if (ct_strtod(number, NULL) == parameter)
            break;
    }
    return (size_t)(names[k].parameter ? snprintf(buffer, size, "%s_%s", names[k].name, number)
                                       : snprintf(buffer, size, "%s", names[k].name));
}

int cutropy_quantity_has_unit(const cutropy_quantity *quantity)
{
    return names[find(quantity->kind)].has_unit;
}

int cutropy_quantity_is_real(const cutropy_quantity *quantity)
{
    const ct_quantity_type type = ct_quantity_type_of(quantity);
    return type == CT_QUANTITY_REAL || type == CT_QUANTITY_LEVELS;
}

ct_quantity_type ct_quantity_type_of(const cutropy_quantity *quantity)
{
    return names[find(quantity->kind)].type;
}
