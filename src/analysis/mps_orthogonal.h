/* SPDX-License-Identifier: Apache-2.0 */
/* A diagram as a matrix product state of isometries, in doubles. */
#ifndef CT_MPS_ORTHOGONAL_H
#define CT_MPS_ORTHOGONAL_H

#include "frontier/diagram.h"

#define CT_ORTHOGONAL_LARGEST 1000 /* pixels: 2^N is far from the end of the range of doubles */

typedef struct ct_orthogonal {
    int sites;
    int parts;         /* 1, or 2 for complex numbers */
    int32_t *bond;     /* sites + 1 */
    double **site;     /* left x 2 x right (x parts) */
    double *discarded; /* sites + 1: of each bond, the weight that was cut off */
    double error;      /* proved: || f / |f| - MPS || is not larger */
} ct_orthogonal;

/* Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED, CUTROPY_ECANCELLED. On error too it is to be freed. */
cutropy_status ct_orthogonal_make(const ct_diagram *diagram, const ct_operations *backend,
                                  double cutoff, const ct_watch *watch, ct_orthogonal *out);
void ct_orthogonal_free(ct_orthogonal *mps);

#endif
