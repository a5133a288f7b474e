/* SPDX-License-Identifier: Apache-2.0 */
/* The same function read from its last pixel to its first, and the cut matrices between the two automata. */
#ifndef CT_REVERSE_H
#define CT_REVERSE_H

#include "frontier/levels.h"

/* The least automaton of the reversed order, f not zero: its level N - k holds the classes of equal non-zero columns of cut k,
 * found as sets of row classes, compared bit by bit. Errors: as ct_levels_build. */
cutropy_status ct_levels_reverse(const ct_levels *levels, uint64_t memory_limit,
                                 const ct_watch *watch, ct_levels *out);

/* 64-bit words of a set of so many classes. */
static inline size_t ct_set_words(int32_t count)
{
    return ((size_t)count + 63) / 64;
}

/* The quotient of cut k as bits: columns x ct_set_words(rows) words, a set of row classes for each column class.
 * One pass over the levels behind k. *out is freed with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cells(const ct_levels *rows, const ct_levels *columns, int k, uint64_t **out);

/* What that takes: bits on all levels together, and the most bytes at once. */
typedef struct ct_cells_size {
    double bits;
    uint64_t bytes;
} ct_cells_size;

ct_cells_size ct_cells_measure(const ct_levels *rows, const ct_levels *columns, int k);

/* The same as lists, where they are short: column c has the row classes row[start[c]] .. row[start[c + 1] - 1], ascending. */
typedef struct ct_cell_lists {
    int64_t *start; /* columns + 1 */
    int32_t *row;
} ct_cell_lists;

/* *are_short = false, and nothing in *out: at some level behind k they would take more memory than the bits. Free with
 * ct_cell_lists_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cell_lists_make(const ct_levels *rows, const ct_levels *columns, int k,
                                  ct_cell_lists *out, bool *are_short);
void ct_cell_lists_free(ct_cell_lists *lists);

#endif
