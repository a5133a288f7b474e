/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sparse.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/locale.h"
#include "input/images.h"
#include "input/npz.h"
#include "input/table_csv.h"
#include "problem/create.h"
#include "problem/label.h"

typedef struct ct_sparse {
    size_t words, count;
    uint64_t *image; /* count x words */
    void *value;     /* count int64_t, double or double pairs */
    cutropy_kind kind;
} ct_sparse;

static void free_sparse(void *data)
{
    ct_sparse *s = data;
    if (!s)
        return;
    ct_free(s->image);
    ct_free(s->value);
    ct_free(s);
}

static size_t item_of(const ct_sparse *s)
{
    return s->kind == CUTROPY_KIND_COMPLEX ? 16 : 8;
}

/* ---- evaluators ---- */

static cutropy_status list_images(const cutropy_problem *problem, ct_images *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_sparse *s = problem->data;
    const bool labels = problem->kind == CUTROPY_KIND_LABEL;
    uint8_t *values = NULL;
    *out = (ct_images){.count = s->count};
    CT_NEW(out->words, s->count * s->words);
    memcpy(out->words, s->image, s->count * s->words * sizeof *s->image);
    if (!labels) {
        CT_NEW(values, s->count * item_of(s));
        memcpy(values, s->value, s->count * item_of(s));
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
    const ct_sparse *s = problem->data;
    const size_t item = item_of(s);
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
    const ct_sparse *s = context;
    const uint64_t *x = s->image + *(const size_t *)a * s->words,
                   *y = s->image + *(const size_t *)b * s->words;
    for (size_t w = s->words; w-- > 0;)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

static bool is_zero(const ct_sparse *s, size_t i)
{
    if (s->kind == CUTROPY_KIND_INTEGER)
        return ((const int64_t *)s->value)[i] == 0;
    const double *v = (const double *)s->value + i * (item_of(s) / 8);
    return v[0] == 0 && (s->kind == CUTROPY_KIND_REAL || v[1] == 0);
}

/* Ascending images, no zeros, no -0.0. repeats: NULL: images that stand twice are refused; else how often each image stands
 * (s->value is that of its first, and s->count the number of different ones). */
static cutropy_status settle(ct_sparse *s, const char *name, size_t *repeats)
{
    cutropy_status status = CUTROPY_OK;
    const size_t item = item_of(s);
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

static bool all_ones(const ct_sparse *s)
{
    bool ones = s->kind == CUTROPY_KIND_INTEGER;
    for (size_t i = 0; i < s->count && ones; i++)
        ones = ((const int64_t *)s->value)[i] == 1;
    return ones;
}

/* The problem takes *s, which is settled. */
static cutropy_status attach(ct_sparse **s, const ct_sparse_how *how, cutropy_problem *problem)
{
    static const char *const words[] = {"labels 1", "integers", "real numbers", "complex numbers"};
    const bool labels = all_ones(*s);
    problem->data = *s;
    problem->free_data = free_sparse;
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
                           how->path, ((const ct_sparse *)problem->data)->count,
                           words[problem->kind], problem->lattice->pixels);
}

static cutropy_status new_sparse(size_t count, size_t words, cutropy_kind kind, const char *name,
                                 ct_sparse **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_sparse *s = NULL;
    CT_NEW_ZERO(s, 1);
    *out = s;
    s->count = count;
    s->words = words;
    s->kind = kind;
    CT_NEW_ZERO(s->image, count * words);
    s->value = ct_calloc(count, item_of(s));
    if (!s->value)
        status = ct_fail_memory(name, count * item_of(s));
done:
    return status;
}

static cutropy_status need_lattice(const ct_sparse_how *how, const cutropy_problem *problem)
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

/* Entry `place` has this index. */
static cutropy_status put_index(ct_sparse *s, size_t place, uint64_t index,
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

/* The numbers of an array, whose kind is that of s. */
static cutropy_status read_values(const ct_npy *array, const char *name, ct_sparse *s)
{
    return s->kind == CUTROPY_KIND_INTEGER ? ct_npy_integers(array, name, 0, array->count, s->value)
                                           : ct_npy_reals(array, name, 0, array->count, s->value);
}

static cutropy_kind kind_of(const ct_npy *array)
{
    return ct_npy_is_integer(array)        ? CUTROPY_KIND_INTEGER
           : array->type == CT_NPY_COMPLEX ? CUTROPY_KIND_COMPLEX
                                           : CUTROPY_KIND_REAL;
}

/* ---- archives ---- */

typedef struct ct_members {
    bool index, images, value;
} ct_members;

static cutropy_status take_name(void *context, const char *name)
{
    ct_members *m = context;
    m->index |= !strcmp(name, "index");
    m->images |= !strcmp(name, "images");
    m->value |= !strcmp(name, "value");
    return CUTROPY_OK;
}

cutropy_status ct_sparse_is_npz(const char *path, bool *is)
{
    ct_members m = {0};
    const cutropy_status status = ct_npz_names(path, take_name, &m);
    *is = m.value && (m.index || m.images);
    return status;
}

/* Entries by index or by images, whatever the archive has. */
static cutropy_status read_places(const ct_sparse_how *how, cutropy_problem *problem,
                                  const ct_npy *value, ct_sparse **out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size;
    ct_members m = {0};
    ct_image_list list = {0};
    ct_npy index;
    CT_TRY(ct_npz_names(how->path, take_name, &m));
    CT_TRY(ct_npz_read(how->path, m.index ? "index" : "images", &bytes, &size));
    if (m.index) {
        CT_TRY(need_lattice(how, problem));
        CT_TRY(ct_npy_parse(bytes, size, "index", &index));
        if (index.dimensions != 1 || !ct_npy_is_integer(&index) || index.count != value->count)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "%s: index needs as many whole numbers on one axis as there are values",
                           how->path));
        const bool has_sign = index.type == CT_NPY_INT;
        if (index.type == CT_NPY_UINT && index.item == 8)
            index.type = CT_NPY_INT; /* the same 64 bits */
        CT_TRY(new_sparse(value->count, 1, kind_of(value), how->path, out));
        for (size_t i = 0; i < value->count; i++) {
            int64_t one;
            CT_TRY(ct_npy_integers(&index, "index", i, 1, &one));
            if (has_sign && one < 0)
                CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: index %lld of entry %zu: indices are 0 or more",
                               how->path, (long long)one, i));
            CT_TRY(put_index(*out, i, (uint64_t)one, how, problem));
        }
        goto done;
    }
    const cutropy_lattice *l = problem->lattice;
    const bool links = l && l->kind == CUTROPY_LATTICE_LINKS;
    const ct_image_size wanted = {l ? l->pixels : 0, l && !links ? l->lx : 0,
                                  l && !links ? l->ly : 0};
    char text[40];
    CT_TRY(ct_images_parse(bytes, size, "images", wanted, &list));
    if (list.count != value->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: %zu images, but %llu values", how->path, list.count,
                       (unsigned long long)value->count));
    if (list.lx)
        snprintf(text, sizeof text, "grid:%dx%d", list.lx, list.ly);
    else
        snprintf(text, sizeof text, "chain:%d", list.pixels);
    if (!l)
        CT_TRY(cutropy_lattice_parse(text, &problem->lattice));
    CT_TRY(new_sparse(0, list.words, kind_of(value), how->path, out));
    ct_free((*out)->image);
    (*out)->image = list.bits;
    list.bits = NULL;
    (*out)->count = list.count;
    ct_free((*out)->value);
    (*out)->value = ct_alloc(list.count, item_of(*out));
    if (!(*out)->value)
        status = ct_fail_memory(how->path, list.count * item_of(*out));
done:
    ct_free(bytes);
    ct_free(list.bits);
    return status;
}

cutropy_status ct_sparse_from_npz(const ct_sparse_how *how, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size;
    ct_sparse *s = NULL;
    ct_npy value;
    CT_TRY(ct_npz_read(how->path, "value", &bytes, &size));
    CT_TRY(ct_npy_parse(bytes, size, "value", &value));
    if (value.dimensions != 1)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: value needs one axis", how->path));
    CT_TRY(read_places(how, problem, &value, &s));
    CT_TRY(read_values(&value, "value", s));
    CT_TRY(settle(s, how->path, NULL));
    CT_TRY(attach(&s, how, problem));
done:
    ct_free(bytes);
    if (s != problem->data)
        free_sparse(s);
    return status;
}

/* ---- texts ---- */

bool ct_sparse_is_csv(const uint8_t *bytes, size_t size)
{
    const size_t start = ct_bom_length(bytes, size);
    return (size - start > 6 && !memcmp(bytes + start, "index,", 6)) ||
           (size - start > 6 && !memcmp(bytes + start, "image,", 6));
}

typedef struct ct_sheet_of_values {
    ct_csv csv;
    int index, image, value[2]; /* columns, -1: none */
} ct_sheet_of_values;

static bool is_integer(const char *text)
{
    text += strspn(text, "+-") == 1;
    return *text && !text[strspn(text, "0123456789")];
}

static cutropy_status find_columns(ct_sheet_of_values *t, const ct_sparse_how *how)
{
    const ct_csv *c = &t->csv;
    t->index = ct_csv_column(c, "index");
    t->image = ct_csv_column(c, "image");
    const bool complex = ct_csv_column(c, "re") >= 0;
    t->value[0] = ct_csv_column(c, complex ? "re" : "value");
    t->value[1] = ct_csv_column(c, "im");
    const bool parts = complex ? t->value[1] >= 0 : t->value[1] < 0;
    if ((t->index < 0) == (t->image < 0) || t->value[0] < 0 || !parts ||
        c->columns != (complex ? 3 : 2))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: a list of values has the columns index or image, and value or re,im",
                       how->path);
    if (!c->rows)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no value", how->path);
    return CUTROPY_OK;
}

static cutropy_status parse_number(const char *text, const ct_sparse_how *how, size_t line,
                                   double *out)
{
    char *end;
    *out = ct_strtod(text, &end);
    if (end == text || *end || !isfinite(*out) || strpbrk(text, "xX"))
        return ct_fail(CUTROPY_EINPUT, "%s: line %zu: '%.40s' is no finite number", how->path, line,
                       text);
    return CUTROPY_OK;
}

static cutropy_status parse_index(const char *text, const ct_sparse_how *how, size_t line,
                                  uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
    if (*text < '0' || *text > '9' || *end || errno)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: line %zu: '%.40s' is no index: whole numbers from 0, or 0x.. for "
                       "hexadecimal ones",
                       how->path, line, text);
    return CUTROPY_OK;
}

static cutropy_status parse_image(const char *text, const ct_sparse_how *how, size_t line,
                                  int pixels, uint64_t *image)
{
    if (strlen(text) != (size_t)pixels || text[strspn(text, "01")])
        return ct_fail(CUTROPY_EINPUT,
                       "%s: line %zu: an image is %d letters 0 and 1, pixel 0 first", how->path,
                       line, pixels);
    for (int k = 0; k < pixels; k++)
        if (text[k] == '1')
            ct_set_bit(image, (uint64_t)k);
    return CUTROPY_OK;
}

static cutropy_status fill_from_csv(const ct_sheet_of_values *t, const ct_sparse_how *how,
                                    const cutropy_problem *problem, ct_sparse *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_csv *c = &t->csv;
    for (size_t i = 0; i < c->rows; i++) {
        const size_t line = c->line[i];
        uint64_t index;
        if (t->image >= 0) {
            CT_TRY(parse_image(ct_csv_cell(c, i, t->image), how, line, problem->lattice->pixels,
                               s->image + i * s->words));
        } else {
            CT_TRY(parse_index(ct_csv_cell(c, i, t->index), how, line, &index));
            CT_TRY(put_index(s, i, index, how, problem));
        }
        if (s->kind == CUTROPY_KIND_INTEGER) {
            const char *text = ct_csv_cell(c, i, t->value[0]);
            errno = 0;
            ((int64_t *)s->value)[i] = strtoll(text, NULL, 10);
            if (errno)
                CT_TRY(ct_fail(
                    CUTROPY_EINPUT,
                    "%s: line %zu: '%.40s' is beyond 64-bit integers; with a point it is a real number",
                    how->path, line, text));
            continue;
        }
        const int parts = s->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
        for (int k = 0; k < parts; k++)
            CT_TRY(parse_number(ct_csv_cell(c, i, t->value[k]), how, line,
                                (double *)s->value + (size_t)parts * i + k));
    }
done:
    return status;
}

cutropy_status ct_sparse_from_csv(const uint8_t *bytes, size_t size, const ct_sparse_how *how,
                                  cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_sheet_of_values t = {0};
    ct_sparse *s = NULL;
    cutropy_kind kind = CUTROPY_KIND_INTEGER;
    char text[40];
    CT_TRY(ct_csv_parse(bytes, size, how->path, &t.csv));
    CT_TRY(find_columns(&t, how));
    if (t.index >= 0)
        CT_TRY(need_lattice(how, problem));
    if (!problem->lattice) {
        snprintf(text, sizeof text, "chain:%zu", strlen(ct_csv_cell(&t.csv, 0, t.image)));
        CT_TRY(cutropy_lattice_parse(text, &problem->lattice));
    }
    for (size_t i = 0; i < t.csv.rows && kind == CUTROPY_KIND_INTEGER; i++)
        if (!is_integer(ct_csv_cell(&t.csv, i, t.value[0])))
            kind = CUTROPY_KIND_REAL;
    if (t.value[1] >= 0)
        kind = CUTROPY_KIND_COMPLEX;
    CT_TRY(new_sparse(t.csv.rows, problem->lattice->words, kind, how->path, &s));
    CT_TRY(fill_from_csv(&t, how, problem, s));
    CT_TRY(settle(s, how->path, NULL));
    CT_TRY(attach(&s, how, problem));
done:
    ct_csv_free(&t.csv);
    if (s != problem->data)
        free_sparse(s);
    return status;
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
    ct_sparse *s = NULL;
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
    CT_TRY(new_sparse(array->count, 1, kind_of(array), how->path, &s));
    for (uint64_t i = 0; i < array->count; i++) {
        uint64_t rest = i;
        for (int k = 0; k < sites; k++, rest /= (uint64_t)local)
            s->image[i] |= rest % (uint64_t)local << bits * (how->msb ? sites - 1 - k : k);
    }
    CT_TRY(read_values(array, how->path, s));
    CT_TRY(settle(s, how->path, NULL));
    CT_TRY(attach(&s, how, problem));
    CT_TRY(ct_problem_note(
        problem,
        "%s: read as %d sites of %d numbers, site k the pixels %d k .. %d k + %d, site 0 the %s digit",
        how->path, sites, local, bits, bits, bits - 1, how->msb ? "first" : "last"));
done:
    if (s != problem->data)
        free_sparse(s);
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
    ct_sparse *s = NULL;
    CT_NEW(repeats, list->count);
    CT_TRY(new_sparse(list->count, list->words, CUTROPY_KIND_INTEGER, how->path, &s));
    memcpy(s->image, list->bits, list->count * list->words * sizeof *list->bits);
    for (size_t i = 0; i < list->count; i++)
        ((int64_t *)s->value)[i] = 1;
    CT_TRY(settle(s, how->path, repeats));
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
        CT_TRY(attach(&s, how, problem));
done:
    ct_free(repeats);
    if (s != problem->data)
        free_sparse(s);
    return status;
}
