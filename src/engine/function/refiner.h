/* SPDX-License-Identifier: Apache-2.0 */
/* What a sum of product states keeps for cuts whose bound is wide (product_refine.h): its numbers in twice the working precision, made
 * when they are first needed, once for all threads. */
#ifndef CT_REFINER_H
#define CT_REFINER_H

#include <pthread.h>

#include "certify/product_fine.h"

typedef struct ct_refiner {
    const ct_products *p;
    pthread_mutex_t lock; /* of what follows */
    bool made;
    ct_product_fine fine;
} ct_refiner;

/* Errors: CUTROPY_EMEMORY. */
cutropy_status ct_refiner_open(const ct_products *p, ct_refiner **out);
void ct_refiner_close(ct_refiner *r);

/* Its numbers, made if nobody has. Errors: those of ct_product_fine_make. */
cutropy_status ct_refiner_numbers(ct_refiner *r, int threads, const ct_product_fine **out);

#endif
