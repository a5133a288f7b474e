/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/file_table.h"

#include <stdio.h>

#include "base/bits.h"
#include "problem/create.h"
#include "problem/label.h"
#include "problem/stored.h"

#define CHUNK 4096

/* A chain of N pixels unless the user gave a lattice, which must have N pixels. */
static cutropy_status set_pixels(cutropy_problem *problem, const char *path, int pixels)
{
    char text[24];
    if (!problem->lattice) {
        snprintf(text, sizeof text, "chain:%d", pixels);
        return cutropy_lattice_parse(text, &problem->lattice);
    }
    if (problem->lattice->pixels != pixels)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: 2^%d values are a function of %d pixels, but the lattice %s has %d",
                       path, pixels, pixels, problem->lattice->name, problem->lattice->pixels);
    return CUTROPY_OK;
}

static cutropy_status count_pixels(uint64_t values, const char *path, int *pixels)
{
    if (values < 2 || (values & (values - 1)))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %llu values; a table has 2^N values, one for each image", path,
                       (unsigned long long)values);
    *pixels = ct_lowest(values);
    if (*pixels > CT_INDEX_PIXELS)
        return ct_fail(CUTROPY_EINPUT, "%s: 2^%d values; tables go up to 2^%d", path, *pixels,
                       CT_INDEX_PIXELS);
    return CUTROPY_OK;
}

static cutropy_status fail_zero(const char *path)
{
    return ct_fail(CUTROPY_EINPUT, "%s: all values are zero; a function needs one that is not",
                   path);
}

/* Whether all integers are 0 or 1, and whether all are 0. */
static cutropy_status scan_integers(const ct_npy *array, const char *path, bool *labels, bool *zero)
{
    int64_t chunk[CHUNK];
    *labels = *zero = true;
    for (uint64_t first = 0; first < array->count; first += CHUNK) {
        size_t count = array->count - first < CHUNK ? (size_t)(array->count - first) : CHUNK;
        cutropy_status status = ct_npy_integers(array, path, first, count, chunk);
        if (status != CUTROPY_OK)
            return status;
        for (size_t k = 0; k < count; k++) {
            *labels &= chunk[k] == 0 || chunk[k] == 1;
            *zero &= chunk[k] == 0;
        }
    }
    return CUTROPY_OK;
}

static cutropy_status load_labels(const ct_npy *array, const char *path, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    int64_t chunk[CHUNK];
    uint64_t *labels = NULL;
    CT_NEW_ZERO(labels, (array->count + 63) / 64);
    problem->kind = CUTROPY_KIND_LABEL;
    ct_store_values(problem, labels);
    for (uint64_t first = 0; first < array->count; first += CHUNK) {
        size_t count = array->count - first < CHUNK ? (size_t)(array->count - first) : CHUNK;
        CT_TRY(ct_npy_integers(array, path, first, count, chunk));
        for (size_t k = 0; k < count; k++)
            labels[(first + k) >> 6] |= (uint64_t)chunk[k] << ((first + k) & 63);
    }
done:
    return status;
}

static cutropy_status load_integers(const ct_npy *array, const char *path, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *values = NULL;
    bool labels, zero;
    CT_TRY(scan_integers(array, path, &labels, &zero));
    if (zero && !problem->pm1)
        return fail_zero(path);
    if (labels)
        return load_labels(array, path, problem);
    values = ct_alloc(array->count, sizeof *values);
    if (!values)
        return ct_fail_memory(path, array->count * sizeof *values);
    problem->kind = CUTROPY_KIND_INTEGER;
    ct_store_values(problem, values);
    CT_TRY(ct_npy_integers(array, path, 0, array->count, values));
done:
    return status;
}

static cutropy_status load_reals(const ct_npy *array, const char *path, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    size_t parts = array->type == CT_NPY_COMPLEX ? 2 : 1;
    double *values = ct_alloc(array->count, parts * sizeof(double));
    if (!values)
        return ct_fail_memory(path, array->count * parts * sizeof(double));
    problem->kind = parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    ct_store_values(problem, values);
    CT_TRY(ct_npy_reals(array, path, 0, array->count, values));
    bool zero = true;
    for (size_t k = 0; k < array->count * parts && zero; k++)
        zero = values[k] == 0;
    if (zero)
        return fail_zero(path);
done:
    return status;
}

bool ct_file_axes_of_two(const ct_npy *array)
{
    for (int d = 0; d < array->dimensions; d++)
        if (array->shape[d] != 2)
            return false;
    return array->dimensions > 0;
}

const ct_npy *ct_file_drop_axes(ct_npy *array)
{
    int kept = 0;
    for (int d = 0; d < array->dimensions; d++)
        if (array->shape[d] != 1)
            array->shape[kept++] = array->shape[d];
    array->dimensions = kept ? kept : array->dimensions;
    return array;
}

/* N axes of 2, whose first one belongs to the most significant bit of the image; with order=msb that is
 * pixel 0: the same numbers in the other order of axes. */
static void split_axes(ct_npy *array, int pixels, bool msb)
{
    if (array->dimensions == 1)
        array->fortran = false;
    array->dimensions = pixels;
    for (int d = 0; d < pixels; d++)
        array->shape[d] = 2;
    array->fortran ^= msb;
}

cutropy_status ct_file_load_table(ct_npy *array, const char *path, bool msb,
                                  cutropy_problem *problem)
{
    static const char *const words[] = {"labels", "integers", "real numbers", "complex numbers"};
    cutropy_status status = CUTROPY_OK;
    int pixels = 0;
    (void)ct_file_drop_axes(array);
    if (array->dimensions != 1 && !ct_file_axes_of_two(array))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: a table has one axis of 2^N values, or N axes of 2 (the first for "
                       "pixel N-1, with order=msb for pixel 0); grey images: data:images=FILE",
                       path);
    CT_TRY(count_pixels(array->count, path, &pixels));
    CT_TRY(set_pixels(problem, path, pixels));
    split_axes(array, pixels, msb);
    if (ct_npy_is_integer(array))
        CT_TRY(load_integers(array, path, problem));
    else
        CT_TRY(load_reals(array, path, problem));
    CT_TRY(ct_problem_note(problem, "%s: read as a table of 2^%d %s, %s", path, pixels,
                           words[problem->kind],
                           msb ? "pixel 0 the most significant bit" : "pixel i is bit i"));
    if (problem->pm1 && problem->kind != CUTROPY_KIND_LABEL)
        status =
            ct_fail(CUTROPY_EINPUT,
                    "%s: encoding=pm1 is for labels 0 and 1; this table has other values", path);
done:
    return status;
}

/* Pixel 0 becomes the lowest bit of an image instead of the highest. */
static cutropy_status turn_labels(int pixels, uint64_t **labels)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *turned = NULL;
    CT_NEW_ZERO(turned, pixels <= 6 ? 1 : (size_t)1 << (pixels - 6));
    for (uint64_t s = 0; s < UINT64_C(1) << pixels; s++) {
        uint64_t t = 0;
        for (int k = 0; k < pixels && ct_bit(*labels, s); k++)
            t |= (s >> k & 1) << (pixels - 1 - k);
        if (ct_bit(*labels, s))
            ct_set_bit(turned, t);
    }
    ct_free(*labels);
    *labels = turned;
done:
    return status;
}

cutropy_status ct_file_load_packed(const ct_npy *array, const char *path, bool msb,
                                   cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    int pixels = 3;
    uint64_t ones = 0, *labels = NULL;
    if (array->dimensions != 1 || array->type != CT_NPY_UINT || array->item != 1 || !array->count)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: format=packed needs one axis of u1: np.packbits(labels, bitorder=\"little\")",
            path);
    if (array->count > 1) {
        CT_TRY(count_pixels(array->count, path, &pixels));
        pixels += 3;
    } else if (problem->lattice && problem->lattice->pixels < 3) {
        pixels = problem->lattice->pixels; /* one byte holds up to 8 labels, the rest must be 0 */
    }
    CT_TRY(set_pixels(problem, path, pixels));
    CT_TRY(ct_label_index(problem, path));
    CT_NEW_ZERO(labels, (array->count + 7) / 8);
    for (uint64_t j = 0; j < array->count; j++) {
        labels[j >> 3] |= (uint64_t)array->data[j] << 8 * (j & 7);
        ones += array->data[j] != 0;
    }
    if (!ones && !problem->pm1)
        CT_TRY(fail_zero(path));
    if (pixels < 3 && labels[0] >> (1 << pixels))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: labels beyond the 2^%d images of the lattice", path,
                       pixels));
    if (msb)
        CT_TRY(turn_labels(pixels, &labels));
    ct_store_values(problem, labels);
    labels = NULL;
    CT_TRY(ct_problem_note(problem, "%s: read as a table of 2^%d packed labels, %s", path, pixels,
                           msb ? "pixel 0 the most significant bit" : "pixel i is bit i"));
done:
    ct_free(labels);
    return status;
}
