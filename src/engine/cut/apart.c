/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/apart.h"

#include "base/bits.h"

#define BYTES_A_LOOK 16 /* ct_differ_at_sight: copies, and tables of all threads */
#define GLANCE 64       /* what repeats usually does so among the first ones */

/* unit 0: the largest one is within 2^+-CT_ORDINARY_EXPONENT, and Gram matrices need no exponent. */
static bool has_plain_numbers(const ct_function *f)
{
    return f->storage == CT_VALUES && !f->unit &&
           (f->kind == CUTROPY_KIND_REAL || f->kind == CUTROPY_KIND_COMPLEX);
}

static uint64_t larger_side(const ct_function *f, uint64_t mask)
{
    const int na = ct_popcount(mask), nb = f->pixels - na;
    return UINT64_C(1) << (na > nb ? na : nb);
}

cutropy_status ct_apart_function(const ct_function *f, const uint64_t *masks, size_t count,
                                 uint64_t workspace, int threads, bool *apart)
{
    uint64_t looks = 0;
    *apart = false;
    if (!has_plain_numbers(f))
        return CUTROPY_OK;
    const uint64_t images = UINT64_C(1) << f->pixels;
    for (size_t i = 0; i < count && looks < images; i++)
        looks += larger_side(f, masks[i]);
    if (looks < images || images * BYTES_A_LOOK > workspace)
        return CUTROPY_OK;
    return ct_differ_at_sight(f->values, images, ct_value_bytes(f->kind) / 8, threads, apart);
}

/* The same of the images of some pixels, all others dark. */
static cutropy_status images_differ(const ct_function *f, uint64_t pixels, uint64_t most,
                                    int threads, bool *differ)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t *values = f->values, all = UINT64_C(1) << ct_popcount(pixels),
                   count = all < most ? all : most, words = ct_value_bytes(f->kind) / 8;
    uint64_t *key = NULL, image = 0;
    CT_NEW(key, count);
    /* x -> (x - pixels) & pixels runs through the images in ascending order */
    for (uint64_t i = 0; i < count; i++, image = (image - pixels) & pixels)
        key[i] = values[image * words];
    CT_TRY(ct_differ_at_sight(key, count, 1, threads, differ));
done:
    ct_free(key);
    return status;
}

cutropy_status ct_apart_cut(const ct_function *f, uint64_t mask, int threads, bool *apart)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t side[2] = {mask, ct_low_mask(f->pixels) & ~mask};
    *apart = has_plain_numbers(f);
    for (int all = 0; all < 2; all++)
        for (int s = 0; s < 2 && *apart; s++)
            CT_TRY(images_differ(f, side[s], all ? UINT64_MAX : GLANCE, threads, apart));
done:
    return status;
}

/* Whether the rows, images of these pixels, lie one after the other in f. */
static bool are_rows_of(const ct_function *f, uint64_t pixels)
{
    return pixels >> (f->pixels - ct_popcount(pixels)) == ct_low_mask(ct_popcount(pixels));
}

cutropy_status ct_apart_gram(const ct_function *f, uint64_t mask, const ct_operations *backend,
                             int threads, ct_arena *arena, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t rest = ct_low_mask(f->pixels) & ~mask;
    const int64_t n = INT64_C(1) << ct_popcount(mask), k = INT64_C(1) << ct_popcount(rest);
    void *matrix;
    *out = (ct_gram){.n = n};
    CT_TRY(ct_arena_get(arena, "gram", (size_t)(n * n) * ct_value_bytes(f->kind), &matrix));
    out->number = matrix;
    if (are_rows_of(f, mask) || (n == k && are_rows_of(f, rest)))
        CT_TRY((f->kind == CUTROPY_KIND_COMPLEX ? backend->gram_complex : backend->gram_real)(
            n, k, f->values, out->number, threads));
    else
        CT_TRY(backend->gram_cut(f, mask, out->number, threads));
done:
    return status;
}
