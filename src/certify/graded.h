/* SPDX-License-Identifier: Apache-2.0 */
/* Every eigenvalue of a block to a small relative error, however small it is beside the largest
 * (theorem C (15 of docs/theorems.md)): what entropies of order below 1, Schmidt spectra and ranks need,
 * and the last road of a proof where twice the working precision shows too little.
 *
 * The matrix is exact: integers, or doubles, which are integers times a power of two. Approximate
 * eigenvectors are integers too, so that every product is exact; whatever they are, the result is
 * right or refused. */
#ifndef CT_GRADED_H
#define CT_GRADED_H

#include "backend/operations.h"
#include "certify/integer_block.h"

typedef struct ct_graded ct_graded;

/* H = D^1/2 G D^1/2 with D = diag(weight), n x n, weights >= 1. Numbers: G = A C A^T with A = entry (n x k, row-major, finite) and
 * C = diag(column_weight). Free with ct_graded_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_graded_integers(const ct_integer_block *block, ct_graded **out);
cutropy_status ct_graded_numbers(int64_t n, int64_t k, const double *entry, const uint64_t *weight,
                                 const uint64_t *column_weight, ct_graded **out);
void ct_graded_free(ct_graded *block);

/* What is asked for, and by what means. */
typedef struct ct_graded_goal {
    int64_t bits;  /* relative error of an eigenvalue: below 2^-bits */
    int64_t floor; /* below 2^-floor of the largest an upper bound will do; unused if rank >= 0 */
    int64_t rank;  /* of H, proved by others: the eigenvalues beyond it are zero; -1: not known */
    double work_limit;            /* multiplications of 58 bits */
    uint64_t memory_limit;        /* bytes */
    int threads;                  /* of products; 0: one */
    const ct_operations *backend; /* approximate eigenvectors */
    const ct_watch *watch;        /* asked between two products; may be NULL */
} ct_graded_goal;

/* Refines the vectors until the goal is proved; goes on from where the last call ended. *proved =
 * false: the limits came first, or the vectors were hopeless. Cost: 10 to 20 products of n x n
 * matrices of integers of about bits + log2(largest / smallest eigenvalue) / 2 bits. Errors:
 * CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status ct_graded_prove(ct_graded *block, const ct_graded_goal *goal, bool *proved);

/* Multiplications of 58 bits and bytes that a block of dimension n takes at least. */
double ct_graded_work(int64_t n, int64_t bits);
double ct_graded_bytes(int64_t n, int64_t bits);

#endif
