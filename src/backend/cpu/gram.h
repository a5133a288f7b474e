/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices by products of rows over fixed tiles: the same bits for any number of threads. */
#ifndef CT_CPU_GRAM_H
#define CT_CPU_GRAM_H

#include "backend/operations.h"

cutropy_status ct_gram_integer(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                               const int64_t *weight, int64_t *g, int threads);
cutropy_status ct_gram_real(int64_t n, int64_t k, const double *q, double *h, int threads);
cutropy_status ct_gram_complex(int64_t n, int64_t k, const double *q, double *h, int threads);
cutropy_status ct_gram_cut(const ct_function *f, uint64_t mask, double *h, int threads);

#endif
