/* SPDX-License-Identifier: Apache-2.0 */
/* From the last pixel to the first: a choice of the first k pixels is the pair of classes that its two
 * continuations have. The choices come in the order of their images, the first pixel being the most significant, so that
 * classes have the numbers of ct_levels_build. */
#include "frontier/diagram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "frontier/affine_levels.h"
#include "frontier/automaton.h"
#include "frontier/pairs.h"
#include "frontier/reorder.h"
#include "frontier/states.h"
#include "lattice/lattice.h"
#include "problem/products.h"

#define DEAD (-1)

void ct_diagram_free(ct_diagram *d)
{
    if (!d->borrowed)
        ct_levels_free(&d->levels);
    ct_free(d->value);
    *d = (ct_diagram){0};
}

/* ---- the values at the end ---- */

/* Number i of CT_VALUES, CT_SPARSE; -0.0 is none, so that equal numbers have equal bits. */
static void number_of(const ct_function *f, uint64_t i, uint64_t value[2])
{
    if (f->kind == CUTROPY_KIND_INTEGER) {
        memcpy(value, (const int64_t *)f->values + i, 8);
        return;
    }
    const int parts = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    for (int k = 0; k < parts; k++) {
        const double stored = ((const double *)f->values)[(uint64_t)parts * i + (uint64_t)k],
                     real = f->exponent ? ldexp(stored, f->exponent) : stored;
        memcpy(&value[k], &real, 8);
    }
}

static void value_of(const ct_function *f, uint64_t image, uint64_t value[2])
{
    if (f->storage != CT_VALUES) {
        value[0] = (uint64_t)f->value[ct_bit(f->table, image)];
        return;
    }
    number_of(f, image, value);
}

/* The number of a value (64 bits, or two doubles), DEAD for 0. */
static cutropy_status leaf(ct_states *values, const uint64_t *value, int32_t *number)
{
    *number = DEAD;
    return value[0] || (values->rows.words == 2 && value[1]) ? ct_states_add(values, value, number)
                                                             : CUTROPY_OK;
}

/* ---- one level ---- */

typedef struct ct_merging {
    ct_diagram *out;
    uint64_t memory_limit, bytes; /* of what stays */
    const ct_watch *watch;
    int32_t (*pair)[2]; /* of the level's classes so far */
    int32_t count;
    size_t room;
    ct_hash table;
} ct_merging;

static uint64_t hash_of(const void *items, uint64_t item)
{
    return ct_pairs_hash(((const ct_merging *)items)->pair[item]);
}

static cutropy_status merge(ct_merging *m, const int32_t pair[2], int32_t *class)
{
    cutropy_status status = CUTROPY_OK;
    *class = DEAD;
    if (pair[0] == DEAD && pair[1] == DEAD)
        return CUTROPY_OK;
    if (m->count == INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED, "a level of the decision diagram has 2^31 classes");
    CT_TRY(CT_ROOM("classes", m->pair, (size_t)m->count, m->room, 1));
    CT_TRY(ct_hash_room(&m->table, (uint64_t)m->count + 1, hash_of, m));
    *class = ct_pairs_number(&m->table, m->pair, &m->count, pair);
done:
    return status;
}

/* The level is complete. */
static cutropy_status close_level(ct_merging *m, int k)
{
    const uint64_t bytes = (uint64_t)m->room * sizeof *m->pair;
    m->out->levels.next[k] = m->pair;
    m->out->levels.count[k] = m->count;
    m->pair = NULL;
    m->count = 0;
    m->room = 0;
    ct_hash_free(&m->table);
    m->bytes += bytes;
    if (m->bytes > m->memory_limit)
        return ct_fail(CUTROPY_EMEMORY,
                       "the decision diagram needs more than %s, but %s may be used (--memory "
                       "raises the limit)",
                       CT_BYTES(m->bytes), CT_BYTES(m->memory_limit));
    if (ct_asked_to_stop(m->watch, "diagram", (uint64_t)(m->out->levels.pixels - k),
                         (uint64_t)m->out->levels.pixels))
        return ct_fail(CUTROPY_ECANCELLED, "stopped while the decision diagram was built");
    return CUTROPY_OK;
}

/* ---- every image ---- */

static uint64_t reversed(uint64_t word)
{
    for (int i = 0; i < 6; i++) { /* neighbours of 1, 2, 4, .. bits change places */
        const uint64_t low = ct_index_zero(i);
        word = (word & low) << (1 << i) | (word >> (1 << i) & low);
    }
    return word;
}

static cutropy_status from_all(const ct_function *f, ct_states *leaves, ct_merging *m)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = f->pixels;
    const uint64_t images = UINT64_C(1) << pixels;
    int32_t *class = NULL;
    uint64_t *table = NULL, value[2] = {0};
    ct_function read = *f;
    m->bytes +=
        images * sizeof *class + (f->storage == CT_SUPPORT ? ct_table_words(pixels) * 8 : 0);
    if (m->bytes > m->memory_limit)
        return ct_fail(CUTROPY_EMEMORY,
                       "the decision diagram of 2^%d images needs %s, but %s may be used (--memory "
                       "raises the limit)",
                       pixels, CT_BYTES(m->bytes), CT_BYTES(m->memory_limit));
    if (f->storage == CT_SUPPORT) { /* +1 and -1: no image is left out */
        CT_NEW_ZERO(table, ct_table_words(pixels));
        for (uint64_t i = 0; i < f->ones; i++)
            ct_set_bit(table, f->images[i]);
        read.storage = CT_TABLE;
        read.table = table;
    }
    CT_NEW(class, images);
    for (uint64_t r = 0; r < images; r++) {
        value_of(&read, reversed(r) >> (64 - pixels), value);
        CT_TRY(leaf(leaves, value, &class[r]));
    }
    for (int k = pixels - 1; k >= 0; k--) {
        for (uint64_t r = 0; r < UINT64_C(1) << k; r++) {
            const int32_t pair[2] = {class[2 * r], class[2 * r + 1]};
            CT_TRY(merge(m, pair, &class[r]));
        }
        CT_TRY(close_level(m, k));
    }
done:
    ct_free(class);
    ct_free(table);
    return status;
}

/* ---- a list of images ---- */

/* Images whose first pixel is the highest bit, in ascending order. */
typedef struct ct_sorted {
    size_t words, count;
    uint64_t *image; /* count x words */
    int32_t *class;  /* of the choice that stands at this place */
} ct_sorted;

static int compare_words(const void *a, const void *b, size_t words)
{
    const uint64_t *x = a, *y = b;
    for (size_t w = 0; w < words; w++)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

static int compare_one(const void *a, const void *b)
{
    return compare_words(a, b, 1);
}

/* Merge sort of rows of several words. */
static cutropy_status sort(ct_sorted *s)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *other = NULL;
    const size_t words = s->words, bytes = words * sizeof *other;
    if (words == 1) {
        qsort(s->image, s->count, sizeof *s->image, compare_one);
        return CUTROPY_OK;
    }
    CT_NEW(other, s->count * words);
    for (size_t run = 1; run < s->count; run *= 2) {
        for (size_t first = 0; first < s->count; first += 2 * run) {
            const size_t middle = first + run < s->count ? first + run : s->count,
                         last = middle + run < s->count ? middle + run : s->count;
            size_t a = first, b = middle;
            for (size_t to = first; to < last; to++) {
                const bool left =
                    b == last || (a < middle && compare_words(s->image + a * words,
                                                              s->image + b * words, words) <= 0);
                memcpy(other + to * words, s->image + (left ? a++ : b++) * words, bytes);
            }
        }
        uint64_t *swap = s->image;
        s->image = other;
        other = swap;
    }
done:
    ct_free(other);
    return status;
}

static bool bit_of(const ct_sorted *s, size_t i, int pixel)
{
    return s->image[i * s->words + (size_t)pixel / 64] >> (63 - pixel % 64) & 1;
}

/* Are the first `pixels` pixels the same? */
static bool same_start(const ct_sorted *s, size_t i, size_t j, int pixels)
{
    const uint64_t *a = s->image + i * s->words, *b = s->image + j * s->words;
    const size_t whole = (size_t)pixels / 64;
    return !memcmp(a, b, whole * sizeof *a) &&
           (pixels % 64 == 0 || (a[whole] ^ b[whole]) >> (64 - pixels % 64) == 0);
}

/* Places that stay are moved to the front. */
static cutropy_status merge_list(ct_merging *m, ct_sorted *s, int k)
{
    cutropy_status status = CUTROPY_OK;
    size_t left = 0;
    for (size_t i = 0; i < s->count; left++) {
        int32_t pair[2] = {DEAD, DEAD}, class;
        const size_t first = i;
        while (i < s->count && (i == first || (i == first + 1 && same_start(s, first, i, k)))) {
            pair[bit_of(s, i, k)] = s->class[i];
            i++;
        }
        CT_TRY(merge(m, pair, &class));
        memmove(s->image + left * s->words, s->image + first * s->words,
                s->words * sizeof *s->image);
        s->class[left] = class;
    }
    s->count = left;
done:
    return status;
}

/* Where an image of the sorted list stands in that of f, which is ascending from the last word on. */
static uint64_t place_of(const ct_function *f, const uint64_t *turned)
{
    uint64_t low = 0, high = f->ones;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        bool less = false; /* than the one in the middle */
        for (size_t w = f->words; w-- > 0;) {
            const uint64_t a = reversed(turned[w]), b = f->images[middle * f->words + w];
            less = a < b;
            if (a != b)
                break;
        }
        *(less ? &high : &low) = middle;
    }
    return low;
}

static cutropy_status from_list(const ct_function *f, ct_states *leaves, ct_merging *m)
{
    cutropy_status status = CUTROPY_OK;
    ct_sorted s = {.words = f->words, .count = f->ones};
    uint64_t value[2] = {(uint64_t)f->value[1], 0};
    m->bytes += f->ones * (2 * f->words * 8 + sizeof *s.class);
    CT_NEW(s.image, s.count * s.words);
    CT_NEW(s.class, s.count);
    for (size_t i = 0; i < s.count * s.words; i++)
        s.image[i] = reversed(f->images[i]);
    CT_TRY(sort(&s));
    for (size_t i = 0; i < s.count; i++) {
        if (f->storage == CT_SPARSE)
            number_of(f, place_of(f, s.image + i * s.words), value);
        CT_TRY(leaf(leaves, value, &s.class[i]));
    }
    for (int k = f->pixels - 1; k >= 0; k--) {
        CT_TRY(merge_list(m, &s, k));
        CT_TRY(close_level(m, k));
    }
done:
    ct_free(s.image);
    ct_free(s.class);
    return status;
}

/* ---- whoever knows it ---- */

/* Levels that end in label 1. */
static cutropy_status of_labels(ct_diagram *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *one = NULL;
    CT_NEW(one, 1);
    *one = 1;
    out->value = one;
done:
    return status;
}

static cutropy_status from_automaton(const ct_function *f, ct_diagram *out)
{
    if (!f->automaton->reading[CT_BY_ROWS].open)
        return ct_fail(CUTROPY_EINTERNAL, "levels by rows are asked of an automaton by columns");
    out->levels = f->automaton->reading[CT_BY_ROWS].side[0];
    out->borrowed = true;
    return of_labels(out);
}

static cutropy_status from_equations(const ct_function *f, const int *order, uint64_t memory_limit,
                                     const ct_watch *watch, ct_diagram *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_affine_rows rows = {0};
    CT_TRY(ct_affine_rows_make(f->affine, order, &rows));
    CT_TRY(ct_affine_levels(f->affine, &rows, memory_limit, watch, &out->levels));
    CT_TRY(of_labels(out));
done:
    ct_affine_rows_free(&rows);
    if (status)
        ct_diagram_free(out);
    return status;
}

cutropy_status ct_diagram_make(const ct_function *f, uint64_t memory_limit, const ct_watch *watch,
                               ct_diagram *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_states leaves = {.rows.words = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1};
    ct_merging merging = {.out = out, .memory_limit = memory_limit, .watch = watch};
    const bool real = f->kind == CUTROPY_KIND_REAL || f->kind == CUTROPY_KIND_COMPLEX;
    char words[CT_PRODUCTS_WORDS];
    *out = (ct_diagram){.levels.pixels = f->pixels, .kind = real ? f->kind : CUTROPY_KIND_INTEGER};
    if (f->storage == CT_AUTOMATON)
        return from_automaton(f, out);
    if (f->lattice)
        CT_TRY(ct_lattice_has_end(f->lattice));
    if (f->storage == CT_AFFINE)
        return from_equations(f, NULL, memory_limit, watch, out);
    if (f->storage == CT_WEIGHTED)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "an automaton with weights has no levels for negativities, exports, orders or samples");
    if (f->products)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "%s has no levels for negativities, samples, a search for an order, or exports but --mps orthogonal",
            ct_products_words(f->products, words));
    CT_TRY(ct_levels_new(f->pixels, &out->levels));
    if ((f->storage == CT_SUPPORT && !f->value[0]) || f->storage == CT_SPARSE)
        CT_TRY(from_list(f, &leaves, &merging));
    else
        CT_TRY(from_all(f, &leaves, &merging));
    out->levels.count[f->pixels] = (int32_t)leaves.count;
    out->value = leaves.state;
    leaves.state = NULL;
done:
    ct_states_free(&leaves);
    ct_free(merging.pair);
    ct_hash_free(&merging.table);
    if (status != CUTROPY_OK)
        ct_diagram_free(out);
    return status;
}

cutropy_status ct_diagram_make_in(const ct_function *f, const int *order, uint64_t memory_limit,
                                  const ct_watch *watch, ct_diagram *out)
{
    cutropy_status status = CUTROPY_OK;
    uint16_t *rank = NULL;
    ct_levels levels = {0};
    if (order && f->storage == CT_AFFINE) {
        *out = (ct_diagram){.levels.pixels = f->pixels, .kind = CUTROPY_KIND_INTEGER};
        return from_equations(f, order, memory_limit, watch, out);
    }
    CT_TRY(ct_diagram_make(f, memory_limit, watch, out));
    if (!order)
        return CUTROPY_OK;
    CT_NEW(rank, f->pixels);
    for (int k = 0; k < f->pixels; k++)
        rank[order[k]] = (uint16_t)k;
    CT_TRY(ct_levels_reorder(&out->levels, rank, false, memory_limit, watch, &levels));
    if (!out->borrowed)
        ct_levels_free(&out->levels);
    out->levels = levels;
    out->borrowed = false;
done:
    ct_free(rank);
    if (status)
        ct_diagram_free(out);
    return status;
}
