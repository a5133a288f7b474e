/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of a problem: parsing NAME:key=value,key=value against its table, and writing it back.
 */
#include "problem/args.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"

#define MAX_PARAMS 16
#define NUMBER_SIZE 40
#define SHOWN 60 /* characters of a user's text that a message repeats */

static const ct_param encoding_param = {
    .key = "encoding",
    .type = CT_PARAM_WORD,
    .standard = "01",
    .words = "01|pm1",
    .help = "values of labels 0 and 1: 0 and 1, or +1 and -1 (pm1)",
};

typedef struct value {
    const ct_param *param;
    const char *text; /* WORD, TEXT */
    int64_t integer;
    uint64_t seed;
    double real;
    bool given;
} value;

struct ct_args {
    const ct_problem_type *type;
    int count; /* rows of the table, encoding included */
    value values[MAX_PARAMS];
    char text[]; /* copy of what was parsed, commas and equal signs replaced by ends of string */
};

/* ---- reading values ---- */

static bool only(const char *text, const char *characters)
{
    return *text && text[strspn(text, characters)] == '\0';
}

static cutropy_status out_of_range(const char *name, const value *v, const char *text)
{
    return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is out of range %.17g..%.17g", name, v->param->key,
                   SHOWN, text, v->param->low, v->param->high);
}

static bool in_range(const ct_param *param, double number)
{
    return !(param->low < param->high) || (number >= param->low && number <= param->high);
}

static cutropy_status read_int(const char *name, const char *text, value *v)
{
    char *end = NULL;
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (!only(digits, "0123456789"))
        return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is not an integer", name, v->param->key, SHOWN,
                       text);
    errno = 0;
    v->integer = strtoll(text, &end, 10);
    if (errno == ERANGE || !in_range(v->param, (double)v->integer))
        return v->param->low < v->param->high
                   ? out_of_range(name, v, text)
                   : ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s does not fit 64 bits", name,
                             v->param->key, SHOWN, text);
    return CUTROPY_OK;
}

static cutropy_status read_seed(const char *name, const char *text, value *v)
{
    if (!only(text, "0123456789"))
        return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is not a non-negative integer", name,
                       v->param->key, SHOWN, text);
    errno = 0;
    v->seed = strtoull(text, NULL, 10);
    if (errno == ERANGE)
        return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s does not fit 64 bits", name, v->param->key,
                       SHOWN, text);
    return CUTROPY_OK;
}

static cutropy_status read_real(const char *name, const char *text, value *v)
{
    char *end = NULL;
    errno = 0;
    v->real = only(text, "0123456789+-.eE") ? ct_strtod(text, &end) : 0;
    if (!end || end == text || *end)
        return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is not a finite decimal number", name,
                       v->param->key, SHOWN, text);
    if (errno == ERANGE || !isfinite(v->real))
        return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is neither 0 nor between 2.3e-308 and 1.7e308",
                       name, v->param->key, SHOWN, text);
    return in_range(v->param, v->real) ? CUTROPY_OK : out_of_range(name, v, text);
}

/* Whether words, "a|b|c", lists this word. */
static bool is_listed(const char *words, const char *text, size_t length)
{
    while (*words) {
        size_t size = strcspn(words, "|");
        if (size == length && memcmp(words, text, size) == 0)
            return true;
        words += size + (words[size] == '|');
    }
    return false;
}

static cutropy_status read_word(const char *name, const char *text, value *v)
{
    if (is_listed(v->param->words, text, strlen(text))) {
        v->text = text;
        return CUTROPY_OK;
    }
    return ct_fail(CUTROPY_EINPUT, "%s: %s=%.*s is unknown; it can be %s", name, v->param->key,
                   SHOWN, text, v->param->words);
}

static cutropy_status read_value(const char *name, const char *text, value *v)
{
    switch (v->param->type) {
    case CT_PARAM_INT:
        return read_int(name, text, v);
    case CT_PARAM_SEED:
        return read_seed(name, text, v);
    case CT_PARAM_REAL:
        return read_real(name, text, v);
    case CT_PARAM_WORD:
        return read_word(name, text, v);
    case CT_PARAM_TEXT:
    case CT_PARAM_FILE:
        v->text = text;
        return CUTROPY_OK;
    }
    return ct_fail(CUTROPY_EINTERNAL, "%s: parameter %s has no type", name, v->param->key);
}

/* ---- the table ---- */

static bool is_text(const ct_param *param)
{
    return param->type == CT_PARAM_TEXT || param->type == CT_PARAM_FILE;
}

/* Row of the table, -1: none. */
static int find(const ct_args *args, const char *key)
{
    for (int i = 0; i < args->count; i++)
        if (strcmp(args->values[i].param->key, key) == 0)
            return i;
    return -1;
}

static cutropy_status fail_unknown(const ct_args *args, const char *key)
{
    char known[256] = "";
    for (int i = 0; i < args->count; i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                 args->values[i].param->key);
    }
    if (args->count == 0)
        return ct_fail(CUTROPY_EINPUT, "%s: unknown key '%.*s'; %s takes no parameters",
                       args->type->name, SHOWN, key, args->type->name);
    return ct_fail(CUTROPY_EINPUT, "%s: unknown key '%.*s'; known keys: %s", args->type->name,
                   SHOWN, key, known);
}

/* The table of `type` without values; room for `length` characters of text. */
static ct_args *new_args(const ct_problem_type *type, size_t length)
{
    ct_args *args = ct_calloc(1, sizeof *args + length + 1);
    if (!args)
        return NULL;
    args->type = type;
    for (const ct_param *param = type->params; param && param->key; param++) {
        if (args->count == MAX_PARAMS - 1)
            abort(); /* a table that is too long is a programming error */
        args->values[args->count++].param = param;
    }
    if (type->is_label)
        args->values[args->count++].param = &encoding_param;
    return args;
}

static cutropy_status assign(ct_args *args, const char *key, const char *text)
{
    int row = find(args, key);
    if (row < 0)
        return fail_unknown(args, key);
    value *v = &args->values[row];
    if (v->given)
        return ct_fail(CUTROPY_EINPUT, "%s: key '%s' is given twice", args->type->name, key);
    v->given = true;
    return read_value(args->type->name, text, v);
}

static cutropy_status assign_defaults(ct_args *args)
{
    for (int i = 0; i < args->count; i++) {
        value *v = &args->values[i];
        if (v->given)
            continue;
        if (!v->param->standard)
            return ct_fail(CUTROPY_EINPUT, "%s: %s=VALUE is required: %s", args->type->name,
                           v->param->key, v->param->help);
        cutropy_status status = read_value(args->type->name, v->param->standard, v);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

/* ---- parsing ---- */

static cutropy_status fail_comma(const char *key, const char *text, const char *rest)
{
    return ct_fail(CUTROPY_EINPUT, "%s=%.*s%s%.*s: a value cannot contain a comma; rename the file",
                   key, SHOWN, text, *rest ? "," : "", SHOWN, rest);
}

static cutropy_status assign_list(ct_args *args, const char *text)
{
    char *item = memcpy(args->text, text, strlen(text) + 1);
    const char *before = NULL; /* the item in front, when it is free text */
    for (bool last = false; !last;) {
        size_t size = strcspn(item, ",");
        last = item[size] == '\0';
        item[size] = '\0';
        char *equal = strchr(item, '=');
        if (!equal && before)
            return fail_comma(before, before + strlen(before) + 1, item);
        if (!equal || equal == item)
            return ct_fail(CUTROPY_EINPUT, "%s: '%.*s' is not key=value%s", args->type->name, SHOWN,
                           item, strcmp(args->type->name, "data") ? "" : ": images=FILE");
        *equal = '\0';
        cutropy_status status = assign(args, item, equal + 1);
        if (status != CUTROPY_OK)
            return status;
        before = is_text(args->values[find(args, item)].param) ? item : NULL;
        item += size + 1;
    }
    return CUTROPY_OK;
}

cutropy_status ct_args_parse(const ct_problem_type *type, const char *text, ct_args **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_args *args = new_args(type, text ? strlen(text) : 0);
    *out = NULL;
    if (!args)
        return ct_fail_memory("parameters", sizeof *args);
    if (text)
        CT_TRY(assign_list(args, text));
    CT_TRY(assign_defaults(args));
    *out = args;
    args = NULL;
done:
    ct_free(args);
    return status;
}

cutropy_status ct_args_single(const ct_problem_type *type, const char *key, const char *text,
                              ct_args **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_args *args = NULL;
    *out = NULL;
    if (strchr(text, ','))
        return fail_comma(key, text, "");
    args = new_args(type, strlen(text));
    if (!args)
        return ct_fail_memory("parameters", sizeof *args);
    CT_TRY(assign(args, key, memcpy(args->text, text, strlen(text) + 1)));
    CT_TRY(assign_defaults(args));
    *out = args;
    args = NULL;
done:
    ct_free(args);
    return status;
}

/* ---- reading ---- */

static const value *get(const ct_args *args, const char *key, unsigned types)
{
    int row = find(args, key);
    if (row < 0 || !(types >> args->values[row].param->type & 1u))
        abort();
    return &args->values[row];
}

int64_t ct_arg_int(const ct_args *args, const char *key)
{
    return get(args, key, 1u << CT_PARAM_INT)->integer;
}

uint64_t ct_arg_seed(const ct_args *args, const char *key)
{
    return get(args, key, 1u << CT_PARAM_SEED)->seed;
}

double ct_arg_real(const ct_args *args, const char *key)
{
    return get(args, key, 1u << CT_PARAM_REAL)->real;
}

const char *ct_arg_text(const ct_args *args, const char *key)
{
    return get(args, key, 1u << CT_PARAM_WORD | 1u << CT_PARAM_TEXT | 1u << CT_PARAM_FILE)->text;
}

bool ct_arg_given(const ct_args *args, const char *key)
{
    int row = find(args, key);
    return row >= 0 && args->values[row].given;
}

bool ct_args_pm1(const ct_args *args)
{
    return args->type->is_label && strcmp(ct_arg_text(args, "encoding"), "pm1") == 0;
}

cutropy_status ct_args_with(const ct_args *args, const char *key, const char *word, ct_args **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_args *copy = NULL;
    CT_NEW(copy, 1);
    *copy = *args; /* without its text, where the values of args point */
    copy->values[get(args, key, 1u << CT_PARAM_WORD) - args->values].text = word;
    *out = copy;
done:
    return status;
}

/* ---- canonical text ---- */

/* The shortest of the %.1g .. %.17g that reads back as the same double. */
static void format_real(double real, char number[NUMBER_SIZE])
{
    for (int digits = 1; digits <= 17; digits++) {
        ct_snprintf(number, NUMBER_SIZE, "%.*g", digits, real);
        if (ct_strtod(number, NULL) == real)
            return;
    }
}

/* The value as text: in `number`, or the text itself. */
static const char *format_value(const value *v, char number[NUMBER_SIZE])
{
    switch (v->param->type) {
    case CT_PARAM_INT:
        snprintf(number, NUMBER_SIZE, "%lld", (long long)v->integer);
        return number;
    case CT_PARAM_SEED:
        snprintf(number, NUMBER_SIZE, "%llu", (unsigned long long)v->seed);
        return number;
    case CT_PARAM_REAL:
        format_real(v->real, number);
        return number;
    default:
        return v->text;
    }
}

bool ct_arg_changed(const ct_args *args, const char *key)
{
    char number[NUMBER_SIZE];
    const int row = find(args, key);
    const value *v = row < 0 ? NULL : &args->values[row];
    return v && v->given && strcmp(format_value(v, number), v->param->standard) != 0;
}

static bool is_written(const ct_args *args, const value *v, const char *omit)
{
    char number[NUMBER_SIZE];
    if (v->param == &encoding_param)
        return ct_args_pm1(args);
    if (is_text(v->param) && !*format_value(v, number))
        return false; /* an empty text is the default: "path=" would say nothing */
    return !omit || !is_listed(omit, v->param->key, strlen(v->param->key));
}

cutropy_status ct_args_format(const ct_args *args, const char *omit, char **out)
{
    cutropy_status status = CUTROPY_OK;
    char number[NUMBER_SIZE];
    size_t size = strlen(args->type->name) + 1;
    char *text = NULL;
    *out = NULL;
    for (int i = 0; i < args->count; i++) {
        const value *v = &args->values[i];
        size += strlen(v->param->key) + strlen(format_value(v, number)) + 2;
    }
    CT_NEW(text, size);
    size_t used = (size_t)snprintf(text, size, "%s", args->type->name);
    char separator = ':';
    for (int i = 0; i < args->count; i++) {
        const value *v = &args->values[i];
        if (!is_written(args, v, omit))
            continue;
        used += (size_t)snprintf(text + used, size - used, "%c%s=%s", separator, v->param->key,
                                 format_value(v, number));
        separator = ',';
    }
    *out = text;
done:
    return status;
}
