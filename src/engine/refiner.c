/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/refiner.h"

cutropy_status ct_refiner_open(const ct_products *p, ct_refiner **out)
{
    cutropy_status status = CUTROPY_OK;
    *out = NULL;
    CT_NEW_ZERO(*out, 1);
    (*out)->p = p;
    pthread_mutex_init(&(*out)->lock, NULL);
done:
    return status;
}

void ct_refiner_close(ct_refiner *r)
{
    if (!r)
        return;
    ct_product_fine_free(&r->fine);
    pthread_mutex_destroy(&r->lock);
    ct_free(r);
}

cutropy_status ct_refiner_numbers(ct_refiner *r, int threads, const ct_product_fine **out)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&r->lock);
    if (!r->made)
        status = ct_product_fine_make(r->p, threads, &r->fine);
    r->made = status == CUTROPY_OK;
    pthread_mutex_unlock(&r->lock);
    *out = r->made ? &r->fine : NULL;
    return status;
}
