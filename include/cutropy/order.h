/* SPDX-License-Identifier: Apache-2.0 */
/* The best order of the pixels for a matrix product state: of all N! orders, proved by the table of all cuts. For more pixels
 * a local search, which finds some good order and proves nothing; and orders that are made at once.
 *
 * An order cuts the pixels after its first 1, 2, .., N - 1 ones. With cost[S] of the cut whose region A is the set S,
 *     best[S] = min over i in S of combine(best[S - i], cost[S])
 * is that of the best order of S, and best[all] that of the best order (M. Held, R. M. Karp, J. SIAM 10, 196 (1962)). */
#ifndef CUTROPY_ORDER_H
#define CUTROPY_ORDER_H

#include <cutropy/sheet.h>
#include <cutropy/state.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CUTROPY_ORDER_LARGEST 20 /* pixels */

/* What is least; where several orders are, one of them that also has the fewest parameters (ENTROPY: then). */
typedef enum cutropy_order_aim {
    CUTROPY_ORDER_RANK,       /* the largest Schmidt rank of a cut */
    CUTROPY_ORDER_PARAMETERS, /* numbers of the matrix product state: the sum of 2 left right */
    CUTROPY_ORDER_ENTROPY     /* the largest entropy of a cut */
} cutropy_order_aim;

/* The aim of a word, "rank", "parameters", "entropy"; 0: it is none. */
int cutropy_order_aim_named(const char *name, cutropy_order_aim *out);

/* Whether cutropy_order_find would take a function on this lattice, before it is evaluated. CUTROPY_EUNSUPPORTED: it has too many
 * pixels. */
cutropy_status cutropy_order_check(const cutropy_lattice *lattice);

typedef struct cutropy_order cutropy_order;

/* Runs every cut of the state, and finds the order. options: those of cutropy_state_run; quantities are ignored. Cost: 2^(N-1) cuts,
 * then N 2^N steps; memory 13 2^N bytes beside the run. Ranks are proved for labels and integers; entropies have
 * their errors, and no order has a largest entropy that is smaller by more than twice the largest of them. Errors: those
 * of cutropy_state_run; CUTROPY_EUNSUPPORTED (more pixels than CUTROPY_ORDER_LARGEST), CUTROPY_ENUMERIC (a rank that is not settled: the option
 * certify settles it). *out is NULL then. */
cutropy_status cutropy_order_find(cutropy_state *state, cutropy_order_aim aim,
                                  const cutropy_options *options, cutropy_order **out);
void cutropy_order_free(cutropy_order *order); /* NULL is allowed */

/* A good order, by a local search: from the orders of the numbers, the rows, the columns and the mutual information of the pixels one pixel after the
 * other goes where it is best, until none moves or `budget` different cuts were looked at. Any order may be better: nothing is said of
 * those that were not seen. The ranks and entropies of the order itself are as exact as ever. Cost: up to `budget` cuts, 2 N for each pixel that is
 * tried. A cut that does not fit in memory counts as worse than any other. Errors: those of cutropy_state_run; CUTROPY_EINPUT (budget below N), CUTROPY_ENUMERIC (as above). *out is NULL then,
 * but where cuts of the order or of that of the numbers failed while others went on (memory: that of the numbers may need far more): then *out is an
 * order whose sums and cells say what is known. */
#define CUTROPY_ORDER_BUDGET 10000
cutropy_status cutropy_order_search(cutropy_state *state, cutropy_order_aim aim, uint64_t budget,
                                    const cutropy_options *options, cutropy_order **out);
/* The state that suits a search, where it needs no enumeration: beyond CUTROPY_ORDER_LARGEST pixels the solver auto means linear equations, or automata that stay small,
 * since each cut costs a pass over what there is. *out is NULL, without an error, for fewer pixels, another solver, or a problem that has neither:
 * then that of cutropy_state_open. Errors: those of cutropy_state_open. */
cutropy_status cutropy_order_open(const cutropy_problem *problem, const cutropy_options *options,
                                  cutropy_state **out);
/* How many cuts a search, or cutropy_order_arrange, looked at before the order was known. */
uint64_t cutropy_order_searched(const cutropy_order *order);

/* An order without a search, a heuristic: nothing is said of other orders. Ranks that are brackets stay open, so that data sets are served. */
typedef enum cutropy_order_method {
    CUTROPY_ORDER_NUMBERS, /* of the pixels */
    CUTROPY_ORDER_ROWS,    /* by their positions, y and then x */
    CUTROPY_ORDER_COLUMNS, /* x and then y */
    CUTROPY_ORDER_SPECTRAL, /* by the Fiedler vector of the mutual information of all pairs of pixels */
    CUTROPY_ORDER_REARRANGED /* halves of the pixels that share little mutual information, halved again, until single pixels are left:
                                for N = 2^k every half, quarter, .. of the places is such a block */
} cutropy_order_method;

/* The method of a word, "numbers", "rows", "columns", "spectral", "rearranged"; 0: it is none. */
int cutropy_order_method_named(const char *name, cutropy_order_method *out);

/* That of an order of cutropy_order_arrange; NULL: of another one. */
const char *cutropy_order_method_name(const cutropy_order *order);

/* Cost: N (N + 1) / 2 cuts of one and two pixels for the last two, 2 (N - 1) cuts for the table, and at most some N^3 steps a swap. Errors: those
 * of cutropy_state_run; CUTROPY_EINPUT (one pixel). *out is NULL then, but for cuts that failed while others went on, as above. */
cutropy_status cutropy_order_arrange(cutropy_state *state, cutropy_order_method method,
                                     const cutropy_options *options, cutropy_order **out);

/* Of an order: the one that was found, or (by_numbers != 0) that of the pixel numbers, for comparison. Read only. */
typedef struct cutropy_order_sums {
    int64_t largest_rank; /* -1: more than 62 bits, open, or some cut has no numbers */
    int64_t parameters;   /* likewise */
    double largest_entropy,
        entropy_err; /* bits; the largest error of any cut, of a search: of the order's own; NaN: some cut has no numbers */
    double
        mean_entropy; /* bits, over the N - 1 cuts between pixels; its error is entropy_err at most. Of orders alone */
} cutropy_order_sums;
const cutropy_order_sums *cutropy_order_summarize(const cutropy_order *order, int by_numbers);

/* pixels[k]: the pixel at place k, N of them; it belongs to the order. */
const int *cutropy_order_pixels(const cutropy_order *order);

/* One row a pixel: place, pixel, cut (the mask of all pixels so far), rank, entropy, and for the order of the numbers
 * rank_by_numbers, entropy_by_numbers of the cut after as many pixels; the last is that of all pixels, S(label) where a label stands on the other side, else 0; cells of cuts that failed are empty, and the sheet is partial then. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_order_sheet(const cutropy_order *order, cutropy_base base,
                                   cutropy_sheet **out);

/* ---- trees ---- */

/* The best binary tree of the pixels for a tree tensor network, of all of them, proved by the same table of all cuts: with an edge above every node,
 *     best[S] = min over the parts P of S of combine(best[P], best[S - P], cost[S]).
 * A pixel is a tensor of 2 x rank numbers, a node with two below it one of left x right x rank; the edge above the root has rank 1 (that of the label, where it stands on both sides). What is
 * least is as for orders, over the cuts of all nodes. Cost: 2^(N-1) cuts, then 3^N / 2 steps (N = 16: a second of the processor, 20: minutes); memory 16 2^N bytes beside the run.
 * Errors: those of cutropy_order_find. */
typedef struct cutropy_tree cutropy_tree;
cutropy_status cutropy_tree_find(cutropy_state *state, cutropy_order_aim aim,
                                 const cutropy_options *options, cutropy_tree **out);
void cutropy_tree_free(cutropy_tree *tree); /* NULL is allowed */
const cutropy_order_sums *cutropy_tree_summarize(const cutropy_tree *tree);

/* One row a node, the root first and each before those below it: node (0, 1, ..), left and right (nodes; empty for a pixel), pixel (empty for
 * the others), cut (the pixels below it), rank, entropy. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_tree_sheet(const cutropy_tree *tree, cutropy_base base, cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
