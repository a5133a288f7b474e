/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order/order_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/operations.h"
#include "base/report.h"
#include "engine/cut/needs.h"
#include "engine/solver/product_pairs.h"
#include "engine/state/state.h"

#define GRAIN 1073741824.0 /* mutual information is rounded to 1 / GRAIN */

/* ---- the graph ---- */

/* which[i N + j]: of the pixels i and j, i = j: of one. */
static cutropy_status want_pairs(ct_order_cuts *cuts, int pixels, int64_t *which)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *set = NULL;
    CT_NEW(set, cuts->words);
    for (int i = 0; i < pixels; i++)
        for (int j = i; j < pixels; j++) {
            memset(set, 0, cuts->words * sizeof *set);
            ct_set_bit(set, (uint64_t)i);
            ct_set_bit(set, (uint64_t)j);
            CT_TRY(ct_order_cuts_want(cuts, set, &which[i * pixels + j]));
        }
    CT_TRY(ct_order_cuts_solve(cuts));
done:
    ct_free(set);
    return status;
}

/* entropy[i N + j], j >= i, from cuts. */
static cutropy_status solve_pairs(ct_order_cuts *cuts, int pixels, double *entropy)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *which = NULL;
    CT_NEW(which, (size_t)pixels * (size_t)pixels);
    CT_TRY(want_pairs(cuts, pixels, which));
    for (int i = 0; i < pixels; i++)
        for (int j = i; j < pixels; j++)
            entropy[i * pixels + j] = ct_order_cut(cuts, which[i * pixels + j]).entropy;
done:
    ct_free(which);
    return status;
}

/* The same of a sum of product states, all at once. */
static cutropy_status multiply_pairs(const ct_order_cuts *cuts, double *entropy)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_state *state = cuts->state;
    const ct_products *p = state->f.products;
    ct_reporter reporter = {.progress = cuts->progress, .user = cuts->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    CT_TRY(ct_product_pairs(p, state->operations, state->threads, &watch, entropy));
done:
    return status;
}

/* Whether that can be done, in the memory that there is: matrices of all pairs at once are large where factors have many numbers. */
static bool come_at_once(const cutropy_state *state)
{
    const ct_function *f = &state->f;
    return f->storage == CT_PRODUCTS && ct_product_pairs_serve(f->products) &&
           ct_workspace_check(f, ct_product_pairs_bytes(f->products, state->threads),
                              state->memory_limit) == CUTROPY_OK;
}

cutropy_status ct_order_pairs(ct_order_cuts *cuts, int pixels, double **weight)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)pixels;
    double *w = NULL;
    CT_NEW(w, n * n);
    CT_TRY(come_at_once(cuts->state) ? multiply_pairs(cuts, w) : solve_pairs(cuts, pixels, w));
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const double shared = w[i * n + i] + w[j * n + j] - w[i * n + j];
            w[i * n + j] = w[j * n + i] =
                shared > 0 && isfinite(shared) ? rint(shared * GRAIN) / GRAIN : 0;
        }
    for (size_t i = 0; i < n; i++)
        w[i * n + i] = 0;
    *weight = w;
    w = NULL;
done:
    ct_free(w);
    return status;
}

/* ---- its spectral order ---- */

/* A member and its number in the vector. */
typedef struct sorted {
    double key;
    int pixel;
} sorted;

static int compare(const void *a, const void *b)
{
    const sorted *p = a, *q = b;
    return p->key != q->key ? (p->key < q->key ? -1 : 1) : p->pixel - q->pixel;
}

/* The projection of 0, 1, .., n - 1 to the vectors of the second smallest eigenvalue: these may be several, and any basis of them
 * gives the same. Where it is 0, one of the vectors. vector: n x n, in rows; small multiples of the largest degree are 0 beside it. */
static void project(const double *value, const double *vector, int n, double most, sorted *s)
{
    double norm = 0;
    for (int i = 0; i < n; i++)
        s[i].key = 0;
    for (int k = 1; k < n && value[k] <= value[1] + 1e-10 * most; k++) {
        const double *v = vector + (size_t)k * (size_t)n;
        double along = 0;
        for (int i = 0; i < n; i++)
            along += v[i] * (i - (n - 1) / 2.0);
        for (int i = 0; i < n; i++)
            s[i].key += along * v[i];
        norm += along * along;
    }
    for (int i = 0; i < n && n > 1; i++)
        s[i].key = rint((norm > 1e-12 ? s[i].key / sqrt(norm) : vector[n + i]) * GRAIN);
}

/* n members that hang together; laplacian: room for n x n numbers, value for n. */
static cutropy_status sort_part(const double *weight, int pixels, sorted *s, int n,
                                double *laplacian, double *value)
{
    cutropy_status status = CUTROPY_OK;
    double most = 0;
    for (int i = 0; i < n; i++) {
        double degree = 0;
        for (int j = 0; j < n; j++) {
            const double w = weight[(size_t)s[i].pixel * (size_t)pixels + (size_t)s[j].pixel];
            laplacian[(size_t)i * (size_t)n + (size_t)j] = -w;
            degree += w;
        }
        laplacian[(size_t)i * (size_t)(n + 1)] = degree;
        most = fmax(most, degree);
    }
    CT_TRY(ct_operations_cpu()->eigenvectors(n, laplacian, value));
    project(value, laplacian, n, most, s);
    qsort(s, (size_t)n, sizeof *s, compare);
done:
    return status;
}

/* Puts the component of s[0] among s[0 .. n - 1] first, in the order of the pixels; returns its size. */
static int component(const double *weight, int pixels, sorted *s, int n)
{
    int found = 1;
    for (int i = 0; i < found; i++)
        for (int j = found; j < n; j++)
            if (weight[(size_t)s[i].pixel * (size_t)pixels + (size_t)s[j].pixel] > 0) {
                const sorted other = s[j];
                memmove(s + found + 1, s + found, (size_t)(j - found) * sizeof *s);
                s[found++] = other;
            }
    for (int i = 0; i < found; i++)
        s[i].key = 0;
    qsort(s, (size_t)found, sizeof *s, compare);
    return found;
}

cutropy_status ct_order_spectral(const double *weight, int pixels, int *member, int n)
{
    cutropy_status status = CUTROPY_OK;
    double *laplacian = NULL, *value = NULL;
    sorted *s = NULL;
    CT_NEW(laplacian, (size_t)n * (size_t)n);
    CT_NEW(value, n);
    CT_NEW(s, n);
    for (int i = 0; i < n; i++)
        s[i] = (sorted){0, member[i]};
    for (int i = 0, size; i < n; i += size) {
        size = component(weight, pixels, s + i, n - i);
        CT_TRY(sort_part(weight, pixels, s + i, size, laplacian, value));
    }
    for (int i = 0; i < n; i++)
        member[i] = s[i].pixel;
done:
    ct_free(laplacian);
    ct_free(value);
    ct_free(s);
    return status;
}
