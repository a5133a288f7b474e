/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: grey images, as PGM, PNG and IDX. What is accepted has all its numbers, within the scale. */
#include "fuzz.h"
#include "input/idx.h"
#include "input/pgm.h"
#include "input/png.h"

static void check_image(cutropy_status status, ct_grey *image)
{
    if (status != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(image->value);
        return;
    }
    FUZZ_CHECK(image->count == 1 && image->pixels > 0 && image->pixels == image->lx * image->ly);
    for (int i = 0; i < image->pixels; i++)
        FUZZ_CHECK(image->value[i] >= 0 && image->value[i] <= image->scale);
    ct_grey_free(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ct_grey image;
    ct_idx array;
    check_image(ct_pgm_parse(data, size, "fuzz", &image), &image);
    check_image(ct_png_parse(data, size, "fuzz", &image), &image);
    if (!ct_is_idx(data, size) || ct_idx_parse(data, size, "fuzz", &array) != CUTROPY_OK)
        return 0;
    FUZZ_CHECK(array.count <= size);
    double *number = malloc((array.count + 1) * sizeof *number);
    FUZZ_CHECK(number);
    ct_idx_numbers(&array, "fuzz", number);
    free(number);
    return 0;
}
