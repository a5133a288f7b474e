/* SPDX-License-Identifier: Apache-2.0 */
/* Functions on infinite strips: images without end, which nobody looks at. */
#include <math.h>
#include <string.h>

#include "engine/function/function.h"
#include "engine/state/function_make.h"
#include "engine/state/state.h"
#include "frontier/affine.h"
#include "frontier/strip.h"
#include "frontier/weighing.h"
#include "lattice/cut_list.h"
#include "lattice/lattice.h"
#include "problem/problem.h"

#define WINDOWS 4 /* that must agree, each with two rows more than the one before */

/* S of the cut, and how many pixels the equations leave free. */
static cutropy_status bits_in(const cutropy_problem *problem, const cutropy_lattice *window,
                              int *bits, int *unbound)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem taller = *problem;
    uint64_t mask[CT_MAX_WORDS];
    ct_affine *affine = NULL;
    taller.lattice = (cutropy_lattice *)window;
    ct_strip_mask(window, mask);
    CT_TRY(ct_affine_open(&taller, &affine));
    CT_TRY(ct_affine_bits(affine, mask, bits));
    *unbound = affine->pixels - affine->rank;
done:
    ct_affine_close(affine);
    return status;
}

/* S of the cut of a strip is an integer that must not depend on how many rows are above and below, and every row brings as
 * many free pixels. */
static cutropy_status check_windows(const cutropy_problem *problem, double *growth)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *window = NULL;
    int first = 0, bits = 0, unbound = 0, before = 0, more = 0;
    for (int k = 0; k < WINDOWS; k++) {
        CT_TRY(ct_lattice_window(problem->lattice, problem->lattice->ly + 2 * k, &window));
        CT_TRY(bits_in(problem, window, &bits, &unbound));
        first = k ? first : bits;
        more = k < 2 ? unbound - before : more;
        if (bits != first || (k && unbound - before != more))
            CT_TRY(
                ct_fail(CUTROPY_EUNSUPPORTED,
                        "%s on %s: the entropy has no limit, %d bits with %d rows and %d with %d",
                        problem->text, problem->lattice->name, first, problem->lattice->ly, bits,
                        window->ly));
        before = unbound;
        cutropy_lattice_free(window);
        window = NULL;
    }
    *growth = exp2(more / 2.0);
done:
    cutropy_lattice_free(window);
    return status;
}

cutropy_status ct_function_strip(const cutropy_problem *problem, ct_solver_choice solver,
                                 uint64_t memory_limit, int threads, const ct_watch *watch,
                                 ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_function){0};
    if (solver == CT_SOLVE_ENUMERATE)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "solver enumerate: %s has images without end; use solver frontier or affine",
                       problem->lattice->name);
    if (solver == CT_SOLVE_AFFINE || (solver == CT_SOLVE_AUTO && ct_affine_serves(problem))) {
        CT_TRY(ct_function_affine(problem, out));
        CT_TRY(check_windows(problem, &out->growth[0]));
    } else {
        const double *bounds;
        *out = ct_function_of(problem);
        out->value[1] = 1;
        out->storage = problem->weigh ? CT_WEIGHTED : CT_STRIP;
        out->norm = 1;
        if (problem->weigh) {
            CT_TRY(ct_weighing_open_strip(problem, memory_limit, threads, watch, &out->weighing));
            out->checksum = ct_weighted_checksum(&out->weighing->strip->rows);
            bounds = out->weighing->strip->growth;
        } else {
            CT_TRY(ct_strip_open(problem, memory_limit, threads, watch, &out->strip));
            out->checksum = ct_levels_checksum(&out->strip->row);
            bounds = out->strip->growth;
        }
        out->growth[0] = bounds[0] + (bounds[1] - bounds[0]) / 2;
        out->growth[1] = (bounds[1] - bounds[0]) / 2 + out->growth[0] * 0x1p-52;
    }
    out->ones = UINT64_MAX;
done:
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}

cutropy_status ct_strip_serves(const ct_function *f, const cutropy_cuts *cuts,
                               const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t mask[CT_MAX_WORDS];
    ct_strip_mask(f->lattice, mask);
    for (size_t i = 0; i < cuts->count; i++)
        if (memcmp(cuts->masks + i * cuts->words, mask, cuts->words * sizeof *mask))
            CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                           "%s has one cut, between two of its rows: half, and cut %zu is another",
                           f->lattice->name, i));
    for (size_t q = 0; q < options->quantity_count; q++)
        if (options->quantities[q].kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
            CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                           "mutual_information: single pixels are no cut of %s", f->lattice->name));
    if (f->storage != CT_AFFINE && (options->digits || options->certify))
        CT_TRY(ct_fail(
            CUTROPY_EUNSUPPORTED,
            "nothing proves decimals of %s: leave out --certify and --digits, and give check --plain; the limit is "
            "enclosed in plain runs, and eigenvalues have the errors of doubles",
            f->lattice->name));
done:
    return status;
}
