/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/product_sides.h"

#include "base/bits.h"
#include "base/hash.h"

void ct_product_side_free(ct_product_side *side)
{
    ct_free(side->site);
    ct_free(side->term);
    ct_free(side->of_term);
    *side = (ct_product_side){0};
}

static cutropy_status list_sites(const ct_products *p, const uint64_t *mask, bool inside,
                                 ct_product_side *side)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(side->site, p->sites);
    for (int n = 0; n < p->sites; n++)
        if (ct_bit(mask, (uint64_t)n) == inside)
            side->site[side->sites++] = n;
    side->labelled = p->sides & (inside ? CT_LABEL_A : CT_LABEL_B);
    side->dimension = ct_products_space(p, mask, inside);
done:
    return status;
}

typedef struct ct_part_key {
    const ct_products *p;
    const ct_product_side *side;
    int64_t term;
} ct_part_key;

static bool same_part(const void *key, uint64_t item)
{
    const ct_part_key *k = key;
    const size_t terms = (size_t)k->p->terms;
    const size_t a = (size_t)k->term, b = (size_t)k->side->term[item];
    if (k->side->labelled && k->p->label[a] != k->p->label[b])
        return false;
    for (int s = 0; s < k->side->sites; s++) {
        const int32_t *level = k->p->level + (size_t)k->side->site[s] * terms;
        if (level[a] != level[b])
            return false;
    }
    return true;
}

/* The hash of every term's part, site by site. */
static void hash_parts(const ct_products *p, const ct_product_side *side, uint64_t *hash)
{
    const size_t terms = (size_t)p->terms;
    for (size_t m = 0; m < terms; m++)
        hash[m] = side->labelled ? (uint64_t)p->label[m] + 1 : 0;
    for (int s = 0; s < side->sites; s++) {
        const int32_t *level = p->level + (size_t)side->site[s] * terms;
        for (size_t m = 0; m < terms; m++)
            hash[m] =
                (hash[m] + (uint64_t)level[m] + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ hash[m] >> 29;
    }
}

cutropy_status ct_product_side_find(const ct_products *p, const uint64_t *mask, bool inside,
                                    ct_product_side *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_hash table = {0};
    uint64_t *hash = NULL;
    ct_part_key key = {.p = p, .side = out};
    *out = (ct_product_side){0};
    CT_TRY(list_sites(p, mask, inside, out));
    CT_NEW(out->term, p->terms);
    CT_NEW(out->of_term, p->terms);
    CT_NEW(hash, p->terms);
    CT_TRY(ct_hash_start(&table, (uint64_t)p->terms));
    hash_parts(p, out, hash);
    for (key.term = 0; key.term < p->terms; key.term++) {
        out->of_term[key.term] = -1;
        if (p->weight[key.term] == 0)
            continue;
        uint32_t *slot = ct_hash_find(&table, ct_mix64(hash[key.term]), same_part, &key);
        if (!*slot) {
            out->term[out->count] = (int32_t)key.term;
            *slot = (uint32_t)++out->count;
        }
        out->of_term[key.term] = (int32_t)(*slot - 1);
    }
done:
    ct_hash_free(&table);
    ct_free(hash);
    if (status != CUTROPY_OK)
        ct_product_side_free(out);
    return status;
}
