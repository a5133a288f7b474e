/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/own_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NAME=VALUE, as it can stand in the text of a problem. */
static bool is_definition(const char *text)
{
    static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    const size_t length = strspn(text, name);
    if (!length || text[length] != '=' || !text[length + 1])
        return false;
    for (const char *p = text + length + 1; *p; p++)
        if (!strchr(name, *p) && !strchr("+-.", *p))
            return false;
    return true;
}

static bool is_c_file(const char *text)
{
    const size_t length = strcspn(text, ":");
    return length > 2 && !memcmp(text + length - 2, ".c", 2);
}

/* Whether they go together. */
static cutropy_status check(const char *expression, const char *given, const char *const *define,
                            size_t count)
{
    if (expression && given)
        return ct_fail(CUTROPY_EINPUT,
                       "contradictory options: --expr stands for a problem, and '%s' is given",
                       given);
    if (!expression && (!given || !is_c_file(given)))
        return ct_fail(CUTROPY_EINPUT, "--define is for C text: FILE.c or --expr");
    if (expression && strpbrk(expression, "\r\n"))
        return ct_fail(CUTROPY_EINPUT, "--expr is one line: longer C text belongs into FILE.c");
    for (size_t i = 0; i < count; i++)
        if (!is_definition(define[i]))
            return ct_fail(CUTROPY_EINPUT, "--define %s: give NAME=VALUE, a number or a name",
                           define[i]);
    return CUTROPY_OK;
}

static void put(FILE *out, const char *expression, const char *given, const char *const *define,
                size_t count)
{
    fprintf(out, "%s", expression ? "c" : given);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%c%s", i || (!expression && strchr(given, ':')) ? ',' : ':', define[i]);
    if (expression)
        fprintf(out, ":%s", expression);
}

cutropy_status ct_own_text(const char *expression, const char *given, const char *const *define,
                           size_t count, char **out)
{
    char *text = NULL;
    size_t size = 0;
    *out = NULL;
    if (!expression && !count)
        return CUTROPY_OK;
    const cutropy_status status = check(expression, given, define, count);
    if (status)
        return status;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        put(stream, expression, given, define, count);
    if (stream && !fclose(stream))
        *out = ct_strdup(text);
    free(text);
    return *out ? CUTROPY_OK : ct_fail_memory("--expr", 0);
}
