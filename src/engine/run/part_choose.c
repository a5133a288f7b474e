/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/run/part_choose.h"

#include "engine/solver/plan_frontier.h"

cutropy_status ct_part_pass(const ct_function *f, const uint64_t *mask, size_t *out)
{
    const int pixels = cutropy_mask_pixels(mask, f->words);
    ct_frontier_spot spot = {0};
    cutropy_status status = CUTROPY_OK;
    ct_place place;
    *out = 0;
    if (!pixels || pixels == f->pixels)
        return CUTROPY_OK;
    if (ct_frontier_place(f->automaton->problem, mask, &place))
        CT_TRY(ct_frontier_spot_find(f, mask, &spot));
    else
        spot.reading = CT_BY_REGION;
    *out = spot.reading == CT_BY_REGION ? CT_PASSES : (size_t)(2 * spot.reading + spot.direction);
done:
    return status;
}

/* Passes that occur are dealt out in their order, regions one by one. */
static cutropy_status choose_passes(const ct_part *part, const ct_function *f,
                                    const ct_orbits *orbits, cutropy_record *records)
{
    cutropy_status status = CUTROPY_OK;
    bool occurs[CT_PASSES + 1] = {false}, mine[CT_PASSES];
    size_t pass, number = 0, regions = 0;
    const size_t parts = (size_t)part->count, index = (size_t)part->index - 1;
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < orbits->count; i++) {
            const uint64_t *mask = orbits->mask + i * orbits->words;
            CT_TRY(ct_part_pass(f, mask, &pass));
            occurs[pass] = true;
            if (again)
                records[i].elsewhere = pass == CT_PASSES ? regions++ % parts != index : !mine[pass];
        }
        for (int p = 0; !again && p < CT_PASSES; p++) {
            mine[p] = number % parts == index;
            number += occurs[p];
        }
    }
done:
    return status;
}

static cutropy_status deal_out(const ct_part *part, const ct_function *f, const ct_orbits *orbits,
                               cutropy_record *records)
{
    cutropy_status status = CUTROPY_OK;
    const size_t pixels = (size_t)f->pixels, parts = (size_t)part->count;
    size_t *place = NULL; /* of the next cut with so many pixels */
    CT_NEW_ZERO(place, pixels + 2);
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < orbits->count; i++) {
            const size_t na = (size_t)cutropy_mask_pixels(orbits->mask + i * orbits->words,
                                                          orbits->words),
                         smaller = na < pixels - na ? na : pixels - na;
            if (again)
                records[i].elsewhere = place[smaller]++ % parts != (size_t)part->index - 1;
            else
                place[smaller + 1]++;
        }
        for (size_t na = 1; !again && na <= pixels + 1; na++)
            place[na] += place[na - 1];
    }
done:
    ct_free(place);
    return status;
}

cutropy_status ct_part_choose(const ct_part *part, const ct_function *f, const ct_orbits *orbits,
                              const uint32_t *sites, cutropy_record *records)
{
    cutropy_status status = CUTROPY_OK;
    if (!part->count)
        return CUTROPY_OK;
    CT_TRY(f->storage == CT_AUTOMATON ? choose_passes(part, f, orbits, records)
                                      : deal_out(part, f, orbits, records));
    for (int i = 0; sites && i < f->pixels; i++)
        records[sites[i]].elsewhere = 0;
done:
    return status;
}
