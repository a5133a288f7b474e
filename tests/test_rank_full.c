/* SPDX-License-Identifier: Apache-2.0 */
/* Full rank modulo the small prime, against FLINT's elimination modulo the same prime. */
#include <string.h>

#include "certify/flint.h"
#include "certify/rank_full.h"
#include "check_main.h"
#include "ref/support.h"

#define MOST 140

static int64_t entry[MOST * MOST];

static void check(int64_t rows, int64_t columns)
{
    const ulong p = CT_RANK_FULL_PRIME;
    nmod_mat_t m;
    bool full;
    nmod_mat_init(m, rows, columns, p);
    for (int64_t i = 0; i < rows * columns; i++) {
        const int64_t r = entry[i] % (int64_t)p;
        nmod_mat_entry(m, i / columns, i % columns) = (ulong)(r < 0 ? r + (int64_t)p : r);
    }
    ck_assert_int_eq(ct_rank_full(rows, columns, entry, &full), CUTROPY_OK);
    ck_assert_int_eq(full, nmod_mat_rank(m) == (rows < columns ? rows : columns));
    nmod_mat_clear(m);
}

START_TEST(random_matrices)
{
    uint64_t state = 7;
    for (int round = 0; round < amount(400, 60); round++) {
        const int64_t rows = 1 + (int64_t)draw_below(&state, round % 10 ? 40 : MOST);
        const int64_t columns = 1 + (int64_t)draw_below(&state, round % 10 ? 40 : MOST);
        for (int64_t i = 0; i < rows * columns; i++)
            entry[i] = round % 3 == 0   ? (int64_t)draw_below(&state, 2)
                       : round % 3 == 1 ? (int64_t)draw(&state)
                                        : draw_below(&state, 9) == 0;
        if (round % 4 == 1 && rows > 2) /* a repeated row */
            memcpy(entry + (rows - 1) * columns, entry, (size_t)columns * sizeof *entry);
        if (round % 4 == 2 && columns > 2) /* the last column is the first */
            for (int64_t i = 0; i < rows; i++)
                entry[i * columns + columns - 1] = entry[i * columns];
        check(rows, columns);
    }
}
END_TEST

/* Every residue as large as it gets, in every panel: sums at their bound. */
START_TEST(largest_residues)
{
    uint64_t state = 8;
    const int64_t half = CT_RANK_FULL_PRIME / 2;
    for (int64_t n = 31; n < MOST; n += 36) {
        for (int64_t i = 0; i < n * n; i++)
            entry[i] = (draw(&state) & 1 ? half : -half) - (int64_t)draw_below(&state, 2);
        check(n, n);
    }
}
END_TEST

/* Full over the rationals, deficient modulo the prime: not claimed. */
START_TEST(drops_modulo_the_prime)
{
    bool full;
    for (int64_t n = 1; n < 80; n += 13) {
        memset(entry, 0, sizeof entry);
        for (int64_t i = 0; i < n; i++)
            entry[i * n + i] = i == n / 2 ? CT_RANK_FULL_PRIME : 1;
        ck_assert_int_eq(ct_rank_full(n, n, entry, &full), CUTROPY_OK);
        ck_assert(!full);
        entry[n / 2 * n + n / 2] = INT64_MIN;
        check(n, n);
    }
    ck_assert(n_is_prime(CT_RANK_FULL_PRIME));
}
END_TEST

CHECK_MAIN("rank_full", random_matrices, largest_residues, drops_modulo_the_prime)
