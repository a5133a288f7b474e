/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that lie in memory: labels, numbers or label-1 images. */
#ifndef CT_STORED_H
#define CT_STORED_H

#include "problem/problem.h"

/* Labels: 2^N bits; else 2^N numbers of the kind of the problem. From ct_alloc: they are the problem's data now. */
void ct_store_values(cutropy_problem *problem, void *values);
/* The same of the caller's, who keeps them. */
void ct_borrow_values(cutropy_problem *problem, const void *values);
/* count images with label 1, in any order, from ct_alloc: data are a ct_images, *images is cleared. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_store_images(cutropy_problem *problem, uint64_t **images, size_t count);

#endif
