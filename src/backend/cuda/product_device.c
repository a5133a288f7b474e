/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/product_device.h"

#include <pthread.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* of what is behind it */
static ct_product_device kept;

static void close_all(ct_product_device *d)
{
    if (!d->stream)
        return;
    (void)cudaSetDevice(d->device.number); /* what failed before was reported */
    (void)cudaStreamSynchronize(d->stream);
    ct_region_close(&d->room);
    ct_region_close(&d->state);
    ct_libraries_close(d->libraries);
    (void)cudaStreamDestroy(d->stream);
    *d = (ct_product_device){0};
}

static cutropy_status open_device(ct_product_device *d, bool with_libraries)
{
    cutropy_status status = CUTROPY_OK;
    ct_device device;
    CT_TRY(ct_device_describe(0, &device));
    if (d->stream && d->device.number != device.number)
        close_all(d);
    d->device = device;
    CT_TRY(ct_device_use(&d->device));
    if (!d->stream)
        CT_CUDA(device.number, cudaStreamCreateWithFlags(&d->stream, cudaStreamNonBlocking));
    if (with_libraries && !d->libraries)
        CT_TRY(ct_libraries_open(device.number, d->stream, &d->libraries));
done:
    return status;
}

static cutropy_status upload(ct_product_device *d, const ct_products *p)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t bytes =
        (uint64_t)p->sites * (uint64_t)p->dimension * (p->is_complex ? 16 : 8) * (uint64_t)p->terms;
    if (d->of == p && d->checksum == p->checksum)
        return CUTROPY_OK;
    d->of = NULL;
    ct_region_close(&d->state);
    CT_TRY(ct_device_room(&d->device));
    if (bytes > d->device.room / 2)
        return ct_fail(CUTROPY_EUNSUPPORTED, "device %d: no room for %lld terms", d->device.number,
                       (long long)p->terms);
    CT_TRY(ct_region_open(d->device.number, bytes + 256, bytes + 256, &d->state));
    double *factor = ct_region_take(&d->state, bytes);
    if (!factor)
        CT_TRY(ct_fail_memory("factors on a device", bytes));
    CT_CUDA(d->device.number,
            cudaMemcpyAsync(factor, p->factor, bytes, cudaMemcpyHostToDevice, d->stream));
    CT_CUDA(d->device.number, cudaStreamSynchronize(d->stream)); /* p may go */
    d->p = (ct_device_products){.terms = p->terms,
                                .dimension = p->dimension,
                                .parts = p->is_complex ? 2 : 1,
                                .factor = factor};
    d->of = p;
    d->checksum = p->checksum;
done:
    return status;
}

cutropy_status ct_product_device_enter(const ct_products *p, bool with_libraries,
                                       ct_product_device **out)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&turn);
    *out = &kept;
    CT_TRY(open_device(&kept, with_libraries));
    CT_TRY(upload(&kept, p));
    CT_TRY(ct_device_room(&kept.device));
done:
    return status;
}

void ct_product_device_leave(cutropy_status status)
{
    if (kept.stream) /* the turn is ours */
        ct_region_close(&kept.room);
    if ((status != CUTROPY_OK && status != CUTROPY_EUNSUPPORTED) || !ct_devices_held())
        close_all(&kept);
    pthread_mutex_unlock(&turn);
}

void ct_product_device_close(void)
{
    pthread_mutex_lock(&turn);
    close_all(&kept);
    pthread_mutex_unlock(&turn);
}
