/* SPDX-License-Identifier: Apache-2.0 */
#include "input/grey.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/lattice.h>

#include "input/bytes.h"
#include "input/digits_csv.h"
#include "input/grey_folder.h"
#include "input/idx.h"
#include "input/npy.h"
#include "input/npz.h"

/* made from data/digits.csv.gz at build time (cmake/embed.cmake) */
extern const unsigned char ct_digits_gz[];
extern const size_t ct_digits_gz_size;

/* An array of numbers with up to 3 axes, whatever the file was. */
typedef struct ct_numbers {
    int axes;
    uint64_t shape[3], count;
    double *value;
    double scale;
} ct_numbers;

static cutropy_status from_npy(const uint8_t *bytes, size_t size, const char *name, ct_numbers *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *integer = NULL;
    ct_npy array;
    CT_TRY(ct_npy_parse(bytes, size, name, &array));
    if (array.type == CT_NPY_COMPLEX)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: real numbers are expected, and these are complex", name));
    if (array.dimensions < 1 || array.dimensions > 3) {
        char shape[24 * CT_NPY_DIMENSIONS] = "";
        for (int i = 0, at = 0; i < array.dimensions; i++)
            at += snprintf(shape + at, sizeof shape - (size_t)at, i ? " x %" PRIu64 : "%" PRIu64,
                           array.shape[i]);
        CT_TRY(
            ct_fail(CUTROPY_EINPUT,
                    "%s: an array with 1 to 3 axes is expected (images: image x pixel, or image x "
                    "row x column), and this one has %d%s%s",
                    name, array.dimensions, *shape ? ": " : "", shape));
    }
    out->axes = array.dimensions;
    for (int i = 0; i < out->axes; i++)
        out->shape[i] = array.shape[i];
    out->count = array.count;
    CT_NEW(out->value, array.count);
    if (!ct_npy_is_integer(&array)) {
        out->scale = 1;
        CT_TRY(ct_npy_reals(&array, name, 0, array.count, out->value));
        goto done;
    }
    out->scale = array.type == CT_NPY_BOOL                      ? 1
                 : array.type == CT_NPY_UINT && array.item == 1 ? 255
                                                                : 0;
    CT_NEW(integer, array.count);
    CT_TRY(ct_npy_integers(&array, name, 0, array.count, integer));
    for (uint64_t i = 0; i < array.count; i++)
        out->value[i] = (double)integer[i];
done:
    ct_free(integer);
    return status;
}

static cutropy_status from_idx(const uint8_t *bytes, size_t size, const char *name, ct_numbers *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_idx array;
    CT_TRY(ct_idx_parse(bytes, size, name, &array));
    out->axes = array.axes;
    for (int i = 0; i < out->axes; i++)
        out->shape[i] = array.shape[i];
    out->count = array.count;
    out->scale = array.type == 8 ? 255 : array.type >= 13 ? 1 : 0;
    CT_NEW(out->value, array.count);
    CT_TRY(ct_idx_numbers(&array, name, out->value));
done:
    return status;
}

static cutropy_status parse(const uint8_t *bytes, size_t size, const char *name, ct_numbers *out)
{
    if (ct_is_npy(bytes, size))
        return from_npy(bytes, size, name, out);
    if (ct_is_idx(bytes, size))
        return from_idx(bytes, size, name, out);
    return ct_fail(CUTROPY_EINPUT, "%s: neither .npy nor IDX (both may be gzip)", name);
}

/* FILE, gzip or not, or FILE.npz:NAME. */
static cutropy_status read_numbers(const char *path, ct_numbers *out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL, *unpacked = NULL;
    char *archive = NULL;
    size_t size = 0;
    const char *colon = ct_npz_colon(path);
    *out = (ct_numbers){0};
    if (colon) {
        archive = ct_strdup(path);
        if (!archive)
            CT_TRY(ct_fail_memory("path", strlen(path)));
        archive[colon - path] = '\0';
        CT_TRY(ct_npz_read(archive, colon + 1, &bytes, &size));
    } else {
        CT_TRY(ct_read_file(path, &bytes, &size));
        if (ct_is_zip(bytes, size)) {
            ct_free(bytes);
            bytes = NULL;
            CT_TRY(ct_npz_read(path, NULL, &bytes, &size));
        }
    }
    if (ct_is_gzip(bytes, size))
        CT_TRY(ct_gunzip(bytes, size, path, &unpacked, &size));
    CT_TRY(parse(unpacked ? unpacked : bytes, size, path, out));
done:
    ct_free(archive);
    ct_free(bytes);
    ct_free(unpacked);
    if (status != CUTROPY_OK) {
        ct_free(out->value);
        out->value = NULL;
    }
    return status;
}

cutropy_status ct_grey_digits(const uint8_t *bytes, size_t size, const char *name, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *grey = NULL, *label = NULL;
    size_t count = 0;
    CT_TRY(ct_digits_grey(bytes, size, name, &grey, &label, &count));
    *out = (ct_grey){.count = (int64_t)count,
                     .pixels = CT_DIGITS_PIXELS,
                     .lx = 8,
                     .ly = 8,
                     .scale = CT_DIGITS_BRIGHTEST};
    CT_NEW(out->value, count * CT_DIGITS_PIXELS);
    CT_NEW(out->label, count);
    for (size_t i = 0; i < count * CT_DIGITS_PIXELS; i++)
        out->value[i] = grey[i];
    for (size_t i = 0; i < count; i++)
        out->label[i] = label[i];
done:
    ct_free(grey);
    ct_free(label);
    return status;
}

cutropy_status ct_grey_read(const char *path, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_numbers array = {0};
    *out = (ct_grey){0};
    if (!strcmp(path, "digits"))
        return ct_grey_digits(ct_digits_gz, ct_digits_gz_size, "built-in digits", out);
    if (ct_is_folder(path))
        return ct_grey_folder(path, out);
    CT_TRY(read_numbers(path, &array));
    if (array.axes < 2)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: images have 2 axes (image, pixel) or 3 (image, row, column)", path));
    const uint64_t pixels = array.axes == 2 ? array.shape[1] : array.shape[1] * array.shape[2];
    if (!array.shape[0] || !pixels)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: there is no image in it", path));
    if (array.shape[1] > CUTROPY_MAX_PIXELS || pixels > CUTROPY_MAX_PIXELS ||
        array.shape[0] > INT32_MAX)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: %llu images of %llu pixels; at most 2^31 of %d pixels are read", path,
                       (unsigned long long)array.shape[0], (unsigned long long)pixels,
                       CUTROPY_MAX_PIXELS));
    *out = (ct_grey){.count = (int64_t)array.shape[0],
                     .pixels = (int)pixels,
                     .lx = array.axes == 3 ? (int)array.shape[2] : 0,
                     .ly = array.axes == 3 ? (int)array.shape[1] : 0,
                     .value = array.value,
                     .scale = array.scale};
    array.value = NULL;
done:
    ct_free(array.value);
    return status;
}

cutropy_status ct_grey_labels(const char *path, double **label, int64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    ct_numbers array = {0};
    *label = NULL;
    CT_TRY(read_numbers(path, &array));
    if (array.axes != 1)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: labels have one axis, one number an image", path));
    *label = array.value;
    *count = (int64_t)array.count;
    array.value = NULL;
done:
    ct_free(array.value);
    return status;
}
