/* SPDX-License-Identifier: Apache-2.0 */
/* An open-addressing table of item numbers. The items themselves are the caller's, who says what
 * their hashes are and which of them equals a key: a hash only finds candidates. */
#ifndef CT_HASH_H
#define CT_HASH_H

#include "base/base.h"

/* {0} is an empty table without room. Not more than half of the slots are ever taken. */
typedef struct ct_hash {
    uint32_t *slot; /* item + 1, 0: free */
    uint64_t slots; /* a power of two, or 0 */
} ct_hash;

/* The hash of an item that is in the table. */
typedef uint64_t ct_hash_of(const void *items, uint64_t item);
/* Does the item equal the key? */
typedef bool ct_hash_equal(const void *key, uint64_t item);

/* An empty table with room for so many items. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (2^32
 * items). */
cutropy_status ct_hash_start(ct_hash *table, uint64_t items);
/* Room for so many items in all; those in the table are entered again, where it has to grow. */
cutropy_status ct_hash_room(ct_hash *table, uint64_t items, ct_hash_of *hash_of, const void *all);
void ct_hash_free(ct_hash *table);

/* The slot of the item that equals the key, or the free slot where it belongs: the caller may put
 * item + 1 there. The table has room. */
static inline __attribute__((always_inline)) uint32_t *
ct_hash_find(const ct_hash *table, uint64_t hash, ct_hash_equal *equal, const void *key)
{
    const uint64_t mask = table->slots - 1;
    uint64_t place = hash & mask;
    while (table->slot[place] && !equal(key, table->slot[place] - 1))
        place = (place + 1) & mask;
    return &table->slot[place];
}

/* Puts an item that is known to be new into a table that has room. */
static inline void ct_hash_enter(ct_hash *table, uint64_t hash, uint64_t item)
{
    const uint64_t mask = table->slots - 1;
    uint64_t place = hash & mask;
    while (table->slot[place])
        place = (place + 1) & mask;
    table->slot[place] = (uint32_t)item + 1;
}

/* ---- items that are rows of words, one after the other ---- */

typedef struct ct_word_rows {
    const uint64_t *row; /* items x words */
    size_t words;
} ct_word_rows;

static inline uint64_t ct_hash_words(const uint64_t *row, size_t words)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < words; w++)
        hash = ct_mix64(hash * 3 + row[w] + 1);
    return hash;
}

/* ct_hash_find for the item whose words are those of key. */
uint32_t *ct_hash_find_row(const ct_hash *table, const ct_word_rows *rows, const uint64_t *key);
/* ct_hash_room for rows. */
cutropy_status ct_hash_room_rows(ct_hash *table, uint64_t items, const ct_word_rows *rows);

#endif
