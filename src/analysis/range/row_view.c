/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a cut matrix, from a truth table or from values, as bits. */
#include "analysis/range/row_view.h"

#include <string.h>

#include "base/bits.h"
#include "engine/cut/quotient.h"

void ct_row_view_free(ct_row_view *view)
{
    ct_free(view->bits);
    ct_free(view->values);
    ct_free(view->scratch);
    *view = (ct_row_view){0};
}

cutropy_status ct_row_view_make(const ct_function *f, uint64_t mask, const ct_operations *backend,
                                int threads, ct_row_view *out)
{
    cutropy_status status = CUTROPY_OK;
    const int na = ct_popcount(mask);
    *out = (ct_row_view){.f = f, .mask = mask, .na = na, .nb = f->pixels - na};
    out->row_words = out->nb > 6 ? (size_t)1 << (out->nb - 6) : 1;
    CT_NEW(out->scratch, out->row_words);
    if (f->storage == CT_TABLE) {
        CT_NEW(out->bits, ct_table_words(f->pixels));
        backend->bit_layout(f->table, f->pixels, ct_low_mask(f->pixels) & ~mask, out->bits,
                            out->order, threads);
    } else {
        CT_TRY(ct_values_gather(f, mask, threads, &out->values));
    }
done:
    if (status)
        ct_row_view_free(out);
    return status;
}

cutropy_status ct_row_view_classes(const ct_row_view *view, int threads, ct_classes *out)
{
    const ct_function *f = view->f;
    const uint64_t rows = UINT64_C(1) << view->na;
    if (view->bits)
        return ct_classes_of_rows(view->bits, rows, view->nb, f->value[0] == 0, true, threads, out);
    return ct_classes_of_rows(view->values, rows,
                              view->nb + (f->kind == CUTROPY_KIND_COMPLEX ? 7 : 6), true, true,
                              threads, out);
}

static void mark_values(const ct_row_view *view, uint64_t row)
{
    const uint64_t columns = UINT64_C(1) << view->nb;
    const size_t words = ct_value_bytes(view->f->kind) / 8;
    const uint64_t *values = view->values + row * columns * words;
    memset(view->scratch, 0, view->row_words * sizeof *view->scratch);
    for (uint64_t c = 0; c < columns; c++)
        if (values[c * words] | values[c * words + words - 1])
            ct_set_bit(view->scratch, c);
}

const uint64_t *ct_row_view_get(const ct_row_view *view, uint64_t row)
{
    if (view->bits && view->nb >= 6)
        return view->bits + row * view->row_words;
    if (view->bits) /* several rows share a word */
        view->scratch[0] = (view->bits[(row << view->nb) >> 6] >> ((row << view->nb) & 63)) &
                           ct_low_mask(1 << view->nb);
    else
        mark_values(view, row);
    return view->scratch;
}

uint64_t ct_row_view_image(const ct_row_view *view, uint64_t row, uint64_t column)
{
    if (view->values)
        return ct_deposit(row, view->mask) |
               ct_deposit(column, ct_low_mask(view->f->pixels) & ~view->mask);
    uint64_t image = 0;
    for (uint64_t index = row << view->nb | column; index; index &= index - 1)
        image |= UINT64_C(1) << view->order[ct_lowest(index)];
    return image;
}

int ct_row_view_place(const ct_row_view *view, int pixel)
{
    if (view->values)
        return ct_popcount(view->mask & ct_low_mask(pixel));
    int place = 0;
    while (view->order[view->nb + place] != pixel)
        place++;
    return place;
}
