/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut: what all storages share, and the way from a truth table. */
#include "engine/cut/quotient.h"

#include "base/bits.h"
#include "problem/products.h"

void ct_quotient_free(ct_quotient *q)
{
    for (int s = 0; s < 2; s++) {
        ct_classes_free(&q->side[s]);
        ct_free(q->bits[s]);
    }
    ct_free(q->edge);
    ct_free(q->dense);
    *q = (ct_quotient){0};
}

size_t ct_quotient_bytes(const ct_quotient *q)
{
    const size_t ra = (size_t)q->side[0].count, rb = (size_t)q->side[1].count;
    size_t bytes = (ra + rb) * 16 + (size_t)q->edges * sizeof *q->edge;
    if (q->storage == CT_Q_BITS)
        bytes += 2 * 8 * ct_table_words(q->pixels);
    if (q->storage == CT_Q_DENSE)
        bytes += ra * rb * ct_value_bytes(q->kind);
    return bytes;
}

static cutropy_status from_table(const ct_function *f, uint64_t mask, const ct_operations *backend,
                                 int threads, ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t words = ct_table_words(f->pixels), all = ct_low_mask(f->pixels);
    const bool drop_zero = f->value[0] == 0;
    out->storage = CT_Q_BITS;
    for (int s = 0; s < 2; s++) {
        uint64_t low = s == 0 ? all & ~mask : mask; /* the columns of side s */
        CT_NEW(out->bits[s], words);
        backend->bit_layout(f->table, f->pixels, low, out->bits[s], out->order[s], threads);
        out->shift[s] = ct_popcount(low);
        for (int k = 0; k < f->pixels; k++)
            out->place[s][out->order[s][k]] = (uint8_t)k;
        CT_TRY(ct_classes_of_rows(out->bits[s], UINT64_C(1) << (f->pixels - out->shift[s]),
                                  out->shift[s], drop_zero, s == 0, threads, &out->side[s]));
    }
done:
    return status;
}

/* A site is as many pixels as a level has bits. */
static cutropy_status from_levels(const ct_function *f, const uint64_t *mask, ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *wide = NULL;
    const int bits = f->products->bits;
    CT_NEW_ZERO(wide, f->levels->words);
    for (int n = 0; n < f->levels->pixels; n++) {
        const int site =
            n / bits; /* the first copy of the label stands on side A, where there is one */
        if (site < f->pixels ? ct_bit(mask, (uint64_t)site)
                             : site == f->pixels && f->products->sides & CT_LABEL_A)
            ct_set_bit(wide, (uint64_t)n);
    }
    CT_TRY(ct_quotient_from_support(f->levels, wide, out));
done:
    ct_free(wide);
    return status;
}

cutropy_status ct_quotient_build(const ct_function *f, const uint64_t *mask,
                                 const ct_operations *backend, int threads, ct_quotient *out)
{
    cutropy_status status;
    *out = (ct_quotient){.kind = f->kind,
                         .value = {f->value[0], f->value[1]},
                         .ordinary = f->ordinary,
                         .words = ct_is_big(f) ? CT_WIDE_WORDS : 1,
                         .pixels = f->pixels};
    if (!ct_has_quotients(f))
        status = ct_fail(CUTROPY_EINTERNAL, "such a function has no quotients");
    else if (f->storage == CT_TABLE)
        status = from_table(f, mask[0], backend, threads, out);
    else if (f->storage == CT_VALUES)
        status = ct_quotient_from_values(f, mask[0], threads, out);
    else if (f->storage == CT_SPARSE)
        status = ct_quotient_from_sparse(f, mask, out);
    else if (f->storage == CT_AUTOMATON)
        status = ct_quotient_from_automaton(f, mask, out);
    else if (f->storage == CT_LEVELS)
        status = from_levels(f, mask, out);
    else
        status = ct_quotient_from_support(f, mask, out);
    if (status != CUTROPY_OK)
        ct_quotient_free(out);
    return status;
}

cutropy_status ct_quotient_empty_cut(const ct_function *f, int threads, int64_t classes[2])
{
    const uint64_t images = f->storage == CT_SPARSE ? f->ones
                            : f->pixels < 64        ? UINT64_C(1) << f->pixels
                                                    : 0; /* more than any list */
    ct_classes columns = {0};
    classes[0] = classes[1] = 1;
    if (f->storage != CT_VALUES && f->storage != CT_SPARSE) {
        classes[1] += f->value[0] != 0 && f->ones != 0 && f->ones != images;
        return CUTROPY_OK;
    }
    const int shift = ct_value_bytes(f->kind) == 8 ? 6 : 7;
    const cutropy_status status =
        ct_classes_of_rows(f->values, images, shift, true, false, threads, &columns);
    classes[1] = columns.count;
    ct_classes_free(&columns);
    return status;
}

uint64_t ct_quotient_move(const ct_quotient *q, int half, uint64_t index, int from_side,
                          int to_side)
{
    /* half A is the high part of side 0's index and the low part of side 1's; half B the other way
     * round */
    const int from_start = half == from_side ? q->shift[from_side] : 0;
    const int to_start = half == to_side ? q->shift[to_side] : 0;
    uint64_t moved = 0;
    for (; index; index &= index - 1) {
        int pixel = q->order[from_side][from_start + ct_lowest(index)];
        moved |= UINT64_C(1) << (q->place[to_side][pixel] - to_start);
    }
    return moved;
}

static int64_t edge_entry(const ct_quotient *q, int64_t i, int64_t j)
{
    int64_t low = 0, high = q->edges;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        const int32_t *edge = q->edge[middle];
        if (edge[0] < i || (edge[0] == i && edge[1] < j))
            low = middle + 1;
        else
            high = middle;
    }
    return low < q->edges && q->edge[low][0] == i && q->edge[low][1] == j;
}

#define PLACES 64 /* columns whose places are found once for all rows */

void ct_quotient_submatrix(const ct_quotient *q, const int32_t *row, int64_t rows,
                           const int32_t *column, int64_t columns, int64_t *entry)
{
    uint64_t place[PLACES];
    for (int64_t j0 = 0; j0 < columns; j0 += PLACES) {
        const int64_t j1 = columns - j0 < PLACES ? columns : j0 + PLACES;
        for (int64_t j = j0; j < j1 && q->storage == CT_Q_BITS; j++)
            place[j - j0] = ct_quotient_move(q, 1, q->side[1].first[column[j]], 1, 0);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = j0; j < j1; j++)
                entry[i * columns + j] =
                    q->storage != CT_Q_BITS
                        ? ct_quotient_entry(q, row[i], column[j])
                        : q->value[ct_bit(q->bits[0], (q->side[0].first[row[i]] << q->shift[0]) +
                                                          place[j - j0])];
    }
}

int64_t ct_quotient_entry(const ct_quotient *q, int64_t i, int64_t j)
{
    if (q->storage == CT_Q_DENSE)
        return ((const int64_t *)q->dense)[i * q->side[1].count + j];
    if (q->storage == CT_Q_EDGES)
        return q->value[edge_entry(q, i, j)];
    uint64_t column = ct_quotient_move(q, 1, q->side[1].first[j], 1, 0);
    return q->value[ct_bit(q->bits[0], (q->side[0].first[i] << q->shift[0]) + column)];
}
