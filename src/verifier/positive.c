/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an integer matrix is positive semidefinite, by elimination without fractions (Bareiss):
 * after k steps every entry is a minor of order k + 1, so that the division by the last pivot is
 * exact. With positive pivots the rest keeps the signs of a Schur complement. */
#include "verifier/block.h"

/* The first index >= k with a diagonal entry that is not zero; n: there is none. */
static size_t find_pivot(const mpz_t *a, size_t n, size_t k)
{
    while (k < n && !mpz_sgn(a[k * n + k]))
        k++;
    return k;
}

static void swap_both(mpz_t *a, size_t n, size_t i, size_t j)
{
    for (size_t c = 0; c < n && i != j; c++)
        mpz_swap(a[i * n + c], a[j * n + c]);
    for (size_t r = 0; r < n && i != j; r++)
        mpz_swap(a[r * n + i], a[r * n + j]);
}

/* One step with the pivot a_kk; `last` is the pivot before it, 1 at first. */
static void eliminate(mpz_t *a, size_t n, size_t k, const mpz_t last)
{
    for (size_t i = k + 1; i < n; i++)
        for (size_t j = i; j < n; j++) {
            mpz_t *entry = &a[i * n + j];
            mpz_mul(*entry, *entry, a[k * n + k]);
            mpz_submul(*entry, a[k * n + i], a[k * n + j]);
            mpz_divexact(*entry, *entry, last);
            mpz_set(a[j * n + i], *entry);
        }
}

/* All entries with both indices >= k are zero. */
static bool rest_is_zero(const mpz_t *a, size_t n, size_t k)
{
    for (size_t i = k; i < n; i++)
        for (size_t j = k; j < n; j++)
            if (mpz_sgn(a[i * n + j]))
                return false;
    return true;
}

bool cv_block_is_positive(const cv_block *block)
{
    const size_t n = block->size;
    mpz_t *a = cv_numbers(n * n), last;
    bool positive = a != NULL;
    mpz_init_set_ui(last, 1);
    for (size_t i = 0; positive && i < n * n; i++)
        mpz_set(a[i], block->gram[i]);
    for (size_t k = 0; positive && k < n; k++) {
        const size_t pivot = find_pivot((const mpz_t *)a, n, k);
        if (pivot == n) {
            positive = rest_is_zero((const mpz_t *)a, n, k);
            break;
        }
        swap_both(a, n, k, pivot);
        positive = mpz_sgn(a[k * n + k]) > 0;
        if (positive)
            eliminate(a, n, k, last);
        mpz_set(last, a[k * n + k]);
    }
    mpz_clear(last);
    cv_numbers_free(a, n * n);
    return positive;
}
