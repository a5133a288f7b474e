/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that are 0 but for a list of images: amplitudes by index or image, lists with repeated images, qudits packed
 * into pixels. */
#ifndef CT_SPARSE_H
#define CT_SPARSE_H

#include "input/image_list.h"
#include "input/npy.h"
#include "problem/problem.h"

/* What becomes of an image that stands in a list m times. */
typedef enum ct_multiplicity { CT_REPEATS_SET, CT_REPEATS_SQRT, CT_REPEATS_COUNT } ct_multiplicity;

/* How files of this problem are read. */
typedef struct ct_sparse_how {
    const char *path; /* for messages */
    bool msb;         /* of indices: pixel (site) 0 is the most significant */
    int local;        /* numbers of a site; 2: pixels */
} ct_sparse_how;

/* Is this archive one of index or images, and value? Errors: those of ct_npz_names. */
cutropy_status ct_sparse_is_npz(const char *path, bool *is);
/* Is this text a table of index or image, and value? */
bool ct_sparse_is_csv(const uint8_t *bytes, size_t size);

/* Makes the problem's evaluator, and its lattice where none was given. Errors: CUTROPY_EINPUT (with the line or place),
 * CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_sparse_from_npz(const ct_sparse_how *how, cutropy_problem *problem);
cutropy_status ct_sparse_from_csv(const uint8_t *bytes, size_t size, const ct_sparse_how *how,
                                  cutropy_problem *problem);
/* local^L values on one axis, or on L axes of `local` (the first for site L - 1, with msb for site 0): site k becomes the pixels k b ..
 * k b + b - 1, b the bits of local - 1, which show its number; the lattice is b x L, if none was given. */
cutropy_status ct_sparse_from_qudits(const ct_npy *array, const ct_sparse_how *how,
                                     cutropy_problem *problem);
/* The value of an image is how often it stands in the list, or the root of that; set: nothing is made. distinct: the different
 * images. The problem has its lattice. */
cutropy_status ct_sparse_from_images(const ct_image_list *list, ct_multiplicity multiplicity,
                                     const ct_sparse_how *how, cutropy_problem *problem,
                                     size_t *distinct);

#endif
