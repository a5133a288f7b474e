/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: lists of images (text, PBM, .npy), with and without a known lattice, and the CSV of
 * the digits. */
#include "fuzz.h"
#include "input/digits_csv.h"
#include "input/images.h"

static void check_images(const uint8_t *bytes, size_t size, ct_image_size wanted)
{
    ct_image_list list;
    if (ct_images_parse(bytes, size, "fuzz", wanted, &list) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(list.bits);
        return;
    }
    FUZZ_CHECK(list.count > 0 && list.pixels > 0);
    FUZZ_CHECK(!wanted.pixels || list.pixels == wanted.pixels);
    FUZZ_CHECK(!list.lx || list.lx * list.ly == list.pixels);
    int last = (list.pixels - 1) % 64 + 1; /* bits beyond N stay 0 */
    for (size_t k = 1; k <= list.count && last < 64; k++)
        FUZZ_CHECK(list.bits[k * list.words - 1] >> last == 0);
    ct_free(list.bits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t *digits;
    size_t count;
    check_images(data, size, (ct_image_size){0, 0, 0});
    check_images(data, size, (ct_image_size){6, 3, 2});
    check_images(data, size, (ct_image_size){4, 4, 1});
    if (ct_digits_parse(data, size, "fuzz", 3, 8, &digits, &count) != CUTROPY_OK)
        FUZZ_CHECK_REFUSED(digits);
    ct_free(digits);
    return 0;
}
