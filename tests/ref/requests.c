/* SPDX-License-Identifier: Apache-2.0 */
#include "requests.h"

#include "../check_main.h"
#include "support.h"

const request requests[REQUESTS] = {
    {"random:seed=5", "5x2", "all", {{"symmetry", "no"}}},
    {"random:seed=5",
     "3x3",
     "connected:4",
     {{"digits", "25"}, {"quantities", "spectrum,tr_rho3,renyi:0.5"}}},
    {"connected", "4x4", "rectangles", {{"certify", "yes"}, {"quantities", "truncation:1e-3"}}},
    {"connected", "3x3", "pairs", {{"quantities", "mutual_information"}, {"certify", "yes"}}},
    {"page:seed=2", "chain:6", "all", {{"certify", "yes"}}},
    {"independent-set", "7x7", "prefixes", {{"solver", "frontier"}, {"digits", "20"}}},
    {"independent-set", "6x7", "rows,columns", {{"solver", "frontier"}}},
    {"parity", "8x9", "rectangles", {{"digits", "12"}, {"quantities", "tr_rho3"}}},
    {"independent-set",
     "5x4",
     "rows,rectangles",
     {{"solver", "frontier"}, {"quantities", "saturation"}}},
    {"independent-set", "4xinf", "half", {{"quantities", "growth"}}},
};

asked must_ask(const request *r, cutropy_problem *problem)
{
    asked a = {.problem = problem ? problem : must_problem(r->problem, r->lattice)};
    a.cuts = must_cuts(r->cuts, cutropy_problem_lattice(a.problem));
    a.options = must_options("threads", "2", NULL);
    for (int i = 0; i < 4 && r->option[i][0]; i++)
        MUST(cutropy_options_set(a.options, r->option[i][0], r->option[i][1]));
    return a;
}

void asked_free(asked *a)
{
    cutropy_options_free(a->options);
    cutropy_cuts_free(&a->cuts);
    cutropy_problem_free(a->problem);
}
