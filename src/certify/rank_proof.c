/* Ranks modulo consecutive primes until their product exceeds Hadamard's bound.
 *
 * With r the largest rank met so far and k = r + 1, no minor M of order k is zero modulo fewer
 * primes than were tried, so their product divides M. Bounds of M^2:
 *   - entries 0 and 1: (k + 1)^(k + 1) / 4^k            (Hadamard, bordered to a +-1 matrix)
 *   - any integers: the product of the k largest squared row norms, or column norms
 * and the product of c primes above 2^58 exceeds 2^(58 c). All bounds are integers. */
#include "certify/rank_proof.h"

#include <inttypes.h>
#include <stdio.h>

#include "certify/flint.h"

#define PRIME_BITS                                                                                 \
    58 /* sums of products of two residues fit 128 bits: nearly twice as fast as 61 */

static int descending(const void *a, const void *b)
{
    return fmpz_cmp(b, a);
}

/* Bits of the product of the k largest squared norms of rows (step 1) or columns. */
static uint64_t hadamard_bits(int64_t lines, int64_t length, int64_t line_step, int64_t step,
                              const int64_t *entry, int64_t k)
{
    fmpz *norm = _fmpz_vec_init(lines);
    fmpz_t x, product;
    fmpz_init(x);
    fmpz_init_set_ui(product, 1);
    for (int64_t i = 0; i < lines; i++)
        for (int64_t j = 0; j < length; j++) {
            fmpz_set_si(x, entry[i * line_step + j * step]);
            fmpz_addmul(norm + i, x, x);
        }
    qsort(norm, (size_t)lines, sizeof *norm, descending);
    for (int64_t i = 0; i < k; i++)
        fmpz_mul(product, product, norm + i);
    const uint64_t bits = fmpz_bits(product);
    fmpz_clear(x);
    fmpz_clear(product);
    _fmpz_vec_clear(norm, lines);
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

int64_t ct_rank_primes_needed(int64_t rows, int64_t columns, const int64_t *entry, int64_t r)
{
    const int64_t smaller = rows < columns ? rows : columns, k = r + 1;
    bool binary = true;
    if (r >= smaller)
        return 0;
    uint64_t bits = hadamard_bits(rows, columns, columns, 1, entry, k);
    const uint64_t other = hadamard_bits(columns, rows, 1, columns, entry, k);
    bits = other < bits ? other : bits;
    for (int64_t i = 0; binary && i < rows * columns; i++)
        binary = entry[i] == 0 || entry[i] == 1;
    if (binary) {
        const uint64_t tight = binary_bits(k);
        bits = tight < bits ? tight : bits;
    }
    /* M^2 < 2^bits <= 2^(116 c) < product^2 */
    return (int64_t)((bits + 2 * PRIME_BITS - 1) / (2 * PRIME_BITS));
}

static int64_t rank_modulo(int64_t rows, int64_t columns, const int64_t *entry, ulong prime)
{
    nmod_mat_t m;
    nmod_mat_init(m, rows, columns, prime);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            const int64_t x = entry[i * columns + j];
            const ulong size = (x < 0 ? 0 - (ulong)x : (ulong)x) % prime;
            nmod_mat_entry(m, i, j) = x < 0 && size ? prime - size : size;
        }
    const int64_t rank = nmod_mat_rank(m);
    nmod_mat_clear(m);
    return rank;
}

cutropy_status ct_rank_prove(int64_t rows, int64_t columns, const int64_t *entry, double work_limit,
                             ct_rank_proof *out)
{
    const int64_t smaller = rows < columns ? rows : columns;
    *out = (ct_rank_proof){.proved = smaller == 0};
    if (smaller == 0)
        return CUTROPY_OK;
    ulong prime = UINT64_C(1) << PRIME_BITS;
    int64_t needed = -1; /* for out->rank; unknown */
    double work = 0;
    while (!out->proved) {
        prime = n_nextprime(prime, 1);
        if (!out->primes)
            out->first_prime = prime;
        const int64_t rank = rank_modulo(rows, columns, entry, prime);
        out->primes++;
        work += (double)rows * (double)columns * (double)(rank ? rank : 1);
        if (needed < 0 || rank > out->rank) {
            out->rank = rank;
            needed = ct_rank_primes_needed(rows, columns, entry, rank);
        }
        out->proved = out->primes >= needed;
        if (!out->proved && work + work / (double)out->primes > work_limit)
            break;
    }
    return CUTROPY_OK;
}

void ct_rank_proof_format(const ct_rank_proof *proof, char *text)
{
    snprintf(text, 96, "rank %" PRId64 " modulo %" PRId64 " prime%s from %" PRIu64, proof->rank,
             proof->primes, proof->primes == 1 ? "" : "s", proof->first_prime);
}
