/* SPDX-License-Identifier: Apache-2.0 */
/* Characteristic polynomials modulo primes, put together by the Chinese remainder theorem. */
#include "certify/algebra_parts.h"

#define PRIME_BITS 61

int64_t ct_charpoly_bits(int64_t n, const fmpz_t trace)
{
    fmpz_t top, bottom;
    fmpz_init(top);
    fmpz_init(bottom);
    fmpz_add_ui(top, trace, (ulong)n);
    fmpz_pow_ui(top, top, (ulong)n);
    fmpz_ui_pow_ui(bottom, (ulong)n, (ulong)n);
    fmpz_cdiv_q(top, top, bottom);
    const int64_t bits = (int64_t)fmpz_bits(top);
    fmpz_clear(top);
    fmpz_clear(bottom);
    return bits;
}

void ct_charpoly(fmpz_poly_t out, const fmpz_mat_t m, const fmpz_t trace)
{
    const int64_t bits = ct_charpoly_bits(fmpz_mat_nrows(m), trace) + 1; /* and the sign */
    fmpz_t modulus;
    ulong prime = UINT64_C(1) << PRIME_BITS;
    fmpz_init_set_ui(modulus, 1);
    fmpz_poly_zero(out);
    for (int64_t have = 0; have < bits; have += PRIME_BITS) {
        nmod_mat_t reduced;
        nmod_poly_t image;
        prime = n_nextprime(prime, 1);
        nmod_mat_init(reduced, fmpz_mat_nrows(m), fmpz_mat_ncols(m), prime);
        nmod_poly_init(image, prime);
        fmpz_mat_get_nmod_mat(reduced, m);
        nmod_mat_charpoly(image, reduced);
        if (have)
            fmpz_poly_CRT_ui(out, out, modulus, image, 1);
        else
            fmpz_poly_set_nmod_poly(out, image);
        fmpz_mul_ui(modulus, modulus, prime);
        nmod_poly_clear(image);
        nmod_mat_clear(reduced);
    }
    fmpz_clear(modulus);
}
