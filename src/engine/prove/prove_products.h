/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_PROVE_PRODUCTS_H
#define CT_PROVE_PRODUCTS_H

#include "engine/function/result.h"
#include "engine/function/setting.h"

/* One record of a sum of product states: as many decimals as come out in the memory that there is. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC,
 * CUTROPY_EINTERNAL, CUTROPY_ECANCELLED. */
cutropy_status ct_prove_products(const ct_setting *setting, const uint64_t *mask, int threads,
                                 cutropy_record *record);
/* Bytes of a cut, about. */
uint64_t ct_prove_products_bytes(const struct ct_products *p, int digits);
/* Operations of doubles that take as long as one cut, about, from what runs took. Terms that cancel take integers, and where a decimal stays
 * open twice as many bits follow: both are more than this. */
double ct_prove_products_work(const struct ct_products *p, int digits);

#endif
