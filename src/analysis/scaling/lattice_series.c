/* SPDX-License-Identifier: Apache-2.0 */
/* Several lattices in one option. */
#include "analysis/scaling/lattice_series.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/base.h"

#define LARGEST 4096 /* of a side, and of the number of lattices */

/* "links:3x3" or "5x5:torus", cut into what stands before, between and after the numbers. */
typedef struct end {
    char kind[16], edge[16]; /* "links:", ":torus"; may be empty */
    int sides;               /* 1: a chain */
    bool endless;            /* its second side is "inf" */
    int size[2];
} end;

static bool read_number(const char **p, int *out)
{
    long value = 0;
    const char *first = *p;
    for (; **p >= '0' && **p <= '9' && value <= LARGEST; (*p)++)
        value = 10 * value + (**p - '0');
    *out = (int)value;
    return *p > first && value >= 1 && value <= LARGEST;
}

static bool copy_part(char *out, size_t room, const char *text, size_t length)
{
    if (length >= room)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

static bool read_end(const char *text, size_t length, end *out)
{
    char copy[CT_SERIES_NAME];
    *out = (end){.sides = 1};
    if (!copy_part(copy, sizeof copy, text, length))
        return false;
    const char *p = copy + strcspn(copy, "0123456789");
    if (!copy_part(out->kind, sizeof out->kind, copy, (size_t)(p - copy)) ||
        !read_number(&p, &out->size[0]))
        return false;
    if (*p == 'x') {
        p++;
        out->sides = 2;
        out->endless = !strncmp(p, "inf", 3);
        if (out->endless)
            p += 3;
        else if (!read_number(&p, &out->size[1]))
            return false;
    }
    return copy_part(out->edge, sizeof out->edge, p, strlen(p)) && (!*p || *p == ':');
}

static cutropy_status append(ct_lattice_series *series, const char *name)
{
    const cutropy_status status = CT_ROOM("lattices", series->name, series->count, series->room, 1);
    if (status != CUTROPY_OK)
        return status;
    snprintf(series->name[series->count++], CT_SERIES_NAME, "%s", name);
    return CUTROPY_OK;
}

/* The kind may be left out at the end and the edge at the beginning: links:3x3..5x5:torus. */
static cutropy_status append_range(ct_lattice_series *series, const char *item, size_t length,
                                   const char *dots)
{
    cutropy_status status = CUTROPY_OK;
    end first, last;
    const char *tail = dots + 2;
    bool fits = read_end(item, (size_t)(dots - item), &first) &&
                read_end(tail, length - (size_t)(tail - item), &last) &&
                first.sides == last.sides && first.endless == last.endless &&
                (!*last.kind || !strcmp(first.kind, last.kind)) &&
                (!*first.edge || !strcmp(first.edge, last.edge));
    int grow[2] = {0, 0}, steps = 0;
    for (int k = 0; fits && k < first.sides; k++) {
        grow[k] = last.size[k] - first.size[k];
        fits = grow[k] >= 0 && (!grow[k] || !steps || grow[k] == steps);
        steps = grow[k] > steps ? grow[k] : steps;
    }
    if (!fits)
        return ct_fail(CUTROPY_EINPUT,
                       "lattices '%.*s': write 2x2..6x6, 4x2..4x6, links:3x3..4x4:torus, "
                       "chain:4..12 or 4xinf..9xinf; both sides grow alike, or one of them alone",
                       (int)(length < 60 ? length : 60), item);
    for (int step = 0; step <= steps; step++) {
        char name[CT_SERIES_NAME], second[16] = "";
        if (first.endless)
            snprintf(second, sizeof second, "xinf");
        else if (first.sides == 2)
            snprintf(second, sizeof second, "x%d", first.size[1] + (grow[1] ? step : 0));
        snprintf(name, sizeof name, "%s%d%s%s", first.kind, first.size[0] + (grow[0] ? step : 0),
                 second, last.edge);
        CT_TRY(append(series, name));
    }
done:
    return status;
}

static cutropy_status append_item(ct_lattice_series *series, const char *item, size_t length)
{
    char name[CT_SERIES_NAME];
    const char *dots = strstr(item, "..");
    if (dots && dots < item + length)
        return append_range(series, item, length, dots);
    if (!copy_part(name, sizeof name, item, length))
        return ct_fail(CUTROPY_EINPUT, "lattices: '%.60s' is too long for a lattice", item);
    return append(series, name);
}

cutropy_status ct_lattice_series_parse(const char *text, ct_lattice_series *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_lattice_series){0};
    for (const char *item = text; item;) {
        size_t length = strcspn(item, ",");
        CT_TRY(append_item(out, item, length));
        item = item[length] ? item + length + 1 : NULL;
    }
done:
    if (status)
        ct_lattice_series_free(out);
    return status;
}

void ct_lattice_series_free(ct_lattice_series *series)
{
    ct_free(series->name);
    *series = (ct_lattice_series){0};
}
