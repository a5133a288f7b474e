/* SPDX-License-Identifier: Apache-2.0 */
/* Keys are dealt into buckets by their hash, keeping their order; a bucket is small enough for a
 * table in the cache. Each key learns the first place of its value; a last pass in order turns
 * first places into class numbers. */
#include "engine/keys.h"

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
    uint32_t *slot;        /* threads x slots: position in the bucket + 1 */
    uint64_t slots;        /* power of two, at least twice the largest bucket */
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

static void solve_buckets(void *context, size_t first, size_t last, int thread)
{
    const ct_deal *d = context;
    uint32_t *slot = d->slot + (uint64_t)thread * d->slots;
    for (size_t b = first; b < last; b++) {
        const ct_dealt *bucket = d->dealt + d->start[b];
        const uint64_t size = d->start[b + 1] - d->start[b];
        for (uint64_t s = 0; s < d->slots; s++)
            slot[s] = 0;
        for (uint64_t i = 0; i < size; i++) {
            uint64_t at = ct_mix64(bucket[i].key) & (d->slots - 1);
            while (slot[at] && bucket[slot[at] - 1].key != bucket[i].key)
                at = (at + 1) & (d->slots - 1);
            if (!slot[at])
                slot[at] = (uint32_t)i + 1;
            d->first[bucket[i].place] = (int32_t)bucket[slot[at] - 1].place;
        }
    }
}

/* of_row holds first places on entry and class numbers on exit: a first place comes before all that
 * name it. */
static cutropy_status number_classes(uint64_t count, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *first = out->of_row, *number = NULL;
    for (uint64_t i = 0; i < count; i++)
        out->count += first[i] == (int32_t)i;
    CT_NEW(out->weight, out->count);
    CT_NEW(out->first, out->count);
    CT_NEW(number, count);
    int64_t next = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (first[i] < 0)
            continue;
        if (first[i] == (int32_t)i) {
            number[i] = (int32_t)next;
            out->first[next] = i;
            out->weight[next++] = 0;
        }
        out->of_row[i] = number[first[i]];
        out->weight[out->of_row[i]]++;
    }
done:
    ct_free(number);
    return status;
}

cutropy_status ct_classes_of_keys(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                                  ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t start[BUCKETS + 1] = {0}, largest = 0;
    ct_dealt *dealt = NULL;
    ct_deal d = {.start = start, .slots = 16};
    *out = (ct_classes){0};
    if (count > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "a cut with more than 2^31 columns of values is not supported");
    CT_NEW(out->of_row, count);
    CT_NEW(dealt, count);
    for (uint64_t i = 0; i < count; i++)
        out->of_row[i] = -1;
    count_buckets(key, count, drop_zero, start);
    deal(key, count, drop_zero, start, dealt);
    for (int b = 0; b < BUCKETS; b++)
        largest = start[b + 1] - start[b] > largest ? start[b + 1] - start[b] : largest;
    while (d.slots < 2 * largest)
        d.slots *= 2;
    CT_NEW(d.slot, (uint64_t)threads * d.slots);
    d.dealt = dealt;
    d.first = out->of_row;
    ct_parallel_for(threads, BUCKETS, 8, solve_buckets, &d);
    CT_TRY(number_classes(count, out));
done:
    ct_free(dealt);
    ct_free(d.slot);
    if (status != CUTROPY_OK)
        ct_classes_free(out);
    return status;
}
