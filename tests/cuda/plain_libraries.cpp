/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_libraries.h"

#include <atomic>
#include <complex>

#include <lapacke.h>

#include "runtime.h"

extern "C" {
#include "backend/cuda/libraries.h"
}

struct ct_libraries {
    int device;
    cudaStream_t stream;
};

static std::atomic<int> gives_up;
static std::atomic<int64_t> most;
static std::atomic<uint64_t> factor{1};

void plain_libraries_give_up(int on)
{
    gives_up = on;
}

void plain_libraries_limit(int64_t count, uint64_t work_factor)
{
    most = count;
    factor = work_factor;
}

cutropy_status ct_libraries_open(int device, cudaStream_t stream, ct_libraries **out)
{
    *out = nullptr;
    if (ct_fake_fails("cusolverDnCreate"))
        return ct_fail(CUTROPY_EDEVICE, "device %d: cusolverDnCreate", device);
    *out = new ct_libraries{device, stream};
    ct_fake_add_live("libraries", *out);
    return CUTROPY_OK;
}

cutropy_status ct_libraries_open_solver(ct_libraries *)
{
    return CUTROPY_OK;
}

void ct_libraries_close(ct_libraries *libraries)
{
    if (libraries)
        ct_fake_remove_live(libraries);
    delete libraries;
}

cutropy_status ct_libraries_gram(ct_libraries *l, int parts, int64_t n, int64_t k, const double *q,
                                 double *h)
{
    return ct_cuda_check(ct_fake_launch(
                             "cublasDsyrk", l->stream,
                             [=] {
                                 typedef std::complex<double> complex;
                                 for (int64_t j = 0; j < n; j++)
                                     for (int64_t i = j; i < n; i++) {
                                         complex sum = 0;
                                         for (int64_t c = 0; c < k; c++) {
                                             const double *x = q + (i * k + c) * parts,
                                                          *y = q + (j * k + c) * parts;
                                             sum += parts == 2
                                                        ? complex(x[0], -x[1]) * complex(y[0], y[1])
                                                        : complex(x[0] * y[0], 0);
                                         }
                                         h[(j * n + i) * parts] = sum.real();
                                         if (parts == 2)
                                             h[(j * n + i) * parts + 1] = sum.imag();
                                     }
                                 return cudaSuccess;
                             },
                             cudaSuccess),
                         l->device, "cublasDsyrk()");
}

cutropy_status ct_libraries_gram_batch(ct_libraries *l, int parts, int64_t n, int64_t k,
                                       int64_t count, const double *q, double *h)
{
    cutropy_status status = CUTROPY_OK;
    for (int64_t i = 0; i < count && status == CUTROPY_OK; i++)
        status = ct_libraries_gram(l, parts, n, k, q + i * n * k * parts, h + i * n * n * parts);
    return status;
}

cutropy_status ct_libraries_multiply(ct_libraries *l, int parts, int64_t rows, int64_t columns,
                                     int64_t inner, const double *a, const double *b, double *c)
{
    return ct_cuda_check(ct_fake_launch(
                             "cublasDgemmStridedBatched", l->stream,
                             [=] {
                                 typedef std::complex<double> complex;
                                 for (int64_t i = 0; i < rows; i++)
                                     for (int64_t j = 0; j < columns; j++) {
                                         complex sum = 0;
                                         for (int64_t k = 0; k < inner; k++) {
                                             const double *x = a + (i * inner + k) * parts,
                                                          *y = b + (j * inner + k) * parts;
                                             sum += parts == 2
                                                        ? complex(x[0], x[1]) * complex(y[0], y[1])
                                                        : complex(x[0] * y[0], 0);
                                         }
                                         c[(i * columns + j) * parts] = sum.real();
                                         if (parts == 2)
                                             c[(i * columns + j) * parts + 1] = sum.imag();
                                     }
                                 return cudaSuccess;
                             },
                             cudaSuccess),
                         l->device, "cublasDgemmStridedBatched()");
}

int64_t ct_libraries_most(int64_t)
{
    return 32768;
}

cutropy_status ct_libraries_eigen_space(ct_libraries *, int64_t n, int64_t count, int parts,
                                        ct_eigen_space *out)
{
    *out = ct_eigen_space{(uint64_t)(count * n * parts * 8) * factor, 0};
    return CUTROPY_OK;
}

cutropy_status ct_libraries_eigenvalues(ct_libraries *l, int64_t n, int64_t count, int parts,
                                        double *a, double *values, int32_t *info, void *work,
                                        const ct_eigen_space *space)
{
    const bool give_up = gives_up != 0;
    if (most && count > most)
        return ct_fail(CUTROPY_EMEMORY, "device %d: cusolverDnXsyevBatched: no memory", l->device);
    const uint64_t bytes = space->device_bytes;
    return ct_cuda_check(
        ct_fake_launch(
            "cusolverDnXsyevBatched", l->stream,
            [=] {
                for (uint64_t b = 0; b < bytes; b++)
                    static_cast<unsigned char *>(work)[b] = 0xee;
                for (int64_t i = 0; i < count; i++) {
                    double *m = a + i * n * n * parts;
                    info[i] = parts == 2
                                  ? LAPACKE_zheev(LAPACK_COL_MAJOR, 'N', 'L', (int)n,
                                                  reinterpret_cast<lapack_complex_double *>(m),
                                                  (int)n, values + i * n)
                                  : LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', (int)n, m, (int)n,
                                                  values + i * n);
                }
                if (give_up)
                    info[count - 1] = 7;
                return cudaSuccess;
            },
            cudaSuccess),
        l->device, "cusolverDnXsyevBatched()");
}
