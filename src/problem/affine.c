/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/affine.h"

#include "base/array.h"

void ct_equations_free(ct_equations *e)
{
    ct_free(e->start);
    ct_free(e->pixel);
    ct_free(e->odd);
    *e = (ct_equations){0};
}

/* A pixel of the equation that is not closed. */
static cutropy_status add(ct_equations *e, int32_t pixel)
{
    cutropy_status status = CUTROPY_OK;
    const size_t at = e->start[e->count + 1];
    CT_TRY(CT_ROOM("equations", e->pixel, at, e->pixel_room, 1));
    e->pixel[at] = pixel;
    e->start[e->count + 1]++;
done:
    return status;
}

static cutropy_status close_equation(ct_equations *e, bool odd)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = (size_t)e->count;
    CT_TRY(CT_ROOM("equations", e->start, count + 2, e->start_room, 1));
    CT_TRY(CT_ROOM("equations", e->odd, count, e->odd_room, 1));
    e->odd[count] = odd;
    e->start[count + 2] = e->start[count + 1];
    e->count++;
done:
    return status;
}

/* All pixels together. */
static cutropy_status parity(const cutropy_problem *problem, ct_equations *e)
{
    cutropy_status status = CUTROPY_OK;
    for (int i = 0; i < problem->lattice->pixels; i++)
        CT_TRY(add(e, i));
    CT_TRY(close_equation(e, problem->body_data->parameter[0]));
done:
    return status;
}

static cutropy_status equal(ct_equations *e, int i, int j)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(add(e, i));
    CT_TRY(add(e, j));
    CT_TRY(close_equation(e, false));
done:
    return status;
}

static cutropy_status ghz(const cutropy_problem *problem, ct_equations *e)
{
    cutropy_status status = CUTROPY_OK;
    for (int i = 0; i + 1 < problem->lattice->pixels; i++)
        CT_TRY(equal(e, i, i + 1));
done:
    return status;
}

static cutropy_status mirror(const cutropy_problem *problem, ct_equations *e)
{
    cutropy_status status = CUTROPY_OK;
    const int lx = problem->lattice->lx;
    for (int i = 0; i < problem->lattice->pixels; i++)
        if (i % lx < lx - 1 - i % lx)
            CT_TRY(equal(e, i, i + lx - 1 - 2 * (i % lx)));
done:
    return status;
}

static bool is_before(const int *link, int k)
{
    for (int i = 0; i < k; i++)
        if (link[i] == link[k])
            return true;
    return false;
}

/* The stars of the vertices; contractible loops: and one line across the torus in either direction. */
static cutropy_status loops(const cutropy_problem *problem, ct_equations *e)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *l = problem->lattice;
    for (int v = 0; v < l->vertices; v++) {
        for (int k = 0; k < l->star_degree[v]; k++)
            if (!is_before(l->star[v], k)) /* around a torus one link wide */
                CT_TRY(add(e, l->star[v][k]));
        CT_TRY(close_equation(e, false));
    }
    if (!problem->body_data->parameter[0])
        return CUTROPY_OK;
    for (int y = 0; y < l->ly; y++) /* the horizontal links come first, row by row */
        CT_TRY(add(e, l->lx - 1 + l->lx * y));
    CT_TRY(close_equation(e, false));
    for (int x = 0; x < l->lx; x++)
        CT_TRY(add(e, l->lx * l->ly + x + l->lx * (l->ly - 1)));
    CT_TRY(close_equation(e, false));
done:
    return status;
}

static cutropy_status (*const makers[CT_BODY_COUNT])(const cutropy_problem *, ct_equations *) = {
    [CT_BODY_parity] = parity,
    [CT_BODY_ghz] = ghz,
    [CT_BODY_mirror] = mirror,
    [CT_BODY_loops] = loops,
};

bool ct_affine_may(ct_body body)
{
    return makers[body] != NULL;
}

cutropy_status ct_equations_of(const cutropy_problem *problem, ct_equations *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_equations){0};
    CT_TRY(CT_ROOM("equations", out->start, 0, out->start_room, 2));
    out->start[0] = out->start[1] = 0;
    CT_TRY(makers[problem->body](problem, out));
done:
    return status;
}
