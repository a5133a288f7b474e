/* libFuzzer: .npy arrays. What is accepted must be readable to the last number. */
#include <stdlib.h>

#include "input/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ct_npy array;
    if (ct_npy_parse(bytes, size, "fuzz", &array) != CUTROPY_OK)
        return 0;
    if (array.count >
        (uint64_t)size) /* only an array of no bytes a number could hold more, and there is none */
        abort();
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
