/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of an evaluated function, whatever its storage. */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "engine/state/state.h"

/* Labels of a list: all 0, then the images that are there. */
static void labels_of_list(const ct_function *f, uint64_t first, uint64_t count, int8_t *values)
{
    uint64_t low = 0, high = f->ones;
    memset(values, (int)f->value[0], count);
    while (low < high) { /* the first image that is not before `first` */
        const uint64_t middle = low + (high - low) / 2;
        if (f->images[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < f->ones && f->images[low] - first < count; low++)
        values[f->images[low] - first] = (int8_t)f->value[1];
}

static void labels_of_table(const ct_function *f, uint64_t first, uint64_t count, int8_t *values)
{
    for (uint64_t i = 0; i < count; i++)
        values[i] = (int8_t)f->value[ct_bit(f->table, first + i)];
}

/* Without the power of two by which extreme amplitudes are stored. */
static void numbers(const ct_function *f, uint64_t first, uint64_t count, double *values)
{
    const uint64_t parts = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const double *from = (const double *)f->values + parts * first;
    for (uint64_t i = 0; i < parts * count; i++)
        values[i] = f->exponent ? ldexp(from[i], f->exponent) : from[i];
}

cutropy_status cutropy_state_values(const cutropy_state *state, uint64_t first, uint64_t count,
                                    void *values)
{
    const ct_function *f = &state->f;
    const cutropy_status status = ct_state_needs_images(state, "cutropy_state_values");
    if (status != CUTROPY_OK)
        return status;
    if (f->words > 1)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "the images of %d pixels have no numbers: up to 64 pixels are supported",
                       f->pixels);
    const uint64_t last = ct_low_mask(f->pixels);
    if (count && (first > last || count - 1 > last - first))
        return ct_fail(CUTROPY_EINPUT,
                       "values %llu and %llu more: there are 2^%d images, the first is 0",
                       (unsigned long long)first, (unsigned long long)(count - 1), f->pixels);
    if (f->storage == CT_SUPPORT)
        labels_of_list(f, first, count, values);
    else if (f->storage == CT_TABLE)
        labels_of_table(f, first, count, values);
    else if (f->kind == CUTROPY_KIND_INTEGER)
        memcpy(values, (const int64_t *)f->values + first, count * sizeof(int64_t));
    else
        numbers(f, first, count, values);
    return CUTROPY_OK;
}

/* The images of a truth table with places first .. first + count - 1. */
static void images_of_table(const ct_function *f, uint64_t first, uint64_t count, uint64_t *images)
{
    uint64_t place = 0;
    for (uint64_t w = 0; place < first + count; w++) {
        const uint64_t here = (uint64_t)ct_popcount(f->table[w]);
        if (place + here > first)
            for (uint64_t bits = f->table[w], k = place; bits; bits &= bits - 1, k++)
                if (k >= first && k < first + count)
                    images[k - first] = w * 64 + (uint64_t)__builtin_ctzll(bits);
        place += here;
    }
}

cutropy_status cutropy_state_images(const cutropy_state *state, uint64_t first, uint64_t count,
                                    uint64_t *images)
{
    const ct_function *f = &state->f;
    const cutropy_status status = ct_state_needs_images(state, "cutropy_state_images");
    if (status != CUTROPY_OK)
        return status;
    if (f->kind != CUTROPY_KIND_LABEL)
        return ct_fail(CUTROPY_EUNSUPPORTED, "only label functions have images with label 1");
    if (first > f->ones || count > f->ones - first)
        return ct_fail(
            CUTROPY_EINPUT, "%llu images from place %llu on: there are %llu with label 1",
            (unsigned long long)count, (unsigned long long)first, (unsigned long long)f->ones);
    if (f->storage == CT_SUPPORT)
        memcpy(images, f->images + first * f->words, count * f->words * sizeof *images);
    else if (count)
        images_of_table(f, first, count, images);
    return CUTROPY_OK;
}
