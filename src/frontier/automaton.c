/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/automaton.h"

#include <cutropy/cut.h>

#include "lattice/lattice.h"

static void close_reading(ct_reading *r)
{
    for (int side = 0; side < 2 - r->turns; side++) {
        ct_counts_free(&r->count[side]);
        ct_levels_free(&r->side[side]);
    }
    *r = (ct_reading){0};
}

void ct_automaton_close(ct_automaton *a)
{
    if (!a)
        return;
    for (int i = 0; i < 2; i++)
        close_reading(&a->reading[i]);
    ct_free(a);
}

static cutropy_status open_reading(const ct_frontier *f, const ct_automaton_options *options,
                                   ct_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = f->width * f->height;
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

cutropy_status ct_automaton_open(const cutropy_problem *problem,
                                 const ct_automaton_options *options, ct_automaton **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_automaton *a = NULL;
    ct_frontier f;
    *out = NULL;
    if (!ct_frontier_open(problem, false, &f))
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "solver frontier: %s has no frontier automaton on %s (docs/frontier.md lists those that "
            "have one)",
            problem->text, problem->lattice->name);
    CT_NEW_ZERO(a, 1);
    a->problem = problem;
    CT_TRY(open_reading(&f, options, &a->reading[0]));
    a->checksum = ct_levels_checksum(&a->reading[0].side[0]);
    *out = a;
    a = NULL;
done:
    ct_automaton_close(a);
    return status;
}

cutropy_status ct_automaton_turn(ct_automaton *a, const ct_automaton_options *options)
{
    ct_frontier f;
    if (a->reading[1].open || !ct_frontier_open(a->problem, true, &f))
        return CUTROPY_OK;
    return open_reading(&f, options, &a->reading[1]);
}

/* The pixel that is read k-th. */
static int pixel_at(const cutropy_lattice *lattice, bool by_columns, int k)
{
    return by_columns && lattice->kind == CUTROPY_LATTICE_GRID
               ? k / lattice->ly + lattice->lx * (k % lattice->ly)
               : k;
}

/* Are the pixels of the mask the first k of the order (inside), or the others? */
static bool splits(const cutropy_lattice *lattice, bool by_columns, int k, const uint64_t *mask,
                   bool inside)
{
    for (int i = 0; i < lattice->pixels; i++)
        if (ct_bit(mask, (uint64_t)pixel_at(lattice, by_columns, i)) != ((i < k) == inside))
            return false;
    return true;
}

bool ct_frontier_place(const cutropy_problem *problem, const uint64_t *mask, ct_place *out)
{
    const cutropy_lattice *lattice = problem->lattice;
    const int na = cutropy_mask_pixels(mask, lattice->words);
    ct_frontier f;
    for (int by_columns = 0; by_columns < 2; by_columns++) {
        if (!ct_frontier_open(problem, by_columns, &f))
            continue;
        for (int swapped = 0; swapped < 2; swapped++) {
            const int k = swapped ? lattice->pixels - na : na;
            *out = (ct_place){.by_columns = by_columns, .k = k, .swapped = swapped};
            if (f.any_order || splits(lattice, by_columns, k, mask, !swapped))
                return true;
        }
    }
    return false;
}
