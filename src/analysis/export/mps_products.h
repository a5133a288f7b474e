/* SPDX-License-Identifier: Apache-2.0 */
/* A sum of product states as a matrix product state of isometries. */
#ifndef CT_MPS_PRODUCTS_H
#define CT_MPS_PRODUCTS_H

#include "analysis/export/mps_orthogonal.h"
#include "backend/function.h"

/* f: CT_PRODUCTS. Site k is the pixel order[k] (NULL: k); the label, where there is one, is one more site, the last. Errors: CUTROPY_EUNSUPPORTED (two
 * labels, too many sites), CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. On error too *out is to be freed. Cost, M terms: 8 M^3 a site or so, and
 * M^2 numbers of memory a site. */
cutropy_status ct_orthogonal_products(const ct_function *f, const int *order,
                                      const ct_operations *operations, double cutoff,
                                      uint64_t memory_limit, int threads, const ct_watch *watch,
                                      ct_orthogonal *out);

#endif
