/* SPDX-License-Identifier: Apache-2.0 */
/* A positive matrix whose error is bounded as the answer of a cut: one block, from which nothing is proved. */
#ifndef CT_MATRIX_ANSWER_H
#define CT_MATRIX_ANSWER_H

#include "backend/solver.h"

typedef struct ct_bounded_matrix {
    int64_t n;
    bool is_complex;
    double *number; /* n x n, upper triangle row-major, complex: pairs */
    double
        *values;   /* its eigenvalues, ascending, where there are no numbers; NULL: not found yet */
    double trace;  /* <f|f>, as of the function */
    double square; /* squared Frobenius norm */
    double error;  /* ||rho_A - the matrix||_1 times <f|f>, at most */
} ct_bounded_matrix;

typedef struct ct_matrix_answer {
    double *values; /* ascending, zeros in front where the matrix is smaller than its block */
    ct_block_answer block;
    ct_cut_answer answer;
} ct_matrix_answer;

/* Sets trace and square. */
void ct_matrix_measure(ct_bounded_matrix *m);

/* Eigenvalues of m (number goes), divided by its trace: it must be the norm of the function within their errors. size: of the block;
 * most: the rank, at most. cancelled: why it may be that the error is no smaller than <f|f>. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC,
 * CUTROPY_ECANCELLED. */
cutropy_status ct_matrix_answer_make(const ct_solver_setting *setting, const ct_watch *watch,
                                     int threads, const ct_bounded_matrix *m, const int64_t size[2],
                                     int64_t most, const char *cancelled, ct_matrix_answer *out);

#endif
