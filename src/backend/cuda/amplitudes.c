/* SPDX-License-Identifier: Apache-2.0 */
/* The arrays of a form go to the device; then images go through the kernels in chunks. */
#include "backend/cuda/amplitudes.h"

#include <string.h>

#include "backend/cuda/thresholds.h"
#include "kernels.h"
#include "problem/forms.h"
#include "problem/network.h"

_Static_assert(CT_DEVICE_LOW_IMAGES == CT_LOW_IMAGES && CT_DEVICE_PIXELS == CT_INDEX_PIXELS &&
                   CT_DEVICE_MPS_CHI == CT_MPS_CHI,
               "kernels.h mirrors forms.h");
_Static_assert((int)CT_RULE_RELU == CT_LAYER_RELU && (int)CT_RULE_QUADRATIC == CT_LAYER_QUADRATIC &&
                   (int)CT_RULE_MAX == CT_LAYER_MAX && (int)CT_RULE_MEAN == CT_LAYER_MEAN &&
                   (int)CT_RULE_PRODUCT == CT_LAYER_PRODUCT,
               "kernels.h mirrors network.h");

/* One problem on its way through the device. */
typedef struct ct_amplitudes {
    ct_evaluation *e;
    int parts, low; /* low: images come in blocks of 2^low */
    int64_t chunk;  /* images, a multiple of 2^low */
    double *out;    /* chunk x parts */
    union {
        ct_device_ising ising;
        ct_device_logistic logistic;
        ct_device_mps mps;
        ct_device_rbm rbm;
        ct_device_layer layer[CT_NETWORK_LAYERS];
    } form;
    double *high;      /* rbm: factors of a chunk's blocks */
    double *host_high; /* the same on the host, owned */
    double *x[2];      /* network: the values of two layers */
} ct_amplitudes;

bool ct_amplitudes_serves(const cutropy_problem *problem)
{
    if (problem->form == CT_FORM_NETWORK) {
        const ct_network *network = problem->data;
        for (int k = 0; k < network->count; k++)
            if (network->layer[k].rule == CT_LAYER_TANH)
                return false;
    }
    return problem->form != CT_FORM_NONE && problem->form != CT_FORM_RANDOM;
}

/* ---- arrays of the form ---- */

/* Counts while the region only counts; else a copy of `bytes` bytes on the device. */
static cutropy_status put(ct_amplitudes *a, ct_region *region, const void *host, uint64_t bytes,
                          const void *out)
{
    cutropy_status status = CUTROPY_OK;
    void *device = ct_region_take(region, bytes ? bytes : 1);
    memcpy((void *)out, &device, sizeof device);
    if (device && bytes)
        CT_CUDA(a->e->device.number,
                cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, a->e->stream));
done:
    return status;
}

static cutropy_status put_ising(ct_amplitudes *a, ct_region *region)
{
    const ct_ising *f = a->e->problem->data;
    ct_device_ising *d = &a->form.ising;
    *d = (ct_device_ising){.pixels = f->pixels, .distances = f->distances};
    for (int k = 0; k < f->distances; k++) {
        d->distance[k] = f->distance[k];
        d->starts[k] = f->starts[k];
    }
    return put(a, region, f->value,
               sizeof(double) * (uint64_t)(f->bonds + 1) * (uint64_t)(f->pixels + 1), &d->value);
}

static cutropy_status put_logistic(ct_amplitudes *a, ct_region *region)
{
    const ct_logistic *f = a->e->problem->data;
    ct_device_logistic *d = &a->form.logistic;
    *d = (ct_device_logistic){.pixels = a->e->problem->lattice->pixels,
                              .low = a->low,
                              .sigmoid = f->sigmoid,
                              .bias = f->bias};
    memcpy(d->weight, f->weight, sizeof d->weight);
    return put(a, region, f->low, sizeof f->low, &d->low_sum);
}

static cutropy_status put_mps(ct_amplitudes *a, ct_region *region)
{
    cutropy_status status = CUTROPY_OK;
    const ct_mps *f = a->e->problem->data;
    ct_device_mps *d = &a->form.mps;
    const uint64_t chi = (uint64_t)f->chi, row = sizeof(double) * chi * (uint64_t)f->parts;
    *d = (ct_device_mps){.pixels = f->pixels, .low = a->low, .chi = f->chi, .parts = f->parts};
    CT_TRY(put(a, region, f->tensor, 2 * (uint64_t)f->pixels * chi * row, &d->tensor));
    CT_TRY(put(a, region, f->left, row * CT_LOW_IMAGES, &d->left));
done:
    return status;
}

static cutropy_status put_rbm(ct_amplitudes *a, ct_region *region)
{
    cutropy_status status = CUTROPY_OK;
    const ct_rbm *f = a->e->problem->data;
    ct_device_rbm *d = &a->form.rbm;
    const uint64_t blocks = (uint64_t)a->chunk >> a->low;
    *d = (ct_device_rbm){.low = a->low, .terms = f->terms, .parts = f->parts};
    for (int part = 0; part < f->parts; part++)
        CT_TRY(put(a, region, f->low[part], sizeof(double) * (uint64_t)f->terms * CT_LOW_IMAGES,
                   &d->factor[part]));
    a->high = ct_region_take(region, sizeof(double) * blocks * (uint64_t)(f->terms * f->parts));
    d->high = a->high;
done:
    return status;
}

static cutropy_status put_layer(ct_amplitudes *a, ct_region *region, const ct_layer *f, bool last,
                                ct_device_layer *d)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t entries = (uint64_t)f->start[f->positions],
                   weights = (uint64_t)f->outputs * (uint64_t)f->inputs * (uint64_t)f->taps;
    *d = (ct_device_layer){.rule = (int32_t)f->rule,
                           .inputs = f->inputs,
                           .outputs = f->outputs,
                           .in_positions = f->in_positions,
                           .positions = f->positions,
                           .taps = f->taps,
                           .last = last};
    CT_TRY(put(a, region, f->start, sizeof(int) * (uint64_t)(f->positions + 1), &d->start));
    CT_TRY(put(a, region, f->from, sizeof(int) * entries, &d->from));
    if (f->taps) {
        CT_TRY(put(a, region, f->tap, sizeof(int) * entries, &d->tap));
        CT_TRY(put(a, region, f->weight, sizeof(double) * weights, &d->weight));
        CT_TRY(put(a, region, f->bias, sizeof(double) * (uint64_t)f->outputs, &d->bias));
    }
done:
    return status;
}

/* The most values of one image between two layers. */
static uint64_t widest(const ct_network *network, int pixels)
{
    uint64_t most = (uint64_t)pixels;
    for (int k = 0; k < network->count; k++) {
        const uint64_t here =
            (uint64_t)network->layer[k].outputs * (uint64_t)network->layer[k].positions;
        most = here > most ? here : most;
    }
    return most;
}

static cutropy_status put_network(ct_amplitudes *a, ct_region *region)
{
    cutropy_status status = CUTROPY_OK;
    const ct_network *f = a->e->problem->data;
    const uint64_t bytes =
        sizeof(double) * (uint64_t)a->chunk * widest(f, a->e->problem->lattice->pixels);
    for (int k = 0; k < f->count; k++)
        CT_TRY(put_layer(a, region, &f->layer[k], k == f->count - 1, &a->form.layer[k]));
    for (int side = 0; side < 2; side++)
        a->x[side] = ct_region_take(region, bytes);
done:
    return status;
}

/* Everything on the device, for chunks of `chunk` images. */
static cutropy_status put_all(ct_amplitudes *a, ct_region *region, int64_t chunk)
{
    a->chunk = chunk;
    ct_region_rewind(region, 0);
    a->out = ct_region_take(region, sizeof(double) * (uint64_t)(chunk * a->parts));
    switch (a->e->problem->form) {
    case CT_FORM_ISING:
        return put_ising(a, region);
    case CT_FORM_LOGISTIC:
        return put_logistic(a, region);
    case CT_FORM_MPS:
        return put_mps(a, region);
    case CT_FORM_RBM:
        return put_rbm(a, region);
    case CT_FORM_NETWORK:
        return put_network(a, region);
    default:
        return ct_fail(CUTROPY_EINTERNAL, "a function without a form came to a device");
    }
}

/* The largest chunks that the device has room for; *served = false: not even one block of images.
 */
static cutropy_status open_memory(ct_amplitudes *a, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation *e = a->e;
    const int64_t images = INT64_C(1) << e->problem->lattice->pixels;
    int64_t chunk = images < CT_CUDA_CHUNK ? images : CT_CUDA_CHUNK;
    *served = false;
    for (;; chunk /= 2) {
        ct_region counting = ct_region_counting();
        CT_TRY(put_all(a, &counting, chunk));
        if (counting.used <= e->device.room) {
            CT_TRY(ct_region_open(e->device.number, counting.used, counting.used, &e->region));
            break;
        }
        if (chunk <= INT64_C(1) << a->low)
            return CUTROPY_OK;
    }
    CT_TRY(put_all(a, &e->region, chunk));
    if (e->region.used > e->region.size)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the memory of an evaluation was planned too small"));
    if (e->problem->form == CT_FORM_RBM)
        CT_NEW(a->host_high,
               (uint64_t)(chunk >> a->low) * (uint64_t)(a->form.rbm.terms * a->form.rbm.parts));
    *served = true;
done:
    return status;
}

/* ---- chunks ---- */

/* The factors of the high pixels need exp, sin and cos of the C library: one set a block of images.
 */
static cutropy_status send_high_factors(ct_amplitudes *a, uint64_t first)
{
    cutropy_status status = CUTROPY_OK;
    const ct_rbm *f = a->e->problem->data;
    const uint64_t blocks = (uint64_t)a->chunk >> a->low, each = (uint64_t)(f->terms * f->parts);
    for (uint64_t b = 0; b < blocks; b++) {
        double *re = a->host_high + b * each;
        f->high(f, first + (b << a->low), re, f->parts == 2 ? re + f->terms : NULL);
    }
    CT_CUDA(a->e->device.number,
            cudaMemcpyAsync(a->high, a->host_high, sizeof(double) * blocks * each,
                            cudaMemcpyHostToDevice, a->e->stream));
done:
    return status;
}

static cutropy_status run_network(ct_amplitudes *a, uint64_t first)
{
    cutropy_status status = CUTROPY_OK;
    const ct_network *f = a->e->problem->data;
    const int device = a->e->device.number;
    CT_CUDA(device, ct_launch_spins(a->e->problem->lattice->pixels, (int64_t)first, a->chunk,
                                    a->x[0], a->e->stream));
    for (int k = 0; k < f->count; k++)
        CT_CUDA(device,
                ct_launch_layer(&a->form.layer[k], a->chunk, a->x[k & 1],
                                k == f->count - 1 ? a->out : a->x[(k + 1) & 1], a->e->stream));
done:
    return status;
}

static cutropy_status run_chunk(ct_amplitudes *a, uint64_t first)
{
    cutropy_status status = CUTROPY_OK;
    const int device = a->e->device.number;
    const cudaStream_t stream = a->e->stream;
    const int64_t at = (int64_t)first;
    switch (a->e->problem->form) {
    case CT_FORM_ISING:
        CT_CUDA(device, ct_launch_ising(&a->form.ising, at, a->chunk, a->out, stream));
        break;
    case CT_FORM_LOGISTIC:
        CT_CUDA(device, ct_launch_logistic(&a->form.logistic, at, a->chunk, a->out, stream));
        break;
    case CT_FORM_MPS:
        CT_CUDA(device, ct_launch_mps(&a->form.mps, at, a->chunk, a->out, stream));
        break;
    case CT_FORM_RBM:
        CT_TRY(send_high_factors(a, first));
        CT_CUDA(device, ct_launch_rbm(&a->form.rbm, a->chunk, a->out, stream));
        break;
    default:
        CT_TRY(run_network(a, first));
    }
done:
    return status;
}

cutropy_status ct_amplitudes_fill(ct_evaluation *evaluation, double *values, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t images = UINT64_C(1) << evaluation->problem->lattice->pixels;
    ct_amplitudes a = {.e = evaluation,
                       .parts = evaluation->problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1,
                       .low = ct_low_pixels(evaluation->problem)};
    CT_TRY(open_memory(&a, served));
    for (uint64_t first = 0; first < images && *served; first += (uint64_t)a.chunk) {
        CT_TRY(ct_evaluation_ask(evaluation, first, images));
        CT_TRY(run_chunk(&a, first));
        CT_CUDA(evaluation->device.number,
                cudaMemcpyAsync(values + first * (uint64_t)a.parts, a.out,
                                sizeof(double) * (uint64_t)(a.chunk * a.parts),
                                cudaMemcpyDeviceToHost, evaluation->stream));
        CT_CUDA(evaluation->device.number, cudaStreamSynchronize(evaluation->stream));
    }
done:
    if (a.host_high && status != CUTROPY_OK)
        (void)cudaStreamSynchronize(evaluation->stream); /* it may still be read */
    ct_free(a.host_high);
    return status;
}
