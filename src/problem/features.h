/* SPDX-License-Identifier: Apache-2.0 */
/* Feature maps: what a grey value x becomes at its site. */
#ifndef CT_FEATURES_H
#define CT_FEATURES_H

#include "problem/products.h"

typedef enum ct_map {
    CT_MAP_COS,    /* (cos(pi theta x), sin(pi theta x)) */
    CT_MAP_POLY,   /* (1, x) */
    CT_MAP_LEVELS, /* the unit vector of the bin of x in 0..1 */
    CT_MAP_PHASE   /* (1, exp(2 i pi theta x)) / sqrt 2 */
} ct_map;

#define CT_MAP_WORDS "cos|poly|levels|phase"

/* Angles are reduced exactly, so that the error of a factor does not grow with theta; products stay in the range of doubles. */
#define CT_MOST_THETA 1e100

typedef struct ct_features {
    ct_map map;
    double theta;   /* of cos and phase, up to CT_MOST_THETA */
    double scale;   /* the value of x = 1, positive: x = value / scale */
    int bins;       /* of CT_MAP_LEVELS, 2 .. CT_MOST_DIMENSION */
    bool normalise; /* the norm of every image goes; else it stays in y */
} ct_features;

/* The map of a word of CT_MAP_WORDS. */
ct_map ct_map_of(const char *word);

/* floor(bins value / scale) exactly, of a value of 0..scale: the last bin has scale too. */
int ct_bin_of(double value, double scale, int bins);

/* Factors of count x sites values of 0..scale, settled; weights: y_m, NULL: 1 each. name is for messages. Errors: CUTROPY_EINPUT
 * (theta is not positive or too large), CUTROPY_EMEMORY. */
cutropy_status ct_features_make(const ct_features *features, const double *value, int64_t count,
                                int sites, const double *weight, const char *name,
                                ct_products **out);

#endif
