/* SPDX-License-Identifier: Apache-2.0 */
/* Which eigen-solver for which job: batches of small matrices, one large one on all threads. The choice
 * depends on the matrix alone, so values never depend on threads or on the batch. */
#include "backend/cpu/solve.h"

#include "backend/cpu/eigen/eigen.h"
#include "backend/cpu/eigen/thresholds.h"

static cutropy_status solve_batch(const ct_eigen_job *const *jobs, int count, void *work)
{
    int64_t n[CT_EIGEN_LANES];
    double *a[CT_EIGEN_LANES], *values[CT_EIGEN_LANES];
    for (int i = 0; i < count; i++) {
        n[i] = jobs[i]->n;
        a[i] = jobs[i]->a;
        values[i] = jobs[i]->values;
    }
    return ct_eigen_batch(jobs[0]->is_complex ? 2 : 1, count, n, a, values, work);
}

/* From this size on in two stages. */
static int64_t two_stage(const ct_eigen_job *job)
{
    return job->is_complex ? CT_EIGEN_TWO_STAGE_COMPLEX : CT_EIGEN_TWO_STAGE;
}

static size_t work_bytes(size_t count, const ct_eigen_job *jobs)
{
    size_t bytes = 64;
    for (size_t i = 0; i < count; i++) {
        const ct_eigen_job *job = &jobs[i];
        size_t needs = 0;
        if (job->n < two_stage(job))
            needs = ct_eigen_work_bytes(job->is_complex ? 2 : 1, job->n);
        bytes = needs > bytes ? needs : bytes;
    }
    return bytes;
}

cutropy_status ct_cpu_eigenvalues(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                  int threads)
{
    cutropy_status status = CUTROPY_OK;
    const ct_eigen_job *batch[CT_EIGEN_LANES];
    int waiting = 0;
    void *work = ct_alloc(work_bytes(count, jobs), 1);
    if (!work)
        return ct_fail_memory("eigenvalues", work_bytes(count, jobs));
    for (size_t i = 0; i < count; i++) {
        const ct_eigen_job *job = &jobs[i];
        if (job->n >= two_stage(job)) {
            CT_TRY((job->is_complex ? ct_eigen_hermitian_large : ct_eigen_symmetric_large)(
                job->n, job->a, job->values, watch, threads));
            continue;
        }
        if (waiting == CT_EIGEN_LANES || (waiting && batch[0]->is_complex != job->is_complex)) {
            CT_TRY(solve_batch(batch, waiting, work));
            waiting = 0;
        }
        batch[waiting++] = job;
    }
    if (waiting)
        CT_TRY(solve_batch(batch, waiting, work));
done:
    ct_free(work);
    return status;
}
