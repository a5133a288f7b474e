/* SPDX-License-Identifier: Apache-2.0 */
/* Automata against the labels of every image: classes, multiplicities and cells of all prefix cuts. */
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "naive_labels.h"

#include "frontier/level_gram.h"
#include "frontier/paths.h"
#include "frontier/reorder.h"
#include "frontier/reverse.h"
#include "ref/support.h"

#define LARGEST 14
#define IMAGES (1 << LARGEST)
#define PLENTY (UINT64_C(1) << 40)

static bool label[IMAGES]; /* bit k of the index: the k-th pixel that is read */
static int32_t class_of[2][IMAGES], representative[2][IMAGES];

/* Bit k of an image: pixel k; the k-th pixel that is read by columns. */
static uint64_t from_order(const naive_case *c, bool by_columns, uint64_t image)
{
    uint64_t out = 0;
    for (int k = 0; k < c->pixels; k++) {
        const int x = k / c->ly, y = k % c->ly, pixel = by_columns ? x + c->lx * y : k;
        out |= (image >> k & 1) << pixel;
    }
    return out;
}

static bool entry(int k, int64_t row, int64_t column)
{
    return label[row | column << k];
}

/* side 0: rows by the low k bits, 1: columns. -1: zero. Returns the number of classes. */
static int32_t naive_classes(int pixels, int k, int side)
{
    const int64_t mine = INT64_C(1) << (side ? pixels - k : k), others = INT64_C(1)
                                                                         << (side ? k : pixels - k);
    int32_t count = 0;
    for (int64_t i = 0; i < mine; i++) {
        bool zero = true;
        for (int64_t j = 0; j < others; j++)
            zero = zero && !(side ? entry(k, j, i) : entry(k, i, j));
        class_of[side][i] = -1;
        for (int32_t c = 0; c < count && !zero && class_of[side][i] < 0; c++) {
            bool same = true;
            for (int64_t j = 0; j < others && same; j++)
                same = side ? entry(k, j, i) == entry(k, j, representative[1][c])
                            : entry(k, i, j) == entry(k, representative[0][c], j);
            if (same)
                class_of[side][i] = c;
        }
        if (!zero && class_of[side][i] < 0) {
            representative[side][count] = (int32_t)i;
            class_of[side][i] = count++;
        }
    }
    return count;
}

/* The state behind the low k bits of an image, or, backwards, before the bits from k on. */
static int32_t walk(const ct_levels *l, bool backwards, int k, int64_t half)
{
    int32_t state = l->count[0] ? 0 : -1;
    const int steps = backwards ? l->pixels - k : k;
    for (int s = 0; s < steps && state >= 0; s++)
        state = l->next[s][state][half >> (backwards ? steps - 1 - s : s) & 1];
    return state;
}

/* All states of one side mean one class each, and each class has one state with its multiplicity. */
static void check_side(const ct_levels *l, const ct_counts *counts, int pixels, int k, int side)
{
    const int level = side ? pixels - k : k;
    const int64_t halves = INT64_C(1) << level;
    const int32_t classes = naive_classes(pixels, k, side);
    int64_t *members = calloc((size_t)classes + 1, sizeof *members);
    bool good = true; /* an assertion is a system call */
    ck_assert_int_eq(l->count[level], classes);
    for (int64_t h = 0; h < halves; h++) {
        const int32_t c = class_of[side][h], state = walk(l, side, k, h);
        good = good && (c < 0) == (state < 0);
        if (c < 0)
            continue;
        members[c]++;
        good = good && state == walk(l, side, k, representative[side][c]);
    }
    for (int32_t c = 0; c < classes; c++) {
        const int32_t state = walk(l, side, k, representative[side][c]);
        good = good && counts->count[level][(size_t)state * counts->words] == (uint64_t)members[c];
    }
    ck_assert(good);
    free(members);
}

static int lists_seen;

/* Every label is the cell of its classes; the classes of both sides stand in class_of. */
static void check_cells(const ct_levels *rows, const ct_levels *columns, int pixels, int k)
{
    uint64_t *cell = NULL;
    bool good = true;
    const size_t words = ct_set_words(rows->count[k]);
    ct_cell_lists lists;
    bool are_short;
    ck_assert_int_eq(ct_cells(rows, columns, k, &cell), CUTROPY_OK);
    ck_assert_int_eq(ct_cell_lists_make(rows, columns, k, &lists, &are_short), CUTROPY_OK);
    for (int32_t j = 0; j < columns->count[pixels - k] && are_short;
         j++) { /* the same, where they are */
        int64_t e = lists.start[j];
        for (int32_t i = 0; i < rows->count[k]; i++)
            if (ct_bit(cell + (size_t)j * words, (uint64_t)i))
                good = good && e < lists.start[j + 1] && lists.row[e++] == i;
        good = good && e == lists.start[j + 1];
    }
    lists_seen += are_short;
    ct_cell_lists_free(&lists);
    for (int64_t image = 0; image < INT64_C(1) << pixels; image++) {
        const int32_t i = walk(rows, false, k, image & ((1 << k) - 1)),
                      j = walk(columns, true, k, image >> k);
        const bool set = i >= 0 && j >= 0 && ct_bit(cell + (size_t)j * words, (uint64_t)i);
        good = good && set == label[image];
    }
    ck_assert(good);
    ct_free(cell);
}

/* Entries of the Gram matrix of level k: images behind pixel k that make label 1 with both. */
static void check_gram(const ct_level_gram *g, const ct_levels *rows, const ct_counts *counts,
                       int pixels, int k)
{
    const int32_t classes = naive_classes(pixels, k, 0);
    bool good = g->count == classes;
    for (int32_t a = 0; a < classes; a++)
        for (int32_t b = a; b < classes; b++) {
            uint64_t both = 0;
            const int32_t first = representative[0][a], second = representative[0][b],
                          i = walk(rows, false, k, first), j = walk(rows, false, k, second);
            for (int64_t c = 0; c < INT64_C(1) << (pixels - k); c++)
                both += entry(k, first, c) && entry(k, second, c);
            const bool joined = g->block[i] == g->block[j];
            good = good && (joined || !both);
            good = good && (!joined || ct_level_gram_entry(g, g->block[i], g->place[i],
                                                           g->place[j])[0] == both);
        }
    ck_assert(good);
    ck_assert_int_eq(ct_level_gram_check(g, counts, k), CUTROPY_OK);
}

/* The same by the product: blocks too. */
static void check_product(const ct_level_gram *g, const ct_levels *rows, const ct_levels *columns,
                          const ct_counts *weights, int k)
{
    const ct_level_product product = {
        .levels = rows, .others = columns, .k = k, .weights = weights};
    ct_level_gram other;
    uint64_t bytes;
    ck_assert_int_eq(ct_level_product_make(&product, PLENTY, 2, &other), CUTROPY_OK);
    ck_assert_int_eq(other.count, g->count);
    ck_assert_int_eq(other.blocks, g->blocks);
    ck_assert(!memcmp(other.block, g->block, (size_t)g->count * sizeof *g->block));
    bool good = other.words == 1 && g->words == 1;
    for (size_t e = 0; e < g->start[g->blocks]; e++)
        good = good && other.entry[e] == g->entry[e];
    ck_assert(good);
    ct_level_gram_free(&other);
    (void)ct_level_product_work(&product, &bytes);
    ck_assert_int_eq(ct_level_product_make(&product, bytes - 1, 2, &other), CUTROPY_EMEMORY);
}

static void check_grams(const ct_levels *rows, const ct_counts *counts, const ct_levels *columns,
                        const ct_counts *weights, int pixels)
{
    ct_level_gram g;
    ck_assert_int_eq(ct_level_gram_start(&g), CUTROPY_OK);
    for (int k = pixels - 1; k >= 0; k--) {
        ck_assert_int_eq(ct_level_gram_step(rows, k, PLENTY, 2, &g), CUTROPY_OK);
        check_gram(&g, rows, counts, pixels, k);
        check_product(&g, rows, columns, weights, k);
    }
    ck_assert_int_eq(g.count, 1);
    ct_level_gram_free(&g);
}

static void check_turn(const ct_levels *rows, const ct_levels *columns);

/* A random order, from both directions of this one, against the labels in that order; and they are numbered as those that are
 * built. */
static void check_reorder(const ct_levels *rows, const ct_levels *columns, int pixels)
{
    static uint64_t draw;
    static bool kept[IMAGES];
    uint16_t rank[LARGEST];
    ct_levels moved[2], reversed;
    ct_counts counts[2];
    for (int k = 0; k < pixels; k++) { /* as it comes: Fisher and Yates */
        const int other = (int)(ct_random(draw++, 7) % (uint64_t)(k + 1));
        rank[k] = rank[other];
        rank[other] = (uint16_t)k;
    }
    memcpy(kept, label, sizeof label);
    for (int64_t s = 0; s < INT64_C(1) << pixels; s++) {
        int64_t image = 0;
        for (int k = 0; k < pixels; k++)
            image |= (s >> k & 1) << rank[k];
        label[image] = kept[s];
    }
    for (int side = 0; side < 2; side++) {
        ck_assert_int_eq(
            ct_levels_reorder(side ? columns : rows, rank, side, PLENTY, NULL, &moved[side]),
            CUTROPY_OK);
        ck_assert_int_eq(ct_counts_make(&moved[side], UINT64_MAX, &counts[side]), CUTROPY_OK);
        for (int k = 0; k <= pixels; k++)
            check_side(&moved[side], &counts[side], pixels, k, side);
    }
    for (int k = 0; k <= pixels; k++)
        check_cells(&moved[0], &moved[1], pixels, k);
    ck_assert_int_eq(ct_levels_reverse(&moved[0], PLENTY, NULL, &reversed), CUTROPY_OK);
    check_turn(&reversed, &moved[1]);
    ct_levels_free(&reversed);
    check_grams(&moved[0], &counts[0], &moved[1], &counts[1], pixels);
    for (int side = 0; side < 2; side++) {
        ct_counts_free(&counts[side]);
        ct_levels_free(&moved[side]);
    }
    memcpy(label, kept, sizeof label);
}

/* What says so is the same from its last pixel to its first. */
static void check_turn(const ct_levels *rows, const ct_levels *columns)
{
    for (int k = 0; k < rows->pixels; k++) {
        ck_assert_int_eq(rows->count[k], columns->count[k]);
        ck_assert_int_eq(
            memcmp(rows->next[k], columns->next[k], (size_t)rows->count[k] * sizeof *rows->next[k]),
            0);
    }
}

static uint64_t check_frontier(const ct_frontier *f)
{
    ct_levels rows, columns = {0};
    ct_counts counts[2] = {0};
    uint64_t ones = 0;
    const int pixels = f->width * f->height;
    ck_assert_int_eq(ct_levels_build(f, PLENTY, NULL, &rows), CUTROPY_OK);
    for (int64_t s = 0; s < INT64_C(1) << pixels; s++)
        ones += label[s];
    ck_assert_int_eq(rows.count[pixels], ones > 0);
    if (ones) {
        ck_assert_int_eq(ct_levels_reverse(&rows, PLENTY, NULL, &columns), CUTROPY_OK);
        ck_assert_int_eq(ct_counts_make(&columns, UINT64_MAX, &counts[1]), CUTROPY_OK);
    }
    ck_assert_int_eq(ct_counts_make(&rows, UINT64_MAX, &counts[0]), CUTROPY_OK);
    for (int side = 0; side < 2 && ones; side++)
        ck_assert_uint_eq(ct_counts_total(&counts[side])[0], ones);
    for (int k = 0; k <= pixels; k++) {
        check_side(&rows, &counts[0], pixels, k, 0);
        if (!ones)
            continue;
        check_side(&columns, &counts[1], pixels, k, 1);
        check_cells(&rows, &columns, pixels, k);
    }
    if (ones) {
        check_grams(&rows, &counts[0], &columns, &counts[1], pixels);
        check_reorder(&rows, &columns, pixels);
    }
    if (ones && f->turns)
        check_turn(&rows, &columns);
    uint16_t order[LARGEST];
    uint64_t sum, other;
    for (int k = 0; k < pixels; k++)
        order[k] = (uint16_t)k;
    ck_assert_int_eq(ct_levels_fingerprint(&rows, order, &sum), CUTROPY_OK);
    for (int k = 0; k < pixels; k++)
        order[k] = (uint16_t)(pixels - 1 - k);
    if (ones) {
        ck_assert_int_eq(ct_levels_fingerprint(&columns, order, &other), CUTROPY_OK);
        ck_assert_uint_eq(other, sum);
    }
    for (int side = 0; side < 2; side++)
        ct_counts_free(&counts[side]);
    ct_levels_free(&rows);
    ct_levels_free(&columns);
    return sum;
}

/* ---- problems ---- */

#define GRID(text, naive, x, y)                                                                    \
    .problem = (text), .lattice = "grid:" #x "x" #y, .shape = NAIVE_GRID, .lx = (x), .ly = (y),    \
    .label = (naive)
#define TORUS(text, naive, x, y)                                                                   \
    .problem = (text), .lattice = "grid:" #x "x" #y ":torus", .shape = NAIVE_GRID, .lx = (x),      \
    .ly = (y), .periodic = true, .label = (naive)
#define CYLINDER(text, naive, x, y)                                                                \
    .problem = (text), .lattice = "grid:" #x "xinf:cylinder", .shape = NAIVE_GRID, .lx = (x),      \
    .ly = (y), .periodic = NAIVE_AROUND, .label = (naive)
#define RING(text, naive, n)                                                                       \
    .problem = (text), .lattice = "chain:" #n ":ring", .shape = NAIVE_CHAIN, .lx = (n), .ly = 1,   \
    .periodic = true, .label = (naive)
#define CHAIN(text, naive, n)                                                                      \
    .problem = (text), .lattice = "chain:" #n, .shape = NAIVE_CHAIN, .lx = (n), .ly = 1,           \
    .label = (naive)

static naive_case cases[] = {
    {CHAIN("parity", naive_parity, 9), .parameter = 0},
    {CHAIN("parity:odd=1", naive_parity, 8), .parameter = 1},
    {CHAIN("majority", naive_majority, 10)},
    {CHAIN("majority", naive_majority, 9)},
    {CHAIN("threshold:k=3", naive_threshold, 9), .parameter = 3},
    {CHAIN("threshold:k=0", naive_threshold, 5), .parameter = 0},
    {CHAIN("weight:k=4", naive_weight, 9), .parameter = 4},
    {GRID("weight:k=0", naive_weight, 2, 3), .parameter = 0},
    {CHAIN("ghz", naive_ghz, 7)},
    {GRID("independent-set", naive_independent_set, 3, 4)},
    {CHAIN("independent-set", naive_independent_set, 11)},
    {TORUS("independent-set", naive_independent_set, 3, 4)},
    {TORUS("independent-set", naive_independent_set, 2, 5)},
    {.problem = "independent-set",
     .lattice = "chain:9:ring",
     .shape = NAIVE_CHAIN,
     .lx = 9,
     .ly = 1,
     .periodic = true,
     .label = naive_independent_set},
    {GRID("pixel-loops", naive_pixel_loops, 3, 4)},
    {GRID("pixel-loops", naive_pixel_loops, 4, 3)},
    {CHAIN("pixel-loops", naive_pixel_loops, 6)},
    {TORUS("pixel-loops", naive_pixel_loops, 3, 4)},
    {TORUS("pixel-loops", naive_pixel_loops, 4, 3)},
    {TORUS("pixel-loops", naive_pixel_loops, 2, 5)},
    {TORUS("pixel-loops", naive_pixel_loops, 5, 2)},
    {RING("pixel-loops", naive_pixel_loops, 9)},
    {TORUS("connected", naive_connected, 3, 4)},
    {TORUS("connected", naive_connected, 4, 3)},
    {TORUS("connected", naive_connected, 2, 6)},
    {TORUS("connected", naive_connected, 6, 2)},
    {RING("connected", naive_connected, 10)},
    {TORUS("percolation", naive_percolation, 3, 4)},
    {TORUS("percolation", naive_percolation, 4, 3)},
    {TORUS("percolation", naive_percolation, 6, 2)},
    {RING("percolation", naive_percolation, 6)},
    {TORUS("still-life", naive_still_life, 3, 4)},
    {TORUS("still-life", naive_still_life, 4, 3)},
    {TORUS("still-life", naive_still_life, 2, 5)},
    {TORUS("still-life", naive_still_life, 5, 2)},
    {TORUS("still-life", naive_still_life, 6, 2)},
    {GRID("connected", naive_connected, 3, 4)},
    {GRID("connected", naive_connected, 4, 3)},
    {GRID("connected", naive_connected, 6, 2)},
    {CHAIN("connected", naive_connected, 9)},
    {GRID("percolation", naive_percolation, 3, 4)},
    {GRID("percolation", naive_percolation, 5, 2)},
    {GRID("percolation", naive_percolation, 7, 1)},
    {GRID("percolation", naive_percolation, 1, 5)},
    {CHAIN("percolation", naive_percolation, 6)},
    {GRID("mirror", naive_mirror, 3, 4)},
    {GRID("mirror", naive_mirror, 4, 2)},
    {CHAIN("mirror", naive_mirror, 8)},
    {GRID("contains", naive_contains, 3, 4), .pattern = "11/11"},
    {GRID("contains:pattern=01/10,match=lit", naive_contains, 4, 3), .pattern = "01/10",
     .parameter = 1},
    {GRID("contains:pattern=10/01", naive_contains, 3, 4), .pattern = "10/01"},
    {CHAIN("contains:pattern=101", naive_contains, 9), .pattern = "101"},
    {TORUS("contains", naive_contains, 3, 4), .pattern = "11/11"},
    {TORUS("contains:pattern=01/10,match=lit", naive_contains, 4, 3), .pattern = "01/10",
     .parameter = 1},
    {TORUS("contains:pattern=101/010", naive_contains, 4, 3), .pattern = "101/010"},
    {TORUS("contains:pattern=10/11/01", naive_contains, 3, 3), .pattern = "10/11/01"},
    {TORUS("contains:pattern=1101", naive_contains, 4, 2), .pattern = "1101"},
    {TORUS("contains:pattern=1/0/1", naive_contains, 2, 5), .pattern = "1/0/1"},
    {TORUS("contains:pattern=10/01", naive_contains, 2, 2), .pattern = "10/01"},
    {RING("contains:pattern=101", naive_contains, 9), .pattern = "101"},
    {RING("contains:pattern=1001", naive_contains, 4), .pattern = "1001"},
    {RING("contains:pattern=1", naive_contains, 5), .pattern = "1"},
    {GRID("rectangle", naive_rectangle, 3, 4)},
    {GRID("rectangle", naive_rectangle, 4, 3)},
    {TORUS("rectangle", naive_rectangle, 3, 3)},
    {CHAIN("rectangle", naive_rectangle, 8)},
    {GRID("bars-stripes", naive_bars_stripes, 3, 4)},
    {GRID("bars-stripes", naive_bars_stripes, 4, 3)},
    {GRID("bars-stripes", naive_bars_stripes, 5, 1)},
    {GRID("still-life", naive_still_life, 3, 4)},
    {GRID("still-life", naive_still_life, 4, 3)},
    {GRID("still-life", naive_still_life, 1, 4)},
    {GRID("still-life", naive_still_life, 6, 2)},
    /* some rows of a cylinder without ends */
    {CYLINDER("independent-set", naive_independent_set, 3, 4)},
    {CYLINDER("connected", naive_connected, 3, 4)},
    {CYLINDER("connected", naive_connected, 4, 3)},
    {CYLINDER("connected", naive_connected, 2, 5)},
    {CYLINDER("connected", naive_connected, 1, 6)},
    {CYLINDER("percolation", naive_percolation, 3, 4)},
    {CYLINDER("percolation", naive_percolation, 4, 3)},
    {CYLINDER("percolation", naive_percolation, 2, 4)},
    {CYLINDER("pixel-loops", naive_pixel_loops, 3, 4)},
    {CYLINDER("pixel-loops", naive_pixel_loops, 4, 3)},
    {CYLINDER("pixel-loops", naive_pixel_loops, 2, 5)},
    {CYLINDER("still-life", naive_still_life, 3, 4)},
    {CYLINDER("still-life", naive_still_life, 4, 3)},
    {CYLINDER("still-life", naive_still_life, 2, 4)},
    {CYLINDER("still-life", naive_still_life, 1, 5)},
    {CYLINDER("bars-stripes", naive_bars_stripes, 3, 4)},
};

static cutropy_problem *open_problem(const char *text, const char *lattice_text)
{
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_problem *problem = must_problem_on(text, lattice);
    cutropy_lattice_free(lattice);
    return problem;
}

static bool by_rows_only(const naive_case *c)
{
    return c->periodic == NAIVE_AROUND || strstr(c->problem, "contains") ||
           strstr(c->problem, "mirror") ||
           (strstr(c->problem, "percolation") && c->periodic && c->shape == NAIVE_GRID);
}

static void check_case(naive_case *c, bool by_columns)
{
    ct_frontier f;
    naive_prepare(c);
    cutropy_problem *problem = open_problem(c->problem, c->lattice);
    ck_assert_int_eq(ct_frontier_open(problem, by_columns, &f), !by_columns || !by_rows_only(c));
    if (!by_columns || !by_rows_only(c)) {
        for (uint64_t s = 0; s < UINT64_C(1) << c->pixels; s++)
            label[s] = naive_label(c, from_order(c, by_columns, s));
        f.height = c->periodic == NAIVE_AROUND ? c->ly : f.height;
        check_frontier(&f);
    }
    cutropy_problem_free(problem);
}

START_TEST(problems_have_the_automata_of_their_labels)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += (size_t)amount(1, 2))
        for (int by_columns = 0; by_columns < 2; by_columns++)
            check_case(&cases[i], by_columns);
    ck_assert_int_gt(lists_seen, 100);
}
END_TEST

START_TEST(others_have_none)
{
    static const char *const none[][2] = {
        {"connected", "links:3x3"}, {"loops", "links:3x3"}, {"parity:encoding=pm1", "chain:5"},
        {"random", "chain:8"},      {"ising", "chain:8"},   {"independent-set", "links:3x3"},
        {"contains", "grid:4xinf"}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        cutropy_problem *problem = open_problem(none[i][0], none[i][1]);
        ct_frontier f;
        ck_assert(!ct_frontier_open(problem, false, &f));
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- any truth table: the state is what was read ---- */

static bool remember(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint64_t image;
    memcpy(&image, state, sizeof image);
    image |= (uint64_t)lit << (x + f->width * y);
    memcpy(state, &image, sizeof image);
    return true;
}

static bool look_up(const ct_frontier *f, const uint8_t *state)
{
    uint64_t image;
    (void)f;
    memcpy(&image, state, sizeof image);
    return label[image];
}

START_TEST(any_truth_table)
{
    cutropy_problem *problem = open_problem("parity", "chain:8");
    for (int i = 0; i < 30; i++) {
        const int pixels = 1 + i / 3;
        const ct_frontier f = {.problem = problem,
                               .width = pixels,
                               .height = 1,
                               .bytes = 8,
                               .step = remember,
                               .accept = look_up};
        for (uint64_t s = 0; s < UINT64_C(1) << pixels;
             s++) /* sparse, dense, and with equal rows */
            label[s] = ct_random((uint64_t)i, i % 3 == 2 ? s & ~UINT64_C(6) : s) % 8 <
                       (uint64_t)(i % 3 == 0 ? 1 : 5);
        check_frontier(&f);
    }
    cutropy_problem_free(problem);
}
END_TEST

/* The checksum is that of the function, not of the states that somebody thought of. */
START_TEST(the_least_automaton_is_one)
{
    cutropy_problem *problem = open_problem("connected", "grid:3x3");
    naive_case c = {GRID("connected", naive_connected, 3, 3)};
    ct_frontier own;
    naive_prepare(&c);
    for (uint64_t s = 0; s < 512; s++)
        label[s] = naive_label(&c, s);
    const ct_frontier plain = {.problem = problem,
                               .width = 3,
                               .height = 3,
                               .bytes = 8,
                               .step = remember,
                               .accept = look_up};
    ck_assert(ct_frontier_open(problem, false, &own));
    const uint64_t sum = check_frontier(&own);
    ck_assert_uint_eq(check_frontier(&plain), sum);
    label[5] = !label[5];
    ck_assert_uint_ne(check_frontier(&plain), sum);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- large ones ---- */

START_TEST(counts_beyond_enumeration)
{
    /* OEIS A006506(8); C(64, 32); 2^32 */
    static const struct {
        const char *problem, *lattice;
        uint64_t ones;
    } known[] = {{"independent-set", "grid:8x8", UINT64_C(660647962955)},
                 {"weight:k=32", "chain:64", UINT64_C(1832624140942590534)},
                 {"mirror", "grid:8x8", UINT64_C(1) << 32},
                 {"rectangle", "grid:8x8", 1296}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cutropy_problem *problem = open_problem(known[i].problem, known[i].lattice);
        ct_frontier f;
        ct_levels levels;
        ct_counts counts;
        ck_assert(ct_frontier_open(problem, false, &f));
        ck_assert_int_eq(ct_levels_build(&f, PLENTY, NULL, &levels), CUTROPY_OK);
        ck_assert_int_eq(ct_counts_make(&levels, UINT64_MAX, &counts), CUTROPY_OK);
        ck_assert_uint_eq(counts.words, 1);
        ck_assert_uint_eq(ct_counts_total(&counts)[0], known[i].ones);
        ct_counts_free(&counts);
        ct_levels_free(&levels);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Numbers have the words that the last one needs, and no more is ever taken. */
START_TEST(counts_keep_to_the_memory)
{
    cutropy_problem *problem = open_problem("majority", "chain:300");
    ct_frontier f;
    ct_levels levels;
    ct_counts counts;
    uint64_t states = 0;
    ck_assert(ct_frontier_open(problem, false, &f));
    ck_assert_int_eq(ct_levels_build(&f, PLENTY, NULL, &levels), CUTROPY_OK);
    for (int k = 0; k <= levels.pixels; k++)
        states += (uint64_t)levels.count[k];
    ck_assert_int_eq(ct_counts_make(&levels, states * 5 * 8, &counts), CUTROPY_OK);
    ck_assert_uint_eq(counts.words, 5); /* below 2^299 */
    ct_counts_free(&counts);
    ck_assert_int_eq(ct_counts_make(&levels, states * 5 * 8 - 1, &counts), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "--memory"));
    ck_assert_ptr_null(counts.count);
    ct_levels_free(&levels);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(memory_is_refused_in_one_line)
{
    cutropy_problem *problem = open_problem("connected", "grid:8x8");
    ct_frontier f;
    ct_levels levels;
    ck_assert(ct_frontier_open(problem, false, &f));
    ck_assert_int_eq(ct_levels_build(&f, 100000, NULL, &levels), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "--memory"));
    ck_assert_ptr_null(levels.count);
    cutropy_problem_free(problem);
}
END_TEST

static cutropy_status build_all(const ct_frontier *f)
{
    cutropy_status status = CUTROPY_OK;
    ct_levels rows = {0}, columns = {0};
    ct_counts counts = {0};
    ct_level_gram gram = {0};
    static const uint16_t rank[] = {3, 0, 7, 1, 4, 2, 8, 5, 6};
    ct_counts weights = {0};
    ct_level_gram gram_too = {0};
    ct_levels moved = {0};
    uint64_t *cell = NULL;
    int32_t *partner = NULL, mirror[8];
    bool has_mirror;
    CT_TRY(ct_levels_build(f, PLENTY, NULL, &rows));
    CT_TRY(ct_levels_reverse(&rows, PLENTY, NULL, &columns));
    CT_TRY(ct_counts_make(&rows, UINT64_MAX, &counts));
    CT_TRY(ct_cells(&rows, &columns, 4, &cell));
    CT_TRY(ct_level_gram_start(&gram));
    for (int k = rows.pixels - 1; k >= 3; k--) {
        CT_TRY(ct_level_gram_step(&rows, k, PLENTY, 2, &gram));
        CT_TRY(ct_level_gram_check(&gram, &counts, k));
    }
    CT_NEW(partner, columns.count[rows.pixels - 3]);
    CT_TRY(ct_paths_partners(&rows, &columns, 3, partner));
    CT_TRY(ct_paths_mirror(&rows, 3, 3, mirror, &has_mirror));
    ck_assert(has_mirror);
    CT_TRY(ct_levels_reorder(&rows, rank, false, PLENTY, NULL, &moved));
    CT_TRY(ct_counts_make(&columns, UINT64_MAX, &weights));
    const ct_level_product product = {
        .levels = &rows, .others = &columns, .k = 4, .weights = &weights};
    CT_TRY(ct_level_product_make(&product, PLENTY, 2, &gram_too));
done:
    ct_level_gram_free(&gram_too);
    ct_counts_free(&weights);
    ct_levels_free(&moved);
    ct_level_gram_free(&gram);
    ct_free(partner);
    ct_free(cell);
    ct_counts_free(&counts);
    ct_levels_free(&rows);
    ct_levels_free(&columns);
    return status;
}

START_TEST(failing_allocations)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = open_problem("pixel-loops", "grid:3x3");
    ct_frontier f;
    ck_assert(ct_frontier_open(problem, false, &f));
    const long live = failing_allocator_live();
    bool fired = true;
    for (long k = 0; fired; k++) {
        failing_allocator_start(k);
        const cutropy_status status = build_all(&f);
        fired = failing_allocator_stop();
        /* room that cannot be given back is kept */
        ck_assert(status == CUTROPY_OK || (fired && status == CUTROPY_EMEMORY));
        ck_assert_int_eq(failing_allocator_live(), live);
    }
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("frontier levels", problems_have_the_automata_of_their_labels, others_have_none,
           any_truth_table, the_least_automaton_is_one, counts_beyond_enumeration,
           counts_keep_to_the_memory, memory_is_refused_in_one_line, failing_allocations)
