/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/weighted_strip.h"

#include <math.h>

#include "base/parallel.h"
#include "base/stop.h"
#include "frontier/environment.h"
#include "lattice/lattice.h"

#define ROUNDING 0x1p-53
#define MOST_ROWS 100000
#define FAR_ROWS 1024 /* whose matrix is looked at */
#define NARROW 8      /* the spread that is looked for */

void ct_weighted_strip_close(ct_weighted_strip *strip)
{
    if (!strip)
        return;
    ct_weighted_free(&strip->rows);
    ct_free(strip->ways[0]);
    ct_free(strip->ways[1]);
    ct_free(strip);
}

static cutropy_status read_rows(const cutropy_problem *problem, ct_weighted_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem taller = *problem;
    cutropy_lattice *window = NULL;
    uint16_t *order = NULL;
    if (!problem->uniform || problem->lattice->kind != CUTROPY_LATTICE_GRID)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s has no automaton of infinite strips",
                       problem->text);
    CT_TRY(ct_lattice_window(problem->lattice, 3, &window));
    taller.lattice = window;
    CT_NEW(order, window->pixels);
    for (int k = 0; k < window->pixels; k++)
        order[k] = (uint16_t)k;
    CT_TRY(problem->weigh(&taller, order, CT_NUMBERS, &s->rows));
    s->width = window->lx;
    s->n = s->rows.bond[s->width];
    if (!s->rows.single || s->n != s->rows.bond[2 * s->width])
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "%s: rows of a strip differ", problem->text));
done:
    ct_free(order);
    cutropy_lattice_free(window);
    return status;
}

static cutropy_status push(const ct_weighted_strip *s, bool below, int rows, ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    for (int step = 0; step < rows * s->width; step++) {
        const int x = step % s->width, k = s->width + (below ? s->width - 1 - x : x);
        CT_TRY(ct_environment_step(&s->rows, k, !below, 1, e));
    }
done:
    return status;
}

/* A diagonal of n numbers: x, or the unit vector of a state where x is NULL. */
static cutropy_status start(const ct_weighted_strip *s, const double *x, int32_t state,
                            ct_environment *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_environment){.n = s->n, .diagonal = true};
    CT_NEW_ZERO(out->number, s->n);
    for (int32_t i = 0; i < s->n; i++)
        out->number[i] = x ? x[i] : i == state;
done:
    return status;
}

/* The smallest and the largest y_i / x_i. */
static void ratios(const ct_weighted_strip *s, const double *y, const double *x, double out[2])
{
    out[0] = INFINITY;
    out[1] = 0;
    for (int32_t i = 0; i < s->n; i++) {
        out[0] = fmin(out[0], y[i] / x[i]);
        out[1] = fmax(out[1], y[i] / x[i]);
    }
}

/* ---- the spread of M^rows ---- */

typedef struct ct_spreading {
    const ct_weighted_strip *s;
    int rows;
    const double *hub;  /* logarithms of row 0 */
    double *low, *high; /* of each row */
    ct_stop stop;
} ct_spreading;

/* Logarithms of row i of M^rows. */
static cutropy_status matrix_row(const ct_weighted_strip *s, int rows, int32_t i, double *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_environment e = {0};
    CT_TRY(start(s, NULL, i, &e));
    CT_TRY(push(s, false, rows, &e));
    for (int32_t j = 0; j < s->n; j++)
        out[j] = log(e.number[j]) + (double)e.exponent * log(2);
done:
    ct_environment_free(&e);
    return status;
}

static void spread_rows(void *context, size_t first, size_t last, int thread)
{
    ct_spreading *c = context;
    double *row = ct_alloc((size_t)c->s->n, sizeof *row);
    (void)thread;
    if (!row)
        ct_stop_fail(&c->stop, ct_fail_memory("row", (size_t)c->s->n * sizeof *row));
    for (size_t i = first; row && i < last && !ct_stopped(&c->stop); i++) {
        const cutropy_status status = matrix_row(c->s, c->rows, (int32_t)i, row);
        if (status != CUTROPY_OK)
            ct_stop_fail(&c->stop, status);
        c->low[i] = INFINITY;
        c->high[i] = -INFINITY;
        for (int32_t j = 0; j < c->s->n && status == CUTROPY_OK; j++) {
            const double ratio = row[j] - row[0] - (c->hub[j] - c->hub[0]);
            c->low[i] = fmin(c->low[i], ratio);
            c->high[i] = fmax(c->high[i], ratio);
        }
    }
    ct_free(row);
}

/* With u and v its column and its row at state 0: the largest of M_ij / (u_i v_j) over the smallest. */
static cutropy_status find_spread(const ct_weighted_strip *s, int rows, int threads, double *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_spreading c = {.s = s, .rows = rows};
    double *hub = NULL, low = INFINITY, high = -INFINITY;
    CT_NEW(hub, s->n);
    CT_NEW(c.low, s->n);
    CT_NEW(c.high, s->n);
    CT_TRY(matrix_row(s, rows, 0, hub));
    c.hub = hub;
    ct_parallel_for(threads, (size_t)s->n, 4, spread_rows, &c);
    CT_TRY(ct_stop_failure(&c.stop));
    for (int32_t i = 0; i < s->n; i++) {
        low = fmin(low, c.low[i]);
        high = fmax(high, c.high[i]);
    }
    *out = exp(high - low) * (1 + 1e-6);
done:
    ct_free(hub);
    ct_free(c.low);
    ct_free(c.high);
    return status;
}

/* ---- the vectors ---- */

/* Pushes until the ratios of a row do not come closer any more. */
static cutropy_status iterate(const ct_weighted_strip *s, bool below, const ct_watch *watch,
                              double **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_environment e = {0};
    double *x = NULL, last = INFINITY;
    CT_NEW(x, s->n);
    for (int32_t i = 0; i < s->n; i++)
        x[i] = 1;
    for (int row = 0; row < MOST_ROWS; row++) {
        double ratio[2], total = 0;
        if (ct_asked_to_stop(watch, "rows", (uint64_t)row, 0))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped"));
        CT_TRY(start(s, x, 0, &e));
        CT_TRY(push(s, below, 1, &e));
        ratios(s, e.number, x, ratio);
        const double distance = log(ratio[1] / ratio[0]);
        if (!(distance < last) && distance < 1e-9)
            break;
        last = distance;
        for (int32_t i = 0; i < s->n; i++)
            total += e.number[i];
        for (int32_t i = 0; i < s->n; i++)
            x[i] = e.number[i] / total;
        ct_environment_free(&e);
    }
    *out = x;
    x = NULL;
done:
    ct_environment_free(&e);
    ct_free(x);
    return status;
}

/* Hilbert's distance from the true vector is at most that of M^rows x from x times (spread + 1) / 2. */
static cutropy_status find_error(const cutropy_problem *problem, int side, int rows, double spread,
                                 ct_weighted_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_environment e = {0};
    double ratio[2];
    CT_TRY(start(s, s->ways[side], 0, &e));
    CT_TRY(push(s, side, rows, &e));
    ratios(s, e.number, s->ways[side], ratio);
    const double distance = log(ratio[1] / ratio[0]) + (2 * e.error + 8) * ROUNDING;
    s->error[side] = expm1(distance * (spread + 1) / 2);
    if (!(s->error[side] < 1e-3))
        CT_TRY(
            ct_fail(CUTROPY_EUNSUPPORTED,
                    "%s: rows of the strip that are %d apart still depend on each other, and the "
                    "bound of the error is %.3g",
                    problem->text, rows, s->error[side]));
done:
    ct_environment_free(&e);
    return status;
}

/* lambda lies between the smallest and the largest of (M g)_i / g_i (Collatz and Wielandt). */
static cutropy_status find_growth(ct_weighted_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_environment e = {0};
    double ratio[2];
    CT_TRY(start(s, s->ways[1], 0, &e));
    CT_TRY(push(s, true, 1, &e));
    ratios(s, e.number, s->ways[1], ratio);
    const double error = (e.error + 4) * ROUNDING;
    for (int k = 0; k < 2; k++)
        s->growth[k] = ldexp(ratio[k] * (1 + (k ? error : -error)), (int)e.exponent);
done:
    ct_environment_free(&e);
    return status;
}

cutropy_status ct_weighted_strip_open(const cutropy_problem *problem, uint64_t memory_limit,
                                      int threads, const ct_watch *watch, ct_weighted_strip **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighted_strip *s = NULL;
    double spread = INFINITY;
    int rows = 1;
    *out = NULL;
    CT_NEW_ZERO(s, 1);
    CT_TRY(read_rows(problem, s));
    const uint64_t bytes = 24 * (uint64_t)s->n * (uint64_t)s->n;
    if (bytes > memory_limit)
        CT_TRY(ct_fail(CUTROPY_EMEMORY,
                       "the matrix of %d states of a strip needs %s but %s may be used (--memory "
                       "raises the limit)",
                       s->n, CT_BYTES(bytes), CT_BYTES(memory_limit)));
    for (int side = 0; side < 2; side++)
        CT_TRY(iterate(s, side, watch, &s->ways[side]));
    CT_TRY(find_spread(s, rows, threads, &spread));
    while (!(spread <= NARROW) && rows < FAR_ROWS) {
        if (ct_asked_to_stop(watch, "rows", (uint64_t)rows, 0))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped"));
        rows *= 2;
        CT_TRY(find_spread(s, rows, threads, &spread));
    }
    for (int side = 0; side < 2; side++)
        CT_TRY(find_error(problem, side, rows, spread, s));
    CT_TRY(find_growth(s));
    *out = s;
    s = NULL;
done:
    ct_weighted_strip_close(s);
    return status;
}
