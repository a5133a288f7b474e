/* libFuzzer: lists of images (text, PBM, .npy), with and without a known lattice, and the CSV of
 * the digits. */
#include <stdlib.h>

#include "input/digits_csv.h"
#include "input/images.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_images(const uint8_t *bytes, size_t size, ct_image_size wanted)
{
    ct_image_list list;
    if (ct_images_parse(bytes, size, "fuzz", wanted, &list) != CUTROPY_OK) {
        if (list.bits)
            abort();
        return;
    }
    if (list.count == 0 || list.pixels < 1 || (wanted.pixels && list.pixels != wanted.pixels) ||
        (list.lx && list.lx * list.ly != list.pixels))
        abort();
    int last = (list.pixels - 1) % 64 + 1; /* bits beyond N stay 0 */
    for (size_t k = 1; k <= list.count && last < 64; k++)
        if (list.bits[k * list.words - 1] >> last)
            abort();
    ct_free(list.bits);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t *digits;
    size_t count;
    check_images(bytes, size, (ct_image_size){0, 0, 0});
    check_images(bytes, size, (ct_image_size){6, 3, 2});
    check_images(bytes, size, (ct_image_size){4, 4, 1});
    if (ct_digits_parse(bytes, size, "fuzz", 3, 8, &digits, &count) == CUTROPY_OK)
        ct_free(digits);
    return 0;
}
