/* SPDX-License-Identifier: Apache-2.0 */
/* The best binary tree: that of a set is the best pair of trees of two parts of it. */
#include "analysis/order/tree.h"

#include <math.h>

#include "analysis/order/order_table.h"
#include "engine/function/options.h"
#include "engine/state/state.h"

void cutropy_tree_free(cutropy_tree *tree)
{
    if (!tree)
        return;
    ct_free(tree->node);
    cutropy_result_free(tree->result);
    ct_free(tree);
}

typedef struct best_trees {
    ct_order_table table;
    uint32_t *first; /* 2^N: one of its two parts */
} best_trees;

/* Of the parts and of the set itself. Ranks and sums are integers below 2^53. */
static double combine(const best_trees *t, cutropy_order_aim aim, uint64_t set, uint64_t part)
{
    const uint64_t rest = set ^ part;
    const ct_order_table *table = &t->table;
    switch (aim) {
    case CUTROPY_ORDER_RANK:
        return fmax(fmax(t->table.best[part], t->table.best[rest]),
                    (double)ct_order_rank(table, set));
    case CUTROPY_ORDER_ENTROPY:
        return fmax(fmax(t->table.best[part], t->table.best[rest]), ct_order_entropy(table, set));
    default:
        return t->table.best[part] + t->table.best[rest] +
               (double)ct_order_rank(table, part) * (double)ct_order_rank(table, rest) *
                   (double)ct_order_rank(table, set);
    }
}

/* Of a single pixel: a tensor of its two values and the edge. */
static double leaf(const best_trees *t, cutropy_order_aim aim, uint64_t set)
{
    return aim == CUTROPY_ORDER_ENTROPY
               ? ct_order_entropy(&t->table, set)
               : (double)ct_order_rank(&t->table, set) * (aim == CUTROPY_ORDER_PARAMETERS ? 2 : 1);
}

static cutropy_status find_best(void *of, cutropy_order_aim aim, ct_order_limit limit,
                                const ct_watch *watch, double *least)
{
    best_trees *t = of;
    for (uint64_t set = 1; set <= t->table.full; set++) {
        const uint64_t low = set & -set;
        t->table.best[set] = INFINITY;
        t->first[set] = 0;
        if (set % (1 << 10) == 0 && ct_asked_to_stop(watch, "trees", set, t->table.full + 1))
            return ct_fail(CUTROPY_ECANCELLED, "stopped before the best tree was found");
        if (!ct_order_allows(&t->table, &limit, set))
            continue;
        if (set == low)
            t->table.best[set] = leaf(t, aim, set);
        for (uint64_t part = (set - 1) & set; part; part = (part - 1) & set) {
            if (!(part & low)) /* the other part has been seen as this one, or will be */
                continue;
            const double cost = combine(t, aim, set, part);
            if (cost < t->table.best[set]) {
                t->table.best[set] = cost;
                t->first[set] = (uint32_t)part;
            }
        }
    }
    *least = t->table.best[t->table.full];
    return CUTROPY_OK;
}

/* The nodes, the root first, each before what is below it. */
static cutropy_status take(const best_trees *t, cutropy_tree *tree)
{
    cutropy_status status = CUTROPY_OK;
    int used = 1;
    CT_NEW_ZERO(tree->node, tree->count);
    tree->node[0].set = t->table.full;
    tree->sums = (cutropy_order_sums){.largest_rank = 1};
    for (int i = 0; i < tree->count; i++) {
        ct_tree_node *n = &tree->node[i];
        const uint64_t part = t->first[n->set];
        n->rank = ct_order_rank(&t->table, n->set);
        n->entropy = ct_order_entropy(&t->table, n->set);
        n->entropy_err = ct_order_error(&t->table, n->set);
        n->below[0] = n->below[1] = -1;
        for (int side = 0; side < 2 && part; side++) {
            tree->node[used].set = side ? n->set ^ part : part;
            n->below[side] = used++;
        }
        const int64_t legs =
            part ? ct_order_rank(&t->table, part) * ct_order_rank(&t->table, n->set ^ part) : 2;
        tree->sums.parameters += legs * n->rank; /* below 2^30 each */
        tree->sums.largest_rank =
            n->rank > tree->sums.largest_rank ? n->rank : tree->sums.largest_rank;
        tree->sums.largest_entropy = fmax(tree->sums.largest_entropy, n->entropy);
    }
    tree->sums.entropy_err = ct_order_table_error(&t->table);
done:
    return status;
}

cutropy_status cutropy_tree_find(cutropy_state *state, cutropy_order_aim aim,
                                 const cutropy_options *options, cutropy_tree **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_tree *tree = NULL;
    best_trees t = {0};
    *out = NULL;
    CT_NEW_ZERO(tree, 1);
    tree->pixels = state->f.pixels;
    tree->count = 2 * tree->pixels - 1;
    tree->aim = aim;
    CT_TRY(ct_order_table_make(state, options, &tree->result, &t.table));
    CT_NEW(t.first, (size_t)t.table.full + 1);
    CT_TRY(ct_order_least(find_best, &t, aim, options));
    CT_TRY(take(&t, tree));
    *out = tree;
    tree = NULL;
done:
    ct_order_table_free(&t.table);
    ct_free(t.first);
    cutropy_tree_free(tree);
    return status;
}

const cutropy_order_sums *cutropy_tree_summarize(const cutropy_tree *tree)
{
    return &tree->sums;
}
