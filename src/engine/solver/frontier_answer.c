/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks are numbered by their first class of region A, and each is answered on its smaller side: on the
 * side of the level from its Gram matrix, on the other one from the entries of Q between its classes. */
#include "engine/solver/frontier_answer.h"

#include <string.h>

#include "certify/integer_block.h"
#include "engine/cut/mirror.h"
#include "engine/solver/big_answer.h"
#include "frontier/paths.h"

/* One cut on its way to an answer. Side 0: that of the level, 1: the other one. */
typedef struct ct_making {
    const ct_solver_setting *setting;
    const ct_level_cut *cut;
    const ct_level_gram *g;
    const ct_levels *levels[2];
    const ct_counts *counts[2];
    int level[2];
    int32_t *block_of[2]; /* of each class, numbered as in the answer */
    int32_t *member[2];   /* the classes of all blocks, one block after the other */
    int32_t *begin[2];    /* blocks + 1 */
    int32_t *own;         /* blocks of g, by those of the answer */
    int32_t *mirror;      /* of the classes of the level, NULL: none */
    uint8_t *word;        /* images that lead to the classes of the other side, NULL: not yet */
    size_t words[2];      /* of integers that hold every entry and a sign */
    ct_arena block;       /* of one block, where nothing of it stays */
    ct_level_answer *out;
} ct_making;

static void making_free(ct_making *m)
{
    for (int s = 0; s < 2; s++) {
        ct_free(m->block_of[s]);
        ct_free(m->member[s]);
        ct_free(m->begin[s]);
    }
    ct_free(m->own);
    ct_free(m->mirror);
    ct_free(m->word);
    ct_arena_free(&m->block);
}

/* ---- blocks ---- */

/* Blocks of the answer by the first classes of region A. */
static cutropy_status order_blocks(ct_making *m)
{
    cutropy_status status = CUTROPY_OK;
    const int first = m->cut->swapped; /* the side that is region A */
    int32_t *new = NULL, count = 0;
    CT_NEW(new, m->g->blocks);
    CT_NEW(m->own, m->g->blocks);
    for (int32_t b = 0; b < m->g->blocks; b++)
        new[b] = -1;
    for (int32_t i = 0; i < m->levels[first]->count[m->level[first]]; i++) {
        const int32_t b = m->block_of[first][i];
        if (new[b] < 0) {
            m->own[count] = b;
            new[b] = count++;
        }
    }
    for (int s = 0; s < 2; s++)
        for (int32_t i = 0; i < m->levels[s]->count[m->level[s]]; i++)
            m->block_of[s][i] = new[m->block_of[s][i]];
done:
    ct_free(new);
    return status;
}

static cutropy_status list_members(ct_making *m, int side)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t count = m->levels[side]->count[m->level[side]];
    int32_t *place = NULL;
    CT_NEW(m->member[side], count);
    CT_NEW_ZERO(m->begin[side], m->g->blocks + 1);
    CT_NEW(place, m->g->blocks);
    for (int32_t i = 0; i < count; i++)
        m->begin[side][m->block_of[side][i] + 1]++;
    for (int32_t b = 0; b < m->g->blocks; b++) {
        m->begin[side][b + 1] += m->begin[side][b];
        place[b] = m->begin[side][b];
    }
    for (int32_t i = 0; i < count; i++)
        m->member[side][place[m->block_of[side][i]]++] = i;
done:
    ct_free(place);
    return status;
}

/* Every class of the other side lies in the block of a class with which it makes an image of label 1. */
static cutropy_status find_blocks(ct_making *m)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t others = m->levels[1]->count[m->level[1]];
    CT_NEW(m->block_of[0], m->g->count);
    CT_NEW(m->block_of[1], others);
    memcpy(m->block_of[0], m->g->block, (size_t)m->g->count * sizeof *m->g->block);
    CT_TRY(ct_paths_partners(m->levels[0], m->levels[1], m->level[0], m->block_of[1]));
    for (int32_t c = 0; c < others; c++)
        m->block_of[1][c] = m->g->block[m->block_of[1][c]];
    CT_TRY(order_blocks(m));
    for (int s = 0; s < 2; s++)
        CT_TRY(list_members(m, s));
done:
    return status;
}

static int64_t size_of(const ct_making *m, int64_t block, int side)
{
    return m->begin[side][block + 1] - m->begin[side][block];
}

/* ---- the matrix of a block ---- */

/* Does class c of the other side make an image of label 1 with class i? */
static bool makes_one(const ct_making *m, int32_t i, int32_t c)
{
    const int length = m->level[1];
    return ct_paths_walk(m->levels[0], m->level[0], i,
                         m->word + (size_t)c * (size_t)length + length - 1, -1, length) >= 0;
}

/* On the other side: Q^T D_m Q of the block, added up class by class. */
static cutropy_status other_matrix(ct_making *m, int64_t block, size_t words, uint64_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = size_of(m, block, 1), rows = size_of(m, block, 0);
    const int32_t *mine = m->member[1] + m->begin[1][block],
                  *theirs = m->member[0] + m->begin[0][block];
    const size_t from = m->counts[0]->words;
    int64_t *lit = NULL;
    if (!m->word)
        CT_TRY(ct_paths_first(m->levels[1], m->level[1], &m->word));
    CT_NEW(lit, n);
    memset(out, 0, (size_t)(n * n) * words * sizeof *out);
    for (int64_t r = 0; r < rows; r++) {
        const uint64_t *weight = m->counts[0]->count[m->level[0]] + (size_t)theirs[r] * from;
        int64_t count = 0;
        for (int64_t c = 0; c < n; c++)
            if (makes_one(m, theirs[r], mine[c]))
                lit[count++] = c;
        for (int64_t a = 0; a < count; a++)
            for (int64_t b = a; b < count; b++) {
                uint64_t *entry = out + (size_t)(lit[a] * n + lit[b]) * words;
                uint64_t carry = ct_words_add(entry, weight, from < words ? from : words);
                for (size_t w = from; carry && w < words; w++)
                    carry = ++entry[w] == 0;
            }
    }
done:
    ct_free(lit);
    return status;
}

static void own_matrix(const ct_making *m, int64_t block, size_t words, uint64_t *out)
{
    const ct_level_gram *g = m->g;
    const int32_t b = m->own[block], n = g->size[b];
    const size_t some = g->words < words ? g->words : words;
    for (int32_t i = 0; i < n; i++) {
        const uint64_t *entry = ct_level_gram_entry(g, b, i, i);
        uint64_t *to = out + ((size_t)i * (size_t)n + (size_t)i) * words;
        for (int32_t j = i; j < n; j++, to += words, entry += g->words) {
            memcpy(to, entry, some * sizeof *to);
            memset(to + some, 0, (words - some) * sizeof *to);
        }
    }
}

/* Bytes that the matrices of a block take at once: integers, doubles and halves, or cubes. */
static cutropy_status check_memory(const ct_making *m, int64_t n, size_t words)
{
    const uint64_t limit = m->setting->memory_limit,
                   cube = m->out->answer.cube_big ? CT_CUBE_BYTES : 0,
                   bytes = (uint64_t)n * (uint64_t)n * (8 * (2 * words + 1) + cube) +
                           8 * m->g->start[m->g->blocks] * m->g->words;
    if (bytes <= limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "a Gram matrix of dimension %lld needs %s but %s may be used (--memory raises "
                   "the limit)",
                   (long long)n, CT_BYTES(bytes), CT_BYTES(limit));
}

static cutropy_status make_gram(ct_making *m, int64_t block, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int side = size_of(m, block, 1) < size_of(m, block, 0);
    const int64_t n = size_of(m, block, side);
    const ct_counts *counts = m->counts[side];
    const size_t words = ct_is_big(m->setting->f) ? m->words[side] : 1,
                 weight_words = counts->words;
    const int32_t *member = m->member[side] + m->begin[side][block];
    ct_arena *arena = m->setting->want_exact ? &m->out->arena : &m->block;
    void *matrix, *weight;
    CT_TRY(check_memory(m, n, words));
    CT_TRY(ct_arena_get(arena, "gram", (size_t)(n * n) * words * sizeof(uint64_t), &matrix));
    CT_TRY(ct_arena_get(arena, "gram", (size_t)n * weight_words * sizeof(uint64_t), &weight));
    *out = (ct_gram){.n = n,
                     .side = side != m->cut->swapped,
                     .integer = matrix,
                     .words = (int)words,
                     .weight = weight,
                     .weight_words = (int)weight_words};
    for (int64_t i = 0; i < n; i++)
        memcpy(out->weight + (size_t)i * weight_words,
               counts->count[m->level[side]] + (size_t)member[i] * weight_words,
               weight_words * sizeof *out->weight);
    if (side)
        CT_TRY(other_matrix(m, block, words, matrix));
    else
        own_matrix(m, block, words, matrix);
done:
    return status;
}

/* ---- what a block says ---- */

/* The classes of a block of the level by their places under the mirror; NULL: it goes elsewhere, or does not
 * hold. */
static cutropy_status mirror_block(const ct_making *m, int64_t block, const ct_integer_block *exact,
                                   const int32_t **out)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t *member = m->member[0] + m->begin[0][block];
    void *room;
    bool moves = false;
    *out = NULL;
    CT_TRY(ct_arena_get(&m->out->arena, "mirror", (size_t)exact->n * sizeof(int32_t), &room));
    int32_t *place = room;
    for (int64_t i = 0; i < exact->n; i++) {
        const int32_t to = m->mirror[member[i]];
        if (m->block_of[0][to] != block)
            return CUTROPY_OK;
        place[i] = m->g->place[to];
        moves = moves || place[i] != i;
    }
    *out = moves && ct_mirror_holds(exact, place) ? place : NULL;
done:
    return status;
}

static cutropy_status add_job(ct_making *m, const ct_integer_block *block, int64_t exponent,
                              double *values)
{
    cutropy_status status = CUTROPY_OK;
    void *matrix;
    if (!block->n)
        return CUTROPY_OK;
    CT_TRY(ct_arena_get(&m->out->matrices, "gram", (size_t)(block->n * block->n) * sizeof(double),
                        &matrix));
    CT_TRY(ct_integer_block_scaled(block, exponent, matrix));
    m->out->job[m->out->jobs++] = (ct_eigen_job){.n = block->n, .a = matrix, .values = values};
done:
    return status;
}

/* The eigenvalues of a block wait: of its halves, where it has a mirror. */
static cutropy_status add_jobs(ct_making *m, const ct_integer_block *exact, const int32_t *mirror,
                               ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t exponent = ct_integer_block_exponent(exact);
    ct_halved halved = {0};
    void *room;
    CT_TRY(ct_arena_get(&m->out->arena, "answer", (size_t)exact->n * sizeof(double), &room));
    double *values = room;
    out->values = values;
    out->exponent = (int)(exponent / 2);
    if (!mirror) {
        CT_TRY(add_job(m, exact, exponent, values));
        goto done;
    }
    CT_TRY(ct_mirror_halve(exact, mirror, &halved));
    for (int odd = 0; odd < 2; odd++)
        CT_TRY(add_job(m, &halved.half[odd], exponent + 1, values + odd * halved.half[0].n));
done:
    ct_halved_free(&halved);
    return status;
}

static cutropy_status answer_block(ct_making *m, int64_t block, ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_answer *a = m->out;
    ct_gram gram;
    const int32_t *mirror = NULL;
    void *room;
    *out = (ct_block_answer){
        .size = {size_of(m, block, m->cut->swapped), size_of(m, block, !m->cut->swapped)}};
    CT_TRY(make_gram(m, block, &gram));
    CT_TRY(ct_is_big(m->setting->f)
               ? ct_answer_big_sums(&a->arena, &gram, a->answer.cube_big ? &a->cube : NULL, out)
               : ct_answer_word_sums(&gram, m->setting->want_cube, &a->answer, out));
    if (gram.n <= 2)
        goto done;
    CT_TRY(ct_arena_get(&a->arena, "answer", sizeof(ct_integer_block), &room));
    ct_integer_block *exact = room;
    *exact = ct_gram_integers(&gram);
    if (m->mirror && gram.n >= CT_MIRROR_LEAST && gram.n == size_of(m, block, 0))
        CT_TRY(mirror_block(m, block, exact, &mirror));
    CT_TRY(add_jobs(m, exact, mirror, out));
    if (m->setting->want_exact) {
        out->exact = exact;
        out->mirror = mirror;
    }
done:
    ct_arena_reset(&m->block);
    return status;
}

/* ---- the answer ---- */

static cutropy_status find_mirror(ct_making *m)
{
    cutropy_status status = CUTROPY_OK;
    bool is_one = false;
    if (!m->cut->width)
        return CUTROPY_OK;
    CT_NEW(m->mirror, m->g->count);
    CT_TRY(ct_paths_mirror(m->levels[0], m->level[0], m->cut->width, m->mirror, &is_one));
    if (!is_one) {
        ct_free(m->mirror);
        m->mirror = NULL;
    }
done:
    return status;
}

static cutropy_status make_blocks(ct_making *m)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_answer *a = m->out;
    const size_t count = (size_t)m->g->blocks;
    const bool big = ct_is_big(m->setting->f);
    void *block, *job;
    CT_TRY(ct_arena_get(&a->arena, "answer", count * sizeof(ct_block_answer), &block));
    CT_TRY(ct_arena_get(&a->arena, "answer", 2 * count * sizeof(ct_eigen_job), &job));
    a->job = job;
    a->answer =
        (ct_cut_answer){.kind = CUTROPY_KIND_LABEL,
                        .classes = {m->levels[m->cut->swapped]->count[m->level[m->cut->swapped]],
                                    m->levels[!m->cut->swapped]->count[m->level[!m->cut->swapped]]},
                        .blocks = m->g->blocks,
                        .block = block,
                        .has_cube = m->setting->want_cube,
                        .cube_big = m->setting->want_cube && big ? &a->cube : NULL};
    for (size_t b = 0; b < count; b++)
        CT_TRY(answer_block(m, (int64_t)b, (ct_block_answer *)block + b));
done:
    return status;
}

cutropy_status ct_level_answer_make(const ct_solver_setting *setting, const ct_level_cut *cut,
                                    const ct_level_gram *g, ct_level_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = setting->f->pixels;
    const ct_reading *r = cut->reading;
    ct_making m = {.setting = setting,
                   .cut = cut,
                   .g = g,
                   .levels = {&r->side[cut->direction], &r->side[1 - cut->direction]},
                   .counts = {&r->count[cut->direction], &r->count[1 - cut->direction]},
                   .level = {cut->level, pixels - cut->level},
                   .out = out};
    *out = (ct_level_answer){0};
    m.words[0] = ct_level_gram_bits(g) / 64 + 1;
    m.words[1] = r->count[0].words; /* those of <f|f> */
    CT_TRY(find_blocks(&m));
    CT_TRY(find_mirror(&m));
    CT_TRY(make_blocks(&m));
done:
    making_free(&m);
    return status;
}

/* Two ascending parts of an array become one; room: for both. */
static void merge(double *values, int64_t first, int64_t count, double *room)
{
    memcpy(room, values, (size_t)count * sizeof *room);
    for (int64_t i = 0, j = first, k = 0; k < count; k++)
        values[k] = j == count || (i < first && room[i] <= room[j]) ? room[i++] : room[j++];
}

cutropy_status ct_level_answer_solve(const ct_solver_setting *setting, const ct_watch *watch,
                                     ct_level_answer *a)
{
    cutropy_status status = CUTROPY_OK;
    double *room = NULL;
    int64_t longest = 1;
    size_t job = 0;
    if (!a->jobs)
        return CUTROPY_OK;
    CT_TRY(setting->operations->eigenvalues(a->jobs, a->job, watch, setting->threads));
    for (int64_t b = 0; b < a->answer.blocks; b++)
        for (int s = 0; s < 2; s++)
            if (a->answer.block[b].size[s] > longest)
                longest = a->answer.block[b].size[s];
    CT_NEW(room, longest);
    for (int64_t b = 0; b < a->answer.blocks; b++) {
        const ct_block_answer *block = &a->answer.block[b];
        const int64_t n = block->size[0] < block->size[1] ? block->size[0] : block->size[1];
        if (!block->values)
            continue;
        if (a->job[job].n < n) {
            merge(a->job[job].values, a->job[job].n, n, room);
            job++;
        }
        job++;
    }
done:
    ct_free(room);
    ct_arena_free(&a->matrices);
    return status;
}

void ct_level_answer_free(ct_level_answer *a)
{
    ct_big_free(&a->cube);
    ct_arena_free(&a->arena);
    ct_arena_free(&a->matrices);
    *a = (ct_level_answer){0};
}
