/* SPDX-License-Identifier: Apache-2.0 */
/* Exact ranks: against FLINT's rank over the rationals, against matrices of known rank, and with
 * matrices whose rank drops modulo the very primes that the proof uses. */
#include <string.h>

#include "failing_allocator.h"
#include "check_main.h"
#include "ref/support.h"

#include "certify/flint.h"
#include "certify/rank_full.h"
#include "certify/rank_proof.h"
#include "certify/rank_span.h"

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

/* The identities of a span in GMP's integers, every line named once. */
static void check_identities(int64_t rows, int64_t columns, const int64_t *entry,
                             const ct_rank_span *span)
{
    const bool turned = rows > columns;
    const int64_t n = turned ? columns : rows, others = n - span->rank;
    bool met[64] = {false};
    fmpz_t sum;
    fmpz_init(sum);
    ck_assert_int_eq(span->lines, n);
    for (int64_t l = 0; l < n; l++) {
        ck_assert(span->line[l] >= 0 && span->line[l] < n && !met[span->line[l]]);
        met[span->line[l]] = true;
    }
    for (int64_t k = 0; k < (turned ? rows : columns); k++)
        for (int64_t j = 0; j < others; j++) {
            ck_assert_int_gt(span->scale[j], 0);
            fmpz_zero(sum);
            for (int64_t i = 0; i <= span->rank; i++) {
                const int64_t l = span->line[i < span->rank ? i : span->rank + j];
                fmpz_t x;
                fmpz_init_set_si(x, turned ? entry[k * columns + l] : entry[l * columns + k]);
                fmpz_mul_si(x, x,
                            i < span->rank ? span->coefficient[i * others + j] : -span->scale[j]);
                fmpz_add(sum, sum, x);
                fmpz_clear(x);
            }
            ck_assert(fmpz_is_zero(sum));
        }
    fmpz_clear(sum);
}

/* The span never names a wrong rank; true: it names one. */
static bool check_span(int64_t rows, int64_t columns, const int64_t *entry, int64_t expected)
{
    ct_rank_span span;
    bool found;
    ck_assert_int_eq(ct_rank_span_find(rows, columns, entry, &span, &found), CUTROPY_OK);
    ck_assert_int_le(span.rank, expected);
    if (found) {
        ck_assert_int_eq(span.rank, expected);
        check_identities(rows, columns, entry, &span);
    }
    ct_rank_span_free(&span);
    return found;
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
    check_span(rows, columns, entry, expected);
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
    ck_assert_int_eq(ct_rank_prove(3, 3, entry, 1, &proof), CUTROPY_OK);
    ck_assert(!proof.proved);
    ck_assert_int_eq(proof.rank, 2);
    ck_assert_int_eq(proof.primes, 1);
    check_proof(3, 3, entry, 2);
    ck_assert_uint_eq(proof.first_prime, UINT64_C(288230376151711813));
    check_proof(0, 5, NULL, 0);
}
END_TEST

#define MOST 60
static int64_t wide[MOST * MOST];

/* rows x inner times inner x columns, entries of both in [-size, size]. */
static void product(uint64_t *state, int64_t rows, int64_t columns, int64_t inner, uint64_t size)
{
    int64_t left[MOST * MOST], right[MOST * MOST];
    for (int64_t i = 0; i < MOST * MOST; i++) {
        left[i] = (int64_t)draw_below(state, 2 * size + 1) - (int64_t)size;
        right[i] = (int64_t)draw_below(state, 2 * size + 1) - (int64_t)size;
    }
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            wide[i * columns + j] = 0;
            for (int64_t k = 0; k < inner; k++)
                wide[i * columns + j] += left[i * inner + k] * right[k * columns + j];
        }
}

/* Whatever the function, the span is right or keeps silent; it speaks where lines are few. */
START_TEST(spans)
{
    uint64_t state = 43;
    int found = 0, silent = 0;
    for (int round = 0; round < amount(300, 60); round++) {
        const int64_t rows = 1 + (int64_t)draw_below(&state, MOST);
        const int64_t columns = 1 + (int64_t)draw_below(&state, MOST);
        const int64_t inner = 1 + (int64_t)draw_below(&state, round % 2 ? 2 : 12);
        product(&state, rows, columns, inner, round % 3 ? 1 : 3);
        if (check_span(rows, columns, wide, rational_rank(rows, columns, wide)))
            found++;
        else
            silent++;
    }
    ck_assert_int_gt(found, 20);
    ck_assert_int_gt(silent, amount(5, 1));
    /* the edges of a cycle of 4 m corners: its alternating sums vanish */
    for (int64_t i = 0; i < 28; i++)
        for (int64_t j = 0; j < 28; j++)
            wide[i * 28 + j] = (i + 1) % 28 == j || (j + 1) % 28 == i;
    ck_assert(check_span(28, 28, wide, 26));
}
END_TEST

/* The first vectors see nothing of the other lines: the corner is wrong, the whole is right. */
START_TEST(span_beyond_the_corner)
{
    memset(wide, 0, sizeof wide);
    for (int64_t j = 0; j < 60; j++)
        for (int64_t i = 0; i < 4; i++) /* 4 x 60 */
            wide[i * 60 + j] = i == 0 || (i == 3 && j == 59);
    ck_assert(check_span(4, 60, wide, 2));
    for (int64_t i = 0; i < 4; i++)
        wide[i * 60 + 40] = i + 1;
    ck_assert(check_span(4, 60, wide, 3));
}
END_TEST

/* row 2 = (a row 0 + b row 1) / d. */
static void combine(int64_t a, int64_t b, int64_t d, int64_t size)
{
    for (int64_t j = 0; j < 4; j++) {
        wide[j] = (j == 0) * d * size;
        wide[4 + j] = (j == 1) * d * size;
        wide[8 + j] = a * (wide[j] / d) + b * (wide[4 + j] / d);
    }
}

START_TEST(spans_at_their_limits)
{
    const int64_t s = CT_SPAN_LARGEST, p = CT_RANK_FULL_PRIME;
    combine(s, -s, 1, 1);
    ck_assert(check_span(3, 4, wide, 2));
    combine(1, -s + 1, s - 1, 7);
    ck_assert(check_span(3, 4, wide, 2));
    combine(s + 1, 1, 1, 1); /* not small */
    ck_assert(!check_span(3, 4, wide, 2));
    combine(1, 1, 4001, 1);
    ck_assert(!check_span(3, 4, wide, 2));
    combine(1, 1, 1, INT64_C(1) << 49); /* sums below 2^63 */
    ck_assert(check_span(3, 4, wide, 2));
    combine(1, 1, 1, INT64_C(1) << 50); /* sums could leave 64 bits */
    ck_assert(!check_span(3, 4, wide, 2));
    wide[0] = INT64_MIN;
    ck_assert(!check_span(3, 4, wide, 3));
    /* modulo the prime row 2 is the sum of the others, or nothing at all: never taken for it */
    combine(1, 1, 1, 1);
    wide[8] += p;
    ck_assert_int_eq(rational_rank(3, 4, wide), 2);
    ck_assert(!check_span(3, 4, wide, 2));
    wide[10] = p;
    ck_assert(!check_span(3, 4, wide, 3));
    for (int64_t i = 0; i < 12; i++)
        wide[i] *= p;
    ck_assert(!check_span(3, 4, wide, 3));
    memset(wide, 0, sizeof wide);
    ck_assert(check_span(3, 4, wide, 0));
    check_span(0, 5, NULL, 0);
}
END_TEST

/* All factors and residues odd, near p / 2 and of one sign, 400 of them: without reductions on the
 * way the sum leaves 53 bits and the last vector looks independent. */
START_TEST(large_residues)
{
    enum { INDEPENDENT = 400, LINES = 420, COUNT = 430 };
    static int64_t entry[LINES * COUNT];
    const int64_t p = CT_RANK_FULL_PRIME, half = p / 2 - 1;
    ct_rank_span span;
    bool found;
    for (int64_t l = 0; l < LINES; l++)
        for (int64_t k = 0; k <= INDEPENDENT; k++) {
            const int64_t tail = -(half - 2 * (l - INDEPENDENT));
            entry[l * COUNT + k] = k < INDEPENDENT   ? (l < INDEPENDENT ? l == k : tail)
                                   : l < INDEPENDENT ? half
                                                     : INDEPENDENT * (half * tail % p) % p;
        }
    ck_assert_int_eq(ct_rank_span_find(LINES, COUNT, entry, &span, &found), CUTROPY_OK);
    ck_assert(!found);
    ck_assert_int_eq(span.rank, INDEPENDENT);
    ct_rank_span_free(&span);
}
END_TEST

/* One number of the certificate or of the matrix is changed: noticed. */
START_TEST(planted_errors)
{
    uint64_t state = 47;
    ct_rank_span span;
    bool found = false, holds;
    for (int64_t i = 0; i < 30; i++)
        for (int64_t j = 0; j < 60; j++)
            wide[i * 60 + j] = (i % 7 == j % 7) + (i % 5 == j % 5);
    for (int turned = 0; turned < 2; turned++) {
        const int64_t rows = turned ? 60 : 30, columns = 90 - rows;
        if (turned)
            for (int64_t i = 0; i < 60; i++)
                for (int64_t j = 0; j < 30; j++)
                    wide[i * 30 + j] = (i % 7 == j % 7) + (i % 5 == j % 5);
        ck_assert_int_eq(ct_rank_span_find(rows, columns, wide, &span, &found), CUTROPY_OK);
        ck_assert(found);
        const int64_t others = span.lines - span.rank;
        for (int round = 0; round < 300; round++) {
            const int kind = round % 4;
            int64_t *at =
                kind == 0   ? &span.scale[draw_below(&state, (uint64_t)others)]
                : kind == 1 ? &wide[draw_below(&state, 1800)]
                            : &span.coefficient[draw_below(&state, (uint64_t)(span.rank * others))];
            const int64_t before = *at;
            *at += kind == 3 ? CT_RANK_FULL_PRIME : round % 8 < 4 ? 1 : -1;
            ck_assert_int_eq(ct_rank_span_check(rows, columns, wide, &span, &holds), CUTROPY_OK);
            ck_assert(kind == 1 || !holds);
            if (holds) /* the changed entry lies where all coefficients are 0 */
                check_identities(rows, columns, wide, &span);
            *at = before;
        }
        ck_assert_int_eq(ct_rank_span_check(rows, columns, wide, &span, &holds), CUTROPY_OK);
        ck_assert(holds);
        ct_rank_span_free(&span);
    }
}
END_TEST

/* A multiple of 2^64 would vanish in 64 bits. */
START_TEST(planted_overflow)
{
    ct_rank_span span;
    bool found, holds;
    combine(1, 1, 1, 4);
    ck_assert_int_eq(ct_rank_span_find(3, 4, wide, &span, &found), CUTROPY_OK);
    ck_assert(found);
    span.coefficient[0] += INT64_C(1) << 62;
    ck_assert_int_eq(ct_rank_span_check(3, 4, wide, &span, &holds), CUTROPY_OK);
    ck_assert(!holds);
    ct_rank_span_free(&span);
}
END_TEST

static cutropy_status find_and_free(void *user)
{
    ct_rank_span span;
    bool *found = user;
    const cutropy_status status = ct_rank_span_find(3, 4, wide, &span, found);
    ct_rank_span_free(&span);
    return status;
}

START_TEST(failing_allocations)
{
    bool found = false;
    combine(1, 2, 3, 1);
    ck_assert_int_ge(sweep_allocations(find_and_free, &found), 6);
    ck_assert(found);
}
END_TEST

CHECK_MAIN("rank_proof", random_matrices, drops_modulo_the_first_primes, enough_primes,
           work_limit_and_empty, spans, span_beyond_the_corner, spans_at_their_limits,
           large_residues, planted_errors, planted_overflow, failing_allocations)
