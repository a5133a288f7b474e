/* SPDX-License-Identifier: Apache-2.0 */
/* Which problems have an automaton, and its lines of pixels. */
#include "problem/frontier.h"

#include <limits.h>

/* The automaton of every label function that has one, by its body. */
static ct_frontier_make *const makers[CT_BODY_COUNT] = {
    [CT_BODY_parity] = ct_frontier_count,
    [CT_BODY_majority] = ct_frontier_count,
    [CT_BODY_threshold] = ct_frontier_count,
    [CT_BODY_weight] = ct_frontier_count,
    [CT_BODY_ghz] = ct_frontier_count,
    [CT_BODY_independent_set] = ct_frontier_independent_set,
    [CT_BODY_pixel_loops] = ct_frontier_pixel_loops,
    [CT_BODY_connected] = ct_frontier_connected,
    [CT_BODY_percolation] = ct_frontier_percolation,
    [CT_BODY_mirror] = ct_frontier_mirror,
    [CT_BODY_contains] = ct_frontier_contains,
    [CT_BODY_rectangle] = ct_frontier_rectangle,
    [CT_BODY_bars_stripes] = ct_frontier_bars_stripes,
    [CT_BODY_still_life] = ct_frontier_still_life,
};

bool ct_frontier_may(ct_body body)
{
    return makers[body] != NULL;
}

bool ct_frontier_serve(ct_frontier *f, int bytes,
                       bool (*step)(const ct_frontier *f, int x, int y, bool lit, uint8_t *state),
                       bool (*accept)(const ct_frontier *f, const uint8_t *state))
{
    f->bytes = ct_frontier_bytes(bytes);
    f->turns = f->around = true;
    f->settles = 1;
    f->step = step;
    f->accept = accept;
    return true;
}

bool ct_frontier_accept_all(const ct_frontier *f, const uint8_t *state)
{
    (void)f, (void)state;
    return true;
}

bool ct_frontier_open(const cutropy_problem *problem, bool by_columns, ct_frontier *out)
{
    const cutropy_lattice *lattice = problem->lattice;
    ct_frontier_make *make = problem->automaton ? problem->automaton : makers[problem->body];
    const bool grid = lattice->kind == CUTROPY_LATTICE_GRID;
    if (!make || problem->pm1)
        return false;
    *out = (ct_frontier){.problem = problem,
                         .width = grid ? lattice->lx : lattice->pixels,
                         .height = grid ? lattice->ly : 1};
    if (by_columns) {
        out->width = grid ? lattice->ly : 1;
        out->height = grid ? lattice->lx : lattice->pixels;
    }
    if (lattice->infinite) { /* read down the strip */
        out->height = INT_MAX;
        return grid && !by_columns && make(false, out) && out->settles &&
               (out->around || !lattice->periodic);
    }
    return make(by_columns, out);
}
