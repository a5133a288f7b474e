/* SPDX-License-Identifier: Apache-2.0 */
/* The spectrum of rho_A from the answer of a cut, block by block: closed forms for n = 1 and 2, the
 * eigenvalues above. */
#ifndef CT_SPECTRUM_H
#define CT_SPECTRUM_H

#include "backend/solver.h"
#include "engine/cut/blocks.h"

/* An eigenvalue of rho_A: the true one lies within value +- error. Closed forms: the rounding;
 * others: the estimate of their block; both 0 where it is proved to be zero. */
typedef struct ct_level {
    double value; /* >= 0 */
    double error;
} ct_level;

/* Multiplications of one elimination, rows * columns * n, beyond which a block's rank stays a bracket
 * (full rank needs no more), and those that a list of primes may take where the rank is deficient:
 * about 0.1 s, blocks up to n = 300. */
#define CT_RANK_ELIMINATION 2e10
#define CT_RANK_WORK 3e8
/* The same for a proof by the span, blocks up to n = 1000, about 1 s. */
#define CT_RANK_SPAN 1e9

/* One block without a closed form. */
typedef struct ct_pending {
    int64_t block; /* of the cut's blocks */
    int64_t size[2], n;
    size_t first_level; /* its n levels, descending */
    double gram_error;  /* real, complex: of the product, in units of u Tr H */
    int exponent;       /* the eigenvalues are those of the block of f times 4^-exponent */
    double known_error; /* of the answer */
    int64_t most;
    int64_t rank_lo, rank_hi; /* after ct_spectrum_ranks */
    const double *values;     /* of the answer */
} ct_pending;

typedef struct ct_spectrum {
    size_t count;    /* levels; those proved zero come last */
    ct_level *level; /* in the order of the blocks, descending after ct_spectrum_finish */
    size_t pending_count;
    ct_pending *pending;
    bool closed;               /* every block in closed form */
    bool integers;             /* labels or integers: the exact fields below hold */
    ct_u128 square_sum;        /* T^2 Tr rho^2 */
    ct_big square_big;         /* the same where T is big */
    double total_error;        /* 0, or a bound of the sum of |p - true p| over all levels */
    double purity;             /* Tr rho^2 from the Gram matrices */
    double mixed, mixed_error; /* labels and integers: 1 - Tr rho^2, its error beyond rounding */
    ct_u128 cube_sum;          /* T^3 Tr rho^3, only when asked for */
    const ct_big *cube_big;    /* the same where T is big: of the answer */
    bool cube_fits;
    double cube; /* Tr rho^3 where cube_fits */
    int64_t rank_lo, rank_hi;
} ct_spectrum;

/* The levels of an answer, which must be consistent and stay. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC
 * (no positive matrix), CUTROPY_EINTERNAL (sizes that do not add up, values that are missing). */
cutropy_status ct_spectrum_from_answer(const ct_function *f, const ct_cut_answer *answer,
                                       ct_spectrum *out);

/* Must the rank of some block be found by elimination, which reads the members of q and blocks? */
bool ct_spectrum_needs_elimination(const ct_spectrum *s);

/* Ranks. q, blocks: NULL where nothing must be eliminated. */
cutropy_status ct_spectrum_ranks(const ct_quotient *q, const ct_blocks *blocks, ct_spectrum *s);

/* After better levels: more of them may be clear. */
void ct_pending_clear(ct_pending *p, ct_spectrum *s);

void ct_levels_sort(ct_spectrum *s);

/* In the end: sorts the levels and checks trace = 1, purity and, where it is there, Tr rho^3. Errors:
 * CUTROPY_ENUMERIC. */
cutropy_status ct_spectrum_finish(ct_spectrum *s);

void ct_spectrum_free(ct_spectrum *s);

#endif
