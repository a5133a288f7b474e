/* SPDX-License-Identifier: Apache-2.0 */
/* Plain twins of the cuBLAS and cuSOLVER functions that cutropy uses, over OpenBLAS and LAPACK.
 * Every pointer is checked, every call counts and may be made to fail; info too (fake.h). Work
 * space is demanded and overwritten, as the real ones do. */
#include <cublas_v2.h>
#include <cusolverDn.h>

#include <complex>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#define lapack_complex_double std::complex<double>
#define lapack_complex_float std::complex<float>
#include <cblas.h>
#include <lapacke.h>

#include "fake.h"
#include "runtime.h"

struct cublasContext {
    cudaStream_t stream = nullptr;
    bool pedantic = false;
};
struct cusolverDnContext {
    cudaStream_t stream = nullptr;
};
struct cusolverDnParams {
};

typedef std::complex<double> complex;

static int solver_version = CUSOLVER_VERSION;

namespace
{

/* What may give other bits on other days is not asked for. */
void need(bool settled, const char *function, const char *what)
{
    if (settled)
        return;
    fprintf(stderr, "fake CUDA: %s: %s\n", function, what);
    abort();
}

/* Bytes of work space a call demands, whatever it is for. */
size_t space(int64_t n, int64_t count)
{
    return 512 + (size_t)(n * count) * 8;
}

void need_device(const char *function, const void *memory, size_t bytes)
{
    if (ct_fake_is_device(memory, bytes))
        return;
    fprintf(stderr, "fake CUDA: %s: not device memory, or out of range\n", function);
    abort();
}

size_t entry(cudaDataType type)
{
    return type == CUDA_C_64F ? 16 : 8;
}

/* Eigenvalues of the lower triangle; `a` is destroyed. */
void eigenvalues(int64_t n, bool is_complex, void *a, double *w)
{
    if (is_complex)
        LAPACKE_zheev(LAPACK_COL_MAJOR, 'N', 'L', (int)n, (complex *)a, (int)n, w);
    else
        LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', (int)n, (double *)a, (int)n, w);
}

void spoil(void *memory, size_t bytes)
{
    memset(memory, 0x77, bytes);
}

template <class T>
cublasStatus_t rank_k(const char *name, cublasHandle_t handle, cublasFillMode_t uplo,
                      cublasOperation_t trans, int n, int k, const double *alpha, const T *a,
                      int lda, const double *beta, T *c, int ldc)
{
    const bool is_complex = sizeof(T) == 16;
    const double alpha_now = *alpha, beta_now = *beta;
    if (ct_fake_fails(name))
        return CUBLAS_STATUS_EXECUTION_FAILED;
    need(handle->pedantic, name, "emulated double precision is not ruled out");
    if (n < 0 || k < 0 || lda < (trans == CUBLAS_OP_N ? n : k) || ldc < n || lda < 1 || ldc < 1)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!n)
        return CUBLAS_STATUS_SUCCESS;
    if (k)
        need_device(name, a,
                    ((size_t)lda * (size_t)((trans == CUBLAS_OP_N ? k : n) - 1) +
                     (size_t)(trans == CUBLAS_OP_N ? n : k)) *
                        sizeof(T));
    need_device(name, c, ((size_t)ldc * (size_t)(n - 1) + (size_t)n) * sizeof(T));
    const auto u = uplo == CUBLAS_FILL_MODE_LOWER ? CblasLower : CblasUpper;
    const auto t = trans == CUBLAS_OP_N   ? CblasNoTrans
                   : trans == CUBLAS_OP_T ? CblasTrans
                                          : CblasConjTrans;
    const cudaError_t error = ct_fake_launch(
        name, handle->stream,
        [=]() {
            if (is_complex)
                cblas_zherk(CblasColMajor, u, t, n, k, alpha_now, a, lda, beta_now, c, ldc);
            else
                cblas_dsyrk(CblasColMajor, u, t, n, k, alpha_now, (const double *)a, lda, beta_now,
                            (double *)c, ldc);
            return cudaSuccess;
        },
        cudaSuccess);
    return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

CBLAS_TRANSPOSE transpose(cublasOperation_t op)
{
    return op == CUBLAS_OP_N ? CblasNoTrans : op == CUBLAS_OP_T ? CblasTrans : CblasConjTrans;
}

template <class T>
cublasStatus_t products(const char *name, cublasHandle_t handle, cublasOperation_t ta,
                        cublasOperation_t tb, int m, int n, int k, const T *alpha, const T *a,
                        int lda, long long sa, const T *b, int ldb, long long sb, const T *beta,
                        T *c, int ldc, long long sc, int count)
{
    const T alpha_now = *alpha, beta_now = *beta;
    if (ct_fake_fails(name))
        return CUBLAS_STATUS_EXECUTION_FAILED;
    need(handle->pedantic, name, "emulated double precision is not ruled out");
    if (m < 0 || n < 0 || k < 0 || count < 0 || lda < (ta == CUBLAS_OP_N ? m : k) ||
        ldb < (tb == CUBLAS_OP_N ? k : n) || ldc < m || lda < 1 || ldb < 1 || ldc < 1)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!m || !n || !count)
        return CUBLAS_STATUS_SUCCESS;
    need_device(name, c,
                ((size_t)(sc * (count - 1)) + (size_t)ldc * (size_t)(n - 1) + (size_t)m) *
                    sizeof(T));
    const cudaError_t error = ct_fake_launch(
        name, handle->stream,
        [=]() {
            for (int i = 0; i < count; i++)
                if (sizeof(T) == 16)
                    cblas_zgemm(CblasColMajor, transpose(ta), transpose(tb), m, n, k, &alpha_now,
                                a + i * sa, lda, b + i * sb, ldb, &beta_now, c + i * sc, ldc);
                else
                    cblas_dgemm(CblasColMajor, transpose(ta), transpose(tb), m, n, k,
                                *(const double *)&alpha_now, (const double *)(a + i * sa), lda,
                                (const double *)(b + i * sb), ldb, *(const double *)&beta_now,
                                (double *)(c + i * sc), ldc);
            return cudaSuccess;
        },
        cudaSuccess);
    return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

template <class T>
cusolverStatus_t tridiagonal(const char *name, cusolverDnHandle_t handle, cublasFillMode_t uplo,
                             int n, T *a, int lda, double *d, double *e, T *tau, T *work, int lwork,
                             int *info)
{
    if (ct_fake_fails(name))
        return CUSOLVER_STATUS_EXECUTION_FAILED;
    ct_fake_count_library_call();
    if (n < 1 || lda < n || lwork < n)
        return CUSOLVER_STATUS_INVALID_VALUE;
    need_device(name, a, ((size_t)lda * (size_t)(n - 1) + (size_t)n) * sizeof(T));
    need_device(name, d, (size_t)n * 8);
    need_device(name, e, (size_t)(n > 1 ? n - 1 : 1) * 8);
    need_device(name, tau, (size_t)(n > 1 ? n - 1 : 1) * sizeof(T));
    need_device(name, work, (size_t)lwork * sizeof(T));
    need_device(name, info, sizeof *info);
    const int failed = ct_fake_info(0);
    const char side = uplo == CUBLAS_FILL_MODE_LOWER ? 'L' : 'U';
    const cudaError_t error = ct_fake_launch(
        name, handle->stream,
        [=]() {
            spoil(work, (size_t)lwork * sizeof(T));
            if (sizeof(T) == 16)
                LAPACKE_zhetrd(LAPACK_COL_MAJOR, side, n, (complex *)a, lda, d, e, (complex *)tau);
            else
                LAPACKE_dsytrd(LAPACK_COL_MAJOR, side, n, (double *)a, lda, d, e, (double *)tau);
            *info = failed;
            return cudaSuccess;
        },
        cudaSuccess);
    return error == cudaSuccess ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_EXECUTION_FAILED;
}

template <class T, class S> S create(const char *name, const char *what, T **handle, S failed)
{
    *handle = nullptr;
    if (ct_fake_fails(name))
        return failed;
    *handle = new T();
    ct_fake_add_live(what, *handle);
    return S();
}

template <class T, class S> S destroy(const char *name, T *handle, S failed)
{
    if (!ct_fake_remove_live(handle))
        abort();
    delete handle;
    return ct_fake_fails(name) ? failed : S();
}

} // namespace

extern "C" {

/* ---- cuBLAS ---- */

cublasStatus_t cublasCreate(cublasHandle_t *handle)
{
    return create("cublasCreate", "a cuBLAS handle", handle, CUBLAS_STATUS_ALLOC_FAILED);
}

cublasStatus_t cublasDestroy(cublasHandle_t handle)
{
    return destroy("cublasDestroy", handle, CUBLAS_STATUS_INTERNAL_ERROR);
}

cublasStatus_t cublasSetStream(cublasHandle_t handle, cudaStream_t stream)
{
    if (ct_fake_fails("cublasSetStream"))
        return CUBLAS_STATUS_INTERNAL_ERROR;
    handle->stream = stream;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode)
{
    if (ct_fake_fails("cublasSetMathMode"))
        return CUBLAS_STATUS_INTERNAL_ERROR;
    handle->pedantic = mode == CUBLAS_PEDANTIC_MATH;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetVersion(cublasHandle_t, int *version)
{
    *version = 130000;
    return CUBLAS_STATUS_SUCCESS;
}

const char *cublasGetStatusString(cublasStatus_t status)
{
    return status == CUBLAS_STATUS_SUCCESS         ? "success"
           : status == CUBLAS_STATUS_ALLOC_FAILED  ? "the resource allocation failed"
           : status == CUBLAS_STATUS_INVALID_VALUE ? "an unsupported value or parameter was passed"
                                                   : "the function failed to launch on the GPU";
}

cublasStatus_t cublasDsyrk(cublasHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans,
                           int n, int k, const double *alpha, const double *a, int lda,
                           const double *beta, double *c, int ldc)
{
    return rank_k("cublasDsyrk", handle, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);
}

cublasStatus_t cublasZherk(cublasHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans,
                           int n, int k, const double *alpha, const cuDoubleComplex *a, int lda,
                           const double *beta, cuDoubleComplex *c, int ldc)
{
    return rank_k("cublasZherk", handle, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);
}

cublasStatus_t cublasDgemmStridedBatched(cublasHandle_t handle, cublasOperation_t ta,
                                         cublasOperation_t tb, int m, int n, int k,
                                         const double *alpha, const double *a, int lda,
                                         long long sa, const double *b, int ldb, long long sb,
                                         const double *beta, double *c, int ldc, long long sc,
                                         int count)
{
    return products("cublasDgemmStridedBatched", handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb,
                    sb, beta, c, ldc, sc, count);
}

cublasStatus_t cublasZgemmStridedBatched(cublasHandle_t handle, cublasOperation_t ta,
                                         cublasOperation_t tb, int m, int n, int k,
                                         const cuDoubleComplex *alpha, const cuDoubleComplex *a,
                                         int lda, long long sa, const cuDoubleComplex *b, int ldb,
                                         long long sb, const cuDoubleComplex *beta,
                                         cuDoubleComplex *c, int ldc, long long sc, int count)
{
    return products("cublasZgemmStridedBatched", handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb,
                    sb, beta, c, ldc, sc, count);
}

/* ---- cuSOLVER ---- */

void ct_fake_solver_version(int version)
{
    solver_version = version;
}

cusolverStatus_t cusolverGetVersion(int *version)
{
    *version = solver_version;
    return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t *handle)
{
    return create("cusolverDnCreate", "a cuSOLVER handle", handle, CUSOLVER_STATUS_ALLOC_FAILED);
}

cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle)
{
    return destroy("cusolverDnDestroy", handle, CUSOLVER_STATUS_INTERNAL_ERROR);
}

cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle, cudaStream_t stream)
{
    if (ct_fake_fails("cusolverDnSetStream"))
        return CUSOLVER_STATUS_INTERNAL_ERROR;
    handle->stream = stream;
    return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t *params)
{
    return create("cusolverDnCreateParams", "cuSOLVER parameters", params,
                  CUSOLVER_STATUS_ALLOC_FAILED);
}

cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t params)
{
    return destroy("cusolverDnDestroyParams", params, CUSOLVER_STATUS_INTERNAL_ERROR);
}

cusolverStatus_t cusolverDnSetMathMode(cusolverDnHandle_t, cusolverMathMode_t)
{
    return ct_fake_fails("cusolverDnSetMathMode") ? CUSOLVER_STATUS_INTERNAL_ERROR
                                                  : CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevBatched_bufferSize(cusolverDnHandle_t, cusolverDnParams_t,
                                                   cusolverEigMode_t, cublasFillMode_t, int64_t n,
                                                   cudaDataType, const void *, int64_t lda,
                                                   cudaDataType, const void *, cudaDataType,
                                                   size_t *device_bytes, size_t *host_bytes,
                                                   int64_t count)
{
    if (ct_fake_fails("cusolverDnXsyevBatched_bufferSize"))
        return CUSOLVER_STATUS_INTERNAL_ERROR;
    if (n * lda * count >= INT64_C(1) << 31 || count > 32768)
        return CUSOLVER_STATUS_INVALID_VALUE;
    *device_bytes = space(n, count);
    *host_bytes = 64;
    return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevBatched(cusolverDnHandle_t handle, cusolverDnParams_t,
                                        cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                        cudaDataType type_a, void *a, int64_t lda,
                                        cudaDataType type_w, void *w, cudaDataType compute,
                                        void *device, size_t device_bytes, void *host,
                                        size_t host_bytes, int *info, int64_t count)
{
    const char *name = "cusolverDnXsyevBatched";
    if (ct_fake_fails(name))
        return CUSOLVER_STATUS_EXECUTION_FAILED;
    ct_fake_count_library_call();
    need(solver_version >= 11703, name, "wrong results in this version");
    if (jobz != CUSOLVER_EIG_MODE_NOVECTOR || uplo != CUBLAS_FILL_MODE_LOWER || lda != n || n < 1 ||
        count < 1 || n * lda * count >= INT64_C(1) << 31 || count > 32768 || type_w != CUDA_R_64F ||
        compute != type_a || device_bytes < space(n, count) || host_bytes < 64 || !host)
        return CUSOLVER_STATUS_INVALID_VALUE;
    need_device(name, a, (size_t)(n * lda * count) * entry(type_a));
    need_device(name, w, (size_t)(n * count) * 8);
    need_device(name, device, device_bytes);
    need_device(name, info, (size_t)count * sizeof *info);
    std::vector<int> failed((size_t)count);
    for (int64_t i = 0; i < count; i++)
        failed[(size_t)i] = ct_fake_info(i);
    const cudaError_t error = ct_fake_launch(
        name, handle->stream,
        [=]() {
            spoil(device, device_bytes);
            spoil(host, host_bytes);
            for (int64_t i = 0; i < count; i++) {
                eigenvalues(n, type_a == CUDA_C_64F,
                            (char *)a + (size_t)(i * n * n) * entry(type_a), (double *)w + i * n);
                info[i] = failed[(size_t)i];
            }
            return cudaSuccess;
        },
        cudaSuccess);
    return error == cudaSuccess ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_EXECUTION_FAILED;
}

cusolverStatus_t cusolverDnXsyevd_bufferSize(cusolverDnHandle_t, cusolverDnParams_t,
                                             cusolverEigMode_t, cublasFillMode_t, int64_t n,
                                             cudaDataType, const void *, int64_t, cudaDataType,
                                             const void *, cudaDataType, size_t *device_bytes,
                                             size_t *host_bytes)
{
    if (ct_fake_fails("cusolverDnXsyevd_bufferSize"))
        return CUSOLVER_STATUS_INTERNAL_ERROR;
    *device_bytes = space(n, 2);
    *host_bytes = (size_t)n * 8;
    return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevd(cusolverDnHandle_t handle, cusolverDnParams_t,
                                  cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                  cudaDataType type_a, void *a, int64_t lda, cudaDataType type_w,
                                  void *w, cudaDataType compute, void *device, size_t device_bytes,
                                  void *host, size_t host_bytes, int *info)
{
    const char *name = "cusolverDnXsyevd";
    if (ct_fake_fails(name))
        return CUSOLVER_STATUS_EXECUTION_FAILED;
    ct_fake_count_library_call();
    if (jobz != CUSOLVER_EIG_MODE_NOVECTOR || uplo != CUBLAS_FILL_MODE_LOWER || lda != n || n < 1 ||
        type_w != CUDA_R_64F || compute != type_a || device_bytes < space(n, 2) ||
        host_bytes < (size_t)n * 8 || !host)
        return CUSOLVER_STATUS_INVALID_VALUE;
    need_device(name, a, (size_t)(n * lda) * entry(type_a));
    need_device(name, w, (size_t)n * 8);
    need_device(name, device, device_bytes);
    need_device(name, info, sizeof *info);
    const int failed = ct_fake_info(0);
    const cudaError_t error = ct_fake_launch(
        name, handle->stream,
        [=]() {
            spoil(device, device_bytes);
            spoil(host, host_bytes);
            eigenvalues(n, type_a == CUDA_C_64F, a, (double *)w);
            *info = failed;
            return cudaSuccess;
        },
        cudaSuccess);
    return error == cudaSuccess ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_EXECUTION_FAILED;
}

cusolverStatus_t cusolverDnDsytrd_bufferSize(cusolverDnHandle_t, cublasFillMode_t, int n,
                                             const double *, int, const double *, const double *,
                                             const double *, int *lwork)
{
    *lwork = 2 * n;
    return ct_fake_fails("cusolverDnDsytrd_bufferSize") ? CUSOLVER_STATUS_INTERNAL_ERROR
                                                        : CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnDsytrd(cusolverDnHandle_t handle, cublasFillMode_t uplo, int n,
                                  double *a, int lda, double *d, double *e, double *tau,
                                  double *work, int lwork, int *info)
{
    return tridiagonal("cusolverDnDsytrd", handle, uplo, n, a, lda, d, e, tau, work, lwork, info);
}

cusolverStatus_t cusolverDnZhetrd_bufferSize(cusolverDnHandle_t, cublasFillMode_t, int n,
                                             const cuDoubleComplex *, int, const double *,
                                             const double *, const cuDoubleComplex *, int *lwork)
{
    *lwork = 2 * n;
    return ct_fake_fails("cusolverDnZhetrd_bufferSize") ? CUSOLVER_STATUS_INTERNAL_ERROR
                                                        : CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnZhetrd(cusolverDnHandle_t handle, cublasFillMode_t uplo, int n,
                                  cuDoubleComplex *a, int lda, double *d, double *e,
                                  cuDoubleComplex *tau, cuDoubleComplex *work, int lwork, int *info)
{
    return tridiagonal("cusolverDnZhetrd", handle, uplo, n, a, lda, d, e, tau, work, lwork, info);
}

} // extern "C"
