/* SPDX-License-Identifier: Apache-2.0 */
/* loops: closed loops on the links of a grid. */
#include "base/bits.h"
#include "problem/label.h"
#include "problem/types.h"

static const ct_param params[] = {
    {"contractible", CT_PARAM_INT, "0", 0, 1, NULL,
     "1 (torus only): no net winding in either direction"},
    {0},
};

static void add_group(ct_body_data *data, uint64_t links)
{
    data->group[data->groups++] = links;
}

static void add_stars(ct_body_data *data, const cutropy_lattice *lattice)
{
    for (int v = 0; v < lattice->vertices; v++) {
        uint64_t star = 0;
        for (int k = 0; k < lattice->star_degree[v]; k++)
            star |= UINT64_C(1) << lattice->star[v][k];
        add_group(data, star);
    }
}

/* The horizontal links that cross one vertical line, and the vertical links that cross one
 * horizontal line. With even stars the parity is the same for every such line. */
static void add_windings(ct_body_data *data)
{
    uint64_t horizontal = 0, vertical = 0;
    for (int y = 0; y < data->ly; y++)
        horizontal |= UINT64_C(1) << (data->lx - 1 + data->lx * y);
    for (int x = 0; x < data->lx; x++)
        vertical |= UINT64_C(1) << (data->lx * data->ly + x + data->lx * (data->ly - 1));
    add_group(data, horizontal);
    add_group(data, vertical);
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    bool contractible = ct_arg_int(args, "contractible") != 0;
    if (contractible && (!problem->lattice->periodic || problem->lattice->infinite))
        return ct_fail(CUTROPY_EINPUT, "loops: contractible=1 needs a torus, and %s is none",
                       problem->lattice->name);
    problem->body_data->parameter[0] = contractible;
    if (!ct_label_is_sliced(problem))
        return CUTROPY_OK;
    add_stars(problem->body_data, problem->lattice);
    if (contractible)
        add_windings(problem->body_data);
    return CUTROPY_OK;
}

const ct_problem_type ct_problem_loops = {
    .name = "loops",
    .summary = "closed loops on the links of a grid",
    .definition = "Label 1: every vertex has an even number of lit links. Non-contractible loops "
                  "of a torus count; "
                  "contractible=1 keeps the images with even winding in both directions: of the "
                  "horizontal links that "
                  "cross a vertical line around the torus, and of the vertical links that cross a "
                  "horizontal one, an "
                  "even number is lit.",
    .source = "arXiv 1710.05520, closed loops; A. Y. Kitaev, Ann. Phys. 303, 2 (2003)",
    .known = "2^(links - vertices + 1) label-1 images (contractible=1: a quarter): 16 on "
             "links:3x3, 1024 on "
             "links:3x3:torus; S in bits = dim C - dim C_A - dim C_B (binary codes): 2 for the cut "
             "0x240 of links:3x3",
    .lattice = "links:3x3",
    .params = params,
    .is_label = true,
    .lattices = CT_ON_LINKS,
    .body = CT_BODY_loops,
    .make = make,
};
