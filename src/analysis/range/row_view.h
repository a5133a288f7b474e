/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a cut matrix, from a truth table or from values, as bits: which entries are not zero
 * (labels: which are 1). */
#ifndef CT_ROW_VIEW_H
#define CT_ROW_VIEW_H

#include "backend/operations.h"
#include "engine/cut/classes.h"

typedef struct ct_row_view {
    const ct_function *f;
    uint64_t mask; /* A */
    int na, nb;
    size_t row_words;  /* 64-bit words of a row of bits */
    uint64_t *bits;    /* table: laid out, 2^na rows of 2^nb bits */
    uint64_t *values;  /* values: 2^na x 2^nb of them */
    uint8_t order[64]; /* table: pixel of each bit of (row << nb | column) */
    uint64_t *scratch; /* row_words: where rows are put together that do not lie in memory so */
} ct_row_view;

/* mask: neither empty nor everything. */
cutropy_status ct_row_view_make(const ct_function *f, uint64_t mask, const ct_operations *backend,
                                int threads, ct_row_view *out);
void ct_row_view_free(ct_row_view *view);

/* Classes of equal rows, with their map. For 0/1 labels and values the zero row has class -1. */
cutropy_status ct_row_view_classes(const ct_row_view *view, int threads, ct_classes *out);

/* The bits of a row; valid until the next call. */
const uint64_t *ct_row_view_get(const ct_row_view *view, uint64_t row);

/* The image whose half A is this row and whose half B is this column. */
uint64_t ct_row_view_image(const ct_row_view *view, uint64_t row, uint64_t column);

/* The bit of a row number that is this pixel of A. */
int ct_row_view_place(const ct_row_view *view, int pixel);

#endif
