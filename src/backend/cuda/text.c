/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel of a C text is loaded; then items, words of labels or values, go through it in chunks. The kernel reports what would be
 * undefined (src/ctext/checked.h), and pieces are compared with the CPU's, to see that both compilers
 * are right. */
#include "backend/cuda/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/cuda/thresholds.h"
#include "base/bits.h"
#include "kernels.h"
#include "problem/problem.h"

#define COMPARED 16       /* pieces that the CPU computes again, */
#define COMPARED_ITEMS 64 /* of so many items */

typedef struct ct_text {
    ct_evaluation *e;
    cudaLibrary_t library;
    cudaKernel_t kernel;
    uint64_t items, chunk;     /* of the function, and of those that are computed together */
    uint64_t *device, *report; /* chunk, 1 */
    uint64_t reported;         /* on its way from the device */
} ct_text;

/* What is said of code, not of a device: NVRTC and the driver do not fit together. */
static bool is_about_code(cudaError_t error)
{
    switch ((int)error) {
    case 200: /* cudaErrorInvalidKernelImage */
    case 209: /* cudaErrorNoKernelImageForDevice */
    case 218: /* cudaErrorInvalidPtx */
    case 221: /* cudaErrorJitCompilerNotFound */
    case 222: /* cudaErrorUnsupportedPtxVersion */
        return true;
    default:
        return false;
    }
}

/* *served = false: there is no code for this device. */
static cutropy_status load(ct_text *t, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_problem *problem = t->e->problem;
    void *code = NULL;
    size_t bytes = 0;
    status = problem->device_code(problem, t->e->device.capability, &code, &bytes);
    *served = status == CUTROPY_OK;
    if (status == CUTROPY_EUNSUPPORTED)
        return CUTROPY_OK;
    if (status)
        return status;
    cudaError_t error = cudaLibraryLoadData(&t->library, code, NULL, NULL, 0, NULL, NULL, 0);
    if (error == cudaSuccess) /* which may load it only now */
        error = cudaLibraryGetKernel(&t->kernel, t->library, "ct_ctext_kernel");
    if (is_about_code(error)) {
        char why[200];
        (void)cudaGetLastError();
        snprintf(why, sizeof why, "the driver does not take the code of NVRTC: %s",
                 cudaGetErrorString(error));
        problem->device_refused(problem, why);
        *served = false;
    } else {
        CT_CUDA(t->e->device.number, error);
    }
done:
    ct_free(code);
    return status;
}

/* ---- memory ---- */

static void place_all(ct_text *t, ct_region *region)
{
    ct_region_rewind(region, 0);
    t->device = ct_region_take(region, 8 * t->chunk);
    t->report = ct_region_take(region, sizeof *t->report);
}

/* The largest chunk that there is room for; *served = false: not even a small one. */
static cutropy_status open_memory(ct_text *t, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t most = CT_CUDA_TEXT;
    t->chunk = t->items < most ? t->items : most;
    for (;; t->chunk /= 2) {
        ct_region counting = ct_region_counting();
        place_all(t, &counting);
        *served = counting.used <= t->e->device.room;
        if (*served) {
            CT_TRY(
                ct_region_open(t->e->device.number, counting.used, counting.used, &t->e->region));
            place_all(t, &t->e->region);
        }
        if (*served || t->chunk == 1)
            break;
    }
done:
    return status;
}

/* ---- chunks ---- */

/* *served = false: something was undefined. */
static cutropy_status fill(ct_text *t, uint64_t *out, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const int device = t->e->device.number;
    const cudaStream_t stream = t->e->stream;
    CT_CUDA(device, cudaMemsetAsync(t->report, 0, sizeof *t->report, stream));
    for (uint64_t first = 0; first < t->items && *served; first += t->chunk) {
        const uint64_t left = t->items - first, count = left < t->chunk ? left : t->chunk;
        CT_TRY(ct_evaluation_ask(t->e, first, t->items));
        CT_CUDA(device, ct_launch_text(t->kernel, (int64_t)first, (int64_t)count, t->device,
                                       t->report, stream));
        CT_CUDA(device,
                cudaMemcpyAsync(out + first, t->device, 8 * count, cudaMemcpyDeviceToHost, stream));
        CT_CUDA(device, cudaMemcpyAsync(&t->reported, t->report, sizeof t->reported,
                                        cudaMemcpyDeviceToHost, stream));
        CT_CUDA(device, cudaStreamSynchronize(stream));
        *served = t->reported == 0;
    }
    if (!*served)
        t->e->problem->device_refused(
            t->e->problem, "the device met what may be undefined behaviour, or no finite number");
done:
    return status;
}

/* The same items by the CPU's program. */
static cutropy_status compute(const ct_text *t, uint64_t first, uint64_t count, uint64_t *out)
{
    const cutropy_problem *problem = t->e->problem;
    if (problem->kind == CUTROPY_KIND_LABEL)
        return problem->fill_labels(problem, first, count, out);
    const cutropy_status status = problem->fill_values(problem, first, count, out);
    for (uint64_t i = 0; i < count && !status && problem->kind == CUTROPY_KIND_REAL; i++)
        if (out[i] == UINT64_C(1) << 63) /* -0.0, which functions do not have */
            out[i] = 0;
    return status;
}

static cutropy_status tell_other(const ct_text *t, uint64_t item, uint64_t differs)
{
    const bool label = t->e->problem->kind == CUTROPY_KIND_LABEL;
    return ct_fail(CUTROPY_EDEVICE,
                   "device %d: image 0x%" PRIx64 " of the C text has another %s there than on the "
                   "CPU: use --backend cpu",
                   t->e->device.number,
                   label ? 64 * item + (uint64_t)__builtin_ctzll(differs) : item,
                   label ? "label" : "value");
}

/* The first piece, the last one and some between. */
static cutropy_status compare(const ct_text *t, const uint64_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t items = t->items < COMPARED_ITEMS ? t->items : COMPARED_ITEMS,
                   pieces = t->items / items;
    uint64_t expected[COMPARED_ITEMS];
    for (uint64_t k = 0; k < COMPARED && k < pieces; k++) {
        const uint64_t first = (!k ? 0 : k == 1 ? pieces - 1 : ct_mix64(k) % pieces) * items;
        CT_TRY(compute(t, first, items, expected));
        for (uint64_t i = 0; i < items; i++)
            if (expected[i] != out[first + i])
                CT_TRY(tell_other(t, first + i, expected[i] ^ out[first + i]));
    }
done:
    return status;
}

cutropy_status ct_text_fill(ct_evaluation *evaluation, uint64_t *out, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = evaluation->problem->lattice->pixels;
    ct_text t = {.e = evaluation,
                 .items = evaluation->problem->kind == CUTROPY_KIND_LABEL ? ct_table_words(pixels)
                                                                          : UINT64_C(1) << pixels};
    CT_TRY(load(&t, served));
    if (*served)
        CT_TRY(open_memory(&t, served));
    if (*served)
        CT_TRY(fill(&t, out, served));
    if (*served)
        CT_TRY(compare(&t, out));
done:
    if (t.library) {
        (void)cudaStreamSynchronize(evaluation->stream); /* what failed before was reported */
        (void)cudaLibraryUnload(t.library);
    }
    return status;
}
