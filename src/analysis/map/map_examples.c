/* SPDX-License-Identifier: Apache-2.0 */
/* Some images of a function, to be looked at: label-1 images evenly spread over their ascending list, or the images with the
 * largest |f|. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/export/sample.h"
#include "engine/state/state.h"
#include "frontier/automaton.h"
#include "output/map.h"

/* The place of example k among `ones` images, without overflow. */
static uint64_t place(uint64_t ones, size_t k, size_t count)
{
    return (uint64_t)((ct_u128)ones * (2 * k + 1) / (2 * count));
}

static void from_list(const ct_function *f, cutropy_map *map)
{
    for (size_t k = 0; k < map->examples; k++)
        memcpy(map->example + k * f->words, f->images + place(f->ones, k, map->examples) * f->words,
               f->words * sizeof *f->images);
}

static void from_table(const ct_function *f, cutropy_map *map)
{
    uint64_t before = 0;
    size_t k = 0;
    for (uint64_t w = 0; w < ct_table_words(f->pixels) && k < map->examples; w++) {
        const uint64_t here = (uint64_t)__builtin_popcountll(f->table[w]);
        for (; k < map->examples && place(f->ones, k, map->examples) < before + here; k++) {
            uint64_t word = f->table[w];
            for (uint64_t skip = place(f->ones, k, map->examples) - before; skip; skip--)
                word &= word - 1;
            map->example[k] = 64 * w + (uint64_t)__builtin_ctzll(word);
        }
        before += here;
    }
}

static double magnitude(const ct_function *f, uint64_t image)
{
    if (f->kind == CUTROPY_KIND_REAL)
        return fabs(((const double *)f->values)[image]);
    if (f->kind == CUTROPY_KIND_COMPLEX)
        return hypot(((const double *)f->values)[2 * image],
                     ((const double *)f->values)[2 * image + 1]);
    return fabs((double)((const int64_t *)f->values)[image]);
}

static void from_values(const ct_function *f, cutropy_map *map)
{
    double largest[CT_MAP_EXAMPLES];
    size_t count = 0;
    for (uint64_t image = 0; image >> f->pixels == 0; image++) {
        const double here = magnitude(f, image);
        if (here == 0 || (count == map->examples && here <= largest[count - 1]))
            continue;
        size_t at = count < map->examples ? count++ : count - 1;
        for (; at && here > largest[at - 1]; at--) {
            largest[at] = largest[at - 1];
            map->example[at] = map->example[at - 1];
        }
        largest[at] = here;
        map->example[at] = image;
    }
    map->examples = count;
}

/* All of a few, else drawn: whoever wants them again asks cutropy sample with the seed 1. */
static cutropy_status draw(cutropy_state *state, const cutropy_options *options, cutropy_map *map)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &state->f;
    cutropy_sampler *sampler = NULL;
    if (f->storage == CT_AUTOMATON && !f->automaton->reading[CT_BY_ROWS].open) {
        snprintf(map->example_missing, sizeof map->example_missing,
                 "they are drawn from states along the rows, which are too long here");
        return CUTROPY_OK;
    }
    status = cutropy_sampler_open(state, options, &sampler);
    if (status == CUTROPY_EMEMORY) {
        snprintf(map->example_missing, sizeof map->example_missing, "%s", cutropy_error());
        return CUTROPY_OK;
    }
    if (status)
        goto done;
    const bool all = f->ones < CT_MAP_EXAMPLES;
    const size_t count = all ? (size_t)f->ones : CT_MAP_EXAMPLES;
    CT_NEW_ZERO(map->example, count * f->words);
    for (size_t k = 0; k < count && all; k++) {
        const char place[2] = {(char)('0' + k), '\0'};
        CT_TRY(cutropy_sampler_image(sampler, place, map->example + k * f->words));
    }
    if (!all)
        cutropy_sampler_draw(sampler, 1, 0, count, map->example);
    map->examples = count;
done:
    cutropy_sampler_free(sampler);
    return status;
}

cutropy_status ct_map_examples(cutropy_state *state, const cutropy_options *options,
                               cutropy_map *map)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &state->f;
    map->unlisted = f->storage == CT_AUTOMATON || f->storage == CT_AFFINE;
    if (map->unlisted)
        return draw(state, options, map);
    if (ct_has_no_images(f))
        return CUTROPY_OK;
    map->examples = CT_MAP_EXAMPLES;
    if (f->storage != CT_VALUES && f->ones < map->examples)
        map->examples = (size_t)f->ones;
    CT_NEW_ZERO(map->example, map->examples * f->words);
    if (f->storage == CT_SUPPORT)
        from_list(f, map);
    else if (f->storage == CT_TABLE)
        from_table(f, map);
    else
        from_values(f, map);
done:
    return status;
}
