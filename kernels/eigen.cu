/* Eigenvalues: Jacobi's method for small matrices, bisection for a tridiagonal one. */
#include "device.cuh"

#define SWEEPS 30
#define HALF_ULP 0x1p-53

/* ---- Jacobi ---- */

/* Entry (i, j) of a column-major matrix in shared memory. */
template <int PARTS> static __device__ inline double *at(double *a, int n, int i, int j)
{
    return a + PARTS * (j * n + i);
}

/* One rotation in the plane (p, q), p < q: makes a_pq zero. With a_pq = r e^{i phi}, column q is
 * first multiplied by e^{-i phi}; then the rotation is real. Lane k has row k of both columns, and
 * its mirror image. */
template <int PARTS>
static __device__ void rotate(double *a, int n, int p, int q, double app, double aqq, double re,
                              double im, double size, int lane)
{
    const double theta = (aqq - app) / (2 * size);
    const double t = (theta >= 0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1));
    const double c = 1 / sqrt(t * t + 1), s = t * c;
    const double turn_re = re / size, turn_im = PARTS == 2 ? -im / size : 0; /* e^{-i phi} */
    if (lane < n && lane != p && lane != q) {
        double *x = at<PARTS>(a, n, lane, p), *y = at<PARTS>(a, n, lane, q);
        const double yr = y[0], yi = PARTS == 2 ? y[PARTS - 1] : 0;
        const double tr = yr * turn_re - yi * turn_im, ti = yr * turn_im + yi * turn_re;
        const double xr = x[0], xi = PARTS == 2 ? x[PARTS - 1] : 0;
        double *xm = at<PARTS>(a, n, p, lane), *ym = at<PARTS>(a, n, q, lane);
        x[0] = xm[0] = c * xr - s * tr;
        y[0] = ym[0] = s * xr + c * tr;
        if (PARTS == 2) {
            x[PARTS - 1] = c * xi - s * ti;
            xm[PARTS - 1] = -x[PARTS - 1];
            y[PARTS - 1] = s * xi + c * ti;
            ym[PARTS - 1] = -y[PARTS - 1];
        }
    }
    __syncwarp();
    if (lane == 0) {
        *at<PARTS>(a, n, p, p) = app - t * size;
        *at<PARTS>(a, n, q, q) = aqq + t * size;
        for (int k = 0; k < PARTS; k++)
            at<PARTS>(a, n, p, q)[k] = at<PARTS>(a, n, q, p)[k] = 0;
    }
    __syncwarp();
}

static __device__ inline double warp_sum(double x)
{
    for (int step = 16; step > 0; step /= 2)
        x += __shfl_xor_sync(0xffffffffu, x, step);
    return x;
}

/* A warp a matrix. An entry below u ||A||_F / n counts as zero: all of them together are below u
 * ||A||, and an eigenvalue moves by no more. */
template <int PARTS>
__global__ void jacobi_kernel(const double *matrices, int64_t count, int n, double *values,
                              int32_t *info)
{
    __shared__ double a[PARTS * CT_EIGEN_SMALL * CT_EIGEN_SMALL];
    const int lane = (int)threadIdx.x;
    for (int64_t m = blockIdx.x; m < count; m += gridDim.x) {
        double norm = 0;
        for (int e = lane; e < n * n * PARTS; e += 32) {
            a[e] = matrices[m * n * n * PARTS + e];
            norm += a[e] * a[e];
        }
        const double small = HALF_ULP * sqrt(warp_sum(norm)) / n;
        bool rotated = true;
        __syncwarp();
        for (int sweep = 0; sweep < SWEEPS && rotated; sweep++) {
            rotated = false;
            for (int p = 0; p < n - 1; p++)
                for (int q = p + 1; q < n; q++) {
                    const double *h = at<PARTS>(a, n, p, q);
                    const double re = h[0], im = PARTS == 2 ? h[PARTS - 1] : 0;
                    const double app = *at<PARTS>(a, n, p, p), aqq = *at<PARTS>(a, n, q, q);
                    const double size = PARTS == 2 ? hypot(re, im) : fabs(re);
                    __syncwarp();
                    if (size > small) { /* the same for all lanes */
                        rotated = true;
                        rotate<PARTS>(a, n, p, q, app, aqq, re, im, size, lane);
                    }
                }
        }
        if (lane == 0)
            info[m] = rotated || !(small <= 1e300); /* NaN or overflow: nothing is known */
        if (lane < n) { /* ascending: each lane counts who comes before it */
            const double mine = *at<PARTS>(a, n, lane, lane);
            int place = 0;
            for (int k = 0; k < n; k++) {
                const double other = *at<PARTS>(a, n, k, k);
                place += other < mine || (other == mine && k < lane);
            }
            values[m * n + place] = mine;
        }
        __syncwarp();
    }
}

cudaError_t ct_launch_eigen_small(double *a, int64_t count, int n, int parts, double *values,
                                  int32_t *info, cudaStream_t stream)
{
    if (n < 1 || n > CT_EIGEN_SMALL)
        return cudaErrorInvalidValue;
    return parts == 2 ? CT_LAUNCH((jacobi_kernel<2>), ct_job_grid(count), dim3(32), 0, stream, a,
                                  count, n, values, info)
                      : CT_LAUNCH((jacobi_kernel<1>), ct_job_grid(count), dim3(32), 0, stream, a,
                                  count, n, values, info);
}

/* ---- bisection ---- */

/* Eigenvalues below x: negative pivots of the LDL^T factors of T - x. */
static __device__ inline int64_t count_below(const double *d, const double *e, int64_t n, double x,
                                             double tiny)
{
    double pivot = 1;
    int64_t below = 0;
    for (int64_t i = 0; i < n; i++) {
        pivot = d[i] - x - (i > 0 ? e[i - 1] * e[i - 1] / pivot : 0);
        if (fabs(pivot) < tiny)
            pivot = -tiny;
        below += pivot < 0;
    }
    return below;
}

/* A thread an eigenvalue: from Gershgorin's interval until its ends are neighbours. */
__global__ void bisect_kernel(const double *d, const double *e, int64_t n, double *values)
{
    double low = d[0], high = d[0], largest = 0;
    for (int64_t i = 0; i < n; i++) {
        const double left = i > 0 ? fabs(e[i - 1]) : 0, right = i + 1 < n ? fabs(e[i]) : 0;
        low = fmin(low, d[i] - left - right);
        high = fmax(high, d[i] + left + right);
        largest = fmax(largest, fmax(left, right));
    }
    const double size = fmax(fabs(low), fabs(high));
    const double tiny = fmax(0x1p-1020, 0x1p-1020 * largest * largest);
    low -= 4 * HALF_ULP * size + 2 * tiny;
    high += 4 * HALF_ULP * size + 2 * tiny;
    for (int64_t k = ct_thread(); k < n; k += ct_stride()) {
        double a = low, b = high;
        while (b - a > HALF_ULP * size) {
            const double middle = a + (b - a) / 2;
            if (middle <= a || middle >= b)
                break;
            if (count_below(d, e, n, middle, tiny) > k)
                b = middle;
            else
                a = middle;
        }
        values[k] = a + (b - a) / 2;
    }
}

cudaError_t ct_launch_bisect(const double *d, const double *e, int64_t n, double *values,
                             cudaStream_t stream)
{
    return CT_LAUNCH(bisect_kernel, ct_grid(n), dim3(CT_THREADS), 0, stream, d, e, n, values);
}
