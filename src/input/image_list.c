/* SPDX-License-Identifier: Apache-2.0 */
#include "input/image_list.h"

#include <cutropy/lattice.h>

cutropy_status ct_images_new(ct_image_list *out, const char *name, uint64_t pixels, uint64_t count)
{
    if (pixels < 1 || pixels > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT, "%s: images of %llu pixels; 1 to %d are possible", name,
                       (unsigned long long)pixels, CUTROPY_MAX_PIXELS);
    if (!count)
        return ct_fail(CUTROPY_EINPUT, "%s: no image in this list", name);
    out->pixels = (int)pixels;
    out->words = (size_t)(pixels + 63) / 64;
    out->count = (size_t)count;
    out->bits = ct_calloc(out->count, out->words * sizeof *out->bits);
    if (!out->bits)
        return ct_fail_memory(name, out->count * out->words * sizeof *out->bits);
    return CUTROPY_OK;
}
