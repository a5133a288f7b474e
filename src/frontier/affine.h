/* SPDX-License-Identifier: Apache-2.0 */
/* Entropies of a function that is a system of equations H x = c over GF(2): every cut has a flat spectrum of 2^S levels with
 * S = rank H_A + rank H_B - rank H, H_A the columns of the pixels of A (A. Hamma, R. Ionicioiu, P. Zanardi, Phys. Lett. A 337, 22
 * (2005); D. Fattal et al., quant-ph/0406168: stabiliser states). */
#ifndef CT_AFFINE_H
#define CT_AFFINE_H

#include "base/base.h"
#include "problem/affine.h"

typedef struct ct_affine {
    const cutropy_problem *problem; /* borrowed */
    int pixels, rank;               /* N; of H. There are 2^(N - rank) images with label 1 */
    uint64_t checksum; /* of the reduced echelon form of H and c, which f alone decides */
    ct_equations equations;
    /* the equations of each pixel: with[first[i]] .. with[first[i + 1] - 1] */
    size_t *first; /* pixels + 1 */
    int32_t *with;
    bool graphic; /* no pixel is in more than two: H is the incidence matrix of a graph */
} ct_affine;

/* The problem may (ct_affine_may), labels 0 and 1. Errors: CUTROPY_EINPUT (no image fulfils the equations: f = 0),
 * CUTROPY_EMEMORY. *out is NULL then. */
cutropy_status ct_affine_open(const cutropy_problem *problem, ct_affine **out);
void ct_affine_close(ct_affine *affine);

/* Bytes of the equations, and the most that the rank of one cut takes beside them. */
void ct_affine_bytes(const ct_affine *affine, uint64_t *equations, uint64_t *rank);

/* The same equations as many as their rank, such that the last pixel of each stands in no other one: it follows from those before it,
 * and all other pixels are free. With pixel place[k] read as k-th, last and first in this order. */
typedef struct ct_affine_rows {
    int pixels, rank;
    size_t words;  /* N / 64 + 1 */
    uint64_t *row; /* rank x words: places of its pixels; bit N: it is odd */
    int *last;     /* rank: their last places, ascending */
    int *by_last;  /* N: the row that ends there, -1: none */
    int *bits;     /* N + 1: S of the cut between the first k places and the others */
} ct_affine_rows;

/* place: N, NULL: pixels in the order of their numbers. Cost: two eliminations. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_affine_rows_make(const ct_affine *affine, const int *place, ct_affine_rows *out);
void ct_affine_rows_free(ct_affine_rows *rows);

/* S in bits of the cut whose region A is the mask. Cost: that of union and find over the pixels where H is graphic, else of
 * an elimination. Any number of threads may ask. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_affine_bits(const ct_affine *affine, const uint64_t *mask, int *bits);

#endif
