/* SPDX-License-Identifier: Apache-2.0 */
/* Counting the images of some pixels that belong to a label-1 image. */
#include <cutropy/cut.h>

#include "analysis/range/range_cut.h"
#include "analysis/range/row_view.h"
#include "base/bits.h"
#include "engine/cut/quotient.h"

static uint64_t count_ones(const ct_function *f)
{
    if (f->kind == CUTROPY_KIND_LABEL)
        return f->ones;
    const uint64_t *values = f->values;
    const size_t words = ct_value_bytes(f->kind) / 8;
    uint64_t count = 0;
    for (uint64_t i = 0; i < UINT64_C(1) << f->pixels; i++)
        count += (values[i * words] | values[i * words + words - 1]) != 0;
    return count;
}

static cutropy_status count_rows(const ct_function *f, uint64_t mask, const ct_operations *backend,
                                 int threads, uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    ct_row_view view = {0};
    CT_TRY(ct_row_view_make(f, mask, backend, threads, &view));
    *count = 0;
    for (uint64_t row = 0; row < UINT64_C(1) << view.na; row++) {
        const uint64_t *bits = ct_row_view_get(&view, row);
        uint64_t any = 0;
        for (size_t w = 0; w < view.row_words; w++)
            any |= bits[w];
        *count += any != 0;
    }
done:
    ct_row_view_free(&view);
    return status;
}

cutropy_status ct_count_extendable(const ct_function *f, const uint64_t *mask,
                                   const ct_operations *backend, int threads, uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    ct_halves halves = {0};
    const int pixels = cutropy_mask_pixels(mask, f->words);
    if (pixels == f->pixels) {
        *count = count_ones(f);
    } else if (pixels == 0) {
        *count = count_ones(f) != 0;
    } else if (f->storage == CT_SUPPORT) {
        CT_TRY(ct_halves_number(f, mask, true, &halves));
        *count = halves.count;
    } else {
        CT_TRY(count_rows(f, mask[0], backend, threads, count));
    }
done:
    ct_free(halves.of_image);
    return status;
}
