/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/part.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

void ct_part_format(const ct_part *part, char *text)
{
    if (part->count)
        snprintf(text, 32, "%d/%d", part->index, part->count);
    else
        snprintf(text, 32, "all");
}

/* Digits of a number from 1 to CT_MOST_PARTS; NULL: they are none. */
static const char *number(const char *text, int *out)
{
    const size_t length = strspn(text, "0123456789");
    *out = 0;
    for (size_t i = 0; i < length && *out <= CT_MOST_PARTS; i++)
        *out = 10 * *out + (text[i] - '0');
    return *out >= 1 && *out <= CT_MOST_PARTS ? text + length : NULL;
}

cutropy_status ct_part_parse(const char *key, const char *text, ct_part *out)
{
    ct_part part;
    const char *rest = number(text, &part.index);
    rest = rest && *rest == '/' ? number(rest + 1, &part.count) : NULL;
    if (!rest || *rest || part.index > part.count)
        return ct_fail(CUTROPY_EINPUT, "%s %s: give I/K, part I of K, with I from 1 to K", key,
                       text);
    *out = part;
    return CUTROPY_OK;
}
