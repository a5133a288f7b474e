/* SPDX-License-Identifier: Apache-2.0 */
/* The cut matrix of a function, literally: one row an image of A, one column an image of B.
 *
 * This is the second road of cutropy_verify. It has nothing from the engine's quotient, blocks or
 * kernels: images are listed in a plain loop, rows and columns that are equal are merged by
 * sorting, and both reduced density matrices, that of A and that of B, are summed as Eq. 20 and 26
 * of arXiv 1710.05520 write them. It is slow and has limits, and says when they are reached. */
#ifndef CT_LITERAL_H
#define CT_LITERAL_H

#include "backend/function.h"

#define CT_LITERAL_IMAGES (UINT64_C(1) << 22) /* with f not 0, at most */
#define CT_LITERAL_CELLS (INT64_C(1) << 22)   /* of the merged matrix, at most */
#define CT_LITERAL_WORK (INT64_C(1) << 28)    /* multiplications of one matrix product, at most */
#define CT_LITERAL_ROWS 2048                  /* of a density matrix that is summed, at most */

/* The images with f not 0. */
typedef struct ct_entries {
    const ct_function *f;
    uint64_t count;
    uint32_t *image; /* NULL: entry i is image i of the list */
    size_t words;    /* of a value */
    uint64_t *value; /* count x words: int64_t, double, or two doubles; NULL: all 1 */
} ct_entries;

/* *why: NULL, or why there are no entries (a constant text). */
cutropy_status ct_entries_make(const ct_function *f, ct_entries *out, const char **why);
void ct_entries_free(ct_entries *entries);

/* id[i] = number of what entry i shows on the pixels in mask, below *count. Free with ct_free. */
cutropy_status ct_entries_number(const ct_entries *entries, const uint64_t *mask, uint32_t **id,
                                 uint64_t *count);

/* Side 0 is A, side 1 is B. */
typedef struct ct_literal {
    const ct_entries *entries;
    const char *why;     /* not NULL: it was not built; a constant text */
    uint32_t *id[2];     /* half of each entry */
    uint64_t halves[2];  /* numbers of halves, used or not */
    int64_t extendable;  /* images of A with a row that is not zero */
    int64_t count[2];    /* different rows (columns) that are not zero */
    int32_t *of_half[2]; /* halves: class of each, -1 for zero rows */
    int64_t *weight[2];  /* count: members of each class */
    uint64_t *begin;     /* count[0]: where the row of a class begins in `columns`, */
    uint64_t *length;    /* count[0]: and its length */
    uint32_t *columns;   /* halves of B, row by row of A */
    int64_t *integer;    /* labels, integers: count[0] x count[1], row-major */
    double *real;        /* real, complex: count[0] x count[1] pairs */
} ct_literal;

/* mask: any, also everything (then B has one image). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_literal_make(const ct_entries *entries, const uint64_t *mask, ct_literal *out);
void ct_literal_free(ct_literal *literal);

/* 1: the matrix is a column times a row, by exact 2 x 2 minors; 0: it is not; -1: real and complex
 * functions, whose products are rounded. */
int ct_literal_is_product(const ct_literal *literal);

/* The largest relative distance of an entry from a column times a row: q_ij = u_i v_j (1 + d_ij),
 * |d| at most this. Infinite where zeros do not fit. Real and complex functions. */
double ct_literal_product_distance(const ct_literal *literal);

/* Gram matrix of a side without the weights of that side, G_ij = sum_k w_k q_ik conj(q_jk), Eq. 20
 * times <f|f>: n x n integers for labels and integers. Free with ct_free. */
cutropy_status ct_literal_gram(const ct_literal *literal, int side, int64_t **gram);
/* The same for real and complex functions: n x n pairs, sums in long double. */
cutropy_status ct_literal_gram_real(const ct_literal *literal, int side, double **gram);
/* Can the matrix of a side be summed within CT_LITERAL_ROWS and CT_LITERAL_WORK? */
bool ct_literal_fits(const ct_literal *literal, int side);

/* The numbers N of Eq. 26 for 0/1 labels: n x n, how many images of B extend both rows, counted
 * image by image. Free with ct_free. */
cutropy_status ct_literal_common(const ct_literal *literal, int64_t **common);

/* sum_i w_i g_ii and sum_ij w_i w_j g_ij^2 of an integer matrix with the weights of a side. */
ct_u128 ct_literal_trace(const ct_literal *literal, int side, const int64_t *gram);
ct_u128 ct_literal_square(const ct_literal *literal, int side, const int64_t *gram);

#endif
