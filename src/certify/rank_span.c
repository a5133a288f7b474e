/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors across the lines of the matrix, one after the other, are reduced to an echelon form
 * modulo the small prime that is the identity in its pivot lines; its other columns are the
 * coefficients of the other lines, residues of small fractions where the matrix has a structure. */
#include "certify/rank_span.h"

#include <math.h>

#include "certify/residue.h"

#define CORNER 16   /* vectors more than lines that are tried first */
#define ROOM 0x1p28 /* sum of |factors| between two reductions: 2^28 2^23 and one more < 2^52 */

typedef struct ct_vectors {
    const int64_t *entry;
    int64_t lines, count;
    int64_t line_step, vector_step;
} ct_vectors;

typedef struct ct_echelon {
    int64_t rank;
    double *row;    /* rank x lines */
    int64_t *pivot; /* lines */
    bool *is_pivot;
    double *next;
} ct_echelon;

static ct_vectors vectors_of(int64_t rows, int64_t columns, const int64_t *entry)
{
    return rows <= columns ? (ct_vectors){entry, rows, columns, columns, 1}
                           : (ct_vectors){entry, columns, rows, 1, columns};
}

static int64_t at(const ct_vectors *v, int64_t line, int64_t vector)
{
    return v->entry[line * v->line_step + vector * v->vector_step];
}

static void reduce(double *row, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        row[i] = ct_residue(row[i]);
}

static void subtract(double *from, double factor, const double *row, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        from[i] -= factor * row[i];
}

/* The rows are 0 in each other's pivots: all factors stand in the vector from the start. */
static void clear_pivots(ct_echelon *e, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < e->rank; i++) {
        const double factor = e->next[e->pivot[i]];
        if (factor == 0)
            continue;
        subtract(e->next, factor, e->row + i * n, n);
        sum += fabs(factor);
        if (sum > ROOM) {
            reduce(e->next, n);
            sum = 0;
        }
    }
    reduce(e->next, n);
}

static void add_vector(ct_echelon *e, const ct_vectors *v, int64_t vector)
{
    const int64_t n = v->lines;
    int64_t p = 0;
    for (int64_t i = 0; i < n; i++)
        e->next[i] = ct_residue((double)(at(v, i, vector) % CT_RANK_FULL_PRIME));
    clear_pivots(e, n);
    while (p < n && e->next[p] == 0)
        p++;
    if (p == n)
        return;
    double *row = e->row + e->rank * n;
    const double scale = ct_residue_inverse(e->next[p]);
    for (int64_t i = 0; i < n; i++)
        row[i] = ct_residue(scale * e->next[i]);
    for (int64_t k = 0; k < e->rank; k++) {
        const double factor = e->row[k * n + p];
        if (factor == 0)
            continue;
        subtract(e->row + k * n, factor, row, n);
        reduce(e->row + k * n, n);
    }
    e->is_pivot[p] = true;
    e->pivot[e->rank++] = p;
}

/* The smallest d > 0 for which d x is small modulo the prime (Euclid); above CT_SPAN_LARGEST: there
 * is none. */
static int64_t denominator(int64_t x)
{
    int64_t r = CT_RANK_FULL_PRIME, s = x < 0 ? -x : x, d = 0, e = 1;
    while (s > CT_SPAN_LARGEST) {
        const int64_t q = r / s, rest = r - q * s, next = d - q * e;
        r = s;
        s = rest;
        d = e;
        e = next;
    }
    return e < 0 ? -e : e;
}

/* One scale for a dependent line that makes all its coefficients small; false: none is found. */
static bool small_fractions(const ct_echelon *e, int64_t lines, int64_t line, int64_t *scale,
                            int64_t *coefficient)
{
    const int64_t others = lines - e->rank;
    *scale = 1;
    for (int64_t i = 0; i < e->rank && *scale <= CT_SPAN_LARGEST; i++) {
        const double x = ct_residue((double)*scale * e->row[i * lines + line]);
        if (fabs(x) > CT_SPAN_LARGEST)
            *scale *= denominator((int64_t)x);
    }
    if (*scale > CT_SPAN_LARGEST)
        return false;
    for (int64_t i = 0; i < e->rank; i++) {
        const double x = ct_residue((double)*scale * e->row[i * lines + line]);
        if (fabs(x) > CT_SPAN_LARGEST)
            return false;
        coefficient[i * others] = (int64_t)x;
    }
    return true;
}

/* Lines, scales and coefficients of the echelon form. */
static cutropy_status read_span(const ct_echelon *e, ct_rank_span *span, bool *small)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t others = span->lines - e->rank;
    span->rank = e->rank;
    ct_free(span->coefficient);
    span->coefficient = NULL;
    CT_NEW(span->coefficient, e->rank * others);
    for (int64_t i = 0; i < e->rank; i++)
        span->line[i] = e->pivot[i];
    for (int64_t l = 0, j = 0; l < span->lines; l++)
        if (!e->is_pivot[l])
            span->line[e->rank + j++] = l;
    *small = true;
    for (int64_t j = 0; *small && j < others; j++)
        *small = small_fractions(e, span->lines, span->line[e->rank + j], &span->scale[j],
                                 span->coefficient + j);
done:
    return status;
}

/* Sums of rank + 1 products stay below 2^63. */
static bool sums_fit(const ct_vectors *v, const ct_rank_span *span)
{
    uint64_t largest = 1, factor = CT_SPAN_LARGEST;
    for (int64_t i = 0; i < v->lines * v->count; i++) {
        const uint64_t size = v->entry[i] < 0 ? -(uint64_t)v->entry[i] : (uint64_t)v->entry[i];
        largest = size > largest ? size : largest;
    }
    return (ct_u128)largest * factor * ((uint64_t)span->rank + 1) < (ct_u128)1 << 63;
}

static bool factors_small(const ct_rank_span *span)
{
    const int64_t others = span->lines - span->rank;
    bool small = true;
    for (int64_t j = 0; j < others; j++)
        small = small && span->scale[j] > 0 && span->scale[j] <= CT_SPAN_LARGEST;
    for (int64_t i = 0; i < span->rank * others; i++)
        small = small && span->coefficient[i] >= -CT_SPAN_LARGEST &&
                span->coefficient[i] <= CT_SPAN_LARGEST;
    return small;
}

cutropy_status ct_rank_span_check(int64_t rows, int64_t columns, const int64_t *entry,
                                  const ct_rank_span *span, bool *holds)
{
    cutropy_status status = CUTROPY_OK;
    const ct_vectors v = vectors_of(rows, columns, entry);
    const int64_t others = span->lines - span->rank;
    int64_t *sum = NULL;
    *holds = others == 0 || (factors_small(span) && sums_fit(&v, span));
    CT_NEW(sum, others);
    for (int64_t k = 0; *holds && k < (others ? v.count : 0); k++) {
        for (int64_t j = 0; j < others; j++)
            sum[j] = 0;
        for (int64_t i = 0; i < span->rank; i++) {
            const int64_t x = at(&v, span->line[i], k);
            const int64_t *coefficient = span->coefficient + i * others;
            for (int64_t j = 0; x && j < others; j++)
                sum[j] += x * coefficient[j];
        }
        for (int64_t j = 0; j < others; j++)
            *holds = *holds && sum[j] == span->scale[j] * at(&v, span->line[span->rank + j], k);
    }
done:
    ct_free(sum);
    return status;
}

cutropy_status ct_rank_span_find(int64_t rows, int64_t columns, const int64_t *entry,
                                 ct_rank_span *span, bool *found)
{
    cutropy_status status = CUTROPY_OK;
    const ct_vectors v = vectors_of(rows, columns, entry);
    const int64_t n = v.lines;
    ct_echelon e = {0};
    *span = (ct_rank_span){.lines = n};
    *found = false;
    CT_NEW(e.row, n * n);
    CT_NEW(e.pivot, n);
    CT_NEW_ZERO(e.is_pivot, n);
    CT_NEW(e.next, n);
    CT_NEW(span->line, n);
    CT_NEW(span->scale, n);
    for (int64_t k = 0, end = n + CORNER; !*found && k < v.count; end = v.count) {
        for (; k < v.count && k < end && e.rank < n; k++)
            add_vector(&e, &v, k);
        bool small = false;
        CT_TRY(read_span(&e, span, &small));
        if (small)
            CT_TRY(ct_rank_span_check(rows, columns, entry, span, found));
    }
done:
    ct_free(e.row);
    ct_free(e.pivot);
    ct_free(e.is_pivot);
    ct_free(e.next);
    return status;
}

void ct_rank_span_free(ct_rank_span *span)
{
    ct_free(span->line);
    ct_free(span->coefficient);
    ct_free(span->scale);
    *span = (ct_rank_span){0};
}
