/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of values in archives: index or images, and value. */
#include <stdio.h>
#include <string.h>

#include "input/images.h"
#include "input/npz.h"
#include "problem/sparse.h"
#include "problem/sparse_parts.h"

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
                                  const ct_npy *value, ct_value_list **out)
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
        CT_TRY(ct_sparse_need_lattice(how, problem));
        CT_TRY(ct_npy_parse(bytes, size, "index", &index));
        if (index.dimensions != 1 || !ct_npy_is_integer(&index) || index.count != value->count)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "%s: index needs as many whole numbers on one axis as there are values",
                           how->path));
        const bool has_sign = index.type == CT_NPY_INT;
        if (index.type == CT_NPY_UINT && index.item == 8)
            index.type = CT_NPY_INT; /* the same 64 bits */
        CT_TRY(ct_value_list_new(value->count, 1, ct_value_list_kind(value), how->path, out));
        for (size_t i = 0; i < value->count; i++) {
            int64_t one;
            CT_TRY(ct_npy_integers(&index, "index", i, 1, &one));
            if (has_sign && one < 0)
                CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: index %lld of entry %zu: indices are 0 or more",
                               how->path, (long long)one, i));
            CT_TRY(ct_value_list_put_index(*out, i, (uint64_t)one, how, problem));
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
    CT_TRY(ct_value_list_new(0, list.words, ct_value_list_kind(value), how->path, out));
    ct_free((*out)->image);
    (*out)->image = list.bits;
    list.bits = NULL;
    (*out)->count = list.count;
    ct_free((*out)->value);
    (*out)->value = ct_alloc(list.count, ct_value_bytes((*out)->kind));
    if (!(*out)->value)
        status = ct_fail_memory(how->path, list.count * ct_value_bytes((*out)->kind));
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
    ct_value_list *s = NULL;
    ct_npy value;
    CT_TRY(ct_npz_read(how->path, "value", &bytes, &size));
    CT_TRY(ct_npy_parse(bytes, size, "value", &value));
    if (value.dimensions != 1)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: value needs one axis", how->path));
    CT_TRY(read_places(how, problem, &value, &s));
    CT_TRY(ct_value_list_read(&value, "value", s));
    CT_TRY(ct_value_list_settle(s, how->path, NULL));
    CT_TRY(ct_value_list_attach(&s, how, problem));
done:
    ct_free(bytes);
    if (s != problem->data)
        ct_value_list_free(s);
    return status;
}
