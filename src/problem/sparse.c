/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sparse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "problem/create.h"
#include "problem/label.h"
#include "problem/sparse_parts.h"

void ct_value_list_free(void *data)
{
    ct_value_list *s = data;
    if (!s)
        return;
    ct_free(s->image);
    ct_free(s->value);
    ct_free(s);
}

/* ---- evaluators ---- */

static cutropy_status list_images(const cutropy_problem *problem, ct_images *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_value_list *s = problem->data;
    const bool labels = problem->kind == CUTROPY_KIND_LABEL;
    uint8_t *values = NULL;
    *out = (ct_images){.count = s->count};
    CT_NEW(out->words, s->count * s->words);
    memcpy(out->words, s->image, s->count * s->words * sizeof *s->image);
    if (!labels) {
        CT_NEW(values, s->count * ct_value_bytes(s->kind));
        memcpy(values, s->value, s->count * ct_value_bytes(s->kind));
    }
    out->values = values;
done:
    if (status) {
        ct_free(out->words);
        *out = (ct_images){0};
    }
    return status;
}

static cutropy_status fill_values(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out)
{
    const ct_value_list *s = problem->data;
    const size_t item = ct_value_bytes(s->kind);
    uint64_t low = 0, high = s->count;
    memset(out, 0, count * item);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (s->image[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < s->count && s->image[low] - first < count; low++)
        memcpy((uint8_t *)out + (s->image[low] - first) * item,
               (const uint8_t *)s->value + low * item, item);
    return CUTROPY_OK;
}

/* ---- from a raw list to the problem ---- */

static int compare_images(const void *a, const void *b, void *context)
{
    const ct_value_list *s = context;
    const uint64_t *x = s->image + *(const size_t *)a * s->words,
                   *y = s->image + *(const size_t *)b * s->words;
    for (size_t w = s->words; w-- > 0;)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

static bool is_zero(const ct_value_list *s, size_t i)
{
    if (s->kind == CUTROPY_KIND_INTEGER)
        return ((const int64_t *)s->value)[i] == 0;
    const double *v = (const double *)s->value + i * (ct_value_bytes(s->kind) / 8);
    return v[0] == 0 && (s->kind == CUTROPY_KIND_REAL || v[1] == 0);
}

cutropy_status ct_value_list_settle(ct_value_list *s, const char *name, size_t *repeats)
{
    cutropy_status status = CUTROPY_OK;
    const size_t item = ct_value_bytes(s->kind);
    size_t *order = NULL, kept = 0;
    uint64_t *image = NULL;
    uint8_t *value = NULL;
    CT_NEW(order, s->count);
    CT_NEW(image, s->count * s->words);
    CT_NEW(value, s->count * item);
    for (size_t i = 0; i < s->count; i++)
        order[i] = i;
    qsort_r(order, s->count, sizeof *order, compare_images, s);
    for (size_t i = 0; i < s->count; i++) {
        const bool again = i && !compare_images(&order[i - 1], &order[i], s);
        if (again && !repeats)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "%s: entries %zu and %zu are the same image: give its value once", name,
                           order[i - 1], order[i]));
        if (again)
            repeats[kept - 1]++;
        if (again || is_zero(s, order[i]))
            continue;
        memcpy(image + kept * s->words, s->image + order[i] * s->words, s->words * sizeof *image);
        memcpy(value + kept * item, (const uint8_t *)s->value + order[i] * item, item);
        if (repeats)
            repeats[kept] = 1;
        kept++;
    }
    if (!kept)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: all values are zero; a function needs one that is not",
                       name));
    ct_free(s->image);
    ct_free(s->value);
    s->image = image;
    s->value = value;
    s->count = kept;
    image = NULL;
    value = NULL;
    for (size_t i = 0; s->kind != CUTROPY_KIND_INTEGER && i < kept * item / 8; i++)
        ((double *)s->value)[i] += 0.0; /* -0.0 becomes 0.0 */
done:
    ct_free(order);
    ct_free(image);
    ct_free(value);
    return status;
}

static bool all_ones(const ct_value_list *s)
{
    bool ones = s->kind == CUTROPY_KIND_INTEGER;
    for (size_t i = 0; i < s->count && ones; i++)
        ones = ((const int64_t *)s->value)[i] == 1;
    return ones;
}

cutropy_status ct_value_list_attach(ct_value_list **s, const ct_sparse_how *how,
                                    cutropy_problem *problem)
{
    static const char *const words[] = {"labels 1", "integers", "real numbers", "complex numbers"};
    const bool labels = all_ones(*s);
    problem->data = *s;
    problem->free_data = ct_value_list_free;
    problem->kind = labels ? CUTROPY_KIND_LABEL : (*s)->kind;
    if (labels || problem->lattice->pixels > CT_SPARSE_PIXELS)
        problem->list_images = list_images;
    else
        problem->fill_values = fill_values;
    if (problem->pm1 && !labels)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: encoding=pm1 is for labels 0 and 1; this list has other values",
                       how->path);
    *s = NULL;
    return ct_problem_note(problem, "%s: read as %zu %s of images of %d pixels, all others 0",
                           how->path, ((const ct_value_list *)problem->data)->count,
                           words[problem->kind], problem->lattice->pixels);
}

cutropy_status ct_value_list_new(size_t count, size_t words, cutropy_kind kind, const char *name,
                                 ct_value_list **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_value_list *s = NULL;
    CT_NEW_ZERO(s, 1);
    *out = s;
    s->count = count;
    s->words = words;
    s->kind = kind;
    CT_NEW_ZERO(s->image, count * words);
    s->value = ct_calloc(count, ct_value_bytes(s->kind));
    if (!s->value)
        status = ct_fail_memory(name, count * ct_value_bytes(s->kind));
done:
    return status;
}

cutropy_status ct_sparse_need_lattice(const ct_sparse_how *how, const cutropy_problem *problem)
{
    if (!problem->lattice)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: a list of indices does not say how many pixels there are: give --lattice",
            how->path);
    if (problem->lattice->pixels > 64)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: indices have 64 bits, the lattice %s has %d pixels: give images",
                       how->path, problem->lattice->name, problem->lattice->pixels);
    return CUTROPY_OK;
}

cutropy_status ct_value_list_put_index(ct_value_list *s, size_t place, uint64_t index,
                                       const ct_sparse_how *how, const cutropy_problem *problem)
{
    const int pixels = problem->lattice->pixels;
    if (index & ~ct_low_mask(pixels))
        return ct_fail(CUTROPY_EINPUT, "%s: index %llu of entry %zu: %d pixels have 2^%d images",
                       how->path, (unsigned long long)index, place, pixels, pixels);
    if (!how->msb)
        s->image[place] = index;
    for (int k = 0; k < pixels && how->msb; k++)
        s->image[place] |= (index >> k & 1) << (pixels - 1 - k);
    return CUTROPY_OK;
}

cutropy_status ct_value_list_read(const ct_npy *array, const char *name, ct_value_list *s)
{
    return s->kind == CUTROPY_KIND_INTEGER ? ct_npy_integers(array, name, 0, array->count, s->value)
                                           : ct_npy_reals(array, name, 0, array->count, s->value);
}

cutropy_kind ct_value_list_kind(const ct_npy *array)
{
    return ct_npy_is_integer(array)        ? CUTROPY_KIND_INTEGER
           : array->type == CT_NPY_COMPLEX ? CUTROPY_KIND_COMPLEX
                                           : CUTROPY_KIND_REAL;
}

/* ---- qudits ---- */

static bool count_sites(const ct_npy *array, int local, int *sites)
{
    uint64_t values = 1;
    *sites = 0;
    while (values < array->count && values <= UINT64_MAX / 64) {
        values *= (uint64_t)local;
        (*sites)++;
    }
    bool axes = array->dimensions == *sites;
    for (int d = 0; d < array->dimensions && axes; d++)
        axes = array->shape[d] == (uint64_t)local;
    return values == array->count && *sites && (array->dimensions == 1 || axes);
}

cutropy_status ct_sparse_from_qudits(const ct_npy *array, const ct_sparse_how *how,
                                     cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_value_list *s = NULL;
    const int local = how->local, bits = 32 - __builtin_clz((unsigned)local - 1);
    int sites;
    char text[24];
    if (!count_sites(array, local, &sites))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: local=%d needs %d^L values on one axis, or L axes of %d", how->path,
                       local, local, local);
    if (bits * sites > 64)
        return ct_fail(CUTROPY_EINPUT, "%s: %d sites of %d bits: up to 64 pixels", how->path, sites,
                       bits);
    snprintf(text, sizeof text, bits > 1 ? "grid:%dx%d" : "chain:%d", bits > 1 ? bits : sites,
             sites);
    if (!problem->lattice)
        CT_TRY(cutropy_lattice_parse(text, &problem->lattice));
    if (problem->lattice->pixels != bits * sites)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %d sites of %d numbers are %d pixels, but the lattice %s has %d",
                       how->path, sites, local, bits * sites, problem->lattice->name,
                       problem->lattice->pixels);
    CT_TRY(ct_value_list_new(array->count, 1, ct_value_list_kind(array), how->path, &s));
    for (uint64_t i = 0; i < array->count; i++) {
        uint64_t rest = i;
        for (int k = 0; k < sites; k++, rest /= (uint64_t)local)
            s->image[i] |= rest % (uint64_t)local << bits * (how->msb ? sites - 1 - k : k);
    }
    CT_TRY(ct_value_list_read(array, how->path, s));
    CT_TRY(ct_value_list_settle(s, how->path, NULL));
    CT_TRY(ct_value_list_attach(&s, how, problem));
    CT_TRY(ct_problem_note(
        problem,
        "%s: read as %d sites of %d numbers, site k the pixels %d k .. %d k + %d, site 0 the %s digit",
        how->path, sites, local, bits, bits, bits - 1, how->msb ? "first" : "last"));
done:
    if (s != problem->data)
        ct_value_list_free(s);
    return status;
}

/* ---- repeated images ---- */

cutropy_status ct_sparse_from_images(const ct_image_list *list, ct_multiplicity multiplicity,
                                     const ct_sparse_how *how, cutropy_problem *problem,
                                     size_t *distinct)
{
    cutropy_status status = CUTROPY_OK;
    const bool roots = multiplicity == CT_REPEATS_SQRT;
    size_t *repeats = NULL;
    ct_value_list *s = NULL;
    CT_NEW(repeats, list->count);
    CT_TRY(ct_value_list_new(list->count, list->words, CUTROPY_KIND_INTEGER, how->path, &s));
    memcpy(s->image, list->bits, list->count * list->words * sizeof *list->bits);
    for (size_t i = 0; i < list->count; i++)
        ((int64_t *)s->value)[i] = 1;
    CT_TRY(ct_value_list_settle(s, how->path, repeats));
    *distinct = s->count;
    for (size_t i = 0; i < s->count; i++) {
        const double root = sqrt((double)repeats[i]);
        problem->rounded |= roots && root != floor(root);
        if (roots && s->count < list->count)
            memcpy((double *)s->value + i, &root, sizeof root);
        else
            ((int64_t *)s->value)[i] = (int64_t)repeats[i];
    }
    if (roots && s->count < list->count)
        s->kind = CUTROPY_KIND_REAL;
    if (multiplicity != CT_REPEATS_SET)
        CT_TRY(ct_value_list_attach(&s, how, problem));
done:
    ct_free(repeats);
    if (s != problem->data)
        ct_value_list_free(s);
    return status;
}
