/* SPDX-License-Identifier: Apache-2.0 */
/* Which states matter far from both ends of a strip: those of the strongly connected part that grows fastest. Whatever
 * leads to it or from it has a share that shrinks geometrically. Two parts that grow alike have no limit that ends do
 * not decide, nor has a part that alternates. */
#include <math.h>
#include <stdlib.h>

#include "frontier/strip.h"

#define MOST_ROWS 20000 /* of the power method */
#define ALIKE 1e-10     /* growths that are no further apart count as equal */

typedef struct ct_graph {
    const ct_levels *row;
    int64_t nodes;
    int64_t *first; /* row->pixels: the node of state 0 of each level */
    int *level;     /* nodes */
    int32_t *part;  /* nodes: which strongly connected part */
    int32_t parts;
    bool *cyclic;             /* parts: more than one state alone */
    double *low, *high, *top; /* parts: bounds of the growth; the largest entry of a vector */
} ct_graph;

static void graph_free(ct_graph *g)
{
    ct_free(g->first);
    ct_free(g->level);
    ct_free(g->part);
    ct_free(g->cyclic);
    ct_free(g->low);
    ct_free(g->high);
    ct_free(g->top);
}

/* -1: none. */
static int64_t successor(const ct_graph *g, int64_t node, int bit)
{
    const int x = g->level[node];
    const int32_t to = g->row->next[x][node - g->first[x]][bit];
    return to < 0 ? -1 : g->first[(x + 1) % g->row->pixels] + to;
}

static cutropy_status graph_make(const ct_levels *row, ct_graph *g)
{
    cutropy_status status = CUTROPY_OK;
    g->row = row;
    CT_NEW(g->first, row->pixels);
    for (int x = 0; x < row->pixels; x++) {
        g->first[x] = g->nodes;
        g->nodes += row->count[x];
    }
    CT_NEW(g->level, g->nodes);
    CT_NEW(g->part, g->nodes);
    for (int x = 0; x < row->pixels; x++)
        for (int32_t i = 0; i < row->count[x]; i++)
            g->level[g->first[x] + i] = x;
done:
    return status;
}

/* ---- parts (R. Tarjan, SIAM J. Comput. 1, 146 (1972)), without recursion ---- */

typedef struct ct_visit {
    int64_t node;
    int bit; /* the successor that comes next */
} ct_visit;

typedef struct ct_walk {
    int64_t *index, *low; /* index 0: not seen; from 1 on */
    int64_t *open;        /* nodes of parts that are not closed */
    ct_visit *visit;
    int64_t opened, depth, seen;
} ct_walk;

static void enter(ct_walk *w, int64_t node)
{
    w->index[node] = w->low[node] = ++w->seen;
    w->open[w->opened++] = node;
    w->visit[w->depth++] = (ct_visit){node, 0};
}

static void leave(ct_graph *g, ct_walk *w, int64_t node)
{
    w->depth--;
    if (w->low[node] == w->index[node]) {
        int64_t last;
        do {
            last = w->open[--w->opened];
            g->part[last] = g->parts;
        } while (last != node);
        g->parts++;
    }
    if (w->depth) {
        const int64_t from = w->visit[w->depth - 1].node;
        w->low[from] = w->low[node] < w->low[from] ? w->low[node] : w->low[from];
    }
}

static void walk_from(ct_graph *g, ct_walk *w, int64_t root)
{
    enter(w, root);
    while (w->depth) {
        ct_visit *v = &w->visit[w->depth - 1];
        if (v->bit == 2) {
            leave(g, w, v->node);
            continue;
        }
        const int64_t from = v->node, to = successor(g, from, v->bit++);
        if (to < 0)
            continue;
        if (!w->index[to])
            enter(w, to);
        else if (g->part[to] < 0 && w->index[to] < w->low[from])
            w->low[from] = w->index[to];
    }
}

static cutropy_status find_parts(ct_graph *g)
{
    cutropy_status status = CUTROPY_OK;
    ct_walk w = {0};
    CT_NEW_ZERO(w.index, g->nodes);
    CT_NEW(w.low, g->nodes);
    CT_NEW(w.open, g->nodes);
    CT_NEW(w.visit, g->nodes);
    for (int64_t n = 0; n < g->nodes; n++)
        g->part[n] = -1;
    for (int64_t n = 0; n < g->nodes; n++)
        if (!w.index[n])
            walk_from(g, &w, n);
    CT_NEW_ZERO(g->cyclic, g->parts);
    for (int64_t n = 0; n < g->nodes; n++)
        for (int bit = 0; bit < 2; bit++) {
            const int64_t to = successor(g, n, bit);
            if (to >= 0 && g->part[to] == g->part[n])
                g->cyclic[g->part[n]] = true;
        }
done:
    ct_free(w.index);
    ct_free(w.low);
    ct_free(w.open);
    ct_free(w.visit);
    return status;
}

/* ---- growth ---- */

/* One row of all parts at once, each within itself: from between rows (at level 0 `before`) to all levels. */
static void step_back(const ct_graph *g, const double *before, double *value)
{
    for (int x = g->row->pixels - 1; x >= 0; x--)
        for (int32_t i = 0; i < g->row->count[x]; i++) {
            const int64_t n = g->first[x] + i;
            double sum = 0;
            for (int bit = 0; bit < 2; bit++) {
                const int64_t to = successor(g, n, bit);
                if (to >= 0 && g->part[to] == g->part[n])
                    sum += x == g->row->pixels - 1 ? before[to] : value[to];
            }
            value[n] = sum;
        }
}

/* min and max of (M x)_i / x_i enclose the growth of a part, whatever x > 0 (Collatz, Wielandt). The next x is M x + high x,
 * which converges also where a part alternates. */
static void bound_growth(const ct_graph *g, double *before, const double *value)
{
    for (int32_t p = 0; p < g->parts; p++) {
        g->low[p] = g->cyclic[p] ? INFINITY : 0;
        g->high[p] = g->top[p] = 0;
    }
    for (int32_t i = 0; i < g->row->count[0]; i++) {
        const int32_t p = g->part[i];
        if (!g->cyclic[p])
            continue;
        g->low[p] = fmin(g->low[p], value[i] / before[i]);
        g->high[p] = fmax(g->high[p], value[i] / before[i]);
    }
    for (int32_t i = 0; i < g->row->count[0]; i++) {
        before[i] = value[i] + g->high[g->part[i]] * before[i];
        g->top[g->part[i]] = fmax(g->top[g->part[i]], before[i]);
    }
    for (int32_t i = 0; i < g->row->count[0]; i++)
        if (g->cyclic[g->part[i]])
            before[i] /= g->top[g->part[i]];
    const double slack = (g->row->pixels + 3) * CT_STRIP_UNIT;
    for (int32_t p = 0; p < g->parts; p++) {
        g->low[p] *= 1 - slack;
        g->high[p] *= 1 + slack;
    }
}

/* The part that certainly grows fastest; -1: none so far. *alike: another one grows as fast, as far as can be told. */
static int32_t fastest(const ct_graph *g, bool *alike)
{
    int32_t best = -1, rivals = 0, close = 0;
    for (int32_t p = 0; p < g->parts; p++)
        if (g->cyclic[p] && (best < 0 || g->low[p] > g->low[best]))
            best = p;
    if (best < 0)
        return -1;
    const double wide = ALIKE * g->high[best];
    for (int32_t p = 0; p < g->parts; p++) {
        if (p == best || !g->cyclic[p] || g->high[p] < g->low[best])
            continue;
        rivals++;
        close += g->high[p] - g->low[p] < wide;
    }
    *alike = rivals && rivals == close && g->high[best] - g->low[best] < wide;
    return rivals ? -1 : best;
}

static cutropy_status find_fastest(const char *name, const ct_watch *watch, ct_graph *g,
                                   int32_t *best)
{
    cutropy_status status = CUTROPY_OK;
    double *before = NULL, *value = NULL;
    bool alike = false;
    *best = -1;
    CT_NEW(g->low, g->parts);
    CT_NEW(g->high, g->parts);
    CT_NEW(g->top, g->parts);
    CT_NEW(before, g->row->count[0]);
    CT_NEW(value, g->nodes);
    for (int32_t i = 0; i < g->row->count[0]; i++)
        before[i] = 1;
    for (int row = 0; row < MOST_ROWS && *best < 0 && !alike; row++) {
        CT_TRY(ct_strip_ask(watch));
        step_back(g, before, value);
        bound_growth(g, before, value);
        *best = fastest(g, &alike);
    }
    if (*best < 0)
        status = ct_fail(
            CUTROPY_EUNSUPPORTED,
            "%s: the entropies of long strips have no limit that can be shown: several kinds of "
            "images become more by the same factor a row, so that the ends decide, or too slowly",
            name);
done:
    ct_free(before);
    ct_free(value);
    return status;
}

/* ---- periods ---- */

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The greatest common divisor of the lengths of all cycles of a part, in rows. */
static cutropy_status find_period(const ct_graph *g, int32_t part, int64_t *rows)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *depth = NULL, *queue = NULL, count = 0, period = 0;
    CT_NEW(depth, g->nodes);
    CT_NEW(queue, g->nodes);
    for (int64_t n = 0; n < g->nodes; n++) {
        depth[n] = -1;
        if (g->part[n] == part && !count) {
            depth[n] = 0;
            queue[count++] = n;
        }
    }
    for (int64_t at = 0; at < count; at++)
        for (int bit = 0; bit < 2; bit++) {
            const int64_t to = successor(g, queue[at], bit);
            if (to < 0 || g->part[to] != part)
                continue;
            if (depth[to] < 0) {
                depth[to] = depth[queue[at]] + 1;
                queue[count++] = to;
            }
            period = gcd(llabs(depth[queue[at]] + 1 - depth[to]), period);
        }
    *rows = period / g->row->pixels;
done:
    ct_free(depth);
    ct_free(queue);
    return status;
}

/* ---- what stays ---- */

static cutropy_status keep_part(const ct_graph *g, int32_t part, ct_levels *row)
{
    cutropy_status status = CUTROPY_OK;
    const int width = row->pixels;
    int32_t *new = NULL, count;
    CT_NEW(new, g->nodes);
    for (int x = 0; x < width; x++) {
        count = 0;
        for (int32_t i = 0; i < row->count[x]; i++)
            new[g->first[x] + i] = g->part[g->first[x] + i] == part ? count++ : -1;
    }
    for (int x = 0; x < width; x++) {
        count = 0;
        for (int32_t i = 0; i < row->count[x]; i++) {
            if (new[g->first[x] + i] < 0)
                continue;
            for (int bit = 0; bit < 2; bit++) {
                const int32_t to = row->next[x][i][bit];
                row->next[x][count][bit] = to < 0 ? -1 : new[g->first[(x + 1) % width] + to];
            }
            count++;
        }
        row->count[x] = count;
    }
    row->count[width] = row->count[0];
done:
    ct_free(new);
    return status;
}

cutropy_status ct_strip_part(const char *name, const ct_watch *watch, ct_strip *strip)
{
    cutropy_status status = CUTROPY_OK;
    ct_graph g = {0};
    int32_t best = -1;
    int64_t period = 0;
    CT_TRY(graph_make(&strip->row, &g));
    CT_TRY(find_parts(&g));
    CT_TRY(find_fastest(name, watch, &g, &best));
    CT_TRY(find_period(&g, best, &period));
    if (period > 1)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                       "%s: the entropies of long strips have no limit: its images repeat with a "
                       "period of %lld rows",
                       name, (long long)period));
    CT_TRY(keep_part(&g, best, &strip->row));
done:
    graph_free(&g);
    return status;
}
