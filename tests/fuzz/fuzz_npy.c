/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: .npy arrays. What is accepted must be readable to the last number. */
#include "fuzz.h"
#include "input/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ct_npy array;
    if (ct_npy_parse(data, size, "fuzz", &array) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(array.data);
        return 0;
    }
    FUZZ_CHECK(array.count <= size); /* every number has at least one byte */
    for (uint64_t k = 0; k < array.count; k++) {
        int64_t integer;
        double real[2];
        if (ct_npy_is_integer(&array))
            ct_npy_integers(&array, "fuzz", k, 1, &integer);
        else
            ct_npy_reals(&array, "fuzz", k, 1, real);
    }
    return 0;
}
