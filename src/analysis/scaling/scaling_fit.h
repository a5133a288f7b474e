/* SPDX-License-Identifier: Apache-2.0 */
/* The models of a scaling analysis: their columns, the points that they are fitted to, and the fits (docs/scaling.md). */
#ifndef CT_SCALING_FIT_H
#define CT_SCALING_FIT_H

#include "analysis/scaling/scaling.h"

/* Points that no symmetry makes equal, sorted by shape; the empty and the full cut are no evidence.
 */
typedef struct ct_scaling_sample {
    const cutropy_scaling_point **point;
    size_t count, shapes;
    double *y;                       /* entropies */
    double mean, spread;             /* of y; spread = sum of squared deviations */
    double square_sum, error_square; /* of y and of the errors */
    double scatter;                  /* sum of squared deviations from the mean of the shape */
} ct_scaling_sample;

static inline int ct_scaling_side(const cutropy_scaling_point *p)
{
    return p->na < p->nb ? p->na : p->nb;
}

/* log2 l */
double ct_scaling_log_size(const cutropy_scaling_point *point);

/* Free with ct_scaling_sample_free, also after an error (CUTROPY_EMEMORY); out: cleared. */
cutropy_status ct_scaling_sample_make(const cutropy_scaling_point *points, size_t count,
                                      ct_scaling_sample *out);
/* The larger half of the sizes: 2 m >= the largest m. */
cutropy_status ct_scaling_sample_large(const ct_scaling_sample *all, int largest,
                                       ct_scaling_sample *out);
void ct_scaling_sample_free(ct_scaling_sample *s);

/* If the true entropies obey the model, the residuals are a projection of the errors: not longer
 * than the errors. */
bool ct_scaling_explained(const ct_scaling_sample *s, double square_sum);

/* Errors: CUTROPY_EMEMORY. */
cutropy_status ct_scaling_fit(const ct_scaling_sample *all, const ct_scaling_sample *large,
                              cutropy_scaling_model model, cutropy_model_fit *out);

#endif
