/* SPDX-License-Identifier: Apache-2.0 */
#include "wide.h"

#include <math.h>
#include <stdlib.h>

static uint64_t deposit(uint64_t value, uint64_t mask)
{
    uint64_t out = 0;
    for (int bit = 0, k = 0; bit < 64; bit++)
        if (mask >> bit & 1)
            out |= (value >> k++ & 1) << bit;
    return out;
}

static void *room(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p)
        abort();
    return p;
}

/* Rows of the smaller side; a complex row (re, im) becomes the two real ones (re, -im) and (im, re). */
static quad *cut_matrix(const wide_function *f, uint64_t mask, size_t rows, size_t columns)
{
    const int parts = f->parts;
    const uint64_t all = (UINT64_C(1) << f->pixels) - 1;
    const size_t width = columns * (size_t)parts;
    quad *m = room(rows * (size_t)parts * width, sizeof *m);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            const uint64_t image = deposit(r, mask) | deposit(c, all & ~mask);
            const double *value = f->values + (size_t)parts * image;
            m[(size_t)parts * r * width + c] = value[0];
            if (parts == 2) {
                m[2 * r * width + columns + c] = -(quad)value[1];
                m[(2 * r + 1) * width + c] = value[1];
                m[(2 * r + 1) * width + columns + c] = value[0];
            }
        }
    return m;
}

static quad dot(const quad *x, const quad *y, size_t n)
{
    quad sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Makes rows i and j orthogonal; returns whether they were not. */
static int rotate(quad *x, quad *y, size_t n)
{
    const quad a = dot(x, x, n), b = dot(y, y, n), c = dot(x, y, n);
    if (c * c <= a * b * QUAD_UNIT * QUAD_UNIT || c == 0)
        return 0;
    const quad zeta = (b - a) / (2 * c);
    const quad size = quad_abs(zeta) +
                      (quad_abs(zeta) < (quad)1e60 ? quad_sqrt(1 + zeta * zeta) : quad_abs(zeta));
    const quad t = (zeta < 0 ? -1 : 1) / size;
    const quad cosine = 1 / quad_sqrt(1 + t * t), sine = cosine * t;
    for (size_t i = 0; i < n; i++) {
        const quad keep = x[i];
        x[i] = cosine * keep - sine * y[i];
        y[i] = sine * keep + cosine * y[i];
    }
    return 1;
}

static int descending(const void *a, const void *b)
{
    const quad x = *(const quad *)a, y = *(const quad *)b;
    return (x < y) - (x > y);
}

void wide_solve(const wide_function *f, uint64_t mask, wide_spectrum *out)
{
    const uint64_t all = (UINT64_C(1) << f->pixels) - 1;
    int na = __builtin_popcountll(mask);
    if (2 * na > f->pixels) {
        mask = all & ~mask;
        na = f->pixels - na;
    }
    const size_t rows = (size_t)1 << na, columns = (size_t)1 << (f->pixels - na);
    const size_t n = rows * (size_t)f->parts, width = columns * (size_t)f->parts;
    quad *m = cut_matrix(f, mask, rows, columns), *s = room(n, sizeof *s);
    int sweeps = 0;
    for (int again = 1; again && sweeps < 60; sweeps++) {
        again = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                again |= rotate(m + i * width, m + j * width, width);
    }
    quad norm = 0;
    for (size_t i = 0; i < n; i++)
        norm += dot(m + i * width, m + i * width, width);
    for (size_t i = 0; i < n; i++)
        s[i] = quad_sqrt(dot(m + i * width, m + i * width, width) * f->parts / norm);
    qsort(s, n, sizeof *s, descending);
    for (size_t i = 0; i < rows; i++) /* every value of a complex matrix stands twice */
        s[i] = s[(size_t)f->parts * i];
    free(m);
    /* each rotation rounds a row by a few units of its norm */
    *out = (wide_spectrum){.count = rows,
                           .schmidt = s,
                           .slip = 16 * (quad)(sweeps + 4) * (quad)width * QUAD_UNIT * s[0]};
}

void wide_free(wide_spectrum *s)
{
    free(s->schmidt);
    *s = (wide_spectrum){0};
}

static quad low(const wide_spectrum *s, size_t k)
{
    return s->schmidt[k] > s->slip ? s->schmidt[k] - s->slip : 0;
}

static quad high(const wide_spectrum *s, size_t k)
{
    const quad top = s->schmidt[k] + s->slip;
    return top < 1 ? top : 1;
}

wide_ball wide_level(const wide_spectrum *s, size_t k)
{
    if (k >= s->count)
        return (wide_ball){0, 0};
    return (wide_ball){low(s, k) * low(s, k), high(s, k) * high(s, k)};
}

wide_ball wide_tail(const wide_spectrum *s, size_t k)
{
    wide_ball sum = {0, 0};
    for (; k < s->count; k++) {
        const wide_ball p = wide_level(s, k);
        sum.low += p.low;
        sum.high += p.high;
    }
    return sum;
}

wide_ball wide_moment(const wide_spectrum *s, double power)
{
    wide_ball sum = {0, 0};
    for (size_t k = 0; k < s->count; k++) {
        sum.low += quad_pow(low(s, k), 2 * (quad)power);
        sum.high += quad_pow(high(s, k), 2 * (quad)power);
    }
    return sum;
}

/* -x log2 x rises up to 1/e and falls beyond. */
static wide_ball eta(wide_ball p)
{
    const quad a = p.low > 0 ? -p.low * quad_log2(p.low) : 0,
               b = p.high > 0 ? -p.high * quad_log2(p.high) : 0;
    const quad top = (quad)1.4426950408889634 / (quad)2.7182818284590452 + (quad)1e-15,
               turn = 1 / (quad)2.7182818284590452;
    wide_ball out = {a < b ? a : b, a < b ? b : a};
    if (p.low < turn && p.high > turn)
        out.high = top;
    return out;
}

wide_ball wide_renyi(const wide_spectrum *s, double alpha)
{
    wide_ball sum = {0, 0};
    if (isinf(alpha)) {
        const wide_ball p = wide_level(s, 0);
        return (wide_ball){-quad_log2(p.high), -quad_log2(p.low)};
    }
    if (alpha == 1) {
        for (size_t k = 0; k < s->count; k++) {
            const wide_ball term = eta(wide_level(s, k));
            sum.low += term.low;
            sum.high += term.high;
        }
        return sum;
    }
    sum = wide_moment(s, alpha);
    const quad a = quad_log2(sum.low) / (1 - (quad)alpha),
               b = quad_log2(sum.high) / (1 - (quad)alpha);
    const quad rounding = (quad)1e-30 / quad_abs(1 - (quad)alpha);
    return (wide_ball){(a < b ? a : b) - rounding, (a < b ? b : a) + rounding};
}

void wide_rank(const wide_spectrum *s, double eps, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (size_t k = 0; k < s->count; k++) {
        *least += low(s, k) > (quad)eps * high(s, 0);
        *most += high(s, k) > (quad)eps * low(s, 0);
    }
}
