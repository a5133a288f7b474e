/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/big_answer.h"

#include <string.h>

#include "certify/integer_block.h"
#include "engine/cut/moments.h"

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

/* |x| of a number of two's complement, which becomes it in place. */
static ct_big magnitude(uint64_t *word, size_t words)
{
    ct_big size = {word, words};
    if (word[words - 1] >> 63) { /* -x = ~x + 1 */
        bool carry = true;
        for (size_t w = 0; w < words; w++) {
            word[w] = ~word[w] + carry;
            carry = carry && !word[w];
        }
    }
    while (size.count && !word[size.count - 1])
        size.count--;
    return size;
}

/* |G_ij| */
static cutropy_status keep_entry(ct_arena *arena, const ct_gram *gram, int64_t i, int64_t j,
                                 ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = gram->words ? (size_t)gram->words : 1;
    void *room;
    CT_TRY(ct_arena_get(arena, "answer", words * sizeof(uint64_t), &room));
    memcpy(room, gram->integer + (i * gram->n + j) * (int64_t)words, words * sizeof(uint64_t));
    *out = magnitude(room, words);
done:
    return status;
}

static cutropy_status keep_weight(ct_arena *arena, const ct_gram *gram, int64_t i, ct_big *out)
{
    const size_t words = gram->weight_words ? (size_t)gram->weight_words : 1;
    ct_big view = {gram->weight + (size_t)i * words, words};
    while (view.count && !view.limb[view.count - 1])
        view.count--;
    return keep(arena, &view, out);
}

/* n <= 2; n = 1 has one entry and one multiplicity */
static cutropy_status keep_matrix(ct_arena *arena, const ct_gram *gram, ct_big_integers *big)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(keep_entry(arena, gram, 0, 0, &big->g[0]));
    CT_TRY(keep_weight(arena, gram, 0, &big->weight[0]));
    if (gram->n == 1)
        return CUTROPY_OK;
    CT_TRY(keep_entry(arena, gram, 0, 1, &big->g[1]));
    CT_TRY(keep_entry(arena, gram, 1, 1, &big->g[2]));
    CT_TRY(keep_weight(arena, gram, 1, &big->weight[1]));
done:
    return status;
}

cutropy_status ct_answer_big_sums(ct_arena *arena, const ct_gram *gram, ct_big *cube,
                                  ct_block_answer *out)
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
    if (gram->n <= 2)
        CT_TRY(keep_matrix(arena, gram, big));
done:
    ct_big_free(&square);
    return status;
}

cutropy_status ct_answer_big_block(ct_arena *arena, const ct_gram *gram, ct_big *cube,
                                   ct_block_answer *out, double **matrix)
{
    cutropy_status status = CUTROPY_OK;
    const ct_integer_block block = ct_gram_integers(gram);
    int64_t exponent; /* none: entries of H are below 2^168 */
    void *room;
    CT_TRY(ct_answer_big_sums(arena, gram, cube, out));
    if (gram->n <= 2)
        return CUTROPY_OK;
    CT_TRY(ct_arena_get(arena, "answer", (size_t)(gram->n * gram->n) * sizeof(double), &room));
    *matrix = room;
    ct_integer_block_double(&block, *matrix, &exponent);
done:
    return status;
}

cutropy_status ct_answer_word_sums(const ct_gram *gram, bool want_cube, ct_cut_answer *answer,
                                   ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t *row = gram->integer, last = gram->n - 1;
    out->square_sum = ct_square_sum(gram);
    if (want_cube)
        CT_TRY(ct_cube_sum(gram, &answer->cube_sum, &answer->has_cube));
    if (gram->n > 2)
        return CUTROPY_OK;
    out->g[0] = row[0];
    out->g[1] = row[last];
    out->g[2] = row[last * gram->n + last];
    out->weight[0] = gram->weight[0];
    out->weight[1] = gram->weight[last];
done:
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
    CT_TRY(keep(arena, &(ct_big){&(uint64_t){1}, 1}, &big->weight[0]));
    CT_TRY(ct_big_multiply(&power, norm, norm));
    CT_TRY(keep(arena, &power, &big->square_sum));
    CT_TRY(ct_big_multiply(&power, &power, norm));
    CT_TRY(keep(arena, &power, last));
    *cube = last;
done:
    ct_big_free(&power);
    return status;
}
