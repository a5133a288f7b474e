/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/refiner.h"

cutropy_status ct_refiner_open(const ct_products *p, ct_refiner **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_refiner *r = NULL;
    *out = NULL;
    CT_NEW_ZERO(r, 1);
    r->p = p;
    if (pthread_mutex_init(&r->lock, NULL))
        status = ct_fail_memory("lock", sizeof r->lock);
    else
        *out = r;
done:
    if (status != CUTROPY_OK)
        ct_free(r);
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
