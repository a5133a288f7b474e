/* SPDX-License-Identifier: Apache-2.0 */
/* The function itself as an archive of arrays: all values, or those that are not 0. */
#include "analysis/export/function_export.h"

#include <math.h>
#include <string.h>

#include "analysis/export/cut_matrix.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "input/npz_write.h"
#include "problem/frontier.h"
#include "problem/label.h"
#include "sheet/save.h"

#define CHUNK 4096

typedef struct function_export {
    const cutropy_state *state;
    bool sparse;
    cutropy_bit_order bits;
    uint64_t memory_limit;
    size_t item;     /* bytes of a value */
    void *value;     /* count of them, labels and integers as int64_t */
    uint64_t *index; /* sparse: count x words */
    uint64_t count;
} function_export;

static uint64_t turned(const function_export *e, uint64_t x)
{
    return ct_export_place(x, e->state->f.pixels, e->bits);
}

/* visit: an image and its value, which is not 0 unless all are wanted. */
static cutropy_status each_value(function_export *e,
                                 cutropy_status (*visit)(function_export *e, uint64_t image,
                                                         const void *value))
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_kind kind = e->state->f.kind;
    const uint64_t images = UINT64_C(1) << e->state->f.pixels;
    const size_t item = kind == CUTROPY_KIND_LABEL ? 1 : e->item;
    uint8_t chunk[CHUNK * 16], zero[16] = {0};
    for (uint64_t first = 0; first < images; first += CHUNK) {
        const uint64_t count = images - first < CHUNK ? images - first : CHUNK;
        CT_TRY(cutropy_state_values(e->state, first, count, chunk));
        for (uint64_t i = 0; i < count; i++) {
            const uint8_t *value = chunk + i * item;
            const int64_t label = (int8_t)*value;
            if (e->sparse && !memcmp(value, zero, item))
                continue;
            CT_TRY(visit(e, first + i, kind == CUTROPY_KIND_LABEL ? (const void *)&label : value));
        }
    }
done:
    return status;
}

static cutropy_status put(function_export *e, uint64_t image, const void *value)
{
    memcpy((uint8_t *)e->value + turned(e, image) * e->item, value, e->item);
    return CUTROPY_OK;
}

static cutropy_status count_one(function_export *e, uint64_t image, const void *value)
{
    (void)image, (void)value;
    e->count++;
    return CUTROPY_OK;
}

static cutropy_status append(function_export *e, uint64_t image, const void *value)
{
    e->index[e->count] = turned(e, image);
    memcpy((uint8_t *)e->value + e->count++ * e->item, value, e->item);
    return CUTROPY_OK;
}

/* 0 and 1: the list of its images, which may have any number of pixels. */
static cutropy_status take_images(function_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &e->state->f;
    int64_t *one;
    e->count = f->ones;
    CT_TRY(ct_cut_room("the list", 0, e->count, 8 * f->words + e->item, e->memory_limit, "--mps"));
    CT_NEW(e->index, e->count * f->words);
    CT_NEW(one, e->count);
    e->value = one;
    CT_TRY(cutropy_state_images(e->state, 0, e->count, e->index));
    for (uint64_t i = 0; i < e->count; i++) {
        one[i] = 1;
        if (f->words == 1)
            e->index[i] = turned(e, e->index[i]);
    }
done:
    return status;
}

/* A list of values as it is, but for the power of two by which extreme numbers are stored. */
static cutropy_status take_list(function_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &e->state->f;
    e->count = f->ones;
    CT_NEW(e->index, e->count * f->words);
    memcpy(e->index, f->images, e->count * f->words * sizeof *e->index);
    for (uint64_t i = 0; i < e->count && f->words == 1; i++)
        e->index[i] = turned(e, e->index[i]);
    e->value = ct_alloc(e->count, e->item);
    if (!e->value)
        return ct_fail_memory("values", e->count * e->item);
    memcpy(e->value, f->values, e->count * e->item);
    for (uint64_t i = 0; i < e->count * e->item / 8 && f->exponent; i++)
        ((double *)e->value)[i] = ldexp(((double *)e->value)[i], f->exponent);
done:
    return status;
}

static cutropy_status fail_all(int pixels)
{
    return ct_fail(CUTROPY_EUNSUPPORTED,
                   "all 2^%d values fit nowhere; --function sparse writes those of a list", pixels);
}

static cutropy_status take_values(function_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &e->state->f;
    if (f->kind == CUTROPY_KIND_LABEL && f->value[0] == 0 && e->sparse)
        return take_images(e);
    if (f->storage == CT_SPARSE && e->sparse)
        return take_list(e);
    if (f->pixels > CT_INDEX_PIXELS)
        return fail_all(f->pixels);
    if (e->sparse)
        CT_TRY(each_value(e, count_one));
    else
        e->count = UINT64_C(1) << f->pixels;
    CT_TRY(ct_cut_room("the function", 0, e->count, e->item + (e->sparse ? 8 : 0), e->memory_limit,
                       "--mps"));
    e->value = ct_alloc(e->count, e->item);
    if (!e->value)
        return ct_fail_memory("values", e->count * e->item);
    if (!e->sparse)
        return each_value(e, put);
    CT_NEW(e->index, e->count);
    e->count = 0;
    CT_TRY(each_value(e, append));
done:
    return status;
}

/* More than 64 pixels have no number: rows of 0 and 1, pixel 0 first. */
static cutropy_status add_index(const function_export *e, ct_npz_writer *w)
{
    cutropy_status status = CUTROPY_OK;
    const size_t pixels = (size_t)e->state->f.pixels, words = e->state->f.words;
    uint8_t *bit = NULL;
    if (words == 1)
        return ct_npz_add_vector(w, "index", CT_NPZ_ORDER "u8", 8, e->count, e->index);
    CT_TRY(ct_cut_room("images", 0, e->count * pixels, 1, e->memory_limit, "--mps"));
    CT_NEW(bit, e->count * pixels);
    for (uint64_t i = 0; i < e->count; i++)
        for (size_t p = 0; p < pixels; p++)
            bit[i * pixels + p] = (uint8_t)ct_bit(e->index + i * words, p);
    CT_TRY(ct_npz_add_matrix(w, "images", "|u1", 1, e->count, pixels, bit));
done:
    ct_free(bit);
    return status;
}

static cutropy_status write(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    const function_export *e = context;
    const cutropy_kind kind = e->state->f.kind;
    ct_npz_writer w = ct_npz_start(file);
    char type[8] = CT_NPZ_ORDER "f8";
    size_t item = e->item;
    CT_TRY(ct_export_texts(&w, e->sparse ? "sparse" : "dense", e->state, NULL, e->bits));
    if (e->sparse)
        CT_TRY(add_index(e, &w));
    if (kind == CUTROPY_KIND_LABEL || kind == CUTROPY_KIND_INTEGER)
        item = ct_npz_shorten(e->value, e->count, type);
    else if (kind == CUTROPY_KIND_COMPLEX)
        strcpy(type, CT_NPZ_ORDER "c16");
    CT_TRY(ct_npz_add_vector(&w, e->sparse ? "value" : "f", type, item, e->count, e->value));
done:
    return ct_npz_finish(&w, status);
}

cutropy_status cutropy_function_save(const cutropy_state *state, int sparse, cutropy_bit_order bits,
                                     const char *path, const cutropy_options *options)
{
    function_export e = {.state = state,
                         .sparse = sparse != 0,
                         .bits = bits,
                         .item = ct_value_bytes(state->f.kind),
                         .memory_limit = options && options->memory_limit ? options->memory_limit
                                                                          : state->memory_limit};
    cutropy_status status = CUTROPY_OK;
    if (state->f.storage != CT_SPARSE || !sparse)
        status = ct_state_needs_images(state, "an export of all values");
    if (!status)
        status = take_values(&e);
    if (!status)
        status = ct_save(path, write, &e);
    ct_free(e.value);
    ct_free(e.index);
    return status;
}

cutropy_status ct_function_export_check(const cutropy_problem *problem, bool sparse,
                                        const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = *ct_options_or_standard(options);
    const uint64_t limit = ct_memory_limit(&how);
    const int pixels = problem->lattice->pixels;
    cutropy_state *state = NULL;
    ct_frontier f;
    if (problem->lattice->infinite || problem->products || problem->list_images)
        return CUTROPY_OK;
    const bool labels = sparse && problem->kind == CUTROPY_KIND_LABEL && !problem->pm1;
    if (!labels && pixels > CT_INDEX_PIXELS)
        return fail_all(pixels);
    if (!sparse)
        return ct_cut_room("the function", 0, UINT64_C(1) << pixels, ct_value_bytes(problem->kind),
                           limit, "--mps");
    how.solver = ct_affine_serves(problem)              ? CT_SOLVE_AFFINE
                 : ct_frontier_open(problem, false, &f) ? CT_SOLVE_FRONTIER
                                                        : CT_SOLVE_AUTO;
    if (!labels || pixels < CT_TRIAL_PIXELS || how.solver == CT_SOLVE_AUTO)
        return CUTROPY_OK;
    status = cutropy_state_open(problem, &how, &state);
    if (status == CUTROPY_OK)
        status = ct_cut_room("the list", 0, state->f.ones, 8 * state->f.words + 8, limit, "--mps");
    else if (status != CUTROPY_ECANCELLED)
        status = CUTROPY_OK; /* then enumeration will tell */
    cutropy_state_free(state);
    return status;
}
