/* SPDX-License-Identifier: Apache-2.0 */
/* The simple families of cuts: all, rows, columns, prefixes, sites, pairs, half. */
#include "base/bits.h"
#include "lattice/cut_list.h"

#define ALL_LIMIT 40 /* pixels */

cutropy_status ct_cuts_all(ct_cut_list *list)
{
    int pixels = list->lattice->pixels;
    if (pixels > ALL_LIMIT) {
        int log2_bytes = pixels + 2 + (63 - __builtin_clzll(list->words));
        return ct_fail(CUTROPY_EINPUT,
                       "cuts 'all': 2^%d - 1 masks of %s need more than 2^%d - 16 bytes; 'all' "
                       "serves at most %d pixels, choose another family",
                       pixels - 1, list->lattice->name, log2_bytes, ALL_LIMIT);
    }
    size_t count = ((size_t)1 << (pixels - 1)) - 1;
    cutropy_status status = ct_cut_list_reserve(list, "all", count);
    return status == CUTROPY_OK ? ct_cut_list_add_all(list) : status;
}

static void add_row(const cutropy_lattice *lattice, int y, uint64_t *mask)
{
    if (lattice->kind != CUTROPY_LATTICE_LINKS) {
        for (int x = 0; x < lattice->lx; x++)
            ct_set_bit(mask, (uint64_t)(x + lattice->lx * y));
        return;
    }
    for (int x = 0; x < ct_links_per_row(lattice); x++)
        ct_set_bit(mask, (uint64_t)ct_link_right(lattice, x, y));
    for (int x = 0; x < lattice->lx && y < ct_link_rows(lattice); x++)
        ct_set_bit(mask, (uint64_t)ct_link_down(lattice, x, y));
}

static void add_column(const cutropy_lattice *lattice, int x, uint64_t *mask)
{
    if (lattice->kind != CUTROPY_LATTICE_LINKS) {
        for (int y = 0; y < lattice->ly; y++)
            ct_set_bit(mask, (uint64_t)(x + lattice->lx * y));
        return;
    }
    for (int y = 0; y < ct_link_rows(lattice); y++)
        ct_set_bit(mask, (uint64_t)ct_link_down(lattice, x, y));
    for (int y = 0; y < lattice->ly && x < ct_links_per_row(lattice); y++)
        ct_set_bit(mask, (uint64_t)ct_link_right(lattice, x, y));
}

cutropy_status ct_cuts_rows(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t mask[CT_MAX_WORDS] = {0};
    for (int y = 0; y < list->lattice->ly - 1; y++) {
        add_row(list->lattice, y, mask);
        CT_TRY(ct_cut_list_add_region(list, mask));
    }
done:
    return status;
}

cutropy_status ct_cuts_columns(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t mask[CT_MAX_WORDS] = {0};
    for (int x = 0; x < list->lattice->lx - 1; x++) {
        add_column(list->lattice, x, mask);
        CT_TRY(ct_cut_list_add_region(list, mask));
    }
done:
    return status;
}

cutropy_status ct_cuts_prefixes(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t mask[CT_MAX_WORDS] = {0};
    for (int i = 0; i < list->lattice->pixels - 1; i++) {
        ct_set_bit(mask, (uint64_t)i);
        CT_TRY(ct_cut_list_add_region(list, mask));
    }
done:
    return status;
}

cutropy_status ct_cuts_sites(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    for (int i = 0; i < list->lattice->pixels; i++) {
        uint64_t mask[CT_MAX_WORDS] = {0};
        ct_set_bit(mask, (uint64_t)i);
        CT_TRY(ct_cut_list_add_region(list, mask));
    }
done:
    return status;
}

cutropy_status ct_cuts_pairs(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    size_t pixels = (size_t)list->lattice->pixels;
    CT_TRY(ct_cut_list_reserve(list, "pairs", pixels * (pixels - 1) / 2));
    for (size_t i = 0; i < pixels; i++) {
        for (size_t j = i + 1; j < pixels; j++) {
            uint64_t mask[CT_MAX_WORDS] = {0};
            ct_set_bit(mask, i);
            ct_set_bit(mask, j);
            /* of two pixels the only pair is everything: S = 0, but they have a mutual information */
            CT_TRY(pixels == 2 ? ct_cut_list_add(list, mask) : ct_cut_list_add_region(list, mask));
        }
    }
done:
    return status;
}

void ct_strip_mask(const cutropy_lattice *lattice, uint64_t *mask)
{
    for (size_t w = 0; w < lattice->words; w++)
        mask[w] = 0;
    for (int y = 0; y < lattice->ly / 2; y++)
        add_row(lattice, y, mask);
}

cutropy_status ct_cuts_half(ct_cut_list *list)
{
    uint64_t mask[CT_MAX_WORDS] = {0};
    for (int i = 0; i < list->lattice->pixels / 2; i++)
        ct_set_bit(mask, (uint64_t)i);
    return ct_cut_list_add_region(list, mask);
}
