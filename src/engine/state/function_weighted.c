/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through automata with weights: no image is looked at. */
#include <math.h>

#include "engine/cut/needs.h"
#include "engine/solver/weighted_cut.h"
#include "engine/function/function.h"
#include "engine/state/function_make.h"
#include "frontier/weighing.h"

/* Is there a way to the end along numbers that are not zero? Else f is. */
static cutropy_status check_ways(const ct_weighted *w)
{
    cutropy_status status = CUTROPY_OK;
    bool *here = NULL, *next = NULL;
    CT_NEW_ZERO(here, 1);
    here[0] = true;
    for (int k = 0; k < w->pixels; k++) {
        const ct_weighted_site *site = &w->site[k];
        const int64_t n = w->bond[k], parts = w->is_complex ? 2 : 1;
        CT_NEW_ZERO(next, w->bond[k + 1]);
        for (int64_t row = 0; row < 2 * n; row++)
            for (int64_t at = site->start[row]; at < site->start[row + 1] && here[row % n]; at++)
                next[site->state[at]] |=
                    site->value[parts * at] != 0 || site->value[parts * (at + 1) - 1] != 0;
        ct_free(here);
        here = next;
        next = NULL;
    }
    if (!here[0])
        status = ct_fail(CUTROPY_EINPUT,
                         "the function is zero for every image, so it has no state and no entropy");
done:
    ct_free(here);
    ct_free(next);
    return status;
}

static cutropy_status find_norm(const ct_weighted *w, int threads, const ct_watch *watch,
                                ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_pass pass = {.w = w, .threads = threads, .watch = watch};
    int64_t exponent;
    CT_TRY(ct_weighted_run(&pass, &out->norm, &out->norm_error, &exponent));
    out->exponent = (int)(exponent >= 0 ? exponent / 2 : -((1 - exponent) / 2));
    out->norm = ldexp(out->norm, (int)(exponent - 2 * (int64_t)out->exponent));
    out->norm_error = ldexp(out->norm_error, (int)(exponent - 2 * (int64_t)out->exponent));
    if (!(out->norm > 4 * out->norm_error))
        status = ct_fail(CUTROPY_ENUMERIC,
                         "<f|f> is %.3g, and its error may reach %.3g: the numbers nearly cancel",
                         out->norm, out->norm_error);
done:
    return status;
}

cutropy_status ct_function_weighted(const cutropy_problem *problem, uint64_t memory_limit,
                                    int threads, const ct_watch *watch, ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighted w = {0};
    *out = ct_function_of(problem);
    out->storage = CT_WEIGHTED;
    CT_TRY(ct_weighing_open(problem, &out->weighing));
    const int least = out->weighing->least;
    const ct_weighted *bonds = &out->weighing->bonds[least];
    const uint16_t *order = out->weighing->order[least];
    CT_TRY(ct_workspace_check(out, ct_weighted_bytes(bonds) + ct_weighted_pass_bytes(bonds, NULL),
                              memory_limit));
    CT_TRY(problem->weigh(problem, order, CT_NUMBERS, &w));
    CT_TRY(check_ways(&w));
    CT_TRY(find_norm(&w, threads, watch, out));
    out->checksum = ct_weighted_checksum(&w);
done:
    ct_weighted_free(&w);
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
