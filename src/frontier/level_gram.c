/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/level_gram.h"

#include <string.h>

#include "base/parallel.h"

#define GRAIN 64 /* rows that a thread takes at once: a line of the triangle serves as many */
#define AHEAD 24 /* lines of a triangle: no processor foresees their distances */
#define ALONE                                                                                      \
    ((size_t)1 << 16) /* entries of a level up to which other threads are not worth waking */

cutropy_status ct_level_gram_start(ct_level_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_level_gram){.count = 1, .blocks = 1, .words = 1};
    CT_NEW_ZERO(out->block, 1);
    CT_NEW_ZERO(out->place, 1);
    CT_NEW(out->size, 1);
    CT_NEW_ZERO(out->start, 2);
    CT_NEW(out->entry, 1);
    out->size[0] = 1;
    out->start[1] = 1;
    out->entry[0] = 1;
done:
    if (status != CUTROPY_OK)
        ct_level_gram_free(out);
    return status;
}

/* ---- entries ---- */

/* What one bit adds to the entries of level k. The states of both levels stand in the order of their blocks. */
typedef struct ct_stepping {
    const ct_level_gram *then; /* level k + 1 */
    ct_level_gram *now;        /* level k */
    const int32_t *member;     /* its states in that order */
    int32_t *block, *place;    /* of their successors; block -1: dead */
    int32_t *order;            /* their numbers in that order, sorted by their successors */
    size_t alive;              /* how many have one */
    uint64_t *row;             /* threads x GRAIN rows of level k + 1, each with a zero behind it */
    size_t room;               /* words of one */
    int32_t longest;           /* states of a block of level k + 1: where that zero stands */
    int32_t *at;               /* threads x states: fill_run's */
} ct_stepping;

static void stepping_free(ct_stepping *s)
{
    ct_free(s->block);
    ct_free(s->place);
    ct_free(s->order);
    ct_free(s->row);
    ct_free(s->at);
}

/* Rows of a block in full, from its triangle: places ascending, `count` of them. Together, as what stands above the
 * diagonal of neighbours stands together in memory. */
static void expand_rows(const ct_level_gram *g, int32_t block, const int32_t *place, int count,
                        uint64_t *row, size_t room)
{
    const size_t words = g->words, n = (size_t)g->size[block];
    const uint64_t *base = g->entry + g->start[block] * words;
    int first = 0; /* of the places behind the diagonal */
    for (int32_t i = 0; i < place[count - 1]; i++) {
        const size_t a = (size_t)i;
        const uint64_t *line = base + (a * n - a * (a + 1) / 2) * words; /* (a, 0) */
        while (place[first] <= i)
            first++;
        const size_t later = a + AHEAD < n ? a + AHEAD : n - 1;
        const uint64_t *ahead = base + (later * n - later * (later + 1) / 2) * words;
        for (int r = first; r < count; r++)
            __builtin_prefetch(ahead + (size_t)place[r] * words);
        for (int r = first; r < count; r++)
            for (size_t w = 0; w < words; w++)
                row[(size_t)r * room + a * words + w] = line[(size_t)place[r] * words + w];
    }
    for (int r = 0; r < count; r++) {
        const size_t p = (size_t)place[r];
        memcpy(row + (size_t)r * room + p * words,
               ct_level_gram_entry(g, block, place[r], place[r]), (n - p) * words * sizeof *row);
    }
}

/* out += number, which has fewer words or as many; the sum fits. */
static void add_words(uint64_t *out, size_t words, const uint64_t *number, size_t fewer)
{
    uint64_t carry = ct_words_add(out, number, fewer);
    for (size_t w = fewer; carry && w < words; w++)
        carry = ++out[w] == 0;
}

/* Both bounds; that of nothing has no bit set. */
static void add_bounds(uint64_t *out, const uint64_t *number)
{
    double sum[2], more[2];
    memcpy(sum, out, sizeof sum);
    memcpy(more, number, sizeof more);
    sum[0] += more[0];
    sum[1] += more[1];
    memcpy(out, sum, sizeof sum);
}

/* To the entries from the diagonal on of the state with number m in the order, whose successor has this row. Where state m + j has
 * no successor in the same block, at[j] is the place of a zero: a branch there would be guessed wrong half of the time. */
static void add_row(const ct_stepping *s, size_t m, const uint64_t *row, const int32_t *at)
{
    ct_level_gram *now = s->now;
    const int32_t mine = now->block[s->member[m]], place = now->place[s->member[m]],
                  left = now->size[mine] - place;
    const size_t from = s->then->words, words = now->words, some = from < words ? from : words;
    uint64_t *out =
        now->entry + (size_t)(ct_level_gram_entry(now, mine, place, place) - now->entry);
    if (now->bounds)
        for (int32_t j = 0; j < left; j++)
            add_bounds(out + 2 * (size_t)j, row + 2 * (size_t)at[j]);
    else if (words == 1)
        for (int32_t j = 0; j < left; j++)
            out[j] += row[at[j]];
    else
        for (int32_t j = 0; j < left; j++)
            if (at[j] != s->longest)
                add_words(out + (size_t)j * words, words, row + (size_t)at[j] * from, some);
}

/* States of which the successors lie in one block, and so they in one. */
static void fill_run(const ct_stepping *s, const int32_t *order, int count, uint64_t *row,
                     int32_t *at)
{
    int32_t place[GRAIN], distinct = 0, begin = s->now->count;
    for (int r = 0; r < count; r++) {
        if (!distinct || place[distinct - 1] != s->place[order[r]])
            place[distinct++] = s->place[order[r]];
        begin = order[r] < begin ? order[r] : begin;
    }
    const int32_t first = s->member[begin], block = s->block[begin],
                  end = begin + s->now->size[s->now->block[first]] - s->now->place[first];
    for (int32_t m = begin; m < end; m++)
        at[m] = s->block[m] == block ? s->place[m] : s->longest;
    expand_rows(s->then, block, place, distinct, row, s->room);
    distinct = 0;
    for (int r = 0; r < count; r++) {
        distinct += place[distinct] != s->place[order[r]];
        add_row(s, (size_t)order[r], row + (size_t)distinct * s->room, at + order[r]);
    }
}

static void fill_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_stepping *s = context;
    uint64_t *row = s->row + (size_t)thread * GRAIN * s->room;
    int32_t *at = s->at + (size_t)thread * (size_t)s->now->count;
    for (size_t r = first, end; r < last; r = end) {
        for (end = r + 1; end < last && s->block[s->order[end]] == s->block[s->order[r]];)
            end++;
        fill_run(s, s->order + r, (int)(end - r), row, at);
    }
}

size_t ct_level_gram_bits(const ct_level_gram *g)
{
    size_t most = 0;
    for (int32_t i = 0; i < g->count; i++) {
        const size_t bits = ct_words_bits(ct_level_gram_own(g, i), g->words);
        most = bits > most ? bits : most;
    }
    return most;
}

size_t ct_level_gram_next_words(const ct_level_gram *g)
{
    return g->bounds ? 2 : (ct_level_gram_bits(g) + 1 + 63) / 64;
}

static cutropy_status check_memory(const ct_level_gram *then, const ct_level_gram *now, int k,
                                   uint64_t limit)
{
    const uint64_t bytes =
        8 * (then->start[then->blocks] * then->words + now->start[now->blocks] * now->words);
    if (bytes <= limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "the Gram matrices of levels %d (%d states) and %d need %s but %s may be used "
                   "(--memory raises the limit)",
                   k, now->count, k + 1, CT_BYTES(bytes), CT_BYTES(limit));
}

/* Successors by one bit, and the order of the states by them. begin: where the blocks of level k + 1 begin. */
static cutropy_status sort_successors(int32_t (*next)[2], int bit, const int32_t *begin,
                                      ct_stepping *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_level_gram *then = s->then;
    int32_t *at = NULL;
    CT_NEW_ZERO(at, (size_t)then->count + 1);
    for (int32_t m = 0; m < s->now->count; m++) {
        const int32_t to = next[s->member[m]][bit];
        s->block[m] = to < 0 ? -1 : then->block[to];
        s->place[m] = to < 0 ? 0 : then->place[to];
        if (to >= 0)
            at[begin[s->block[m]] + s->place[m] + 1]++;
    }
    for (int32_t t = 0; t < then->count; t++)
        at[t + 1] += at[t];
    s->alive = (size_t)at[then->count];
    for (int32_t m = 0; m < s->now->count; m++)
        if (s->block[m] >= 0)
            s->order[at[begin[s->block[m]] + s->place[m]]++] = m;
done:
    ct_free(at);
    return status;
}

static cutropy_status fill_entries(const ct_level_gram *then, int32_t (*next)[2], int threads,
                                   ct_level_gram *now)
{
    cutropy_status status = CUTROPY_OK;
    ct_stepping s = {.then = then, .now = now};
    int32_t *member = NULL, *begin = NULL, *other = NULL, *begin_then = NULL;
    for (int32_t b = 0; b < then->blocks; b++)
        s.longest = then->size[b] > s.longest ? then->size[b] : s.longest;
    s.room = (((size_t)s.longest + 1) * then->words + 15) / 8 * 8;
    if (now->start[now->blocks] <= ALONE)
        threads = 1;
    CT_NEW_ZERO(s.row, (size_t)threads * GRAIN * s.room);
    CT_NEW(s.at, (size_t)threads * (size_t)now->count);
    CT_NEW(s.block, now->count);
    CT_NEW(s.place, now->count);
    CT_NEW(s.order, now->count);
    CT_TRY(ct_level_blocks_members(now, &member, &begin));
    CT_TRY(ct_level_blocks_members(then, &other, &begin_then));
    s.member = member;
    CT_NEW_ZERO(now->entry, now->start[now->blocks] * now->words);
    for (int bit = 0; bit < 2; bit++) {
        CT_TRY(sort_successors(next, bit, begin_then, &s));
        ct_parallel_for(threads, s.alive, GRAIN, fill_rows, &s);
    }
done:
    stepping_free(&s);
    ct_free(member);
    ct_free(begin);
    ct_free(other);
    ct_free(begin_then);
    return status;
}

/* ---- blocks that fall apart ---- */

static bool is_zero(const uint64_t *entry, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (entry[w])
            return false;
    return true;
}

/* Joins the states of a block by its entries that are not zero. Returns into how many parts it falls. */
static int32_t join_block(const ct_level_gram *g, int32_t block, const int32_t *member,
                          int32_t *parent)
{
    const int32_t n = g->size[block];
    const uint64_t *entry = ct_level_gram_entry(g, block, 0, 0);
    int32_t parts = n;
    for (int32_t i = 0; i < n && parts > 1; i++)
        for (int32_t j = i; j < n; j++, entry += g->words) {
            if (i == j || is_zero(entry, g->words) ||
                ct_level_blocks_find(parent, member[i]) == ct_level_blocks_find(parent, member[j]))
                continue;
            ct_level_blocks_join(parent, member[i], member[j]);
            parts--;
        }
    return parts;
}

static void copy_entries(const ct_level_gram *from, const int32_t *member, const int32_t *begin,
                         ct_level_gram *to)
{
    for (int32_t b = 0; b < to->blocks; b++) {
        const int32_t *mine = member + begin[b], n = to->size[b];
        uint64_t *out = to->entry + to->start[b] * to->words;
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = i; j < n; j++, out += to->words)
                memcpy(out,
                       ct_level_gram_entry(from, from->block[mine[i]], from->place[mine[i]],
                                           from->place[mine[j]]),
                       to->words * sizeof *out);
    }
}

cutropy_status ct_level_gram_split(ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *parent = NULL, *member = NULL, *begin = NULL, parts = 0;
    ct_level_gram fine = {.count = g->count, .words = g->words, .bounds = g->bounds};
    CT_NEW(parent, g->count);
    for (int32_t i = 0; i < g->count; i++)
        parent[i] = i;
    CT_TRY(ct_level_blocks_members(g, &member, &begin));
    for (int32_t b = 0; b < g->blocks; b++)
        parts += join_block(g, b, member + begin[b], parent);
    if (parts == g->blocks)
        goto done;
    CT_TRY(ct_level_blocks_number(parent, &fine));
    ct_free(member);
    ct_free(begin);
    member = begin = NULL;
    CT_TRY(ct_level_blocks_members(&fine, &member, &begin));
    CT_NEW(fine.entry, fine.start[fine.blocks] * fine.words);
    copy_entries(g, member, begin, &fine);
    ct_level_gram_free(g);
    *g = fine;
    fine = (ct_level_gram){0};
done:
    ct_level_gram_free(&fine);
    ct_free(parent);
    ct_free(member);
    ct_free(begin);
    return status;
}

/* ---- together ---- */

cutropy_status ct_level_gram_step(const ct_levels *levels, int k, uint64_t memory_limit,
                                  int threads, ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_gram now = {
        .count = levels->count[k], .bounds = g->bounds, .words = ct_level_gram_next_words(g)};
    CT_TRY(ct_level_blocks_coarse(levels->next[k], g, &now));
    CT_TRY(check_memory(g, &now, k, memory_limit));
    CT_TRY(fill_entries(g, levels->next[k], threads, &now));
    ct_level_gram_free(g);
    CT_TRY(ct_level_gram_split(&now));
    *g = now;
    now = (ct_level_gram){0};
done:
    ct_level_gram_free(&now);
    if (status != CUTROPY_OK)
        ct_level_gram_free(g);
    return status;
}

static void measure(const ct_level_gram *g, int k, uint64_t *entries, int32_t *size)
{
    entries[k] = g->start[g->blocks];
    size[k] = 0;
    for (int32_t b = 0; b < g->blocks; b++)
        size[k] = g->size[b] > size[k] ? g->size[b] : size[k];
}

cutropy_status ct_level_gram_bound(const ct_levels *levels, int lowest, uint64_t *entries,
                                   int32_t *size)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_gram then, now = {0};
    CT_TRY(ct_level_gram_start(&then));
    measure(&then, levels->pixels, entries, size);
    for (int k = levels->pixels - 1; k >= lowest; k--) {
        now = (ct_level_gram){.count = levels->count[k]};
        CT_TRY(ct_level_blocks_coarse(levels->next[k], &then, &now));
        measure(&now, k, entries, size);
        ct_level_gram_free(&then);
        then = now;
        now = (ct_level_gram){0};
    }
done:
    ct_level_gram_free(&now);
    ct_level_gram_free(&then);
    return status;
}

cutropy_status ct_level_gram_check(const ct_level_gram *g, const ct_counts *counts, int k)
{
    cutropy_status status = CUTROPY_OK;
    const ct_big whole = ct_words_view(ct_counts_total(counts), counts->words);
    ct_big trace = {0}, term = {0};
    for (int32_t i = 0; i < g->count; i++) {
        const ct_big entry = ct_words_view(ct_level_gram_own(g, i), g->words),
                     weight =
                         ct_words_view(counts->count[k] + (size_t)i * counts->words, counts->words);
        CT_TRY(ct_big_multiply(&term, &entry, &weight));
        CT_TRY(ct_big_add(&trace, &trace, &term));
    }
    if (ct_big_compare(&trace, &whole))
        status = ct_fail(CUTROPY_EINTERNAL,
                         "the Gram matrix of level %d has another trace than <f|f>", k);
done:
    ct_big_free(&trace);
    ct_big_free(&term);
    return status;
}
