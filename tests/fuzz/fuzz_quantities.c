/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes cutropy_quantities_parse: every accepted quantity has a column name that fits and is fit
 * for CSV. */
#include "fuzz.h"

#include <cutropy/result.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    cutropy_quantity *quantities = NULL;
    size_t count = 0;
    if (cutropy_quantities_parse(text, &quantities, &count) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(quantities);
        FUZZ_CHECK(count == 0);
    }
    for (size_t i = 0; i < count; i++) {
        char name[48];
        memset(name, 'x', sizeof name);
        cutropy_quantity_name(&quantities[i], name, sizeof name);
        FUZZ_CHECK(memchr(name, 0, sizeof name) && name[0] && !strpbrk(name, ",\" \n"));
        int unit = cutropy_quantity_has_unit(&quantities[i]);
        FUZZ_CHECK(unit == 0 || unit == 1);
        if (quantities[i].kind == CUTROPY_QUANTITY_RENYI)
            FUZZ_CHECK(quantities[i].parameter >= 0);
    }
    cutropy_quantities_free(quantities);
    free(text);
    return 0;
}
