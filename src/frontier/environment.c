/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds: docs/theorems.md, theorem 21. */
#include "frontier/environment.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/parallel.h"

#define GRAIN 8                /* rows that a thread takes */
#define TILE 32                /* rows and columns that are mirrored at a time */
#define COMPLEX_ROUNDINGS 2.83 /* 2 sqrt(2): an operation with complex numbers, in units of u */
#define SECOND_ORDER 1.01      /* what terms of second order add */
#define KEPT_EXPONENT 64       /* numbers stay within 2^+- this */

void ct_environment_free(ct_environment *e)
{
    ct_free(e->number);
    ct_free(e->spread);
    *e = (ct_environment){0};
}

cutropy_status ct_environment_start(bool diagonal, bool is_complex, ct_environment *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_environment){.n = 1, .diagonal = diagonal, .norm = 1};
    CT_NEW_ZERO(out->number, is_complex ? 2 : 1);
    out->number[0] = 1;
done:
    return status;
}

/* ---- diagonal ones ---- */

static cutropy_status step_diagonal(const ct_weighted *w, int k, bool rightwards, ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_site *site = &w->site[k];
    const size_t parts = w->is_complex ? 2 : 1;
    const int32_t n = w->bond[k + rightwards], before = w->bond[k];
    double *next = NULL;
    int32_t *come = NULL, most = 1;
    CT_NEW_ZERO(next, n);
    CT_NEW_ZERO(come, n);
    for (int64_t row = 0; row < 2 * (int64_t)before; row++)
        for (int64_t at = site->start[row]; at < site->start[row + 1]; at++) {
            const int32_t from = (int32_t)(row % before), to = site->state[at];
            const double *v = site->value + parts * (size_t)at;
            const double square = parts == 2 ? v[0] * v[0] + v[1] * v[1] : v[0] * v[0];
            next[rightwards ? to : from] += square * e->number[rightwards ? from : to];
            if (++come[rightwards ? to : from] > most)
                most = come[rightwards ? to : from];
        }
    ct_free(e->number);
    e->number = next;
    next = NULL;
    e->n = n;
    e->error += SECOND_ORDER * (2 * w->error + (double)parts + most);
done:
    ct_free(next);
    ct_free(come);
    return status;
}

/* ---- B M B^H, summed over both bits ---- */

typedef struct ct_congruence {
    bool is_complex;
    int32_t rows, columns; /* of B, for either bit */
    const ct_weighted_site *b;
    const double *m; /* columns x columns */
    double *out;     /* rows x rows */
    double *line;    /* columns numbers a thread */
} ct_congruence;

/* line = row of B times M. */
static void multiply_row(const ct_congruence *c, int64_t row, double *line)
{
    const size_t parts = c->is_complex ? 2 : 1, numbers = parts * (size_t)c->columns;
    memset(line, 0, numbers * sizeof *line);
    for (int64_t at = c->b->start[row]; at < c->b->start[row + 1]; at++) {
        const double *v = c->b->value + parts * (size_t)at;
        const double *m = c->m + numbers * (size_t)c->b->state[at];
        for (size_t i = 0; i < numbers && parts == 1; i++)
            line[i] += v[0] * m[i];
        for (size_t i = 0; i < numbers && parts == 2; i += 2) {
            line[i] += v[0] * m[i] - v[1] * m[i + 1];
            line[i + 1] += v[0] * m[i + 1] + v[1] * m[i];
        }
    }
}

/* out[j] += line times the conjugate of row j, from row i on. */
static void add_products(const ct_congruence *c, int x, int64_t i, const double *line, double *out)
{
    const ct_weighted_site *b = c->b;
    const int64_t *start = b->start + (int64_t)x * c->rows;
    for (int64_t j = i; j < c->rows && !c->is_complex; j++)
        for (int64_t at = start[j]; at < start[j + 1]; at++)
            out[j] += line[b->state[at]] * b->value[at];
    for (int64_t j = i; j < c->rows && c->is_complex; j++)
        for (int64_t at = start[j]; at < start[j + 1]; at++) {
            const double *l = line + 2 * (size_t)b->state[at], *v = b->value + 2 * at;
            out[2 * j] += l[0] * v[0] + l[1] * v[1];
            out[2 * j + 1] += l[1] * v[0] - l[0] * v[1];
        }
}

/* Row i of B, summed over bits: (sum |b| sqrt(M_aa))^2 and sum |b|^2. */
static void spread_of(const ct_congruence *c, int64_t i, double *weighted, double *plain)
{
    const size_t parts = c->is_complex ? 2 : 1, next = parts * ((size_t)c->columns + 1);
    *weighted = *plain = 0;
    for (int x = 0; x < 2; x++) {
        const int64_t row = (int64_t)x * c->rows + i;
        double one = 0;
        for (int64_t at = c->b->start[row]; at < c->b->start[row + 1]; at++) {
            const double *v = c->b->value + parts * (size_t)at;
            const double size = parts == 2 ? hypot(v[0], v[1]) : fabs(v[0]);
            one += size * sqrt(fabs(c->m[next * (size_t)c->b->state[at]]));
            *plain += size * size;
        }
        *weighted += one * one;
    }
}

/* Two bounds hold for all rows: |M_ab| <= sqrt(M_aa M_bb), or the norm of M. The one with the smaller sum is taken. */
static void find_spread(const ct_congruence *c, double norm, double *spread)
{
    double sum[2] = {0, 0}, weighted, plain;
    for (int64_t i = 0; i < c->rows; i++) {
        spread_of(c, i, &weighted, &plain);
        sum[0] += weighted;
        sum[1] += norm * plain;
    }
    for (int64_t i = 0; i < c->rows; i++) {
        spread_of(c, i, &weighted, &plain);
        spread[i] = sum[0] <= sum[1] ? weighted : norm * plain;
    }
}

static void congruence_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_congruence *c = context;
    const size_t parts = c->is_complex ? 2 : 1;
    double *line = c->line + parts * (size_t)c->columns * (size_t)thread;
    for (int64_t i = (int64_t)first; i < (int64_t)last; i++) {
        double *out = c->out + parts * (size_t)i * (size_t)c->rows;
        memset(out + parts * (size_t)i, 0, parts * (size_t)(c->rows - i) * sizeof *out);
        for (int x = 0; x < 2; x++) {
            const int64_t row = (int64_t)x * c->rows + i;
            if (c->b->start[row] == c->b->start[row + 1])
                continue;
            multiply_row(c, row, line);
            add_products(c, x, i, line, out);
        }
    }
}

/* The lower triangle from the upper one. */
static void mirror_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_congruence *c = context;
    const size_t parts = c->is_complex ? 2 : 1, n = (size_t)c->rows;
    (void)thread;
    for (size_t i0 = first * TILE; i0 < last * TILE; i0 += TILE)
        for (size_t j0 = 0; j0 <= i0; j0 += TILE)
            for (size_t i = i0; i < i0 + TILE && i < n; i++)
                for (size_t j = j0; j < j0 + TILE && j < i; j++) {
                    const double *from = c->out + parts * (j * n + i);
                    double *to = c->out + parts * (i * n + j);
                    to[0] = from[0];
                    if (parts == 2)
                        to[1] = -from[1];
                }
}

/* A^H of a site, as rows of its columns. */
static cutropy_status transpose(const ct_weighted *w, int k, ct_weighted_site *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_site *site = &w->site[k];
    const size_t parts = w->is_complex ? 2 : 1;
    const int64_t n = w->bond[k], rows = w->bond[k + 1], numbers = site->start[2 * n];
    CT_NEW_ZERO(out->start, 2 * rows + 2);
    CT_NEW(out->state, numbers);
    CT_NEW(out->value, numbers * (int64_t)parts);
    for (int64_t row = 0; row < 2 * n; row++)
        for (int64_t at = site->start[row]; at < site->start[row + 1]; at++)
            out->start[row / n * rows + site->state[at] + 2]++;
    for (int64_t row = 1; row <= 2 * rows; row++)
        out->start[row + 1] += out->start[row];
    for (int64_t row = 0; row < 2 * n; row++)
        for (int64_t at = site->start[row]; at < site->start[row + 1]; at++) {
            const int64_t to = out->start[row / n * rows + site->state[at] + 1]++;
            out->state[to] = (int32_t)(row % n);
            for (size_t c = 0; c < parts; c++)
                out->value[parts * (size_t)to + c] =
                    (c ? -1 : 1) * site->value[parts * (size_t)at + c];
        }
done:
    return status;
}

/* Numbers in a row, of the longer one of both bits: the root of their mean square, and the most; at least 1. */
static void row_lengths(const ct_congruence *c, double *mean, double *most)
{
    double sum = 0;
    *most = 1;
    for (int64_t i = 0; i < c->rows; i++) {
        const int64_t *start = c->b->start + i, *other = start + c->rows;
        const double m = fmax((double)(start[1] - start[0]), (double)(other[1] - other[0]));
        sum += m * m;
        *most = fmax(*most, m);
    }
    *mean = fmax(1, sqrt(sum / c->rows));
}

static cutropy_status step_matrix(const ct_weighted *w, int k, bool rightwards, int threads,
                                  ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = w->is_complex ? 2 : 1;
    ct_weighted_site turned = {0};
    ct_congruence c = {.is_complex = w->is_complex,
                       .rows = w->bond[k + rightwards],
                       .columns = e->n,
                       .b = rightwards ? &turned : &w->site[k],
                       .m = e->number};
    const size_t rows = (size_t)c.rows;
    const double each = w->is_complex ? COMPLEX_ROUNDINGS : 1;
    double mean, most, *spread = NULL;
    if (rightwards)
        CT_TRY(transpose(w, k, &turned));
    CT_NEW(c.out, rows * rows * parts);
    CT_NEW(c.line, parts * (size_t)c.columns * (size_t)threads);
    CT_NEW(spread, rows);
    ct_parallel_for(threads, rows, GRAIN, congruence_rows, &c);
    ct_parallel_for(threads, (rows + TILE - 1) / TILE, 1, mirror_rows, &c);
    find_spread(&c, e->norm, spread);
    row_lengths(&c, &mean, &most);
    /* m_i + 2 m_j roundings above the diagonal, mirrored below it: 2 m_i + 2 m_j at most */
    e->rounding = SECOND_ORDER * ((w->single ? 3 : 4 * mean) * each + 2 * w->error);
    e->longest = SECOND_ORDER * (3 * most * each + 2 * w->error);
    ct_free(e->number);
    ct_free(e->spread);
    e->number = c.out;
    e->spread = spread;
    e->n = c.rows;
    c.out = spread = NULL;
done:
    ct_free(turned.start);
    ct_free(turned.state);
    ct_free(turned.value);
    ct_free(c.out);
    ct_free(spread);
    ct_free(c.line);
    return status;
}

/* ---- together ---- */

/* Powers of two, so that nothing rounds; numbers below 2^-1000 of the largest may be lost. */
static cutropy_status rescale(const ct_weighted *w, ct_environment *e)
{
    const size_t n = (size_t)e->n, parts = w->is_complex ? 2 : 1;
    double largest = 0;
    for (int32_t i = 0; i < e->n; i++)
        largest = fmax(largest, ct_environment_at(e, w->is_complex, i));
    if (!(largest > 0 && largest <= DBL_MAX))
        return ct_fail(CUTROPY_EINPUT, "f is 0 for every image, or outside the range of doubles");
    const int exponent = ilogb(largest);
    if (exponent <= KEPT_EXPONENT && exponent >= -KEPT_EXPONENT)
        return CUTROPY_OK;
    const double scale = ldexp(1, -exponent);
    for (size_t i = 0; i < (e->diagonal ? n : n * n * parts); i++)
        e->number[i] *= scale;
    for (size_t i = 0; i < n && !e->diagonal; i++)
        e->spread[i] *= scale;
    e->exponent += exponent;
    return CUTROPY_OK;
}

static void find_norm(const ct_weighted *w, ct_environment *e)
{
    const size_t numbers = (size_t)e->n * (size_t)e->n * (w->is_complex ? 2 : 1);
    double sum = 0;
    for (size_t i = 0; i < numbers; i++)
        sum += e->number[i] * e->number[i];
    e->norm = SECOND_ORDER * sqrt(sum);
}

cutropy_status ct_environment_step(const ct_weighted *w, int k, bool rightwards, int threads,
                                   ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(e->diagonal ? step_diagonal(w, k, rightwards, e)
                       : step_matrix(w, k, rightwards, threads, e));
    CT_TRY(rescale(w, e));
    if (!e->diagonal)
        find_norm(w, e);
done:
    return status;
}
