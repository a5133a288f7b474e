/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of images from .npy arrays. */
#include "input/image_readers.h"

#include <cutropy/lattice.h>

#include "base/bits.h"
#include "input/npy.h"

cutropy_status ct_images_from_npy(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out)
{
    ct_npy array;
    cutropy_status status = ct_npy_parse(bytes, size, name, &array);
    if (status != CUTROPY_OK)
        return status;
    if (!ct_npy_is_integer(&array))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: images must be integers or bool (0 or 1), not real or complex", name);
    if (array.dimensions != 2 && array.dimensions != 3)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: a list of images has shape (count, N) or (count, Ly, Lx), this array has "
            "%d dimensions",
            name, array.dimensions);

    uint64_t count = array.shape[0], pixels = array.shape[1];
    if (array.dimensions == 3 && __builtin_mul_overflow(pixels, array.shape[2], &pixels))
        pixels = UINT64_MAX;
    status = ct_images_new(out, name, pixels, count);
    if (status != CUTROPY_OK)
        return status;
    if (array.dimensions == 3) {
        out->lx = (int)array.shape[2];
        out->ly = (int)array.shape[1];
    }
    for (size_t k = 0; k < out->count; k++) {
        int64_t row[CUTROPY_MAX_PIXELS];
        status = ct_npy_integers(&array, name, k * pixels, (size_t)pixels, row);
        if (status != CUTROPY_OK)
            return status;
        for (int i = 0; i < out->pixels; i++) {
            if (row[i] != 0 && row[i] != 1)
                return ct_fail(
                    CUTROPY_EINPUT,
                    "%s: pixel %d of image %zu is %lld, not 0 or 1; grey images: the problem "
                    "data:images=%s, or black and white with its map=levels,bins=2,threshold=T",
                    name, i, k, (long long)row[i], name);
            if (row[i])
                ct_set_bit(out->bits + k * out->words, (uint64_t)i);
        }
    }
    return CUTROPY_OK;
}
