/* SPDX-License-Identifier: Apache-2.0 */
/* Problems that differ in one parameter: the classes of a multi-class problem, or values of a real parameter. */
#include "problem/classes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "problem/c_text.h"
#include "problem/names.h"

/* The row of a parameter; NULL: the type has none. */
static const ct_param *param_of(const ct_problem_type *type, const char *key)
{
    for (const ct_param *param = type && key ? type->params : NULL; param && param->key; param++)
        if (!strcmp(param->key, key))
            return param;
    return NULL;
}

/* That of the parameter that picks one class. */
static const ct_param *class_param(const ct_problem_type *type)
{
    return type ? param_of(type, type->class_key) : NULL;
}

static cutropy_status fail_no_classes(const char *name, size_t length)
{
    char known[128] = "";
    size_t used = 0;
    for (const ct_problem_type *const *type = ct_problem_types; *type; type++)
        if (class_param(*type) && used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                                     (*type)->name);
    return ct_fail(CUTROPY_EINPUT,
                   "%.*s has no classes; problems with classes: %s; of images "
                   "with labels data:...,label=pm1:K takes label K against the others",
                   (int)length, name, known);
}

/* Whether "key=" stands in the parameters of text. */
static bool has_key(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *p = strchr(text, ':'); p; p = strchr(p, ',')) {
        p++;
        if (!strncmp(p, key, length) && p[length] == '=')
            return true;
    }
    return false;
}

/* text with key=value appended. */
static cutropy_status parse_with(const char *text, const char *key, const char *value,
                                 const cutropy_lattice *lattice, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t room = strlen(text) + strlen(key) + strlen(value) + 3;
    char *whole = NULL;
    CT_NEW(whole, room);
    snprintf(whole, room, "%s%c%s=%s", text, strchr(text, ':') ? ',' : ':', key, value);
    CT_TRY(cutropy_problem_parse(whole, lattice, out));
done:
    ct_free(whole);
    return status;
}

cutropy_status cutropy_classes_parse(const char *text, const cutropy_lattice *lattice,
                                     cutropy_classes **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t length = strcspn(text, ":");
    const ct_problem_type *type = ct_problem_find(text, length);
    const ct_param *param = class_param(type);
    cutropy_classes *classes = NULL;
    *out = NULL;
    if (!type && !ct_problem_is_path(text) && !ct_c_text_is(text))
        return ct_problem_fail_unknown(text, length);
    if (!type || !param)
        return fail_no_classes(text, length);
    if (has_key(text, param->key))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: contradictory: one %s and all of them; leave out %s=", type->name,
                       param->key, param->key);
    const size_t count = (size_t)(param->high - param->low) + 1;
    char label[24];
    CT_NEW_ZERO(classes, 1);
    classes->key = "class";
    CT_NEW(classes->label, count);
    CT_NEW_ZERO(classes->problem, count);
    for (size_t k = 0; k < count; k++, classes->count++) {
        classes->label[k] = (int64_t)param->low + (int64_t)k;
        snprintf(label, sizeof label, "%" PRId64, classes->label[k]);
        CT_TRY(parse_with(text, param->key, label, lattice, &classes->problem[k]));
    }
    *out = classes;
    classes = NULL;
done:
    cutropy_classes_free(classes);
    return status;
}

/* ---- values of a parameter ---- */

static cutropy_status add_value(cutropy_classes *c, const char *value, size_t length)
{
    if (c->count == CUTROPY_MOST_VALUES || length >= CT_VALUE_SIZE)
        return ct_fail(CUTROPY_EINPUT,
                       c->count == CUTROPY_MOST_VALUES ? "%s: more than %d values"
                                                       : "%s: a value of more than %d characters",
                       c->key, length >= CT_VALUE_SIZE ? CT_VALUE_SIZE - 1 : CUTROPY_MOST_VALUES);
    memcpy(c->text[c->count], value, length);
    c->text[c->count][length] = '\0';
    c->label[c->count] = (int64_t)c->count;
    c->count++;
    return CUTROPY_OK;
}

/* "0.05..0.5" or "0.05..0.5/19" up to a comma. */
static cutropy_status add_range(cutropy_classes *c, const char *item, size_t length)
{
    cutropy_status status = CUTROPY_OK;
    char *end = NULL, value[CT_VALUE_SIZE] = "";
    const char *dots = strstr(item, "..");
    if (dots - item < CT_VALUE_SIZE)
        memcpy(value, item, (size_t)(dots - item)); /* of "1..2" a number would be "1." */
    const double low = ct_strtod(value, &end);
    const bool starts = end > value && !*end;
    const double high = ct_strtod(dots + 2, &end);
    long count = *end == '/' ? strtol(end + 1, &end, 10) : 10;
    if (!starts || end != item + length || count < 2 || !(low < high) || isinf(high - low))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %.*s is no range LOW..HIGH (10 values) or LOW..HIGH/COUNT", c->key,
                       (int)length, item);
    for (long k = 0; k < count && !status; k++) {
        const int size = ct_snprintf(value, sizeof value, "%.15g",
                                     low + (high - low) * (double)k / (double)(count - 1));
        status = add_value(c, value, (size_t)size);
    }
    return status;
}

static cutropy_status add_values(cutropy_classes *c, const char *values)
{
    cutropy_status status = CUTROPY_OK;
    for (const char *p = values;; p++) {
        const size_t length = strcspn(p, ",");
        const char *dots = strstr(p, "..");
        CT_TRY(dots && dots < p + length ? add_range(c, p, length) : add_value(c, p, length));
        p += length;
        if (!*p)
            break;
    }
done:
    return status;
}

cutropy_status cutropy_classes_vary(const char *text, const char *key, const char *values,
                                    const cutropy_lattice *lattice, cutropy_classes **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t length = strcspn(text, ":");
    const ct_problem_type *type = ct_problem_find(text, length);
    const ct_param *param = param_of(type, key);
    cutropy_classes *c = NULL;
    *out = NULL;
    if (!type && !ct_problem_is_path(text) && !ct_c_text_is(text))
        return ct_problem_fail_unknown(text, length);
    if (!param || param->type != CT_PARAM_REAL)
        return ct_fail(CUTROPY_EINPUT, "%.*s has no parameter %s that could vary", (int)length,
                       text, key);
    if (has_key(text, key))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: contradictory: one %s and several; leave out %s=", type->name, key,
                       key);
    CT_NEW_ZERO(c, 1);
    c->key = param->key;
    CT_NEW(c->label, CUTROPY_MOST_VALUES);
    CT_NEW_ZERO(c->problem, CUTROPY_MOST_VALUES);
    CT_NEW(c->text, CUTROPY_MOST_VALUES);
    CT_TRY(add_values(c, values));
    for (size_t k = 0; k < c->count; k++)
        CT_TRY(parse_with(text, key, c->text[k], lattice, &c->problem[k]));
    *out = c;
    c = NULL;
done:
    cutropy_classes_free(c);
    return status;
}

void cutropy_classes_free(cutropy_classes *classes)
{
    if (!classes)
        return;
    for (size_t k = 0; k < classes->count; k++)
        cutropy_problem_free(classes->problem[k]);
    ct_free(classes->problem);
    ct_free(classes->label);
    ct_free(classes->text);
    ct_free(classes);
}

size_t cutropy_classes_count(const cutropy_classes *classes)
{
    return classes->count;
}

int64_t cutropy_classes_label(const cutropy_classes *classes, size_t k)
{
    return classes->label[k];
}

const cutropy_problem *cutropy_classes_problem(const cutropy_classes *classes, size_t k)
{
    return classes->problem[k];
}
