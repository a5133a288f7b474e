/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/kept.h"

#define SHARE 16
#define SMALL ((uint64_t)1 << 20) /* bytes of a quotient: proofs of larger cuts take far longer */

cutropy_status ct_kept_start(size_t count, uint64_t memory_limit, ct_kept *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_kept){.count = count, .room = memory_limit / SHARE};
    CT_NEW_ZERO(out->cut, count);
done:
    return status;
}

static void free_cut(ct_kept *kept, size_t orbit)
{
    ct_free(kept->cut[orbit]);
    kept->cut[orbit] = NULL;
}

void ct_kept_free(ct_kept *kept)
{
    for (size_t i = 0; kept->cut && i < kept->count; i++) {
        if (!kept->cut[i])
            continue;
        ct_blocks_free(&kept->cut[i]->blocks);
        ct_quotient_free(&kept->cut[i]->quotient);
        free_cut(kept, i);
    }
    ct_free(kept->cut);
    *kept = (ct_kept){0};
}

/* Of all that is kept of a cut. */
static uint64_t bytes_of(const ct_quotient *quotient, const ct_blocks *blocks)
{
    const uint64_t classes = (uint64_t)quotient->side[0].count + (uint64_t)quotient->side[1].count;
    return sizeof(ct_kept_cut) + ct_quotient_bytes(quotient) + classes * sizeof *blocks->member[0] +
           2 * ((uint64_t)blocks->count + 1) * sizeof *blocks->start[0];
}

static bool take_room(ct_kept *kept, uint64_t bytes)
{
    uint64_t room = __atomic_load_n(&kept->room, __ATOMIC_RELAXED);
    while (room >= bytes)
        if (__atomic_compare_exchange_n(&kept->room, &room, room - bytes, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}

void ct_kept_move(ct_kept *kept, size_t orbit, ct_quotient *quotient, ct_blocks *blocks)
{
    const uint64_t bytes = bytes_of(quotient, blocks);
    if (bytes > SMALL || !take_room(kept, bytes))
        return;
    ct_kept_cut *cut = ct_alloc(1, sizeof *cut);
    if (!cut) /* it is found again */
        return;
    *cut = (ct_kept_cut){.quotient = *quotient, .blocks = *blocks};
    *quotient = (ct_quotient){0};
    *blocks = (ct_blocks){0};
    kept->cut[orbit] = cut;
}

bool ct_kept_take(ct_kept *kept, size_t orbit, ct_quotient *quotient, ct_blocks *blocks)
{
    if (!kept->cut[orbit])
        return false;
    *quotient = kept->cut[orbit]->quotient;
    *blocks = kept->cut[orbit]->blocks;
    free_cut(kept, orbit);
    return true;
}
