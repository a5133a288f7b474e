/* SPDX-License-Identifier: Apache-2.0 */
/* T[a][b][k]: f with its pixels in three parts, those of A, of B and the others, equal slices of each merged: with the others read first, then A,
 * then B, images of the others that lead to one state are one column k; images of A that lead every k to the same states are one class a with
 * the factor sqrt(m), and so are images of B: an isometry of either side, which changes no negativity. Then rho = T T^H / <T|T> over pairs of
 * classes, its partial transpose rho^T_B[(a, b), (a', b')] = rho[(a, b'), (a', b)], and the sum of the sizes of its eigenvalues.
 *
 * Error, an estimate: the backward error of the eigenvalues, n sqrt(n) u times the norm, and sqrt(n) times the Frobenius norm of the rounding of rho. */

#include <math.h>
#include <string.h>

#include "analysis/export/cut_matrix.h"
#include "analysis/information/information.h"
#include "base/hash.h"
#include "base/twofold.h"
#include "frontier/diagram.h"

#define INSTEAD "a smaller region"

typedef struct ct_tripartite {
    int parts;       /* doubles of a number */
    int64_t a, b, k; /* classes */
    double *t;       /* a x b x k numbers */
} ct_tripartite;

/* Different images of a region, by where they lead each state of the level before it. */
typedef struct ct_region_rows {
    size_t width, words; /* states, and words of a row: two states each */
    int64_t count;
    uint64_t *row; /* count x words; int32_t states, -1: f is 0 */
    uint64_t
        *images; /* count: as many are equal, at most <f|f>, since f is not 0 with any of them */
} ct_region_rows;

static void free_rows(ct_region_rows *x)
{
    ct_free(x->row);
    ct_free(x->images);
}

static const int32_t *states_of(const ct_region_rows *x, int64_t i)
{
    return (const int32_t *)(const void *)(x->row + (size_t)i * x->words);
}

/* The rows after one more pixel, of level k; those that are 0 are left out. */
static cutropy_status read_pixel(const ct_levels *l, int k, uint64_t memory_limit,
                                 ct_region_rows *x)
{
    cutropy_status status = CUTROPY_OK;
    ct_region_rows next = {.width = x->width, .words = x->words};
    ct_word_rows rows = {.words = x->words};
    ct_hash table = {0};
    /* at the worst, with those that are there */
    CT_TRY(ct_cut_room("the different rows of a region", 0, 3 * (uint64_t)x->count,
                       8 * (x->words + 1), memory_limit, INSTEAD));
    CT_NEW(next.row, 2 * (size_t)x->count * x->words);
    CT_NEW_ZERO(next.images, 2 * x->count);
    CT_TRY(ct_hash_start(&table, 2 * (uint64_t)x->count));
    rows.row = next.row;
    for (int64_t i = 0; i < 2 * x->count; i++) {
        const int32_t *from = states_of(x, i / 2);
        uint64_t *row = next.row + (size_t)next.count * x->words;
        int32_t *to = (int32_t *)(void *)row;
        bool any = false;
        row[x->words - 1] = 0; /* behind an odd number of states too */
        for (size_t c = 0; c < x->width; c++) {
            to[c] = from[c] < 0 ? -1 : l->next[k][from[c]][i % 2];
            any |= to[c] >= 0;
        }
        if (!any)
            continue;
        uint32_t *slot = ct_hash_find_row(&table, &rows, row);
        if (!*slot)
            *slot = (uint32_t)++next.count;
        next.images[*slot - 1] += x->images[i / 2];
    }
    free_rows(x);
    *x = next;
    next = (ct_region_rows){0};
done:
    free_rows(&next);
    ct_hash_free(&table);
    return status;
}

/* Of a region that is read behind level `first`. Free also on error. */
static cutropy_status read_region(const ct_levels *l, int first, int pixels, uint64_t memory_limit,
                                  const ct_watch *watch, ct_region_rows *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t width = (size_t)l->count[first];
    *out = (ct_region_rows){.width = width, .words = (width + 1) / 2, .count = 1};
    CT_NEW_ZERO(out->row, out->words);
    CT_NEW(out->images, 1);
    out->images[0] = 1;
    for (size_t c = 0; c < width; c++)
        ((int32_t *)(void *)out->row)[c] = (int32_t)c;
    for (int k = 0; k < pixels; k++) {
        if (ct_asked_to_stop(watch, "rows", (uint64_t)k, (uint64_t)pixels))
            return ct_fail(CUTROPY_ECANCELLED, "stopped among the rows of a region");
        CT_TRY(read_pixel(l, first + k, memory_limit, out));
    }
done:
    return status;
}

/* Part c of the value of state i of the last level. */
static double value_of(const ct_diagram *d, int parts, int32_t i, int c)
{
    if (i < 0)
        return 0;
    return d->kind == CUTROPY_KIND_REAL || d->kind == CUTROPY_KIND_COMPLEX
               ? ((const double *)d->value)[i * parts + c]
               : (double)((const int64_t *)d->value)[i];
}

/* The numbers, scaled by a power of two, with the roots of what they stand for. weight: of the columns. */
static cutropy_status fill(const ct_diagram *d, const ct_region_rows *a, const ct_region_rows *b,
                           const uint64_t *weight, ct_tripartite *x)
{
    cutropy_status status = CUTROPY_OK;
    double most = 0, *to;
    int exponent;
    CT_NEW(x->t, (size_t)(x->a * x->b * x->k) * (size_t)x->parts);
    to = x->t;
    for (int64_t i = 0; i < x->a; i++)
        for (int64_t j = 0; j < x->b; j++)
            for (int64_t k = 0; k < x->k; k++)
                for (int c = 0; c < x->parts; c++, to++) {
                    const int32_t middle = states_of(a, i)[k];
                    *to = middle < 0 ? 0 : value_of(d, x->parts, states_of(b, j)[middle], c);
                    most = fmax(most, fabs(*to));
                }
    (void)frexp(most, &exponent);
    to = x->t;
    for (int64_t i = 0; i < x->a; i++)
        for (int64_t j = 0; j < x->b; j++)
            for (int64_t k = 0; k < x->k; k++)
                for (int c = 0; c < x->parts; c++, to++)
                    *to = ldexp(*to, -exponent) * sqrt((double)weight[k]) *
                          sqrt((double)a->images[i]) * sqrt((double)b->images[j]);
done:
    return status;
}

static uint64_t times(uint64_t x, uint64_t y)
{
    return __builtin_mul_overflow(x, y, &x) ? UINT64_MAX : x;
}

/* Before anything of that size is made. */
static cutropy_status check_room(const ct_tripartite *x, uint64_t memory_limit)
{
    const uint64_t n = times((uint64_t)x->a, (uint64_t)x->b);
    const cutropy_status status = ct_cut_room("the partial transpose", 0, times(n, n),
                                              24 * (size_t)x->parts, memory_limit, INSTEAD);
    return status ? status
                  : ct_cut_room("the matrix of both regions", 0, times(n, (uint64_t)x->k),
                                8 * (size_t)x->parts, memory_limit, INSTEAD);
}

/* The others first, then A, then B. */
static void set_order(const ct_function *f, const uint64_t *a, const uint64_t *b, int *order,
                      int first[2])
{
    int at = 0;
    for (int part = 0; part < 3; part++) {
        for (int pixel = 0; pixel < f->pixels; pixel++) {
            const int mine = ct_bit(a, (uint64_t)pixel) ? 1 : ct_bit(b, (uint64_t)pixel) ? 2 : 0;
            if (mine == part)
                order[at++] = pixel;
        }
        if (part < 2)
            first[part] = at;
    }
}

static cutropy_status make(const cutropy_state *state, const uint64_t *a, const uint64_t *b,
                           uint64_t memory_limit, const ct_watch *watch, ct_tripartite *x)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &state->f;
    int *order = NULL, first[2] = {0};
    uint64_t *weight = NULL;
    ct_diagram d = {0};
    ct_region_rows rows[2] = {{0}};
    CT_TRY(ct_state_needs_words(state, "a negativity"));
    CT_NEW(order, f->pixels);
    set_order(f, a, b, order, first);
    CT_TRY(ct_diagram_make_in(f, order, memory_limit, watch, &d));
    const ct_levels *l = &d.levels;
    CT_TRY(read_region(l, first[0], first[1] - first[0], memory_limit, watch, &rows[0]));
    CT_TRY(read_region(l, first[1], f->pixels - first[1], memory_limit, watch, &rows[1]));
    *x = (ct_tripartite){.parts = d.kind == CUTROPY_KIND_COMPLEX ? 2 : 1,
                         .a = rows[0].count,
                         .b = rows[1].count,
                         .k = l->count[first[0]]};
    CT_TRY(check_room(x, memory_limit));
    CT_TRY(ct_cut_count_images(l, first[0], &weight));
    CT_TRY(fill(&d, &rows[0], &rows[1], weight, x));
done:
    ct_free(order);
    ct_free(weight);
    free_rows(&rows[0]);
    free_rows(&rows[1]);
    ct_diagram_free(&d);
    return status;
}

/* The lower triangle, column-major: entry ((a, b), (a', b')) is rho[(a, b'), (a', b)]. rho: upper triangle, row-major. */
static void transpose_b(const ct_tripartite *x, const double *rho, double *out)
{
    const int64_t n = x->a * x->b, parts = x->parts;
    for (int64_t column = 0; column < n; column++)
        for (int64_t row = column; row < n; row++) {
            const int64_t i = row / x->b * x->b + column % x->b,
                          j = column / x->b * x->b + row % x->b;
            const bool upper = i <= j;
            const double *from = rho + (upper ? i * n + j : j * n + i) * parts;
            double *to = out + (column * n + row) * parts;
            to[0] = from[0];
            if (parts == 2)
                to[1] = upper ? from[1] : -from[1];
        }
}

static cutropy_status solve(const cutropy_state *state, const ct_tripartite *x,
                            const ct_watch *watch, double *value, double *error)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = x->a * x->b, numbers = n * x->k * x->parts;
    const ct_operations *o = state->operations;
    double *rho = NULL, *turned = NULL, *levels = NULL, sum = 0, size = 0;
    long double norm = 0;
    CT_NEW(rho, n * n * x->parts);
    CT_NEW(turned, n * n * x->parts);
    CT_NEW(levels, n);
    CT_TRY((x->parts == 2 ? o->gram_complex : o->gram_real)(n, x->k, x->t, rho, state->threads));
    for (int64_t i = 0; i < numbers; i++)
        norm += (long double)x->t[i] * x->t[i];
    transpose_b(x, rho, turned);
    const ct_eigen_job job = {.n = n, .is_complex = x->parts == 2, .a = turned, .values = levels};
    CT_TRY(o->eigenvalues(1, &job, watch, state->threads));
    for (int64_t i = 0; i < n; i++) {
        sum += fabs(levels[i]) / (double)norm;
        size = fmax(size, fabs(levels[i]) / (double)norm);
    }
    const double root = sqrt((double)n), u = CT_UNIT_ROUNDOFF,
                 off = root * (ct_gram_error(x->k, x->parts == 2) + 16) * u +
                       (double)n * (8 * root * size + 4) * u;
    *value = log2(sum);
    *error = off / (sum - off) / 0.6931 + 4 * u * (fabs(*value) + 1);
    if (*error >= fabs(*value)) { /* not one digit is known, and 0 is as good */
        *error += fabs(*value);
        *value = 0;
    }
done:
    ct_free(rho);
    ct_free(turned);
    ct_free(levels);
    return status;
}

cutropy_status ct_negativity(const cutropy_state *state, const uint64_t *a, const uint64_t *b,
                             uint64_t memory_limit, const ct_watch *watch, double *value,
                             double *error)
{
    cutropy_status status = CUTROPY_OK;
    ct_tripartite x = {0};
    CT_TRY(make(state, a, b, memory_limit, watch, &x));
    CT_TRY(solve(state, &x, watch, value, error));
done:
    ct_free(x.t);
    return status;
}
