/* SPDX-License-Identifier: Apache-2.0 */
/* Multi-class problems as one against the rest. */
#include "problem/classes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "problem/c_text.h"
#include "problem/names.h"
#include "problem/types.h"

/* The row of the parameter that picks one class; NULL: the type has no classes. */
static const ct_param *class_param(const ct_problem_type *type)
{
    for (const ct_param *param = type ? type->params : NULL; param && param->key; param++)
        if (type->class_key && !strcmp(param->key, type->class_key))
            return param;
    return NULL;
}

static cutropy_status fail_no_classes(const char *name, size_t length)
{
    char known[128] = "";
    size_t used = 0;
    for (const ct_problem_type *const *type = ct_problem_types; *type; type++)
        if (class_param(*type) && used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                                     (*type)->name);
    return ct_fail(CUTROPY_EINPUT, "%.*s has no classes; problems with classes: %s", (int)length,
                   name, known);
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

/* text with class=label appended. */
static cutropy_status parse_class(const char *text, const char *key, int64_t label,
                                  const cutropy_lattice *lattice, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t room = strlen(text) + strlen(key) + 24;
    char *whole = NULL;
    CT_NEW(whole, room);
    snprintf(whole, room, "%s%c%s=%" PRId64, text, strchr(text, ':') ? ',' : ':', key, label);
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
    CT_NEW_ZERO(classes, 1);
    CT_NEW(classes->label, count);
    CT_NEW_ZERO(classes->problem, count);
    for (size_t k = 0; k < count; k++, classes->count++) {
        classes->label[k] = (int64_t)param->low + (int64_t)k;
        CT_TRY(parse_class(text, param->key, classes->label[k], lattice, &classes->problem[k]));
    }
    *out = classes;
    classes = NULL;
done:
    cutropy_classes_free(classes);
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
