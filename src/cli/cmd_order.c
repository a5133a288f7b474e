/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy order PROBLEM: the order of the pixels that a matrix product state likes best. */
#include <math.h>
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "analysis/order/order.h"
#include "analysis/order/order_cuts.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"
#include "lattice/lattice.h"

static const char documentation[] =
    "Find the order of the pixels in which PROBLEM is the smallest matrix product state: the best of all "
    "N! orders, proved, for up to 20 pixels; beyond, a good one, by a local search."
    "\v"
    "Up to 20 pixels, without --budget: every cut is computed once (2^(N-1) of them); then the best order of every set of pixels follows from "
    "those of its subsets. Among the orders with the least largest rank (or entropy) one with the fewest "
    "parameters is taken. Ranks are proved; an entropy has its error, and no order has a "
    "largest entropy that is smaller by more than twice the largest error.\n"
    "\n"
    "The search begins with the orders of the numbers, of rows, of columns, and one that puts pixels with much "
    "mutual information beside each other, and moves one pixel after the other to its best place, until none "
    "moves or the budget of cuts is used up. Nothing is said of orders that it did not see. Beyond 20 pixels "
    "linear equations (loops) and automata (docs/frontier.md) answer where there are any.\n"
    "\n"
    "--method makes an order at once, a heuristic that says nothing of others. spectral: pixels with much quantum mutual "
    "information S(i) + S(j) - S(ij) beside each other, by the Fiedler vector of that graph. rearranged: the pixels in halves "
    "that share little of it (balanced cuts by Kernighan and Lin's swaps), these in halves again, and so on. numbers, rows, "
    "columns: for comparison. Data sets (data: sums of product states) have no other orders, since their "
    "ranks are open.\n"
    "\n"
    "Columns: place, pixel, cut (all pixels so far), rank and entropy of this cut, and rank_by_numbers, "
    "entropy_by_numbers after as many pixels in the order of their numbers. A line compares the "
    "two orders, on standard error where the table goes to standard output; JSON holds it too. Cuts of either "
    "order that fail alone (memory) leave their cells empty: the table is partial, one line says why, and the exit "
    "code is that of the failure.\n"
    "\n"
    "With --tree: node, left and right (nodes), pixel, cut (all pixels below), rank, entropy. A pixel has 2 x rank "
    "parameters, a node with two below it left x right x rank.\n"
    "\n"
    "  cutropy order inner-product --lattice chain:12\n"
    "  cutropy order connected --lattice 3x4 --least parameters -o order.csv\n"
    "  cutropy order connected --lattice 5x5 --budget 3000\n"
    "  cutropy order loops --lattice links:6x6\n"
    "  cutropy order data:label=class:3 --method rearranged -o order.csv\n"
    "  cutropy order connected --lattice 4x4 --tree\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    CT_SERVES_TEXT,
    {CT_OPTION_LEAST, 1, NULL, NULL},
    {CT_OPTION_METHOD, 1, NULL, NULL},
    {CT_OPTION_BUDGET, 1, NULL, NULL},
    {CT_OPTION_TREE, 1, NULL, NULL},
    {CT_OPTION_BASE, 1, NULL, NULL},
    {CT_OPTION_SOLVER, 3,
     "auto, enumerate (every image), frontier (automata), affine (linear "
     "equations); default: auto (affine, then frontier, beyond 20 pixels)",
     NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {0}};

/* "34", "2^70" where 64 bits do not hold it (flat spectra: the entropy says how many). Cuts that failed have no entropy. */
static const char *rank_words(const cutropy_order_sums *s, char text[32])
{
    if (isnan(s->largest_entropy))
        snprintf(text, 32, "not known");
    else if (s->largest_rank < 0)
        snprintf(text, 32, "2^%.0f", s->largest_entropy);
    else
        snprintf(text, 32, "%lld", (long long)s->largest_rank);
    return text;
}

static const char *parameter_words(const cutropy_order_sums *s, char text[32])
{
    if (isnan(s->largest_entropy))
        snprintf(text, 32, "not known");
    else if (s->parameters < 0)
        snprintf(text, 32, "beyond 2^62");
    else
        snprintf(text, 32, "%lld", (long long)s->parameters);
    return text;
}

static const char *entropy_words(double entropy, char text[32])
{
    if (isnan(entropy))
        snprintf(text, 32, "not known");
    else
        snprintf(text, 32, "%.6g", entropy);
    return text;
}

/* Not into the table. */
static void say(const ct_call *c, const cutropy_order *order)
{
    char text[6][32];
    FILE *file = c->typed->output ? stdout : stderr;
    const cutropy_order_sums *found = cutropy_order_summarize(order, 0),
                             *numbers = cutropy_order_summarize(order, 1);
    const char *place = c->typed->output && !order->partial ? c->typed->output : c->name;
    const char *method = cutropy_order_method_name(order);
    if (method) {
        fprintf(file,
                "%s: order %s, without a search: mean entropy %s bits (by the numbers: %s), "
                "largest %s (%s); other orders may be better\n",
                place, method, entropy_words(found->mean_entropy, text[0]),
                entropy_words(numbers->mean_entropy, text[1]),
                entropy_words(found->largest_entropy, text[2]),
                entropy_words(numbers->largest_entropy, text[3]));
        return;
    }
    fprintf(file,
            "%s: largest rank %s (by the numbers: %s), parameters %s (%s), largest entropy "
            "%s bits (%s)",
            place, rank_words(found, text[0]), rank_words(numbers, text[1]),
            parameter_words(found, text[2]), parameter_words(numbers, text[3]),
            entropy_words(found->largest_entropy, text[4]),
            entropy_words(numbers->largest_entropy, text[5]));
    if (cutropy_order_searched(order))
        fprintf(file, "; a local search that looked at %llu cuts: other orders may be better",
                (unsigned long long)cutropy_order_searched(order));
    fprintf(file, "\n");
}

/* A data set has no ranks, and so no search unless somebody insists. */
static bool is_at_once(const ct_call *c, const cutropy_state *state)
{
    return c->typed->method >= 0 || (c->typed->least < 0 && c->typed->budget == UINT64_MAX &&
                                     ct_order_serves(state) != CUTROPY_OK);
}

static cutropy_order_aim aim_of(const ct_call *c)
{
    return c->typed->least < 0 ? CUTROPY_ORDER_RANK : (cutropy_order_aim)c->typed->least;
}

/* Of all orders, or by a search, or at once. */
static cutropy_status find(ct_call *c, cutropy_order **order)
{
    const int pixels = cutropy_problem_lattice(c->problem)->pixels;
    const cutropy_order_aim aim = aim_of(c);
    const bool given = c->typed->budget != UINT64_MAX,
               search = given || pixels > CUTROPY_ORDER_LARGEST;
    cutropy_state *state = NULL;
    const cutropy_status ends = ct_lattice_has_end(cutropy_problem_lattice(c->problem));
    if (ends != CUTROPY_OK) /* before any work */
        return ends;
    cutropy_status status = cutropy_order_open(c->problem, &c->options, &state);
    if (!status && !state)
        status = cutropy_state_open(c->problem, &c->options, &state);
    if (!status && is_at_once(c, state))
        status = cutropy_order_arrange(
            state,
            c->typed->method < 0 ? CUTROPY_ORDER_SPECTRAL : (cutropy_order_method)c->typed->method,
            &c->options, order);
    else if (!status && search)
        status = cutropy_order_search(state, aim, given ? c->typed->budget : CUTROPY_ORDER_BUDGET,
                                      &c->options, order);
    else if (!status)
        status = cutropy_order_find(state, aim, &c->options, order);
    cutropy_state_free(state);
    return status;
}

static int compute_tree(ct_call *c)
{
    cutropy_state *state = NULL;
    cutropy_tree *tree = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_order_check(cutropy_problem_lattice(c->problem));
    if (!status)
        status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = cutropy_state_open(c->problem, &c->options, &state);
    if (!status)
        status = cutropy_tree_find(state, aim_of(c), &c->options, &tree);
    ct_progress_erase(&c->progress);
    cutropy_state_free(state);
    if (status)
        return ct_cli_fail(c->name, status);
    ct_signals_writing(c->typed->output);
    status = cutropy_tree_sheet(tree, (cutropy_base)c->typed->base, &sheet);
    const int code = ct_call_put(c, status, sheet);
    const cutropy_order_sums *best = cutropy_tree_summarize(tree);
    if (!code && !c->typed->quiet)
        fprintf(c->typed->output ? stdout : stderr,
                "%s: largest rank %lld, parameters %lld, largest entropy %.6g bits\n",
                c->typed->output ? c->typed->output : c->name, (long long)best->largest_rank,
                (long long)best->parameters, best->largest_entropy);
    cutropy_tree_free(tree);
    return code ? code : ct_cli_close_output(c->name);
}

static int compute(ct_call *c)
{
    cutropy_order *order = NULL;
    cutropy_sheet *sheet = NULL;
    char found[96] = "";
    if (c->typed->tree)
        return compute_tree(c);
    cutropy_status status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = find(c, &order);
    ct_progress_erase(&c->progress);
    if (!order)
        return ct_cli_fail(c->name, status);
    ct_signals_writing(c->typed->output);
    const cutropy_status made = cutropy_order_sheet(order, (cutropy_base)c->typed->base, &sheet);
    if (!made)
        snprintf(found, sizeof found, "%s", cutropy_sheet_partial(sheet));
    int code = ct_call_put(c, made, sheet);
    if (!code && !c->typed->quiet)
        say(c, order);
    if (!code && status)
        code = ct_call_partial(c, status, found);
    cutropy_order_free(order);
    return code ? code : ct_cli_close_output(c->name);
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_problem(command, options, compute);
}

static error_t check(ct_options *options, const struct argp_state *state)
{
    if (options->tree && options->budget != UINT64_MAX)
        return ct_cli_bad(
            state, "--budget is for orders: trees are compared all, and --tree has no search");
    if (options->method >= 0 &&
        (options->tree || options->least >= 0 || options->budget != UINT64_MAX))
        return ct_cli_bad(state,
                          "contradictory options: --method is an order without a search, not for "
                          "--least, --budget or --tree");
    return ct_options_imply_format(options, state);
}

const ct_command ct_command_order = {
    .name = "cutropy order",
    .summary =
        "the order of the pixels with the least bond dimension, of all orders; beyond 20 pixels, a good one",
    CT_TAKES_A_PROBLEM("order"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
