/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#define FEWEST_SLOTS 64

cutropy_status ct_hash_start(ct_hash *table, uint64_t items)
{
    cutropy_status status = CUTROPY_OK;
    *table = (ct_hash){.slots = FEWEST_SLOTS};
    if (items >= UINT32_MAX)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "a table of more than 2^32 items is not supported"));
    while (table->slots < 2 * items)
        table->slots *= 2;
    table->slot = ct_calloc(table->slots, sizeof *table->slot);
    if (!table->slot)
        CT_TRY(ct_fail_memory("hash table", table->slots * sizeof *table->slot));
done:
    if (status != CUTROPY_OK)
        *table = (ct_hash){0};
    return status;
}

cutropy_status ct_hash_room(ct_hash *table, uint64_t items, ct_hash_of *hash_of, const void *all)
{
    ct_hash larger;
    if (items <= table->slots / 2)
        return CUTROPY_OK;
    const cutropy_status status = ct_hash_start(&larger, items);
    if (status != CUTROPY_OK)
        return status;
    for (uint64_t s = 0; s < table->slots; s++)
        if (table->slot[s])
            ct_hash_enter(&larger, hash_of(all, table->slot[s] - 1), table->slot[s] - 1);
    ct_hash_free(table);
    *table = larger;
    return CUTROPY_OK;
}

void ct_hash_free(ct_hash *table)
{
    ct_free(table->slot);
    *table = (ct_hash){0};
}

/* ---- rows of words ---- */

typedef struct ct_row_key {
    const ct_word_rows *rows;
    const uint64_t *key;
} ct_row_key;

static bool equal_row(const void *key, uint64_t item)
{
    const ct_row_key *k = key;
    const uint64_t *row = k->rows->row + item * k->rows->words;
    uint64_t differ = 0;
    for (size_t w = 0; w < k->rows->words && !differ; w++)
        differ = row[w] ^ k->key[w];
    return !differ;
}

static uint64_t hash_of_row(const void *rows, uint64_t item)
{
    const ct_word_rows *r = rows;
    return ct_hash_words(r->row + item * r->words, r->words);
}

uint32_t *ct_hash_find_row(const ct_hash *table, const ct_word_rows *rows, const uint64_t *key)
{
    const ct_row_key row_key = {.rows = rows, .key = key};
    return ct_hash_find(table, ct_hash_words(key, rows->words), equal_row, &row_key);
}

cutropy_status ct_hash_room_rows(ct_hash *table, uint64_t items, const ct_word_rows *rows)
{
    return ct_hash_room(table, items, hash_of_row, rows);
}
