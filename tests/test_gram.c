/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices and their moments against plain sums: exact integers for labels and integers, the
 * same bits for any number of threads for the others. */
#include <math.h>
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "isa_list.h"
#include "ref/quad.h"
#include "ref/support.h"
#include "stage_support.h"

#include "engine/cut/apart.h"
#include "engine/cut/gram.h"
#include "engine/cut/moments.h"

#define LARGEST 11

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* ---- rows of bits
 * -------------------------------------------------------------------------------------------------
 */

typedef struct bit_rows {
    int64_t n;
    size_t words;
    uint64_t *bits, *turned; /* turned[w * n + i] = word w of row i */
    const uint64_t **row;
    int64_t *expected, *g;
} bit_rows;

static void bit_rows_start(bit_rows *r, int64_t n, size_t words, uint64_t *state)
{
    const size_t order = (size_t)n;
    *r = (bit_rows){.n = n, .words = words};
    r->bits = room(order * words, 8);
    r->turned = room(order * words, 8);
    r->row = room(order, sizeof *r->row);
    r->expected = room(order * order, 8);
    r->g = room(order * order, 8);
    for (size_t i = 0; i < order; i++) {
        const size_t place = order - 1 - i; /* the rows need not lie in order */
        r->row[i] = r->bits + place * words;
        for (size_t w = 0; w < words; w++)
            r->turned[w * order + i] = r->bits[place * words + w] =
                draw_below(state, 4) ? draw(state) : ~UINT64_C(0);
    }
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++)
            for (size_t w = 0; w < words; w++)
                r->expected[i * order + j] += __builtin_popcountll(r->row[i][w] & r->row[j][w]);
}

static void bit_rows_check(const bit_rows *r, int64_t first, int64_t last, const char *what)
{
    for (int64_t i = first; i < last; i++)
        for (int64_t j = i; j < r->n; j++)
            if (r->g[i * r->n + j] != r->expected[i * r->n + j])
                ck_abort_msg("%s: n %ld, %zu words, entry %ld %ld", what, (long)r->n, r->words,
                             (long)i, (long)j);
    memset(r->g, 0x77, (size_t)(r->n * r->n) * 8);
}

static void bit_rows_free(bit_rows *r)
{
    free(r->bits);
    free(r->turned);
    free(r->row);
    free(r->expected);
    free(r->g);
}

static void check_bits(int64_t n, size_t words, uint64_t *state)
{
    const ct_isa *isa;
    bit_rows r;
    bit_rows_start(&r, n, words, state);
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(ct_operations_cpu()->gram_bits(n, r.row, words, r.g, threads), CUTROPY_OK);
        bit_rows_check(&r, 0, n, "gram_bits");
        const int64_t first = 1 + (int64_t)draw_below(state, (uint64_t)n);
        ck_assert_int_eq(ct_operations_cpu()->gram_bit_rows(first, n, r.row, words, r.g, threads),
                         CUTROPY_OK);
        bit_rows_check(&r, 0, first, "gram_bit_rows");
    }
    for (int number = 0; (isa = isa_number(number)) != NULL; number++) {
        const int64_t first = (int64_t)draw_below(state, (uint64_t)n),
                      last = first + 1 + (int64_t)draw_below(state, (uint64_t)(n - first));
        isa->gram_long(n, r.row, words, first, last, r.g);
        bit_rows_check(&r, first, last, isa->name);
        isa->gram_short(n, r.turned, words, first, last, r.g);
        bit_rows_check(&r, first, last, isa->name);
    }
    bit_rows_free(&r);
}

START_TEST(bits_of_every_size)
{
    static const size_t words[] = {1, 2, 3, 4, 5, 8, 15, 16, 33, 63, 64, 65, 66, 100, 129, 130};
    uint64_t state = 1;
    for (int64_t n = 1; n <= 70; n++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k += n % 8 ? 4 : 1)
            check_bits(n, words[(k + (size_t)n) % (sizeof words / sizeof *words)], &state);
    check_bits(200, 1, &state);
    check_bits(203, 7, &state);
    check_bits(131, 65, &state);
}
END_TEST

/* ---- integers
 * -----------------------------------------------------------------------------------------------------
 */

typedef struct weighted {
    int64_t n, k, ld;
    int64_t *q, *weight, *g;
} weighted;

static void integers_start(weighted *m, int64_t n, int64_t k)
{
    *m = (weighted){.n = n, .k = k, .ld = k + 3};
    m->q = room((size_t)(n * m->ld), 8);
    m->weight = room((size_t)k, 8);
    m->g = room((size_t)(n * n), 8);
    for (int64_t i = 0; i < n * m->ld; i++)
        m->q[i] = INT64_MAX; /* what lies between the rows is not read */
}

static void integers_check(weighted *m)
{
    for (int threads = 1; threads <= 3; threads++) {
        memset(m->g, 0x77, (size_t)(m->n * m->n) * 8);
        ck_assert_int_eq(
            ct_operations_cpu()->gram_integer(m->n, m->k, m->q, m->ld, m->weight, m->g, threads),
            CUTROPY_OK);
        for (int64_t i = 0; i < m->n; i++)
            for (int64_t j = i; j < m->n; j++) {
                ct_i128 sum = 0;
                for (int64_t c = 0; c < m->k; c++)
                    sum += (ct_i128)m->q[i * m->ld + c] * m->q[j * m->ld + c] * m->weight[c];
                if (sum != m->g[i * m->n + j])
                    ck_abort_msg("n %ld k %ld, entry %ld %ld", (long)m->n, (long)m->k, (long)i,
                                 (long)j);
            }
    }
    free(m->q);
    free(m->weight);
    free(m->g);
}

static void random_integers(int64_t n, int64_t k, uint64_t entry, uint64_t weight, uint64_t *state)
{
    weighted m;
    integers_start(&m, n, k);
    for (int64_t c = 0; c < k; c++) {
        m.weight[c] = 1 + (int64_t)draw_below(state, weight);
        for (int64_t i = 0; i < n; i++)
            m.q[i * m.ld + c] = (int64_t)draw_below(state, 2 * entry + 1) - (int64_t)entry;
    }
    integers_check(&m);
}

START_TEST(integers_of_every_size)
{
    uint64_t state = 2;
    for (int64_t n = 1; n <= 34; n += 3)
        for (int64_t k = 1; k <= 50; k += 7)
            random_integers(n, k, 1000, 100, &state);
    random_integers(16, 16, 3, 3, &state);
    random_integers(16, 15, 3, 3, &state);
    random_integers(300, 17, 5, 1000, &state); /* two tiles */
    random_integers(17, 66000, 3, 5, &state);  /* two slices */
}
END_TEST

/* Entries with all their bits in use: the largest diagonal entry just below 2^53, at 2^53, beyond,
 * and up to 2^62. */
START_TEST(integers_beyond_double)
{
    const int64_t top = INT64_C(1) << 53;
    uint64_t state = 3;
    for (int64_t extra = -3; extra <= 3; extra++)
        for (int kind = 0; kind < 2; kind++) {
            weighted m;
            integers_start(&m, 18, 20);
            for (int64_t c = 0; c < m.k; c++) {
                m.weight[c] = 1;
                for (int64_t i = 0; i < m.n; i++)
                    m.q[i * m.ld + c] = 0;
            }
            /* G_00 = 2^53 + extra as one huge weight and small ones, signs that cancel */
            m.weight[0] = top - 1000;
            for (int64_t i = 0; i < m.n; i++) {
                m.q[i * m.ld] = i % 2 && kind ? -1 : 1;
                m.q[i * m.ld + 1 + i % 19] = 1;
            }
            m.weight[1] = 1000 + extra;
            integers_check(&m);
        }
    for (int bits = 24; bits <= 28; bits++) /* products of odd numbers of 48 to 56 bits */
        random_integers(19, 24, UINT64_C(1) << bits, 1, &state);
    random_integers(20, 16, UINT64_C(1) << 28, 3, &state);
    random_integers(3, 4, UINT64_C(1) << 29, 3, &state);
}
END_TEST

/* ---- reals and complex numbers
 * ------------------------------------------------------------------------------------ */

/* parts: 1 real, 2 complex. One product a thread count, all with the same bits; samples of entries
 * against long double. */
static void check_numbers(int64_t n, int64_t k, int parts, uint64_t *state)
{
    const size_t entries = (size_t)(n * n * parts);
    double *q = room((size_t)(n * k * parts), 8), *h[3];
    for (int64_t i = 0; i < n * k * parts; i++)
        q[i] = 2 * draw_unit(state) - 1;
    for (int t = 0; t < 3; t++) {
        h[t] = room(entries, 8);
        ck_assert_int_eq((parts == 2 ? ct_operations_cpu()->gram_complex
                                     : ct_operations_cpu()->gram_real)(n, k, q, h[t], t + 1),
                         CUTROPY_OK);
    }
    const int64_t step = k > 1000 ? 1 : n > 100 ? 7 : 1;
    for (int64_t i = 0; i < n; i += step)
        for (int64_t j = i; j < n; j++) {
            const size_t at = (size_t)(i * n + j) * (size_t)parts;
            const double *x = q + i * k * parts, *y = q + j * k * parts;
            long double re = 0, im = 0, scale = 0;
            for (int64_t c = 0; c < k; c++) {
                const long double a = x[c * parts], b = parts == 2 ? x[2 * c + 1] : 0,
                                  u = y[c * parts], v = parts == 2 ? y[2 * c + 1] : 0;
                re += a * u + b * v;
                im += b * u - a * v;
                scale += sqrtl((a * a + b * b) * (u * u + v * v));
            }
            ck_assert(fabsl(h[0][at] - re) <= 1e-13L * scale);
            if (parts == 2)
                ck_assert(fabsl(h[0][at + 1] - im) <= 1e-13L * scale);
            for (int t = 1; t < 3; t++)
                ck_assert_mem_eq(h[t] + at, h[0] + at, 8 * (size_t)parts);
        }
    for (int t = 0; t < 3; t++)
        free(h[t]);
    free(q);
}

START_TEST(numbers_of_every_size)
{
    uint64_t state = 4;
    if (ct_operations_cpu()->start)
        ct_operations_cpu()->start(1);
    for (int parts = 1; parts <= 2; parts++) {
        for (int64_t n = 1; n <= 20; n += 3)
            for (int64_t k = 1; k <= 60; k += 9)
                check_numbers(n, k, parts, &state);
        check_numbers(256, 9, parts, &state);
        check_numbers(257, 10, parts, &state);
        check_numbers(300, 33, parts, &state);
        check_numbers(5, 65536, parts, &state);
        check_numbers(5, 65537, parts, &state);
        check_numbers(7, 140000, parts, &state); /* three slices */
    }
}
END_TEST

/* A cut where it lies against its rows one after the other: the same bits. */
static void check_cut(int pixels, uint64_t mask, int parts, const double *values)
{
    const uint64_t rest = ct_low_mask(pixels) & ~mask;
    const int64_t n = INT64_C(1) << ct_popcount(mask), k = INT64_C(1) << ct_popcount(rest);
    const ct_function f = {.pixels = pixels,
                           .words = 1,
                           .storage = CT_VALUES,
                           .kind = parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL,
                           .values = (void *)(uintptr_t)values};
    const ct_operations *cpu = ct_operations_cpu();
    double *q = room((size_t)(n * k * parts), 8), *h[2];
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++)
            memcpy(q + (i * k + c) * parts,
                   values +
                       (int64_t)(ct_deposit((uint64_t)i, mask) | ct_deposit((uint64_t)c, rest)) *
                           parts,
                   8 * (size_t)parts);
    for (int t = 0; t < 2; t++)
        h[t] = room((size_t)(n * n * parts), 8);
    ck_assert_int_eq((parts == 2 ? cpu->gram_complex : cpu->gram_real)(n, k, q, h[0], 1),
                     CUTROPY_OK);
    ck_assert_int_eq(cpu->gram_cut(&f, mask, h[1], 2), CUTROPY_OK);
    for (int64_t i = 0; i < n; i++)
        ck_assert_mem_eq(h[0] + (i * n + i) * parts, h[1] + (i * n + i) * parts,
                         8 * (size_t)((n - i) * parts));
    free(q);
    for (int t = 0; t < 2; t++)
        free(h[t]);
}

START_TEST(cuts_where_they_lie)
{
    uint64_t state = 9;
    const int most = 18;
    double *values = room((size_t)2 << most, 8);
    for (size_t i = 0; i < (size_t)2 << most; i++)
        values[i] = 2 * draw_unit(&state) - 1;
    for (int parts = 1; parts <= 2; parts++) {
        for (int pixels = 2; pixels <= 10; pixels++)
            for (uint64_t mask = 1; mask < ct_low_mask(pixels); mask += 1 + (pixels > 8) * 6)
                check_cut(pixels, mask, parts, values);
        check_cut(16, 0x00ff, parts, values);
        check_cut(16, 0x0ff0, parts, values);
        check_cut(16, 0xa5a5, parts, values);
        for (uint64_t mask = 0x1ff; mask < 1 << 18; mask <<= 3) /* tiles beside each other */
            check_cut(18, mask, parts, values);
        for (int p = 0; p < most; p += 5) /* two slices, groups */
            check_cut(most, UINT64_C(1) << p, parts, values);
    }
    free(values);
}
END_TEST

/* Rows whose products round systematically (nearly equal numbers), as one meets them, and such that
 * the sums nearly cancel. */
enum { ROWS_EQUAL, ROWS_RANDOM, ROWS_ALTERNATING, ROW_KINDS };

static double row_number(int kind, int64_t i, int64_t c, uint64_t *state)
{
    if (kind == ROWS_RANDOM)
        return 2 * draw_unit(state) - 1;
    const double near = 0.1 * (1 + 1e-9 * draw_unit(state));
    return kind == ROWS_ALTERNATING && (c * (i + 1)) % 2 ? -near : near;
}

/* ||h - q q^H||_F in 113 bits against ct_gram_error, on every instruction set. */
static void check_bound(int64_t n, int64_t k, int parts, int kind, uint64_t *state)
{
    const int64_t length = k * parts, entries = n * n * parts;
    double *q = room((size_t)(n * length), 8), *h = room((size_t)entries, 8);
    quad *exact = room((size_t)entries, sizeof *exact), trace = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < length; c++)
            q[i * length + c] = row_number(kind, i, c, state);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            const double *x = q + i * length, *y = q + j * length;
            quad *entry = exact + (i * n + j) * parts;
            for (int64_t c = 0; c < length; c++)
                entry[0] += (quad)x[c] * y[c];
            for (int64_t c = 0; parts == 2 && c < length; c += 2)
                entry[1] += (quad)x[c + 1] * y[c] - (quad)x[c] * y[c + 1];
            trace += i == j ? entry[0] : 0;
        }
    const quad bound = ct_gram_error(k, parts == 2) * 0x1p-53 * trace;
    double *work = ct_alloc((size_t)ct_rows_room(parts, n, n, length), sizeof *work);
    const ct_isa *isa;
    const ct_row_view rows = {.at = q, .ld = length};
    ck_assert_ptr_nonnull(work);
    for (int number = 0; (isa = isa_number(number)) != NULL; number++) {
        quad square = 0;
        isa->products_of_rows(parts, true, n, &rows, n, &rows, length, h, n * parts, work);
        for (int64_t i = 0; i < n; i++)
            for (int64_t at = (i * n + i) * parts; at < (i + 1) * n * parts; at++) {
                const quad slip = h[at] - exact[at];
                square += (at < (i * n + i + 1) * parts ? 1 : 2) * slip * slip;
            }
        if (!(square <= bound * bound))
            ck_abort_msg("%s: n %ld, k %ld, %d parts, kind %d: error %g, bound %g", isa->name,
                         (long)n, (long)k, parts, kind, sqrt((double)square), (double)bound);
    }
    ct_free(work);
    free(q);
    free(h);
    free(exact);
}

START_TEST(numbers_within_their_bound)
{
    static const int64_t lengths[] = {1,   2,   3,   4,   5,    7,    8,    9,    16,   17,  31,
                                      32,  33,  64,  100, 127,  128,  129,  255,  256,  257, 300,
                                      384, 511, 513, 999, 1024, 4096, 4097, 9001, 65536};
    uint64_t state = 6;
    for (int parts = 1; parts <= 2; parts++)
        for (int kind = 0; kind < ROW_KINDS; kind++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (int64_t n = 1; n <= (lengths[l] > 1000 ? 3 : 14);
                     n += n < 5 ? 1 : amount(3, 8))
                    check_bound(n, lengths[l], parts, kind, &state);
}
END_TEST

/* ---- blocks of quotients
 * ------------------------------------------------------------------------------------------ */

typedef struct naive_entry {
    long double re, im;
} naive_entry;

static naive_entry entry_of(const ct_quotient *q, int64_t i, int64_t j)
{
    const double *d = q->dense;
    const int64_t at = i * q->side[1].count + j;
    if (q->kind == CUTROPY_KIND_REAL)
        return (naive_entry){d[at], 0};
    if (q->kind == CUTROPY_KIND_COMPLEX)
        return (naive_entry){d[2 * at], d[2 * at + 1]};
    return (naive_entry){ct_quotient_entry(q, i, j), 0};
}

static void check_entry(const ct_quotient *q, const ct_blocks *blocks, int64_t b, const ct_gram *g,
                        int64_t i, int64_t j)
{
    const int side = g->side, other = 1 - side;
    const int32_t *mine = ct_block_members(blocks, b, side),
                  *theirs = ct_block_members(blocks, b, other);
    long double re = 0, im = 0, scale = 0;
    for (int64_t c = 0; c < ct_block_size(blocks, b, other); c++) {
        const naive_entry x = side ? entry_of(q, theirs[c], mine[i])
                                   : entry_of(q, mine[i], theirs[c]),
                          y = side ? entry_of(q, theirs[c], mine[j])
                                   : entry_of(q, mine[j], theirs[c]);
        const long double n = q->side[other].weight[theirs[c]];
        re += n * (x.re * y.re + x.im * y.im);
        im += n * (x.im * y.re - x.re * y.im);
        scale += n * (x.re * x.re + x.im * x.im + y.re * y.re + y.im * y.im);
    }
    if (g->integer) {
        ck_assert_int_eq(g->integer[i * g->n + j], (int64_t)re); /* below 2^64: exact */
        return;
    }
    const long double root = sqrtl((long double)q->side[side].weight[mine[i]] *
                                   (long double)q->side[side].weight[mine[j]]);
    const bool pairs = q->kind == CUTROPY_KIND_COMPLEX;
    const double *h = g->number + (i * g->n + j) * (pairs ? 2 : 1);
    ck_assert(fabsl(h[0] - root * re) <= 1e-14L * root * scale);
    if (pairs)
        ck_assert(fabsl(h[1] - root * im) <= 1e-14L * root * scale);
}

/* The sums of the definitions over i, j (and k). */
static void check_moments(const ct_quotient *q, const ct_gram *g)
{
    const int64_t n = g->n;
    ct_i128 square = 0, cube = 0;
    ct_u128 sum = 5; /* added to what is there */
    bool fits = true;
    if (!g->integer)
        return;
    ct_i128 *full = room((size_t)(n * n), sizeof *full);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            full[i * n + j] = full[j * n + i] = g->integer[i * n + j];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const ct_i128 m = (ct_i128)g->weight[i] * (ct_i128)g->weight[j];
            square += m * full[i * n + j] * full[i * n + j];
            for (int64_t k = 0; k < n; k++)
                cube +=
                    m * (ct_i128)g->weight[k] * full[i * n + j] * full[j * n + k] * full[k * n + i];
        }
    ck_assert(ct_square_sum(g) == (ct_u128)square);
    ck_assert_int_eq(ct_cube_sum(g, &sum, &fits), CUTROPY_OK);
    ck_assert(fits && sum == (ct_u128)cube + 5);
    free(full);
    (void)q;
}

static void check_blocks(const ct_function *f, uint64_t mask, int threads)
{
    ct_quotient q;
    ct_blocks blocks;
    ct_arena arena = {0};
    ck_assert_int_eq(ct_quotient_build(f, &mask, ct_operations_cpu(), 1, &q), CUTROPY_OK);
    ck_assert_int_eq(ct_blocks_find(&q, &blocks), CUTROPY_OK);
    for (int64_t b = 0; b < blocks.count; b++) {
        const int64_t rows = ct_block_size(&blocks, b, 0), columns = ct_block_size(&blocks, b, 1);
        ct_gram g;
        ck_assert_int_eq(ct_gram_block(&q, &blocks, b, ct_operations_cpu(), threads, &arena, &g),
                         CUTROPY_OK);
        ck_assert_int_eq(g.n, rows < columns ? rows : columns);
        ck_assert_int_eq(g.n, g.side ? columns : rows);
        for (int64_t i = 0; i < g.n; i++) {
            if (g.integer)
                ck_assert_uint_eq(g.weight[i],
                                  q.side[g.side].weight[ct_block_members(&blocks, b, g.side)[i]]);
            for (int64_t j = i; j < g.n; j++)
                check_entry(&q, &blocks, b, &g, i, j);
        }
        check_moments(&q, &g);
        ct_gram_free(&g);
    }
    ct_arena_free(&arena);
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
}

START_TEST(blocks_of_every_form)
{
    uint8_t label[1 << LARGEST];
    static int64_t integers[1 << LARGEST];
    static double numbers[2 << LARGEST];
    const cutropy_kind kinds[] = {CUTROPY_KIND_INTEGER, CUTROPY_KIND_REAL, CUTROPY_KIND_COMPLEX};
    uint64_t state = 5;
    for (int pixels = 2; pixels <= LARGEST; pixels++) {
        char text[24];
        snprintf(text, sizeof text, "chain:%d", pixels);
        cutropy_lattice *lattice = must_lattice(text);
        for (int round = 0; round < 7 * SHAPES; round++) {
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2), form = round % 7;
            const uint64_t mask = random_mask(pixels, lit, &state);
            shaped_labels(round / 7, pixels, mask, &state, label);
            for (int s = 0; s < 1 << pixels; s++) {
                integers[s] = label[s] ? 1 + (int64_t)draw_below(&state, 2) : -(s % 7 == 0);
                numbers[2 * s] = label[s] ? 0.3 : 0;
                numbers[2 * s + 1] = label[s] ? 0.7 : 0;
                if (form < 6)
                    numbers[s] = label[s] ? draw_unit(&state) : 0;
            }
            numbers[1] = 1.5;
            ct_function f =
                form < 4 ? made_labels(lattice, form % 2 ? CT_SUPPORT : CT_TABLE, form >= 2, label)
                         : made_values(lattice, kinds[form - 4],
                                       form == 4 ? (const void *)integers : numbers);
            check_blocks(&f, mask, 1 + round % 3);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* ---- cuts that single numbers tell apart ---- */

#define APART 8 /* pixels */

/* Whether the first words of the images of `pixels` are different and not zero. */
static bool naive_apart(const double *values, int parts, uint64_t pixels)
{
    const uint64_t count = UINT64_C(1) << __builtin_popcountll(pixels);
    for (uint64_t i = 0; i < count; i++) {
        const double x = values[(uint64_t)parts * spread(i, pixels)];
        if (x == 0)
            return false;
        for (uint64_t j = 0; j < i; j++)
            if (values[(uint64_t)parts * spread(j, pixels)] == x)
                return false;
    }
    return true;
}

/* Entry (i, j) of the Gram matrix of rows by the pixels `mine`. */
static void check_apart_entry(const double *values, int parts, uint64_t mine, uint64_t theirs,
                              uint64_t i, uint64_t j, const double *h)
{
    long double re = 0, im = 0;
    for (uint64_t c = 0; c < UINT64_C(1) << __builtin_popcountll(theirs); c++) {
        const double *x = values + (uint64_t)parts * (spread(i, mine) | spread(c, theirs)),
                     *y = values + (uint64_t)parts * (spread(j, mine) | spread(c, theirs));
        re += (long double)x[0] * y[0] + (parts == 2 ? (long double)x[1] * y[1] : 0);
        im += parts == 2 ? (long double)x[1] * y[0] - (long double)x[0] * y[1] : 0;
    }
    ck_assert(fabsl(h[0] - re) <= 1e-13L);
    if (parts == 2)
        ck_assert(fabsl(h[1] - im) <= 1e-13L);
}

/* What the quotient says of such a cut, and its matrix. Returns whether it is one. */
static bool check_apart(const ct_function *f, const double *values, uint64_t mask)
{
    const int parts = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const uint64_t all = (UINT64_C(1) << f->pixels) - 1, rest = all & ~mask;
    const int64_t n = INT64_C(1) << __builtin_popcountll(mask), k = INT64_C(1)
                                                                    << __builtin_popcountll(rest);
    /* the low half is answered by the other one, whose rows lie one after the other */
    const uint64_t mine = n == k && rest == (all & ~(all >> f->pixels / 2)) ? rest : mask;
    bool apart;
    ck_assert_int_eq(ct_apart_cut(f, mask, 2, &apart), CUTROPY_OK);
    ck_assert_int_eq(apart, naive_apart(values, parts, mask) && naive_apart(values, parts, rest));
    if (!apart)
        return false;
    ct_quotient q;
    ct_blocks blocks;
    ct_arena arena = {0};
    ct_gram g, known;
    ck_assert_int_eq(ct_quotient_build(f, &mask, ct_operations_cpu(), 1, &q), CUTROPY_OK);
    ck_assert_int_eq(ct_blocks_find(&q, &blocks), CUTROPY_OK);
    ck_assert_int_eq(q.side[0].count, n);
    ck_assert_int_eq(q.side[1].count, k);
    ck_assert_int_eq(blocks.count, 1);
    ck_assert_int_eq(ct_gram_block(&q, &blocks, 0, ct_operations_cpu(), 1, &arena, &known), 0);
    ck_assert_int_eq(ct_apart_gram(f, mask, ct_operations_cpu(), 2, &arena, &g), CUTROPY_OK);
    ck_assert_int_eq(g.n, known.n);
    ck_assert_int_eq(g.exponent, 0);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            const size_t at = (size_t)(i * n + j) * (size_t)parts;
            check_apart_entry(values, parts, mine, all & ~mine, (uint64_t)i, (uint64_t)j,
                              g.number + at);
            if (mine == mask)
                ck_assert_mem_eq(g.number + at, known.number + at,
                                 (size_t)parts * sizeof *g.number);
        }
    ct_gram_free(&g);
    ct_gram_free(&known);
    ct_arena_free(&arena);
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
    return true;
}

/* Different numbers, a few of which are made equal or 0. */
static void numbers_apart(uint64_t *state, int pixels, int parts, int spoilt, double *values)
{
    const uint64_t count = (uint64_t)parts << pixels;
    for (uint64_t i = 0; i < count; i++)
        values[i] = draw_unit(state) - 0.5;
    for (int s = 0; s < spoilt; s++)
        values[draw_below(state, count)] =
            draw_below(state, 2) ? 0 : values[draw_below(state, count)];
}

START_TEST(cuts_told_apart)
{
    double values[2 << APART];
    uint64_t state = 12;
    int apart = 0, others = 0;
    for (int pixels = 2; pixels <= APART; pixels++) {
        char text[24];
        snprintf(text, sizeof text, "chain:%d", pixels);
        cutropy_lattice *lattice = must_lattice(text);
        for (int round = 0; round < 24; round++) {
            const int parts = 1 + round % 2,
                      lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2);
            const uint64_t all = (UINT64_C(1) << pixels) - 1, low = (UINT64_C(1) << lit) - 1;
            numbers_apart(&state, pixels, parts, round / 2 % 4, values);
            ct_function f =
                made_values(lattice, parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL, values);
            const uint64_t masks[] = {random_mask(pixels, lit, &state), low, all & ~(all >> lit),
                                      (UINT64_C(1) << pixels / 2) - 1};
            for (int i = 0; i < 4; i++)
                *(check_apart(&f, values, masks[i]) ? &apart : &others) += 1;
            bool found, enough[2] = {true, false};
            uint64_t many[2 << APART];
            for (int i = 0; i < 2 << pixels; i++)
                many[i] = masks[0];
            for (int i = 0; i < 2; i++) { /* looks at 2^N numbers, or at too few */
                ck_assert_int_eq(ct_apart_function(&f, many, enough[i] ? (size_t)2 << lit : 1,
                                                   UINT64_MAX, 2, &found),
                                 CUTROPY_OK);
                ck_assert_int_eq(found, enough[i] && naive_apart(values, parts, all));
            }
            ck_assert_int_eq(
                ct_apart_function(&f, many, (size_t)2 << pixels, 15u << pixels, 2, &found), 0);
            ck_assert(!found); /* no room */
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
    ck_assert_int_gt(apart, 100);
    ck_assert_int_gt(others, 100);
}
END_TEST

/* Integers are counted, and Gram matrices of extreme numbers scaled: neither is told apart. */
START_TEST(not_told_apart)
{
    double extreme[8];
    int64_t integer[8];
    cutropy_lattice *lattice = must_lattice("chain:3");
    const uint64_t masks[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int i = 0; i < 8; i++) {
        extreme[i] = ldexp(1 + i, i == 7 ? 200 : 0);
        integer[i] = 1 + i;
    }
    ct_function functions[] = {made_values(lattice, CUTROPY_KIND_REAL, extreme),
                               made_values(lattice, CUTROPY_KIND_INTEGER, integer)};
    functions[0].unit = 200;
    for (int i = 0; i < 2; i++) {
        bool apart = true;
        ck_assert_int_eq(ct_apart_cut(&functions[i], 1, 1, &apart), CUTROPY_OK);
        ck_assert(!apart);
        ck_assert_int_eq(ct_apart_function(&functions[i], masks, 8, UINT64_MAX, 1, &apart), 0);
        ck_assert(!apart);
        ct_function_free(&functions[i]);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- moments of matrices made by hand
 * ----------------------------------------------------------------------------- */

static ct_gram diagonal(int64_t n, const int64_t *entry, const uint64_t *weight)
{
    ct_gram g = {.n = n, .integer = room((size_t)(n * n), 8), .weight = room((size_t)n, 8)};
    for (int64_t i = 0; i < n; i++) {
        g.integer[i * n + i] = entry[i];
        g.weight[i] = weight[i];
    }
    return g;
}

static void forget(ct_gram *g)
{
    free(g->integer);
    free(g->weight);
}

/* Sums of cubes up to 2^126 fit, larger ones say so; squares go up to 2^124. */
START_TEST(moments_at_the_limit)
{
    const struct {
        int64_t entry[3];
        uint64_t weight[3];
        int log_square, log_cube; /* of the exact sums; -1: no power of two */
        bool fits;
    } cases[] = {
        {{INT64_C(1) << 42, 0, 0}, {1, 1, 1}, 84, 126, true},
        {{INT64_C(1) << 41, 0, 0}, {2, 1, 1}, 84, 126, true},
        {{(INT64_C(1) << 42) + 1, 0, 0}, {1, 1, 1}, -1, -1, false},
        {{INT64_C(1) << 41, INT64_C(1) << 41, 0}, {1, 1, 1}, 83, 124, true},
        {{INT64_C(1) << 20, 0, 0}, {UINT64_C(1) << 41, 1, 1}, 122, -1, false},
        {{INT64_C(1) << 61, 0, 0}, {1, 1, 1}, 122, -1, false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        ct_gram g = diagonal(3, cases[c].entry, cases[c].weight);
        ct_u128 cube = 0;
        bool fits = true;
        ck_assert_int_eq(ct_cube_sum(&g, &cube, &fits), CUTROPY_OK);
        ck_assert_msg(fits == cases[c].fits, "case %zu", c);
        if (cases[c].log_square >= 0)
            ck_assert(ct_square_sum(&g) == (ct_u128)1 << cases[c].log_square);
        if (fits)
            ck_assert(cube == (ct_u128)1 << cases[c].log_cube);
        forget(&g);
    }
}
END_TEST

/* Two blocks of Tr = 2^126 together exceed the limit; the sum of one must not overflow on the way.
 */
START_TEST(cubes_that_exceed_in_steps)
{
    const int64_t entry[] = {INT64_C(1) << 42, INT64_C(1) << 42};
    const uint64_t weight[] = {1, 1};
    for (int64_t n = 1; n <= 2; n++) {
        ct_gram g = diagonal(n, entry, weight);
        ct_u128 cube = 0;
        bool fits = true;
        for (int64_t i = n; i <= 2; i++)
            ck_assert_int_eq(ct_cube_sum(&g, &cube, &fits), CUTROPY_OK);
        ck_assert(!fits);
        forget(&g);
    }
}
END_TEST

START_TEST(moments_of_numbers)
{
    uint64_t state = 8;
    for (int parts = 1; parts <= 2; parts++)
        for (int64_t n = 1; n <= 12; n++) {
            ct_gram g = {.n = n, .number = room((size_t)(n * n * parts), 8)};
            long double re[12][12], im[12][12], square = 0;
            for (int64_t i = 0; i < n; i++)
                for (int64_t j = 0; j < n; j++) {
                    const double x = draw_unit(&state) - 0.4,
                                 y = parts == 2 && i != j ? draw_unit(&state) - 0.6 : 0;
                    g.number[(i * n + j) * parts] = j < i ? NAN : x; /* below: undefined */
                    if (parts == 2)
                        g.number[2 * (i * n + j) + 1] = j < i ? NAN : y;
                    if (j < i)
                        continue;
                    re[i][j] = re[j][i] = x;
                    im[i][j] = y;
                    im[j][i] = -y;
                }
            for (int64_t i = 0; i < n; i++)
                for (int64_t j = 0; j < n; j++)
                    square += re[i][j] * re[i][j] + im[i][j] * im[i][j];
            ck_assert(fabsl(ct_square_sum_real(&g, parts == 2) - square) <= 1e-14L * square);
            free(g.number);
        }
}
END_TEST

/* Large matrices of small entries (the fast road), and one with an entry too large for it. */
START_TEST(squares_of_large_matrices)
{
    uint64_t state = 9;
    for (int kind = 0; kind < 3; kind++) {
        const int64_t n = 200;
        ct_gram g = {.n = n, .integer = room(200 * 200, 8), .weight = room(200, 8)};
        ct_u128 expected = 0;
        for (int64_t i = 0; i < n; i++)
            g.weight[i] = kind == 1 ? 1 + draw_below(&state, 3) : 1;
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                int64_t x = (int64_t)draw_below(&state, 1 << 24) - (i == j ? 0 : 1 << 23);
                if (kind == 2 && i == j && i == 150)
                    x = INT64_C(1) << 40;
                g.integer[i * n + j] = j < i ? -1 : x;
                if (j >= i)
                    expected +=
                        (ct_u128)((ct_i128)x * x) * g.weight[i] * g.weight[j] * (i == j ? 1 : 2);
            }
        ck_assert(ct_square_sum(&g) == expected);
        forget(&g);
    }
}
END_TEST

START_TEST(failing_allocations)
{
    uint8_t label[1 << LARGEST];
    static double numbers[1 << 10];
    uint64_t state = 10;
    failing_allocator_start(-1);
    cutropy_lattice *lattice = must_lattice("chain:9");
    const uint64_t mask = 0x17;
    shaped_labels(SHAPE_RANDOM, 9, mask, &state, label);
    for (int s = 0; s < 1 << 10; s++)
        numbers[s] = label[s % 512];
    ct_function functions[] = {made_labels(lattice, CT_TABLE, true, label),
                               made_labels(lattice, CT_SUPPORT, false, label),
                               made_labels(lattice, CT_SUPPORT, true, label),
                               made_values(lattice, CUTROPY_KIND_COMPLEX, numbers)};
    for (int i = 0; i < 4; i++) {
        ct_quotient q;
        ct_blocks blocks;
        ck_assert_int_eq(ct_quotient_build(&functions[i], &mask, ct_operations_cpu(), 1, &q), 0);
        ck_assert_int_eq(ct_blocks_find(&q, &blocks), CUTROPY_OK);
        const long live = failing_allocator_live();
        for (long k = 0;; k++) {
            ct_arena arena = {0};
            ct_gram g;
            ct_u128 sum = 0;
            bool fits = true;
            failing_allocator_start(k);
            cutropy_status status =
                ct_gram_block(&q, &blocks, 0, ct_operations_cpu(), 1, &arena, &g);
            if (status == CUTROPY_OK && g.integer)
                status = ct_cube_sum(&g, &sum, &fits);
            const bool fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            ct_gram_free(&g);
            ct_arena_free(&arena);
            ck_assert_int_eq(failing_allocator_live(), live);
            if (!fired)
                break;
        }
        ct_blocks_free(&blocks);
        ct_quotient_free(&q);
        ct_function_free(&functions[i]);
    }
    cutropy_lattice_free(lattice);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

START_TEST(failing_allocations_apart)
{
    double values[1 << 9];
    uint64_t state = 13;
    failing_allocator_start(-1);
    cutropy_lattice *lattice = must_lattice("chain:9");
    numbers_apart(&state, 9, 1, 0, values);
    ct_function f = made_values(lattice, CUTROPY_KIND_REAL, values);
    const uint64_t masks[] = {0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15,
                              0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15};
    const long live = failing_allocator_live();
    for (long k = 0;; k++) {
        ct_arena arena = {0};
        ct_gram g = {0};
        bool all = false, apart = false;
        failing_allocator_start(k);
        cutropy_status status = ct_apart_function(&f, masks, 16, UINT64_MAX, 1, &all);
        if (status == CUTROPY_OK)
            status = ct_apart_cut(&f, masks[0], 1, &apart);
        if (status == CUTROPY_OK)
            status = ct_apart_gram(&f, masks[0], ct_operations_cpu(), 1, &arena, &g);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert(fired || (all && apart));
        ct_gram_free(&g);
        ct_arena_free(&arena);
        ck_assert_int_eq(failing_allocator_live(), live);
        if (!fired)
            break;
    }
    ct_function_free(&f);
    cutropy_lattice_free(lattice);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("gram", bits_of_every_size, integers_of_every_size, integers_beyond_double,
           numbers_of_every_size, cuts_where_they_lie, numbers_within_their_bound,
           blocks_of_every_form, cuts_told_apart, not_told_apart, moments_at_the_limit,
           cubes_that_exceed_in_steps, moments_of_numbers, squares_of_large_matrices,
           failing_allocations, failing_allocations_apart)
