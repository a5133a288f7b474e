/* SPDX-License-Identifier: Apache-2.0 */
#include "stage_support.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "ref/support.h"

static ct_function made(const cutropy_lattice *lattice, cutropy_kind kind, ct_storage storage)
{
    return (ct_function){.lattice = lattice,
                         .pixels = lattice->pixels,
                         .words = lattice->words,
                         .kind = kind,
                         .storage = storage,
                         .value = {0, 1}};
}

ct_quotient must_quotient(const ct_function *f, const uint64_t *mask, int threads)
{
    ct_quotient q;
    const cutropy_status status = ct_quotient_build(f, mask, ct_operations_cpu(), threads, &q);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    return q;
}

cutropy_lattice *must_chain(int pixels)
{
    char text[24];
    snprintf(text, sizeof text, "chain:%d", pixels);
    return must_lattice(text);
}

static void *must_alloc(size_t count, size_t size)
{
    void *memory = ct_calloc(count, size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

ct_function made_labels(const cutropy_lattice *lattice, ct_storage storage, bool pm1,
                        const uint8_t *label)
{
    const uint64_t images = UINT64_C(1) << lattice->pixels;
    ct_function f = made(lattice, CUTROPY_KIND_LABEL, storage);
    if (pm1) {
        f.value[0] = 1;
        f.value[1] = -1;
    }
    for (uint64_t s = 0; s < images; s++)
        f.ones += label[s];
    if (storage == CT_TABLE) {
        f.table = must_alloc(images / 64 + 1, sizeof *f.table);
        for (uint64_t s = 0; s < images; s++)
            f.table[s / 64] |= (uint64_t)label[s] << (s % 64);
    } else {
        uint64_t next = 0;
        f.images = must_alloc(f.ones, sizeof *f.images);
        for (uint64_t s = 0; s < images; s++)
            if (label[s])
                f.images[next++] = s;
    }
    return f;
}

ct_function made_values(const cutropy_lattice *lattice, cutropy_kind kind, const void *values)
{
    const size_t images = (size_t)1 << lattice->pixels,
                 bytes = kind == CUTROPY_KIND_COMPLEX ? 16 : 8;
    ct_function f = made(lattice, kind, CT_VALUES);
    f.values = must_alloc(images, bytes);
    memcpy(f.values, values, images * bytes);
    return f;
}

ct_function made_list(const cutropy_lattice *lattice, const uint64_t *images, size_t count)
{
    ct_function f = made(lattice, CUTROPY_KIND_LABEL, CT_SUPPORT);
    f.ones = count;
    f.images = must_alloc(count * f.words, sizeof *f.images);
    memcpy(f.images, images, count * f.words * sizeof *images);
    return f;
}

uint64_t spread(uint64_t x, uint64_t mask)
{
    uint64_t out = 0;
    for (int i = 0, k = 0; i < 64; i++)
        if (mask >> i & 1)
            out |= (x >> k++ & 1) << i;
    return out;
}

uint64_t random_mask(int pixels, int lit, uint64_t *state)
{
    uint64_t mask = 0;
    for (int left = lit; left > 0;) {
        uint64_t bit = UINT64_C(1) << draw_below(state, (uint64_t)pixels);
        left -= !(mask & bit);
        mask |= bit;
    }
    return mask;
}

void shaped_labels(int shape, int pixels, uint64_t mask, uint64_t *state, uint8_t *label)
{
    const uint64_t images = UINT64_C(1) << pixels;
    uint8_t mark[2][1 << 13]; /* of a half, at the image with this half and nothing else */
    ck_assert_int_le(pixels, 13);
    for (uint64_t s = 0; s < images; s++)
        for (int side = 0; side < 2; side++)
            mark[side][s] = (uint8_t)draw_below(state, 6);
    for (uint64_t s = 0; s < images; s++) {
        const int a = mark[0][s & mask], b = mark[1][s & ~mask];
        const int noise = (int)draw_below(state, 16);
        label[s] = shape == SHAPE_RANDOM    ? noise < 8
                   : shape == SHAPE_SPARSE  ? noise == 0
                   : shape == SHAPE_MATCHED ? a == b && a > 1
                   : shape == SHAPE_PRODUCT ? a % 3 == 0 && b % 2 == 0
                   : shape == SHAPE_COUNT   ? __builtin_popcountll(s) % 3 == 1
                                          /* three columns, more rows */
                                          : a >> (__builtin_popcountll(s & ~mask) % 3) & 1;
    }
    label[draw_below(state, images)] = 1; /* never the zero function */
}
