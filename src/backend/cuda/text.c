/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel of a C text is loaded; then words of labels go through it in chunks. What is right of one step on the CPU,
 * with its traps, is right of all steps (src/ctext/vocabulary.h), if the compilers are: so pieces of the table
 * are compared with the CPU's. */
#include "backend/cuda/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/cuda/thresholds.h"
#include "base/bits.h"
#include "kernels.h"
#include "problem/problem.h"

#define COMPARED 16       /* pieces of the table that the CPU computes again, */
#define COMPARED_WORDS 64 /* of so many words */

typedef struct ct_text {
    ct_evaluation *e;
    cudaLibrary_t library;
    cudaKernel_t kernel;
    uint64_t words, chunk; /* of the table, and of those that are computed together */
    uint64_t *out;         /* chunk */
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
    const int device = t->e->device.number;
    void *code = NULL;
    size_t bytes = 0;
    status = t->e->problem->device_code(t->e->problem, t->e->device.capability, &code, &bytes);
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
        t->e->problem->device_refused(t->e->problem, why);
        *served = false;
    } else {
        CT_CUDA(device, error);
    }
done:
    ct_free(code);
    return status;
}

/* The largest chunk that there is room for; *served = false: not even a small one. */
static cutropy_status open_memory(ct_text *t, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t most = CT_CUDA_TEXT_WORDS;
    t->chunk = t->words < most ? t->words : most;
    while (t->chunk > 1 && 8 * t->chunk > t->e->device.room)
        t->chunk /= 2;
    ct_region counting = ct_region_counting();
    (void)ct_region_take(&counting, 8 * t->chunk);
    *served = counting.used <= t->e->device.room;
    if (!*served)
        return CUTROPY_OK;
    CT_TRY(ct_region_open(t->e->device.number, counting.used, counting.used, &t->e->region));
    t->out = ct_region_take(&t->e->region, 8 * t->chunk);
done:
    return status;
}

static cutropy_status fill(const ct_text *t, uint64_t *table)
{
    cutropy_status status = CUTROPY_OK;
    const int device = t->e->device.number;
    for (uint64_t first = 0; first < t->words; first += t->chunk) {
        const uint64_t left = t->words - first, words = left < t->chunk ? left : t->chunk;
        CT_TRY(ct_evaluation_ask(t->e, first, t->words));
        CT_CUDA(device,
                ct_launch_text(t->kernel, (int64_t)first, (int64_t)words, t->out, t->e->stream));
        CT_CUDA(device, cudaMemcpyAsync(table + first, t->out, 8 * words, cudaMemcpyDeviceToHost,
                                        t->e->stream));
        CT_CUDA(device, cudaStreamSynchronize(t->e->stream));
    }
done:
    return status;
}

/* The first piece, the last one and some between. */
static cutropy_status compare(const ct_text *t, const uint64_t *table)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t words = t->words < COMPARED_WORDS ? t->words : COMPARED_WORDS,
                   pieces = t->words / words;
    uint64_t expected[COMPARED_WORDS];
    for (uint64_t k = 0; k < COMPARED && k < pieces; k++) {
        const uint64_t first = (!k ? 0 : k == 1 ? pieces - 1 : ct_mix64(k) % pieces) * words;
        CT_TRY(t->e->problem->fill_labels(t->e->problem, first, words, expected));
        for (uint64_t w = 0; w < words; w++)
            if (expected[w] != table[first + w])
                CT_TRY(ct_fail(CUTROPY_EDEVICE,
                               "device %d: image 0x%" PRIx64 " of the C text has another label "
                               "there than on the CPU: use --backend cpu",
                               t->e->device.number,
                               64 * (first + w) +
                                   (uint64_t)__builtin_ctzll(expected[w] ^ table[first + w])));
    }
done:
    return status;
}

cutropy_status ct_text_table(ct_evaluation *evaluation, uint64_t *table, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_text t = {.e = evaluation, .words = ct_table_words(evaluation->problem->lattice->pixels)};
    CT_TRY(load(&t, served));
    if (*served)
        CT_TRY(open_memory(&t, served));
    if (*served) {
        CT_TRY(fill(&t, table));
        CT_TRY(compare(&t, table));
    }
done:
    if (t.library) {
        (void)cudaStreamSynchronize(evaluation->stream); /* what failed before was reported */
        (void)cudaLibraryUnload(t.library);
    }
    return status;
}
