/* SPDX-License-Identifier: Apache-2.0 */
/* Keys are dealt into buckets by their hash, keeping their order; a bucket is small enough for a
 * table in the cache, where each key learns the first place of its value. */
#include "engine/cut/keys.h"

#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"

#define BUCKETS 1024

typedef struct ct_dealt {
    uint64_t key;
    uint64_t place;
} ct_dealt;

typedef struct ct_deal {
    const ct_dealt *dealt;
    const uint64_t *start; /* BUCKETS + 1 */
    int32_t *first;        /* count: first place of the key's value, -1 when dropped */
    ct_hash *table;        /* one a thread, of positions in its bucket */
} ct_deal;

static uint64_t bucket_of(uint64_t key)
{
    return ct_mix64(key) >> 54; /* 10 bits */
}

/* start[b] = number of keys in the buckets before b. */
static void count_buckets(const uint64_t *key, uint64_t count, bool drop_zero, uint64_t *start)
{
    for (uint64_t i = 0; i < count; i++)
        if (!drop_zero || key[i])
            start[bucket_of(key[i]) + 1]++;
    for (int b = 0; b < BUCKETS; b++)
        start[b + 1] += start[b];
}

static void deal(const uint64_t *key, uint64_t count, bool drop_zero, const uint64_t *start,
                 ct_dealt *dealt)
{
    uint64_t next[BUCKETS];
    for (int b = 0; b < BUCKETS; b++)
        next[b] = start[b];
    for (uint64_t i = 0; i < count; i++)
        if (!drop_zero || key[i])
            dealt[next[bucket_of(key[i])]++] = (ct_dealt){.key = key[i], .place = i};
}

/* A key that looks for its like. */
typedef struct ct_bucket_key {
    const ct_dealt *bucket;
    uint64_t key;
} ct_bucket_key;

static bool has_key(const void *key, uint64_t i)
{
    const ct_bucket_key *k = key;
    return k->bucket[i].key == k->key;
}

static void solve_buckets(void *context, size_t first, size_t last, int thread)
{
    const ct_deal *d = context;
    const ct_hash table = d->table[thread];
    for (size_t b = first; b < last; b++) {
        const ct_dealt *bucket = d->dealt + d->start[b];
        const uint64_t size = d->start[b + 1] - d->start[b];
        memset(table.slot, 0, table.slots * sizeof *table.slot);
        for (uint64_t i = 0; i < size; i++) {
            const ct_bucket_key key = {bucket, bucket[i].key};
            uint32_t *slot = ct_hash_find(&table, ct_mix64(key.key), has_key, &key);
            if (!*slot)
                *slot = (uint32_t)i + 1;
            d->first[bucket[i].place] = (int32_t)bucket[*slot - 1].place;
        }
    }
}

cutropy_status ct_keys_first(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                             int32_t *first)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t start[BUCKETS + 1] = {0}, largest = 0;
    ct_dealt *dealt = NULL;
    ct_deal d = {.start = start, .first = first};
    CT_NEW(dealt, count);
    for (uint64_t i = 0; i < count; i++)
        first[i] = -1;
    count_buckets(key, count, drop_zero, start);
    deal(key, count, drop_zero, start, dealt);
    for (int b = 0; b < BUCKETS; b++)
        largest = start[b + 1] - start[b] > largest ? start[b + 1] - start[b] : largest;
    CT_NEW_ZERO(d.table, threads);
    for (int t = 0; t < threads; t++)
        CT_TRY(ct_hash_start(&d.table[t], largest));
    d.dealt = dealt;
    ct_parallel_for(threads, BUCKETS, 8, solve_buckets, &d);
done:
    ct_free(dealt);
    for (int t = 0; d.table && t < threads; t++)
        ct_hash_free(&d.table[t]);
    ct_free(d.table);
    return status;
}

/* ---- whether all differ ---- */

bool ct_few_keys_differ(const uint64_t *word, uint64_t count, uint64_t step, uint64_t *room,
                        uint64_t mask)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t key = word[i * step];
        uint64_t slot = ct_mix64(key) & mask;
        if (!key)
            return false;
        for (; room[slot]; slot = (slot + 1) & mask)
            if (room[slot] == key)
                return false;
        room[slot] = key;
    }
    return true;
}

#define MOST_UNEVEN 4 /* times the mean size of a bucket */

/* Words dealt into buckets. */
typedef struct ct_heap {
    const uint64_t *key;
    const uint64_t *start; /* BUCKETS + 1 */
    uint64_t *room;        /* slots a thread */
    uint64_t slots;
    bool differ;
} ct_heap;

static void compare_buckets(void *context, size_t first, size_t last, int thread)
{
    ct_heap *h = context;
    uint64_t *room = h->room + (uint64_t)thread * h->slots;
    for (size_t b = first; b < last && __atomic_load_n(&h->differ, __ATOMIC_RELAXED); b++) {
        memset(room, 0, h->slots * sizeof *room);
        if (!ct_few_keys_differ(h->key + h->start[b], h->start[b + 1] - h->start[b], 1, room,
                                h->slots - 1))
            __atomic_store_n(&h->differ, false, __ATOMIC_RELAXED);
    }
}

cutropy_status ct_keys_differ(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                              bool *differ)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t start[BUCKETS + 1] = {0}, next[BUCKETS], largest = 0, *key = NULL;
    ct_heap h = {.start = start, .slots = 1, .differ = true};
    *differ = false;
    for (uint64_t i = 0; i < count; i++)
        start[bucket_of(word[i * step]) + 1]++;
    for (int b = 0; b < BUCKETS; b++) {
        largest = start[b + 1] > largest ? start[b + 1] : largest;
        start[b + 1] += start[b];
        next[b] = start[b];
    }
    if (largest > MOST_UNEVEN * count / BUCKETS)
        goto done;
    while (h.slots < 2 * largest)
        h.slots *= 2;
    CT_NEW(key, count);
    CT_NEW(h.room, (uint64_t)threads * h.slots);
    for (uint64_t i = 0; i < count; i++)
        key[next[bucket_of(word[i * step])]++] = word[i * step];
    h.key = key;
    ct_parallel_for(threads, BUCKETS, 8, compare_buckets, &h);
    *differ = h.differ;
done:
    ct_free(key);
    ct_free(h.room);
    return status;
}
