/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/strip.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "frontier/level_blocks.h"

#define MOST_ROWS 4000 /* of pairs */
#define CLOSED                                                                                     \
    1e-14 /* bounds that are no further apart in the Frobenius norm are as good as the rounding */
#define NOT_CLOSED 1e-6 /* bounds that are, after all rows, are none */

void ct_strip_close(ct_strip *s)
{
    if (!s)
        return;
    ct_levels_free(&s->row);
    ct_free(s->ways[0]);
    ct_free(s->ways[1]);
    ct_free(s);
}

cutropy_status ct_strip_open(const cutropy_problem *problem, uint64_t memory_limit, int threads,
                             const ct_watch *watch, ct_strip **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_frontier f;
    ct_strip *s = NULL;
    char name[200];
    *out = NULL;
    snprintf(name, sizeof name, "%.120s on %s", problem->text, problem->lattice->name);
    if (!ct_frontier_open(problem, false, &f) || !f.turns) /* both halves have as many classes */
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "%s: no automaton of it reads infinite %s (docs/frontier.md lists the "
                       "functions that have one)",
                       name, problem->lattice->periodic ? "cylinders" : "strips");
    CT_NEW_ZERO(s, 1);
    CT_TRY(ct_strip_states(&f, memory_limit, watch, s));
    CT_TRY(ct_strip_part(name, watch, s));
    CT_TRY(ct_strip_vectors(name, threads, watch, s));
    *out = s;
    s = NULL;
done:
    ct_strip_close(s);
    return status;
}

void ct_strip_bytes(const ct_strip *s, uint64_t *automaton, uint64_t *pairs)
{
    uint64_t states = 0, before, most = 0;
    for (int x = 0; x < s->row.pixels; x++) {
        const uint64_t n = (uint64_t)s->row.count[x], m = (uint64_t)s->row.count[x + 1];
        states += n;
        before = 8 * (n * (n + 1) + m * (m + 1));
        most = before > most ? before : most;
    }
    *automaton = states * sizeof **s->row.next;
    *pairs = most;
}

/* ---- pairs of states ---- */

/* An entry's bounds. */
static double *bounds_of(const ct_level_gram *g, int32_t block, int32_t i, int32_t j)
{
    return (double *)(uintptr_t)ct_level_gram_entry(g, block, i, j);
}

cutropy_status ct_strip_gram_start(const ct_strip *s, uint64_t memory_limit, ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = s->row.count[0];
    const size_t entries = (size_t)n * ((size_t)n + 1) / 2;
    *g = (ct_level_gram){.count = n, .blocks = 1, .words = 2, .bounds = true};
    if (16 * entries > memory_limit)
        return ct_fail(
            CUTROPY_EMEMORY,
            "the pairs of %d states of a strip need %s but %s may be used (--memory raises "
            "the limit)",
            n, CT_BYTES(16 * entries), CT_BYTES(memory_limit));
    CT_NEW_ZERO(g->block, n);
    CT_NEW(g->place, n);
    CT_NEW(g->size, 1);
    CT_NEW(g->start, 2);
    CT_NEW(g->entry, 2 * entries);
    g->size[0] = n;
    g->start[0] = 0;
    g->start[1] = entries;
    double *entry = (double *)(void *)g->entry;
    for (int32_t i = 0; i < n; i++) {
        g->place[i] = i;
        for (int32_t j = i; j < n; j++, entry += 2) {
            entry[0] = 0;
            entry[1] = fmin(s->ways[1][i], s->ways[1][j]) * (1 + 2 * s->error[1]);
        }
    }
done:
    return status;
}

/* After a row: divided by the growth, the diagonal as it is known. *gap: the Frobenius norm of half the distance of the bounds in
 * units of sum m_i g_i, the diagonal apart. */
static void settle(const ct_strip *s, const int32_t *member, ct_level_gram *g, double *gap)
{
    const double slack = (s->row.pixels + 4) * CT_STRIP_UNIT, *m = s->ways[0], *v = s->ways[1];
    const double down = (1 - slack) / s->growth[1], up = (1 + slack) / s->growth[0];
    double sum = 0, total = 0;
    const int32_t *of = member;
    for (int32_t b = 0; b < g->blocks; of += g->size[b++])
        for (int32_t i = 0; i < g->size[b]; i++) {
            double *entry = bounds_of(g, b, i, i);
            const double mine = v[of[i]];
            entry[0] = mine * (1 - 2 * s->error[1]);
            entry[1] = mine * (1 + 2 * s->error[1]);
            total += m[of[i]] * mine;
            for (int32_t j = i + 1; j < g->size[b]; j++) {
                entry += 2;
                entry[0] *= down;
                if (entry[1] > 0) /* what is not zero never becomes it by rounding */
                    entry[1] = fmax(entry[1] * up, DBL_MIN);
                const double half = (entry[1] - entry[0]) / 2;
                sum += 2 * m[of[i]] * m[of[j]] * half * half;
            }
        }
    *gap = sqrt(sum) / total;
}

cutropy_status ct_strip_gram_row(const ct_strip *s, const ct_strip_how *how, uint64_t done,
                                 uint64_t expected, ct_level_gram *g, double *gap, bool *on_device)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *member = NULL, *begin = NULL;
    ct_level_walk walk = {.levels = &s->row,
                          .device = how->device,
                          .memory_limit = how->memory_limit,
                          .threads = how->threads,
                          .g = *g};
    *g = (ct_level_gram){0};
    for (int x = s->row.pixels - 1; x >= 0; x--) {
        if (ct_asked_to_stop(how->watch, "rows", done, expected))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped after %d rows of pairs", (int)done));
        CT_TRY(ct_level_walk_step(&walk, x));
    }
    CT_TRY(ct_level_walk_read(&walk, 0));
    *on_device = walk.matrix != NULL;
    ct_level_walk_take(&walk, g);
    CT_TRY(ct_level_blocks_members(g, &member, &begin));
    settle(s, member, g, gap);
done:
    ct_level_walk_end(&walk);
    ct_free(member);
    ct_free(begin);
    return status;
}

/* As many rows as the rate of the last one asks for: a guess, for who watches. */
static uint64_t expect(int rows, double gap, double before)
{
    if (!(gap < before) || !isfinite(before) || gap <= 0)
        return 0;
    const double more = log(CLOSED / gap) / log(gap / before);
    return (uint64_t)rows + (uint64_t)fmin(fmax(more, 0) + 1, MOST_ROWS);
}

cutropy_status ct_strip_gram(const ct_strip *s, const ct_strip_how *how, ct_level_gram *g,
                             int *rows, bool *on_device)
{
    cutropy_status status = CUTROPY_OK;
    double gap = INFINITY, before = INFINITY;
    int stays = 0;
    uint64_t expected = 0;
    *on_device = false;
    CT_TRY(ct_strip_gram_start(s, how->memory_limit, g));
    for (*rows = 0; *rows < MOST_ROWS && gap > CLOSED && stays < 4; ++*rows) {
        CT_TRY(ct_strip_gram_row(s, how, (uint64_t)*rows, expected, g, &gap, on_device));
        expected = expect(*rows, gap, before);
        stays = gap < 0.999 * before ? 0 : stays + 1;
        before = gap;
    }
    if (!(gap <= NOT_CLOSED))
        status = ct_fail(CUTROPY_EUNSUPPORTED,
                         "the images that two states of the strip have in common do not converge: "
                         "after %d rows their bounds are still %.2g apart",
                         *rows, 2 * gap);
done:
    if (status != CUTROPY_OK)
        ct_level_gram_free(g);
    return status;
}
