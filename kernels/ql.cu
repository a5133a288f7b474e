/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of many symmetric tridiagonal matrices: QL without square roots (Pal, Walker and Kahan; LAPACK's dsterf), a
 * thread a matrix, number i of all matrices side by side, so that a warp reads them together. What needs too many
 * iterations is bisected. Every matrix is divided by a power of two, so that squares neither overflow nor vanish. */
#include "spectrum.cuh"

/* d, e and what QL makes of them, x and the squares y; each n x count. */
struct batch {
    const double *d, *e;
    double *x, *y;
    int32_t *state;
    int64_t count;
    int n;
};

enum { SOLVED, TO_BISECT, REFUSED };

/* The scale of matrix m; false: a number is not finite. */
static __device__ bool scale_of(const batch &b, int64_t m, int *shift)
{
    uint64_t largest = 0;
    for (int i = 0; i < b.n; i++)
        largest = max(largest, magnitude(b.d[i * b.count + m]));
    for (int i = 0; i + 1 < b.n; i++)
        largest = max(largest, magnitude(b.e[i * b.count + m]));
    *shift = largest < INFINITE ? exponent(largest) : 0;
    return largest < INFINITE;
}

/* One sweep from `end` down to l, numbers `stride` apart; y holds squares. c and s are those of the last rotation, squared. */
static __device__ void sweep(double *x, double *y, int64_t stride, int l, int end)
{
    const double root = sqrt(y[l * stride]),
                 half = (x[(l + 1) * stride] - x[l * stride]) / (2 * root),
                 far = sqrt(fma(half, half, 1.0));
    const double sigma = x[l * stride] - root / (half + (half < 0 ? -far : far));
    double c = 1, s = 0, gamma = x[end * stride] - sigma, p = gamma * gamma;
    double next_b = y[(end - 1) * stride], next_alpha = x[(end - 1) * stride];
    for (int i = end - 1; i >= l; i--) {
        const double b = next_b, alpha = next_alpha, r = p + b, old_c = c, old_gamma = gamma;
        if (i > l) { /* while this step divides */
            next_b = y[(i - 1) * stride];
            next_alpha = x[(i - 1) * stride];
        }
        if (i + 1 < end)
            y[(i + 1) * stride] = s * r;
        c = p / r;
        s = b / r;
        gamma = fma(c, alpha - sigma, -(s * old_gamma));
        x[(i + 1) * stride] = old_gamma + (alpha - gamma);
        p = c != 0 ? gamma * gamma / c : old_c * b;
    }
    y[l * stride] = s * p;
    x[l * stride] = sigma + gamma;
}

/* The first number at l or behind it whose coupling to the next one is negligible. */
static __device__ int end_of_block(const double *x, double *y, int64_t stride, int l, int n)
{
    for (int end = l; end < n - 1; end++)
        if (y[end * stride] <=
            HALF_ULP * HALF_ULP * fabs(x[end * stride] * x[(end + 1) * stride])) {
            y[end * stride] = 0;
            return end;
        }
    return n - 1;
}

/* At most so many sweeps; false: they were not enough. */
static __device__ bool iterate(double *x, double *y, int64_t stride, int n, int sweeps)
{
    for (int l = 0; l < n; l++)
        for (;;) {
            const int end = end_of_block(x, y, stride, l, n);
            if (end == l)
                break;
            if (sweeps-- == 0)
                return false;
            sweep(x, y, stride, l, end);
        }
    return true;
}

__global__ void ql_kernel(batch b, int sweeps)
{
    for (int64_t m = ct_thread(); m < b.count; m += ct_stride()) {
        double *x = b.x + m, *y = b.y + m;
        int shift;
        if (!scale_of(b, m, &shift)) {
            b.state[m] = REFUSED;
            continue;
        }
        const double by = ldexp(1.0, -shift), back = ldexp(1.0, shift);
        for (int i = 0; i < b.n; i++) {
            x[i * b.count] = by * b.d[i * b.count + m];
            const double e = i + 1 < b.n ? by * b.e[i * b.count + m] : 0;
            y[i * b.count] = e * e;
        }
        bool good = iterate(x, y, b.count, b.n, sweeps), fits = true;
        for (int i = 0; i < b.n; i++) {
            const double value = x[i * b.count] * back;
            good = good && magnitude(x[i * b.count]) < INFINITE;
            fits = fits && magnitude(value) < INFINITE;
            x[i * b.count] = value;
        }
        b.state[m] = !good ? TO_BISECT : fits ? SOLVED : REFUSED;
    }
}

/* Eigenvalue k: from Gershgorin's interval until its ends are neighbours. */
static __device__ double bisected(const batch &b, int64_t m, int k)
{
    double low, high;
    int shift;
    (void)scale_of(b, m, &shift);
    const double *d = b.d + m, *e = b.e + m, scale = ldexp(1.0, -shift);
    enclose(d, e, b.n, b.count, scale, &low, &high);
    const double size = fmax(fabs(low), fabs(high));
    while (high - low > HALF_ULP * size) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (count_below(d, e, b.n, b.count, scale, middle) > k)
            high = middle;
        else
            low = middle;
    }
    return ldexp(low + (high - low) / 2, shift);
}

/* A thread a number: ascending, each counts who comes before it. */
__global__ void order_kernel(batch b, double *values, int32_t *info)
{
    for (int64_t t = ct_thread(); t < b.count * b.n; t += ct_stride()) {
        const int64_t m = t % b.count;
        const int i = (int)(t / b.count), state = b.state[m];
        double value = state == SOLVED      ? b.x[t]
                       : state == TO_BISECT ? bisected(b, m, i)
                                            : no_number();
        int place = state == SOLVED ? 0 : i;
        for (int k = 0; k < b.n && state == SOLVED; k++) {
            const double other = b.x[k * b.count + m];
            place += other < value || (other == value && k < i);
        }
        values[m * b.n + place] = value;
        if (i == 0)
            info[m] = state == REFUSED;
    }
}

size_t ct_ql_bytes(int64_t count, int n)
{
    return (size_t)count * (2 * sizeof(double) * (size_t)n + sizeof(int32_t));
}

cudaError_t ct_launch_ql(const double *d, const double *e, int64_t count, int n, int sweeps,
                         void *work, double *values, int32_t *info, cudaStream_t stream)
{
    double *x = static_cast<double *>(work), *y = x + count * n;
    const batch b = {d, e, x, y, reinterpret_cast<int32_t *>(y + count * n), count, n};
    const cudaError_t error =
        CT_LAUNCH(ql_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, b, sweeps);
    return error == cudaSuccess ? CT_LAUNCH(order_kernel, ct_grid(count * n), dim3(CT_THREADS), 0,
                                            stream, b, values, info)
                                : error;
}
