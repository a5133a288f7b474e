/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks against a search through the non-zero entries; ranks against fraction-free elimination and
 * against matrices whose rank is known. */
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"
#include "stage_support.h"

#include "engine/cut/blocks.h"
#include "engine/cut/cut_rank.h"

#define LARGEST 10
#define CLASSES 1100

/* ---- blocks
 * -------------------------------------------------------------------------------------------------------
 */

static bool occupied(const ct_quotient *q, int64_t i, int64_t j)
{
    const double *d = q->dense;
    const int64_t at = i * q->side[1].count + j;
    if (q->kind == CUTROPY_KIND_REAL)
        return d[at] != 0;
    if (q->kind == CUTROPY_KIND_COMPLEX)
        return d[2 * at] != 0 || d[2 * at + 1] != 0;
    return ct_quotient_entry(q, i, j) != 0;
}

/* block[side][class] by flooding; numbered by the first row class. Returns their number. */
static int64_t flood(const ct_quotient *q, int64_t block[2][CLASSES])
{
    static int64_t queue[2 * CLASSES];
    int64_t count = 0;
    const int64_t ra = q->side[0].count, rb = q->side[1].count;
    ck_assert_int_le(ra, CLASSES);
    ck_assert_int_le(rb, CLASSES);
    memset(block[0], 0xff, sizeof block[0]);
    memset(block[1], 0xff, sizeof block[1]);
    for (int64_t start = 0; start < ra; start++) {
        if (block[0][start] >= 0)
            continue;
        int64_t head = 0, tail = 0;
        block[0][start] = count;
        queue[tail++] = start;
        while (head < tail) {
            const int64_t x = queue[head++];
            for (int64_t y = 0; y < (x < ra ? rb : ra); y++) {
                const int side = x < ra;
                if (block[side][y] < 0 && (side ? occupied(q, x, y) : occupied(q, y, x - ra))) {
                    block[side][y] = count;
                    queue[tail++] = side ? ra + y : y;
                }
            }
        }
        count++;
    }
    return count;
}

static void check_blocks(const ct_quotient *q)
{
    static int64_t expected[2][CLASSES];
    const int64_t count = flood(q, expected);
    ct_blocks blocks;
    ck_assert_int_eq(ct_blocks_find(q, &blocks), CUTROPY_OK);
    ck_assert_int_eq(blocks.count, count);
    for (int side = 0; side < 2; side++) {
        ck_assert_int_eq(blocks.start[side][0], 0);
        ck_assert_int_eq(blocks.start[side][count], q->side[side].count);
        for (int64_t b = 0; b < count; b++)
            for (int64_t k = blocks.start[side][b]; k < blocks.start[side][b + 1]; k++) {
                const int32_t class = blocks.member[side][k];
                ck_assert_int_eq(expected[side][class], b);
                ck_assert(k == blocks.start[side][b] || class > blocks.member[side][k - 1]);
            }
    }
    ct_blocks_free(&blocks);
}

/* A function in one of six storages: table, list (labels 0/1 and +1/-1), integers, reals,
 * complex. */
static ct_function any_function(const cutropy_lattice *lattice, int storage, const uint8_t *label,
                                uint64_t *state)
{
    static int64_t integers[1 << LARGEST];
    static double reals[2 << LARGEST];
    if (storage < 4)
        return made_labels(lattice, storage % 2 ? CT_SUPPORT : CT_TABLE, storage >= 2, label);
    for (int s = 0; s < 1 << lattice->pixels; s++) {
        const double x = label[s] ? (double)draw_below(state, 9) - 4 : 0;
        integers[s] = (int64_t)x;
        if (storage == 6)
            reals[s] = x;
        if (storage == 7) {
            reals[2 * s] = draw_below(state, 2) ? 0 : x;
            reals[2 * s + 1] = reals[2 * s] == 0 ? x : 0;
        }
    }
    integers[0] = 1;
    reals[0] = 1;
    return storage == 4 || storage == 5 ? made_values(lattice, CUTROPY_KIND_INTEGER, integers)
           : storage == 6               ? made_values(lattice, CUTROPY_KIND_REAL, reals)
                                        : made_values(lattice, CUTROPY_KIND_COMPLEX, reals);
}

START_TEST(blocks_of_every_form)
{
    uint8_t label[1 << LARGEST];
    uint64_t state = 1;
    for (int pixels = 2; pixels <= LARGEST; pixels++) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < 8 * SHAPES; round++) {
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2);
            const uint64_t mask = random_mask(pixels, lit, &state);
            shaped_labels(round / 8, pixels, mask, &state, label);
            ct_function f = any_function(lattice, round % 8, label, &state);
            ct_quotient q = must_quotient(&f, &mask, 1);
            check_blocks(&q);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* Rows that hang together only through a long chain: each shares one column with the next. The
 * order of the rows is shuffled, so one pass over them does not reach all. */
START_TEST(long_chains)
{
    uint64_t state = 2;
    for (int storage = 0; storage < 2; storage++)
        for (int gap = 0; gap < 2; gap++) {
            uint8_t label[1 << LARGEST] = {0};
            int order[16];
            cutropy_lattice *lattice = must_chain(10);
            const uint64_t mask = 0xf; /* 16 rows of 64 columns */
            for (int i = 0; i < 16; i++)
                order[i] = i;
            for (int i = 15; i > 0; i--) {
                const int k = (int)draw_below(&state, (uint64_t)i + 1), keep = order[i];
                order[i] = order[k];
                order[k] = keep;
            }
            for (int i = 0; i < 16; i++) {
                label[order[i] | 2 * i << 4] = 1;
                if (!(gap && i == 9))
                    label[order[i] | 2 * ((i + 1) % 16) << 4] = i < 15;
            }
            ct_function f = made_labels(lattice, storage ? CT_SUPPORT : CT_TABLE, false, label);
            ct_quotient q = must_quotient(&f, &mask, 1);
            ct_blocks blocks;
            check_blocks(&q);
            ck_assert_int_eq(ct_blocks_find(&q, &blocks), CUTROPY_OK);
            ck_assert_int_eq(blocks.count, 1 + gap);
            ct_blocks_free(&blocks);
            ct_quotient_free(&q);
            ct_function_free(&f);
            cutropy_lattice_free(lattice);
        }
}
END_TEST

/* ---- matrices made by hand
 * ---------------------------------------------------------------------------------------- */

/* An integer matrix as a quotient with one block. Free with matrix_free. */
typedef struct matrix {
    ct_quotient q;
    ct_blocks blocks;
} matrix;

static void matrix_start(matrix *m, int64_t rows, int64_t columns)
{
    memset(m, 0, sizeof *m);
    m->q.storage = CT_Q_DENSE;
    m->q.kind = CUTROPY_KIND_INTEGER;
    m->q.value[1] = 1;
    m->q.side[0].count = rows;
    m->q.side[1].count = columns;
    m->q.dense = ct_calloc((size_t)(rows * columns), sizeof(int64_t));
    m->blocks.count = 1;
    for (int side = 0; side < 2; side++) {
        const int64_t size = m->q.side[side].count;
        m->blocks.start[side] = ct_calloc(2, sizeof *m->blocks.start[side]);
        m->blocks.start[side][1] = size;
        m->blocks.member[side] = ct_calloc((size_t)size, sizeof *m->blocks.member[side]);
        for (int64_t i = 0; i < size; i++)
            m->blocks.member[side][i] = (int32_t)i;
    }
}

static void matrix_free(matrix *m)
{
    ct_blocks_free(&m->blocks);
    ct_quotient_free(&m->q);
}

static int64_t *entry(matrix *m, int64_t i, int64_t j)
{
    return (int64_t *)m->q.dense + i * m->q.side[1].count + j;
}

static int64_t rank_of(const ct_quotient *q, const ct_blocks *blocks, int64_t block)
{
    ct_rank_proof proof = {.rank = -1};
    ck_assert_int_eq(ct_block_rank(q, blocks, block, 1e9, &proof), CUTROPY_OK);
    ck_assert(proof.proved);
    return proof.rank;
}

/* (rows x r)(r x columns), both factors with a unit triangle, so the rank is r; then rows and
 * columns are shuffled and signed. */
START_TEST(products_of_known_rank)
{
    uint64_t state = 3;
    for (int round = 0; round < 200; round++) {
        const int64_t rows = 1 + (int64_t)draw_below(&state, 30),
                      columns = 1 + (int64_t)draw_below(&state, 30),
                      most = rows < columns ? rows : columns,
                      r = (int64_t)draw_below(&state, (uint64_t)most + 1);
        int64_t left[30][30] = {{0}}, right[30][30] = {{0}};
        matrix m;
        matrix_start(&m, rows, columns);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t k = 0; k < r; k++)
                left[i][k] = i == k ? 1 : i < k ? 0 : (int64_t)draw_below(&state, 2001) - 1000;
        for (int64_t k = 0; k < r; k++)
            for (int64_t j = 0; j < columns; j++)
                right[k][j] = j == k ? 1 : j < k ? 0 : (int64_t)draw_below(&state, 2001) - 1000;
        const int64_t turn_rows = (int64_t)draw_below(&state, 30),
                      turn_columns = (int64_t)draw_below(&state, 30);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++)
                for (int64_t k = 0; k < r; k++)
                    *entry(&m, rows - 1 - (i + turn_rows) % rows, (j + turn_columns) % columns) +=
                        left[i][k] * right[k][j];
        ck_assert_int_eq(rank_of(&m.q, &m.blocks, 0), r);
        matrix_free(&m);
    }
}
END_TEST

/* What vanishes modulo one prime (2^61 - 1 here, and the first ones above 2^58, which the proof
 * starts with) is not zero. */
START_TEST(entries_at_the_prime)
{
    const int64_t p = (INT64_C(1) << 61) - 1, q = (INT64_C(1) << 58) + 69,
                  r = (INT64_C(1) << 58) + 105;
    const struct {
        int64_t entry[2][2], rank;
    } cases[] = {
        {{{p, 0}, {0, p}}, 2},         {{{-p, p}, {3 * p, -3 * p}}, 1}, {{{p + 1, 1}, {1, 1}}, 2},
        {{{p - 1, 1}, {1, -1}}, 2},    {{{p - 1, 1}, {1, 1}}, 2},       {{{-p - 1, 1}, {1, -1}}, 2},
        {{{q, 0}, {0, q}}, 2},         {{{INT64_MIN, -4}, {1, 1}}, 2},  {{{q, 0}, {0, r}}, 2},
        {{{INT64_MIN, 4}, {1, 1}}, 2}, {{{INT64_MAX, 3}, {1, 1}}, 2},   {{{q, r}, {-q, -r}}, 1},
        {{{0, 1}, {1, 0}}, 2},         {{{0, 0}, {0, 1}}, 1},           {{{q + 1, 1}, {1, 1}}, 2},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        matrix m;
        matrix_start(&m, 2, 2);
        for (int k = 0; k < 4; k++)
            *entry(&m, k / 2, k % 2) = cases[c].entry[k / 2][k % 2];
        const int64_t rank = rank_of(&m.q, &m.blocks, 0);
        ck_assert_msg(rank == cases[c].rank, "case %zu: rank %ld", c, (long)rank);
        matrix_free(&m);
    }
}
END_TEST

/* The cycle of n rows and n columns, I + P: rank n for odd n, n - 1 for even n; the all-one matrix
 * without its diagonal: n. Modulo 2 or 3 these ranks differ. */
START_TEST(cycles_as_edges)
{
    for (int64_t n = 2; n <= 40; n++) {
        matrix m;
        matrix_start(&m, n, n);
        ct_free(m.q.dense);
        m.q.dense = NULL;
        m.q.storage = CT_Q_EDGES;
        m.q.kind = CUTROPY_KIND_LABEL;
        m.q.edges = 2 * n;
        m.q.edge = ct_calloc((size_t)m.q.edges, sizeof *m.q.edge);
        for (int32_t i = 0; i < n; i++) {
            const int32_t next = (i + 1) % (int32_t)n;
            m.q.edge[2 * i][0] = m.q.edge[2 * i + 1][0] = i;
            m.q.edge[2 * i][1] = i < next ? i : next;
            m.q.edge[2 * i + 1][1] = i < next ? next : i;
        }
        ck_assert_int_eq(rank_of(&m.q, &m.blocks, 0), n % 2 ? n : n - 1);
        matrix_free(&m);
        matrix_start(&m, n, n);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++)
                *entry(&m, i, j) = i != j;
        ck_assert_int_eq(rank_of(&m.q, &m.blocks, 0), n);
        matrix_free(&m);
    }
}
END_TEST

/* Bareiss: every intermediate number is a minor, here of small matrices of small integers. */
static int64_t exact_rank(int64_t rows, int64_t columns, ct_i128 m[32][32])
{
    ct_i128 before = 1;
    int64_t rank = 0;
    for (int64_t c = 0; c < columns && rank < rows; c++) {
        int64_t pivot = rank;
        while (pivot < rows && !m[pivot][c])
            pivot++;
        if (pivot == rows)
            continue;
        for (int64_t k = 0; k < columns; k++) {
            const ct_i128 keep = m[pivot][k];
            m[pivot][k] = m[rank][k];
            m[rank][k] = keep;
        }
        for (int64_t i = rank + 1; i < rows; i++) {
            for (int64_t k = c + 1; k < columns; k++)
                m[i][k] = (m[i][k] * m[rank][c] - m[i][c] * m[rank][k]) / before;
            m[i][c] = 0;
        }
        before = m[rank][c];
        rank++;
    }
    return rank;
}

/* Every block of quotients of random functions, labels and integers in every form; the whole rank
 * is also that of the cut matrix itself. */
START_TEST(ranks_of_functions)
{
    static ct_i128 m[32][32];
    uint8_t label[1 << LARGEST];
    uint64_t state = 4;
    for (int pixels = 2; pixels <= 8; pixels++) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < 5 * 6 * SHAPES; round++) {
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2);
            const uint64_t mask = random_mask(pixels, lit, &state);
            shaped_labels(round % SHAPES, pixels, mask, &state, label);
            ct_function f = any_function(lattice, round % 6, label, &state);
            ct_quotient q = must_quotient(&f, &mask, 1);
            ct_blocks blocks;
            ck_assert_int_eq(ct_blocks_find(&q, &blocks), CUTROPY_OK);
            int64_t total = 0, all;
            for (int64_t b = 0; b < blocks.count; b++) {
                const int64_t rows = ct_block_size(&blocks, b, 0),
                              columns = ct_block_size(&blocks, b, 1);
                ck_assert(rows <= 32 && columns <= 32 * 8);
                const int64_t rank = rank_of(&q, &blocks, b);
                if (columns <= 32) {
                    for (int64_t i = 0; i < rows; i++)
                        for (int64_t j = 0; j < columns; j++)
                            m[i][j] = ct_quotient_entry(&q, ct_block_members(&blocks, b, 0)[i],
                                                        ct_block_members(&blocks, b, 1)[j]);
                    ck_assert_int_eq(rank, exact_rank(rows, columns, m));
                }
                total += rank;
            }
            if (pixels <= 2 * lit + 1 && f.storage != CT_VALUES && lit <= 5) {
                const uint64_t rest = ~mask & ((UINT64_C(1) << pixels) - 1);
                const int64_t rows = 1 << lit, columns = 1 << (pixels - lit);
                for (int64_t i = 0; i < rows; i++)
                    for (int64_t j = 0; j < columns; j++)
                        m[i][j] =
                            f.value[label[spread((uint64_t)i, mask) | spread((uint64_t)j, rest)]];
                all = exact_rank(rows, columns, m);
                ck_assert_int_eq(total, all);
            }
            ct_blocks_free(&blocks);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

START_TEST(failing_allocations)
{
    uint8_t label[1 << LARGEST];
    uint64_t state = 5;
    const uint64_t mask = 0x111;
    failing_allocator_start(-1);
    cutropy_lattice *lattice = must_chain(9);
    shaped_labels(SHAPE_MATCHED, 9, mask, &state, label);
    ct_function f = made_labels(lattice, CT_TABLE, false, label);
    ct_quotient q = must_quotient(&f, &mask, 1);
    const long live = failing_allocator_live();
    for (long k = 0;; k++) {
        ct_blocks blocks = {0};
        ct_rank_proof proof;
        failing_allocator_start(k);
        cutropy_status status = ct_blocks_find(&q, &blocks);
        if (status == CUTROPY_OK)
            status = ct_block_rank(&q, &blocks, 0, 1e9, &proof);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ct_blocks_free(&blocks);
        ck_assert_int_eq(failing_allocator_live(), live);
        if (!fired)
            break;
    }
    ct_quotient_free(&q);
    ct_function_free(&f);
    cutropy_lattice_free(lattice);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("blocks and rank", blocks_of_every_form, long_chains, products_of_known_rank,
           entries_at_the_prime, cycles_as_edges, ranks_of_functions, failing_allocations)
