/* SPDX-License-Identifier: Apache-2.0 */
/* The range of a cut from the rows of its matrix (truth tables, values).
 *
 * Rows are visited in the order of their keys: key bit na-1 is the pixel of A nearest to B, bit 0
 * the farthest. Two sA that agree on the first p pixels have keys with p equal leading bits. If two
 * extendable sA of different classes have p equal leading bits, then between them lie two
 * neighbours (in the order of keys, among the extendable) of different classes with at least as
 * many. So the number of pixels that decide the class is 1 + the longest common beginning of such
 * neighbours, and one pass finds it without any table.
 *
 * Assumption 1 says that every column belongs to one image of R_1. In the order of keys the rows
 * with one image of R_1 follow each other: their union must not meet the union of those before. */
#include "analysis/range/range_cut.h"

#include "analysis/range/row_view.h"
#include "base/bits.h"

/* Keys to row numbers: table[b][v] = the row bits of byte b of the key with the value v. */
typedef struct key_map {
    uint64_t table[5][256]; /* na <= 40 */
} key_map;

static void key_map_make(const ct_row_view *view, const ct_layers *layers, key_map *out)
{
    uint64_t bit[40] = {0};
    for (int k = 0; k < view->na; k++)
        bit[k] = UINT64_C(1) << ct_row_view_place(view, layers->pixel[view->na - 1 - k]);
    for (int b = 0; b < 5; b++) {
        out->table[b][0] = 0;
        for (int v = 1; v < 256; v++)
            out->table[b][v] = out->table[b][v & (v - 1)] | bit[8 * b + ct_lowest((uint64_t)v)];
    }
}

static uint64_t row_of_key(const key_map *map, uint64_t key)
{
    return map->table[0][key & 255] | map->table[1][key >> 8 & 255] |
           map->table[2][key >> 16 & 255] | map->table[3][key >> 24 & 255] |
           map->table[4][key >> 32 & 255];
}

static int find_needed(const ct_row_view *view, const ct_layers *layers, const key_map *map,
                       const ct_classes *classes)
{
    const int na = view->na;
    const int32_t deepest = layers->distance[na - 1];
    uint64_t last_key = 0;
    int32_t last = -1;
    int needed = 0;
    for (uint64_t key = 0; key < UINT64_C(1) << na; key++) {
        int32_t id = classes->of_row[row_of_key(map, key)];
        if (id < 0)
            continue;
        if (last >= 0 && id != last) {
            int common = __builtin_clzll(key ^ last_key) - (64 - na);
            needed = common + 1 > needed ? common + 1 : needed;
            if (layers->distance[needed - 1] == deepest)
                break; /* it cannot grow by a layer any more */
        }
        last = id;
        last_key = key;
    }
    return needed;
}

/* The first key whose row has this column. */
static uint64_t first_with_column(const ct_row_view *view, const key_map *map, uint64_t column)
{
    uint64_t key = 0;
    while (!ct_bit(ct_row_view_get(view, row_of_key(map, key)), column))
        key++;
    return row_of_key(map, key);
}

/* near: the pixels of R_1 are the leading `near` bits of a key. *column = a column of `row` that
 * rows with other images of R_1 have as well; -1 when Assumption 1 holds. */
static cutropy_status find_shared_column(const ct_row_view *view, const key_map *map, int near,
                                         uint64_t *row, int64_t *column)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = view->row_words;
    const uint64_t group = UINT64_C(1) << (view->na - near);
    uint64_t *before = NULL, *now = NULL; /* columns of earlier groups, of this one */
    CT_NEW_ZERO(before, words);
    CT_NEW_ZERO(now, words);
    *column = -1;
    for (uint64_t key = 0; key < UINT64_C(1) << view->na && *column < 0; key++) {
        *row = row_of_key(map, key);
        const uint64_t *bits = ct_row_view_get(view, *row);
        if (key % group == 0)
            for (size_t w = 0; w < words; w++) {
                before[w] |= now[w];
                now[w] = 0;
            }
        for (size_t w = 0; w < words && *column < 0; w++) {
            now[w] |= bits[w];
            if (bits[w] & before[w])
                *column = (int64_t)(64 * w) + ct_lowest(bits[w] & before[w]);
        }
    }
done:
    ct_free(before);
    ct_free(now);
    return status;
}

static cutropy_status check_assumption(const ct_row_view *view, const ct_layers *layers,
                                       const key_map *map, ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t row = 0;
    int64_t column = -1;
    CT_TRY(find_shared_column(view, map, ct_layers_within(layers, 1), &row, &column));
    found->assumption1 = column < 0;
    if (column >= 0) {
        uint64_t other = first_with_column(view, map, (uint64_t)column);
        found->witness[0] = ct_row_view_image(view, other, (uint64_t)column);
        found->witness[1] = ct_row_view_image(view, row, (uint64_t)column);
    }
done:
    return status;
}

cutropy_status ct_range_from_rows(const ct_function *f, uint64_t mask, const ct_layers *layers,
                                  const ct_operations *backend, int threads, ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    ct_row_view view = {0};
    ct_classes classes = {0};
    key_map *map = NULL;
    CT_NEW(map, 1);
    CT_TRY(ct_row_view_make(f, mask, backend, threads, &view));
    CT_TRY(ct_row_view_classes(&view, threads, &classes));
    key_map_make(&view, layers, map);
    found->classes = classes.count;
    found->needed = find_needed(&view, layers, map, &classes);
    CT_TRY(check_assumption(&view, layers, map, found));
done:
    ct_free(map);
    ct_classes_free(&classes);
    ct_row_view_free(&view);
    return status;
}
