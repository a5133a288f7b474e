/* SPDX-License-Identifier: Apache-2.0 */
/* The range of a cut from automata: no image is looked at. */

#include "analysis/range/range_cut.h"
#include "base/bits.h"
#include "frontier/automaton.h"
#include "frontier/level_range.h"

/* The pixel that is read k-th where A comes first. */
static int pixel_at(const ct_reading *r, const ct_place *place, int pixels, int k)
{
    return r->pixel[place->swapped ? pixels - 1 - k : k];
}

/* order: N pixels, those of A first. The automata of its region are read where there are none. */
static cutropy_status open_cut(ct_automaton *a, const uint64_t *mask, const ct_layers *layers,
                               const ct_range_setting *how, int *order, ct_level_range *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = a->problem->lattice->pixels;
    const ct_automaton_options options = {.memory_limit = how->memory_limit, .watch = how->watch};
    ct_place place;
    if (!ct_automaton_place(a, mask, &place)) {
        CT_TRY(ct_automaton_read_region(a, mask, &options));
        if (!ct_automaton_place(a, mask, &place))
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the automaton does not know its region"));
    }
    const ct_reading *r = &a->reading[place.reading];
    bool first = true;
    for (int k = 0; k < pixels; k++) {
        order[k] = pixel_at(r, &place, pixels, k);
        first = first && ct_bit(mask, (uint64_t)order[k]) == (k < layers->na);
    }
    if (!first) { /* a function of the number of lit pixels: every order has these levels */
        int behind = layers->na;
        for (int k = 0; k < layers->na; k++)
            order[k] = layers->pixel[k];
        for (int i = 0; i < pixels; i++)
            if (!ct_bit(mask, (uint64_t)i))
                order[behind++] = i;
    }
    *out = (ct_level_range){.levels = &r->side[place.swapped], .na = layers->na};
done:
    return status;
}

cutropy_status ct_range_from_automaton(ct_automaton *automaton, const uint64_t *mask,
                                       const ct_layers *layers, const ct_range_setting *how,
                                       ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = automaton->problem->lattice;
    const size_t pixels = (size_t)lattice->pixels;
    ct_level_range cut;
    ct_level_range_found pairs = {0};
    int *order = NULL;
    int32_t *of = NULL, *distance = NULL; /* of each pixel; in the order */
    CT_NEW(order, pixels);
    CT_NEW(of, pixels);
    CT_NEW(distance, pixels);
    CT_TRY(open_cut(automaton, mask, layers, how, order, &cut));
    for (int k = 0; k < layers->na; k++)
        of[layers->pixel[k]] = layers->distance[k];
    for (int k = 0; k < layers->na; k++)
        distance[k] = of[order[k]];
    cut.distance = distance;
    CT_TRY(ct_level_range_find(&cut, how->memory_limit, how->threads, how->watch, &pairs));
    found->classes = cut.levels->count[layers->na];
    found->needed = pairs.range ? ct_layers_within(layers, pairs.range) : 0;
    found->assumption1 = pairs.assumption1;
    for (size_t k = 0; k < pixels && pairs.images; k++)
        for (size_t image = 0; image < 2; image++)
            if (pairs.images[image * pixels + k])
                ct_set_bit(found->witness + image * lattice->words, (uint64_t)order[k]);
done:
    ct_free(order);
    ct_free(of);
    ct_free(distance);
    ct_free(pairs.images);
    return status;
}
