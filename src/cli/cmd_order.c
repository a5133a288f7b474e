/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy order PROBLEM: the order of the pixels that a matrix product state likes best. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "Find the order of the pixels in which PROBLEM is the smallest matrix product state: the best of all "
    "N! orders, proved, for up to 20 pixels."
    "\v"
    "Every cut is computed once (2^(N-1) of them); then the best order of every set of pixels follows from "
    "those of its subsets. Among the orders with the least largest rank (or entropy) one with the fewest "
    "parameters is taken. Ranks are proved; an entropy has its error, and no order has a "
    "largest entropy that is smaller by more than twice the largest error.\n"
    "\n"
    "Columns: place, pixel, cut (all pixels so far), rank and entropy of this cut, and rank_by_numbers, "
    "entropy_by_numbers after as many pixels in the order of their numbers. A line compares the "
    "two orders, on standard error where the table goes to standard output; JSON holds it too.\n"
    "\n"
    "  cutropy order inner-product --lattice chain:12\n"
    "  cutropy order connected --lattice 3x4 --least parameters -o order.csv\n";

static const ct_serves serves[] = {CT_SERVES_RUN,
                                   CT_SERVES_TEXT,
                                   {CT_OPTION_LEAST, 1, NULL, NULL},
                                   {CT_OPTION_BASE, 1, NULL, NULL},
                                   {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
                                   {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
                                   {CT_OPTION_FORMAT, 2, NULL, NULL},
                                   {0}};

/* Not into the table. */
static void say(const ct_call *c, const cutropy_order *order)
{
    FILE *file = c->typed->output ? stdout : stderr;
    const cutropy_order_sums *best = cutropy_order_summarize(order, 0),
                             *numbers = cutropy_order_summarize(order, 1);
    fprintf(file,
            "%s: largest rank %lld (by the numbers: %lld), parameters %lld (%lld), largest entropy "
            "%.6g bits (%.6g)\n",
            c->typed->output ? c->typed->output : c->name, (long long)best->largest_rank,
            (long long)numbers->largest_rank, (long long)best->parameters,
            (long long)numbers->parameters, best->largest_entropy, numbers->largest_entropy);
}

static int compute(ct_call *c)
{
    cutropy_state *state = NULL;
    cutropy_order *order = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_order_check(cutropy_problem_lattice(c->problem));
    if (!status)
        status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = cutropy_state_open(c->problem, &c->options, &state);
    if (!status)
        status = cutropy_order_find(state, (cutropy_order_aim)c->typed->least, &c->options, &order);
    ct_progress_erase(&c->progress);
    cutropy_state_free(state);
    if (status)
        return ct_cli_fail(c->name, status);
    ct_signals_writing(c->typed->output);
    status = cutropy_order_sheet(order, (cutropy_base)c->typed->base, &sheet);
    const int code = ct_call_put(c, status, sheet);
    if (!code && !c->typed->quiet)
        say(c, order);
    cutropy_order_free(order);
    return code ? code : ct_cli_close_output(c->name);
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_problem(command, options, compute);
}

const ct_command ct_command_order = {
    .name = "cutropy order",
    .summary = "the order of the pixels with the least bond dimension, of all orders",
    CT_TAKES_A_PROBLEM("order"),
    .documentation = documentation,
    .serves = serves,
    .check = ct_options_imply_format,
    .run = run_command,
};
