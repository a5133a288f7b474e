/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through linear equations: no image is looked at. */
#include "engine/state/function_make.h"
#include "engine/function/function.h"
#include "engine/state/state.h"
#include "frontier/affine.h"
#include "problem/label.h"
#include "problem/problem.h"

bool ct_affine_serves(const cutropy_problem *problem)
{
    return ct_affine_may(problem->body) && !problem->pm1;
}

bool ct_affine_first(const cutropy_problem *problem)
{
    return problem->lattice->pixels > CT_INDEX_PIXELS && ct_affine_serves(problem);
}

cutropy_status ct_enumerates(const cutropy_problem *problem)
{
    const cutropy_lattice *lattice = problem->lattice;
    if (lattice->pixels <= ct_label_most(problem))
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EINPUT, "%s: %s has %d pixels; at most %d can be enumerated%s", problem->text,
        lattice->name, lattice->pixels, ct_label_most(problem),
        problem->weigh
            ? " (beyond, functions with weights have cuts but no images: no map, range, sample or verify)"
            : "");
}

/* 2^power. */
static cutropy_status power_of_two(int power, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *limb = NULL;
    const size_t count = (size_t)power / 64 + 1;
    CT_NEW_ZERO(limb, count);
    limb[count - 1] = UINT64_C(1) << power % 64;
    *out = (ct_big){limb, count};
done:
    return status;
}

cutropy_status ct_function_affine(const cutropy_problem *problem, ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_big norm = {0};
    *out = ct_function_of(problem);
    out->value[1] = 1;
    out->storage = CT_AFFINE;
    if (!ct_affine_serves(problem))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "solver affine: %s is no system of linear equations (loops, parity, ghz and "
                       "mirror with labels 0 and 1 are)",
                       problem->text);
    CT_TRY(ct_affine_open(problem, &out->affine));
    const int free_pixels = out->pixels - out->affine->rank;
    CT_TRY(power_of_two(free_pixels, &norm));
    CT_TRY(ct_function_set_norm(out, &norm));
    out->ones = free_pixels < 64 ? UINT64_C(1) << free_pixels : UINT64_MAX;
    out->checksum = out->affine->checksum;
done:
    ct_free(norm.limb);
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
