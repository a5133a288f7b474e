/* SPDX-License-Identifier: Apache-2.0 */
/* What the bit-sliced label problems share: the data of their bodies and the checks of their
 * lattices. */
#include "problem/label.h"

#include <stdio.h>

#include "problem/affine.h"
#include "problem/frontier.h"

/* Both directions of every bond. A link has at most six neighbours, a pixel of a grid four: they
 * fit. */
static void add_bonds(ct_body_data *data, const cutropy_lattice *lattice)
{
    for (int b = 0; b < lattice->bonds; b++) {
        int i = lattice->bond[b][0], j = lattice->bond[b][1];
        data->neighbour[i][data->degree[i]++] = (uint8_t)j;
        data->neighbour[j][data->degree[j]++] = (uint8_t)i;
    }
}

cutropy_status ct_label_body(cutropy_problem *problem, const char *name, ct_body body)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = problem->lattice;
    ct_body_data *data = NULL;
    problem->body = body;
    if (lattice->pixels > CT_BODY_PIXELS && !ct_affine_may(body) && !ct_frontier_may(body))
        return ct_fail(CUTROPY_EINPUT, "%s: %s has %d pixels; at most %d can be enumerated", name,
                       lattice->name, lattice->pixels, CT_BODY_PIXELS);
    CT_NEW_ZERO(data, 1);
    data->pixels = lattice->pixels;
    data->lx = lattice->lx;
    data->ly = lattice->ly;
    data->periodic = lattice->periodic != 0;
    if (lattice->pixels <= CT_BODY_PIXELS)
        add_bonds(data, lattice);
    problem->body_data = data;
done:
    return status;
}

cutropy_status ct_label_lattice(const cutropy_problem *problem, const char *name, unsigned kinds)
{
    static const char *const kind_names[] = {"grid:LxxLy", "links:LxxLy", "chain:N"};
    char allowed[64] = "";
    size_t used = 0;
    if (kinds >> problem->lattice->kind & 1u)
        return CUTROPY_OK;
    for (unsigned k = 0; k < 3; k++)
        if (kinds >> k & 1u)
            used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s",
                                     used ? " or " : "", kind_names[k]);
    return ct_fail(CUTROPY_EINPUT, "%s: has no meaning on %s; use --lattice %s", name,
                   problem->lattice->name, allowed);
}

cutropy_status ct_label_count(const ct_args *args, const char *name, cutropy_problem *problem)
{
    const int64_t k = ct_arg_int(args, "k");
    if (k > problem->lattice->pixels)
        return ct_fail(CUTROPY_EINPUT, "%s: k=%lld is larger than the number of pixels %d", name,
                       (long long)k, problem->lattice->pixels);
    problem->body_data->parameter[0] = (int32_t)k;
    return CUTROPY_OK;
}

cutropy_status ct_label_index(const cutropy_problem *problem, const char *name)
{
    if (problem->lattice->pixels <= CT_INDEX_PIXELS)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT,
                   "%s: %s has %d pixels; at most %d can be enumerated image by image", name,
                   problem->lattice->name, problem->lattice->pixels, CT_INDEX_PIXELS);
}
