/* SPDX-License-Identifier: Apache-2.0 */
/* A state as a matrix product state of isometries, in doubles: of a diagram, or of a sum of product states (mps_products.h). */
#ifndef CT_MPS_ORTHOGONAL_H
#define CT_MPS_ORTHOGONAL_H

#include "frontier/diagram.h"

#define CT_ORTHOGONAL_LARGEST 1000 /* pixels: 2^N is far from the end of the range of doubles */

typedef struct ct_orthogonal {
    int sites;
    int parts;          /* 1, or 2 for complex numbers */
    int32_t *dimension; /* sites: d of each */
    int32_t *bond;      /* sites + 1 */
    double **site;      /* left x d x right (x parts) */
    double *discarded;  /* sites + 1: of each bond, the weight that was cut off */
    double error;       /* proved: || psi - MPS || is not larger */
} ct_orthogonal;

/* Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED, CUTROPY_ECANCELLED. On error too it is to be freed. */
cutropy_status ct_orthogonal_make(const ct_diagram *diagram, const ct_operations *backend,
                                  double cutoff, uint64_t memory_limit, const ct_watch *watch,
                                  ct_orthogonal *out);
void ct_orthogonal_free(ct_orthogonal *mps);

/* ---- the sweep, for whatever has rows ---- */

/* psi = sum over i of L_k[i] (x) F_k[i] for every k: rows F_k of the sites from k on, and vectors L_k of the sites before, with
 * || sum L_k[i] (x) v_i ||^2 <= sum of weight_i |v_i|^2. F_N are numbers. */
typedef struct ct_rows {
    int sites, parts;
    const int32_t *dimension; /* sites */
    double norm; /* |psi|, within `relative` of itself; so are the numbers against those of psi */
    double relative;
    void *context;
    int64_t (*count)(const void *context, int k);
    const double *(*weight)(const void *context, int k);
    /* y: F_k[i] as count(k) x (d right) numbers, from x = F_{k+1} as count(k+1) x right; *scaled: some matrix B y with B^H B = the Gram
     * matrix of L_k, rows x (d right), to be freed. */
    cutropy_status (*fill)(const void *context, int k, int64_t right, const double *x, double *y,
                           double **scaled, int64_t *rows);
    /* A bound of || sum L_k[i] (x) v_i ||, rows v of `columns` doubles, rounding included. NULL: root of the sum of weights. */
    cutropy_status (*size)(const void *context, int k, int64_t columns, double *v, double *out);
    /* F_0 becomes one number; *error: bound of what rounds. NULL: it is one. */
    void (*join)(const void *context, double *x, double *error);
} ct_rows;

cutropy_status ct_orthogonal_sweep(const ct_rows *rows, double *ends, const ct_operations *backend,
                                   double cutoff, const ct_watch *watch, ct_orthogonal *out);

#endif
