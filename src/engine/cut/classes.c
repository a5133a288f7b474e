/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal rows or columns.
 *
 * A hash table holds class numbers; a row joins a class only after its words were compared with
 * those of the class's first row, so a hash collision costs time and never correctness. */
#include "engine/cut/classes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "engine/cut/keys.h"
#include "engine/cut/patterns.h"

typedef struct ct_finder {
    ct_classes *out;
    uint64_t *key; /* hash, or the row itself when it has at most 64 bits */
    ct_hash table; /* of classes */
    size_t room;   /* of key, weight, first */
    int64_t most;  /* classes, 0: no limit */
    bool outgrown; /* there were more; the classes are not complete */
} ct_finder;

void ct_classes_free(ct_classes *classes)
{
    ct_free(classes->weight);
    ct_free(classes->first);
    ct_free(classes->of_row);
    *classes = (ct_classes){0};
}

static void finder_free(ct_finder *f)
{
    ct_free(f->key);
    ct_hash_free(&f->table);
}

static uint64_t hash_of_class(const void *key, uint64_t id)
{
    return ct_mix64(((const uint64_t *)key)[id]);
}

/* Four times the room for classes. */
static cutropy_status finder_grow(ct_finder *f)
{
    cutropy_status status = CUTROPY_OK;
    const size_t room = f->room ? 4 * f->room : 64;
    uint64_t **arrays[3] = {&f->key, &f->out->weight, &f->out->first};
    if (room > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "a cut with more than 2^30 different rows is not supported");
    for (int i = 0; i < 3; i++) {
        size_t old = f->room;
        CT_TRY(ct_array_resize("classes", arrays[i], old, &old, room, sizeof **arrays[i]));
    }
    CT_TRY(ct_hash_room(&f->table, room, hash_of_class, f->key));
    f->room = room;
done:
    return status;
}

static cutropy_status finder_add(ct_finder *f, uint64_t key, uint64_t row, int64_t *id)
{
    ct_classes *out = f->out;
    if ((size_t)out->count == f->room) {
        cutropy_status status = finder_grow(f);
        if (status != CUTROPY_OK)
            return status;
    }
    *id = out->count++;
    ct_hash_enter(&f->table, ct_mix64(key), (uint64_t)*id);
    f->key[*id] = key;
    out->weight[*id] = 0;
    out->first[*id] = row;
    return CUTROPY_OK;
}

/* A row that looks for its class. */
typedef struct ct_row_key {
    const ct_finder *f;
    uint64_t key;
    const uint64_t *bits, *words; /* of all rows, and of this one; unused when the key is the row */
    uint64_t row_words;
} ct_row_key;

static bool has_key(const void *row, uint64_t id)
{
    const ct_row_key *r = row;
    return r->f->key[id] == r->key;
}

static bool has_key_and_words(const void *row, uint64_t id)
{
    const ct_row_key *r = row;
    return r->f->key[id] == r->key && !memcmp(r->bits + r->f->out->first[id] * r->row_words,
                                              r->words, r->row_words * sizeof *r->words);
}

/* 0 exactly for the zero row (callers drop or keep it); any other value is a hash. */
static uint64_t hash_words(const uint64_t *words, uint64_t count)
{
    uint64_t any = 0, h[4] = {1, 2, 3, 4};
    uint64_t w = 0;
    for (; w + 4 <= count; w += 4)
        for (int k = 0; k < 4; k++) {
            any |= words[w + k];
            h[k] = (h[k] ^ words[w + k]) * UINT64_C(0x9fb21c651e98df25);
            h[k] ^= h[k] >> 32;
        }
    for (; w < count; w++) {
        any |= words[w];
        h[0] = (h[0] ^ words[w]) * UINT64_C(0x9fb21c651e98df25);
        h[0] ^= h[0] >> 32;
    }
    uint64_t all = ct_mix64(h[0] + ct_mix64(h[1] + ct_mix64(h[2] + ct_mix64(h[3]))));
    return any ? (all ? all : 1) : 0;
}

typedef struct ct_hash_task {
    const uint64_t *bits;
    uint64_t row_words;
    uint64_t *hash; /* rows */
} ct_hash_task;

static void hash_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_hash_task *t = context;
    (void)thread;
    for (size_t row = first; row < last; row++)
        t->hash[row] = hash_words(t->bits + row * t->row_words, t->row_words);
}

static cutropy_status long_rows(ct_finder *f, const uint64_t *bits, uint64_t rows,
                                uint64_t row_words, bool drop_zero, int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_hash_task task = {.bits = bits, .row_words = row_words};
    CT_NEW(task.hash, rows);
    ct_parallel_for(threads, rows, 65536 / row_words + 1, hash_piece, &task);
    for (uint64_t row = 0; row < rows; row++) {
        if (drop_zero && task.hash[row] == 0)
            continue;
        const ct_row_key key = {f, task.hash[row], bits, bits + row * row_words, row_words};
        int64_t id =
            (int64_t)*ct_hash_find(&f->table, ct_mix64(key.key), has_key_and_words, &key) - 1;
        if (id < 0)
            CT_TRY(finder_add(f, key.key, row, &id));
        f->out->weight[id]++;
        if (f->out->of_row)
            f->out->of_row[row] = (int32_t)id;
        if (f->most && f->out->count > f->most) {
            f->outgrown = true;
            goto done;
        }
    }
done:
    ct_free(task.hash);
    return status;
}

static int by_first_row(const void *a, const void *b, void *first)
{
    const uint64_t x = ((const uint64_t *)first)[*(const uint32_t *)a],
                   y = ((const uint64_t *)first)[*(const uint32_t *)b];
    return (x > y) - (x < y);
}

/* Many rows of at most 16 bits: one histogram. */
static cutropy_status counted_rows(ct_finder *f, const uint64_t *bits, uint64_t words, int shift,
                                   bool drop_zero, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const size_t patterns = (size_t)1 << (1 << shift);
    uint64_t *count = NULL, *first = NULL;
    uint32_t *order = NULL;
    size_t present = 0;
    CT_NEW(count, patterns);
    CT_NEW(first, patterns);
    CT_NEW(order, patterns);
    CT_TRY(ct_patterns_count(bits, words, shift, threads, count));
    ct_patterns_first(bits, words, shift, count, first);
    for (size_t v = drop_zero; v < patterns; v++)
        if (count[v])
            order[present++] = (uint32_t)v;
    qsort_r(order, present, sizeof *order, by_first_row, first);
    for (size_t k = 0; k < present; k++) {
        int64_t id;
        CT_TRY(finder_add(f, order[k], first[order[k]], &id));
        f->out->weight[id] = count[order[k]];
    }
done:
    ct_free(count);
    ct_free(first);
    ct_free(order);
    return status;
}

/* A histogram counts whole words, and pays when it is small against the rows. */
static bool worth_counting(uint64_t rows, int shift)
{
    return shift <= 4 && (rows << shift) % 64 == 0 && rows >= (UINT64_C(1) << (1 << shift)) * 16 &&
           rows << shift >= 4096;
}

static cutropy_status short_rows(ct_finder *f, const uint64_t *bits, uint64_t rows, int shift,
                                 bool drop_zero)
{
    const uint64_t mask = ct_low_mask(1 << shift);
    const int per_word_shift = 6 - shift;
    uint64_t last_key = 0;
    int64_t last = -1; /* runs of equal rows skip the table */
    for (uint64_t row = 0; row < rows; row++) {
        uint64_t within = row & ((UINT64_C(1) << per_word_shift) - 1);
        uint64_t key = (bits[row >> per_word_shift] >> (within << shift)) & mask;
        if (drop_zero && key == 0)
            continue;
        if (last >= 0 && key == last_key) {
            f->out->weight[last]++;
            if (f->out->of_row)
                f->out->of_row[row] = (int32_t)last;
            continue;
        }
        const ct_row_key row_key = {.f = f, .key = key};
        int64_t id = (int64_t)*ct_hash_find(&f->table, ct_mix64(key), has_key, &row_key) - 1;
        if (id < 0) {
            cutropy_status status = finder_add(f, key, row, &id);
            if (status != CUTROPY_OK)
                return status;
            if (f->most && f->out->count > f->most) {
                f->outgrown = true;
                return CUTROPY_OK;
            }
        }
        f->out->weight[id]++;
        if (f->out->of_row)
            f->out->of_row[row] = (int32_t)id;
        last = id;
        last_key = key;
    }
    return CUTROPY_OK;
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
    *out = (ct_classes){0};
    if (count > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "a cut with more than 2^31 columns of values is not supported");
    CT_NEW(out->of_row, count);
    CT_TRY(ct_keys_first(key, count, drop_zero, threads, out->of_row));
    CT_TRY(number_classes(count, out));
done:
    if (status != CUTROPY_OK)
        ct_classes_free(out);
    return status;
}

/* Rows of 32 or 64 bits with more classes than this outgrow the cache in one table; they are keys
 * themselves, and dealt into buckets they stay in it. */
#define TABLE_CLASSES 32768

static cutropy_status many_keys(const uint64_t *bits, uint64_t rows, int shift, bool drop_zero,
                                bool want_map, int threads, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *key = NULL;
    if (shift == 5) {
        CT_NEW(key, rows); /* two rows a word, a power of two of them */
        for (uint64_t row = 0; row < rows; row += 2) {
            key[row] = bits[row / 2] & UINT32_MAX;
            key[row + 1] = bits[row / 2] >> 32;
        }
    }
    CT_TRY(ct_classes_of_keys(key ? key : bits, rows, drop_zero, threads, out));
    if (!want_map) {
        ct_free(out->of_row);
        out->of_row = NULL;
    }
done:
    ct_free(key);
    return status;
}

cutropy_status ct_classes_of_rows(const uint64_t *bits, uint64_t rows, int shift, bool drop_zero,
                                  bool want_map, int threads, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    const bool are_keys = (shift == 5 || shift == 6) && rows > 1 && rows <= INT32_MAX;
    ct_finder f = {.out = out, .most = are_keys ? TABLE_CLASSES : 0};
    *out = (ct_classes){0};
    if (want_map) {
        CT_NEW(out->of_row, rows);
        memset(out->of_row, 0xff, rows * sizeof *out->of_row);
    }
    CT_TRY(finder_grow(&f));
    if (shift >= 6)
        CT_TRY(long_rows(&f, bits, rows, UINT64_C(1) << (shift - 6), drop_zero, threads));
    else if (!want_map && worth_counting(rows, shift))
        CT_TRY(counted_rows(&f, bits, rows >> (6 - shift), shift, drop_zero, threads));
    else
        CT_TRY(short_rows(&f, bits, rows, shift, drop_zero));
    if (f.outgrown) {
        ct_classes_free(out);
        CT_TRY(many_keys(bits, rows, shift, drop_zero, want_map, threads, out));
    }
done:
    finder_free(&f);
    if (status != CUTROPY_OK)
        ct_classes_free(out);
    return status;
}
