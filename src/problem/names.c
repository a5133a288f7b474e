/* SPDX-License-Identifier: Apache-2.0 */
/* Names of problem types: look-up, and the nearest known names of an unknown one. */
#include "problem/names.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_NAME CT_NAME_FAR
#define NEAREST 3 /* names that a message suggests */

const ct_problem_type *ct_problem_find(const char *name, size_t length)
{
    for (const ct_problem_type *const *type = ct_problem_types; *type; type++)
        if (strlen((*type)->name) == length && memcmp((*type)->name, name, length) == 0)
            return *type;
    return NULL;
}

bool ct_problem_is_path(const char *text)
{
    size_t length = strcspn(text, ":");
    if (!strcmp(text, "-"))
        return true;
    if (memchr(text, '/', length) || memchr(text, '.', length))
        return true;
    FILE *file = fopen(text, "rb");
    if (!file)
        return false;
    fclose(file);
    return true;
}

/* ASCII only: names have no other letters, and tolower depends on the locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same(char a, char b)
{
    return lower(a) == lower(b);
}

static bool begins_with(const char *known, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!known[i] || !same(known[i], name[i]))
            return false;
    return true;
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
 * alignment). */
static int edit_distance(const char *a, int na, const char *b, int nb)
{
    int d[LONGEST_NAME + 1][LONGEST_NAME + 1];
    for (int i = 0; i <= na; i++)
        for (int j = 0; j <= nb; j++) {
            d[i][j] = i + j;
            if (i == 0 || j == 0)
                continue;
            d[i][j] =
                min(d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]), min(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[na][nb];
}

/* A name counts as near when at most a third of it is wrong, or one letter, or when it begins with
 * what was typed. */
int ct_name_distance(const char *known, const char *name, size_t length)
{
    size_t known_length = strlen(known);
    if (known_length > LONGEST_NAME || length > LONGEST_NAME || length == 0)
        return CT_NAME_FAR;
    if (begins_with(known, name, length))
        return known_length == length ? 0 : 1;
    int edits = edit_distance(known, (int)known_length, name, (int)length);
    return edits <= 1 || 3 * edits <= (int)known_length + 1 ? edits : CT_NAME_FAR;
}

cutropy_status ct_problem_fail_unknown(const char *name, size_t length)
{
    char near[NEAREST * (LONGEST_NAME + 2) + 1] = "";
    int found = 0, size = length < 60 ? (int)length : 60;
    size_t used = 0;
    for (int edits = 0; edits < CT_NAME_FAR && !(edits == 1 && found); edits++)
        for (const ct_problem_type *const *type = ct_problem_types; *type && found < NEAREST;
             type++)
            if (ct_name_distance((*type)->name, name, (size_t)size) == edits)
                used += (size_t)snprintf(near + used, sizeof near - used, "%s%s",
                                         found++ ? ", " : "", (*type)->name);
    if (found)
        return ct_fail(CUTROPY_EINPUT, "unknown problem '%.*s'; did you mean: %s?", size, name,
                       near);
    if (strcspn(name, " =<>%&|()") < length)
        return ct_fail(CUTROPY_EINPUT,
                       "unknown problem '%.60s'; a C expression is given as --expr '%.60s'", name,
                       name);
    return ct_fail(CUTROPY_EINPUT,
                   "unknown problem '%.*s'; 'cutropy problems' lists the known ones", size, name);
}

const char *cutropy_problem_name(size_t index)
{
    size_t i = 0;
    while (i < index && ct_problem_types[i])
        i++;
    return ct_problem_types[i] ? ct_problem_types[i]->name : NULL;
}

const char *cutropy_problem_about(const char *name, const char *key)
{
    const ct_problem_type *type = ct_problem_find(name, strlen(name));
    if (!type)
        return NULL;
    return !strcmp(key, "summary")      ? type->summary
           : !strcmp(key, "definition") ? type->definition
           : !strcmp(key, "source")     ? type->source
           : !strcmp(key, "known")      ? type->known
           : !strcmp(key, "lattice")    ? (type->lattice ? type->lattice : "")
                                        : NULL;
}
