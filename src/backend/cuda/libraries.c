/* SPDX-License-Identifier: Apache-2.0 */
/* The only owner of cuBLAS and cuSOLVER. */
#include "backend/cuda/libraries.h"

#include <stdio.h>

#include <cublas_v2.h>
#include <cusolverDn.h>

#include "kernels.h"

/* Limits of cusolverDnXsyevBatched: n * lda * batch < 2^31, batch <= 32768. */
#define BATCH_ENTRIES ((INT64_C(1) << 31) - 1)
#define BATCH_MATRICES 32768

#define BATCH_VERSION                                                                              \
    11703 /* of cuSOLVER: before it, batches were wrong on a recycled work space */

#define ALIGNMENT 256 /* of the parts of a work space */

struct ct_libraries {
    int device;
    cudaStream_t stream;
    cublasHandle_t blas;
    cusolverDnHandle_t solver; /* NULL until eigenvalues are wanted */
    cusolverDnParams_t params;
    bool batches; /* XsyevBatched may be used */
    void *host;   /* cuSOLVER's work space on the host */
    uint64_t host_bytes;
};

static cutropy_status check_blas(cublasStatus_t answer, int device, const char *call)
{
    if (answer == CUBLAS_STATUS_SUCCESS)
        return CUTROPY_OK;
    return ct_fail(answer == CUBLAS_STATUS_ALLOC_FAILED ? CUTROPY_EMEMORY : CUTROPY_EDEVICE,
                   "device %d: %s: %s", device, call, cublasGetStatusString(answer));
}

static cutropy_status check_solver(cusolverStatus_t answer, int device, const char *call)
{
    switch (answer) {
    case CUSOLVER_STATUS_SUCCESS:
        return CUTROPY_OK;
    case CUSOLVER_STATUS_ALLOC_FAILED:
        return ct_fail(CUTROPY_EMEMORY, "device %d: %s: no memory on the device", device, call);
    default:
        return ct_fail(CUTROPY_EDEVICE, "device %d: %s: cuSOLVER status %d", device, call,
                       (int)answer);
    }
}

#define BLAS(libraries, name, ...)                                                                 \
    CT_TRY(check_blas(name((libraries)->blas, __VA_ARGS__), (libraries)->device, #name))
#define SOLVER(libraries, name, ...)                                                               \
    CT_TRY(check_solver(name((libraries)->solver, __VA_ARGS__), (libraries)->device, #name))

/* Double precision stays double precision, whatever the environment asks for: here and in open_solver. */
cutropy_status ct_libraries_open(int device, cudaStream_t stream, ct_libraries **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_libraries *libraries = NULL;
    *out = NULL;
    CT_NEW_ZERO(libraries, 1);
    libraries->device = device;
    libraries->stream = stream;
    CT_TRY(check_blas(cublasCreate(&libraries->blas), device, "cublasCreate"));
    BLAS(libraries, cublasSetStream, stream);
    BLAS(libraries, cublasSetMathMode, CUBLAS_PEDANTIC_MATH);
    *out = libraries;
    libraries = NULL;
done:
    ct_libraries_close(libraries);
    return status;
}

/* (The algorithm of XsyevBatched is left to cuSOLVER: cusolverDnSetAdvOptions of 12.0.4 refuses that function, whatever its
 * header says.) */
cutropy_status ct_libraries_open_solver(ct_libraries *libraries)
{
    cutropy_status status = CUTROPY_OK;
    const int device = libraries->device;
    int version = 0;
    if (libraries->params) /* the last of it */
        return CUTROPY_OK;
    CT_TRY(check_solver(cusolverGetVersion(&version), device, "cusolverGetVersion"));
    libraries->batches = version >= BATCH_VERSION;
    if (!libraries->solver)
        CT_TRY(check_solver(cusolverDnCreate(&libraries->solver), device, "cusolverDnCreate"));
    SOLVER(libraries, cusolverDnSetStream, libraries->stream);
#if CUSOLVER_VERSION >= 12000
    SOLVER(libraries, cusolverDnSetMathMode, CUSOLVER_DEFAULT_MATH);
#endif
    CT_TRY(
        check_solver(cusolverDnCreateParams(&libraries->params), device, "cusolverDnCreateParams"));
done:
    return status;
}

void ct_libraries_close(ct_libraries *libraries)
{
    if (!libraries)
        return;
    if (libraries->host) /* may still be in use */
        (void)cudaStreamSynchronize(libraries->stream);
    if (libraries->params)
        (void)cusolverDnDestroyParams(libraries->params);
    if (libraries->solver)
        (void)cusolverDnDestroy(libraries->solver);
    if (libraries->blas)
        (void)cublasDestroy(libraries->blas);
    ct_free(libraries->host);
    ct_free(libraries);
}

void ct_libraries_describe(char *text, size_t size)
{
    int solver = 0, runtime = 0;
    (void)cusolverGetVersion(&solver);
    (void)cudaRuntimeGetVersion(&runtime);
    snprintf(text, size, "CUDA run time %d.%d, cuSOLVER %d.%d.%d", runtime / 1000,
             runtime % 1000 / 10, solver / 1000, solver % 1000 / 100, solver % 100);
}

/* ---- Gram matrices ---- */

static cutropy_status check_int(int64_t n, int64_t k)
{
    if (n > INT32_MAX || k > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED, "a block of %lld x %lld exceeds the limits of cuBLAS",
                       (long long)n, (long long)k);
    return CUTROPY_OK;
}

/* Row-major q is column-major q^T (k x n), so that (q^T)^T q^T, column-major, is wanted. */
cutropy_status ct_libraries_gram(ct_libraries *libraries, int parts, int64_t n, int64_t k,
                                 const double *q, double *h)
{
    cutropy_status status = CUTROPY_OK;
    const double one = 1, zero = 0;
    CT_TRY(check_int(n, k));
    if (parts == 2)
        BLAS(libraries, cublasZherk, CUBLAS_FILL_MODE_LOWER, CUBLAS_OP_C, (int)n, (int)k, &one,
             (const cuDoubleComplex *)(const void *)q, (int)k, &zero, (cuDoubleComplex *)(void *)h,
             (int)n);
    else
        BLAS(libraries, cublasDsyrk, CUBLAS_FILL_MODE_LOWER, CUBLAS_OP_T, (int)n, (int)k, &one, q,
             (int)k, &zero, h, (int)n);
done:
    return status;
}

cutropy_status ct_libraries_gram_batch(ct_libraries *libraries, int parts, int64_t n, int64_t k,
                                       int64_t count, const double *q, double *h)
{
    cutropy_status status = CUTROPY_OK;
    const double one = 1, zero = 0;
    const cuDoubleComplex one_z = {1, 0}, zero_z = {0, 0};
    CT_TRY(check_int(n, k));
    for (int64_t first = 0; first < count; first += BATCH_MATRICES) {
        const int left = (int)(count - first < BATCH_MATRICES ? count - first : BATCH_MATRICES);
        const double *rows = q + first * n * k * parts;
        double *out = h + first * n * n * parts;
        const cuDoubleComplex *rows_z = (const cuDoubleComplex *)(const void *)rows;
        if (parts == 2)
            BLAS(libraries, cublasZgemmStridedBatched, CUBLAS_OP_C, CUBLAS_OP_N, (int)n, (int)n,
                 (int)k, &one_z, rows_z, (int)k, n * k, rows_z, (int)k, n * k, &zero_z,
                 (cuDoubleComplex *)(void *)out, (int)n, n * n, left);
        else
            BLAS(libraries, cublasDgemmStridedBatched, CUBLAS_OP_T, CUBLAS_OP_N, (int)n, (int)n,
                 (int)k, &one, rows, (int)k, n * k, rows, (int)k, n * k, &zero, out, (int)n, n * n,
                 left);
    }
done:
    return status;
}

/* Row-major c is column-major c^T = b a^T (columns x rows); one of a batch, so that no other function is needed. */
cutropy_status ct_libraries_multiply(ct_libraries *libraries, int parts, int64_t rows,
                                     int64_t columns, int64_t inner, const double *a,
                                     const double *b, double *c)
{
    cutropy_status status = CUTROPY_OK;
    const double one = 1, zero = 0;
    const cuDoubleComplex one_z = {1, 0}, zero_z = {0, 0};
    CT_TRY(check_int(rows, columns));
    CT_TRY(check_int(inner, inner));
    if (parts == 2)
        BLAS(libraries, cublasZgemmStridedBatched, CUBLAS_OP_T, CUBLAS_OP_N, (int)columns,
             (int)rows, (int)inner, &one_z, (const cuDoubleComplex *)(const void *)b, (int)inner,
             columns * inner, (const cuDoubleComplex *)(const void *)a, (int)inner, rows * inner,
             &zero_z, (cuDoubleComplex *)(void *)c, (int)columns, rows * columns, 1);
    else
        BLAS(libraries, cublasDgemmStridedBatched, CUBLAS_OP_T, CUBLAS_OP_N, (int)columns,
             (int)rows, (int)inner, &one, b, (int)inner, columns * inner, a, (int)inner,
             rows * inner, &zero, c, (int)columns, rows * columns, 1);
done:
    return status;
}

/* ---- eigenvalues ---- */

int64_t ct_libraries_most(int64_t n)
{
    const int64_t most = n * n > 0 ? BATCH_ENTRIES / (n * n) : BATCH_MATRICES;
    return most < 1 ? 1 : most < BATCH_MATRICES ? most : BATCH_MATRICES;
}

/* One matrix after the other. */
static bool is_single(const ct_libraries *libraries, int64_t n, int64_t count)
{
    return (count == 1 && n >= CT_LIBRARIES_LARGE) || n * n > BATCH_ENTRIES || !libraries->batches;
}

static cudaDataType type_of(int parts)
{
    return parts == 2 ? CUDA_C_64F : CUDA_R_64F;
}

static uint64_t aligned(uint64_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the tridiagonal road keeps its parts in the work space; base may be NULL. */
typedef struct ct_tridiagonal_space {
    double *d, *e;
    void *tau, *work;
    int lwork;
    uint64_t bytes;
} ct_tridiagonal_space;

static cutropy_status tridiagonal_space(ct_libraries *libraries, int64_t n, int parts, void *base,
                                        ct_tridiagonal_space *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t vector = aligned((uint64_t)n * sizeof(double));
    unsigned char *memory = base;
    *out = (ct_tridiagonal_space){0};
    CT_TRY(check_int(n, n));
    if (parts == 2)
        SOLVER(libraries, cusolverDnZhetrd_bufferSize, CUBLAS_FILL_MODE_LOWER, (int)n, NULL, (int)n,
               NULL, NULL, NULL, &out->lwork);
    else
        SOLVER(libraries, cusolverDnDsytrd_bufferSize, CUBLAS_FILL_MODE_LOWER, (int)n, NULL, (int)n,
               NULL, NULL, NULL, &out->lwork);
    out->bytes = 2 * vector + (uint64_t)parts * vector +
                 aligned((uint64_t)out->lwork * (uint64_t)parts * sizeof(double));
    if (memory) {
        out->d = (double *)(void *)memory;
        out->e = (double *)(void *)(memory + vector);
        out->tau = memory + 2 * vector;
        out->work = memory + (2 + (uint64_t)parts) * vector;
    }
done:
    return status;
}

cutropy_status ct_libraries_eigen_space(ct_libraries *libraries, int64_t n, int64_t count,
                                        int parts, ct_eigen_space *out)
{
    cutropy_status status = CUTROPY_OK;
    size_t device = 0, host = 0;
    ct_tridiagonal_space space;
    const int64_t most = ct_libraries_most(n);
    *out = (ct_eigen_space){0};
    CT_TRY(ct_libraries_open_solver(libraries));
    if (!is_single(libraries, n, count)) {
        SOLVER(libraries, cusolverDnXsyevBatched_bufferSize, libraries->params,
               CUSOLVER_EIG_MODE_NOVECTOR, CUBLAS_FILL_MODE_LOWER, n, type_of(parts), NULL, n,
               CUDA_R_64F, NULL, type_of(parts), &device, &host, count < most ? count : most);
    } else if (n >= CT_LIBRARIES_WIDE) {
        SOLVER(libraries, cusolverDnXsyevd_bufferSize, libraries->params,
               CUSOLVER_EIG_MODE_NOVECTOR, CUBLAS_FILL_MODE_LOWER, n, type_of(parts), NULL, n,
               CUDA_R_64F, NULL, type_of(parts), &device, &host);
    } else {
        CT_TRY(tridiagonal_space(libraries, n, parts, NULL, &space));
        device = space.bytes;
    }
    *out = (ct_eigen_space){.device_bytes = device, .host_bytes = host};
done:
    return status;
}

/* The last call may still use the host's work space. */
static cutropy_status reserve_host(ct_libraries *libraries, uint64_t bytes)
{
    cutropy_status status = CUTROPY_OK;
    if (!bytes)
        return CUTROPY_OK;
    if (libraries->host)
        CT_CUDA(libraries->device, cudaStreamSynchronize(libraries->stream));
    if (bytes > libraries->host_bytes) {
        ct_free(libraries->host);
        libraries->host_bytes = 0;
        libraries->host = ct_alloc(bytes, 1);
        if (!libraries->host)
            CT_TRY(ct_fail_memory("work space of cuSOLVER", bytes));
        libraries->host_bytes = bytes;
    }
done:
    return status;
}

static cutropy_status solve_batch(ct_libraries *libraries, int64_t n, int64_t count, int parts,
                                  double *a, double *values, int32_t *info, void *work,
                                  const ct_eigen_space *space)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t most = ct_libraries_most(n);
    for (int64_t first = 0; first < count; first += most) {
        const int64_t left = count - first < most ? count - first : most;
        CT_TRY(reserve_host(libraries, space->host_bytes));
        SOLVER(libraries, cusolverDnXsyevBatched, libraries->params, CUSOLVER_EIG_MODE_NOVECTOR,
               CUBLAS_FILL_MODE_LOWER, n, type_of(parts), a + first * n * n * parts, n, CUDA_R_64F,
               values + first * n, type_of(parts), work, space->device_bytes, libraries->host,
               space->host_bytes, info + first, left);
    }
done:
    return status;
}

static cutropy_status solve_syevd(ct_libraries *libraries, int64_t n, int parts, double *a,
                                  double *values, int32_t *info, void *work,
                                  const ct_eigen_space *space)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(reserve_host(libraries, space->host_bytes));
    SOLVER(libraries, cusolverDnXsyevd, libraries->params, CUSOLVER_EIG_MODE_NOVECTOR,
           CUBLAS_FILL_MODE_LOWER, n, type_of(parts), a, n, CUDA_R_64F, values, type_of(parts),
           work, space->device_bytes, libraries->host, space->host_bytes, info);
done:
    return status;
}

static cutropy_status solve_tridiagonal(ct_libraries *libraries, int64_t n, int parts, double *a,
                                        double *values, int32_t *info, void *work)
{
    cutropy_status status = CUTROPY_OK;
    ct_tridiagonal_space space;
    CT_TRY(tridiagonal_space(libraries, n, parts, work, &space));
    if (parts == 2)
        SOLVER(libraries, cusolverDnZhetrd, CUBLAS_FILL_MODE_LOWER, (int)n,
               (cuDoubleComplex *)(void *)a, (int)n, space.d, space.e, space.tau, space.work,
               space.lwork, info);
    else
        SOLVER(libraries, cusolverDnDsytrd, CUBLAS_FILL_MODE_LOWER, (int)n, a, (int)n, space.d,
               space.e, space.tau, space.work, space.lwork, info);
    CT_CUDA(libraries->device,
            ct_launch_bisect(space.d, space.e, 1, n, values, info, libraries->stream));
done:
    return status;
}

cutropy_status ct_libraries_eigenvalues(ct_libraries *libraries, int64_t n, int64_t count,
                                        int parts, double *a, double *values, int32_t *info,
                                        void *work, const ct_eigen_space *space)
{
    cutropy_status status = CUTROPY_OK;
    if (!is_single(libraries, n, count))
        return solve_batch(libraries, n, count, parts, a, values, info, work, space);
    for (int64_t i = 0; i < count; i++) {
        double *one = a + i * n * n * parts;
        if (n >= CT_LIBRARIES_WIDE)
            CT_TRY(solve_syevd(libraries, n, parts, one, values + i * n, info + i, work, space));
        else
            CT_TRY(solve_tridiagonal(libraries, n, parts, one, values + i * n, info + i, work));
    }
done:
    return status;
}
