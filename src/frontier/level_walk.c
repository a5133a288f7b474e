/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/level_walk.h"

#include "frontier/level_blocks.h"

cutropy_status ct_level_walk_start(ct_level_walk *walk)
{
    return ct_level_gram_start(&walk->g);
}

void ct_level_walk_take(ct_level_walk *walk, ct_level_gram *out)
{
    *out = walk->g;
    walk->g = (ct_level_gram){0};
    ct_free(out->diagonal); /* it is among the entries */
    out->diagonal = NULL;
}

void ct_level_walk_end(ct_level_walk *walk)
{
    if (walk->matrix)
        walk->device->close(walk->matrix);
    walk->matrix = NULL;
    ct_level_gram_free(&walk->g);
}

/* Where the rows of g begin, for ct_level_shape; free with ct_free. */
static cutropy_status list_starts(const ct_level_gram *g, int64_t **start)
{
    cutropy_status status = CUTROPY_OK;
    int64_t m = 0;
    CT_NEW(*start, (size_t)g->count + 1);
    (*start)[0] = 0;
    for (int32_t b = 0; b < g->blocks; b++)
        for (int32_t left = g->size[b]; left > 0; left--, m++)
            (*start)[m + 1] = (*start)[m] + left;
done:
    return status;
}

static ct_level_shape shape_of(const ct_level_gram *g, const int64_t *start)
{
    return (ct_level_shape){
        .count = g->count, .start = start, .words = (int64_t)g->words, .bounds = g->bounds};
}

/* ---- a step on the device ---- */

/* What a step needs and says, in the order of the blocks. */
typedef struct ct_step_room {
    int32_t *member, *begin;           /* of the new level */
    int32_t *member_then, *begin_then; /* of the old one */
    int64_t *start;
    int32_t *to[2], *parent;
    uint64_t *diagonal;
} ct_step_room;

static void room_free(ct_step_room *r)
{
    ct_free(r->member);
    ct_free(r->begin);
    ct_free(r->member_then);
    ct_free(r->begin_then);
    ct_free(r->start);
    ct_free(r->to[0]);
    ct_free(r->to[1]);
    ct_free(r->parent);
    ct_free(r->diagonal);
}

static cutropy_status room_make(const ct_level_gram *then, const ct_level_gram *now,
                                int32_t (*next)[2], ct_step_room *r)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_level_blocks_members(now, &r->member, &r->begin));
    CT_TRY(ct_level_blocks_members(then, &r->member_then, &r->begin_then));
    CT_TRY(list_starts(now, &r->start));
    CT_NEW(r->to[0], now->count);
    CT_NEW(r->to[1], now->count);
    CT_NEW(r->parent, now->count);
    CT_NEW(r->diagonal, (size_t)now->count * now->words);
    for (int32_t m = 0; m < now->count; m++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t state = next[r->member[m]][bit];
            r->to[bit][m] = state < 0 ? -1 : r->begin_then[then->block[state]] + then->place[state];
        }
done:
    return status;
}

/* What the device says, of states: the diagonal, and the sets that its entries join, which lie in the blocks. */
static cutropy_status take_words(const ct_step_room *r, ct_level_gram *now, int32_t *parent)
{
    for (int32_t m = 0; m < now->count; m++) {
        const int32_t state = r->member[m], up = r->parent[m];
        if (up < r->begin[now->block[state]] || up > m)
            return ct_fail(CUTROPY_EINTERNAL, "a device joins states of different blocks");
        parent[state] = r->member[up];
        for (size_t w = 0; w < now->words; w++)
            now->diagonal[(size_t)state * now->words + w] = r->diagonal[(size_t)m * now->words + w];
    }
    return CUTROPY_OK;
}

/* The device makes the entries of *now from those of walk->g, of which it takes the place. next: of each state of *now. parent: as in
 * ct_level_blocks_number, by the entries that are not zero. Errors: CUTROPY_EMEMORY (walk->g is what it was), CUTROPY_EDEVICE,
 * CUTROPY_EINTERNAL; *now is freed then. */
static cutropy_status replace(ct_level_walk *walk, int32_t (*next)[2], ct_level_gram *now,
                              int32_t *parent)
{
    cutropy_status status = CUTROPY_OK;
    ct_step_room room = {0};
    CT_TRY(room_make(&walk->g, now, next, &room));
    CT_NEW(now->diagonal, (size_t)now->count * now->words);
    const ct_level_step step = {.shape = shape_of(now, room.start),
                                .to = {room.to[0], room.to[1]},
                                .parent = room.parent,
                                .diagonal = room.diagonal};
    CT_TRY(walk->device->step(walk->matrix, &step));
    status = take_words(&room, now, parent);
    ct_level_gram_free(&walk->g);
    walk->g = *now;
    *now = (ct_level_gram){0};
done:
    room_free(&room);
    ct_level_gram_free(now);
    return status;
}

/* Blocks as fine as the entries: the same matrix again, every state having itself for its only successor. */
static cutropy_status split(ct_level_walk *walk, int32_t *parent)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t count = walk->g.count;
    ct_level_gram fine = {.count = count, .words = walk->g.words, .bounds = walk->g.bounds};
    int32_t(*itself)[2] = NULL;
    CT_TRY(ct_level_blocks_number(parent, &fine));
    if (fine.blocks == walk->g.blocks)
        goto done;
    CT_NEW(itself, count);
    for (int32_t i = 0; i < count; i++) {
        itself[i][0] = i;
        itself[i][1] = -1;
    }
    CT_TRY(replace(walk, itself, &fine, parent));
done:
    ct_level_gram_free(&fine);
    ct_free(itself);
    return status;
}

/* The device has no room for more: this level, k, comes here, and those that follow. */
static cutropy_status come_back(ct_level_walk *walk, int k)
{
    cutropy_status status = CUTROPY_OK;
    if (walk->matrix)
        CT_TRY(ct_level_walk_read(walk, k));
done:
    if (walk->matrix)
        walk->device->close(walk->matrix);
    walk->matrix = NULL;
    walk->device = NULL;
    return status;
}

/* *made: the walk is at level k, whatever the status. */
static cutropy_status step_there(ct_level_walk *walk, int k, bool *made)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_gram now = {.count = walk->levels->count[k],
                         .bounds = walk->g.bounds,
                         .words = ct_level_gram_next_words(&walk->g)};
    int32_t *parent = NULL;
    CT_NEW(parent, now.count);
    CT_TRY(ct_level_blocks_coarse(walk->levels->next[k], &walk->g, &now));
    CT_TRY(replace(walk, walk->levels->next[k], &now, parent));
    *made = true;
    status = split(walk, parent);
    if (status != CUTROPY_EMEMORY)
        goto done;
    CT_TRY(come_back(walk, k));
    CT_TRY(ct_level_gram_split(&walk->g));
done:
    ct_level_gram_free(&now);
    ct_free(parent);
    return status;
}

/* ---- from here to there ---- */

/* If this level is worth it and there is room. */
static cutropy_status go_there(ct_level_walk *walk)
{
    cutropy_status status = CUTROPY_OK;
    const ct_level_gram *g = &walk->g;
    int64_t *start = NULL;
    bool takes = false;
    CT_TRY(walk->device->takes(g->start[g->blocks] * g->words, &takes));
    if (!takes)
        goto done;
    CT_TRY(list_starts(g, &start));
    const ct_level_shape shape = shape_of(g, start);
    status = walk->device->open(&shape, g->entry, &walk->matrix);
    if (status == CUTROPY_EMEMORY) {
        status = CUTROPY_OK;
        walk->device = NULL;
    }
done:
    ct_free(start);
    return status;
}

cutropy_status ct_level_walk_step(ct_level_walk *walk, int k)
{
    cutropy_status status = CUTROPY_OK;
    bool made = false;
    if (walk->device && !walk->matrix)
        CT_TRY(go_there(walk));
    if (walk->matrix) {
        status = step_there(walk, k, &made);
        if (status == CUTROPY_EMEMORY && !made)
            status = come_back(walk, k + 1);
        CT_TRY(status);
    }
    if (!made)
        CT_TRY(ct_level_gram_step(walk->levels, k, walk->memory_limit, walk->threads, &walk->g));
    if (!walk->g.bounds)
        CT_TRY(ct_level_gram_check(&walk->g, walk->counts, k));
done:
    return status;
}

cutropy_status ct_level_walk_read(ct_level_walk *walk, int k)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_gram *g = &walk->g;
    const uint64_t bytes = 8 * (uint64_t)g->start[g->blocks] * g->words;
    if (g->entry)
        return CUTROPY_OK;
    if (bytes > walk->memory_limit)
        return ct_fail(CUTROPY_EMEMORY,
                       "the Gram matrix of level %d (%d states) needs %s but %s may be used "
                       "(--memory raises the limit)",
                       k, g->count, CT_BYTES(bytes), CT_BYTES(walk->memory_limit));
    CT_NEW(g->entry, g->start[g->blocks] * g->words);
    CT_TRY(walk->device->read(walk->matrix, g->entry));
done:
    if (status != CUTROPY_OK) { /* they are not here */
        ct_free(g->entry);
        g->entry = NULL;
    }
    return status;
}
