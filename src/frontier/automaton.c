/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/automaton.h"

#include <string.h>

#include <cutropy/cut.h>

#include "frontier/region_order.h"
#include "frontier/reorder.h"

static void close_reading(ct_reading *r)
{
    for (int side = 0; side < 2 - r->turns; side++) {
        ct_counts_free(&r->count[side]);
        ct_levels_free(&r->side[side]);
    }
    ct_free(r->pixel);
    *r = (ct_reading){0};
}

void ct_automaton_close(ct_automaton *a)
{
    if (!a)
        return;
    for (int i = 0; i < 3; i++)
        close_reading(&a->reading[i]);
    ct_free(a);
}

/* The pixel that is read k-th. */
static int pixel_at(const cutropy_lattice *lattice, bool by_columns, int k)
{
    return by_columns && lattice->kind == CUTROPY_LATTICE_GRID
               ? k / lattice->ly + lattice->lx * (k % lattice->ly)
               : k;
}

static cutropy_status open_reading(const ct_frontier *f, bool by_columns,
                                   const ct_automaton_options *options, ct_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = f->width * f->height;
    CT_NEW(r->pixel, pixels);
    for (int k = 0; k < pixels; k++)
        r->pixel[k] = (uint16_t)pixel_at(f->problem->lattice, by_columns, k);
    CT_TRY(ct_levels_build(f, options->memory_limit, options->watch, &r->side[0]));
    if (!r->side[0].count[pixels])
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "the function is zero for every image, so it has no state and no entropy"));
    CT_TRY(ct_counts_make(&r->side[0], options->memory_limit, &r->count[0]));
    r->turns = f->turns;
    if (r->turns) {
        r->side[1] = r->side[0];
        r->count[1] = r->count[0];
    } else {
        CT_TRY(ct_levels_reverse(&r->side[0], options->memory_limit, options->watch, &r->side[1]));
        CT_TRY(ct_counts_make(&r->side[1], options->memory_limit, &r->count[1]));
    }
    r->open = true;
done:
    if (status != CUTROPY_OK)
        close_reading(r);
    return status;
}

cutropy_status ct_automaton_open(const cutropy_problem *problem, bool by_columns,
                                 const ct_automaton_options *options, ct_automaton **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_automaton *a = NULL;
    ct_frontier f;
    *out = NULL;
    if (!ct_frontier_open(problem, by_columns, &f))
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "solver frontier: %s has no frontier automaton on %s (docs/frontier.md lists those that "
            "have one)",
            problem->text, problem->lattice->name);
    CT_NEW_ZERO(a, 1);
    a->problem = problem;
    ct_reading *r = &a->reading[by_columns ? CT_BY_COLUMNS : CT_BY_ROWS];
    CT_TRY(open_reading(&f, by_columns, options, r));
    CT_TRY(ct_levels_fingerprint(&r->side[0], r->pixel, &a->checksum));
    *out = a;
    a = NULL;
done:
    ct_automaton_close(a);
    return status;
}

cutropy_status ct_automaton_read_lines(ct_automaton *a, bool by_columns,
                                       const ct_automaton_options *options)
{
    cutropy_status status = CUTROPY_OK;
    ct_reading *r = &a->reading[by_columns ? CT_BY_COLUMNS : CT_BY_ROWS];
    uint64_t checksum;
    ct_frontier f;
    if (r->open || !ct_frontier_open(a->problem, by_columns, &f))
        return CUTROPY_OK;
    CT_TRY(open_reading(&f, by_columns, options, r));
    CT_TRY(ct_levels_fingerprint(&r->side[0], r->pixel, &checksum));
    if (checksum != a->checksum)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "two orders of the pixels are two functions"));
done:
    if (status != CUTROPY_OK)
        close_reading(r);
    return status;
}

/* ---- a region ---- */

/* Both directions of the new order from those of a reading that is open, the first of which is `direction` of that. */
static cutropy_status reorder(const ct_reading *from, int direction, const uint16_t *rank,
                              const ct_automaton_options *options, ct_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = from->count[0].words;
    for (int side = 0; side < 2; side++) {
        CT_TRY(ct_levels_reorder(&from->side[direction != side], rank, side, options->memory_limit,
                                 options->watch, &r->side[side]));
        CT_TRY(ct_counts_make(&r->side[side], options->memory_limit, &r->count[side]));
        if (r->count[side].words != words ||
            memcmp(ct_counts_total(&r->count[side]), ct_counts_total(&from->count[0]),
                   words * sizeof(uint64_t)))
            CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                           "two orders of the pixels disagree about the number of label-1 images"));
    }
done:
    return status;
}

cutropy_status ct_automaton_read_region(ct_automaton *a, const uint64_t *mask,
                                        const ct_automaton_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = a->problem->lattice;
    const int pixels = lattice->pixels;
    ct_reading *r = &a->reading[CT_BY_REGION];
    ct_region_order order = {0};
    uint64_t checksum;
    uint16_t *backwards[2] = {NULL}, *rank = NULL, *place = NULL;
    const uint16_t *start[CT_STARTS] = {NULL};
    close_reading(r);
    for (int i = 0; i < 2; i++) {
        if (!a->reading[i].open)
            continue;
        CT_NEW(backwards[i], pixels);
        for (int k = 0; k < pixels; k++)
            backwards[i][k] = a->reading[i].pixel[pixels - 1 - k];
        start[2 * i] = a->reading[i].pixel;
        start[2 * i + 1] = backwards[i];
    }
    CT_TRY(ct_region_order_choose(lattice, mask, start, &order));
    CT_NEW(rank, pixels);
    CT_NEW(place, pixels);
    for (int k = 0; k < pixels; k++)
        place[order.pixel[k]] = (uint16_t)k;
    for (int k = 0; k < pixels; k++)
        rank[k] = place[start[order.start][k]];
    CT_TRY(reorder(&a->reading[order.start / 2], order.start % 2, rank, options, r));
    CT_TRY(ct_levels_fingerprint(&r->side[0], order.pixel, &checksum));
    if (checksum != a->checksum)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "two orders of the pixels are two functions"));
    r->pixel = order.pixel;
    order.pixel = NULL;
    r->open = true;
done:
    for (int i = 0; i < 2; i++)
        ct_free(backwards[i]);
    ct_free(rank);
    ct_free(place);
    ct_free(order.pixel);
    if (status != CUTROPY_OK)
        close_reading(r);
    return status;
}

/* ---- cuts ---- */

#define WIDE                                                                                       \
    3 /* lines that are so many times as long as there are of them are not read along: the others have far fewer states */

/* Are the pixels of the mask the first k of an order (inside), or the others? pixel: NULL for an order of lines. */
static bool splits(const cutropy_lattice *lattice, bool by_columns, const uint16_t *pixel, int k,
                   const uint64_t *mask, bool inside)
{
    for (int i = 0; i < lattice->pixels; i++) {
        const int p = pixel ? pixel[i] : pixel_at(lattice, by_columns, i);
        if (ct_bit(mask, (uint64_t)p) != ((i < k) == inside))
            return false;
    }
    return true;
}

bool ct_frontier_is_wide(const cutropy_problem *problem)
{
    ct_frontier rows, columns;
    return ct_frontier_open(problem, false, &rows) && !rows.any_order &&
           rows.width > WIDE * rows.height && ct_frontier_open(problem, true, &columns);
}

bool ct_frontier_place(const cutropy_problem *problem, const uint64_t *mask, ct_place *out)
{
    const cutropy_lattice *lattice = problem->lattice;
    const int na = cutropy_mask_pixels(mask, lattice->words);
    ct_frontier f;
    for (int by_columns = ct_frontier_is_wide(problem); by_columns < 2; by_columns++) {
        if (!ct_frontier_open(problem, by_columns, &f))
            continue;
        for (int swapped = 0; swapped < 2; swapped++) {
            const int k = swapped ? lattice->pixels - na : na;
            /* a long column, or a part of one that is longer than a row: its region has an order with fewer states */
            if (by_columns && !f.any_order && f.width > f.height &&
                (f.width > WIDE * f.height || k % f.width))
                continue;
            *out = (ct_place){.reading = by_columns, .k = k, .swapped = swapped};
            if (f.any_order || splits(lattice, by_columns, NULL, k, mask, !swapped))
                return true;
        }
    }
    return false;
}

bool ct_automaton_place(const ct_automaton *a, const uint64_t *mask, ct_place *out)
{
    return (ct_frontier_place(a->problem, mask, out) && a->reading[out->reading].open) ||
           ct_automaton_place_region(a, mask, out);
}

bool ct_automaton_place_region(const ct_automaton *a, const uint64_t *mask, ct_place *out)
{
    const ct_reading *r = &a->reading[CT_BY_REGION];
    const cutropy_lattice *lattice = a->problem->lattice;
    const int na = cutropy_mask_pixels(mask, lattice->words);
    for (int swapped = 0; swapped < 2 && r->open; swapped++) {
        const int k = swapped ? lattice->pixels - na : na;
        *out = (ct_place){.reading = CT_BY_REGION, .k = k, .swapped = swapped};
        if (splits(lattice, false, r->pixel, k, mask, !swapped))
            return true;
    }
    return false;
}
