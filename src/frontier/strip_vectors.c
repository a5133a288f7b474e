/* SPDX-License-Identifier: Apache-2.0 */
/* The growth of the rows of a strip and both its Perron vectors, with proved errors.
 *
 * Let A = M^k have positive entries with low u_i v_j <= A_ij <= high u_i v_j. Then A contracts Hilbert's metric
 * d(x, y) = log(max_i x_i / y_i) + log(max_i y_i / x_i) by (s - 1) / (s + 1), s = high / low (G. Birkhoff, Trans. Amer. Math. Soc. 85, 219
 * (1957): tanh(D / 4) with D <= 2 log s). The Perron vector p stays where it is, so that d(x, p) <= d(x, A x) + d(A x, A p) gives
 *
 *     d(x, p) <= d(x, A x) (s + 1) / 2
 *
 * for any x > 0. u and v are the column and the row of A at one state. All terms are positive: a sum of t of them has a relative error
 * of at most (t - 1) units. Vectors are long doubles, whose units are small beside those of what is made of them. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "frontier/strip.h"

#define MOST_ROWS 100000    /* of the power method */
#define MOST_BITS 900       /* of an entry of A: doubles hold them */
#define TOGETHER 512        /* lines of A between two questions whether to stop */
#define WELL 8              /* a spread that costs less than a digit */
#define SLACK (1 + 0x1p-20) /* for what doubles round in bounds that need no digits */

typedef struct ct_rows {
    const ct_levels *row;
    long double *room[2]; /* the largest level each */
    double *plain[2];     /* the same, of doubles */
    double rounding[2];   /* of a row from above, from below: in units of UNIT */
} ct_rows;

static void rows_free(ct_rows *r)
{
    for (int k = 0; k < 2; k++) {
        ct_free(r->room[k]);
        ct_free(r->plain[k]);
    }
}

/* Most states of level x that lead to one of the next. */
static cutropy_status most_sources(const ct_levels *row, int x, double *out)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *sources = NULL, most = 0;
    CT_NEW_ZERO(sources, row->count[x + 1]);
    for (int32_t i = 0; i < row->count[x]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t to = row->next[x][i][bit];
            if (to >= 0 && ++sources[to] > most)
                most = sources[to];
        }
    *out = most;
done:
    ct_free(sources);
    return status;
}

static cutropy_status rows_start(const ct_levels *row, ct_rows *out)
{
    cutropy_status status = CUTROPY_OK;
    int32_t most = 0;
    *out = (ct_rows){.row = row, .rounding = {0, row->pixels}};
    for (int x = 0; x < row->pixels; x++) {
        double sources = 0;
        CT_TRY(most_sources(row, x, &sources));
        out->rounding[0] += sources;
        most = row->count[x] > most ? row->count[x] : most;
    }
    for (int k = 0; k < 2; k++) {
        CT_NEW(out->room[k], most);
        CT_NEW(out->plain[k], most);
    }
done:
    return status;
}

/* value = M value (below: what goes on), or value M (what came before). */
#define PUSH(name, type, rooms)                                                                    \
    static void name(const ct_rows *r, bool below, type *value)                                    \
    {                                                                                              \
        const ct_levels *row = r->row;                                                             \
        type *from = r->rooms[0], *to = r->rooms[1];                                               \
        memcpy(from, value, (size_t)row->count[0] * sizeof *value);                                \
        for (int step = 0; step < row->pixels; step++) {                                           \
            const int x = below ? row->pixels - 1 - step : step;                                   \
            int32_t(*next)[2] = row->next[x];                                                      \
            for (int32_t i = 0; i < row->count[x + 1] && !below; i++)                              \
                to[i] = 0;                                                                         \
            for (int32_t i = 0; i < row->count[x]; i++) {                                          \
                const int32_t a = next[i][0], b = next[i][1];                                      \
                if (below) {                                                                       \
                    to[i] = (a < 0 ? 0 : from[a]) + (b < 0 ? 0 : from[b]);                         \
                    continue;                                                                      \
                }                                                                                  \
                if (a >= 0)                                                                        \
                    to[a] += from[i];                                                              \
                if (b >= 0)                                                                        \
                    to[b] += from[i];                                                              \
            }                                                                                      \
            type *swap = from;                                                                     \
            from = to;                                                                             \
            to = swap;                                                                             \
        }                                                                                          \
        memcpy(value, from, (size_t)row->count[0] * sizeof *value);                                \
    }

PUSH(push, long double, room)
PUSH(push_plain, double, plain)

#define UNIT (LDBL_EPSILON / 2)

static void push_rows(const ct_rows *r, bool below, int rows, double *value)
{
    for (int k = 0; k < rows; k++)
        push_plain(r, below, value);
}

static void scale(long double *value, int32_t count)
{
    long double most = 0;
    for (int32_t i = 0; i < count; i++)
        most = fmaxl(most, value[i]);
    for (int32_t i = 0; i < count; i++)
        value[i] /= most;
}

/* The smallest and the largest of y_i / x_i. */
static void ratios(const long double *y, const long double *x, int32_t count, long double *low,
                   long double *high)
{
    *low = INFINITY;
    *high = 0;
    for (int32_t i = 0; i < count; i++) {
        *low = fminl(*low, y[i] / x[i]);
        *high = fmaxl(*high, y[i] / x[i]);
    }
}

/* The power method, until rows bring x no nearer; then bounds of the growth, which both vectors have. */
static cutropy_status iterate(const ct_rows *r, bool below, const char *name, const ct_watch *watch,
                              long double *x, ct_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = r->row->count[0];
    const long double slack = (r->rounding[below] + 4) * UNIT;
    long double *y = NULL, nearest = INFINITY, low, high;
    int worse = 0, rows = 0;
    CT_NEW(y, n);
    for (int32_t i = 0; i < n; i++)
        x[i] = 1;
    for (; rows < MOST_ROWS && worse < 8; rows++) {
        if (rows % 16 == 0)
            CT_TRY(ct_strip_ask(watch));
        memcpy(y, x, (size_t)n * sizeof *y);
        push(r, below, y);
        ratios(y, x, n, &low, &high);
        const long double distance = high / low - 1;
        s->growth[0] = fmax(s->growth[0], (double)(low * (1 - slack)) * (1 - DBL_EPSILON));
        s->growth[1] = fmin(s->growth[1], (double)(high * (1 + slack)) * (1 + DBL_EPSILON));
        worse = distance < 0.99L * nearest ? 0 : worse + 1;
        nearest = fminl(nearest, distance);
        if (distance <= slack)
            break;
        scale(y, n);
        memcpy(x, y, (size_t)n * sizeof *y);
    }
    if (rows == MOST_ROWS)
        status =
            ct_fail(CUTROPY_EUNSUPPORTED,
                    "%s: %d rows are not enough for the limit of a strip: entropies change too "
                    "slowly with them",
                    name, MOST_ROWS);
done:
    ct_free(y);
    return status;
}

/* ---- the contraction ---- */

typedef struct ct_spreading {
    const ct_rows *rows; /* one a thread */
    int k;
    size_t offset;               /* of the lines that are taken together */
    const double *column, *line; /* u, v */
    double **value;              /* one a thread */
    double *low, *high;          /* one a thread */
} ct_spreading;

static void spread_lines(void *context, size_t first, size_t last, int thread)
{
    const ct_spreading *s = context;
    const ct_rows *r = &s->rows[thread];
    const int32_t n = r->row->count[0];
    double *value = s->value[thread];
    for (size_t i = s->offset + first; i < s->offset + last && s->low[thread] > 0; i++) {
        memset(value, 0, (size_t)n * sizeof *value);
        value[i] = 1;
        push_rows(r, false, s->k, value);
        for (int32_t j = 0; j < n; j++) {
            const double share = value[j] / s->line[j] / s->column[i];
            s->low[thread] = fmin(s->low[thread], share);
            s->high[thread] = fmax(s->high[thread], share);
        }
    }
}

static bool all_positive(const double *value, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        if (!(value[i] > 0))
            return false;
    return true;
}

cutropy_status ct_strip_spread(const ct_levels *row, int threads, const ct_watch *watch, int k,
                               int32_t hub, double *spread)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = row->count[0];
    double *column = NULL, *line = NULL;
    ct_rows *rows = NULL;
    ct_spreading s = {.k = k};
    *spread = INFINITY;
    CT_NEW_ZERO(rows, threads);
    s.rows = rows;
    for (int t = 0; t < threads; t++)
        CT_TRY(rows_start(row, &rows[t]));
    CT_NEW_ZERO(column, n);
    CT_NEW_ZERO(line, n);
    CT_NEW_ZERO(s.value, threads);
    CT_NEW(s.low, threads);
    CT_NEW_ZERO(s.high, threads);
    column[hub] = line[hub] = 1;
    push_rows(rows, true, k, column);
    push_rows(rows, false, k, line);
    if (!all_positive(column, n) || !all_positive(line, n))
        goto done;
    s.column = column;
    s.line = line;
    for (int t = 0; t < threads; t++) {
        CT_NEW(s.value[t], n);
        s.low[t] = INFINITY;
    }
    double low = INFINITY, high = 0;
    for (; s.offset < (size_t)n && low > 0; s.offset += TOGETHER) {
        const size_t left = (size_t)n - s.offset;
        CT_TRY(ct_strip_ask(watch));
        ct_parallel_for(threads, left < TOGETHER ? left : TOGETHER, 4, spread_lines, &s);
        for (int t = 0; t < threads; t++) {
            low = fmin(low, s.low[t]);
            high = fmax(high, s.high[t]);
        }
    }
    *spread = low > 0 ? high / low * SLACK : INFINITY;
done:
    for (int t = 0; s.value && t < threads; t++)
        ct_free(s.value[t]);
    for (int t = 0; rows && t < threads; t++)
        rows_free(&rows[t]);
    ct_free(rows);
    ct_free(s.value);
    ct_free(s.low);
    ct_free(s.high);
    ct_free(column);
    ct_free(line);
    return status;
}

static cutropy_status find_contraction(int threads, const long double *above,
                                       const long double *below, const char *name,
                                       const ct_watch *watch, ct_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = s->row.count[0];
    int32_t hub = 0;
    s->spread = INFINITY;
    for (int32_t i = 0; i < n; i++)
        if (above[i] * below[i] > above[hub] * below[hub])
            hub = i;
    for (int k = 1; k == 1 || (s->spread > WELL && k * s->row.pixels <= MOST_BITS); k *= 2) {
        double spread;
        CT_TRY(ct_strip_spread(&s->row, threads, watch, k, hub, &spread));
        if (spread < s->spread) {
            s->spread = spread;
            s->contracts = k;
        }
    }
    if (!isfinite(s->spread))
        status = ct_fail(CUTROPY_EUNSUPPORTED,
                         "%s: the matrices of up to %d rows of a strip have zeros, and nothing "
                         "bounds how far the limit is",
                         name, MOST_BITS / s->row.pixels);
done:
    return status;
}

cutropy_status ct_strip_distance(const ct_levels *row, bool below, int k, double spread,
                                 const long double *x, double *distance)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = row->count[0];
    ct_rows r = {0};
    long double *y = NULL, low, high;
    CT_TRY(rows_start(row, &r));
    CT_NEW(y, n);
    memcpy(y, x, (size_t)n * sizeof *y);
    for (int i = 0; i < k; i++)
        push(&r, below, y);
    ratios(y, x, n, &low, &high);
    const double rounding = 2 * (r.rounding[below] * k + 4) * (double)UNIT;
    *distance = ((double)(high / low - 1) + rounding) * (spread + 1) / 2 * SLACK;
done:
    rows_free(&r);
    ct_free(y);
    return status;
}

cutropy_status ct_strip_vectors(const char *name, int threads, const ct_watch *watch, ct_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = s->row.count[0];
    ct_rows rows = {0};
    long double *x[2] = {NULL, NULL};
    CT_TRY(rows_start(&s->row, &rows));
    s->growth[0] = 0;
    s->growth[1] = INFINITY;
    for (int below = 0; below < 2; below++) {
        CT_NEW(x[below], n);
        CT_NEW(s->ways[below], n);
        CT_TRY(iterate(&rows, below, name, watch, x[below], s));
    }
    CT_TRY(find_contraction(threads, x[0], x[1], name, watch, s));
    for (int below = 0; below < 2; below++) {
        double distance = 0;
        CT_TRY(ct_strip_distance(&s->row, below, s->contracts, s->spread, x[below], &distance));
        s->error[below] = distance + 2 * CT_STRIP_UNIT; /* of the doubles */
        for (int32_t i = 0; i < n; i++)
            s->ways[below][i] = (double)x[below][i];
    }
    if (!(s->error[0] + s->error[1] < 1e-6))
        status =
            ct_fail(CUTROPY_EUNSUPPORTED,
                    "%s: the limit of a strip is known to %.2g only: entropies change too slowly "
                    "with its rows",
                    name, s->error[0] + s->error[1]);
done:
    rows_free(&rows);
    ct_free(x[0]);
    ct_free(x[1]);
    return status;
}
