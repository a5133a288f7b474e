/* SPDX-License-Identifier: Apache-2.0 */
/* The state after k places: of every equation that has begun and not ended, whether the number of its lit pixels is odd. Since
 * each ends at another place, every state is completed by some pixels, and by others than any other state. */
#include "frontier/affine_levels.h"

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const ct_affine_rows *rows = f->data;
    const int k = x + y * f->width, ends = rows->by_last[k];
    uint64_t *parity = (uint64_t *)(void *)state;
    for (int r = 0; lit && r < rows->rank; r++)
        if (ct_bit(rows->row + (size_t)r * rows->words, (uint64_t)k))
            parity[r / 64] ^= UINT64_C(1) << r % 64;
    if (ends < 0)
        return true;
    const bool odd = ct_bit(rows->row + (size_t)ends * rows->words, (uint64_t)rows->pixels);
    const bool good = ct_bit(parity, (uint64_t)ends) == odd;
    parity[ends / 64] &= ~(UINT64_C(1) << ends % 64);
    return good;
}

static cutropy_status check_size(const cutropy_problem *problem, const ct_affine_rows *rows,
                                 uint64_t memory_limit)
{
    int widest = 0;
    uint64_t bytes = 0;
    for (int k = 0; k <= rows->pixels; k++) {
        widest = rows->bits[k] > rows->bits[widest] ? k : widest;
        bytes += rows->bits[k] < 40 ? UINT64_C(8) << rows->bits[k] : UINT64_C(1) << 48;
    }
    if (bytes <= memory_limit)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the levels of %s on %s have 2^%d states after %d of its pixels, more than the %s that may be "
        "used hold (--memory raises the limit)",
        problem->text, problem->lattice->name, rows->bits[widest], widest, CT_BYTES(memory_limit));
}

cutropy_status ct_affine_levels(const ct_affine *affine, const ct_affine_rows *rows,
                                uint64_t memory_limit, const ct_watch *watch, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_frontier frontier = {.problem = affine->problem,
                                  .data = rows,
                                  .width = rows->pixels,
                                  .height = 1,
                                  .bytes = ct_frontier_bytes((rows->rank + 8) / 8),
                                  .step = step,
                                  .accept = ct_frontier_accept_all};
    CT_TRY(check_size(affine->problem, rows, memory_limit));
    CT_TRY(ct_levels_build(&frontier, memory_limit, watch, out));
done:
    return status;
}
