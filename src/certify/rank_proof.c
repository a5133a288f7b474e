/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks modulo consecutive primes until their product exceeds Hadamard's bound (theorem 5 of docs/theorems.md).
 *
 * With r the largest rank met so far and k = r + 1, no minor M of order k is zero modulo fewer
 * primes than were tried, so their product divides M. Bounds of M^2:
 *   - entries 0 and 1: (k + 1)^(k + 1) / 4^k            (Hadamard, bordered to a +-1 matrix)
 *   - any integers: the product of the k largest squared row norms, or column norms
 * (doubles: a row times a power of two is a row of integers, and the rank the same)
 * and the product of c primes above 2^58 exceeds 2^(58 c). All bounds are integers. */
#include "certify/rank_proof.h"

#include <stdint.h>

#include "certify/dyadic.h"
#include "certify/integer_parts.h"

#define PRIME_BITS                                                                                 \
    58 /* sums of products of two residues fit 128 bits: nearly twice as fast as 61 */

static int descending(const void *a, const void *b)
{
    return fmpz_cmp(b, a);
}

/* Bits of the product of the k largest squared norms of rows. */
static uint64_t hadamard_bits(const fmpz_mat_t m, int64_t k)
{
    const slong rows = fmpz_mat_nrows(m);
    fmpz *norm = _fmpz_vec_init(rows);
    fmpz_t product;
    fmpz_init_set_ui(product, 1);
    for (slong i = 0; i < rows; i++)
        for (slong j = 0; j < fmpz_mat_ncols(m); j++)
            fmpz_addmul(norm + i, fmpz_mat_entry(m, i, j), fmpz_mat_entry(m, i, j));
    qsort(norm, (size_t)rows, sizeof *norm, descending);
    for (int64_t i = 0; i < k; i++)
        fmpz_mul(product, product, norm + i);
    const uint64_t bits = fmpz_bits(product);
    fmpz_clear(product);
    _fmpz_vec_clear(norm, rows);
    return bits;
}

static uint64_t binary_bits(int64_t k)
{
    fmpz_t bound;
    fmpz_init(bound);
    fmpz_ui_pow_ui(bound, (ulong)k + 1, (ulong)k + 1);
    fmpz_cdiv_q_2exp(bound, bound, 2 * (ulong)k);
    const uint64_t bits = fmpz_bits(bound);
    fmpz_clear(bound);
    return bits;
}

/* Primes that prove rank r when all ranks modulo them are at most r. */
static int64_t primes_needed(const fmpz_mat_t m, int64_t r)
{
    const slong rows = fmpz_mat_nrows(m), columns = fmpz_mat_ncols(m);
    const int64_t smaller = rows < columns ? rows : columns, k = r + 1;
    bool binary = true;
    if (r >= smaller)
        return 0;
    fmpz_mat_t transposed;
    fmpz_mat_init(transposed, columns, rows);
    fmpz_mat_transpose(transposed, m);
    uint64_t bits = hadamard_bits(m, k);
    const uint64_t other = hadamard_bits(transposed, k);
    fmpz_mat_clear(transposed);
    bits = other < bits ? other : bits;
    for (slong i = 0; binary && i < rows; i++)
        for (slong j = 0; binary && j < columns; j++)
            binary = fmpz_is_zero(fmpz_mat_entry(m, i, j)) || fmpz_is_one(fmpz_mat_entry(m, i, j));
    if (binary) {
        const uint64_t tight = binary_bits(k);
        bits = tight < bits ? tight : bits;
    }
    /* M^2 < 2^bits <= 2^(116 c) < product^2 */
    return (int64_t)((bits + 2 * PRIME_BITS - 1) / (2 * PRIME_BITS));
}

static int64_t rank_modulo(const fmpz_mat_t m, ulong prime)
{
    nmod_mat_t image;
    nmod_mat_init(image, fmpz_mat_nrows(m), fmpz_mat_ncols(m), prime);
    fmpz_mat_get_nmod_mat(image, m);
    const int64_t rank = nmod_mat_rank(image);
    nmod_mat_clear(image);
    return rank;
}

static void prove(const fmpz_mat_t m, double work_limit, ct_rank_proof *out)
{
    const double rows = (double)fmpz_mat_nrows(m), columns = (double)fmpz_mat_ncols(m);
    ulong prime = UINT64_C(1) << PRIME_BITS;
    int64_t needed = -1; /* for out->rank; unknown */
    double work = 0;
    *out = (ct_rank_proof){.proved = rows == 0 || columns == 0};
    while (!out->proved) {
        prime = n_nextprime(prime, 1);
        if (!out->primes)
            out->first_prime = prime;
        const int64_t rank = rank_modulo(m, prime);
        out->primes++;
        work += rows * columns * (double)(rank ? rank : 1);
        if (needed < 0 || rank > out->rank) {
            out->rank = rank;
            needed = primes_needed(m, rank);
        }
        out->proved = out->primes >= needed;
        if (!out->proved && work + work / (double)out->primes > work_limit)
            break;
    }
}

static void set_integers(fmpz_mat_t m, const int64_t *entry)
{
    const slong columns = fmpz_mat_ncols(m);
    for (slong i = 0; i < fmpz_mat_nrows(m); i++)
        for (slong j = 0; j < columns; j++)
            fmpz_set_si(fmpz_mat_entry(m, i, j), entry[i * columns + j]);
}

int64_t ct_rank_primes_needed(int64_t rows, int64_t columns, const int64_t *entry, int64_t r)
{
    fmpz_mat_t m;
    fmpz_mat_init(m, rows, columns);
    set_integers(m, entry);
    const int64_t needed = primes_needed(m, r);
    fmpz_mat_clear(m);
    return needed;
}

cutropy_status ct_rank_prove(int64_t rows, int64_t columns, const int64_t *entry, double work_limit,
                             ct_rank_proof *out)
{
    fmpz_mat_t m;
    fmpz_mat_init(m, rows, columns);
    set_integers(m, entry);
    prove(m, work_limit, out);
    fmpz_mat_clear(m);
    return CUTROPY_OK;
}

cutropy_status ct_rank_prove_block(const ct_integer_block *block, double work_limit,
                                   ct_rank_proof *out)
{
    fmpz_mat_t m;
    fmpz_mat_init(m, block->n, block->n);
    for (int64_t i = 0; i < block->n; i++)
        for (int64_t j = 0; j < block->n; j++)
            ct_block_entry(fmpz_mat_entry(m, i, j), block, i, j);
    *out = (ct_rank_proof){.rank = 1}; /* a block is not zero */
    if ((double)block->n * (double)block->n <= work_limit)
        prove(m, work_limit, out);
    fmpz_mat_clear(m);
    return CUTROPY_OK;
}

void ct_rank_proof_add(ct_rank_proof *sum, const ct_rank_proof *block)
{
    sum->rank += block->rank;
    sum->proved = sum->proved && block->proved;
    sum->first_prime = block->first_prime ? block->first_prime : sum->first_prime;
    sum->primes = block->primes > sum->primes ? block->primes : sum->primes;
}

cutropy_status ct_rank_prove_numbers(int64_t rows, int64_t columns, int64_t stride,
                                     const double *entry, double work_limit, ct_rank_proof *out)
{
    fmpz_mat_t m;
    fmpz_mat_init(m, rows, columns);
    for (int64_t i = 0; i < rows; i++) {
        const double *row = entry + i * stride;
        const slong base = ct_lowest_exponent(row, columns);
        for (int64_t j = 0; j < columns; j++)
            ct_set_dyadic(fmpz_mat_entry(m, i, j), row[j], base);
    }
    prove(m, work_limit, out);
    fmpz_mat_clear(m);
    return CUTROPY_OK;
}
