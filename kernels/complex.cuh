/* SPDX-License-Identifier: Apache-2.0 */
/* Complex numbers, and the words in which a kernel is written for them and for doubles. */
#ifndef CT_COMPLEX_CUH
#define CT_COMPLEX_CUH

#include "launch.cuh"

struct __align__(16) ct_complex
{
    double re, im;
    ct_complex() = default;
    __host__ __device__ ct_complex(double real, double imaginary = 0) : re(real), im(imaginary)
    {
    }
};

/* Doubles of a number. */
template <class T> constexpr int ct_parts_of = (int)(sizeof(T) / sizeof(double));

static __device__ inline double conjugate(double x)
{
    return x;
}

static __device__ inline ct_complex conjugate(ct_complex x)
{
    return {x.re, -x.im};
}

static __device__ inline double real_of(double x)
{
    return x;
}

static __device__ inline double real_of(ct_complex x)
{
    return x.re;
}

static __device__ inline ct_complex operator-(ct_complex x)
{
    return {-x.re, -x.im};
}

static __device__ inline ct_complex operator+(ct_complex x, ct_complex y)
{
    return {x.re + y.re, x.im + y.im};
}

static __device__ inline ct_complex operator*(double x, ct_complex y)
{
    return {x * y.re, x * y.im};
}

/* x y + z */
static __device__ inline ct_complex fma(ct_complex x, ct_complex y, ct_complex z)
{
    return {fma(-x.im, y.im, fma(x.re, y.re, z.re)), fma(x.im, y.re, fma(x.re, y.im, z.im))};
}

static __device__ inline ct_complex fma(double x, ct_complex y, ct_complex z)
{
    return {fma(x, y.re, z.re), fma(x, y.im, z.im)};
}

static __device__ inline ct_complex operator*(ct_complex x, ct_complex y)
{
    return {fma(-x.im, y.im, x.re * y.re), fma(x.im, y.re, x.re * y.im)};
}

/* Re(conj(x) y) + z */
static __device__ inline double add_dot(double x, double y, double z)
{
    return fma(x, y, z);
}

static __device__ inline double add_dot(ct_complex x, ct_complex y, double z)
{
    return fma(x.im, y.im, fma(x.re, y.re, z));
}

/* The absolute value, or a double as it is: what an entry beside the diagonal of a tridiagonal matrix becomes. Squares below 2^-1022
 * vanish. */
static __device__ inline double beside(double x)
{
    return x;
}

static __device__ inline double beside(ct_complex x)
{
    return sqrt(add_dot(x, x, 0));
}

/* The parts of a number, at neighbouring places. */
static __device__ inline void give_parts(double *out, double x)
{
    out[0] = x;
}

static __device__ inline void give_parts(double *out, ct_complex x)
{
    out[0] = x.re;
    out[1] = x.im;
}

static __device__ inline void take_parts(double *x, const double *in)
{
    *x = in[0];
}

static __device__ inline void take_parts(ct_complex *x, const double *in)
{
    *x = {in[0], in[1]};
}

#endif
