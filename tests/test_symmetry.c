/* SPDX-License-Identifier: Apache-2.0 */
/* Symmetries against brute force: every automorphism of the lattice and every transposition is
 * tried on every image, every mask is sorted into its orbit. */
#include <math.h>
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"
#include "stage_support.h"

#include "engine/function/symmetry.h"

#define LARGEST 9
#define IMAGES (1 << LARGEST)

static const char *const lattices[] = {
    "grid:2x2",       "grid:3x2",  "grid:3x3",    "grid:3x3:torus", "grid:4x2:torus",
    "links:2x2",      "links:3x2", "chain:5",     "chain:6:ring",   "links:2x2:torus",
    "grid:2x2:torus", "chain:9",   "chain:8:ring"};
#define LATTICES (sizeof lattices / sizeof *lattices)

/* ---- union-find
 * ---------------------------------------------------------------------------------------------------
 */

static int root(int *parent, int x)
{
    while (parent[x] != x)
        x = parent[x] = parent[parent[x]];
    return x;
}

static void join(int *parent, int a, int b)
{
    a = root(parent, a);
    b = root(parent, b);
    parent[a < b ? b : a] = a < b ? a : b;
}

static uint64_t moved(const uint16_t *map, int pixels, uint64_t s)
{
    uint64_t out = 0;
    for (int i = 0; i < pixels; i++)
        out |= (s >> i & 1) << map[i];
    return out;
}

static void join_images(int *parent, const uint16_t *map, int pixels)
{
    for (uint64_t s = 0; s < UINT64_C(1) << pixels; s++)
        join(parent, (int)s, (int)moved(map, pixels, s));
}

static void start_orbits(int *parent, int pixels)
{
    for (int s = 0; s < 1 << pixels; s++)
        parent[s] = s;
}

static void transposition(int i, int j, int pixels, uint16_t *map)
{
    for (int k = 0; k < pixels; k++)
        map[k] = (uint16_t)(k == i ? j : k == j ? i : k);
}

/* ---- functions with symmetries
 * ------------------------------------------------------------------------------------ */

/* orbit[s]: images that get the same value, under some random automorphisms and transpositions. */
static void random_orbits(const ct_permutations *all, uint64_t *state, int *orbit)
{
    uint16_t map[LARGEST];
    const int pixels = all->pixels;
    start_orbits(orbit, pixels);
    for (uint64_t k = draw_below(state, 3); k > 0; k--)
        join_images(orbit, all->map + draw_below(state, all->count) * (size_t)pixels, pixels);
    for (uint64_t k = draw_below(state, 4); k > 0; k--) {
        const int i = (int)draw_below(state, (uint64_t)pixels),
                  j = (int)draw_below(state, (uint64_t)pixels);
        transposition(i, j, pixels, map);
        join_images(orbit, map, pixels);
    }
    for (int s = 0; s < 1 << pixels; s++)
        orbit[s] = root(orbit, s);
}

/* number[s]: which value each image has, as a small integer. */
static ct_function symmetric_function(const cutropy_lattice *lattice, const ct_permutations *all,
                                      int storage, uint64_t *state, int *number)
{
    static int orbit[IMAGES];
    static double values[2 * IMAGES];
    static int64_t integers[IMAGES];
    uint8_t label[IMAGES];
    random_orbits(all, state, orbit);
    const uint64_t kinds = storage < 3 ? 2 : 2 + draw_below(state, 40), seed = draw(state);
    for (int s = 0; s < 1 << lattice->pixels; s++) {
        uint64_t mine = seed + (uint64_t)orbit[s];
        number[s] = (int)draw_below(&mine, kinds);
        if (s == 0)
            number[s] = 1; /* never the zero function; pixels of image 0 are all alike */
        label[s] = (uint8_t)number[s];
        integers[s] = number[s] - 20;
        if (storage == 5) {
            values[2 * s] = number[s] % 2;
            values[2 * s + 1] = number[s] * 0.3;
        } else {
            values[s] = number[s] * 0.1;
        }
    }
    ct_function f = storage == 0   ? made_labels(lattice, CT_TABLE, false, label)
                    : storage == 1 ? made_labels(lattice, CT_SUPPORT, false, label)
                    : storage == 2 ? made_labels(lattice, CT_SUPPORT, true, label)
                    : storage == 3 ? made_values(lattice, CUTROPY_KIND_INTEGER, integers)
                    : storage == 4 ? made_values(lattice, CUTROPY_KIND_REAL, values)
                                   : made_values(lattice, CUTROPY_KIND_COMPLEX, values);
    return f;
}

static bool leaves(const int *number, const uint16_t *map, int pixels)
{
    for (uint64_t s = 0; s < UINT64_C(1) << pixels; s++)
        if (number[s] != number[moved(map, pixels, s)])
            return false;
    return true;
}

/* ---- what must be found
 * ------------------------------------------------------------------------------------------- */

typedef struct truth {
    int pixels;
    int leader[LARGEST]; /* of the classes of exchangeable pixels */
    size_t holding;      /* automorphisms that leave f unchanged */
    const uint16_t *map[512];
    bool within[512];    /* it moves pixels inside their classes only */
    int orbit[IMAGES];   /* of masks */
    int unsided[IMAGES]; /* a mask and its complement are one */
} truth;

static truth t;

static void find_truth(const int *number, const ct_permutations *all)
{
    uint16_t map[LARGEST];
    const int pixels = all->pixels;
    t.pixels = pixels;
    t.holding = 0;
    start_orbits(t.orbit, pixels);
    for (int i = 0; i < pixels; i++)
        t.leader[i] = i;
    for (int i = 0; i < pixels; i++)
        for (int j = i + 1; j < pixels; j++) {
            transposition(i, j, pixels, map);
            if (leaves(number, map, pixels)) {
                join(t.leader, i, j);
                join_images(t.orbit, map, pixels);
            }
        }
    for (size_t g = 0; g < all->count; g++) {
        const uint16_t *m = all->map + g * (size_t)pixels;
        if (!leaves(number, m, pixels))
            continue;
        bool within = true;
        for (int i = 0; i < pixels; i++)
            within = within && root(t.leader, i) == root(t.leader, m[i]);
        t.map[t.holding] = m;
        t.within[t.holding++] = within;
        join_images(t.orbit, m, pixels);
    }
    for (int s = 0; s < 1 << pixels; s++)
        t.unsided[s] = t.orbit[s] = root(t.orbit, s);
    for (int s = 0; s < 1 << pixels; s++)
        join(t.unsided, s, (1 << pixels) - 1 - s);
}

static void check_classes(const ct_symmetry *s)
{
    uint64_t seen = 0;
    for (int c = 0; c < s->classes; c++) {
        uint64_t expected = 0;
        const int first = __builtin_ctzll(s->class_mask[c]);
        for (int i = 0; i < t.pixels; i++)
            if (root(t.leader, i) == root(t.leader, first))
                expected |= UINT64_C(1) << i;
        ck_assert_uint_eq(s->class_mask[c], expected);
        ck_assert_int_ge(__builtin_popcountll(expected), 2);
        ck_assert_uint_eq(seen & expected, 0);
        seen |= expected;
    }
    for (int i = 0; i < t.pixels; i++) /* every class of two or more is there */
        if (!(seen >> i & 1))
            for (int j = 0; j < t.pixels; j++)
                ck_assert_msg(j == i || root(t.leader, j) != root(t.leader, i),
                              "%d pixels: %d and %d can be exchanged", t.pixels, i, j);
}

/* The automorphisms found are those that hold, without those that the classes hold anyway. */
static void check_group(const ct_symmetry *s)
{
    const size_t pixels = (size_t)t.pixels;
    size_t next = 0;
    for (size_t i = 0; i < pixels; i++)
        ck_assert_uint_eq(s->group.map[i], i);
    for (size_t g = 0; g < s->group.count; g++) {
        while (next < t.holding &&
               memcmp(t.map[next], s->group.map + g * pixels, pixels * sizeof **t.map)) {
            ck_assert(t.within[next]);
            next++;
        }
        ck_assert_uint_lt(next, t.holding); /* else it does not hold, or the order is another one */
        next++;
    }
    for (; next < t.holding; next++)
        ck_assert(t.within[next]);
}

/* Two masks have the same canonical form exactly when they lie in one orbit. */
static void check_canonical(const ct_symmetry *s)
{
    uint64_t canonical[IMAGES];
    const uint64_t all = (UINT64_C(1) << t.pixels) - 1;
    for (uint64_t mask = 0; mask <= all; mask++) {
        uint64_t scratch[3];
        bool swapped;
        ct_symmetry_canonical(s, &mask, &canonical[mask], &swapped, scratch);
        ck_assert_uint_le(canonical[mask], all);
        ck_assert_int_le(2 * __builtin_popcountll(canonical[mask]), t.pixels);
        ck_assert_int_eq(t.orbit[canonical[mask]], t.orbit[swapped ? all - mask : mask]);
        const int same = root(t.unsided, (int)mask);
        ck_assert_uint_le((uint64_t)same, mask);
        ck_assert_uint_eq(canonical[mask], canonical[same]);
    }
}

/* On every lattice, functions of the first `kinds`: what is found of them, with 1 up to `threads` threads. */
static void check_every_lattice(int rounds, int kinds, int threads, uint64_t state,
                                void (*check)(const ct_symmetry *))
{
    static int number[IMAGES];
    for (size_t l = 0; l < LATTICES; l++) {
        cutropy_lattice *lattice = must_lattice(lattices[l]);
        ct_permutations all;
        ck_assert_int_le(lattice->pixels, LARGEST);
        ck_assert_int_eq(ct_lattice_automorphisms(lattice, &all), CUTROPY_OK);
        ck_assert_uint_le(all.count, 512);
        for (int round = 0; round < rounds; round++) {
            ct_function f = symmetric_function(lattice, &all, round % kinds, &state, number);
            ct_symmetry s;
            find_truth(number, &all);
            ck_assert_int_eq(ct_symmetry_find(&f, true, 1 + round % threads, &s), CUTROPY_OK);
            check(&s);
            ct_symmetry_free(&s);
            ct_function_free(&f);
        }
        ct_permutations_free(&all);
        cutropy_lattice_free(lattice);
    }
}

static void check_found(const ct_symmetry *s)
{
    check_classes(s);
    check_group(s);
    check_canonical(s);
}

START_TEST(found_groups)
{
    check_every_lattice(amount(48, 18), 6, 2, 1, check_found);
}
END_TEST

/* The order is the size of the group that automorphisms and exchanges generate: here closed by
 * brute force over permutations. */
static double closed_order(void)
{
    double exchanges = 1, inside = 0;
    int size[LARGEST] = {0};
    for (int i = 0; i < t.pixels; i++)
        exchanges *= ++size[root(t.leader, i)];
    for (size_t g = 0; g < t.holding; g++)
        inside += t.within[g];
    return exchanges * (double)t.holding / inside; /* the exchanges are a normal subgroup */
}

static void check_number(const ct_symmetry *s)
{
    ck_assert_msg(s->order == closed_order(), "order %g, should be %g", s->order, closed_order());
}

START_TEST(orders)
{
    check_every_lattice(amount(60, 20), 2, 1, 2, check_number);
}
END_TEST

/* One image spoils a symmetric function: what holds is what keeps this image, and only a look at
 * every image tells. kind 0: any exchange would hold without it; kind 1: any automorphism. */
static int spoiled_value(int kind, const ct_permutations *all, uint64_t s)
{
    uint64_t least = s;
    if (kind == 0)
        return __builtin_popcountll(s) % 2;
    for (size_t g = 0; g < all->count; g++) {
        const uint64_t other = moved(all->map + g * (size_t)all->pixels, all->pixels, s);
        least = other < least ? other : least;
    }
    return (int)(ct_mix64(least + 77) & 1);
}

static ct_function spoiled_function(const cutropy_lattice *lattice, int storage, const int *number)
{
    static uint8_t label[1 << 16];
    static double values[1 << 16];
    for (int s = 0; s < 1 << lattice->pixels; s++) {
        label[s] = (uint8_t)number[s];
        values[s] = number[s];
    }
    if (storage == 2)
        return made_values(lattice, CUTROPY_KIND_REAL, values);
    return made_labels(lattice, storage ? CT_SUPPORT : CT_TABLE, false, label);
}

START_TEST(one_image_that_spoils)
{
    static int number[1 << 16];
    uint64_t state = 3;
    cutropy_lattice *lattice = must_lattice("grid:4x4");
    ct_permutations all;
    ck_assert_int_eq(ct_lattice_automorphisms(lattice, &all), CUTROPY_OK);
    for (int round = 0; round < 30; round++) {
        const int kind = round % 2;
        uint64_t odd_one = draw(&state) & 0xffff;
        if (round % 3) /* one that some automorphisms keep */
            odd_one |= moved(all.map + (1 + draw_below(&state, 7)) * 16, 16, odd_one & 0x1234);
        odd_one |= 1;
        odd_one &= 0xbfff;
        for (uint64_t s = 0; s < 1 << 16; s++)
            number[s] = spoiled_value(kind, &all, s) ^ (s == odd_one);
        ct_function f = spoiled_function(lattice, round / 2 % 3, number);
        ct_symmetry s;
        ck_assert_int_eq(ct_symmetry_find(&f, true, 1 + round % 2, &s), CUTROPY_OK);
        if (kind == 0) { /* lit pixels can be exchanged, and unlit ones */
            uint64_t seen = 0;
            ck_assert_int_le(s.classes, 2);
            for (int c = 0; c < s.classes; c++) {
                const uint64_t class = s.class_mask[c];
                ck_assert(class == odd_one || class == (0xffff & ~odd_one));
                seen |= class;
            }
            for (int side = 0; side < 2; side++) {
                const uint64_t group = side ? 0xffff & ~odd_one : odd_one;
                if (__builtin_popcountll(group) > 1)
                    ck_assert_uint_eq(seen & group, group);
            }
        } else {
            size_t keep = 0;
            for (size_t g = 0; g < all.count; g++)
                keep += moved(all.map + g * 16, 16, odd_one) == odd_one;
            ck_assert_int_eq(s.classes, 0);
            ck_assert_uint_eq(s.group.count, keep);
        }
        ct_symmetry_free(&s);
        ct_function_free(&f);
    }
    ct_permutations_free(&all);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(switched_off)
{
    cutropy_lattice *lattice = must_lattice("grid:3x3");
    uint8_t label[IMAGES];
    memset(label, 1, sizeof label);
    ct_function f = made_labels(lattice, CT_TABLE, false, label);
    ct_symmetry s;
    ck_assert_int_eq(ct_symmetry_find(&f, false, 1, &s), CUTROPY_OK);
    ck_assert_uint_eq(s.group.count, 1);
    ck_assert_int_eq(s.classes, 0);
    ck_assert(s.order == 1);
    for (uint64_t mask = 0; mask < IMAGES; mask++) {
        uint64_t canonical, scratch[3];
        bool swapped;
        ct_symmetry_canonical(&s, &mask, &canonical, &swapped, scratch);
        const bool larger = __builtin_popcountll(mask) > 4;
        ck_assert_int_eq(swapped, larger);
        ck_assert_uint_eq(canonical, larger ? IMAGES - 1 - mask : mask);
    }
    ct_symmetry_free(&s);
    ct_function_free(&f);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- lists of long images
 * ----------------------------------------------------------------------------------------- */

#define WORDS 3
#define LISTED 600

typedef struct long_list {
    size_t words, count;
    uint64_t image[LISTED][WORDS];
} long_list;

static bool holds_image(const long_list *list, const uint64_t *image)
{
    for (size_t i = 0; i < list->count; i++)
        if (!memcmp(list->image[i], image, sizeof list->image[i]))
            return true;
    return false;
}

static void move_long(const uint16_t *map, int pixels, const uint64_t *image, uint64_t *out)
{
    memset(out, 0, WORDS * sizeof *out);
    for (int i = 0; i < pixels; i++)
        out[map[i] / 64] |= (image[i / 64] >> i % 64 & 1) << map[i] % 64;
}

static bool list_keeps(const long_list *list, const uint16_t *map, int pixels)
{
    uint64_t image[WORDS];
    for (size_t i = 0; i < list->count; i++) {
        move_long(map, pixels, list->image[i], image);
        if (!holds_image(list, image))
            return false;
    }
    return true;
}

/* Closes the list under a permutation. */
static void close_list(long_list *list, const uint16_t *map, int pixels)
{
    uint64_t image[WORDS];
    for (size_t i = 0; i < list->count; i++) {
        move_long(map, pixels, list->image[i], image);
        if (!holds_image(list, image)) {
            ck_assert_uint_lt(list->count, LISTED);
            memcpy(list->image[list->count++], image, sizeof image);
        }
    }
}

static int by_value(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    for (int w = WORDS; w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    return 0;
}

static ct_function list_function(const cutropy_lattice *lattice, long_list *list)
{
    uint64_t packed[LISTED * WORDS];
    qsort(list->image, list->count, sizeof *list->image, by_value);
    for (size_t i = 0; i < list->count; i++)
        memcpy(packed + i * lattice->words, list->image[i], 8 * lattice->words);
    return made_list(lattice, packed, list->count);
}

/* The canonical form of a mask stays under everything that leaves f unchanged, complement included,
 * and its lit pixels are those of the mask or of the complement. */
static void check_long_canonical(const ct_symmetry *s, const long_list *list, uint64_t *state)
{
    const int pixels = s->pixels;
    uint16_t map[WORDS * 64];
    for (int sample = 0; sample < 40; sample++) {
        uint64_t mask[WORDS] = {0}, other[WORDS], form[2][WORDS] = {{0}}, scratch[3 * WORDS];
        int lit = 0, canonical_lit = 0;
        bool swapped, again;
        for (int i = 0; i < pixels; i++) {
            const uint64_t on = draw_below(state, (uint64_t)(2 + sample % 3)) == 0;
            mask[i / 64] |= on << i % 64;
            lit += (int)on;
        }
        ct_symmetry_canonical(s, mask, form[0], &swapped, scratch);
        for (int w = 0; w < WORDS; w++)
            canonical_lit += __builtin_popcountll(form[0][w]);
        ck_assert_int_eq(canonical_lit, swapped ? pixels - lit : lit);
        ck_assert_int_le(2 * canonical_lit, pixels);
        for (int trial = 0; trial < 60; trial++) {
            const int i = (int)draw_below(state, (uint64_t)pixels),
                      j = (int)draw_below(state, (uint64_t)pixels);
            transposition(i, j, pixels, map);
            const uint16_t *use = map;
            if (trial % 2)
                use = s->group.map + draw_below(state, s->group.count) * (size_t)pixels;
            const bool keeps = list_keeps(list, use, pixels);
            move_long(use, pixels, mask, other);
            if (trial % 3 == 0)
                for (int k = 0; k < pixels; k++)
                    other[k / 64] ^= UINT64_C(1) << k % 64;
            ct_symmetry_canonical(s, other, form[1], &again, scratch);
            if (keeps)
                ck_assert_mem_eq(form[0], form[1], s->words * 8);
        }
    }
}

START_TEST(lists_of_many_words)
{
    static long_list list;
    static const char *const names[] = {"chain:65", "links:7x7", "grid:12x11",
                                        "chain:64", "chain:70",  "grid:9x8"};
    uint64_t state = 6;
    for (int l = 0; l < amount(6, 3); l++) {
        cutropy_lattice *lattice = must_lattice(names[l]);
        const int pixels = lattice->pixels;
        ct_permutations all;
        ck_assert_int_eq(ct_lattice_automorphisms(lattice, &all), CUTROPY_OK);
        for (int round = 0; round < 6; round += amount(1, 3)) {
            uint16_t map[WORDS * 64];
            memset(&list, 0, sizeof list);
            list.count = 40; /* no two pixels are lit in the same 40 images by chance */
            for (int i = 0; i < pixels; i++)
                for (int k = 0; k < 40; k++)
                    list.image[k][i / 64] |= (draw(&state) >> 40 & 1) << i % 64;
            const size_t g = 1 + draw_below(&state, all.count - 1);
            if (round % 2)
                close_list(&list, all.map + g * (size_t)pixels, pixels);
            if (round >= 3) { /* exchangeable pixels, one of them beyond the first word */
                transposition(3, pixels - 2, pixels, map);
                close_list(&list, map, pixels);
            }
            ct_function f = list_function(lattice, &list);
            ct_symmetry s;
            ck_assert_int_eq(ct_symmetry_find(&f, true, 1 + round % 2, &s), CUTROPY_OK);
            size_t holding = 0;
            for (size_t h = 0; h < all.count; h++)
                holding += list_keeps(&list, all.map + h * (size_t)pixels, pixels);
            for (size_t h = 0; h < s.group.count; h++)
                ck_assert(list_keeps(&list, s.group.map + h * (size_t)pixels, pixels));
            if (s.classes == 0) /* else some are left to the classes */
                ck_assert_uint_eq(s.group.count, holding);
            if (round == 1)
                ck_assert_uint_gt(s.group.count, 1);
            int exchangeable = 0;
            for (int c = 0; c < s.classes; c++)
                for (size_t w = 0; w < s.words; w++)
                    exchangeable += __builtin_popcountll(s.class_mask[(size_t)c * s.words + w]);
            if (round >= 3) {
                transposition(3, pixels - 2, pixels, map);
                ck_assert_int_eq(exchangeable >= 2, list_keeps(&list, map, pixels));
            } else {
                ck_assert_int_eq(exchangeable, 0);
            }
            check_long_canonical(&s, &list, &state);
            ct_symmetry_free(&s);
            ct_function_free(&f);
        }
        ct_permutations_free(&all);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* ---- whole runs
 * ---------------------------------------------------------------------------------------------------
 */

START_TEST(runs_with_and_without)
{
    static int number[IMAGES];
    static int64_t values[IMAGES];
    uint64_t state = 9;
    for (size_t l = 0; l < LATTICES; l++) {
        cutropy_lattice *lattice = must_lattice(lattices[l]);
        ct_permutations all;
        ck_assert_int_eq(ct_lattice_automorphisms(lattice, &all), CUTROPY_OK);
        for (int round = 0; round < amount(3, 1); round++) {
            uint64_t masks[IMAGES];
            const size_t count = (size_t)1 << lattice->pixels;
            ct_function f = symmetric_function(lattice, &all, 3 * (round % 2), &state, number);
            for (size_t s = 0; s < count; s++) {
                values[s] = number[s] - (round % 2 ? 20 : 0);
                masks[s] = s;
            }
            cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
            cutropy_result *with = must_run(problem, masks, count, NULL, 1, 1),
                           *without = must_run(problem, masks, count, NULL, 2, 0);
            ck_assert_uint_le(with->record_count, without->record_count);
            for (size_t i = 0; i < count; i++) {
                const cutropy_record *a = row_record(with, i), *b = row_record(without, i);
                ck_assert(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err);
                ck_assert_mem_eq(&a->purity_exact, &b->purity_exact, sizeof a->purity_exact);
                ck_assert_int_eq(a->rank_lo, b->rank_lo);
                ck_assert_int_eq(a->rank_hi, b->rank_hi);
                ck_assert_int_eq(a->blocks, b->blocks);
                for (int side = 0; side < 2; side++)
                    ck_assert_int_eq(row_classes(with, i, side), row_classes(without, i, side));
            }
            cutropy_result_free(with);
            cutropy_result_free(without);
            cutropy_problem_free(problem);
            ct_function_free(&f);
        }
        ct_permutations_free(&all);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

START_TEST(failing_allocations)
{
    static int number[IMAGES];
    uint64_t state = 12;
    failing_allocator_start(-1);
    cutropy_lattice *lattice = must_lattice("grid:3x3");
    ct_permutations all;
    ck_assert_int_eq(ct_lattice_automorphisms(lattice, &all), CUTROPY_OK);
    for (int storage = 0; storage < 6; storage++) {
        ct_function f = symmetric_function(lattice, &all, storage, &state, number);
        const long live = failing_allocator_live();
        for (long k = 0;; k++) {
            ct_symmetry s;
            failing_allocator_start(k);
            const cutropy_status status = ct_symmetry_find(&f, true, 1, &s);
            const bool fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            ct_symmetry_free(&s);
            ck_assert_int_eq(failing_allocator_live(), live);
            if (!fired)
                break;
        }
        ct_function_free(&f);
    }
    ct_permutations_free(&all);
    cutropy_lattice_free(lattice);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("symmetry", found_groups, orders, one_image_that_spoils, switched_off,
           lists_of_many_words, runs_with_and_without, failing_allocations)
