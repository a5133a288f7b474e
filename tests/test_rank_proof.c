/* Exact ranks: against FLINT's rank over the rationals, against matrices of known rank, and with
 * matrices whose rank drops modulo the very primes that the proof uses. */
#include <string.h>

#include "check_main.h"
#include "ref/support.h"

#include "certify/flint.h"
#include "certify/rank_proof.h"

static int64_t rational_rank(int64_t rows, int64_t columns, const int64_t *entry)
{
    fmpz_mat_t m;
    fmpz_mat_init(m, rows, columns);
    for (int64_t i = 0; i < rows * columns; i++)
        fmpz_set_si(fmpz_mat_entry(m, i / columns, i % columns), entry[i]);
    const int64_t rank = fmpz_mat_rank(m);
    fmpz_mat_clear(m);
    return rank;
}

/* The proof checked by hand: the smaller side, or enough primes whose ranks are all at most r. */
static void check_proof(int64_t rows, int64_t columns, const int64_t *entry, int64_t expected)
{
    ct_rank_proof proof;
    ck_assert_int_eq(ct_rank_prove(rows, columns, entry, 1e12, &proof), CUTROPY_OK);
    ck_assert(proof.proved);
    ck_assert_int_eq(proof.rank, expected);
    if (proof.rank < rows && proof.rank < columns) {
        ck_assert_int_ge(proof.primes, ct_rank_primes_needed(rows, columns, entry, proof.rank));
        ck_assert_int_ge(proof.primes, 1);
    }
    if (rows && columns) {
        ck_assert_uint_gt(proof.first_prime, UINT64_C(1) << 58);
        ck_assert(n_is_prime(proof.first_prime));
    }
}

START_TEST(random_matrices)
{
    int64_t entry[24 * 24];
    uint64_t state = 41;
    for (int round = 0; round < amount(600, 80); round++) {
        const int64_t rows = 1 + (int64_t)draw_below(&state, 24);
        const int64_t columns = 1 + (int64_t)draw_below(&state, 24);
        const int64_t inner = 1 + (int64_t)draw_below(&state, 12);
        const int kind = round % 4;
        memset(entry, 0, sizeof entry);
        for (int64_t i = 0; i < rows * columns; i++)
            if (kind == 0)
                entry[i] = (int64_t)draw_below(&state, 2);
            else if (kind == 1)
                entry[i] = draw_below(&state, 6) == 0;
            else if (kind == 2)
                entry[i] = (int64_t)draw(&state);          /* any 64 bits */
        for (int64_t k = 0; kind == 3 && k < inner; k++) { /* a sum of rank-one matrices */
            int64_t left[24], right[24];
            for (int64_t i = 0; i < 24; i++) {
                left[i] = (int64_t)draw_below(&state, 2001) - 1000;
                right[i] = (int64_t)draw_below(&state, 2001) - 1000;
            }
            for (int64_t i = 0; i < rows * columns; i++)
                entry[i] += left[i / columns] * right[i % columns];
        }
        if (kind < 2 && rows > 2) /* repeated rows: deficient 0/1 matrices */
            memcpy(entry + (rows - 1) * columns, entry, (size_t)columns * sizeof *entry);
        check_proof(rows, columns, entry, rational_rank(rows, columns, entry));
    }
}
END_TEST

/* diag(p, p', 1, ...) with the first primes of the list: one prime is never enough. */
START_TEST(drops_modulo_the_first_primes)
{
    ct_rank_proof proof;
    const int64_t one = 1;
    ck_assert_int_eq(ct_rank_prove(1, 1, &one, 1e12, &proof), CUTROPY_OK);
    const uint64_t p = proof.first_prime, q = n_nextprime(p, 1);
    const int64_t first[] = {(int64_t)p};
    const int64_t both[] = {(int64_t)p, 0, 0, (int64_t)q};
    const int64_t signs[] = {-(int64_t)p, 0, 0, 0, (int64_t)q, 0, 0, 0, 0};
    check_proof(1, 1, first, 1);
    check_proof(2, 2, both, 2);
    check_proof(3, 3, signs, 2);
    ck_assert_int_eq(ct_rank_prove(1, 1, first, 1e12, &proof), CUTROPY_OK);
    ck_assert_int_eq(proof.primes, 2); /* rank 0 modulo the first, 1 modulo the second */
}
END_TEST

/* The bound is Hadamard's: a 0/1 matrix that attains it (k = 3: determinant 2) and the general one
 * for large entries. */
START_TEST(enough_primes)
{
    const int64_t binary[16] = {0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0};
    int64_t large[64];
    ck_assert_int_eq(ct_rank_primes_needed(4, 4, binary, 2), 1);
    ck_assert_int_eq(ct_rank_primes_needed(4, 4, binary, 3), 0); /* a row is zero: so are minors */
    ck_assert_int_eq(ct_rank_primes_needed(4, 4, binary, 4), 0);
    for (int i = 0; i < 64; i++)
        large[i] = INT64_MIN;
    /* minors of order 2: M^2 <= (8 * 2^126)^2 = 2^258, 259 bits / 122 */
    ck_assert_int_eq(ct_rank_primes_needed(8, 8, large, 1), 3);
    check_proof(8, 8, large, 1);
    /* 0/1 of order k = 200: (k + 1)^((k + 1) / 2) / 2^k has 569 bits */
    static int64_t ones[220 * 220];
    for (int i = 0; i < 220 * 220; i++)
        ones[i] = 1;
    ck_assert_int_eq(ct_rank_primes_needed(220, 220, ones, 199), (2 * 569 + 121) / 122);
}
END_TEST

START_TEST(work_limit_and_empty)
{
    int64_t entry[9] = {1, 1, 0, 1, 1, 0, 0, 0, (INT64_C(1) << 62)};
    ct_rank_proof proof;
    char text[96];
    ck_assert_int_eq(ct_rank_prove(3, 3, entry, 1, &proof), CUTROPY_OK);
    ck_assert(!proof.proved);
    ck_assert_int_eq(proof.rank, 2);
    ck_assert_int_eq(proof.primes, 1);
    check_proof(3, 3, entry, 2);
    ct_rank_proof_format(&proof, text);
    ck_assert_str_eq(text, "rank 2 modulo 1 prime from 288230376151711813");
    check_proof(0, 5, NULL, 0);
}
END_TEST

CHECK_MAIN("rank_proof", random_matrices, drops_modulo_the_first_primes, enough_primes,
           work_limit_and_empty)
