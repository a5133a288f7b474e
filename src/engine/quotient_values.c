/* The quotient of a cut from an array of values. */
#include <string.h>

#include "base/bits.h"
#include "engine/quotient.h"

cutropy_status ct_values_gather(const ct_function *f, uint64_t mask, uint64_t **m)
{
    cutropy_status status = CUTROPY_OK;
    const int na = ct_popcount(mask);
    const uint64_t rows = UINT64_C(1) << na, columns = UINT64_C(1) << (f->pixels - na);
    const uint64_t rest = ct_low_mask(f->pixels) & ~mask;
    const size_t words = ct_value_bytes(f->kind) / 8;
    const uint64_t *values = f->values;
    uint64_t *spread = NULL;
    CT_NEW(*m, rows * columns * words);
    CT_NEW(spread, columns);
    for (uint64_t c = 0; c < columns; c++)
        spread[c] = ct_deposit(c, rest);
    for (uint64_t r = 0; r < rows; r++) {
        const uint64_t base = ct_deposit(r, mask);
        uint64_t *row = *m + r * columns * words;
        if (words == 1) {
            for (uint64_t c = 0; c < columns; c++)
                row[c] = values[base | spread[c]];
        } else {
            for (uint64_t c = 0; c < columns; c++)
                memcpy(row + 2 * c, values + 2 * (base | spread[c]), 16);
        }
    }
done:
    ct_free(spread);
    return status;
}

/* Keeps the first row and column of every class, in place: q[i][j] moves towards the front only. */
static void keep_representatives(uint64_t *m, uint64_t columns, size_t words,
                                 const ct_classes *row_classes, const ct_classes *column_classes)
{
    const int64_t ra = row_classes->count, rb = column_classes->count;
    for (int64_t i = 0; i < ra; i++)
        for (int64_t j = 0; j < rb; j++)
            memmove(m + (size_t)(i * rb + j) * words,
                    m + (row_classes->first[i] * columns + column_classes->first[j]) * words,
                    8 * words);
}

cutropy_status ct_quotient_from_values(const ct_function *f, uint64_t mask, int threads,
                                       ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    const int na = ct_popcount(mask), nb = f->pixels - na;
    const uint64_t rows = UINT64_C(1) << na, columns = UINT64_C(1) << nb;
    const int words = (int)(ct_value_bytes(f->kind) / 8);
    uint64_t *m = NULL;

    out->form = CT_Q_DENSE;
    CT_TRY(ct_values_gather(f, mask, &m));
    CT_TRY(ct_classes_of_rows(m, rows, nb + 6 + (words == 2), true, false, threads, &out->side[0]));
    CT_TRY(ct_classes_of_columns(m, rows, columns, words, true, threads, &out->side[1]));
    if ((uint64_t)out->side[0].count < rows || (uint64_t)out->side[1].count < columns)
        keep_representatives(m, columns, (size_t)words, &out->side[0], &out->side[1]);
    out->dense = m;
    m = NULL;
done:
    ct_free(m);
    return status;
}
