/* SPDX-License-Identifier: Apache-2.0 */
/* Regions in words to the cuts of one run, and their negativities. */
#include "analysis/information/information.h"

#include <string.h>

#include <cutropy/export.h>

#include "base/array.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "input/bytes.h"
#include "lattice/cut_list.h"
#include "lattice/lattice.h"
#include "problem/products.h"

void cutropy_information_free(cutropy_information *x)
{
    if (!x)
        return;
    cutropy_cuts_free(&x->cuts);
    cutropy_result_free(x->result);
    ct_free(x->item);
    ct_free(x);
}

/* ---- words ---- */

typedef struct ct_regions {
    const cutropy_lattice *lattice;
    cutropy_information *out;
    ct_cut_list list;
} ct_regions;

/* The place of a mask in the list, which has it afterwards. */
static cutropy_status place_of(ct_regions *r, const uint64_t *mask, size_t *place)
{
    const size_t bytes = r->list.words * sizeof *mask;
    for (*place = 0; *place < r->list.count; (*place)++)
        if (!memcmp(r->list.masks + *place * r->list.words, mask, bytes))
            return CUTROPY_OK;
    return ct_cut_list_add(&r->list, mask);
}

static cutropy_status parse_regions(const ct_regions *r, char *text, int *count,
                                    uint64_t mask[3][CT_MAX_WORDS])
{
    uint64_t seen[CT_MAX_WORDS] = {0};
    *count = 0;
    for (char *at = text; at; (*count)++) {
        char *bar = strchr(at, '|');
        uint64_t any = 0, again = 0;
        if (*count == 3)
            return ct_fail(CUTROPY_EINPUT, "regions: two or three of them, A|B or A|B|C");
        if (bar)
            *bar = '\0';
        at += strspn(at, " \t");
        for (size_t k = strlen(at); k && strchr(" \t\r", at[k - 1]); k--)
            at[k - 1] = '\0';
        const cutropy_status status = ct_region_parse(at, r->lattice, mask[*count]);
        if (status)
            return status;
        for (size_t w = 0; w < r->lattice->words; w++) {
            any |= mask[*count][w];
            again |= mask[*count][w] & seen[w];
            seen[w] |= mask[*count][w];
        }
        if (!any || again)
            return ct_fail(CUTROPY_EINPUT, "region '%.60s' has %s", at,
                           any ? "pixels of one before it" : "no pixel");
        at = bar ? bar + 1 : NULL;
    }
    return *count >= 2 ? CUTROPY_OK
                       : ct_fail(CUTROPY_EINPUT,
                                 "regions '%.60s': two or three of them, A|B or A|B|C", text);
}

static cutropy_status add_item(ct_regions *r, char *text)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_information *x = r->out;
    uint64_t mask[3][CT_MAX_WORDS];
    ct_information_item item = {0};
    CT_TRY(parse_regions(r, text, &item.regions, mask));
    for (int u = 1; u < 1 << item.regions; u++) {
        uint64_t together[CT_MAX_WORDS] = {0};
        for (int k = 0; k < item.regions; k++)
            for (size_t w = 0; w < r->lattice->words && u >> k & 1; w++)
                together[w] |= mask[k][w];
        CT_TRY(place_of(r, together, &item.cut[u]));
    }
    CT_TRY(CT_ROOM("regions", x->item, x->count, x->room, 1));
    x->item[x->count++] = item;
    x->three |= item.regions == 3;
done:
    return status;
}

/* Items end at commas outside braces. */
static cutropy_status add_items(ct_regions *r, char *text)
{
    cutropy_status status = CUTROPY_OK;
    int depth = 0;
    for (char *item = text, *p = text; status == CUTROPY_OK; p++) {
        const bool last = !*p;
        depth += (*p == '{') - (*p == '}');
        if (!last && (*p != ',' || depth > 0))
            continue;
        *p = '\0';
        status = add_item(r, item);
        item = p + 1;
        if (last)
            break;
    }
    return status;
}

static cutropy_status add_file(ct_regions *r, const char *path)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size;
    char *text = NULL;
    CT_TRY(ct_read_file(path, &bytes, &size));
    if (memchr(bytes, '\0', size))
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%.200s: a NUL byte; regions are text such as 0x3|0xc", path));
    CT_NEW(text, size + 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    long line = 0;
    for (char *at = text, *end; at; at = end ? end + 1 : NULL) {
        line++;
        end = strchr(at, '\n');
        if (end)
            *end = '\0';
        at[strcspn(at, "#")] = '\0';
        const char *first = at + strspn(at, " \t\r");
        if (!*first)
            continue;
        status = add_items(r, at);
        if (status)
            CT_TRY(ct_fail(status, "%.200s:%ld: %s", path, line, cutropy_error()));
    }
    if (!r->out->count)
        status = ct_fail(CUTROPY_EINPUT, "%.200s: there are no regions A|B", path);
done:
    ct_free(bytes);
    ct_free(text);
    return status;
}

static cutropy_status parse(const char *text, ct_regions *r)
{
    cutropy_status status = CUTROPY_OK;
    char *copy = NULL;
    text += strspn(text, " ");
    if (*text == '@')
        return add_file(r, text + 1);
    copy = ct_strdup(text);
    if (!copy)
        return ct_fail_memory("regions", strlen(text) + 1);
    status = add_items(r, copy);
    ct_free(copy);
    return status;
}

/* ---- the run ---- */

static cutropy_status check_label(const cutropy_problem *problem)
{
    const bool everywhere = problem->products && problem->products->sides & CT_LABEL_A;
    return everywhere
               ? ct_fail(CUTROPY_EUNSUPPORTED,
                         "the label stands with every region: information needs label_side=b")
               : CUTROPY_OK;
}

static cutropy_status find_negativities(const cutropy_problem *problem,
                                        const cutropy_options *options, cutropy_information *x)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_state *state = NULL;
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    CT_TRY(cutropy_state_open_levels(problem, options, &state));
    for (size_t i = 0; i < x->count; i++) {
        ct_information_item *item = &x->item[i];
        if (ct_report("negativities", i, x->count, &reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped after %zu negativities", i));
        CT_TRY(ct_negativity(state, x->cuts.masks + item->cut[1] * x->cuts.words,
                             x->cuts.masks + item->cut[2] * x->cuts.words, state->memory_limit,
                             &watch, &item->negativity, &item->negativity_err));
    }
done:
    cutropy_state_free(state);
    return status;
}

cutropy_status cutropy_information_run(const cutropy_problem *problem, const char *regions,
                                       int negativity, const cutropy_options *options,
                                       cutropy_information **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = ct_options_without_quantities(options);
    cutropy_information *x = NULL;
    ct_regions r = {.lattice = problem->lattice,
                    .list = {.lattice = problem->lattice, .words = problem->lattice->words}};
    *out = NULL;
    CT_TRY(ct_lattice_has_end(problem->lattice));
    CT_TRY(check_label(problem));
    CT_NEW_ZERO(x, 1);
    r.out = x;
    CT_TRY(parse(regions, &r));
    x->cuts = (cutropy_cuts){.words = r.list.words, .count = r.list.count, .masks = r.list.masks};
    r.list.masks = NULL;
    CT_TRY(cutropy_run(problem, &x->cuts, &how, &x->result));
    x->negativities = negativity != 0;
    if (negativity)
        CT_TRY(find_negativities(problem, &how, x));
    *out = x;
    x = NULL;
done:
    ct_cut_list_free(&r.list);
    cutropy_information_free(x);
    return status;
}
