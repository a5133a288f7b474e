/* SPDX-License-Identifier: Apache-2.0 */
/* The exact rank of a matrix of integers or doubles, with a proof that anybody can repeat: a list of primes. */
#ifndef CT_RANK_PROOF_H
#define CT_RANK_PROOF_H

#include "base/base.h"
#include "base/integer_block.h"

/* The rank modulo a prime never exceeds the true rank, and the largest one met is `rank`. It is the
 * true rank because either it is the smaller side, or all `primes` primes (first_prime and its
 * successors) divide every minor of order rank + 1, and their product exceeds what Hadamard's
 * inequality allows such a minor. */
typedef struct ct_rank_proof {
    int64_t rank;         /* exact if proved, else a lower bound */
    bool proved;          /* false: the work limit came first */
    uint64_t first_prime; /* smallest prime above 2^58; 0 for a matrix without an entry */
    int64_t primes;       /* how many consecutive primes were used */
} ct_rank_proof;

/* entry: rows x columns, row-major, any int64. Cost: one elimination (rows * columns * rank
 * multiplications) for each prime; one prime where the rank is full, about rank * log2(rank) / 122
 * for a deficient 0/1 matrix. Stops unproved before the prime that would exceed work_limit
 * multiplications (the first one is always done). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_rank_prove(int64_t rows, int64_t columns, const int64_t *entry, double work_limit,
                             ct_rank_proof *out);

/* The same for the matrix G of a block. */
cutropy_status ct_rank_prove_block(const ct_integer_block *block, double work_limit,
                                   ct_rank_proof *out);
/* A block joins those of a cut, whose sum starts with proved = true and zeros. */
void ct_rank_proof_add(ct_rank_proof *sum, const ct_rank_proof *block);

/* The same for finite doubles, whose rows are integers times powers of two; row i starts at
 * entry + i * stride. */
cutropy_status ct_rank_prove_numbers(int64_t rows, int64_t columns, int64_t stride,
                                     const double *entry, double work_limit, ct_rank_proof *out);

/* Primes that prove rank r for this matrix when all ranks modulo them are at most r (0: r is the
 * smaller side and needs no bound). */
int64_t ct_rank_primes_needed(int64_t rows, int64_t columns, const int64_t *entry, int64_t r);

#endif
