/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/block_rows.h"

#include <math.h>

void ct_block_rows_free(ct_block_rows *rows)
{
    ct_free(rows->entry);
    ct_free(rows->weight);
    ct_free(rows->column_weight);
    *rows = (ct_block_rows){0};
}

static void set_entry(ct_block_rows *r, int64_t i, int64_t c, double value)
{
    r->entry[i * r->k + c] = value;
}

static cutropy_status take_weights(const ct_classes *side, const int32_t *member, int64_t count,
                                   int parts, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(*out, parts * count);
    for (int64_t i = 0; i < parts * count; i++)
        (*out)[i] = side->weight[member[i % count]];
done:
    return status;
}

cutropy_status ct_block_rows_make(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                  ct_block_rows *out)
{
    cutropy_status status = CUTROPY_OK;
    const int parts = q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const int side = ct_block_size(blocks, block, 1) < ct_block_size(blocks, block, 0);
    const int64_t n = ct_block_size(blocks, block, side),
                  k = ct_block_size(blocks, block, 1 - side), rb = q->side[1].count;
    const int32_t *mine = ct_block_members(blocks, block, side),
                  *theirs = ct_block_members(blocks, block, 1 - side);
    const double *values = q->dense;
    *out = (ct_block_rows){.n = parts * n, .k = parts * k};
    CT_NEW(out->entry, out->n * out->k);
    CT_TRY(take_weights(&q->side[side], mine, n, parts, &out->weight));
    CT_TRY(take_weights(&q->side[1 - side], theirs, k, parts, &out->column_weight));
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++) {
            const double *entry =
                values + parts * (side == 0 ? mine[i] * rb + theirs[c] : theirs[c] * rb + mine[i]);
            set_entry(out, i, c, entry[0]);
            if (parts == 2) {
                set_entry(out, i, k + c, -entry[1]);
                set_entry(out, n + i, c, entry[1]);
                set_entry(out, n + i, k + c, entry[0]);
            }
        }
done:
    return status;
}

bool ct_block_rows_are_tame(const ct_block_rows *rows)
{
    double largest = 0;
    bool tame = true;
    for (int64_t i = 0; i < rows->n * rows->k; i++)
        largest = fmax(largest, fabs(rows->entry[i]));
    for (int64_t i = 0; i < rows->n; i++)
        tame = tame && rows->weight[i] < UINT64_C(1) << 53;
    for (int64_t c = 0; c < rows->k; c++)
        tame = tame && rows->column_weight[c] < UINT64_C(1) << 53;
    return tame && largest > 0x1p-150 && largest < 0x1p150;
}
