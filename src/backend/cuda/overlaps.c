/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/overlaps.h"

#include "backend/cuda/product_device.h"
#include "backend/cuda/thresholds.h"

typedef struct ct_overlap_call {
    int sites;
    const int32_t *site, *term;
    int64_t rows, n;
    double *g;
} ct_overlap_call;

static cutropy_status fill(ct_product_device *d, const ct_overlap_call *c)
{
    cutropy_status status = CUTROPY_OK;
    const int device = d->device.number;
    const uint64_t numbers = (uint64_t)c->rows * (uint64_t)c->n * (uint64_t)d->p.parts * 8,
                   sites = (uint64_t)c->sites * 4, terms = (uint64_t)c->n * 4,
                   bytes = numbers + sites + terms + sizeof(ct_overlap_job) + 4 * 256;
    if (bytes > d->device.room)
        return ct_fail(CUTROPY_EUNSUPPORTED, "device %d: no room for overlaps", device);
    CT_TRY(ct_region_open(device, bytes, bytes, &d->room));
    double *g = ct_region_take(&d->room, numbers);
    int32_t *site = ct_region_take(&d->room, sites), *term = ct_region_take(&d->room, terms);
    ct_overlap_job *place = ct_region_take(&d->room, sizeof *place);
    if (!place)
        CT_TRY(ct_fail_memory("overlaps on a device", bytes));
    const ct_overlap_job job = {.rows = c->rows,
                                .n = c->n,
                                .ld = c->n,
                                .sites = c->sites,
                                .site = site,
                                .term = term,
                                .g = g};
    /* the lower triangle goes to the host, too */
    CT_CUDA(device, cudaMemsetAsync(g, 0, numbers, d->stream));
    CT_CUDA(device, cudaMemcpyAsync(site, c->site, sites, cudaMemcpyHostToDevice, d->stream));
    CT_CUDA(device, cudaMemcpyAsync(term, c->term, terms, cudaMemcpyHostToDevice, d->stream));
    CT_CUDA(device, cudaMemcpyAsync(place, &job, sizeof job, cudaMemcpyHostToDevice, d->stream));
    CT_CUDA(device, ct_launch_overlaps(&d->p, place, 1, c->rows, c->n, d->stream));
    CT_CUDA(device, cudaMemcpyAsync(c->g, g, numbers, cudaMemcpyDeviceToHost, d->stream));
    CT_CUDA(device, cudaStreamSynchronize(d->stream));
done:
    if (status != CUTROPY_OK)
        (void)cudaStreamSynchronize(d->stream); /* it may still read the job */
    return status;
}

cutropy_status ct_cuda_overlaps(const struct ct_products *p, int sites, const int32_t *site,
                                int64_t rows, int64_t n, const int32_t *term, double *g,
                                int threads)
{
    cutropy_status status = CUTROPY_OK;
    const ct_overlap_call call = {sites, site, term, rows, n, g};
    ct_product_device *d = NULL;
    if ((double)rows * (double)n * sites < CT_CUDA_OVERLAPS)
        return ct_operations_cpu()->overlaps(p, sites, site, rows, n, term, g, threads);
    CT_TRY(ct_product_device_enter(p, false, &d));
    CT_TRY(fill(d, &call));
done:
    ct_product_device_leave(status);
    if (status == CUTROPY_EUNSUPPORTED || status == CUTROPY_EMEMORY) /* the same bits */
        return ct_operations_cpu()->overlaps(p, sites, site, rows, n, term, g, threads);
    return status;
}
