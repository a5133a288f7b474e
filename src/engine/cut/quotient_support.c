/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut from the list of label-1 images; never forms the cut matrix.
 *
 * 1. Number the different halves sA and sB that occur. 2. The row of sA is the set of its sB: its
 * fingerprint is the sum of random 128-bit numbers of the members, its class all halves with this
 * fingerprint. 3. Proof: Q holds every (class of sA, class of sB) that occurs, so each label-1
 * image lies in a cell of Q; the cells hold sum m_i n_j Q_ij images; if that is the number of
 * label-1 images, then f(s) = Q[class(sA)][class(sB)] for every image s. A collision makes the sum
 * larger; then the fingerprints are drawn again. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bits.h"
#include "base/hash.h"
#include "engine/cut/quotient.h"

/* A half of an image that looks for the first image with the same half. */
typedef struct ct_half_key {
    const ct_function *f;
    const uint64_t *mask, *image;
    bool inside;
} ct_half_key;

static uint64_t half_word(const ct_half_key *k, const uint64_t *image, size_t w)
{
    return image[w] & (k->inside ? k->mask[w] : ~k->mask[w]);
}

static bool same_half(const void *key, uint64_t i)
{
    const ct_half_key *k = key;
    const uint64_t *image = k->f->images + i * k->f->words;
    uint64_t differ = 0;
    for (size_t w = 0; w < k->f->words; w++)
        differ |= half_word(k, image, w) ^ half_word(k, k->image, w);
    return differ == 0;
}

static uint64_t hash_half(const ct_half_key *k)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < k->f->words; w++)
        hash = ct_mix64(hash * 3 + half_word(k, k->image, w) + 1);
    return hash;
}

cutropy_status ct_halves_number(const ct_function *f, const uint64_t *mask, bool inside,
                                ct_halves *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_half_key key = {.f = f, .mask = mask, .inside = inside};
    ct_hash table = {0}; /* of the first images with their halves */
    *out = (ct_halves){0};
    CT_TRY(ct_hash_start(&table, f->ones));
    CT_NEW(out->of_image, f->ones);
    for (uint64_t i = 0; i < f->ones; i++) {
        key.image = f->images + i * f->words;
        uint32_t *slot = ct_hash_find(&table, hash_half(&key), same_half, &key);
        if (!*slot) {
            *slot = (uint32_t)i + 1;
            out->of_image[i] = (uint32_t)out->count++;
        } else {
            out->of_image[i] = out->of_image[*slot - 1];
        }
    }
done:
    ct_hash_free(&table);
    return status;
}

/* 64 bits of what an image is to the row of its half: the partner, and the value if there is one. */
static uint64_t member_of(const ct_function *f, uint64_t i, uint64_t partner, uint64_t seed)
{
    const uint64_t *value = f->values;
    const size_t words = ct_value_bytes(f->kind) / 8;
    return value ? ct_mix64(3 * (ct_hash_words(value + i * words, words) ^ seed) + partner)
                 : partner;
}

/* classes->of_row[h] = class of half h; fingerprints from the halves of the other side. */
static cutropy_status classify(const ct_function *f, const ct_halves *mine, const ct_halves *other,
                               uint64_t seed, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *print = NULL; /* mine->count x 2 */
    CT_NEW_ZERO(print, 2 * mine->count);
    for (uint64_t i = 0; i < f->ones; i++) {
        const uint64_t partner = member_of(f, i, other->of_image[i], seed);
        print[2 * mine->of_image[i]] += ct_random(seed, 2 * partner);
        print[2 * mine->of_image[i] + 1] += ct_random(seed, 2 * partner + 1);
    }
    CT_TRY(ct_classes_of_rows(print, mine->count, 7, false, true, 1, out));
done:
    ct_free(print);
    return status;
}

static int compare_edges(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    if (x[0] != y[0])
        return x[0] < y[0] ? -1 : 1;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

/* A pair of classes that looks for its edge. */
typedef struct ct_edge_key {
    int32_t (*edge)[2];
    int32_t a, b;
} ct_edge_key;

static bool is_edge(const void *key, uint64_t e)
{
    const ct_edge_key *k = key;
    return k->edge[e][0] == k->a && k->edge[e][1] == k->b;
}

/* The different pairs (class of sA, class of sB) of all label-1 images, sorted; *cells = sum m_i
 * n_j over them. */
static cutropy_status collect_edges(const ct_function *f, const ct_halves halves[2], ct_quotient *q,
                                    ct_u128 *cells)
{
    cutropy_status status = CUTROPY_OK;
    /* every edge of a right quotient occurs at m_i n_j images; the pair of first halves marks one
     * of them, so at most count(0) x count(1) and at most `ones` slots are needed */
    const ct_u128 product = (ct_u128)q->side[0].count * (ct_u128)q->side[1].count;
    ct_hash table = {0}; /* of edges */
    size_t room = 0;
    CT_TRY(ct_hash_start(&table, product < f->ones ? (uint64_t)product : f->ones));
    *cells = 0;
    for (uint64_t i = 0; i < f->ones; i++) {
        const int32_t a = q->side[0].of_row[halves[0].of_image[i]],
                      b = q->side[1].of_row[halves[1].of_image[i]];
        const ct_edge_key key = {q->edge, a, b};
        uint32_t *slot =
            ct_hash_find(&table, ct_mix64((uint64_t)a << 32 | (uint32_t)b), is_edge, &key);
        if (*slot)
            continue;
        CT_TRY(CT_ROOM("edges", q->edge, (size_t)q->edges, room, 1));
        q->edge[q->edges][0] = a;
        q->edge[q->edges][1] = b;
        *slot = (uint32_t)++q->edges;
        *cells += (ct_u128)q->side[0].weight[a] * q->side[1].weight[b];
    }
    if (q->edges) /* none: labels +1/-1 without a -1 */
        qsort(q->edge, (size_t)q->edges, sizeof *q->edge, compare_edges);
done:
    ct_hash_free(&table);
    return status;
}

/* Labels +1/-1: the halves that never occur form one more class of rows (columns), all of label 0;
 * then Q is dense. */
static cutropy_status add_background(const ct_function *f, const uint64_t *mask,
                                     const ct_halves halves[2], ct_quotient *q)
{
    cutropy_status status = CUTROPY_OK;
    int pixels[2] = {0, 0};
    for (size_t w = 0; w < f->words; w++)
        pixels[0] += ct_popcount(mask[w]);
    pixels[1] = f->pixels - pixels[0];
    for (int s = 0; s < 2; s++) {
        ct_classes *side = &q->side[s];
        uint64_t unseen = (UINT64_C(1) << pixels[s]) - halves[s].count;
        if (!unseen)
            continue;
        size_t room = (size_t)side->count;
        CT_TRY(
            ct_array_resize("classes", &side->weight, room, &room, room + 1, sizeof *side->weight));
        side->weight[side->count++] = unseen;
    }
    const int64_t ra = q->side[0].count, rb = q->side[1].count;
    if (f->pixels <= 62) {
        int64_t *dense = NULL;
        CT_NEW(dense, ra * rb);
        for (int64_t i = 0; i < ra * rb; i++)
            dense[i] = q->value[0];
        for (int64_t e = 0; e < q->edges; e++)
            dense[q->edge[e][0] * rb + q->edge[e][1]] = q->value[1];
        q->dense = dense;
    } else { /* sums beyond the integers of the engine */
        double *dense = NULL;
        CT_NEW(dense, ra * rb);
        for (int64_t i = 0; i < ra * rb; i++)
            dense[i] = (double)q->value[0];
        for (int64_t e = 0; e < q->edges; e++)
            dense[q->edge[e][0] * rb + q->edge[e][1]] = (double)q->value[1];
        q->dense = dense;
    }
    q->storage = CT_Q_DENSE;
    q->kind = f->pixels <= 62 ? CUTROPY_KIND_INTEGER : CUTROPY_KIND_REAL;
done:
    return status;
}

/* Classes of both sides, by the fingerprints of this attempt. */
static cutropy_status classify_sides(const ct_function *f, const ct_halves halves[2],
                                     uint64_t attempt, ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    for (int s = 0; s < 2; s++) {
        ct_classes_free(&out->side[s]);
        CT_TRY(
            classify(f, &halves[s], &halves[1 - s], 2 * attempt + 1 + (uint64_t)s, &out->side[s]));
    }
done:
    return status;
}

static cutropy_status fail_collided(void)
{
    return ct_fail(CUTROPY_EINTERNAL,
                   "eight fingerprints of a quotient collided: this is a defect");
}

cutropy_status ct_quotient_from_support(const ct_function *f, const uint64_t *mask,
                                        ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_halves halves[2] = {{0}};
    bool proved = false;

    out->storage = CT_Q_EDGES;
    if (f->ones >= UINT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "a list of more than 2^32 label-1 images is not supported");
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_halves_number(f, mask, s == 0, &halves[s]));
    for (uint64_t attempt = 0; attempt < 8 && !proved; attempt++) {
        ct_u128 cells = 0;
        CT_TRY(classify_sides(f, halves, attempt, out));
        out->edges = 0;
        ct_free(out->edge);
        out->edge = NULL;
        CT_TRY(collect_edges(f, halves, out, &cells));
        proved = cells == f->ones;
    }
    if (!proved)
        CT_TRY(fail_collided());
    if (f->value[0] != 0)
        CT_TRY(add_background(f, mask, halves, out));
done:
    ct_free(halves[0].of_image);
    ct_free(halves[1].of_image);
    return status;
}

/* ---- values ---- */

/* Q from the values of all images: *cells = sum m_i n_j over its non-zero cells; *same = false: a cell has two values. */
static cutropy_status fill_cells(const ct_function *f, const ct_halves halves[2], ct_quotient *q,
                                 ct_u128 *cells, bool *same)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = ct_value_bytes(f->kind) / 8;
    const uint64_t *value = f->values;
    uint64_t *dense = NULL;
    CT_NEW_ZERO(dense, (size_t)q->side[0].count * (size_t)q->side[1].count * words);
    ct_free(q->dense);
    q->dense = dense;
    *cells = 0;
    *same = true;
    for (uint64_t i = 0; i < f->ones; i++, value += words) {
        const int32_t a = q->side[0].of_row[halves[0].of_image[i]],
                      b = q->side[1].of_row[halves[1].of_image[i]];
        uint64_t *cell = dense + ((size_t)a * (size_t)q->side[1].count + (size_t)b) * words;
        if (!cell[0] && !cell[words - 1]) {
            memcpy(cell, value, words * sizeof *cell);
            *cells += (ct_u128)q->side[0].weight[a] * q->side[1].weight[b];
        } else {
            *same &= !memcmp(cell, value, words * sizeof *cell);
        }
    }
done:
    return status;
}

/* As from labels, with the value in the fingerprint. The proof: every listed image has the value of its cell, and the cells that
 * are not 0 hold as many images as are listed; so all others are 0. */
cutropy_status ct_quotient_from_sparse(const ct_function *f, const uint64_t *mask, ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_halves halves[2] = {{0}};
    bool proved = false;
    out->storage = CT_Q_DENSE;
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_halves_number(f, mask, s == 0, &halves[s]));
    for (uint64_t attempt = 0; attempt < 8 && !proved; attempt++) {
        ct_u128 cells = 0;
        CT_TRY(classify_sides(f, halves, attempt, out));
        CT_TRY(fill_cells(f, halves, out, &cells, &proved));
        proved &= cells == f->ones;
    }
    if (!proved)
        CT_TRY(fail_collided());
done:
    ct_free(halves[0].of_image);
    ct_free(halves[1].of_image);
    return status;
}
