/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvectors of one real symmetric matrix, for refinement; nothing else needs them. */
#ifndef CT_EIGENVECTORS_H
#define CT_EIGENVECTORS_H

#include "base/base.h"

/* a: n x n, row-major, upper triangle; becomes the eigenvectors, row j belongs to values[j]
 * (ascending). One thread. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED (n > 30000). */
cutropy_status ct_cpu_eigenvectors(int64_t n, double *a, double *values);

#endif
