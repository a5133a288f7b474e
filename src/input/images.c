/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of black-white images: chooses the reader and checks the size. */
#include "input/images.h"

#include <string.h>

#include "input/image_readers.h"
#include "input/npy.h"

static cutropy_status check_size(const ct_image_list *list, const char *name, ct_image_size wanted)
{
    if (wanted.pixels && list->pixels != wanted.pixels)
        return ct_fail(CUTROPY_EINPUT, "%s: images of %d pixels, but the lattice has %d", name,
                       list->pixels, wanted.pixels);
    if (wanted.pixels && list->lx && (list->lx != wanted.lx || list->ly != wanted.ly))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: images of %d x %d pixels do not fit this lattice; use --lattice %dx%d",
                       name, list->lx, list->ly, list->lx, list->ly);
    return CUTROPY_OK;
}

cutropy_status ct_images_parse(const uint8_t *bytes, size_t size, const char *name,
                               ct_image_size wanted, ct_image_list *out)
{
    cutropy_status status = CUTROPY_OK;

    memset(out, 0, sizeof *out);
    if (ct_is_npy(bytes, size))
        CT_TRY(ct_images_from_npy(bytes, size, name, out));
    else if (size && bytes[0] == 'P')
        CT_TRY(ct_images_from_pbm(bytes, size, name, out));
    else
        CT_TRY(ct_images_from_text(bytes, size, name, wanted, out));
    CT_TRY(check_size(out, name, wanted));
done:
    if (status != CUTROPY_OK) {
        ct_free(out->bits);
        memset(out, 0, sizeof *out);
    }
    return status;
}
