/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix of a cut with equal columns merged: a row for every image of A, a column for each class of images of B. */
#ifndef CT_CUT_MATRIX_H
#define CT_CUT_MATRIX_H

#include <cutropy/export.h>

#include "engine/state/state.h"
#include "frontier/levels.h"
#include "input/npz_write.h"

typedef struct ct_cut_matrix {
    int na, nb;
    int64_t columns;  /* classes of equal non-zero columns */
    uint64_t *weight; /* columns: images of B in each */
    int32_t
        *column_of; /* 2^nb: the class of an image of B, -1: f is 0 there; NULL unless asked for */
    cutropy_kind kind; /* INTEGER (labels too), REAL (up to a power of two), COMPLEX */
    void *entry;       /* 2^na x columns */
} ct_cut_matrix;

/* Bit j of the number of an image of A (B) is the j-th pixel there. Truth tables and values: the whole matrix, whose columns are
 * compared; lists, automata, equations: the levels of f with the pixels of B read first, so that 2^nb does not matter. Errors:
 * CUTROPY_EINPUT (no pixel in A), CUTROPY_EUNSUPPORTED (sums of product states, <f|f> from 2^62 on), CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. */
cutropy_status ct_cut_matrix_make(const cutropy_state *state, const uint64_t *mask, bool want_map,
                                  uint64_t memory_limit, const ct_watch *watch, ct_cut_matrix *out);
void ct_cut_matrix_free(ct_cut_matrix *matrix);

/* Images that lead to each state of level nb: at most <f|f>, since f is not 0 behind any of them. */
cutropy_status ct_cut_count_images(const ct_levels *levels, int nb, uint64_t **out);

/* CUTROPY_EMEMORY where 2^bits x count numbers of so many bytes are more than the limit; `instead` needs less. */
cutropy_status ct_cut_room(const char *what, int bits, uint64_t count, size_t item,
                           uint64_t memory_limit, const char *instead);

/* ---- what archives of states share ---- */

/* Where number x of so many bits goes. */
static inline uint64_t ct_export_place(uint64_t x, int bits, cutropy_bit_order order)
{
    uint64_t y = 0;
    if (order == CUTROPY_BITS_LSB)
        return x;
    for (int k = 0; k < bits; k++)
        y |= (x >> k & 1) << (bits - 1 - k);
    return y;
}

/* What an archive holds, of what; mask: of a cut, or NULL. */
cutropy_status ct_export_texts(ct_npz_writer *writer, const char *form, const cutropy_state *state,
                               const uint64_t *mask, cutropy_bit_order order);

#endif
