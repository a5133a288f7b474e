/* SPDX-License-Identifier: Apache-2.0 */
/* The points of a scaling analysis: geometry, entropy and what is proved of each cut. */
#include "analysis/scaling/scaling.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/common/shape.h"
#include "base/bits.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "problem/problem.h"
#include "problem/products.h"

int cutropy_boundary_vertices(const cutropy_lattice *lattice, const uint64_t *mask)
{
    int count = 0;
    for (int v = 0; v < lattice->vertices; v++) {
        int kept = 0;
        for (int k = 0; k < lattice->star_degree[v]; k++)
            kept += ct_bit(mask, (uint64_t)lattice->star[v][k]);
        count += kept > 0 && kept < lattice->star_degree[v];
    }
    return count;
}

static int length_of(const cutropy_lattice *lattice, const uint64_t *mask, cutropy_length length)
{
    switch (length) {
    case CUTROPY_LENGTH_PIXELS:
        return cutropy_boundary_pixels(lattice, mask);
    case CUTROPY_LENGTH_VERTICES:
        return cutropy_boundary_vertices(lattice, mask);
    default:
        return cutropy_boundary(lattice, mask);
    }
}

static cutropy_status check_length(const cutropy_lattice *lattice, cutropy_length length)
{
    if (length != CUTROPY_LENGTH_VERTICES || lattice->vertices)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT, "%s has no vertices; count the boundary in bonds or pixels",
                   lattice->name);
}

double ct_most_bits(const cutropy_problem *problem, const uint64_t *mask)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    const ct_products *p = problem->products;
    const int na = cutropy_mask_pixels(mask, lattice->words), nb = lattice->pixels - na;
    if (lattice->infinite)
        return INFINITY;
    return p ? log2(fmin(ct_products_space(p, mask, true), ct_products_space(p, mask, false)))
             : fmin(na, nb);
}

static void locate(const cutropy_lattice *lattice, const uint64_t *mask, size_t row,
                   cutropy_length length, cutropy_scaling_point *out)
{
    const int na = cutropy_mask_pixels(mask, lattice->words), nb = lattice->pixels - na;
    ct_shape shape;
    ct_shape_of(lattice, mask, &shape);
    *out = (cutropy_scaling_point){.row = row,
                                   .na = na,
                                   .nb = nb,
                                   .boundary = cutropy_boundary(lattice, mask),
                                   .length = length_of(lattice, mask, length),
                                   .corners = shape.corners,
                                   .ends = shape.ends,
                                   .rim = shape.rim,
                                   .parts = shape.parts,
                                   .arc = shape.arc,
                                   .page = lattice->infinite ? NAN : cutropy_page_entropy(na, nb),
                                   .random_set = NAN,
                                   .infinite = lattice->infinite};
}

cutropy_status ct_scaling_geometry(const cutropy_lattice *lattice, const cutropy_cuts *cuts,
                                   cutropy_length length, cutropy_scaling_point *points)
{
    cutropy_status status = check_length(lattice, length);
    for (size_t i = 0; !status && i < cuts->count; i++)
        locate(lattice, cuts->masks + i * cuts->words, i, length, &points[i]);
    return status;
}

/* All pixels may be exchanged: the group of the run is the whole symmetric one, of order N!. */
static int is_exchangeable(const cutropy_result *result, int pixels)
{
    double order = 1;
    for (int i = 1; i <= pixels; i++)
        order *= i;
    return pixels > 1 && isfinite(order) && result->symmetries == order;
}

/* Label-1 images over 2^N. <f|f> counts them where 64 bits do not: up to 2^4096, in the range of long double. */
static double density_of(const cutropy_result *result, int pixels)
{
    return result->ones < UINT64_MAX ? ldexp((double)result->ones, -pixels)
                                     : (double)ldexpl(strtold(result->norm, NULL), -pixels);
}

cutropy_status ct_scaling_points(const cutropy_problem *problem, const cutropy_result *result,
                                 cutropy_length length, cutropy_scaling_point *points,
                                 size_t *count)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    const bool is_set = result->kind == CUTROPY_KIND_LABEL && !problem->pm1;
    const double density = density_of(result, lattice->pixels);
    const int exchangeable = is_exchangeable(result, lattice->pixels);
    const ct_products *set = problem->products;
    cutropy_status status = check_length(lattice, length);
    *count = 0;
    for (size_t i = 0; !status && i < result->count; i++) {
        const cutropy_record *record = &result->records[result->rows[i].record];
        cutropy_scaling_point *p = &points[*count];
        if (!record->done)
            continue;
        locate(lattice, result->cuts.masks + i * result->cuts.words, i, length, p);
        p->record = result->rows[i].record;
        if (set && (set->dimension != 2 || set->sides))
            p->page = NAN; /* of pixels with two levels */
        p->most = ct_most_bits(problem, result->cuts.masks + i * result->cuts.words);
        p->entropy = record->entropy;
        p->entropy_err = record->entropy_err;
        p->classes =
            record->classes[0] < record->classes[1] ? record->classes[0] : record->classes[1];
        p->classes = p->classes > 0 ? p->classes : 0; /* -1: none are known, of weights */
        p->rank = record->rank_lo;
        p->exchangeable = exchangeable;
        if (is_set) {
            p->images = result->ones;
            p->random_set = cutropy_random_set_entropy(p->na, p->nb, density);
        }
        ++*count;
    }
    return status;
}

/* A value against a value: -1, 0, 1. */
#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

int ct_scaling_compare_shapes(const cutropy_scaling_point *a, const cutropy_scaling_point *b)
{
    const int x[] = {a->na + a->nb, a->length, a->na < a->nb ? a->na : a->nb, a->corners, a->ends,
                     a->parts,      a->arc};
    const int y[] = {b->na + b->nb, b->length, b->na < b->nb ? b->na : b->nb, b->corners, b->ends,
                     b->parts,      b->arc};
    for (size_t i = 0; i < sizeof x / sizeof x[0]; i++)
        if (x[i] != y[i])
            return ORDER(x[i], y[i]);
    return 0;
}

int ct_scaling_compare(const cutropy_scaling_point *a, const cutropy_scaling_point *b)
{
    const int shape = ct_scaling_compare_shapes(a, b);
    if (shape)
        return shape;
    if (a->lattice != b->lattice)
        return ORDER(a->lattice, b->lattice);
    return ORDER(a->record, b->record);
}

cutropy_status ct_scaling_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              size_t family, const cutropy_options *options, cutropy_length length,
                              cutropy_result **result, cutropy_scaling_point *points, size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options plain = *ct_options_or_standard(options);
    cutropy_result view;
    cutropy_state *state = NULL;
    *result = NULL;
    *count = 0;
    CT_TRY(check_length(cutropy_problem_lattice(problem), length));
    CT_TRY(ct_state_open_for(NULL, problem, cuts, &plain, NULL, &state));
    const cutropy_status run = cutropy_state_run(state, cuts, &plain, result);
    if (!*result)
        CT_TRY(run);
    view = **result;
    view.count = family < view.count ? family : view.count;
    CT_TRY(ct_scaling_points(problem, &view, length, points, count));
    CT_TRY(run); /* CUTROPY_OK or CUTROPY_ECANCELLED */
    CT_TRY(ct_scaling_ranges(state, cuts, &plain, points, *count));
done:
    cutropy_state_free(state);
    if (status && status != CUTROPY_ECANCELLED) {
        cutropy_result_free(*result);
        *result = NULL;
    }
    return status;
}
