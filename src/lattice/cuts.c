/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts by name: "rows,0x1f,{0-3,7},@masks.txt" -> list of masks. A comma outside braces always ends an
 * item, in file names too. */
#include <string.h>

#include "base/array.h"
#include "lattice/cut_list.h"

#define WORDS CT_CUT_FAMILIES ", 0x..., {0-3,7}, x<2, @FILE"

static const struct {
    const char *name;
    cutropy_status (*add)(ct_cut_list *list);
} families[] = {
    {"all", ct_cuts_all},         {"rows", ct_cuts_rows},
    {"columns", ct_cuts_columns}, {"prefixes", ct_cuts_prefixes},
    {"sites", ct_cuts_sites},     {"pairs", ct_cuts_pairs},
    {"half", ct_cuts_half},       {"rectangles", ct_cuts_rectangles},
};

/* "connected" or "connected:K". */
static cutropy_status add_connected(ct_cut_list *list, const char *item)
{
    int pixels = list->lattice->pixels, largest = pixels / 2;
    const char *p = item + strlen("connected");
    if (*p == ':') {
        largest = 0;
        p++;
        if (*p != '0')
            for (; *p >= '0' && *p <= '9' && largest <= pixels; p++)
                largest = 10 * largest + (*p - '0');
        if (*p != '\0' || largest < 1 || largest > pixels)
            return ct_fail(CUTROPY_EINPUT,
                           "cuts '%.60s': the size after connected: must be a number from 1 to %d",
                           item, pixels);
    }
    return ct_cuts_connected(list, largest);
}

/* "canonical:LEVEL"; the largest lattice has 2^12 pixels. */
static cutropy_status add_canonical(ct_cut_list *list, const char *item)
{
    const char *p = item + strlen("canonical:");
    const int digits = (int)strspn(p, "0123456789"),
              level = digits == 2 ? 10 * (p[0] - '0') + p[1] - '0' : p[0] - '0';
    if (digits < 1 || digits > 2 || p[digits] || level < 1 || level > 12)
        return ct_fail(CUTROPY_EINPUT,
                       "cuts '%.60s': the level after canonical: must be a number from 1 to 12",
                       item);
    return ct_cuts_canonical(list, level);
}

static cutropy_status add_region(ct_cut_list *list, const char *text)
{
    uint64_t mask[CT_MAX_WORDS];
    cutropy_status status = ct_region_parse(text, list->lattice, mask);
    return status == CUTROPY_OK ? ct_cut_list_add(list, mask) : status;
}

/* The comma that ends an item, or NULL. */
static char *end_of(char *item)
{
    int depth = 0;
    for (char *p = item; *p; p++) {
        depth += (*p == '{') - (*p == '}');
        if (*p == ',' && depth <= 0)
            return p;
    }
    return NULL;
}

/* An infinite strip has one cut: its name, or its mask. */
static cutropy_status add_strip(ct_cut_list *list, const char *item)
{
    uint64_t mask[CT_MAX_WORDS], strip[CT_MAX_WORDS];
    ct_strip_mask(list->lattice, strip);
    bool is_one = !strcmp(item, "half") || !strcmp(item, "rows");
    if (!is_one && ct_is_region(item)) {
        const cutropy_status status = ct_region_parse(item, list->lattice, mask);
        if (status != CUTROPY_OK)
            return status;
        is_one = !memcmp(mask, strip, list->words * sizeof *mask);
    }
    if (!is_one)
        return ct_fail(CUTROPY_EINPUT,
                       "cuts '%.60s': an infinite strip has one cut, between two of its rows: half",
                       item);
    return ct_cut_list_add(list, strip);
}

/* One item of the comma-separated list. */
static cutropy_status add_item(ct_cut_list *list, const char *item)
{
    list->check = list->count > 0 || item[0] == '@';
    if (list->lattice->infinite)
        return add_strip(list, item);
    if (item[0] == '@')
        return ct_cuts_file(list, item + 1);
    if (strchr(item, '|'))
        return ct_fail(
            CUTROPY_EINPUT,
            "cuts '%.60s': A|B are two regions: cutropy information --regions 'A|B' says "
            "what they know of each other",
            item);
    if (ct_is_region(item))
        return add_region(list, item);
    if (strcmp(item, "connected") == 0 || strncmp(item, "connected:", 10) == 0)
        return add_connected(list, item);
    if (strncmp(item, "canonical:", 10) == 0)
        return add_canonical(list, item);
    if (strcmp(item, "quadrants") == 0)
        return ct_cuts_canonical(list, 1);
    for (size_t k = 0; k < sizeof families / sizeof families[0]; k++)
        if (strcmp(item, families[k].name) == 0)
            return families[k].add(list);
    for (size_t k = 0; k < sizeof families / sizeof families[0]; k++) /* row, rect */
        if (strlen(item) > 1 && strncmp(item, families[k].name, strlen(item)) == 0)
            return ct_fail(CUTROPY_EINPUT,
                           "cuts '%.60s' are not known; did you mean %s? There are " WORDS, item,
                           families[k].name);
    return ct_fail(CUTROPY_EINPUT, "cuts '%.60s' are not known; choose from " WORDS, item);
}

cutropy_status cutropy_cuts_parse(const char *text, const cutropy_lattice *lattice,
                                  cutropy_cuts *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_cut_list list = {.lattice = lattice, .words = lattice->words};
    char *items = NULL;
    memset(out, 0, sizeof *out);
    items = ct_strdup(text);
    if (!items) {
        status = ct_fail_memory("cuts", strlen(text) + 1);
        goto done;
    }
    for (char *item = items; item;) {
        char *comma = end_of(item);
        if (comma)
            *comma = '\0';
        CT_TRY(add_item(&list, item));
        item = comma ? comma + 1 : NULL;
    }
    if (list.count == 0 && lattice->pixels < 2) { /* whatever the list, often a default one */
        status = ct_fail(CUTROPY_EINPUT,
                         "the lattice %s has one pixel and so no cut; choose a larger one",
                         lattice->name);
        goto done;
    }
    if (list.count == 0) {
        status = ct_fail(CUTROPY_EINPUT, "cuts '%.60s': no cut of %s is left; choose from " WORDS,
                         text, lattice->name);
        goto done;
    }
    *out = (cutropy_cuts){.words = list.words, .count = list.count, .masks = list.masks};
    list.masks = NULL;
done:
    ct_free(items);
    ct_cut_list_free(&list);
    return status;
}

cutropy_status ct_cuts_append(cutropy_cuts *cuts, size_t *room, const uint64_t *masks, size_t count)
{
    const size_t bytes = cuts->words * sizeof *masks;
    const cutropy_status status =
        ct_array_room("cuts", &cuts->masks, cuts->count, room, count, bytes);
    if (status != CUTROPY_OK || !count)
        return status;
    memcpy(cuts->masks + cuts->count * cuts->words, masks, count * bytes);
    cuts->count += count;
    return CUTROPY_OK;
}

void cutropy_cuts_free(cutropy_cuts *cuts)
{
    if (!cuts)
        return;
    ct_free(cuts->masks);
    memset(cuts, 0, sizeof *cuts);
}
