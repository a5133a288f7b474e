/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/big_answer.h"

#include <string.h>

#include "certify/integer_block.h"

static cutropy_status keep(ct_arena *arena, const ct_big *number, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    void *limbs = NULL;
    const size_t bytes = number->count * sizeof *number->limb;
    if (bytes) {
        CT_TRY(ct_arena_get(arena, "answer", bytes, &limbs));
        memcpy(limbs, number->limb, bytes);
    }
    *out = (ct_big){limbs, number->count};
done:
    return status;
}

/* |G_ij| */
static cutropy_status keep_entry(ct_arena *arena, const ct_gram *gram, int64_t i, int64_t j,
                                 ct_big *out)
{
    uint64_t word[CT_WIDE_WORDS];
    ct_big size = {word, CT_WIDE_WORDS};
    memcpy(word, gram->integer + (i * gram->n + j) * CT_WIDE_WORDS, sizeof word);
    if (word[CT_WIDE_WORDS - 1] >> 63) { /* -x = ~x + 1 */
        bool carry = true;
        for (int w = 0; w < CT_WIDE_WORDS; w++) {
            word[w] = ~word[w] + carry;
            carry = carry && !word[w];
        }
    }
    while (size.count && !word[size.count - 1])
        size.count--;
    return keep(arena, &size, out);
}

static cutropy_status keep_weight(ct_arena *arena, uint64_t weight, ct_big *out)
{
    uint64_t limb[2];
    const ct_big view = ct_big_view(weight, limb);
    return keep(arena, &view, out);
}

/* n <= 2; n = 1 has one entry and one multiplicity */
static cutropy_status keep_matrix(ct_arena *arena, const ct_gram *gram, ct_big_integers *big)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(keep_entry(arena, gram, 0, 0, &big->g[0]));
    CT_TRY(keep_weight(arena, gram->weight[0], &big->weight[0]));
    if (gram->n == 1)
        return CUTROPY_OK;
    CT_TRY(keep_entry(arena, gram, 0, 1, &big->g[1]));
    CT_TRY(keep_entry(arena, gram, 1, 1, &big->g[2]));
    CT_TRY(keep_weight(arena, gram->weight[1], &big->weight[1]));
done:
    return status;
}

/* Entries of H are below 2^168: no exponent is needed. */
static cutropy_status make_matrix(ct_arena *arena, const ct_integer_block *block, double **out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t exponent;
    void *matrix;
    CT_TRY(ct_arena_get(arena, "answer", (size_t)(block->n * block->n) * sizeof(double), &matrix));
    *out = matrix;
    ct_integer_block_double(block, *out, &exponent);
done:
    return status;
}

cutropy_status ct_answer_big_block(ct_arena *arena, const ct_gram *gram, ct_big *cube,
                                   ct_block_answer *out, double **matrix)
{
    cutropy_status status = CUTROPY_OK;
    const ct_integer_block block = ct_gram_integers(gram);
    ct_big square = {0};
    void *room;
    CT_TRY(ct_arena_get(arena, "answer", sizeof(ct_big_integers), &room));
    ct_big_integers *big = room;
    *big = (ct_big_integers){0};
    out->big = big;
    CT_TRY(ct_integer_block_moments(&block, &square, cube));
    CT_TRY(keep(arena, &square, &big->square_sum));
    CT_TRY(gram->n <= 2 ? keep_matrix(arena, gram, big) : make_matrix(arena, &block, matrix));
done:
    ct_big_free(&square);
    return status;
}

cutropy_status ct_answer_big_whole(ct_arena *arena, const ct_big *norm, ct_block_answer *out,
                                   const ct_big **cube)
{
    cutropy_status status = CUTROPY_OK;
    ct_big power = {0};
    void *room, *last;
    CT_TRY(ct_arena_get(arena, "answer", sizeof(ct_big_integers), &room));
    CT_TRY(ct_arena_get(arena, "answer", sizeof(ct_big), &last));
    ct_big_integers *big = room;
    *big = (ct_big_integers){0};
    out->big = big;
    CT_TRY(keep(arena, norm, &big->g[0]));
    CT_TRY(keep_weight(arena, 1, &big->weight[0]));
    CT_TRY(ct_big_multiply(&power, norm, norm));
    CT_TRY(keep(arena, &power, &big->square_sum));
    CT_TRY(ct_big_multiply(&power, &power, norm));
    CT_TRY(keep(arena, &power, last));
    *cube = last;
done:
    ct_big_free(&power);
    return status;
}
