/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through automata with weights: no image is looked at. */
#include <math.h>
#include <string.h>

#include "engine/function.h"
#include "engine/plan.h"
#include "engine/weighted_cut.h"
#include "frontier/weighing.h"

static uint64_t mix(uint64_t hash, const void *number, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t word;
        memcpy(&word, (const char *)number + 8 * i, sizeof word);
        hash = ct_mix64(hash * 3 + word);
    }
    return hash;
}

/* Of all numbers, in the order with the fewest states. */
static uint64_t checksum_of(const ct_weighted *w, const uint16_t *order)
{
    uint64_t hash = ct_mix64((uint64_t)w->pixels * 2 + w->is_complex);
    for (int k = 0; k < w->pixels; k++) {
        const ct_weighted_site *site = &w->site[k];
        const size_t rows = 2 * (size_t)w->bond[k], numbers = (size_t)site->start[rows];
        hash = ct_mix64(hash * 3 + order[k]);
        hash = mix(hash, site->start, rows + 1);
        for (size_t i = 0; i < numbers; i++)
            hash = ct_mix64(hash * 3 + (uint64_t)site->state[i]);
        hash = mix(hash, site->value, numbers * (w->is_complex ? 2 : 1));
    }
    return hash;
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
        status = ct_fail(CUTROPY_EINPUT,
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
    *out = (ct_function){.lattice = problem->lattice,
                         .pixels = problem->lattice->pixels,
                         .words = problem->lattice->words,
                         .kind = problem->kind,
                         .storage = CT_WEIGHTED};
    CT_TRY(ct_weighing_open(problem, &out->weighing));
    const int least = out->weighing->least;
    const ct_weighted *bonds = &out->weighing->bonds[least];
    const uint16_t *order = out->weighing->order[least];
    CT_TRY(ct_workspace_check(out, ct_weighted_bytes(bonds) + ct_weighted_pass_bytes(bonds, NULL),
                              memory_limit));
    CT_TRY(problem->weigh(problem, order, false, &w));
    CT_TRY(find_norm(&w, threads, watch, out));
    out->checksum = checksum_of(&w, order);
done:
    ct_weighted_free(&w);
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
