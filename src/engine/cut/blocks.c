/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a quotient by union-find over its non-zero entries; a quotient of bits is first tested
 * for one block, which is the common case and needs only the rows. */
#include "engine/cut/blocks.h"

#include <string.h>

#include "base/bits.h"

void ct_blocks_free(ct_blocks *blocks)
{
    for (int s = 0; s < 2; s++) {
        ct_free(blocks->start[s]);
        ct_free(blocks->member[s]);
    }
    *blocks = (ct_blocks){0};
}

static int32_t find_root(int32_t *parent, int32_t x)
{
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    return x;
}

static void unite(int32_t *parent, int32_t a, int32_t b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a < b) /* the smallest number stays the root: blocks come out in order */
        parent[b] = a;
    else
        parent[a] = b;
}

static bool row_meets(const uint64_t *row, uint64_t *seen, uint64_t words)
{
    uint64_t meets = 0;
    for (uint64_t w = 0; w < words; w++)
        meets |= row[w] & seen[w];
    if (meets)
        for (uint64_t w = 0; w < words; w++)
            seen[w] |= row[w];
    return meets != 0;
}

/* 1 when all rows of a bit quotient hang together, found by collecting columns that are reached
 * from the first row. Needs rows of whole words. */
static cutropy_status rows_hang_together(const ct_quotient *q, bool *together)
{
    cutropy_status status = CUTROPY_OK;
    const ct_classes *rows = &q->side[0];
    const uint64_t words = UINT64_C(1) << (q->shift[0] - 6);
    uint64_t *seen = NULL;
    uint8_t *reached = NULL;
    int64_t left = rows->count - 1;
    CT_NEW(seen, words);
    CT_NEW_ZERO(reached, rows->count);
    memcpy(seen, q->bits[0] + rows->first[0] * words, words * sizeof *seen);
    for (int64_t before = -1; left > 0 && before != left;) {
        before = left;
        for (int64_t i = 1; i < rows->count; i++)
            if (!reached[i] && row_meets(q->bits[0] + rows->first[i] * words, seen, words)) {
                reached[i] = 1;
                left--;
            }
    }
    *together = left == 0;
done:
    ct_free(seen);
    ct_free(reached);
    return status;
}

static uint64_t row_word(const ct_quotient *q, int side, uint64_t row, uint64_t w)
{
    const int shift = q->shift[side];
    if (shift >= 6)
        return q->bits[side][(row << (shift - 6)) + w];
    return (q->bits[side][row >> (6 - shift)] >> ((row << shift) & 63)) & ct_low_mask(1 << shift);
}

/* Every set bit of the first row of each column class joins that class with the row class of the
 * bit. */
static void unite_bits(const ct_quotient *q, int32_t *parent)
{
    const int32_t ra = (int32_t)q->side[0].count;
    const uint64_t words = q->shift[1] >= 6 ? UINT64_C(1) << (q->shift[1] - 6) : 1;
    for (int64_t j = 0; j < q->side[1].count; j++)
        for (uint64_t w = 0; w < words; w++)
            for (uint64_t bits = row_word(q, 1, q->side[1].first[j], w); bits; bits &= bits - 1) {
                uint64_t half = w * 64 + (uint64_t)ct_lowest(bits);
                uint64_t row = ct_quotient_move(q, 0, half, 1, 0);
                unite(parent, q->side[0].of_row[row], ra + (int32_t)j);
            }
}

static bool dense_is_zero(const ct_quotient *q, int64_t index)
{
    const uint64_t *words = q->dense;
    return q->kind == CUTROPY_KIND_COMPLEX ? !(words[2 * index] | words[2 * index + 1])
                                           : !words[index];
}

/* A row class without a zero meets every column class, and every row class meets some column. */
static bool has_full_row(const ct_quotient *q)
{
    const int64_t rb = q->side[1].count;
    for (int64_t i = 0; i < q->side[0].count; i++) {
        int64_t j = 0;
        while (j < rb && !dense_is_zero(q, i * rb + j))
            j++;
        if (j == rb)
            return true;
    }
    return false;
}

static void unite_entries(const ct_quotient *q, int32_t *parent)
{
    const int32_t ra = (int32_t)q->side[0].count;
    const int64_t rb = q->side[1].count;
    if (q->storage == CT_Q_EDGES) {
        for (int64_t e = 0; e < q->edges; e++)
            unite(parent, q->edge[e][0], ra + q->edge[e][1]);
        return;
    }
    for (int64_t i = 0; i < ra; i++)
        for (int64_t j = 0; j < rb; j++)
            if (!dense_is_zero(q, i * rb + j))
                unite(parent, (int32_t)i, ra + (int32_t)j);
}

/* Lists the members of every block by counting sort of the roots. */
static cutropy_status list_members(const ct_quotient *q, int32_t *parent, ct_blocks *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t ra = q->side[0].count, total = ra + q->side[1].count;
    int32_t *block_of = NULL;
    CT_NEW(block_of, total);
    for (int64_t x = 0; x < total; x++) { /* roots are smaller than their members */
        int32_t root = find_root(parent, (int32_t)x);
        block_of[x] = root == x ? (int32_t)out->count++ : block_of[root];
    }
    for (int s = 0; s < 2; s++) {
        const int64_t first = s ? ra : 0, count = q->side[s].count;
        CT_NEW_ZERO(out->start[s], out->count + 1);
        CT_NEW(out->member[s], count);
        for (int64_t x = 0; x < count; x++)
            out->start[s][block_of[first + x] + 1]++;
        for (int64_t b = 0; b < out->count; b++)
            out->start[s][b + 1] += out->start[s][b];
        for (int64_t x = 0; x < count; x++)
            out->member[s][out->start[s][block_of[first + x]]++] = (int32_t)x;
        memmove(out->start[s] + 1, out->start[s], (size_t)out->count * sizeof *out->start[s]);
        out->start[s][0] = 0;
    }
done:
    ct_free(block_of);
    return status;
}

cutropy_status ct_blocks_find(const ct_quotient *q, ct_blocks *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t total = q->side[0].count + q->side[1].count;
    int32_t *parent = NULL;
    bool together = q->side[0].count == 1;
    *out = (ct_blocks){0};
    if (total > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED, "a cut with more than 2^31 classes is not supported");
    CT_NEW(parent, total);
    for (int64_t x = 0; x < total; x++)
        parent[x] = (int32_t)x;
    if (!together && q->storage == CT_Q_DENSE)
        together = has_full_row(q);
    if (!together && q->storage == CT_Q_BITS) {
        together = q->value[0] != 0;
        if (!together && q->shift[0] >= 6)
            CT_TRY(rows_hang_together(q, &together));
    }
    if (together)
        memset(parent, 0, (size_t)total * sizeof *parent);
    else if (q->storage == CT_Q_BITS)
        unite_bits(q, parent);
    else
        unite_entries(q, parent);
    CT_TRY(list_members(q, parent, out));
done:
    ct_free(parent);
    if (status != CUTROPY_OK)
        ct_blocks_free(out);
    return status;
}
