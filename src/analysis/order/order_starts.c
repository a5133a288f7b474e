/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order/order_starts.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/order/order_pairs.h"
#include "engine/state/state.h"

/* The first methods. */
enum {
    NUMBERS = CUTROPY_ORDER_NUMBERS,
    ROWS = CUTROPY_ORDER_ROWS,
    COLUMNS = CUTROPY_ORDER_COLUMNS,
    SPECTRAL = CUTROPY_ORDER_SPECTRAL
};

const char *ct_order_start_name(int start)
{
    static const char *const names[] = {"numbers", "rows", "columns", "spectral", "rearranged"};
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

static cutropy_status spectral(ct_order_cuts *cuts, int pixels, int **out)
{
    cutropy_status status = CUTROPY_OK;
    double *weight = NULL;
    CT_TRY(ct_order_pairs(cuts, pixels, &weight));
    CT_NEW(*out, pixels);
    for (int i = 0; i < pixels; i++)
        (*out)[i] = i;
    CT_TRY(ct_order_spectral(weight, pixels, *out, pixels));
done:
    ct_free(weight);
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
