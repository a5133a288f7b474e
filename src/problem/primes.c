/* SPDX-License-Identifier: Apache-2.0 */
/* primes: the image read as an integer is prime. */

#include "base/bits.h"
#include "problem/label.h"
#include "problem/types.h"

#define BLOCK_WORDS 4096 /* sieved at a time: 32 kB, stays in the first cache */

/* Odd primes whose square can be an image. */
typedef struct base_primes {
    size_t count;
    uint32_t prime[];
} base_primes;

static uint64_t isqrt(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= n)
            root += bit;
    return root;
}

/* All odd primes <= limit, by the plain sieve. */
static cutropy_status list_base_primes(uint64_t limit, base_primes **out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *composite = NULL;
    base_primes *primes = NULL;
    size_t count = 0;
    CT_NEW_ZERO(composite, limit + 1);
    for (uint64_t p = 3; p <= limit; p += 2) {
        count += !composite[p];
        for (uint64_t m = p * p; !composite[p] && m <= limit; m += 2 * p)
            composite[m] = 1;
    }
    primes = ct_alloc(sizeof *primes + count * sizeof primes->prime[0], 1);
    if (!primes) {
        status = ct_fail_memory("primes", count * sizeof primes->prime[0]);
        goto done;
    }
    primes->count = 0;
    for (uint64_t p = 3; p <= limit; p += 2)
        if (!composite[p])
            primes->prime[primes->count++] = (uint32_t)p;
    *out = primes;
done:
    ct_free(composite);
    return status;
}

/* Labels of the images 64 * first_word .. of one block: odd numbers, less the odd multiples of the
 * base primes. */
static void sieve_block(const base_primes *primes, uint64_t first_word, size_t words, uint64_t *out)
{
    uint64_t first = 64 * first_word, end = first + 64 * words;
    for (size_t w = 0; w < words; w++)
        out[w] = UINT64_C(0xaaaaaaaaaaaaaaaa);
    if (first == 0)
        out[0] ^= 1u << 1 | 1u << 2; /* 1 is no prime, 2 is one */
    for (size_t k = 0; k < primes->count; k++) {
        uint64_t p = primes->prime[k], multiple = p * p;
        if (multiple >= end)
            break;
        if (multiple < first) {
            multiple = (first + p - 1) / p * p;
            multiple += multiple % 2 ? 0 : p;
        }
        for (uint64_t m = multiple - first; m < end - first; m += 2 * p)
            out[m >> 6] &= ~(UINT64_C(1) << (m & 63));
    }
}

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    for (size_t done = 0; done < words; done += BLOCK_WORDS) {
        size_t size = words - done < BLOCK_WORDS ? words - done : BLOCK_WORDS;
        sieve_block(problem->data, first_word + done, size, out + done);
    }
    if (problem->lattice->pixels < 6 && words)
        out[0] &= ct_low_mask(1 << problem->lattice->pixels);
    return CUTROPY_OK;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    base_primes *primes = NULL;
    (void)args;
    CT_TRY(ct_label_index(problem, "primes"));
    CT_TRY(list_base_primes(isqrt(UINT64_C(1) << problem->lattice->pixels), &primes));
    problem->data = primes;
    problem->fill_labels = fill_labels;
done:
    return status;
}

const ct_problem_type ct_problem_primes = {
    .name = "primes",
    .summary = "the image read as an integer is prime",
    .definition =
        "Label 1: the integer whose bit i (value 2^i) is pixel i is a prime number. N <= 40.",
    .source = "J. I. Latorre, G. Sierra, There is entanglement in the primes, Quantum Inf. Comput. "
              "15, 622 (2015)",
    .known = "pi(2^N) label-1 images; first half of the pixels: S = 5.787153058466823387 bits at N "
             "= 16, "
             "7.557377354183919577 at N = 20",
    .lattice = "chain:16",
    .is_label = true,
    .make = make,
};
