/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/plan_frontier.h"

#include <stdio.h>

#include "engine/function/function.h"

static cutropy_status spot_of(const ct_function *f, const uint64_t *mask, bool known,
                              ct_place place, ct_frontier_spot *out)
{
    const ct_automaton *a = f->automaton;
    if (!known)
        return ct_fail(CUTROPY_EINTERNAL, "the automaton does not know a cut of %d pixels",
                       cutropy_mask_pixels(mask, f->words));
    const ct_reading *r = &a->reading[place.reading];
    const int behind = f->pixels - place.k;
    const int32_t rows = r->side[0].count[place.k], columns = r->side[1].count[behind];
    const bool other = columns < rows || (columns == rows && behind > place.k);
    *out = (ct_frontier_spot){.reading = place.reading,
                              .swapped = place.swapped != other,
                              .direction = other && !r->turns,
                              .level = other ? behind : place.k};
    return CUTROPY_OK;
}

cutropy_status ct_frontier_spot_find(const ct_function *f, const uint64_t *mask,
                                     ct_frontier_spot *out)
{
    ct_place place;
    const bool known = ct_automaton_place(f->automaton, mask, &place);
    return spot_of(f, mask, known, place, out);
}

cutropy_status ct_frontier_spot_of_region(const ct_function *f, const uint64_t *mask,
                                          ct_frontier_spot *out)
{
    ct_place place;
    const bool known = ct_automaton_place_region(f->automaton, mask, &place);
    return spot_of(f, mask, known, place, out);
}

static uint64_t level_bytes(const ct_levels *levels, const ct_counts *counts, uint64_t *states)
{
    uint64_t bytes = 0;
    for (int k = 0; k <= levels->pixels; k++) {
        const uint64_t count = (uint64_t)levels->count[k];
        *states += count;
        bytes += count * ((k < levels->pixels ? sizeof **levels->next : 0) + 8 * counts->words);
    }
    return bytes;
}

/* One direction of one reading, and the cuts that it serves. */
typedef struct ct_planned {
    const ct_levels *levels;
    size_t words; /* of <f|f> */
    bool *wanted; /* N + 1: is there a cut? */
    int lowest;   /* of these, more than N: none */
} ct_planned;

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static cutropy_status add_cut(const ct_function *f, const uint64_t *mask, ct_planned pass[4],
                              uint64_t *largest)
{
    cutropy_status status = CUTROPY_OK;
    ct_frontier_spot s;
    CT_TRY(ct_frontier_spot_find(f, mask, &s));
    ct_planned *p = &pass[2 * s.reading + s.direction];
    p->wanted[s.level] = true;
    p->lowest = s.level < p->lowest ? s.level : p->lowest;
    const uint64_t n = (uint64_t)p->levels->count[s.level];
    *largest = n > *largest ? n : *largest;
done:
    return status;
}

/* Two levels of Gram matrices, or one and the matrices of an answer: integers, their halves and doubles. additions: of the levels
 * from the lowest on. */
static cutropy_status pass_bytes(const ct_planned *p, uint64_t *most, double *additions)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = p->levels->pixels;
    uint64_t *entries = NULL;
    int32_t *size = NULL;
    CT_NEW(entries, pixels + 1);
    CT_NEW(size, pixels + 1);
    CT_TRY(ct_level_gram_bound(p->levels, p->lowest, entries, size));
    *additions = 0;
    for (int k = pixels; k >= p->lowest; k--) {
        *additions += 2 * (double)entries[k];
        const size_t count = (size_t)(pixels - k) / 64 + 1,
                     words = count < p->words ? count : p->words;
        const uint64_t n = (uint64_t)size[k],
                       two = 8 * words * (entries[k] + (k < pixels ? entries[k + 1] : 0)),
                       one = 8 * (words * entries[k] + (2 * words + 1) * n * n);
        *most = two > *most ? two : *most;
        *most = p->wanted[k] && one > *most ? one : *most;
    }
done:
    ct_free(entries);
    ct_free(size);
    return status;
}

cutropy_status ct_frontier_road_find(const ct_function *f, const ct_frontier_spot *spot,
                                     ct_frontier_road *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_reading *r = &f->automaton->reading[spot->reading];
    ct_planned pass = {.levels = &r->side[spot->direction],
                       .words = r->count[spot->direction].words,
                       .lowest = spot->level};
    uint64_t product, n = (uint64_t)pass.levels->count[spot->level];
    double levels;
    *out = (ct_frontier_road){.product = {.levels = pass.levels,
                                          .others = &r->side[1 - spot->direction],
                                          .k = spot->level,
                                          .weights = &r->count[1 - spot->direction]}};
    CT_NEW_ZERO(pass.wanted, f->pixels + 1);
    pass.wanted[spot->level] = true;
    CT_TRY(pass_bytes(&pass, &out->bytes, &levels));
    out->is_product = ct_level_product_work(&out->product, &product) < levels;
    if (out->is_product)
        out->bytes = product + 8 * (2 * pass.words + 1) * n * n;
done:
    ct_free(pass.wanted);
    return status;
}

/* A cut that is read for itself, and then forgotten: of their automata the largest counts. */
static cutropy_status plan_region(const ct_function *f, const uint64_t *mask,
                                  const ct_automaton_options *how, cutropy_plan *plan,
                                  uint64_t *region_bytes)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t bytes = 0;
    ct_frontier_spot spot;
    ct_frontier_road road;
    CT_TRY(ct_automaton_read_region(f->automaton, mask, how));
    const ct_reading *r = &f->automaton->reading[CT_BY_REGION];
    for (int side = 0; side < 2; side++)
        bytes += level_bytes(&r->side[side], &r->count[side], &plan->states);
    *region_bytes = larger(bytes, *region_bytes);
    CT_TRY(ct_frontier_spot_of_region(f, mask, &spot));
    CT_TRY(ct_frontier_road_find(f, &spot, &road));
    plan->workspace_bytes = larger(road.bytes, plan->workspace_bytes);
    plan->largest_matrix =
        larger((uint64_t)r->side[spot.direction].count[spot.level], plan->largest_matrix);
done:
    return status;
}

cutropy_status ct_plan_frontier(const ct_function *f, const cutropy_cuts *cuts,
                                const ct_watch *watch, cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    const ct_automaton_options how = {.memory_limit = plan->memory_limit, .watch = watch};
    ct_planned pass[4] = {{0}};
    uint64_t region_bytes = 0;
    double additions;
    ct_place place;
    snprintf(plan->storage, sizeof plan->storage, "automaton");
    plan->known = 1;
    for (int i = 0; i < 4; i++) {
        const ct_reading *r = &f->automaton->reading[i / 2];
        const int side = i % 2;
        pass[i] = (ct_planned){
            .levels = &r->side[side], .words = r->count[side].words, .lowest = f->pixels + 1};
        CT_NEW_ZERO(pass[i].wanted, f->pixels + 1);
        if (r->open && (!side || !r->turns))
            plan->function_bytes += level_bytes(&r->side[side], &r->count[side], &plan->states);
    }
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        if (ct_cut_is_trivial(f, mask))
            continue;
        CT_TRY(ct_frontier_place(f->automaton->problem, mask, &place)
                   ? add_cut(f, mask, pass, &plan->largest_matrix)
                   : plan_region(f, mask, &how, plan, &region_bytes));
    }
    for (int i = 0; i < 4; i++)
        if (pass[i].lowest <= f->pixels)
            CT_TRY(pass_bytes(&pass[i], &plan->workspace_bytes, &additions));
    plan->function_bytes += region_bytes;
    plan->least_bytes = plan->function_bytes;
    plan->fits = plan->least_bytes <= plan->memory_limit;
done:
    for (int i = 0; i < 4; i++)
        ct_free(pass[i].wanted);
    return status;
}
