/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/affine.h"

#include <string.h>

void ct_affine_close(ct_affine *a)
{
    if (!a)
        return;
    ct_equations_free(&a->equations);
    ct_free(a->first);
    ct_free(a->with);
    ct_free(a);
}

/* ---- the echelon form of all of H ---- */

/* Rows of words; the reduced echelon form by the columns 0, 1, .., in place. Returns the rank; columns: of H, c behind them. */
static int reduce(uint64_t *row, int rows, int columns, size_t words, bool *solvable)
{
    int rank = 0;
    for (int c = 0; c <= columns && rank < rows; c++) {
        int pivot = rank;
        while (pivot < rows && !ct_bit(row + (size_t)pivot * words, (uint64_t)c))
            pivot++;
        if (pivot == rows)
            continue;
        if (c == columns) { /* 0 = 1 */
            *solvable = false;
            return rank;
        }
        for (size_t w = 0; w < words && pivot != rank; w++) {
            const uint64_t swap = row[(size_t)pivot * words + w];
            row[(size_t)pivot * words + w] = row[(size_t)rank * words + w];
            row[(size_t)rank * words + w] = swap;
        }
        const uint64_t *from = row + (size_t)rank * words;
        for (int r = 0; r < rows; r++) {
            uint64_t *to = row + (size_t)r * words;
            if (r == rank || !ct_bit(to, (uint64_t)c))
                continue;
            for (size_t w = (size_t)c / 64; w < words; w++)
                to[w] ^= from[w];
        }
        rank++;
    }
    *solvable = true;
    return rank;
}

/* Equation by equation, pixel i in column of[i] (NULL: i), c in column N. Free with ct_free. */
static cutropy_status matrix_of(const ct_affine *a, const int *of, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_equations *e = &a->equations;
    const size_t words = (size_t)a->pixels / 64 + 1;
    CT_NEW_ZERO(*out, (size_t)e->count * words);
    for (int32_t r = 0; r < e->count; r++) {
        uint64_t *row = *out + (size_t)r * words;
        for (size_t i = e->start[r]; i < e->start[r + 1]; i++)
            ct_set_bit(row, (uint64_t)(of ? of[e->pixel[i]] : e->pixel[i]));
        if (e->odd[r])
            ct_set_bit(row, (uint64_t)a->pixels);
    }
done:
    return status;
}

static cutropy_status find_rank(ct_affine *a, bool *solvable)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = (size_t)a->pixels / 64 + 1;
    uint64_t *row = NULL;
    CT_TRY(matrix_of(a, NULL, &row));
    a->rank = reduce(row, a->equations.count, a->pixels, words, solvable);
    a->checksum = ct_mix64((uint64_t)a->pixels + 1);
    for (size_t w = 0; w < (size_t)a->rank * words; w++)
        a->checksum = ct_mix64(a->checksum * 3 + row[w] + 1);
done:
    ct_free(row);
    return status;
}

/* ---- in an order ---- */

void ct_affine_rows_free(ct_affine_rows *rows)
{
    ct_free(rows->row);
    ct_free(rows->last);
    ct_free(rows->by_last);
    ct_free(rows->bits);
    *rows = (ct_affine_rows){0};
}

static int first_column(const uint64_t *row)
{
    size_t w = 0;
    while (!row[w])
        w++;
    return (int)(64 * w) + ct_lowest(row[w]);
}

/* bits[k] = rank H_A + rank H_B - rank H of the cut after k places: of the columns of B as many rows have one as end there, of
 * those of A as many as begin there in the form that is reduced from the other side. */
static void find_bits(const ct_affine *a, const uint64_t *from_first, ct_affine_rows *out)
{
    const int n = a->pixels;
    for (int k = 0; k <= n; k++)
        out->bits[k] = 0;
    for (int r = 0; r < a->rank; r++) {
        for (int k = first_column(from_first + (size_t)r * out->words) + 1; k <= n; k++)
            out->bits[k]++;
        for (int k = out->last[r] + 1; k <= n; k++)
            out->bits[k]--;
    }
}

cutropy_status ct_affine_rows_make(const ct_affine *a, const int *place, ct_affine_rows *out)
{
    cutropy_status status = CUTROPY_OK;
    const int n = a->pixels;
    int *of = NULL,
        *back = NULL; /* columns of the pixels: by their places, and from the last one on */
    uint64_t *from_first = NULL, *from_last = NULL;
    bool solvable;
    *out = (ct_affine_rows){.pixels = n, .rank = a->rank, .words = (size_t)n / 64 + 1};
    CT_NEW(of, n);
    CT_NEW(back, n);
    for (int k = 0; k < n; k++)
        of[place ? place[k] : k] = k;
    for (int i = 0; i < n; i++)
        back[i] = n - 1 - of[i];
    CT_TRY(matrix_of(a, of, &from_first));
    CT_TRY(matrix_of(a, back, &from_last));
    (void)reduce(from_first, a->equations.count, n, out->words, &solvable);
    (void)reduce(from_last, a->equations.count, n, out->words, &solvable);
    CT_NEW_ZERO(out->row, (size_t)a->rank * out->words + 1);
    CT_NEW(out->last, a->rank + 1);
    CT_NEW(out->by_last, n);
    CT_NEW(out->bits, n + 1);
    for (int k = 0; k < n; k++)
        out->by_last[k] = -1;
    for (int r = 0; r < a->rank; r++) { /* turned round, so that they end one after the other */
        const uint64_t *from = from_last + (size_t)(a->rank - 1 - r) * out->words;
        uint64_t *to = out->row + (size_t)r * out->words;
        out->last[r] = n - 1 - first_column(from);
        out->by_last[out->last[r]] = r;
        for (int k = 0; k < n; k++)
            if (ct_bit(from, (uint64_t)(n - 1 - k)))
                ct_set_bit(to, (uint64_t)k);
        if (ct_bit(from, (uint64_t)n))
            ct_set_bit(to, (uint64_t)n);
    }
    find_bits(a, from_first, out);
done:
    ct_free(of);
    ct_free(back);
    ct_free(from_first);
    ct_free(from_last);
    if (status)
        ct_affine_rows_free(out);
    return status;
}

/* ---- by pixels ---- */

static cutropy_status turn(ct_affine *a)
{
    cutropy_status status = CUTROPY_OK;
    const ct_equations *e = &a->equations;
    const size_t terms = e->start[e->count];
    CT_NEW_ZERO(a->first, a->pixels + 2);
    CT_NEW(a->with, terms);
    for (size_t i = 0; i < terms; i++)
        a->first[e->pixel[i] + 2]++;
    a->graphic = true;
    for (int i = 0; i < a->pixels; i++) {
        a->graphic = a->graphic && a->first[i + 2] <= 2;
        a->first[i + 2] += a->first[i + 1];
    }
    for (int32_t r = 0; r < e->count; r++)
        for (size_t i = e->start[r]; i < e->start[r + 1]; i++)
            a->with[a->first[e->pixel[i] + 1]++] = r;
done:
    return status;
}

cutropy_status ct_affine_open(const cutropy_problem *problem, ct_affine **out)
{
    cutropy_status status = CUTROPY_OK;
    bool solvable = false;
    ct_affine *a = NULL;
    *out = NULL;
    CT_NEW_ZERO(a, 1);
    a->problem = problem;
    a->pixels = problem->lattice->pixels;
    CT_TRY(ct_equations_of(problem, &a->equations));
    CT_TRY(find_rank(a, &solvable));
    if (!solvable)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "the function is zero for every image, so it has no state and no entropy"));
    CT_TRY(turn(a));
    *out = a;
    a = NULL;
done:
    ct_affine_close(a);
    return status;
}

/* ---- the rank of some columns ---- */

static int32_t root_of(int32_t *parent, int32_t v)
{
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

/* Each column is an edge, a loop to the ground (vertex `equations`) where it stands in one equation: the edges of a forest. */
static cutropy_status graphic_rank(const ct_affine *a, const uint64_t *mask, bool in, int *rank)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t ground = a->equations.count;
    int32_t *parent = NULL;
    CT_NEW(parent, ground + 1);
    for (int32_t v = 0; v <= ground; v++)
        parent[v] = v;
    *rank = 0;
    for (int i = 0; i < a->pixels; i++) {
        const size_t degree = a->first[i + 1] - a->first[i];
        if (!degree || ct_bit(mask, (uint64_t)i) != in)
            continue;
        const int32_t *ends = a->with + a->first[i];
        const int32_t u = root_of(parent, ends[0]),
                      v = root_of(parent, degree == 2 ? ends[1] : ground);
        *rank += u != v;
        parent[u] = v;
    }
done:
    ct_free(parent);
    return status;
}

/* Columns as sets of equations, each reduced by those before it. */
static cutropy_status any_rank(const ct_affine *a, const uint64_t *mask, bool in, int *rank)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = ((size_t)a->equations.count + 63) / 64;
    uint64_t *kept = NULL, *column = NULL; /* kept: the column whose first equation it is */
    bool *has = NULL;
    CT_NEW(kept, (size_t)a->equations.count * words);
    CT_NEW(column, words);
    CT_NEW_ZERO(has, a->equations.count);
    *rank = 0;
    for (int i = 0; i < a->pixels; i++) {
        if (ct_bit(mask, (uint64_t)i) != in)
            continue;
        memset(column, 0, words * sizeof *column);
        for (size_t k = a->first[i]; k < a->first[i + 1]; k++)
            ct_set_bit(column, (uint64_t)a->with[k]);
        for (size_t w = 0; w < words;) {
            if (!column[w]) {
                w++;
                continue;
            }
            const size_t first = w * 64 + (size_t)ct_lowest(column[w]);
            if (!has[first]) {
                has[first] = true;
                memcpy(kept + first * words, column, words * sizeof *column);
                ++*rank;
                break;
            }
            for (size_t k = w; k < words; k++)
                column[k] ^= kept[first * words + k];
        }
    }
done:
    ct_free(kept);
    ct_free(column);
    ct_free(has);
    return status;
}

void ct_affine_bytes(const ct_affine *a, uint64_t *equations, uint64_t *rank)
{
    const uint64_t count = (uint64_t)a->equations.count, pixels = (uint64_t)a->pixels,
                   words = (count + 63) / 64, terms = a->equations.start[count];
    *equations = sizeof *a + (count + 1 + pixels + 2) * sizeof(size_t) + count * sizeof(bool) +
                 2 * terms * sizeof(int32_t);
    *rank = a->graphic ? (count + 1) * sizeof(int32_t)
                       : (count + 1) * words * sizeof(uint64_t) + count * sizeof(bool);
}

cutropy_status ct_affine_bits(const ct_affine *a, const uint64_t *mask, int *bits)
{
    cutropy_status status = CUTROPY_OK;
    int inside, outside;
    CT_TRY((a->graphic ? graphic_rank : any_rank)(a, mask, true, &inside));
    CT_TRY((a->graphic ? graphic_rank : any_rank)(a, mask, false, &outside));
    *bits = inside + outside - a->rank;
done:
    return status;
}
