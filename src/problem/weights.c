/* SPDX-License-Identifier: Apache-2.0 */
/* Where the numbers of a network come from: a random stream, or files of NumPy. */
#include "problem/weights.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "input/bytes.h"
#include "input/npz.h"

#define SUFFIX ".npy"
#define ORDER_TEXT "('cutropy problems %s' has the order and the shapes)"

/* ---- opening ---- */

static cutropy_status open_file(ct_weights *w)
{
    cutropy_status status = CUTROPY_OK;
    size_t size = 0;
    CT_TRY(ct_read_file(w->path, &w->bytes, &size));
    w->archive = ct_is_zip(w->bytes, size);
    if (w->archive)
        goto done;
    CT_TRY(ct_npy_parse(w->bytes, size, w->path, &w->array));
    if (w->array.dimensions != 1)
        status = ct_fail(CUTROPY_EINPUT,
                         "%s: an array of %d axes; one 1-d array with all weights is expected, or "
                         "a .npz or a folder with one array per tensor",
                         w->path, w->array.dimensions);
done:
    return status;
}

cutropy_status ct_weights_open(const ct_args *args, const char *problem, int parts, ct_weights *out)
{
    struct stat info;
    *out = (ct_weights){.problem = problem, .path = ct_arg_text(args, "weights"), .parts = parts};
    if (!out->path[0]) {
        out->seed = ct_arg_seed(args, "seed");
        return CUTROPY_OK;
    }
    const char *random = ct_arg_given(args, "seed")    ? "seed"
                         : ct_arg_given(args, "scale") ? "scale"
                                                       : NULL;
    if (random)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %s and weights are contradictory: weights from a file are taken as "
                       "they stand; leave out one of the two",
                       problem, random);
    if (stat(out->path, &info))
        return ct_fail(CUTROPY_EIO, "cannot read '%s': %s", out->path, strerror(errno));
    out->folder = S_ISDIR(info.st_mode);
    return out->folder ? CUTROPY_OK : open_file(out);
}

void ct_weights_close(ct_weights *weights)
{
    ct_free(weights->bytes);
    ct_free(weights->used);
    *weights = (ct_weights){0};
}

cutropy_status ct_weights_text(const ct_args *args, char **out)
{
    return ct_args_format(args, ct_arg_text(args, "weights")[0] ? "seed|scale" : "weights", out);
}

/* ---- reading ---- */

/* Entries first .. first + count - 1 of an array, with as many parts as the network has. */
static cutropy_status read_numbers(const ct_weights *w, const ct_npy *array, const char *name,
                                   uint64_t first, size_t count, double *out)
{
    if (array->type == CT_NPY_COMPLEX && w->parts == 1)
        return ct_fail(CUTROPY_EINPUT, "%s: complex weights in a real network", name);
    if (ct_npy_is_integer(array))
        return ct_fail(CUTROPY_EINPUT, "%s: weights are f4 or f8%s, not integers", name,
                       w->parts == 2 ? ", c8 or c16" : "");
    cutropy_status status = ct_npy_reals(array, name, first, count, out);
    if (status == CUTROPY_OK && w->parts == 2 && array->type == CT_NPY_FLOAT)
        for (size_t k = count; k-- > 0;) { /* from the end: in place */
            out[2 * k] = out[k];
            out[2 * k + 1] = 0;
        }
    return status;
}

static cutropy_status next_of_file(ct_weights *w, uint64_t count, double *out)
{
    uint64_t there = w->needed < w->array.count ? w->array.count - w->needed : 0;
    uint64_t take = count < there ? count : there;
    memset(out, 0, (size_t)count * (size_t)w->parts * sizeof *out);
    return take ? read_numbers(w, &w->array, w->path, w->needed, (size_t)take, out) : CUTROPY_OK;
}

/* "(4, 1, 3, 3)" */
static void format_shape(const ct_tensor *tensor, char text[64])
{
    size_t used = 0;
    for (int a = 0; a < tensor->axes; a++)
        used += (size_t)snprintf(text + used, 64 - used, "%s%d", a ? ", " : "(", tensor->shape[a]);
    snprintf(text + used, 64 - used, "%s", tensor->axes == 1 ? ",)" : ")");
}

/* Equal but for axes of length 1. */
static bool shape_fits(const ct_npy *array, const ct_tensor *tensor)
{
    int a = 0;
    for (int d = 0; d < array->dimensions; d++) {
        if (array->shape[d] == 1)
            continue;
        while (a < tensor->axes && tensor->shape[a] == 1)
            a++;
        if (a == tensor->axes || array->shape[d] != (uint64_t)tensor->shape[a])
            return false;
        a++;
    }
    while (a < tensor->axes && tensor->shape[a] == 1)
        a++;
    return a == tensor->axes;
}

static cutropy_status remember(ct_weights *w, const char *name)
{
    const cutropy_status status =
        CT_ROOM("names of tensors", w->used, w->used_count, w->used_room, 1);
    if (status != CUTROPY_OK)
        return status;
    memcpy(w->used[w->used_count++], name, CT_TENSOR_NAME);
    return CUTROPY_OK;
}

/* The .npy file of a tensor; path: what messages call it, and in a folder its place. */
static cutropy_status read_named(const ct_weights *w, const ct_tensor *tensor, const char *path,
                                 const char *shape, uint8_t **bytes, size_t *size)
{
    struct stat info;
    if (w->archive)
        return ct_npz_read(w->path, tensor->name, bytes, size);
    if (stat(path, &info) && errno == ENOENT)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: missing: this %s has a tensor %s of shape %s " ORDER_TEXT, path,
                       w->problem, tensor->name, shape, w->problem);
    return ct_read_file(path, bytes, size);
}

static cutropy_status next_by_name(ct_weights *w, const ct_tensor *tensor, size_t count,
                                   double *out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    char *path = NULL, shape[64];
    size_t size = 0, room = strlen(w->path) + CT_TENSOR_NAME + sizeof SUFFIX + 1;
    ct_npy array;

    format_shape(tensor, shape);
    CT_TRY(remember(w, tensor->name));
    CT_NEW(path, room);
    snprintf(path, room, w->archive ? "%s:%s" : "%s/%s" SUFFIX, w->path, tensor->name);
    CT_TRY(read_named(w, tensor, path, shape, &bytes, &size));
    CT_TRY(ct_npy_parse(bytes, size, path, &array));
    if (array.count != count || !shape_fits(&array, tensor))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: wrong shape (%llu numbers on %d axes): this %s needs %s " ORDER_TEXT,
                       path, (unsigned long long)array.count, array.dimensions, w->problem, shape,
                       w->problem));
    CT_TRY(read_numbers(w, &array, path, 0, count, out));
done:
    ct_free(path);
    ct_free(bytes);
    return status;
}

cutropy_status ct_weights_next(ct_weights *w, const ct_tensor *tensor, double *out)
{
    cutropy_status status = CUTROPY_OK;
    size_t count = 1;
    for (int a = 0; a < tensor->axes; a++)
        count *= (size_t)tensor->shape[a];
    if (!w->path[0])
        for (size_t k = 0; k < count * (size_t)w->parts; k++)
            out[k] = tensor->size * ct_random_normal(w->seed, w->counter++) / tensor->divisor;
    else if (w->folder || w->archive)
        status = next_by_name(w, tensor, count, out);
    else
        status = next_of_file(w, count, out);
    w->needed += count;
    return status;
}

/* ---- what is left over ---- */

static bool was_asked_for(const ct_weights *w, const char *name, size_t length)
{
    for (size_t k = 0; k < w->used_count; k++)
        if (strlen(w->used[k]) == length && memcmp(w->used[k], name, length) == 0)
            return true;
    return false;
}

/* True when the folder's file NAME.npy was asked for, or is no .npy file. */
static bool expected_file(const ct_weights *w, const char *file)
{
    size_t length = strlen(file), suffix = strlen(SUFFIX);
    return length < suffix || strcmp(file + length - suffix, SUFFIX) != 0 ||
           was_asked_for(w, file, length - suffix);
}

/* For ct_npz_names. */
static cutropy_status expect_array(void *weights, const char *name)
{
    const ct_weights *w = weights;
    return was_asked_for(w, name, strlen(name))
               ? CUTROPY_OK
               : ct_fail(CUTROPY_EINPUT,
                         "%s:%s: this %s has no such tensor: do the parameters fit the trained "
                         "network? " ORDER_TEXT,
                         w->path, name, w->problem, w->problem);
}

static cutropy_status finish_folder(const ct_weights *w)
{
    cutropy_status status = CUTROPY_OK;
    DIR *folder = opendir(w->path);
    if (!folder)
        return ct_fail(CUTROPY_EIO, "cannot read '%s': %s", w->path, strerror(errno));
    for (struct dirent *entry; status == CUTROPY_OK && (entry = readdir(folder)) != NULL;)
        if (!expected_file(w, entry->d_name))
            status = ct_fail(CUTROPY_EINPUT,
                             "%s/%s: this %s has no such tensor: do the parameters fit the "
                             "trained network? " ORDER_TEXT,
                             w->path, entry->d_name, w->problem, w->problem);
    closedir(folder);
    return status;
}

cutropy_status ct_weights_finish(const ct_weights *w)
{
    if (!w->path[0])
        return CUTROPY_OK;
    if (w->folder)
        return finish_folder(w);
    if (w->archive)
        return ct_npz_names(w->path, expect_array, (void *)(uintptr_t)w);
    if (w->needed == w->array.count)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT, "%s: %llu weights, but this %s needs %llu " ORDER_TEXT, w->path,
                   (unsigned long long)w->array.count, w->problem, (unsigned long long)w->needed,
                   w->problem);
}
