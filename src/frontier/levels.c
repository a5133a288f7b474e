/* SPDX-License-Identifier: Apache-2.0 */
/* Level by level: the states that occur, then the classes of those that mean the same. */
#include "frontier/levels.h"

#include <string.h>

#include "frontier/pairs.h"
#include "frontier/states.h"

#define DEAD (-1)

void ct_levels_free(ct_levels *levels)
{
    for (int k = 0; levels->next && k < levels->pixels; k++)
        ct_free(levels->next[k]);
    ct_free(levels->next);
    ct_free(levels->count);
    *levels = (ct_levels){0};
}

cutropy_status ct_levels_new(int pixels, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_levels){.pixels = pixels};
    CT_NEW_ZERO(out->count, pixels + 1);
    CT_NEW_ZERO(out->next, pixels);
done:
    return status;
}

cutropy_status ct_levels_copy(const ct_levels *levels, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_levels_new(levels->pixels, out));
    memcpy(out->count, levels->count, ((size_t)levels->pixels + 1) * sizeof *out->count);
    for (int k = 0; k < levels->pixels; k++) {
        CT_NEW(out->next[k], levels->count[k]);
        memcpy(out->next[k], levels->next[k], (size_t)levels->count[k] * sizeof *out->next[k]);
    }
done:
    return status;
}

/* ---- the states that occur ---- */

#define TOGETHER 4096 /* states that are read at a time */

typedef struct ct_building {
    const ct_frontier *frontier;
    uint64_t memory_limit, bytes; /* of all transitions so far */
    const ct_watch *watch;
    ct_states now, then; /* of the level that is left, of the one that is reached */
    uint64_t *next;      /* 2 x TOGETHER states */
    uint8_t *lives;      /* 2 x TOGETHER */
} ct_building;

static cutropy_status first_state(const ct_frontier *f, uint64_t *state)
{
    memset(state, 0, f->bytes);
    return f->reader ? f->reader->first(f, state) : CUTROPY_OK;
}

static cutropy_status read_pixel(const ct_frontier *f, int k, const uint64_t *states, size_t count,
                                 uint64_t *next, uint8_t *lives)
{
    const size_t words = f->bytes / 8;
    const int x = k % f->width, y = k / f->width;
    if (f->reader)
        return f->reader->step(f, k, states, count, next, lives);
    for (size_t i = 0; i < 2 * count; i++) {
        uint64_t *state = next + i * words;
        memcpy(state, states + i / 2 * words, f->bytes);
        lives[i] = f->step(f, x, y, i % 2, (uint8_t *)state);
    }
    return CUTROPY_OK;
}

static cutropy_status accept_states(const ct_frontier *f, const uint64_t *states, size_t count,
                                    uint8_t *labels)
{
    if (f->reader)
        return f->reader->accept(f, states, count, labels);
    for (size_t i = 0; i < count; i++)
        labels[i] = f->accept(f, (const uint8_t *)(states + i * (f->bytes / 8)));
    return CUTROPY_OK;
}

/* Transitions of every level stay, states of two; each state has a place in a table as well. */
static cutropy_status check_memory(const ct_building *b, int level)
{
    const uint64_t each = b->now.rows.words * 8 + 16;
    const uint64_t bytes = b->bytes + 2 * each * (b->now.count + b->then.count);
    if (bytes <= b->memory_limit && b->then.count < INT32_MAX)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the automaton of %s on %s has more than %zu states after %d pixels and needs more than "
        "%s, but %s may be used (--memory raises the limit)",
        b->frontier->problem->text, b->frontier->problem->lattice->name, b->then.count, level,
        CT_BYTES(bytes), CT_BYTES(b->memory_limit));
}

static cutropy_status ask(const ct_building *b, int level)
{
    if (ct_asked_to_stop(b->watch, "evaluate", (uint64_t)level,
                         (uint64_t)b->frontier->problem->lattice->pixels))
        return ct_fail(CUTROPY_ECANCELLED, "stopped while the automaton was built");
    return CUTROPY_OK;
}

/* next[k] and the states behind pixel k. */
static cutropy_status step_level(ct_building *b, int k, ct_levels *levels)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = b->now.rows.words;
    CT_NEW(levels->next[k], b->now.count);
    b->bytes += b->now.count * sizeof *levels->next[k];
    for (size_t first = 0; first < b->now.count; first += TOGETHER) {
        const size_t rest = b->now.count - first, count = rest < TOGETHER ? rest : TOGETHER;
        int32_t *to = levels->next[k][first];
        CT_TRY(check_memory(b, k + 1));
        CT_TRY(ask(b, k));
        CT_TRY(read_pixel(b->frontier, k, b->now.state + first * words, count, b->next, b->lives));
        for (size_t i = 0; i < 2 * count; i++) {
            to[i] = DEAD;
            if (b->lives[i])
                CT_TRY(ct_states_add(&b->then, b->next + i * words, &to[i]));
        }
    }
    ct_states_free(&b->now);
    b->now = b->then;
    b->then = (ct_states){.rows.words = words};
    levels->count[k + 1] = (int32_t)b->now.count;
done:
    return status;
}

/* ---- those that mean the same ---- */

/* of[i]: the class of state i of level k + 1, turned into those of level k. next[k] is made that of
 * the classes, in place: a class never comes before its first state. */
static cutropy_status merge_level(ct_levels *levels, int k, int32_t **of)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *class = NULL, count = 0;
    int32_t(*next)[2] = levels->next[k];
    ct_hash table = {0};
    CT_NEW(class, levels->count[k]);
    CT_TRY(ct_hash_start(&table, (uint64_t)levels->count[k]));
    for (int32_t i = 0; i < levels->count[k]; i++) {
        int32_t wanted[2];
        for (int bit = 0; bit < 2; bit++)
            wanted[bit] = next[i][bit] == DEAD ? DEAD : (*of)[next[i][bit]];
        class[i] = ct_pairs_number(&table, next, &count, wanted);
    }
    levels->count[k] = count;
    ct_free(*of);
    *of = class;
    class = NULL;
done:
    ct_free(class);
    ct_hash_free(&table);
    return status;
}

/* Gives back what the classes of a level do not need; when it cannot, nothing is lost. */
static void shrink(ct_levels *levels, int k)
{
    const size_t bytes = (size_t)levels->count[k] * sizeof *levels->next[k];
    int32_t(*less)[2] = ct_alloc(1, bytes);
    if (!less)
        return;
    memcpy(less, levels->next[k], bytes);
    ct_free(levels->next[k]);
    levels->next[k] = less;
}

static cutropy_status minimise(ct_building *b, ct_levels *levels)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = b->now.rows.words;
    int32_t *of = NULL, last = 0;
    CT_NEW(of, b->now.count);
    for (size_t first = 0; first < b->now.count; first += TOGETHER) {
        const size_t rest = b->now.count - first, count = rest < TOGETHER ? rest : TOGETHER;
        CT_TRY(accept_states(b->frontier, b->now.state + first * words, count, b->lives));
        for (size_t i = 0; i < count; i++) {
            of[first + i] = b->lives[i] ? 0 : DEAD;
            last |= b->lives[i];
        }
    }
    levels->count[levels->pixels] = last;
    for (int k = levels->pixels - 1; k >= 0; k--) {
        CT_TRY(merge_level(levels, k, &of));
        shrink(levels, k);
        CT_TRY(ask(b, levels->pixels));
    }
done:
    ct_free(of);
    return status;
}

cutropy_status ct_levels_build(const ct_frontier *frontier, uint64_t memory_limit,
                               const ct_watch *watch, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = frontier->bytes / 8;
    ct_building b = {.frontier = frontier,
                     .memory_limit = memory_limit,
                     .watch = watch,
                     .now.rows.words = words,
                     .then.rows.words = words};
    int32_t number;
    CT_TRY(ct_levels_new(frontier->width * frontier->height, out));
    CT_NEW(b.next, 2 * TOGETHER * words);
    CT_NEW(b.lives, 2 * TOGETHER);
    CT_TRY(first_state(frontier, b.next));
    CT_TRY(ct_states_add(&b.now, b.next, &number));
    out->count[0] = 1;
    for (int k = 0; k < out->pixels; k++)
        CT_TRY(step_level(&b, k, out));
    CT_TRY(minimise(&b, out));
done:
    ct_free(b.next);
    ct_free(b.lives);
    ct_states_free(&b.now);
    ct_states_free(&b.then);
    if (status != CUTROPY_OK)
        ct_levels_free(out);
    return status;
}

uint64_t ct_levels_checksum(const ct_levels *levels)
{
    uint64_t hash = ct_mix64((uint64_t)levels->pixels + 1);
    for (int k = 0; k < levels->pixels; k++)
        for (int32_t i = 0; i < levels->count[k]; i++)
            for (int bit = 0; bit < 2; bit++)
                hash = ct_mix64(hash * 3 + (uint64_t)(levels->next[k][i][bit] + 2));
    return hash;
}

#define FINGERPRINT_PRIME ((UINT64_C(1) << 61) - 1)

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return (uint64_t)((ct_u128)a * b % FINGERPRINT_PRIME);
}

cutropy_status ct_levels_fingerprint(const ct_levels *levels, const uint16_t *pixel, uint64_t *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *now = NULL, *then = NULL;
    CT_NEW(now, 1);
    now[0] = 1;
    for (int k = 0; k < levels->pixels; k++) {
        CT_NEW_ZERO(then, levels->count[k + 1]);
        for (int bit = 0; bit < 2; bit++) {
            const uint64_t factor =
                ct_random(FINGERPRINT_PRIME, 2 * (uint64_t)pixel[k] + (uint64_t)bit) %
                FINGERPRINT_PRIME;
            for (int32_t i = 0; i < levels->count[k]; i++) {
                const int32_t to = levels->next[k][i][bit];
                if (to != DEAD)
                    then[to] = (then[to] + multiply(now[i], factor)) % FINGERPRINT_PRIME;
            }
        }
        ct_free(now);
        now = then;
        then = NULL;
    }
    *out = ct_mix64(levels->count[levels->pixels] ? now[0] + 1 : 0);
done:
    ct_free(now);
    ct_free(then);
    return status;
}
