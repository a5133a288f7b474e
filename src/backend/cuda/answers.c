/* SPDX-License-Identifier: Apache-2.0 */
/* From what a batch brought back to the answers of its cuts. */
#include <string.h>

#include "backend/cuda/batch.h"

static cutropy_status check_info(const ct_lane *lane)
{
    for (int64_t i = 0; i < lane->jobs.count; i++)
        if (lane->host.info[i])
            return ct_fail(CUTROPY_ENUMERIC,
                           "device %d: the eigenvalues of a block of dimension %lld did not "
                           "converge (info %d)",
                           lane->holder->device.number, (long long)lane->jobs.job[i].n,
                           lane->host.info[i]);
    return CUTROPY_OK;
}

/* Ascending eigenvalues of a padded matrix: those of the padding, -g, come first; the others are
 * above -g / 2 (docs/gpu.md). */
static cutropy_status check_padding(const ct_lane *lane, const ct_gram_job *job,
                                    const double *values)
{
    const int64_t padding = job->ld - job->n;
    const double border = values[0] / 2;
    if (padding && !(values[padding - 1] < border && values[padding] > border))
        return ct_fail(CUTROPY_ENUMERIC,
                       "device %d: the eigenvalues of a block of dimension %lld are not apart from "
                       "its padding: %.3g .. %.3g, then %.3g",
                       lane->holder->device.number, (long long)job->n, values[0],
                       values[padding - 1], values[padding]);
    return CUTROPY_OK;
}

static cutropy_status read_block(const ct_lane *lane, const ct_job_group *group, int64_t i,
                                 const double *values, ct_block_answer *out)
{
    const ct_gram_job *job = &lane->jobs.job[i];
    const uint64_t *sums = lane->host.sums + 4 * i;
    const double *mine = values + group->values + (i - group->first) * group->ld;
    *out = (ct_block_answer){.size = {job->side ? job->k : job->n, job->side ? job->n : job->k}};
    if (lane->shape.integers) {
        out->square_sum = (ct_u128)sums[1] << 64 | sums[0];
        if (job->n <= 2) {
            const int64_t *g = lane->host.exact + 4 * i;
            out->g[0] = g[0];
            out->g[1] = job->n == 2 ? g[1] : 0;
            out->g[2] = job->n == 2 ? g[3] : 0;
            out->weight[0] = sums[2];
            out->weight[1] = job->n == 2 ? sums[3] : 0;
            return CUTROPY_OK;
        }
    } else {
        out->square = lane->host.squares[i];
        /* cuBLAS adds k products (complex: 2 k in each part) in an order of its own */
        out->gram_error = (double)((lane->shape.parts == 2 ? 3 : 1) * job->k);
    }
    out->values = mine + (group->ld - job->n);
    return check_padding(lane, job, mine);
}

cutropy_status ct_answers_read(const ct_lane *lane, ct_answers *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_jobs *jobs = &lane->jobs;
    const ct_control *control = &lane->found.control;
    int64_t number = 0;
    CT_TRY(check_info(lane));
    CT_NEW(out->cut, lane->cuts);
    CT_NEW(out->block, jobs->count);
    CT_NEW(out->values, jobs->values);
    memcpy(out->values, lane->host.values, (size_t)jobs->values * sizeof *out->values);
    for (int64_t g = 0; g < jobs->groups; g++)
        for (int64_t i = jobs->group[g].first; i < jobs->group[g].first + jobs->group[g].count; i++)
            CT_TRY(read_block(lane, &jobs->group[g], i, out->values, &out->block[jobs->block[i]]));
    for (int64_t c = 0; c < lane->cuts; c++) {
        const int32_t blocks = control->blocks[c];
        out->cut[c] = (ct_cut_answer){.kind = lane->resident->f->kind,
                                      .classes = {control->classes[0][c], control->classes[1][c]},
                                      .blocks = blocks,
                                      .block = out->block + number};
        number += blocks;
    }
done:
    if (status != CUTROPY_OK)
        ct_answers_free(out);
    return status;
}
