/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order_starts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"

enum { NUMBERS, ROWS, COLUMNS, SPECTRAL };

#define STEPS 2000         /* of the power method */
#define GRAIN 1073741824.0 /* mutual information is rounded to 1 / GRAIN: no last digit decides */

const char *ct_order_start_name(int start)
{
    static const char *const names[] = {"numbers", "rows", "columns", "spectral"};
    return names[start];
}

/* A pixel and what it is sorted by. */
typedef struct sorted {
    double key[2];
    int pixel;
} sorted;

static int compare(const void *a, const void *b)
{
    const sorted *p = a, *q = b;
    for (int i = 0; i < 2; i++)
        if (p->key[i] != q->key[i])
            return p->key[i] < q->key[i] ? -1 : 1;
    return p->pixel - q->pixel;
}

static cutropy_status sort(sorted *s, int pixels, int **out)
{
    cutropy_status status = CUTROPY_OK;
    qsort(s, (size_t)pixels, sizeof *s, compare);
    CT_NEW(*out, pixels);
    for (int k = 0; k < pixels; k++)
        (*out)[k] = s[k].pixel;
done:
    return status;
}

int ct_order_start_named(const char *name)
{
    for (int start = NUMBERS; start < SPECTRAL; start++)
        if (!strcmp(name, ct_order_start_name(start)))
            return start;
    return -1;
}

cutropy_status ct_order_of_lattice(const cutropy_lattice *lattice, int start, int **out)
{
    cutropy_status status = CUTROPY_OK;
    sorted *s = NULL;
    CT_NEW(s, lattice->pixels);
    for (int i = 0; i < lattice->pixels; i++) {
        const double *at = lattice->position[i];
        s[i] = (sorted){{start == ROWS      ? at[1]
                         : start == COLUMNS ? at[0]
                                            : 0,
                         start == ROWS      ? at[0]
                         : start == COLUMNS ? at[1]
                                            : 0},
                        i};
    }
    CT_TRY(sort(s, lattice->pixels, out));
done:
    ct_free(s);
    return status;
}

/* ---- mutual information ---- */

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

/* x becomes (c - L) x without its mean, of length 1: L the Laplacian of w, c at least its largest eigenvalue. */
static void step(const double *w, int n, double c, double *x, double *y)
{
    double mean = 0, norm = 0;
    for (int i = 0; i < n; i++) {
        y[i] = c * x[i];
        for (int j = 0; j < n; j++)
            y[i] -= w[i * n + j] * (x[i] - x[j]);
        mean += y[i] / n;
    }
    for (int i = 0; i < n; i++)
        norm += (y[i] - mean) * (y[i] - mean);
    for (int i = 0; i < n; i++)
        x[i] = norm > 0 ? (y[i] - mean) / sqrt(norm) : 0;
}

static cutropy_status spectral(ct_order_cuts *cuts, int pixels, int **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)pixels;
    int64_t *which = NULL;
    double *w = NULL, *x = NULL, *y = NULL, most = 0;
    sorted *s = NULL;
    CT_NEW(s, n);
    CT_NEW(which, n * n);
    CT_NEW_ZERO(w, n * n);
    CT_NEW(x, n);
    CT_NEW(y, n);
    CT_TRY(want_pairs(cuts, pixels, which));
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const double shared = ct_order_cut(cuts, which[i * n + i]).entropy +
                                  ct_order_cut(cuts, which[j * n + j]).entropy -
                                  ct_order_cut(cuts, which[i * n + j]).entropy;
            w[i * n + j] = w[j * n + i] = shared > 0 ? rint(shared * GRAIN) / GRAIN : 0;
        }
    for (size_t i = 0; i < n; i++) {
        double degree = 0;
        for (size_t j = 0; j < n; j++)
            degree += w[i * n + j];
        most = degree > most ? degree : most;
        x[i] = (double)i - ((double)n - 1) / 2;
    }
    for (int k = 0; k < STEPS; k++)
        step(w, pixels, 2 * most, x, y);
    for (size_t i = 0; i < n; i++)
        s[i] = (sorted){{x[i], 0}, (int)i};
    CT_TRY(sort(s, pixels, out));
done:
    ct_free(s);
    ct_free(which);
    ct_free(w);
    ct_free(x);
    ct_free(y);
    return status;
}

cutropy_status ct_order_starts(ct_order_cuts *cuts, int *start[CT_ORDER_STARTS])
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cuts->state->f.lattice;
    const int pixels = lattice->pixels;
    const uint64_t pairs = (uint64_t)pixels * ((uint64_t)pixels + 1) / 2;
    for (int kind = NUMBERS; kind <= SPECTRAL; kind++) {
        if (kind == SPECTRAL && pairs > cuts->budget / 2)
            break;
        CT_TRY(kind == SPECTRAL ? spectral(cuts, pixels, &start[kind])
                                : ct_order_of_lattice(lattice, kind, &start[kind]));
        for (int other = 0; other < kind && start[kind]; other++)
            if (start[other] &&
                !memcmp(start[other], start[kind], (size_t)pixels * sizeof **start)) {
                ct_free(start[kind]);
                start[kind] = NULL;
            }
    }
done:
    return status;
}
