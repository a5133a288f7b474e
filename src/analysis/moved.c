/* The same function with some pixels flipped and all renumbered. */
#include "analysis/moved.h"

#include <stdio.h>
#include <string.h>

#include "base/bits.h"

static void reverse_pixels(const uint64_t *image, int pixels, size_t words, uint64_t *out)
{
    memset(out, 0, words * sizeof *out);
    for (int i = 0; i < pixels; i++)
        if (ct_bit(image, (uint64_t)i))
            ct_set_bit(out, (uint64_t)(pixels - 1 - i));
}

/* The image that was moved to `image`: both steps undone. N <= 64. */
static uint64_t original(const ct_moved *moved, uint64_t image)
{
    uint64_t out;
    image ^= moved->flips[0];
    reverse_pixels(&image, moved->f->pixels, 1, &out);
    return out;
}

static int moved_label(uint64_t image, void *user)
{
    const ct_moved *moved = user;
    return ct_bit(moved->f->table, original(moved, image));
}

static cutropy_status from_list(ct_moved *moved)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = moved->f;
    uint64_t *images = NULL;
    CT_NEW(images, f->ones * f->words);
    for (uint64_t i = 0; i < f->ones; i++) {
        uint64_t *image = images + i * f->words;
        reverse_pixels(f->images + i * f->words, f->pixels, f->words, image);
        for (size_t w = 0; w < f->words; w++)
            image[w] ^= moved->flips[w];
    }
    CT_TRY(cutropy_problem_from_images("moved", f->lattice, images, f->ones, &moved->problem));
done:
    ct_free(images);
    return status;
}

/* Labels +1/-1 as integers, from whichever storage. */
static void fill_signs(const ct_moved *moved, int64_t *values)
{
    const ct_function *f = moved->f;
    const uint64_t size = UINT64_C(1) << f->pixels;
    for (uint64_t s = 0; s < size; s++)
        values[s] = f->value[f->storage == CT_TABLE && moved_label(s, (void *)moved)];
    for (uint64_t i = 0; f->storage == CT_SUPPORT && i < f->ones; i++) {
        uint64_t image;
        reverse_pixels(f->images + i, f->pixels, 1, &image);
        values[image ^ moved->flips[0]] = f->value[1];
    }
}

static cutropy_status from_array(ct_moved *moved, uint64_t limit)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = moved->f;
    const bool signs = f->kind == CUTROPY_LABEL;
    const size_t words = signs ? 1 : ct_value_bytes(f->kind) / 8;
    uint64_t *values = NULL;
    if (f->pixels > 40 || limit >> f->pixels < 8 * 8 * words) { /* this array and its copies */
        snprintf(moved->why, sizeof moved->why,
                 "the flipped and renumbered function does not fit the memory limit");
        return CUTROPY_OK;
    }
    CT_NEW(values, words << f->pixels);
    if (signs)
        fill_signs(moved, (int64_t *)values);
    else
        for (uint64_t s = 0; s < UINT64_C(1) << f->pixels; s++)
            memcpy(values + s * words, (const uint64_t *)f->values + original(moved, s) * words,
                   8 * words);
    CT_TRY(cutropy_problem_from_values("moved", f->lattice, signs ? CUTROPY_INTEGER : f->kind,
                                       values, &moved->problem));
done:
    ct_free(values);
    return status;
}

cutropy_status ct_moved_make(const ct_function *f, uint64_t limit, ct_moved *out)
{
    *out = (ct_moved){.f = f};
    for (int i = 0; i < f->pixels; i++)
        if (ct_random(1710, (uint64_t)i) & 1)
            ct_set_bit(out->flips, (uint64_t)i);
    if (f->kind != CUTROPY_LABEL || f->value[0] != 0)
        return from_array(out, limit);
    if (f->storage == CT_SUPPORT)
        return from_list(out);
    return cutropy_problem_from_labels("moved", f->lattice, moved_label, out, &out->problem);
}

void ct_moved_free(ct_moved *moved)
{
    cutropy_problem_free(moved->problem);
    moved->problem = NULL;
}

cutropy_status ct_moved_cuts(const cutropy_cuts *cuts, size_t count, int pixels, cutropy_cuts *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (cutropy_cuts){.words = cuts->words, .count = count};
    CT_NEW(out->masks, count * cuts->words);
    for (size_t i = 0; i < count; i++)
        reverse_pixels(cuts->masks + i * cuts->words, pixels, cuts->words,
                       out->masks + i * cuts->words);
done:
    return status;
}
