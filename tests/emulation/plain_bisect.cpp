/* A plain twin of ct_launch_bisect, where libraries.c is tested without the kernels. */
#include "kernels.h"
#include "runtime.h"

#include <algorithm>
#include <complex>
#include <vector>

#define lapack_complex_double std::complex<double>
#define lapack_complex_float std::complex<float>
#include <lapacke.h>

cudaError_t ct_launch_bisect(const double *d, const double *e, int64_t n, double *values,
                             cudaStream_t stream)
{
    return ct_fake_launch(
        "ct_launch_bisect", stream,
        [=]() {
            std::vector<double> off(e, e + n - 1);
            std::copy(d, d + n, values);
            off.push_back(0);
            return LAPACKE_dsterf((int)n, values, off.data()) ? cudaErrorUnknown : cudaSuccess;
        },
        cudaSuccess);
}
