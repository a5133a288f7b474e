/* SPDX-License-Identifier: Apache-2.0 */
/* The states of an infinite strip: those that are reached, however many rows came before, and the classes of
 * those that mean the same, however many follow. */
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "frontier/states.h"
#include "frontier/strip.h"

#define DEAD (-1)
#define ASK_EVERY 4096 /* states */

/* The states before one pixel of a row. */
typedef struct ct_spot {
    ct_states states;
    size_t read; /* how many have successors */
    int32_t (*next)[2];
    size_t next_room;
    int32_t *class; /* DEAD: every label is 0 */
    int32_t classes;
} ct_spot;

typedef struct ct_reach {
    const ct_frontier *f;
    uint64_t memory_limit;
    const ct_watch *watch;
    int width;
    ct_spot *spot; /* width */
    uint64_t *state;
} ct_reach;

static void spot_free(ct_spot *s)
{
    ct_states_free(&s->states);
    ct_free(s->next);
    ct_free(s->class);
}

cutropy_status ct_strip_ask(const ct_watch *watch)
{
    if (ct_asked_to_stop(watch, "evaluate", 1, 0)) /* of how much, nobody knows */
        return ct_fail(CUTROPY_ECANCELLED, "stopped while the limit of the strip was taken");
    return CUTROPY_OK;
}

static uint64_t states_bytes(const ct_states *s)
{
    return s->room * s->rows.words * 8 + s->table.slots * 4 + s->count * 8;
}

/* Of the states before each pixel, and of two levels of the first lines (NULL: there are none any more). */
static cutropy_status check_memory(const ct_reach *r, const ct_states *now, const ct_states *then)
{
    uint64_t bytes = now ? states_bytes(now) + states_bytes(then) : 0;
    uint64_t states = now ? now->count + then->count : 0;
    for (int x = 0; x < r->width; x++) {
        const ct_spot *s = &r->spot[x];
        bytes += states_bytes(&s->states) + s->next_room * sizeof *s->next;
        states += s->states.count;
    }
    if (bytes <= r->memory_limit && states < INT32_MAX)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the automaton of %s on %s has more than %llu states and needs more than %s, but "
        "%s may be used (--memory raises the limit)",
        r->f->problem->text, r->f->problem->lattice->name, (unsigned long long)states,
        CT_BYTES(bytes), CT_BYTES(r->memory_limit));
}

/* Where a state goes with one pixel of line y; false: nowhere. */
static bool step(const ct_reach *r, const uint64_t *from, int x, int y, int bit)
{
    memcpy(r->state, from, r->f->bytes);
    return r->f->step(r->f, x, y, bit, (uint8_t *)r->state);
}

/* The first lines, on which the steps depend on y. */
static cutropy_status read_first_lines(ct_reach *r)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = r->f->bytes / 8;
    ct_states now = {.rows.words = words}, then = {.rows.words = words};
    int32_t unused;
    memset(r->state, 0, r->f->bytes);
    CT_TRY(ct_states_add(&now, r->state, &unused));
    for (int y = 0; y < r->f->settles; y++)
        for (int x = 0; x < r->width; x++) {
            for (size_t i = 0; i < now.count; i++) {
                if (i % ASK_EVERY == 0) {
                    CT_TRY(check_memory(r, &now, &then));
                    CT_TRY(ct_strip_ask(r->watch));
                }
                for (int bit = 0; bit < 2; bit++)
                    if (step(r, now.state + i * words, x, y, bit))
                        CT_TRY(ct_states_add(&then, r->state, &unused));
            }
            ct_states_free(&now);
            now = then;
            then = (ct_states){.rows.words = words};
        }
    for (size_t i = 0; i < now.count; i++)
        CT_TRY(ct_states_add(&r->spot[0].states, now.state + i * words, &unused));
done:
    ct_states_free(&now);
    ct_states_free(&then);
    return status;
}

/* The successors of the states before pixel x that have none yet. */
static cutropy_status read_pixel(ct_reach *r, int x)
{
    cutropy_status status = CUTROPY_OK;
    ct_spot *s = &r->spot[x], *then = &r->spot[(x + 1) % r->width];
    for (; s->read < s->states.count; s->read++) {
        if (s->read % ASK_EVERY == 0) {
            CT_TRY(check_memory(r, NULL, NULL));
            CT_TRY(ct_strip_ask(r->watch));
        }
        CT_TRY(CT_ROOM("states", s->next, s->read, s->next_room, 1));
        for (int bit = 0; bit < 2; bit++) {
            int32_t to = DEAD;
            if (step(r, s->states.state + s->read * s->states.rows.words, x, r->f->settles, bit))
                CT_TRY(ct_states_add(&then->states, r->state, &to));
            s->next[s->read][bit] = to;
        }
    }
done:
    return status;
}

static cutropy_status reach(ct_reach *r)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(read_first_lines(r));
    for (bool more = true; more;) {
        more = false;
        for (int x = 0; x < r->width; x++) {
            more = more || r->spot[x].read < r->spot[x].states.count;
            CT_TRY(read_pixel(r, x));
        }
    }
done:
    return status;
}

/* ---- those that mean the same ---- */

/* class 0: some rows more, and the label is 1; else DEAD. */
static cutropy_status find_living(ct_reach *r)
{
    cutropy_status status = CUTROPY_OK;
    for (int x = 0; x < r->width; x++) {
        ct_spot *s = &r->spot[x];
        CT_NEW(s->class, s->states.count);
        for (size_t i = 0; i < s->states.count; i++) {
            const uint8_t *state = (const uint8_t *)(s->states.state + i * s->states.rows.words);
            s->class[i] = x == 0 && r->f->accept(r->f, state) ? 0 : DEAD;
        }
    }
    for (bool more = true; more;) {
        more = false;
        CT_TRY(ct_strip_ask(r->watch));
        for (int x = r->width - 1; x >= 0; x--) {
            ct_spot *s = &r->spot[x];
            const int32_t *of = r->spot[(x + 1) % r->width].class;
            for (size_t i = 0; i < s->states.count; i++) {
                const int32_t *to = s->next[i];
                if (s->class[i] == DEAD &&
                    ((to[0] >= 0 && of[to[0]] != DEAD) || (to[1] >= 0 && of[to[1]] != DEAD))) {
                    s->class[i] = 0;
                    more = true;
                }
            }
        }
    }
done:
    return status;
}

typedef struct ct_refining {
    int32_t (*key)[3]; /* of each class: the class it comes from, those of its successors */
    int32_t wanted[3];
} ct_refining;

static bool same_key(const void *key, uint64_t item)
{
    const ct_refining *r = key;
    return !memcmp(r->key[item], r->wanted, sizeof r->wanted);
}

/* Classes before pixel x: the same class until now (keep: between rows), and successors of the same classes. */
static cutropy_status refine(ct_reach *r, int x, bool keep)
{
    cutropy_status status = CUTROPY_OK;
    ct_spot *s = &r->spot[x];
    const int32_t *of = r->spot[(x + 1) % r->width].class;
    ct_hash table = {0};
    ct_refining k = {0};
    int32_t *class = NULL, count = 0;
    CT_NEW(k.key, s->states.count);
    CT_NEW(class, s->states.count);
    CT_TRY(ct_hash_start(&table, s->states.count));
    for (size_t i = 0; i < s->states.count; i++) {
        class[i] = DEAD;
        if (s->class[i] == DEAD)
            continue;
        k.wanted[0] = keep ? s->class[i] : 0;
        for (int bit = 0; bit < 2; bit++)
            k.wanted[1 + bit] = s->next[i][bit] < 0 ? DEAD : of[s->next[i][bit]];
        const uint64_t hash =
            ct_mix64(((uint64_t)(uint32_t)k.wanted[1] << 32 | (uint32_t)k.wanted[2]) +
                     ct_mix64((uint64_t)k.wanted[0]));
        uint32_t *slot = ct_hash_find(&table, hash, same_key, &k);
        if (!*slot) {
            memcpy(k.key[count], k.wanted, sizeof k.wanted);
            *slot = (uint32_t)++count;
        }
        class[i] = (int32_t)*slot - 1;
    }
    ct_free(s->class);
    s->class = class;
    s->classes = count;
    class = NULL;
done:
    ct_free(class);
    ct_free(k.key);
    ct_hash_free(&table);
    return status;
}

/* Between rows two states are first told apart by their labels, then by what a row makes of them, until a row tells no
 * more apart (Moore). */
static cutropy_status merge(ct_reach *r)
{
    cutropy_status status = CUTROPY_OK;
    ct_spot *between = &r->spot[0];
    for (size_t i = 0; i < between->states.count; i++)
        if (between->class[i] != DEAD)
            between->class[i] = r->f->accept(
                r->f, (const uint8_t *)(between->states.state + i * between->states.rows.words));
    for (int32_t before = -1; before < between->classes;) {
        before = between->classes;
        for (int x = r->width - 1; x >= 0; x--) {
            CT_TRY(refine(r, x, x == 0));
            CT_TRY(ct_strip_ask(r->watch));
        }
    }
done:
    return status;
}

static cutropy_status make_row(const ct_reach *r, ct_levels *row)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_levels_new(r->width, row));
    for (int x = 0; x < r->width; x++) {
        const ct_spot *s = &r->spot[x];
        const int32_t *of = r->spot[(x + 1) % r->width].class;
        row->count[x] = s->classes;
        CT_NEW(row->next[x], s->classes);
        for (size_t i = 0; i < s->states.count; i++)
            for (int bit = 0; bit < 2 && s->class[i] != DEAD; bit++)
                row->next[x][s->class[i]][bit] = s->next[i][bit] < 0 ? DEAD : of[s->next[i][bit]];
    }
    row->count[r->width] = row->count[0];
done:
    return status;
}

cutropy_status ct_strip_states(const ct_frontier *f, uint64_t memory_limit, const ct_watch *watch,
                               ct_strip *strip)
{
    cutropy_status status = CUTROPY_OK;
    ct_reach r = {.f = f, .memory_limit = memory_limit, .watch = watch, .width = f->width};
    CT_NEW_ZERO(r.spot, f->width);
    CT_NEW(r.state, f->bytes / 8);
    for (int x = 0; x < f->width; x++)
        r.spot[x].states.rows.words = f->bytes / 8;
    CT_TRY(reach(&r));
    CT_TRY(find_living(&r));
    CT_TRY(merge(&r));
    if (!r.spot[0].classes)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "the function is zero for every image, so it has no state and no entropy"));
    CT_TRY(make_row(&r, &strip->row));
done:
    for (int x = 0; r.spot && x < f->width; x++)
        spot_free(&r.spot[x]);
    ct_free(r.spot);
    ct_free(r.state);
    return status;
}
