/* SPDX-License-Identifier: Apache-2.0 */
/* The best order against all N! of them, with ranks and entropies of the oracle. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/sample.h"
#include "ref/support.h"

#define MOST 7

/* Of all sets, by the oracle. */
typedef struct table {
    int pixels;
    int64_t rank[1 << MOST];
    double entropy[1 << MOST];
} table;

/* A random function, the i-th of a test, its state and its sets. */
typedef struct drawn {
    sample sample;
    cutropy_lattice *lattice;
    cutropy_problem *problem;
    cutropy_state *state;
    table t;
} drawn;

static drawn draw_function(int i, const char *lattice, uint64_t *random)
{
    static const texture kinds[] = {HALF_LABELS,   THIN_LABELS,  CLASS_LABELS,
                                    WEIGHT_LABELS, BLOCK_LABELS, SMALL_INTEGERS};
    drawn d = {.lattice = must_lattice(lattice)};
    d.t.pixels = d.lattice->pixels;
    sample_draw(kinds[i % 6], d.t.pixels, random, &d.sample);
    d.problem = must_values(d.lattice, d.sample.kind, d.sample.values);
    d.state = must_state(d.problem, NULL);
    for (uint64_t set = 0; set < UINT64_C(1) << d.t.pixels; set++) {
        oracle_answer answer;
        oracle_solve(&d.sample.function, set, &answer);
        d.t.rank[set] = answer.rank;
        d.t.entropy[set] = (double)answer.entropy;
        oracle_free(&answer);
    }
    return d;
}

static void free_drawn(drawn *d)
{
    cutropy_state_free(d->state);
    cutropy_problem_free(d->problem);
    cutropy_lattice_free(d->lattice);
    sample_free(&d->sample);
}

typedef struct sums {
    int64_t largest_rank, parameters;
    double largest_entropy;
} sums;

static sums sums_of(const table *t, const int *pixel)
{
    sums s = {1, 0, 0};
    uint64_t set = 0;
    for (int k = 0; k < t->pixels; k++) {
        const int64_t left = t->rank[set];
        set |= UINT64_C(1) << pixel[k];
        s.parameters += 2 * left * t->rank[set];
        s.largest_rank = t->rank[set] > s.largest_rank ? t->rank[set] : s.largest_rank;
        s.largest_entropy = fmax(s.largest_entropy, t->entropy[set]);
    }
    return s;
}

/* The next permutation in lexicographic order; false: there is none. */
static bool next_order(int *pixel, int count)
{
    int i = count - 2, j = count - 1;
    while (i >= 0 && pixel[i] > pixel[i + 1])
        i--;
    if (i < 0)
        return false;
    while (pixel[j] < pixel[i])
        j--;
    int swap = pixel[i];
    pixel[i] = pixel[j];
    pixel[j] = swap;
    for (int a = i + 1, b = count - 1; a < b; a++, b--) {
        swap = pixel[a];
        pixel[a] = pixel[b];
        pixel[b] = swap;
    }
    return true;
}

/* The least of each, and the fewest parameters among the orders with the least largest rank. */
static void try_all(const table *t, sums *least, int64_t *parameters)
{
    int pixel[MOST];
    for (int k = 0; k < t->pixels; k++)
        pixel[k] = k;
    *least = sums_of(t, pixel);
    *parameters = least->parameters;
    do {
        const sums s = sums_of(t, pixel);
        if (s.largest_rank < least->largest_rank ||
            (s.largest_rank == least->largest_rank && s.parameters < *parameters))
            *parameters = s.parameters;
        least->largest_rank =
            s.largest_rank < least->largest_rank ? s.largest_rank : least->largest_rank;
        least->parameters = s.parameters < least->parameters ? s.parameters : least->parameters;
        least->largest_entropy = fmin(least->largest_entropy, s.largest_entropy);
    } while (next_order(pixel, t->pixels));
}

static void check_sums(const cutropy_order_sums *found, sums s)
{
    ck_assert_int_eq(found->largest_rank, s.largest_rank);
    ck_assert_int_eq(found->parameters, s.parameters);
    ck_assert_double_eq_tol(found->largest_entropy, s.largest_entropy, 1e-11);
}

/* Does the order have all pixels once, and is it, and that of the numbers, what it says? */
static void check_order(const cutropy_order *order, const table *t)
{
    const int numbers[MOST] = {0, 1, 2, 3, 4, 5, 6}, *pixels = cutropy_order_pixels(order);
    uint64_t seen = 0;
    for (int k = 0; k < t->pixels; k++)
        seen |= UINT64_C(1) << pixels[k];
    ck_assert_uint_eq(seen, (UINT64_C(1) << t->pixels) - 1);
    check_sums(cutropy_order_summarize(order, 0), sums_of(t, pixels));
    check_sums(cutropy_order_summarize(order, 1), sums_of(t, numbers));
}

/* parameters: the fewest with the least largest rank */
static void check_best(const cutropy_order_sums *best, int aim, const sums *least,
                       int64_t parameters)
{
    if (aim == CUTROPY_ORDER_RANK) {
        ck_assert_int_eq(best->largest_rank, least->largest_rank);
        ck_assert_int_eq(best->parameters, parameters);
    } else if (aim == CUTROPY_ORDER_PARAMETERS)
        ck_assert_int_eq(best->parameters, least->parameters);
    else
        ck_assert_double_le(fabs(best->largest_entropy - least->largest_entropy),
                            2 * best->entropy_err + 1e-12);
}

static void check_function(cutropy_state *state, const table *t)
{
    sums least;
    int64_t parameters;
    try_all(t, &least, &parameters);
    for (int aim = 0; aim < 3; aim++) {
        cutropy_order *order = NULL;
        MUST(cutropy_order_find(state, (cutropy_order_aim)aim, NULL, &order));
        check_order(order, t);
        check_best(cutropy_order_summarize(order, 0), aim, &least, parameters);
        cutropy_order_free(order);
    }
}

START_TEST(no_order_is_better)
{
    uint64_t random = 41;
    for (int i = 0; i < amount(12, 4); i++) {
        drawn d = draw_function(i, i < 6 ? "chain:5" : "chain:6", &random);
        check_function(d.state, &d.t);
        free_drawn(&d);
    }
}
END_TEST

/* Pairs (x_i, y_i) one after the other: two sums modulo 2, and one bit of a pair that is open. */
START_TEST(inner_product)
{
    cutropy_problem *problem = must_problem("inner-product", "chain:12");
    cutropy_order *order = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, NULL, &order), CUTROPY_OK);
    cutropy_state_free(state); /* is not needed any more */
    ck_assert_int_eq(cutropy_order_summarize(order, 0)->largest_rank, 3);
    ck_assert_int_eq(cutropy_order_summarize(order, 1)->largest_rank, 63);
    ck_assert_int_eq(cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 12);
    int64_t pixel[12], rank[12], high[12];
    ck_assert(cutropy_sheet_integers(sheet, 1, pixel, high));
    ck_assert(cutropy_sheet_integers(sheet, 3, rank, high));
    for (int k = 0; k < 12; k += 2) /* x_i and y_i stand together */
        ck_assert_int_eq(llabs(pixel[k] - pixel[k + 1]), 6);
    ck_assert_int_eq(rank[11], 1);
    cutropy_sheet_free(sheet);
    cutropy_order_free(order);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- trees ---- */

/* The least largest rank and entropy and the fewest parameters of all trees of a set with its upper edge, tree by tree: those that
 * keep all ranks and entropies below the bounds. */
static sums tree_of(const table *t, uint64_t set, int64_t most_rank, double most_entropy, bool *any)
{
    const uint64_t low = set & -set;
    const bool root = set == (UINT64_C(1) << t->pixels) - 1;
    sums least = {INT64_MAX, INT64_MAX, INFINITY};
    const int64_t rank = root ? 1 : t->rank[set];
    const double entropy = root ? 0 : t->entropy[set];
    *any = false;
    if (rank > most_rank || entropy > most_entropy)
        return least;
    if (set == low) {
        *any = true;
        return (sums){rank, 2 * rank, entropy};
    }
    for (uint64_t part = 1; part < set; part++) {
        bool both[2];
        if ((part & ~set) || !(part & low))
            continue;
        const sums a = tree_of(t, part, most_rank, most_entropy, &both[0]),
                   b = tree_of(t, set ^ part, most_rank, most_entropy, &both[1]);
        if (!both[0] || !both[1])
            continue;
        const int64_t largest = a.largest_rank > b.largest_rank ? a.largest_rank : b.largest_rank,
                      all =
                          a.parameters + b.parameters + t->rank[part] * t->rank[set ^ part] * rank;
        const double high = fmax(entropy, fmax(a.largest_entropy, b.largest_entropy));
        *any = true;
        least.largest_rank = largest > rank && largest < least.largest_rank ? largest
                             : largest <= rank && rank < least.largest_rank ? rank
                                                                            : least.largest_rank;
        least.parameters = all < least.parameters ? all : least.parameters;
        least.largest_entropy = fmin(least.largest_entropy, high);
    }
    return least;
}

/* Does the tree have all pixels once, and is it what it says? */
static void check_tree(const cutropy_tree *tree, const table *t)
{
    enum { NODES = 2 * MOST - 1 };
    cutropy_sheet *sheet = NULL;
    const int count = 2 * t->pixels - 1;
    int64_t cell[4][NODES], high[NODES];
    uint64_t set[NODES] = {0};
    sums s = {1, 0, 0};
    ck_assert_int_eq(cutropy_tree_sheet(tree, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), (size_t)count);
    for (int column = 0; column < 3; column++)
        ck_assert(cutropy_sheet_integers(sheet, column + 1, cell[column], high));
    ck_assert(cutropy_sheet_integers(sheet, 5, cell[3], high));
    for (int i = count - 1; i >= 0; i--) {
        const bool leaf = cell[0][i] <= i;
        if (leaf) {
            set[i] = UINT64_C(1) << cell[2][i];
        } else {
            ck_assert_uint_eq(set[cell[0][i]] & set[cell[1][i]], 0);
            set[i] = set[cell[0][i]] | set[cell[1][i]];
        }
        const int64_t rank = i ? t->rank[set[i]] : 1;
        ck_assert_int_eq(cell[3][i], rank);
        s.parameters += rank * (leaf ? 2 : t->rank[set[cell[0][i]]] * t->rank[set[cell[1][i]]]);
        s.largest_rank = rank > s.largest_rank ? rank : s.largest_rank;
        s.largest_entropy = i ? fmax(s.largest_entropy, t->entropy[set[i]]) : s.largest_entropy;
    }
    ck_assert_uint_eq(set[0], (UINT64_C(1) << t->pixels) - 1);
    check_sums(cutropy_tree_summarize(tree), s);
    cutropy_sheet_free(sheet);
}

START_TEST(no_tree_is_better)
{
    uint64_t random = 97;
    for (int i = 0; i < amount(30, 12); i++) {
        drawn d = draw_function(i, i / 6 % 2 ? "chain:6" : "chain:5", &random);
        bool any;
        const uint64_t full = (UINT64_C(1) << d.t.pixels) - 1;
        const sums least = tree_of(&d.t, full, INT64_MAX, INFINITY, &any);
        const sums few = tree_of(&d.t, full, least.largest_rank, INFINITY, &any);
        for (int aim = 0; aim < 3; aim++) {
            cutropy_tree *tree = NULL;
            MUST(cutropy_tree_find(d.state, (cutropy_order_aim)aim, NULL, &tree));
            check_tree(tree, &d.t);
            check_best(cutropy_tree_summarize(tree), aim, &least, few.parameters);
            cutropy_tree_free(tree);
        }
        free_drawn(&d);
    }
}
END_TEST

/* ---- the search ---- */

/* What it says of its order is so, the order is no worse than that of the numbers and no better than the best, and it looks at no more
 * cuts than it may. How often it finds the best is counted. */
static void check_search(cutropy_state *state, const table *t, uint64_t budget, int *best)
{
    sums least;
    int64_t parameters;
    try_all(t, &least, &parameters);
    for (int aim = 0; aim < 3; aim++) {
        cutropy_order *order = NULL;
        MUST(cutropy_order_search(state, (cutropy_order_aim)aim, budget, NULL, &order));
        const cutropy_order_sums *found = cutropy_order_summarize(order, 0),
                                 *numbers = cutropy_order_summarize(order, 1);
        check_order(order, t);
        ck_assert_uint_gt(cutropy_order_searched(order), 0);
        ck_assert_uint_le(cutropy_order_searched(order), budget);
        if (aim == CUTROPY_ORDER_RANK) {
            ck_assert_int_ge(found->largest_rank, least.largest_rank);
            ck_assert_int_le(found->largest_rank, numbers->largest_rank);
            *best += found->largest_rank == least.largest_rank && found->parameters == parameters;
        } else if (aim == CUTROPY_ORDER_PARAMETERS) {
            ck_assert_int_ge(found->parameters, least.parameters);
            ck_assert_int_le(found->parameters, numbers->parameters);
            *best += found->parameters == least.parameters;
        } else {
            ck_assert_double_ge(found->largest_entropy, least.largest_entropy - 1e-11);
            ck_assert_double_le(found->largest_entropy, numbers->largest_entropy + 1e-11);
            *best += found->largest_entropy <= least.largest_entropy + 1e-11;
        }
        cutropy_order_free(order);
    }
}

START_TEST(searches_say_what_they_found)
{
    uint64_t random = 77;
    int best = 0;
    const int count = amount(12, 6);
    for (int i = 0; i < count; i++) {
        drawn d = draw_function(i, "3x2", &random);
        int few = 0;
        check_search(d.state, &d.t, 6, &few);
        check_search(d.state, &d.t, 20, &few);
        check_search(d.state, &d.t, 1000, &best);
        free_drawn(&d);
    }
    ck_assert_int_gt(2 * best, 3 * count); /* most of them, or it is no search */
}
END_TEST

START_TEST(searches_of_many_pixels)
{
    /* pairs again: those that belong together are found by their mutual information, or one by one */
    cutropy_problem *problem = must_problem("inner-product", "chain:16");
    cutropy_order *order = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 2000, NULL, &order),
                     CUTROPY_OK);
    ck_assert_int_eq(cutropy_order_summarize(order, 0)->largest_rank, 3);
    ck_assert_int_eq(cutropy_order_summarize(order, 1)->largest_rank, 255);
    cutropy_order_free(order);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    /* equations: by numbers all horizontal links come first, by rows S is about 2 L */
    problem = must_problem("loops", "links:9x9:torus");
    cutropy_options *options = must_options("solver", "affine", NULL);
    state = must_state(problem, options);
    MUST(cutropy_order_search(state, CUTROPY_ORDER_RANK, 2000, options, &order));
    const cutropy_order_sums *found = cutropy_order_summarize(order, 0),
                             *numbers = cutropy_order_summarize(order, 1);
    ck_assert_int_eq(numbers->largest_rank, -1);
    ck_assert_int_eq(numbers->parameters, -1);
    ck_assert_double_ge(numbers->largest_entropy,
                        64); /* 2^64 and more states between the two directions */
    ck_assert_double_le(found->largest_entropy, 19);
    ck_assert_double_ge(found->largest_entropy, 8); /* a straight line across has L - 1 */
    ck_assert_int_eq(found->largest_rank, INT64_C(1) << (int)found->largest_entropy);
    ck_assert_int_eq(cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 162);
    cutropy_sheet_free(sheet);
    cutropy_order_free(order);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}
END_TEST

/* Automata and enumeration say the same of an order; where memory ends, nothing is made up. */
START_TEST(searches_by_automata)
{
    static const char *const solvers[] = {"frontier", "enumerate"};
    cutropy_order *order[2] = {NULL, NULL};
    cutropy_options *options = must_options(NULL);
    for (int i = 0; i < 2; i++) {
        cutropy_problem *problem = must_problem("independent-set", "4x3");
        ck_assert_int_eq(cutropy_options_set(options, "solver", solvers[i]), CUTROPY_OK);
        cutropy_state *state = must_state(problem, options);
        MUST(cutropy_order_search(state, CUTROPY_ORDER_PARAMETERS, 400, options, &order[i]));
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
    for (int by_numbers = 0; by_numbers < 2;
         by_numbers++) { /* sifting by integers: the same steps */
        const cutropy_order_sums *a = cutropy_order_summarize(order[0], by_numbers),
                                 *b = cutropy_order_summarize(order[1], by_numbers);
        ck_assert_int_eq(a->largest_rank, b->largest_rank);
        ck_assert_int_eq(a->parameters, b->parameters);
        ck_assert_double_le(fabs(a->largest_entropy - b->largest_entropy),
                            a->entropy_err + b->entropy_err);
    }
    for (int i = 0; i < 2; i++)
        cutropy_order_free(order[i]);
    cutropy_options_free(options);
}
END_TEST

/* The order of the numbers needs more memory than there is; the one that is made does not. */
START_TEST(one_of_two_orders_fits)
{
    cutropy_problem *problem = must_problem("connected", "8x3");
    cutropy_order *order = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_options *options =
        must_options("solver", "frontier", "memory", "2M", "threads", "1", NULL);
    cutropy_state *state = must_state(problem, options);
    ck_assert_int_eq(cutropy_order_arrange(state, CUTROPY_ORDER_COLUMNS, options, &order),
                     CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "different cuts failed"));
    ck_assert_ptr_nonnull(order);
    const cutropy_order_sums *found = cutropy_order_summarize(order, 0),
                             *numbers = cutropy_order_summarize(order, 1);
    ck_assert_int_eq(found->largest_rank, 10); /* of a column and what it borders on */
    ck_assert_double_gt(found->largest_entropy, 1);
    ck_assert_int_eq(numbers->largest_rank, -1);
    ck_assert_int_eq(numbers->parameters, -1);
    ck_assert(isnan(numbers->largest_entropy) && isnan(numbers->mean_entropy) &&
              isnan(numbers->entropy_err));
    ck_assert_int_eq(cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_str_eq(cutropy_sheet_partial(sheet),
                     "23 of 23 cuts of the order, 16 of 23 by the numbers");
    cutropy_sheet_free(sheet);
    cutropy_order_free(order);
    /* their pass does not fit: cuts are read for themselves, and a search goes on with other orders */
    ck_assert_int_eq(cutropy_options_set(options, "memory", "1M"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 100, options, &order),
                     CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(order);
    ck_assert_int_eq(cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_ptr_nonnull(
        strstr(cutropy_sheet_partial(sheet), "23 of 23 cuts of the order, 14 of 23 by"));
    cutropy_sheet_free(sheet);
    cutropy_order_free(order);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(refused)
{
    cutropy_lattice *lattice = must_lattice("chain:21");
    ck_assert_int_eq(cutropy_order_check(lattice), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "20"));
    cutropy_lattice_free(lattice);
    cutropy_problem *problem = must_problem("connected", "3x3");
    cutropy_order *order = NULL;
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 8, NULL, &order),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "give at least 9"));
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    problem = must_problem("parity", "chain:1");
    state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, NULL, &order), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 99, NULL, &order),
                     CUTROPY_EINPUT);
    ck_assert_ptr_null(order);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(failing_allocations)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = must_problem("connected", "2x2");
    cutropy_options *options = must_options("threads", "1", NULL);
    cutropy_state *state = must_state(problem, options);
    cutropy_order *order = NULL;
    ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, options, &order), CUTROPY_OK);
    cutropy_order_free(order); /* the symmetries are known now */
    const long live = failing_allocator_live();
    for (int search = 0; search < 3; search++) {
        bool fired = true;
        for (long k = 0; fired; k++) {
            cutropy_sheet *sheet = NULL;
            cutropy_tree *tree = NULL;
            order = NULL;
            failing_allocator_start(k);
            cutropy_status status =
                search == 2 ? cutropy_tree_find(state, CUTROPY_ORDER_RANK, options, &tree)
                : search    ? cutropy_order_search(state, CUTROPY_ORDER_RANK, 50, options, &order)
                            : cutropy_order_find(state, CUTROPY_ORDER_RANK, options, &order);
            if (!status)
                status = tree ? cutropy_tree_sheet(tree, CUTROPY_BASE_BITS, &sheet)
                              : cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet);
            fired = failing_allocator_stop();
            ck_assert_msg(status == CUTROPY_OK || (fired && status == CUTROPY_EMEMORY), "%d %s",
                          status, cutropy_error());
            cutropy_sheet_free(sheet);
            cutropy_order_free(order);
            cutropy_tree_free(tree);
            ck_assert_int_eq(failing_allocator_live(), live);
        }
    }
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("order", no_order_is_better, inner_product, no_tree_is_better,
           searches_say_what_they_found, searches_of_many_pixels, searches_by_automata,
           one_of_two_orders_fits, refused, failing_allocations)
