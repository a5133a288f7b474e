/* SPDX-License-Identifier: Apache-2.0 */
/* All bodies for one word type. The including file has included a word (or defined ct_word and its
 * macros) and defined BODIES_RUN, the name of the function. */
#include <string.h>

#include "problem/body_files.h"

static ct_word call_body(ct_body body, const ct_body_data *data, const ct_word *px, int first)
{
    switch (body) {
#define BODY_CASE(name)                                                                            \
    case CT_BODY_##name:                                                                           \
        return CT_BODY(name)(data, px, first);
        CT_BODIES(BODY_CASE)
    default:
        return CT_ZERO;
    }
}

/* out[k] = result bit for images[k]; pixels below first are filled with `poison`. */
void BODIES_RUN(ct_body body, const ct_body_data *data, int first, uint8_t poison,
                const uint64_t *images, size_t count, uint8_t *out)
{
    enum { LANES = 8 * sizeof(ct_word) };
    ct_word px[CT_BODY_PIXELS], result;
    uint8_t bytes[sizeof(ct_word)];
    for (size_t start = 0; start < count; start += LANES) {
        size_t lanes = count - start < LANES ? count - start : LANES;
        for (int i = 0; i < data->pixels; i++) {
            memset(bytes, i < first ? poison : 0, sizeof bytes);
            for (size_t k = 0; k < lanes && i >= first; k++)
                bytes[k / 8] |= (uint8_t)((images[start + k] >> i & 1) << (k % 8));
            memcpy(&px[i], bytes, sizeof bytes);
        }
        result = call_body(body, data, px, first);
        memcpy(bytes, &result, sizeof bytes);
        for (size_t k = 0; k < lanes; k++)
            out[start + k] = bytes[k / 8] >> (k % 8) & 1;
    }
}
