/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of which there is nothing but the answer of a solver, in integers of any size: its matrices go the way
 * of those that the CPU finds. */
#include <string.h>

#include "certify/integer_block.h"
#include "engine/cut/big_block.h"
#include "engine/cut/mirror.h"
#include "engine/prove/proof.h"
#include "engine/prove/prove.h"

/* The blocks of an answer, and those that are proved instead: the same ones, or, where a block has a mirror,
 * halves and all eigenvalues twice as large. */
typedef struct ct_given {
    int64_t count;
    ct_integer_block *block;
    int64_t **gram; /* own words of block b, or NULL */
    uint64_t **weight;
    bool doubled;
    int64_t pieces;
    ct_integer_block *piece;
    ct_halved *halved;
    uint64_t **twice;
} ct_given;

static void free_given(ct_given *given)
{
    for (int64_t b = 0; b < given->count; b++) {
        if (given->gram)
            ct_free(given->gram[b]);
        if (given->weight)
            ct_free(given->weight[b]);
        if (given->halved)
            ct_halved_free(&given->halved[b]);
        if (given->twice)
            ct_free(given->twice[b]);
    }
    ct_free(given->gram);
    ct_free(given->weight);
    ct_free(given->block);
    ct_free(given->piece);
    ct_free(given->halved);
    ct_free(given->twice);
}

static void put(uint64_t *out, size_t words, const ct_big *number)
{
    memset(out, 0, words * sizeof *out);
    if (number->count)
        memcpy(out, number->limb, number->count * sizeof *out);
}

static size_t longest(const ct_big *number, int64_t count)
{
    size_t words = 1;
    for (int64_t i = 0; i < count; i++)
        words = number[i].count > words ? number[i].count : words;
    return words;
}

/* n <= 2: the sign of G_01 does not matter. */
static cutropy_status make_small(const ct_block_answer *answer, int64_t n, ct_given *given,
                                 int64_t b)
{
    cutropy_status status = CUTROPY_OK;
    ct_big_integers integers = {0};
    uint64_t *gram = NULL, *weight = NULL;
    CT_TRY(ct_big_integers_of(answer, &integers));
    const size_t words = longest(integers.g, 3) + 1, weight_words = longest(integers.weight, 2);
    CT_NEW_ZERO(gram, (size_t)(n * n) * words);
    given->gram[b] = (int64_t *)gram;
    CT_NEW(weight, (size_t)n * weight_words);
    given->weight[b] = weight;
    for (int64_t i = 0; i < n; i++) {
        put(weight + (size_t)i * weight_words, weight_words, &integers.weight[i]);
        for (int64_t j = i; j < n; j++)
            put(gram + (size_t)(i * n + j) * words, words, &integers.g[i + j]);
    }
    given->block[b] = (ct_integer_block){.n = n,
                                         .gram = (const int64_t *)gram,
                                         .weight = weight,
                                         .words = (int)words,
                                         .weight_words = (int)weight_words};
done:
    ct_big_integers_free(&integers);
    return status;
}

/* *all = false: there is a block without its matrix. */
static cutropy_status make_given(const ct_cut_answer *answer, ct_given *given, bool *all)
{
    cutropy_status status = CUTROPY_OK;
    *all = true;
    CT_NEW_ZERO(given->block, answer->blocks);
    CT_NEW_ZERO(given->gram, answer->blocks);
    CT_NEW_ZERO(given->weight, answer->blocks);
    for (int64_t b = 0; b < answer->blocks && *all; b++) {
        const ct_block_answer *block = &answer->block[b];
        const int64_t n = block->size[0] < block->size[1] ? block->size[0] : block->size[1];
        given->count++;
        *all = n <= 2 || block->exact;
        if (n <= 2)
            CT_TRY(make_small(block, n, given, b));
        else if (block->exact)
            given->block[b] = *block->exact;
        if (n > 2 && block->exact && block->exact->n != n)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "a solver gave a matrix of another size"));
    }
done:
    return status;
}

/* The matrices must have the trace <f|f> and the sum of squares of which the purity was made. */
static cutropy_status check_given(const ct_function *f, const ct_cut_answer *answer,
                                  const ct_given *given)
{
    cutropy_status status = CUTROPY_OK;
    ct_big trace = {0}, square = {0};
    ct_big_integers told = {0};
    uint64_t limb[2];
    for (int64_t b = 0; b < given->count; b++) {
        ct_big_free(&square);
        ct_big_integers_free(&told);
        told = (ct_big_integers){0};
        CT_TRY(ct_big_integers_of(&answer->block[b], &told));
        CT_TRY(ct_integer_block_trace(&given->block[b], &trace));
        CT_TRY(ct_integer_block_moments(&given->block[b], &square, NULL));
        if (ct_big_compare(&square, &told.square_sum))
            CT_TRY(ct_fail(CUTROPY_ENUMERIC, "the squares of a matrix of a solver add up to "
                                             "another sum than it says"));
    }
    const ct_big norm = ct_norm_view(f, limb);
    if (ct_big_compare(&trace, &norm))
        status = ct_fail(CUTROPY_ENUMERIC, "the traces of a solver's matrices do not add up to "
                                           "<f|f>");
done:
    ct_big_free(&trace);
    ct_big_free(&square);
    ct_big_integers_free(&told);
    return status;
}

/* given->piece: what the provers get. */
static cutropy_status make_pieces(const ct_cut_answer *answer, ct_given *given)
{
    cutropy_status status = CUTROPY_OK;
    for (int64_t b = 0; b < given->count; b++)
        given->doubled = given->doubled || answer->block[b].mirror;
    CT_NEW(given->piece, 2 * given->count);
    CT_NEW_ZERO(given->halved, given->count);
    CT_NEW_ZERO(given->twice, given->count);
    for (int64_t b = 0; b < given->count; b++) {
        ct_integer_block *piece = given->piece + given->pieces;
        if (!given->doubled) {
            piece[0] = given->block[b];
        } else if (!answer->block[b].mirror) {
            CT_TRY(ct_mirror_double(&given->block[b], &given->twice[b], &piece[0]));
        } else {
            CT_TRY(ct_mirror_halve(&given->block[b], answer->block[b].mirror, &given->halved[b]));
            piece[0] = given->halved[b].half[0];
            piece[1] = given->halved[b].half[1];
            given->pieces++;
        }
        given->pieces++;
    }
done:
    return status;
}

cutropy_status ct_prove_answer(const ct_setting *setting, const uint64_t *mask,
                               const ct_cut_answer *answer, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_given given = {0};
    bool all;
    CT_TRY(make_given(answer, &given, &all));
    if (all) {
        CT_TRY(check_given(setting->f, answer, &given));
        CT_TRY(make_pieces(answer, &given));
    }
    ct_proof p = {.setting = setting,
                  .threads = 1,
                  .record = record,
                  .given = all ? given.piece : NULL,
                  .given_count = all ? given.pieces : 0,
                  .mask = setting->f->storage == CT_AUTOMATON ? mask : NULL,
                  .doubled = given.doubled};
    CT_TRY(ct_prove(&p));
done:
    free_given(&given);
    return status;
}
