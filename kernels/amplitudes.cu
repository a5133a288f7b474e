/* SPDX-License-Identifier: Apache-2.0 */
/* Amplitudes over all images. Every value has the bits of the CPU's evaluator: the same additions
 * and products in the same order, none of them fused (--fmad=false), no function of a library. `+
 * 0.0` turns -0.0 into 0.0, so that equal rows have equal bits.
 *
 * Images are taken in blocks of 2^low that agree in all pixels but the first `low` ones (at most
 * CT_LOW_IMAGES); a thread block serves one of them at a time where tables over the low pixels
 * serve a whole block. */
#include "device.cuh"

#include "base/exp.h"

/* ---- Ising ---- */

__global__ void ising_kernel(const __grid_constant__ ct_device_ising d, int64_t first,
                             int64_t count, double *out)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const uint64_t image = (uint64_t)(first + i);
        int unequal = 0;
        for (int b = 0; b < d.distances; b++)
            unequal += ct_popcount((image ^ image >> d.distance[b]) & d.starts[b]);
        out[i] = d.value[unequal * (d.pixels + 1) + ct_popcount(image)] + 0.0;
    }
}

cudaError_t ct_launch_ising(const ct_device_ising *d, int64_t first, int64_t count, double *out,
                            cudaStream_t stream)
{
    return CT_LAUNCH(ising_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, *d, first, count,
                     out);
}

/* ---- logistic regression ---- */

__global__ void logistic_kernel(const __grid_constant__ ct_device_logistic d, int64_t first,
                                int64_t count, double *out)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const uint64_t image = (uint64_t)(first + i);
        double high = d.bias;
        for (int p = d.low; p < d.pixels; p++)
            if (image >> p & 1)
                high += d.weight[p];
        const double score = high + d.low_sum[image & ((UINT64_C(1) << d.low) - 1)];
        out[i] = (d.sigmoid ? 1.0 / (1.0 + ct_exp(-score)) : ct_exp(score)) + 0.0;
    }
}

cudaError_t ct_launch_logistic(const ct_device_logistic *d, int64_t first, int64_t count,
                               double *out, cudaStream_t stream)
{
    return CT_LAUNCH(logistic_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, *d, first, count,
                     out);
}

/* ---- matrix product states ---- */

static __device__ inline int bond_at(const ct_device_mps &d, int i)
{
    return i == 0 || i == d.pixels ? 1 : d.chi;
}

/* One step of the right vector, now[a] = sum_b A[s](a, b) before[b]: a thread an a. */
template <int PARTS>
static __device__ void contract(const ct_device_mps &d, int pixel, int s, const double *before,
                                double *now)
{
    const double *m = d.tensor + (int64_t)(2 * pixel + s) * ((int64_t)d.chi * d.chi * PARTS);
    const int columns = bond_at(d, pixel + 1);
    for (int a = (int)threadIdx.x; a < bond_at(d, pixel); a += CT_THREADS) {
        const double *row = m + (int64_t)a * d.chi * PARTS;
        double re = 0, im = 0;
        for (int b = 0; b < columns; b++) {
            if (PARTS == 1) {
                re += row[b] * before[b];
            } else {
                re += row[2 * b] * before[2 * b] - row[2 * b + 1] * before[2 * b + 1];
                im += row[2 * b] * before[2 * b + 1] + row[2 * b + 1] * before[2 * b];
            }
        }
        now[PARTS * a] = re;
        if (PARTS == 2)
            now[PARTS * a + 1] = im;
    }
}

template <int PARTS>
__global__ void mps_kernel(const __grid_constant__ ct_device_mps d, int64_t first, int64_t blocks,
                           double *out)
{
    __shared__ double vector[2][2 * CT_DEVICE_MPS_CHI];
    const int t = (int)threadIdx.x, images = 1 << d.low, dimension = bond_at(d, d.low);
    for (int64_t block = blockIdx.x; block < blocks; block += gridDim.x) {
        const uint64_t image = (uint64_t)first + ((uint64_t)block << d.low);
        int now = 0;
        if (t == 0) {
            vector[0][0] = 1;
            vector[0][1] = 0;
        }
        __syncthreads();
        for (int i = d.pixels - 1; i >= d.low; i--, now ^= 1) {
            contract<PARTS>(d, i, (int)(image >> i & 1), vector[now], vector[now ^ 1]);
            __syncthreads();
        }
        const double *right = vector[now];
        for (int k = t; k < images; k += CT_THREADS) {
            double *value = out + PARTS * ((block << d.low) + k);
            double re = 0, im = 0;
            for (int b = 0; b < dimension; b++) {
                const double *left = d.left + (int64_t)(PARTS * b) * CT_DEVICE_LOW_IMAGES + k;
                if (PARTS == 1) {
                    re += left[0] * right[b];
                } else {
                    const double lr = left[0], li = left[CT_DEVICE_LOW_IMAGES];
                    re += lr * right[2 * b] - li * right[2 * b + 1];
                    im += lr * right[2 * b + 1] + li * right[2 * b];
                }
            }
            value[0] = re + 0.0;
            if (PARTS == 2)
                value[PARTS - 1] = im + 0.0;
        }
        __syncthreads();
    }
}

cudaError_t ct_launch_mps(const ct_device_mps *d, int64_t first, int64_t count, double *out,
                          cudaStream_t stream)
{
    const int64_t blocks = count >> d->low;
    return d->parts == 2 ? CT_LAUNCH((mps_kernel<2>), ct_job_grid(blocks), dim3(CT_THREADS), 0,
                                     stream, *d, first, blocks, out)
                         : CT_LAUNCH((mps_kernel<1>), ct_job_grid(blocks), dim3(CT_THREADS), 0,
                                     stream, *d, first, blocks, out);
}

/* ---- restricted Boltzmann machines ---- */

__global__ void rbm_real_kernel(const __grid_constant__ ct_device_rbm d, int64_t count, double *out)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const double *low = d.factor[0] + (i & ((INT64_C(1) << d.low) - 1));
        const double *high = d.high + (i >> d.low) * d.terms;
        double value = low[0] * high[0];
        for (int t = 1; t < d.terms; t += 2) {
            const double *plus = low + (int64_t)t * CT_DEVICE_LOW_IMAGES;
            value *= plus[0] * high[t] + plus[CT_DEVICE_LOW_IMAGES] * high[t + 1];
        }
        out[i] = value + 0.0;
    }
}

__global__ void rbm_complex_kernel(const __grid_constant__ ct_device_rbm d, int64_t count,
                                   double *out)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const int64_t at = i & ((INT64_C(1) << d.low) - 1);
        const double *low_re = d.factor[0] + at, *low_im = d.factor[1] + at;
        const double *high_re = d.high + (i >> d.low) * 2 * d.terms, *high_im = high_re + d.terms;
        double re = low_re[0] * high_re[0] - low_im[0] * high_im[0];
        double im = low_re[0] * high_im[0] + low_im[0] * high_re[0];
        for (int t = 1; t < d.terms; t += 2) {
            const int64_t plus = (int64_t)t * CT_DEVICE_LOW_IMAGES,
                          minus = plus + CT_DEVICE_LOW_IMAGES;
            const double ar = low_re[plus], ai = low_im[plus], br = low_re[minus],
                         bi = low_im[minus];
            const double pr = high_re[t], pi = high_im[t], mr = high_re[t + 1], mi = high_im[t + 1];
            const double cr = (ar * pr - ai * pi) + (br * mr - bi * mi),
                         ci = (ar * pi + ai * pr) + (br * mi + bi * mr);
            const double old = re;
            re = old * cr - im * ci;
            im = old * ci + im * cr;
        }
        out[2 * i] = re + 0.0;
        out[2 * i + 1] = im + 0.0;
    }
}

cudaError_t ct_launch_rbm(const ct_device_rbm *d, int64_t count, double *out, cudaStream_t stream)
{
    return d->parts == 2 ? CT_LAUNCH(rbm_complex_kernel, ct_grid(count), dim3(CT_THREADS), 0,
                                     stream, *d, count, out)
                         : CT_LAUNCH(rbm_real_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream,
                                     *d, count, out);
}

/* ---- networks: a layer a launch, values as [channel][position][image] ---- */

__global__ void spins_kernel(int pixels, int64_t first, int64_t count, double *out)
{
    for (int64_t e = ct_thread(); e < pixels * count; e += ct_stride())
        out[e] = (uint64_t)(first + e % count) >> (e / count) & 1 ? 1.0 : -1.0;
}

cudaError_t ct_launch_spins(int pixels, int64_t first, int64_t count, double *out,
                            cudaStream_t stream)
{
    return CT_LAUNCH(spins_kernel, ct_grid(pixels * count), dim3(CT_THREADS), 0, stream, pixels,
                     first, count, out);
}

static __device__ inline double activated(int rule, double z)
{
    if (rule == CT_RULE_RELU)
        return z > 0 ? z : 0;
    return rule == CT_RULE_QUADRATIC ? z * z : z;
}

/* One output channel and position of one image. */
static __device__ inline double linear_at(const ct_device_layer &d, int o, int p, int64_t image,
                                          int64_t count, const double *x)
{
    double z = d.bias[o];
    for (int c = 0; c < d.inputs; c++) {
        const double *weight = d.weight + (int64_t)(o * d.inputs + c) * d.taps;
        const double *channel = x + (int64_t)c * d.in_positions * count + image;
        for (int e = d.start[p]; e < d.start[p + 1]; e++)
            z += weight[d.tap[e]] * channel[d.from[e] * count];
    }
    return activated(d.rule, z);
}

static __device__ inline double pooled_at(const ct_device_layer &d, int c, int p, int64_t image,
                                          int64_t count, const double *x)
{
    const double *channel = x + (int64_t)c * d.in_positions * count + image;
    const int begin = d.start[p], end = d.start[p + 1];
    double pooled = channel[d.from[begin] * count];
    for (int e = begin + 1; e < end; e++) {
        const double next = channel[d.from[e] * count];
        pooled = d.rule == CT_RULE_MAX    ? (pooled > next ? pooled : next)
                 : d.rule == CT_RULE_MEAN ? pooled + next
                                          : pooled * next;
    }
    return d.rule == CT_RULE_MEAN ? pooled / (end - begin) : pooled;
}

__global__ void layer_kernel(const __grid_constant__ ct_device_layer d, int64_t count,
                             const double *x, double *y)
{
    for (int64_t e = ct_thread(); e < (int64_t)d.outputs * d.positions * count; e += ct_stride()) {
        const int64_t image = e % count, place = e / count;
        const int o = (int)(place / d.positions), p = (int)(place % d.positions);
        const double value =
            d.taps ? linear_at(d, o, p, image, count, x) : pooled_at(d, o, p, image, count, x);
        y[e] = d.last ? value + 0.0 : value;
    }
}

cudaError_t ct_launch_layer(const ct_device_layer *d, int64_t count, const double *x, double *y,
                            cudaStream_t stream)
{
    return CT_LAUNCH(layer_kernel, ct_grid((int64_t)d->outputs * d->positions * count),
                     dim3(CT_THREADS), 0, stream, *d, count, x, y);
}
