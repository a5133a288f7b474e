/* SPDX-License-Identifier: Apache-2.0 */
/* Job lists: a counting sort of the blocks by their padded dimension. */
#include "backend/cuda/jobs.h"

void ct_jobs_free(ct_jobs *jobs)
{
    ct_free(jobs->job);
    ct_free(jobs->block);
    ct_free(jobs->group);
    *jobs = (ct_jobs){0};
}

bool ct_found_collision(const ct_found *found)
{
    for (int s = 0; s < 2; s++)
        for (int64_t c = 0; c < found->cuts; c++)
            if (found->control.collided[s][c])
                return true;
    return false;
}

static cutropy_status contradiction(const ct_found *found, int64_t c)
{
    return ct_fail(CUTROPY_EINTERNAL,
                   "the device found %d and %d classes in %d blocks: they do not fit together",
                   found->control.classes[0][c], found->control.classes[1][c],
                   found->control.blocks[c]);
}

cutropy_status ct_found_starts(const ct_shape *shape, const ct_found *found, int64_t *out)
{
    int64_t count = 0;
    for (int64_t c = 0; c < found->cuts; c++) {
        const int32_t blocks = found->control.blocks[c];
        if (blocks < 1 || blocks > shape->rows[0] || found->control.begin[c] != count)
            return contradiction(found, c);
        count += blocks + 1;
    }
    *out = count;
    return CUTROPY_OK;
}

/* What is read here decides which memory the kernels touch: nothing is believed. ct_found_starts has
 * seen the numbers of blocks. */
static cutropy_status check_cut(const ct_shape *shape, const ct_found *found, int64_t c)
{
    const int32_t blocks = found->control.blocks[c];
    bool sound = true;
    for (int s = 0; s < 2 && sound; s++) {
        const int32_t classes = found->control.classes[s][c];
        const int32_t *start = found->start[s] + found->control.begin[c];
        sound = classes >= blocks && classes <= shape->rows[s] && start[0] == 0 &&
                start[blocks] == classes;
        for (int32_t b = 0; b < blocks && sound; b++)
            sound = start[b] < start[b + 1];
    }
    return sound ? CUTROPY_OK : contradiction(found, c);
}

static ct_gram_job job_of(const ct_shape *shape, const ct_found *found, int64_t c, int32_t b)
{
    const int64_t here = found->control.begin[c] + b;
    const int32_t *start[2] = {found->start[0] + here, found->start[1] + here};
    const int64_t size[2] = {start[0][1] - start[0][0], start[1][1] - start[1][0]};
    const int side = size[1] < size[0];
    return (ct_gram_job){.cut = c,
                         .member = start[side][0],
                         .other = start[1 - side][0],
                         .n = size[side],
                         .k = size[1 - side],
                         .ld = ct_padded(shape, size[side]),
                         .side = side};
}

/* place[ld]: blocks of that dimension, then the first of them. */
static int64_t count_groups(const ct_shape *shape, const ct_found *found, int64_t largest,
                            int64_t *place)
{
    int64_t total = 0, groups = 0;
    for (int64_t c = 0; c < found->cuts; c++)
        for (int32_t b = 0; b < found->control.blocks[c]; b++)
            place[job_of(shape, found, c, b).ld]++;
    for (int64_t ld = 0; ld <= largest; ld++) {
        const int64_t here = place[ld];
        place[ld] = total;
        total += here;
        groups += here > 0;
    }
    return groups;
}

static void find_groups(ct_jobs *jobs)
{
    for (int64_t i = 0; i < jobs->count; i++) {
        const ct_gram_job *job = &jobs->job[i];
        if (i == 0 || job->ld != jobs->job[i - 1].ld)
            jobs->group[jobs->groups++] =
                (ct_job_group){.first = i, .ld = job->ld, .values = jobs->values};
        ct_job_group *group = &jobs->group[jobs->groups - 1];
        group->count++;
        group->largest_n = job->n > group->largest_n ? job->n : group->largest_n;
        group->largest_k = job->k > group->largest_k ? job->k : group->largest_k;
        jobs->values += job->ld;
    }
}

cutropy_status ct_jobs_build(const ct_shape *shape, const ct_found *found, ct_jobs *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t largest = ct_padded(shape, shape->rows[0]);
    int64_t *place = NULL, number = 0, groups = 0;
    *out = (ct_jobs){0};
    for (int64_t c = 0; c < found->cuts; c++) {
        CT_TRY(check_cut(shape, found, c));
        out->count += found->control.blocks[c];
    }
    CT_NEW_ZERO(place, largest + 1);
    CT_NEW(out->job, out->count);
    CT_NEW(out->block, out->count);
    groups = count_groups(shape, found, largest, place);
    CT_NEW_ZERO(out->group, groups);
    for (int64_t c = 0; c < found->cuts; c++)
        for (int32_t b = 0; b < found->control.blocks[c]; b++) {
            const ct_gram_job job = job_of(shape, found, c, b);
            out->block[place[job.ld]] = number++;
            out->job[place[job.ld]++] = job;
        }
    find_groups(out);
done:
    ct_free(place);
    if (status != CUTROPY_OK)
        ct_jobs_free(out);
    return status;
}
