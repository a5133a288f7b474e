/* SPDX-License-Identifier: Apache-2.0 */
/* A labelled data set becomes a problem: which images, which y, which side the label stands on. */
#ifndef CT_DATA_SET_H
#define CT_DATA_SET_H

#include "input/grey.h"
#include "problem/features.h"
#include "problem/problem.h"

typedef struct ct_data_choice {
    ct_features features;
    const char *label; /* none | real | pm1:K | class:K | onehot */
    unsigned sides;    /* onehot: CT_LABEL_A, CT_LABEL_B */
    int64_t first;     /* images, 0: all */
    int64_t per_class; /* the first ones of each label, 0: all */
    double scale;      /* what stands for 1; 0: what the file says */
} ct_data_choice;

/* The images become the function of the problem, whose lattice is set where the caller gave none: a sum of product states
 * (problem->products), or, black-white images of which none comes twice, a list of images. name is for messages. Errors:
 * CUTROPY_EINPUT (labels that are missing or do not fit, no image left, all images equal, a lattice of another size, a value
 * outside 0..scale), those of
 * ct_features_make. */
cutropy_status ct_data_set(const ct_grey *images, const ct_data_choice *choice, const char *name,
                           cutropy_problem *problem);

/* problem->text without the parameters of other maps than `map`. Errors: CUTROPY_EINPUT (one of them is given), CUTROPY_EMEMORY. */
cutropy_status ct_map_text(const ct_args *args, ct_map map, const char *name,
                           cutropy_problem *problem);

#endif
