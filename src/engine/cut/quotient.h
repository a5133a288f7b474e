/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut: equal rows merged, equal columns merged, zero rows and columns dropped (theorem 1 of docs/theorems.md).
 *
 * With class multiplicities m (rows, side 0) and n (columns, side 1), rho_A has the non-zero
 * spectrum of D_m^1/2 Q D_n Q^H D_m^1/2 / <f|f>. Side 0 is region A; the caller passes the smaller
 * side as A.
 *
 * The quotient is proved: rows are compared, or (from a support list) every label-1 image lies in a
 * cell of Q and the cells hold sum m_i n_j Q_ij = number of label-1 images; automata are minimal, and their
 * columns are found as sets of rows. */
#ifndef CT_QUOTIENT_H
#define CT_QUOTIENT_H

#include "backend/operations.h"
#include "engine/cut/classes.h"

/* |G_ij| <= <f|f> <= 2^40 (2^63)^2 */
#define CT_WIDE_WORDS 3

typedef enum ct_quotient_storage {
    CT_Q_BITS,  /* rows of the cut matrix as bits, both ways round (from a truth table) */
    CT_Q_EDGES, /* list of the non-zero entries of Q (from a support list or automata) */
    CT_Q_DENSE  /* Q as numbers (from values, or labels +-1 from a support list) */
} ct_quotient_storage;

typedef struct ct_quotient {
    ct_quotient_storage storage;
    cutropy_kind kind;
    int64_t value[2]; /* labels: the numbers that 0 and 1 stand for */
    ct_classes side[2];
    bool ordinary; /* of f */
    int words; /* 64-bit words of an integer of its Gram matrices: 1, or CT_WIDE_WORDS where <f|f> is big */

    /* CT_Q_BITS: side s has 2^(N - shift[s]) rows of 2^shift[s] bits; order[s][k] = pixel of index
     * bit k */
    uint64_t *bits[2];
    int shift[2];
    int pixels;
    uint8_t order[2][64], place[2][64]; /* place[s][pixel] = index bit */

    /* CT_Q_EDGES: edge[e] = {row class, column class}, sorted */
    int64_t edges;
    int32_t (*edge)[2];

    /* CT_Q_DENSE: side[0].count x side[1].count numbers, row-major */
    void *dense;
} ct_quotient;

/* mask: region A, non-empty, not everything, and for tables and values not more than half of the
 * pixels. */
cutropy_status ct_quotient_build(const ct_function *f, const uint64_t *mask,
                                 const ct_operations *backend, int threads, ct_quotient *out);
void ct_quotient_free(ct_quotient *q);

/* The cut with an empty A: one row, which is f, and a column class for each different value but 0.
 * Values are hashed and compared as other rows are. Errors: those of ct_classes_of_rows. */
cutropy_status ct_quotient_empty_cut(const ct_function *f, int threads, int64_t classes[2]);

/* Memory that a quotient holds. */
size_t ct_quotient_bytes(const ct_quotient *q);

/* The ways of ct_quotient_build, by storage of f. */
cutropy_status ct_quotient_from_values(const ct_function *f, uint64_t mask, int threads,
                                       ct_quotient *out);
cutropy_status ct_quotient_from_support(const ct_function *f, const uint64_t *mask,
                                        ct_quotient *out);
cutropy_status ct_quotient_from_sparse(const ct_function *f, const uint64_t *mask,
                                       ct_quotient *out);
cutropy_status ct_quotient_from_automaton(const ct_function *f, const uint64_t *mask,
                                          ct_quotient *out);

/* A list by halves: the pixels of every listed image inside mask (or outside it), numbered
 * by first occurrence. side[0].of_row of ct_quotient_from_support is indexed by these numbers for
 * inside = true. At most 2^32 - 2 images. */
typedef struct ct_halves {
    uint64_t count;
    uint32_t *of_image; /* ones: number of the half of each image; free with ct_free */
} ct_halves;

cutropy_status ct_halves_number(const ct_function *f, const uint64_t *mask, bool inside,
                                ct_halves *out);

/* CT_VALUES as a matrix: m[r][c] = f(row r joined with column c), rows by the pixels of A = mask,
 * columns by the others, both in pixel order; free *m with ct_free, also on error. */
cutropy_status ct_values_gather(const ct_function *f, uint64_t mask, int threads, uint64_t **m);

/* Entry (i, j) of Q for labels and integers. */
int64_t ct_quotient_entry(const ct_quotient *q, int64_t i, int64_t j);

/* entry[i * columns + j] = entry (row[i], column[j]) of Q, as ct_quotient_entry. */
void ct_quotient_submatrix(const ct_quotient *q, const int32_t *row, int64_t rows,
                           const int32_t *column, int64_t columns, int64_t *entry);

/* CT_Q_BITS: the index of the same half image in the other layout. half: 0 = pixels of A (rows of
 * side 0, columns of side 1), 1 = pixels of B. */
uint64_t ct_quotient_move(const ct_quotient *q, int half, uint64_t index, int from_side,
                          int to_side);

#endif
