/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut against its definition: f(s) = Q[class of sA][class of sB] for every image,
 * classes as large as possible, zero rows and columns left out. */
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"
#include "stage_support.h"

#include "engine/cut/quotient.h"

#define LARGEST 10
#define IMAGES (1 << LARGEST)

typedef struct number {
    double re, im;
} number;

/* A function as plain numbers, image by image. */
typedef struct plain {
    int pixels;
    uint64_t mask; /* region A */
    number value[IMAGES];
} plain;

static bool same(number x, number y)
{
    return x.re == y.re && x.im == y.im;
}

static bool is_zero(number x)
{
    return x.re == 0 && x.im == 0;
}

static uint64_t half_mask(const plain *p, int side)
{
    return side == 0 ? p->mask : ~p->mask & ((UINT64_C(1) << p->pixels) - 1);
}

/* Halves of side `side` with the same row (column) as x; 0: the row of x is zero. */
static uint64_t naive_weight(const plain *p, int side, uint64_t x)
{
    const uint64_t mine = half_mask(p, side), other = half_mask(p, 1 - side);
    const uint64_t halves = UINT64_C(1) << __builtin_popcountll(mine),
                   others = UINT64_C(1) << __builtin_popcountll(other);
    uint64_t weight = 0;
    bool zero = true;
    for (uint64_t k = 0; k < others; k++)
        zero = zero && is_zero(p->value[x | spread(k, other)]);
    for (uint64_t h = 0; h < halves && !zero; h++) {
        bool equal = true;
        for (uint64_t k = 0; k < others && equal; k++) {
            const uint64_t rest = spread(k, other);
            equal = same(p->value[spread(h, mine) | rest], p->value[x | rest]);
        }
        weight += equal;
    }
    return weight;
}

/* The half image (pixels of one side only) that a class names as its first. */
static uint64_t half_of(const plain *p, const ct_quotient *q, int side, int64_t class)
{
    const uint64_t row = q->side[side].first[class];
    uint64_t half = 0;
    if (q->storage == CT_Q_DENSE)
        return spread(row, half_mask(p, side));
    for (int k = q->shift[side]; k < p->pixels; k++)
        half |= (row >> (k - q->shift[side]) & 1) << q->order[side][k];
    return half;
}

static number entry_of(const ct_quotient *q, int64_t i, int64_t j)
{
    const double *d = q->dense;
    const int64_t at = i * q->side[1].count + j;
    if (q->kind == CUTROPY_KIND_REAL)
        return (number){d[at], 0};
    if (q->kind == CUTROPY_KIND_COMPLEX)
        return (number){d[2 * at], d[2 * at + 1]};
    return (number){(double)ct_quotient_entry(q, i, j), 0};
}

/* Every class weighs as many halves as have the row of its first, and all rows that are not zero
 * are counted once (two classes with equal rows would both weigh their union, and the total would
 * be too large): with the entries this is the whole claim. */
static void check_sides(const plain *p, const ct_quotient *q)
{
    for (int side = 0; side < 2; side++) {
        const uint64_t mine = half_mask(p, side), halves = UINT64_C(1)
                                                           << __builtin_popcountll(mine);
        uint64_t nonzero = 0, total = 0;
        for (uint64_t h = 0; h < halves; h++)
            nonzero += naive_weight(p, side, spread(h, mine)) > 0;
        for (int64_t c = 0; c < q->side[side].count; c++) {
            const uint64_t half = half_of(p, q, side, c), weight = q->side[side].weight[c];
            ck_assert_uint_eq(half & ~mine, 0);
            ck_assert_uint_eq(naive_weight(p, side, half), weight);
            total += weight;
            for (int64_t d = 0; d < c; d++)
                ck_assert_uint_ne(q->side[side].first[c], q->side[side].first[d]);
        }
        ck_assert_uint_eq(total, nonzero);
    }
    for (int64_t i = 0; i < q->side[0].count; i++)
        for (int64_t j = 0; j < q->side[1].count; j++) {
            const uint64_t image = half_of(p, q, 0, i) | half_of(p, q, 1, j);
            if (!same(entry_of(q, i, j), p->value[image]))
                ck_abort_msg("N %d, A %#lx: entry %ld %ld", p->pixels, (unsigned long)p->mask,
                             (long)i, (long)j);
        }
}

/* of_row of side 0: every half lies in the class whose row it has. */
static void check_row_map(const plain *p, const ct_quotient *q)
{
    const uint64_t mine = half_mask(p, 0);
    for (uint64_t h = 0; h < UINT64_C(1) << __builtin_popcountll(mine); h++) {
        const uint64_t half = spread(h, mine);
        uint64_t row = 0;
        for (int k = q->shift[0]; k < p->pixels; k++)
            row |= (half >> q->order[0][k] & 1) << (k - q->shift[0]);
        const int32_t class = q->side[0].of_row[row];
        if (class < 0) {
            ck_assert_uint_eq(naive_weight(p, 0, half), 0);
            continue;
        }
        for (uint64_t k = 0; k < UINT64_C(1) << (p->pixels - __builtin_popcountll(mine)); k++) {
            const uint64_t rest = spread(k, half_mask(p, 1));
            ck_assert(same(p->value[half | rest], p->value[half_of(p, q, 0, class) | rest]));
        }
    }
}

START_TEST(from_truth_tables)
{
    static plain p;
    uint8_t label[IMAGES];
    uint64_t state = 1;
    for (int pixels = 2; pixels <= LARGEST; pixels++) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < amount(12, 4) * SHAPES; round++) {
            const bool pm1 = round % 2;
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2);
            p.pixels = pixels;
            p.mask = random_mask(pixels, lit, &state);
            shaped_labels(round % SHAPES, pixels, p.mask, &state, label);
            for (int s = 0; s < 1 << pixels; s++)
                p.value[s] = (number){pm1 ? 1 - 2 * label[s] : label[s], 0};
            ct_function f = made_labels(lattice, CT_TABLE, pm1, label);
            ct_quotient q = must_quotient(&f, &p.mask, 1 + round % 3);
            ck_assert_int_eq(q.storage, CT_Q_BITS);
            check_sides(&p, &q);
            check_row_map(&p, &q);
            for (uint64_t h = 0; h < UINT64_C(1) << lit; h++) /* the same half in both layouts */
                ck_assert_uint_eq(ct_quotient_move(&q, 0, ct_quotient_move(&q, 0, h, 0, 1), 1, 0),
                                  h);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* Values with many equal rows: g(class of sA, class of sB), zeros among them. */
static void shaped_values(plain *p, int kinds, uint64_t *state)
{
    uint8_t mark[2][IMAGES];
    number table[8][8];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            table[i][j] = (number){(double)draw_below(state, 5) - 2, (double)draw_below(state, 3)};
    for (int j = 0; j < 8; j++)
        table[0][j] = table[j][1] = (number){0, 0}; /* zero rows and columns */
    table[5][5].re = 3;
    for (int s = 0; s < IMAGES; s++)
        for (int side = 0; side < 2; side++)
            mark[side][s] = (uint8_t)draw_below(state, 8);
    for (uint64_t s = 0; s < UINT64_C(1) << p->pixels; s++)
        p->value[s] = kinds ? table[mark[0][s & p->mask]][mark[1][s & ~p->mask]]
                            : (number){(double)(draw(state) >> 50), draw_unit(state)};
    p->value[draw_below(state, UINT64_C(1) << p->pixels)] = (number){7, 0};
}

static ct_function values_function(const cutropy_lattice *lattice, plain *p, cutropy_kind kind)
{
    static int64_t integers[IMAGES];
    static double reals[IMAGES];
    for (int s = 0; s < 1 << p->pixels; s++) {
        if (kind != CUTROPY_KIND_COMPLEX)
            p->value[s].im = 0;
        integers[s] = (int64_t)p->value[s].re;
        reals[s] = p->value[s].re;
    }
    return made_values(lattice, kind,
                       kind == CUTROPY_KIND_INTEGER ? (const void *)integers
                       : kind == CUTROPY_KIND_REAL  ? (const void *)reals
                                                    : (const void *)p->value);
}

START_TEST(from_values)
{
    static plain p;
    uint64_t state = 2;
    const cutropy_kind kinds[] = {CUTROPY_KIND_INTEGER, CUTROPY_KIND_REAL, CUTROPY_KIND_COMPLEX};
    for (int pixels = 2; pixels <= LARGEST; pixels++) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < 48; round += amount(1, 5)) {
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels / 2);
            p.pixels = pixels;
            p.mask = random_mask(pixels, lit, &state);
            if (round >=
                24) /* the lowest or the highest pixels: runs of entries, rows side by side */
                p.mask = ((UINT64_C(1) << lit) - 1) << (round % 8 < 4 ? 0 : pixels - lit);
            shaped_values(&p, round % 4, &state);
            ct_function f = values_function(lattice, &p, kinds[round % 3]);
            ct_quotient q = must_quotient(&f, &p.mask, 1 + round % 2);
            ck_assert_int_eq(q.storage, CT_Q_DENSE);
            ck_assert_int_eq(q.kind, kinds[round % 3]);
            check_sides(&p, &q);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* ---- lists of images
 * ---------------------------------------------------------------------------------------------- */

#define MOST 400
#define WORDS 3

/* Halves numbered by first occurrence, and which pairs occur. */
typedef struct pairs {
    size_t count[2];
    uint64_t half[2][MOST][WORDS];
    size_t of_image[2][MOST];
    bool occurs[MOST][MOST];
} pairs;

static void find_pairs(const ct_function *f, const uint64_t *mask, pairs *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < f->ones; i++) {
        for (int side = 0; side < 2; side++) {
            uint64_t half[WORDS] = {0};
            for (size_t w = 0; w < f->words; w++)
                half[w] = f->images[i * f->words + w] & (side ? ~mask[w] : mask[w]);
            size_t h = 0;
            while (h < out->count[side] && memcmp(out->half[side][h], half, sizeof half))
                h++;
            if (h == out->count[side])
                memcpy(out->half[side][out->count[side]++], half, sizeof half);
            out->of_image[side][i] = h;
        }
        out->occurs[out->of_image[0][i]][out->of_image[1][i]] = true;
    }
}

static bool rows_equal(const pairs *p, int side, size_t a, size_t b)
{
    for (size_t k = 0; k < p->count[1 - side]; k++)
        if (side == 0 ? p->occurs[a][k] != p->occurs[b][k] : p->occurs[k][a] != p->occurs[k][b])
            return false;
    return true;
}

/* background: labels +1/-1 have one more class on a side whose halves do not all occur. */
static void check_list(const ct_function *f, const uint64_t *mask, const ct_quotient *q)
{
    static pairs p;
    find_pairs(f, mask, &p);
    const bool pm1 = f->value[0] != 0;
    int64_t seen[2];
    for (int side = 0; side < 2; side++) {
        const ct_classes *c = &q->side[side];
        uint64_t total = 0, all = 0;
        int lit = 0;
        for (size_t w = 0; w < f->words; w++)
            lit += __builtin_popcountll(side ? ~mask[w] : mask[w]);
        lit -= side ? (int)(64 * f->words) - f->pixels : 0;
        all = lit < 64 ? UINT64_C(1) << lit : 0;
        for (size_t a = 0; a < p.count[side]; a++) {
            uint64_t weight = 0;
            for (size_t b = 0; b < p.count[side]; b++) {
                const bool equal = rows_equal(&p, side, a, b);
                ck_assert_int_eq(c->of_row[a] == c->of_row[b], equal);
                weight += equal;
            }
            ck_assert_uint_eq(c->weight[c->of_row[a]], weight);
        }
        seen[side] = c->count - (pm1 && p.count[side] < all);
        for (int64_t k = 0; k < seen[side]; k++) {
            ck_assert_int_eq(c->of_row[c->first[k]], k);
            total += c->weight[k];
        }
        ck_assert_uint_eq(total, p.count[side]);
        if (seen[side] < c->count)
            ck_assert_uint_eq(c->weight[seen[side]], all - p.count[side]);
    }
    for (int64_t i = 0; i < q->side[0].count; i++)
        for (int64_t j = 0; j < q->side[1].count; j++) {
            bool one = i < seen[0] && j < seen[1];
            one = one && p.occurs[q->side[0].first[i]][q->side[1].first[j]];
            ck_assert_int_eq(ct_quotient_entry(q, i, j), f->value[one]);
        }
}

START_TEST(from_lists_of_small_images)
{
    uint8_t label[IMAGES];
    uint64_t state = 3;
    for (int pixels = 2; pixels <= LARGEST; pixels++) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < 4 * SHAPES; round++) {
            const int lit = 1 + (int)draw_below(&state, (uint64_t)pixels - 1);
            const uint64_t mask = random_mask(pixels, lit, &state);
            shaped_labels(round % SHAPES, pixels, mask, &state, label);
            for (uint64_t left = 0, s = 0; s < UINT64_C(1) << pixels; s++)
                if ((left += label[s]) > MOST)
                    label[s] = 0;
            ct_function f = made_labels(lattice, CT_SUPPORT, round / SHAPES % 2, label);
            ct_quotient q = must_quotient(&f, &mask, 1);
            ck_assert_int_eq(q.storage, f.value[0] ? CT_Q_DENSE : CT_Q_EDGES);
            check_list(&f, &mask, &q);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

static int by_value(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    for (int w = WORDS; w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    return 0;
}

/* Unions of products of random sets of halves, so that rows are equal; and some single images. */
static ct_function many_word_list(const cutropy_lattice *lattice, const uint64_t *mask,
                                  uint64_t *state)
{
    static uint64_t image[2 * MOST][WORDS];
    uint64_t packed[MOST * WORDS];
    size_t count = 0, kept = 0;
    memset(image, 0, sizeof image);
    for (int product = 0; product < 6; product++) {
        uint64_t half[2][8][WORDS];
        for (int side = 0; side < 2; side++)
            for (int h = 0; h < 8; h++)
                for (size_t w = 0; w < lattice->words; w++) {
                    const int bits = lattice->pixels - 64 * (int)w;
                    const uint64_t all = bits < 64 ? (UINT64_C(1) << bits) - 1 : ~UINT64_C(0);
                    half[side][h][w] = draw(state) & (side ? ~mask[w] : mask[w]) & all;
                }
        const uint64_t a = 1 + draw_below(state, 7), b = 1 + draw_below(state, 7);
        for (uint64_t i = 0; i < a; i++)
            for (uint64_t j = 0; j < b; j++, count++)
                for (size_t w = 0; w < lattice->words; w++)
                    image[count][w] = half[0][i][w] | half[1][product % 2 ? j : (i + j) % 8][w];
    }
    qsort(image, count, sizeof *image, by_value);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_value(image[i], image[i - 1]))
            memcpy(packed + kept++ * lattice->words, image[i], 8 * lattice->words);
    return made_list(lattice, packed, kept);
}

START_TEST(from_lists_of_many_words)
{
    uint64_t state = 4;
    for (int pixels = 60; pixels <= 130; pixels += 5) {
        cutropy_lattice *lattice = must_chain(pixels);
        for (int round = 0; round < 4; round++) {
            uint64_t mask[WORDS] = {0};
            for (int i = 0; i < pixels; i++)
                mask[i / 64] |= (uint64_t)(draw_below(&state, 3) == 0) << i % 64;
            ct_function f = many_word_list(lattice, mask, &state);
            ct_quotient q = must_quotient(&f, mask, 1);
            check_list(&f, mask, &q);
            ct_quotient_free(&q);
            ct_function_free(&f);
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* pm1 with an empty list: everything is +1, one class on each side. */
START_TEST(only_background)
{
    cutropy_lattice *lattice = must_chain(62);
    const uint64_t mask = 0xf0f0f;
    ct_function f = made_list(lattice, &mask, 0);
    f.value[0] = 1;
    f.value[1] = -1;
    ct_quotient q = must_quotient(&f, &mask, 1);
    ck_assert_int_eq(q.side[0].count, 1);
    ck_assert_int_eq(q.side[1].count, 1);
    ck_assert_uint_eq(q.side[0].weight[0], UINT64_C(1) << 12);
    ck_assert_uint_eq(q.side[1].weight[0], UINT64_C(1) << 50);
    ck_assert_int_eq(ct_quotient_entry(&q, 0, 0), 1);
    ct_quotient_free(&q);
    ct_function_free(&f);
    cutropy_lattice_free(lattice);
}
END_TEST

/* The proof counts: a list that names an image twice holds fewer cells than images, and no
 * fingerprint makes up for it. */
START_TEST(a_quotient_that_cannot_be_proved)
{
    cutropy_lattice *lattice = must_chain(6);
    const uint64_t mask = 7, twice[] = {1, 9, 9, 12}, once[] = {1, 9, 12};
    ct_quotient q;
    ct_function f = made_list(lattice, twice, 4);
    ck_assert_int_eq(ct_quotient_build(&f, &mask, ct_operations_cpu(), 1, &q), CUTROPY_EINTERNAL);
    ck_assert(!q.edge && !q.side[0].weight && !q.side[1].weight);
    ct_function_free(&f);
    f = made_list(lattice, once, 3);
    q = must_quotient(&f, &mask, 1);
    check_list(&f, &mask, &q);
    ct_quotient_free(&q);
    ct_function_free(&f);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(failing_allocations)
{
    static plain p;
    uint8_t label[IMAGES];
    uint64_t state = 5;
    failing_allocator_start(-1);
    cutropy_lattice *lattice = must_chain(8);
    p.pixels = 8;
    p.mask = 0x5a;
    shaped_labels(SHAPE_RANDOM, 8, p.mask, &state, label);
    shaped_values(&p, 0, &state);
    ct_function functions[] = {made_labels(lattice, CT_TABLE, false, label),
                               made_labels(lattice, CT_SUPPORT, false, label),
                               made_labels(lattice, CT_SUPPORT, true, label),
                               values_function(lattice, &p, CUTROPY_KIND_COMPLEX)};
    const long live = failing_allocator_live();
    for (int i = 0; i < 4; i++)
        for (long k = 0;; k++) {
            ct_quotient q;
            failing_allocator_start(k);
            const cutropy_status status =
                ct_quotient_build(&functions[i], &p.mask, ct_operations_cpu(), 1, &q);
            const bool fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            ct_quotient_free(&q);
            ck_assert_int_eq(failing_allocator_live(), live);
            if (!fired)
                break;
        }
    for (int i = 0; i < 4; i++)
        ct_function_free(&functions[i]);
    cutropy_lattice_free(lattice);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("quotient", from_truth_tables, from_values, from_lists_of_small_images,
           from_lists_of_many_words, only_background, a_quotient_that_cannot_be_proved,
           failing_allocations)
