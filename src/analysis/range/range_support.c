/* SPDX-License-Identifier: Apache-2.0 */
/* The range of a cut from the list of label-1 images.
 *
 * The halves that occur are sorted by their pixels, nearest to B first; then the argument of
 * range_rows.c holds for neighbours in this list. Labels +1/-1: every sA is extendable, and those
 * that do not occur form one more class; a gap between neighbours begins and ends with such an sA.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/range/range_cut.h"
#include "base/bits.h"
#include "engine/cut/quotient.h"

/* A half as a key: bit 63 of word 0 is the pixel nearest to B. */
typedef struct half {
    const uint64_t *key;
    size_t words;
    int32_t row_class;
} half;

typedef struct sorted_halves {
    uint64_t count;
    uint64_t *keys; /* count x words, by number */
    half *list;     /* count, ascending */
} sorted_halves;

static int compare_keys(const uint64_t *x, const uint64_t *y, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

static int compare_halves(const void *a, const void *b)
{
    const half *x = a, *y = b;
    return compare_keys(x->key, y->key, x->words);
}

/* The equal leading bits of two different keys. */
static int common_bits(const uint64_t *x, const uint64_t *y)
{
    int w = 0;
    while (x[w] == y[w])
        w++;
    return 64 * w + __builtin_clzll(x[w] ^ y[w]);
}

static cutropy_status sort_halves(const ct_function *f, const ct_layers *layers,
                                  const ct_halves *halves, const int32_t *class_of,
                                  sorted_halves *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = ((size_t)layers->na + 63) / 64;
    *out = (sorted_halves){.count = halves->count};
    CT_NEW_ZERO(out->keys, out->count * words);
    CT_NEW_ZERO(out->list, out->count);
    for (uint64_t i = 0; i < f->ones; i++) {
        half *h = &out->list[halves->of_image[i]];
        if (h->key)
            continue; /* not its first image */
        uint64_t *key = out->keys + halves->of_image[i] * words;
        const uint64_t *image = f->images + i * f->words;
        for (int k = 0; k < layers->na; k++)
            key[k >> 6] |= (uint64_t)ct_bit(image, (uint64_t)layers->pixel[k]) << (63 - (k & 63));
        *h = (half){.key = key, .words = words, .row_class = class_of[halves->of_image[i]]};
    }
    qsort(out->list, out->count, sizeof *out->list, compare_halves);
done:
    return status;
}

static void raise_needed(int *needed, const uint64_t *x, const uint64_t *y)
{
    int common = common_bits(x, y);
    *needed = common + 1 > *needed ? common + 1 : *needed;
}

/* Labels +1/-1, N <= 62: the sA beside a listed half that are not listed. */
static void add_gaps(const sorted_halves *halves, int na, int *needed)
{
    const uint64_t unit = UINT64_C(1) << (64 - na), last = ct_low_mask(na) << (64 - na);
    for (uint64_t i = 0; i < halves->count; i++) {
        const uint64_t here = halves->list[i].key[0], below = here - unit, above = here + unit;
        if (here != 0 && (i == 0 || halves->list[i - 1].key[0] != below))
            raise_needed(needed, &below, &here);
        if (here != last && (i + 1 == halves->count || halves->list[i + 1].key[0] != above))
            raise_needed(needed, &here, &above);
    }
}

static cutropy_status find_needed(const ct_function *f, const uint64_t *mask,
                                  const ct_layers *layers, ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    ct_quotient q = {0};
    ct_halves halves = {0};
    sorted_halves sorted = {0};
    CT_TRY(ct_quotient_build(f, mask, NULL, 1, &q));
    CT_TRY(ct_halves_number(f, mask, true, &halves));
    CT_TRY(sort_halves(f, layers, &halves, q.side[0].of_row, &sorted));
    found->classes = q.side[0].count;
    found->needed = 0;
    for (uint64_t i = 1; i < sorted.count; i++)
        if (sorted.list[i].row_class != sorted.list[i - 1].row_class)
            raise_needed(&found->needed, sorted.list[i - 1].key, sorted.list[i].key);
    if (f->value[0] != 0)
        add_gaps(&sorted, layers->na, &found->needed);
done:
    ct_free(sorted.keys);
    ct_free(sorted.list);
    ct_free(halves.of_image);
    ct_quotient_free(&q);
    return status;
}

/* Images with the same half B are compared with the first of them. */
static cutropy_status check_assumption(const ct_function *f, const uint64_t *mask,
                                       const ct_layers *layers, ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t near[CT_MAX_WORDS] = {0};
    ct_halves outside = {0};
    uint32_t *first = NULL; /* image + 1 */
    for (int k = 0; k < ct_layers_within(layers, 1); k++)
        ct_set_bit(near, (uint64_t)layers->pixel[k]);
    CT_TRY(ct_halves_number(f, mask, false, &outside));
    CT_NEW_ZERO(first, outside.count);
    found->assumption1 = true;
    for (uint64_t i = 0; i < f->ones && found->assumption1; i++) {
        uint32_t *start = &first[outside.of_image[i]];
        if (!*start) {
            *start = (uint32_t)i + 1;
            continue;
        }
        const uint64_t *x = f->images + (uint64_t)(*start - 1) * f->words;
        const uint64_t *y = f->images + i * f->words;
        uint64_t differ = 0;
        for (size_t w = 0; w < f->words; w++)
            differ |= (x[w] ^ y[w]) & near[w];
        if (differ) {
            found->assumption1 = false;
            memcpy(found->witness, x, f->words * sizeof *x);
            memcpy(found->witness + f->words, y, f->words * sizeof *y);
        }
    }
done:
    ct_free(first);
    ct_free(outside.of_image);
    return status;
}

cutropy_status ct_range_from_support(const ct_function *f, const uint64_t *mask,
                                     const ct_layers *layers, ct_cut_range *found)
{
    cutropy_status status = CUTROPY_OK;
    if (f->ones == 0) { /* labels +1/-1, all -1 or all +1: one row */
        found->classes = 1;
        found->needed = 0;
        found->assumption1 = true;
        return CUTROPY_OK;
    }
    CT_TRY(find_needed(f, mask, layers, found));
    CT_TRY(check_assumption(f, mask, layers, found));
done:
    return status;
}
