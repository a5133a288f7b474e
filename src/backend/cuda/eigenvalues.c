/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/eigenvalues.h"

#include <pthread.h>

#include "backend/cuda/device.h"
#include "backend/cuda/libraries.h"
#include "backend/cuda/memory.h"
#include "backend/cuda/own.h"
#include "backend/cuda/thresholds.h"

/* What the jobs have on the device, one after the other: the stream and the handles of the libraries stay
 * while somebody holds a start, the memory is each job's own. */
typedef struct ct_large {
    ct_device device;
    cudaStream_t stream;
    ct_libraries *libraries; /* NULL until a matrix needs them */
    int64_t own;             /* ct_own_most */
    ct_region region;
} ct_large;

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* of what is behind it */
static ct_large kept;

static void large_close(ct_large *large)
{
    if (!large->stream)
        return;
    (void)cudaSetDevice(large->device.number); /* what failed before was reported */
    (void)cudaStreamSynchronize(large->stream);
    ct_region_close(&large->region);
    ct_libraries_close(large->libraries);
    (void)cudaStreamDestroy(large->stream);
    *large = (ct_large){0};
}

static cutropy_status large_open(const ct_device *device, ct_large *out)
{
    cutropy_status status = CUTROPY_OK;
    if (out->stream && out->device.number == device->number)
        return ct_device_use(device);
    large_close(out);
    out->device = *device;
    CT_TRY(ct_own_most(&out->own));
    CT_TRY(ct_device_use(device));
    CT_CUDA(device->number, cudaStreamCreateWithFlags(&out->stream, cudaStreamNonBlocking));
done:
    return status;
}

void ct_cuda_eigenvalues_close(void)
{
    pthread_mutex_lock(&turn);
    large_close(&kept);
    pthread_mutex_unlock(&turn);
}

static uint64_t matrix_bytes(const ct_eigen_job *job)
{
    return (uint64_t)job->n * (uint64_t)job->n * (job->is_complex ? 16 : 8);
}

/* Matrix, work space and values on the device, one after the other. */
static cutropy_status solve_large(ct_large *large, const ct_eigen_job *job)
{
    cutropy_status status = CUTROPY_OK;
    const int device = large->device.number, parts = job->is_complex ? 2 : 1;
    const uint64_t values_bytes = (uint64_t)job->n * sizeof(double);
    ct_eigen_space space = {0};
    int32_t info = 0, *device_info = NULL;
    double *a = NULL, *values = NULL;
    void *work = NULL;
    const bool own = ct_own_serves(large->own, parts, job->n);
    if (own) {
        space.device_bytes = ct_own_bytes(parts, 1, job->n);
    } else {
        if (!large->libraries)
            CT_TRY(ct_libraries_open(device, large->stream, &large->libraries));
        CT_TRY(ct_libraries_eigen_space(large->libraries, job->n, 1, parts, &space));
    }
    const uint64_t bytes = matrix_bytes(job) + values_bytes + space.device_bytes + 4 * 256;
    CT_TRY(ct_region_open(device, bytes, bytes, &large->region));
    a = ct_region_take(&large->region, matrix_bytes(job));
    values = ct_region_take(&large->region, values_bytes);
    device_info = ct_region_take(&large->region, sizeof info);
    work = ct_region_take(&large->region, space.device_bytes);
    if (!work)
        CT_TRY(ct_fail_memory("a matrix on a device", bytes));
    CT_CUDA(device,
            cudaMemcpyAsync(a, job->a, matrix_bytes(job), cudaMemcpyHostToDevice, large->stream));
    if (own)
        CT_TRY(ct_own_eigenvalues(device, a, parts, 1, job->n, values, device_info, work,
                                  large->stream));
    else
        CT_TRY(ct_libraries_eigenvalues(large->libraries, job->n, 1, parts, a, values, device_info,
                                        work, &space));
    CT_CUDA(device, cudaMemcpyAsync(job->values, values, values_bytes, cudaMemcpyDeviceToHost,
                                    large->stream));
    CT_CUDA(device, cudaMemcpyAsync(&info, device_info, sizeof info, cudaMemcpyDeviceToHost,
                                    large->stream));
    CT_CUDA(device, cudaStreamSynchronize(large->stream));
    if (info)
        status = ct_fail(CUTROPY_ENUMERIC,
                         "device %d: the eigenvalues of a matrix of dimension %lld did not "
                         "converge (info %d)",
                         device, (long long)job->n, info);
done:
    return status;
}

static cutropy_status solve_in_turn(const ct_device *device, const ct_eigen_job *job)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&turn);
    CT_TRY(large_open(device, &kept));
    CT_TRY(solve_large(&kept, job));
    ct_region_close(&kept.region);
done:
    if (status != CUTROPY_OK || !ct_devices_held()) /* what failed is not used again */
        large_close(&kept);
    pthread_mutex_unlock(&turn);
    return status;
}

/* The matrix and about twice as much work space must fit. */
static bool goes_to(const ct_device *device, const ct_eigen_job *job)
{
    return job->n >= CT_CUDA_LARGE && matrix_bytes(job) <= device->total / 4;
}

static bool any_large(size_t count, const ct_eigen_job *jobs)
{
    for (size_t i = 0; i < count; i++)
        if (jobs[i].n >= CT_CUDA_LARGE)
            return true;
    return false;
}

cutropy_status ct_cuda_eigenvalues(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                   int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_eigen_job *small = NULL;
    ct_device device;
    size_t left = 0;
    if (!any_large(count, jobs))
        return ct_operations_cpu()->eigenvalues(count, jobs, watch, threads);
    CT_TRY(ct_device_describe(0, &device));
    CT_NEW(small, count);
    for (size_t i = 0; i < count; i++) {
        if (!goes_to(&device, &jobs[i])) {
            small[left++] = jobs[i];
            continue;
        }
        if (ct_asked_to_stop(watch, "eigenvalues", i, count))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped"));
        CT_TRY(solve_in_turn(&device, &jobs[i]));
    }
    if (left)
        CT_TRY(ct_operations_cpu()->eigenvalues(left, small, watch, threads));
done:
    ct_free(small);
    return status;
}
