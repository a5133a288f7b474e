/* SPDX-License-Identifier: Apache-2.0 */
/* Overlaps of the terms of sums of product states. */
#ifndef CT_CPU_OVERLAPS_H
#define CT_CPU_OVERLAPS_H

#include "backend/operations.h"

cutropy_status ct_cpu_overlaps(const struct ct_products *p, int sites, const int32_t *site,
                               int64_t rows, int64_t n, const int32_t *term, double *g,
                               int threads);
cutropy_status ct_cpu_overlaps_times(const struct ct_products *p, int sites, const int32_t *site,
                                     bool labelled, int64_t n, const int32_t *term, int64_t k,
                                     const double *x, double *y, int threads);

/* ct_cpu_overlaps of pairs factor + low, both as ct_products.factor, into pairs g + g_low. Every entry is off by ct_overlap2_error at most,
 * where factors have norm 1. */
cutropy_status ct_cpu_overlaps2(const struct ct_products *p, const double *factor,
                                const double *low, int sites, const int32_t *site, int64_t rows,
                                int64_t n, const int32_t *term, double *g, double *g_low,
                                int threads);
double ct_overlap2_error(const struct ct_products *p, int sites);

#endif
