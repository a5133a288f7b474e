/* SPDX-License-Identifier: Apache-2.0 */
/* cholesky.cu and factors.cu on Gram matrices of unit vectors, of full rank and not: L L^H and what is left are the matrix again within the bound that is
 * promised, pivots descend, it ends where it must; sums and W L against plain loops. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define JOBS 4 /* more than blocks along z where the kernels are small */
#define MOST 70
#define TERMS 100

typedef double complex number;

typedef struct matrix {
    int n, ld, parts, space; /* vectors of so many numbers */
    double noise;            /* on the vectors' numbers beyond the first two */
    number g[MOST][MOST];    /* the whole of it */
    /* from the device */
    double *a, weight[MOST], sums[MOST], diagonal[MOST];
    int32_t order[MOST], place[MOST];
    ct_cholesky_state state;
} matrix;

static matrix given[JOBS];

static void draw_matrix(matrix *m, uint64_t *random)
{
    number v[MOST][MOST];
    for (int i = 0; i < m->n; i++) {
        double square = 0;
        for (int k = 0; k < m->space; k++) {
            const double re = draw_unit(random) - 0.5, im = draw_unit(random) - 0.5;
            v[i][k] = (re + (m->parts == 2 ? im * I : 0)) * (k < 2 ? 1 : m->noise);
            square += creal(v[i][k] * conj(v[i][k]));
        }
        for (int k = 0; k < m->space; k++)
            v[i][k] /= sqrt(square);
        m->weight[i] = 1 + draw_unit(random);
    }
    for (int i = 0; i < m->n; i++)
        for (int j = 0; j <= i; j++) {
            number sum = 0;
            for (int k = 0; k < m->space; k++)
                sum += v[i][k] * conj(v[j][k]);
            m->g[i][j] = i == j ? creal(sum) : sum;
            m->g[j][i] = conj(m->g[i][j]);
        }
}

static size_t doubles(const matrix *m)
{
    return (size_t)(m->n * m->ld * m->parts);
}

static number entry(const matrix *m, int row, int column)
{
    const double *x = m->a + (column * m->ld + row) * m->parts;
    return x[0] + (m->parts == 2 ? x[1] * I : 0);
}

/* What is above the diagonal is not a number: nobody reads it. */
static double *lower(const matrix *m)
{
    double *a = malloc(doubles(m) * sizeof *a);
    ck_assert(a != NULL);
    for (size_t i = 0; i < doubles(m); i++)
        a[i] = NAN;
    for (int c = 0; c < m->n; c++)
        for (int r = c; r < m->n; r++) {
            double *x = a + (c * m->ld + r) * m->parts;
            x[0] = creal(m->g[r][c]);
            if (m->parts == 2)
                x[1] = cimag(m->g[r][c]);
        }
    return a;
}

/* The sums of the matrix in its own order, or of what is left. */
static void check_sums(const matrix *m, bool left)
{
    for (int c = 0; c < m->n; c++) {
        double sum = 0;
        for (int r = c; r < m->n && (!left || c >= m->state.rank); r++) {
            const int i = left ? m->order[r] : r, j = left ? m->order[c] : c;
            const number x = left ? entry(m, r, c) : m->g[r][c];
            sum += (r > c ? 2 : 1) * m->weight[i] * m->weight[j] *
                   (r > c ? creal(x * conj(x)) : creal(x) * creal(x));
        }
        ck_assert(fabs(m->sums[c] - sum) <= 1e-13 * sum);
        ck_assert(m->diagonal[c] == (left ? creal(entry(m, c, c)) : creal(m->g[c][c])));
    }
}

static void check_factor(const matrix *m)
{
    const int rank = (int)m->state.rank, full = m->n < m->space ? m->n : m->space;
    const double unit = (m->parts == 2 ? 2.83 : 1) * 0x1p-53;
    bool seen[MOST] = {false};
    for (int i = 0; i < m->n; i++) {
        ck_assert(m->order[i] >= 0 && m->order[i] < m->n && !seen[m->order[i]]);
        seen[m->order[i]] = true;
    }
    if (m->noise == 1)
        ck_assert_int_eq(rank, full);
    for (int k = 0; k < rank; k++) {
        const double pivot = creal(entry(m, k, k));
        ck_assert(pivot * pivot > m->state.least);
        ck_assert(k == 0 || pivot <= creal(entry(m, k - 1, k - 1)) * (1 + 1e-12));
    }
    for (int r = 0; r < m->n; r++)
        for (int c = 0; c <= r; c++) {
            number sum = c >= rank ? entry(m, r, c) : 0;
            for (int k = 0; k <= c && k < rank; k++)
                sum += entry(m, r, k) * conj(entry(m, c, k));
            const double apart = cabs(sum - m->g[m->order[r]][m->order[c]]);
            /* this sum rounds, too */
            ck_assert_msg(apart <= 2 * (rank + 2) * unit, "n = %d, rank %d, (%d, %d): %g", m->n,
                          rank, r, c, apart);
            if (r == c && c >= rank)
                ck_assert(creal(entry(m, c, c)) <= m->state.least + 2 * (rank + 2) * unit);
        }
}

/* Zeros above the diagonal, the inverse of the order. */
static void check_finish(const matrix *m)
{
    for (int i = 0; i < m->n; i++)
        ck_assert_int_eq(m->place[m->order[i]], i);
    for (int k = 0; k < m->state.rank; k++)
        for (int r = 0; r < k; r++)
            ck_assert(entry(m, r, k) == 0);
}

/* The second matrix's columns at the first one's rows. */
static void check_move(ct_cholesky_job job[JOBS], int parts)
{
    static double weight[TERMS], x[MOST * MOST * 2];
    static int32_t start[MOST + 1], from[TERMS];
    const matrix *to = &given[0], *source = &given[1];
    uint64_t random = 3;
    for (int t = 0; t < TERMS; t++) {
        weight[t] = draw_unit(&random);
        from[t] = (int32_t)draw_below(&random, (uint64_t)source->n);
    }
    for (int i = 0; i <= to->n; i++)
        start[i] = i * TERMS / to->n;
    void *d_weight = device_copy(weight, sizeof weight),
         *d_start = device_copy(start, sizeof start), *d_from = device_copy(from, sizeof from),
         *d_x = device_copy(NULL, sizeof x);
    const ct_move_job move = {.rank = source->state.rank,
                              .n_from = source->ld,
                              .n_to = to->n,
                              .l = job[1].a,
                              .weight = d_weight,
                              .start = d_start,
                              .from = d_from,
                              .place_from = job[1].place,
                              .order_to = job[0].order,
                              .x = d_x};
    void *d_move = device_copy(&move, sizeof move);
    ck_assert_int_eq(ct_launch_move(d_move, 1, MOST, parts, NULL), cudaSuccess);
    host_copy(x, d_x, sizeof x);
    for (int k = 0; k < source->state.rank; k++)
        for (int i = 0; i < to->n; i++) {
            number sum = 0;
            for (int t = start[to->order[i]]; t < start[to->order[i] + 1]; t++)
                sum += weight[t] * entry(source, source->place[from[t]], k);
            const double *found = x + (k * to->n + i) * parts;
            ck_assert(found[0] == creal(sum) && (parts == 1 || found[1] == cimag(sum)));
        }
    void *all[] = {d_weight, d_start, d_from, d_x, d_move};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        device_free(all[i]);
}

static void fetch_job(const ct_cholesky_job *job, const ct_squares_job *squares, matrix *m)
{
    host_copy(m->a, job->a, doubles(m) * sizeof *m->a);
    host_copy(m->order, job->order, (size_t)m->n * 4);
    host_copy(&m->state, job->state, sizeof m->state);
    host_copy(m->sums, squares->sums, (size_t)m->n * 8);
    host_copy(m->diagonal, squares->diagonal, (size_t)m->n * 8);
}

static void check_all(int parts)
{
    ct_cholesky_job job[JOBS];
    ct_squares_job squares[JOBS];
    for (int z = 0; z < JOBS; z++) {
        matrix *m = &given[z];
        const size_t n = (size_t)m->n;
        m->a = lower(m);
        job[z] = (ct_cholesky_job){.n = m->n,
                                   .ld = m->ld,
                                   .a = device_copy(m->a, doubles(m) * sizeof *m->a),
                                   .square = device_copy(NULL, n * 8),
                                   .order = device_copy(NULL, n * 4),
                                   .place = device_copy(NULL, n * 4),
                                   .state = device_copy(NULL, sizeof(ct_cholesky_state))};
        squares[z] = (ct_squares_job){.n = m->n,
                                      .ld = m->ld,
                                      .a = job[z].a,
                                      .weight = device_copy(m->weight, n * 8),
                                      .sums = device_copy(NULL, n * 8),
                                      .diagonal = device_copy(NULL, n * 8)};
    }
    void *jobs = device_copy(job, sizeof job), *before = device_copy(squares, sizeof squares);
    ck_assert_int_eq(ct_launch_squares(before, JOBS, MOST, parts, NULL), cudaSuccess);
    for (int z = 0; z < JOBS; z++) {
        host_copy(given[z].sums, squares[z].sums, (size_t)given[z].n * 8);
        host_copy(given[z].diagonal, squares[z].diagonal, (size_t)given[z].n * 8);
        check_sums(&given[z], false);
        squares[z].order = job[z].order;
        squares[z].state = job[z].state;
    }
    void *after = device_copy(squares, sizeof squares);
    ck_assert_int_eq(ct_launch_cholesky(jobs, JOBS, MOST, parts, NULL), cudaSuccess);
    ck_assert_int_eq(ct_launch_squares(after, JOBS, MOST, parts, NULL), cudaSuccess);
    for (int z = 0; z < JOBS; z++) {
        fetch_job(&job[z], &squares[z], &given[z]);
        check_factor(&given[z]);
        check_sums(&given[z], true);
    }
    ck_assert_int_eq(ct_launch_finish_factors(jobs, JOBS, MOST, parts, NULL), cudaSuccess);
    for (int z = 0; z < JOBS; z++) {
        host_copy(given[z].a, job[z].a, doubles(&given[z]) * sizeof *given[z].a);
        host_copy(given[z].place, job[z].place, (size_t)given[z].n * 4);
        check_finish(&given[z]);
    }
    check_move(job, parts);
    for (int z = 0; z < JOBS; z++) {
        void *all[] = {job[z].a,        job[z].square,      job[z].order,
                       job[z].place,    job[z].state,       (void *)(uintptr_t)squares[z].weight,
                       squares[z].sums, squares[z].diagonal};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            device_free(all[i]);
        free(given[z].a);
    }
    device_free(jobs);
    device_free(before);
    device_free(after);
}

START_TEST(factors)
{
    for (int parts = 1; parts <= 2; parts++) {
        const matrix sizes[JOBS] = {{.n = amount(MOST, 21), .space = MOST, .noise = 1},
                                    {.n = 17, .space = 6, .noise = 1}, /* ends inside a panel */
                                    {.n = 1, .space = 3, .noise = 1},
                                    {.n = amount(33, 20), .space = 12, .noise = 1e-7}};
        uint64_t random = 17;
        for (int z = 0; z < JOBS; z++) {
            given[z] = sizes[z];
            given[z].parts = parts;
            given[z].ld = given[z].n + z % 2;
            draw_matrix(&given[z], &random);
        }
        for (EVERY_ORDER(order))
            check_all(parts);
    }
}
END_TEST

START_TEST(refuses)
{
    ck_assert_int_eq(ct_launch_cholesky(NULL, 1, CT_CHOLESKY_ROWS + 1, 1, NULL),
                     cudaErrorInvalidValue);
}
END_TEST

CHECK_MAIN("kernel_cholesky", factors, refuses)
