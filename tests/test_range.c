/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of cuts against an independent brute force that writes out the cut matrix, on label,
 * integer, real and complex functions, and against what is known of closed loops, parity and
 * products. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/range/range.h"

#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/options.h"
#include "ref/support.h"

/* ---- brute force
 * ------------------------------------------------------------------------------------------------
 */

#define MOST 16

/* f as 2^N triples: real part, imaginary part, and whether the image counts for Assumption 1. */
typedef struct naive {
    int pixels;
    double (*value)[2];
    uint8_t *counts;
} naive;

typedef struct naive_range {
    int range, pixels, assumption1, boundary_pixels;
    int64_t classes;
} naive_range;

static int lit(uint64_t mask)
{
    int count = 0;
    for (; mask; mask >>= 1)
        count += (int)(mask & 1);
    return count;
}

/* Pixels of A that a walk of at most r bonds joins to B. */
static uint64_t strip(const cutropy_lattice *lattice, uint64_t mask, int r)
{
    uint64_t reached = all_pixels(lattice) & ~mask;
    for (int step = 0; step < r; step++) {
        uint64_t more = reached;
        for (int b = 0; b < lattice->bonds; b++)
            for (int end = 0; end < 2; end++)
                if (reached >> lattice->bond[b][end] & 1)
                    more |= UINT64_C(1) << lattice->bond[b][1 - end];
        reached = more;
    }
    return reached & mask;
}

static int rows_equal(const naive *f, uint64_t mask, uint64_t everything, uint64_t x, uint64_t y)
{
    for (uint64_t b = 0;; b = ((b | mask) + 1) & ~mask & everything) {
        if (f->value[x | b][0] != f->value[y | b][0] || f->value[x | b][1] != f->value[y | b][1])
            return 0;
        if (b == (everything & ~mask))
            return 1;
    }
}

static int row_is_zero(const naive *f, uint64_t mask, uint64_t everything, uint64_t x)
{
    for (uint64_t b = 0;; b = ((b | mask) + 1) & ~mask & everything) {
        if (f->value[x | b][0] != 0 || f->value[x | b][1] != 0)
            return 0;
        if (b == (everything & ~mask))
            return 1;
    }
}

/* Class of every sA (index: the image with B dark), -1 for zero rows. */
static int64_t classify(const naive *f, uint64_t mask, uint64_t everything, int *class)
{
    static uint64_t first[1 << MOST];
    int64_t count = 0;
    for (uint64_t x = 0; x <= everything; x++) {
        class[x] = -1;
        if (x & ~mask || row_is_zero(f, mask, everything, x))
            continue;
        for (int c = 0; c < count && class[x] < 0; c++)
            if (rows_equal(f, mask, everything, x, first[c]))
                class[x] = c;
        if (class[x] < 0) {
            first[count] = x;
            class[x] = (int)count++;
        }
    }
    return count;
}

static int decides(uint64_t near, uint64_t mask, uint64_t everything, const int *class)
{
    static int seen[1 << MOST];
    for (uint64_t x = 0; x <= everything; x++)
        seen[x] = -1;
    for (uint64_t x = 0; x <= everything; x++) {
        if (x & ~mask || class[x] < 0)
            continue;
        if (seen[x & near] >= 0 && seen[x & near] != class[x])
            return 0;
        seen[x & near] = class[x];
    }
    return 1;
}

static naive_range brute_force(const naive *f, const cutropy_lattice *lattice, uint64_t mask)
{
    static int class[1 << MOST];
    static uint64_t owner[1 << MOST];
    const uint64_t everything = all_pixels(lattice), rim = strip(lattice, mask, 1);
    naive_range out = {.range = CUTROPY_NO_RANGE, .pixels = CUTROPY_NO_RANGE, .assumption1 = 1};
    out.classes = classify(f, mask, everything, class);
    for (int r = 0; r <= lattice->pixels && out.range < 0; r++)
        if (decides(strip(lattice, mask, r), mask, everything, class)) {
            out.range = r;
            out.pixels = lit(strip(lattice, mask, r));
        }
    memset(owner, 0xff, sizeof owner);
    for (uint64_t s = 0; s <= everything; s++) {
        if (!f->counts[s])
            continue;
        uint64_t *mine = &owner[s & ~mask];
        if (*mine != UINT64_MAX && *mine != (s & rim))
            out.assumption1 = 0;
        *mine = s & rim;
    }
    out.boundary_pixels = lit(rim);
    return out;
}

/* ---- comparing
 * ------------------------------------------------------------------------------------------------
 */

static cutropy_ranges *ranges_by(const cutropy_problem *problem, ct_solver_choice solver,
                                 const uint64_t *masks, size_t count, int threads)
{
    cutropy_cuts cuts = {1, count, (uint64_t *)masks};
    cutropy_options options = ct_default_options();
    cutropy_ranges *ranges = NULL;
    options.threads = threads;
    options.solver = solver;
    cutropy_status status = cutropy_ranges_run(problem, &cuts, &options, &ranges);
    ck_assert_msg(status == CUTROPY_OK, "%s: %s", cutropy_problem_text(problem), cutropy_error());
    ck_assert_uint_eq(ranges->count, count);
    ck_assert_int_eq(ranges->complete, 1);
    return ranges;
}

static cutropy_ranges *must_ranges(const cutropy_problem *problem, const uint64_t *masks,
                                   size_t count, int threads)
{
    return ranges_by(problem, CT_SOLVE_AUTO, masks, count, threads);
}

static void check_witness(const naive *f, const cutropy_lattice *lattice, uint64_t mask,
                          const uint64_t *pair, const char *what)
{
    ck_assert_msg(pair[0] <= all_pixels(lattice) && pair[1] <= all_pixels(lattice), "%s", what);
    ck_assert_msg(f->counts[pair[0]] && f->counts[pair[1]], "%s: not label 1", what);
    ck_assert_msg(((pair[0] ^ pair[1]) & ~mask) == 0, "%s: they differ on B", what);
    ck_assert_msg((pair[0] ^ pair[1]) & strip(lattice, mask, 1), "%s: they agree on the rim", what);
}

/* What a set of comparisons has met, so that no case is missing unseen. */
static struct {
    int above_one, zero, holds, fails, none, compared;
} met;

static void compare_by(ct_solver_choice solver, const cutropy_problem *problem, const naive *f,
                       const uint64_t *masks, size_t count, int threads)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_ranges *ranges = ranges_by(problem, solver, masks, count, threads);
    for (size_t i = 0; i < count; i++) {
        const cutropy_range *row = cutropy_ranges_row(ranges, i);
        const naive_range want = brute_force(f, lattice, masks[i]);
        char what[200];
        snprintf(what, sizeof what, "%.80s on %s, cut 0x%llx (storage %s)",
                 cutropy_problem_text(problem), lattice->name, (unsigned long long)masks[i],
                 ranges->result->storage);
        ck_assert_int_eq(row->done, 1);
        ck_assert_msg(row->range == want.range, "%s: range %d, not %d", what, row->range,
                      want.range);
        ck_assert_msg(row->range_pixels == want.pixels, "%s: |R| %d, not %d", what,
                      row->range_pixels, want.pixels);
        ck_assert_msg(row->assumption1 == want.assumption1, "%s: assumption 1", what);
        ck_assert_int_eq(row->boundary_pixels, want.boundary_pixels);
        if (masks[i] && masks[i] != all_pixels(lattice))
            ck_assert_msg(row->classes[0] == want.classes, "%s: %lld classes, not %lld", what,
                          (long long)row->classes[0], (long long)want.classes);
        const uint64_t *witness = cutropy_ranges_witness(ranges, i);
        ck_assert(row->assumption1 == !witness);
        if (witness)
            check_witness(f, lattice, masks[i], witness, what);
        if (row->range >= 0)
            ck_assert_msg(row->entropy <= row->range_pixels + row->entropy_err, "%s: theorem 3",
                          what);
        met.above_one += row->range > 1;
        met.zero += row->range == 0;
        met.none += row->range < 0;
        met.holds += row->assumption1 && row->boundary_pixels > 0;
        met.fails += !row->assumption1;
        met.compared++;
    }
    cutropy_ranges_free(ranges);
}

static void compare(const cutropy_problem *problem, const naive *f, const uint64_t *masks,
                    size_t count, int threads)
{
    compare_by(CT_SOLVE_AUTO, problem, f, masks, count, threads);
}

static naive naive_make(int pixels)
{
    naive f = {.pixels = pixels};
    ck_assert_int_le(pixels, MOST);
    f.value = calloc((size_t)1 << pixels, sizeof *f.value);
    f.counts = calloc((size_t)1 << pixels, 1);
    ck_assert(f.value && f.counts);
    return f;
}

static void naive_free(naive *f)
{
    free(f->value);
    free(f->counts);
}

/* The label of every image of a problem, through the library: one single-image cut would be slow,
 * so the values come from the definitions here. */
static int has_two_by_two_rule(const cutropy_lattice *lattice, uint64_t s)
{
    for (int b = 0; b < lattice->bonds; b++)
        if ((s >> lattice->bond[b][0] & 1) && (s >> lattice->bond[b][1] & 1))
            return 0;
    return 1;
}

/* Every lit pixel of a pixel loop has exactly two lit neighbours. */
static int is_pixel_loop(const cutropy_lattice *lattice, uint64_t s)
{
    int lit_neighbours[64] = {0};
    for (int b = 0; b < lattice->bonds; b++)
        for (int end = 0; end < 2; end++)
            lit_neighbours[lattice->bond[b][end]] += (int)(s >> lattice->bond[b][1 - end] & 1);
    for (int i = 0; i < lattice->pixels; i++)
        if ((s >> i & 1) && lit_neighbours[i] != 2)
            return 0;
    return 1;
}

static int is_connected(const cutropy_lattice *lattice, uint64_t s)
{
    uint64_t reached = s & (~s + 1);
    for (int round = 0; round < lattice->pixels; round++)
        for (int b = 0; b < lattice->bonds; b++) {
            uint64_t pair = UINT64_C(1) << lattice->bond[b][0] | UINT64_C(1) << lattice->bond[b][1];
            if ((reached & pair) && (s & pair) == pair)
                reached |= pair;
        }
    return s && reached == s;
}

static int is_closed(const cutropy_lattice *lattice, uint64_t s)
{
    for (int v = 0; v < lattice->vertices; v++) {
        int degree = 0;
        for (int k = 0; k < lattice->star_degree[v]; k++)
            degree += (int)(s >> lattice->star[v][k] & 1);
        if (degree & 1)
            return 0;
    }
    return 1;
}

/* Every row is all dark or all lit, or every column is. */
static int is_bars_or_stripes(const cutropy_lattice *lattice, uint64_t s)
{
    int bars = 1, stripes = 1;
    for (int y = 0; y < lattice->ly; y++)
        for (int x = 0; x < lattice->lx; x++) {
            uint64_t here = s >> (x + lattice->lx * y) & 1;
            bars &= here == (s >> x & 1);
            stripes &= here == (s >> (lattice->lx * y) & 1);
        }
    return bars || stripes;
}

typedef int label_rule(const cutropy_lattice *lattice, uint64_t s);

static label_rule *rule_of(const char *name)
{
    static const struct {
        const char *name;
        label_rule *rule;
    } rules[] = {{"pixel-loops", is_pixel_loop},
                 {"independent-set", has_two_by_two_rule},
                 {"connected", is_connected},
                 {"bars-stripes", is_bars_or_stripes},
                 {"loops", is_closed}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (!strcmp(name, rules[i].name))
            return rules[i].rule;
    return NULL;
}

/* The masks of a family, some random ones, and all their complements. */
static size_t make_masks(const cutropy_lattice *lattice, int random, uint64_t *state,
                         uint64_t *masks)
{
    size_t count = 0;
    cutropy_cuts cuts = must_cuts("prefixes", lattice);
    for (size_t i = 0; i < cuts.count; i++)
        masks[count++] = cuts.masks[i];
    cutropy_cuts_free(&cuts);
    for (int k = 0; k < random; k++)
        masks[count++] = draw(state) & all_pixels(lattice);
    for (size_t i = 0, half = count; i < half; i++)
        masks[count++] = all_pixels(lattice) & ~masks[i];
    return count;
}

static int user_label(uint64_t s, void *user)
{
    return ((const naive *)user)->counts[s];
}

/* A built-in problem, and the same labels from an array (another storage), as 0/1 and +1/-1. */
static void compare_named(const char *name, const char *text, int random)
{
    static uint64_t masks[200];
    uint64_t state = 7;
    cutropy_lattice *lattice = must_lattice(text);
    label_rule *follow = rule_of(name);
    naive f = naive_make(lattice->pixels);
    for (uint64_t s = 0; s <= all_pixels(lattice); s++) {
        f.counts[s] = (uint8_t)follow(lattice, s);
        f.value[s][0] = f.counts[s];
    }
    size_t count = make_masks(lattice, random, &state, masks);
    cutropy_problem *problem = must_problem(name, text), *mine = NULL;
    compare(problem, &f, masks, count, 1);
    if (strcmp(name, "loops") != 0) /* which has equations */
        compare_by(CT_SOLVE_FRONTIER, problem, &f, masks, count, 2);
    ck_assert_int_eq(cutropy_problem_from_labels("mine", lattice, user_label, &f, &mine),
                     CUTROPY_OK);
    compare(mine, &f, masks, count, 2);
    cutropy_problem_free(mine);
    cutropy_problem_free(problem);
    for (uint64_t s = 0; s <= all_pixels(lattice); s++)
        f.value[s][0] = f.counts[s] ? -1 : 1;
    char signs[64];
    snprintf(signs, sizeof signs, "%s:encoding=pm1", name);
    problem = must_problem(signs, text);
    compare(problem, &f, masks, count, 1);
    cutropy_problem_free(problem);
    naive_free(&f);
    cutropy_lattice_free(lattice);
}

START_TEST(named_rules)
{
    memset(&met, 0, sizeof met);
    compare_named("pixel-loops", "3x3", 20);
    compare_named("pixel-loops", "3x4", amount(10, 2));
    compare_named("independent-set", "3x3", 20);
    compare_named("independent-set", "4x3:torus", amount(8, 2));
    compare_named("independent-set", "chain:9", 10);
    compare_named("connected", "3x3", 20);
    compare_named("connected", "3x4", amount(8, 2));
    compare_named("connected", "3x3:torus", 10);
    compare_named("loops", "links:3x3", amount(10, 3));
    compare_named("loops", "links:2x2:torus", 10);
    ck_assert(met.above_one > 20 && met.holds > 20 && met.fails > 20);
}
END_TEST

START_TEST(larger_grid)
{
    static const uint64_t masks[] = {0xff, 0xff00, 0xfff, 0x3333, 0xf, 0x0660};
    for (int k = 0; k < 3; k++) {
        static const char *const names[] = {"pixel-loops", "independent-set", "connected"};
        cutropy_lattice *lattice = must_lattice("4x4");
        cutropy_problem *problem = must_problem(names[k], "4x4");
        naive f = naive_make(16);
        for (uint64_t s = 0; s < 65536; s++) {
            f.counts[s] = (uint8_t)rule_of(names[k])(lattice, s);
            f.value[s][0] = f.counts[s];
        }
        compare(problem, &f, masks, (size_t)amount(6, 1), 2);
        compare_by(CT_SOLVE_FRONTIER, problem, &f, masks, (size_t)amount(6, 1), 2);
        naive_free(&f);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* Beyond enumeration. A hard core knows its neighbours alone; how lit pixels hang together is decided as deep inside as there are rows, and what a
 * function of the number of lit pixels asks of every pixel. */
START_TEST(many_pixels)
{
    static const char *const cases[][2] = {
        {"independent-set", "10x13"}, {"weight:k=30", "7x9"}, {"connected", "7x7"}};
    for (int c = 0; c < amount(3, 2); c++) {
        cutropy_problem *problem = must_problem(cases[c][0], cases[c][1]);
        const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
        cutropy_cuts cuts = must_cuts("rows", lattice);
        cutropy_ranges *ranges = NULL;
        ck_assert_msg(!cutropy_ranges_run(problem, &cuts, NULL, &ranges), "%s", cutropy_error());
        for (int y = 0; y + 1 < lattice->ly; y++) {
            const cutropy_range *row = cutropy_ranges_row(ranges, (size_t)y);
            ck_assert_int_eq(row->range, c == 0 ? 1 : y + 1);
            ck_assert_int_eq(row->depth, y + 1);
            const uint64_t *mask = cuts.masks + (size_t)y * cuts.words,
                           *pair = cutropy_ranges_witness(ranges, (size_t)y);
            ck_assert_ptr_nonnull(pair);
            for (size_t w = 0; w < cuts.words; w++)
                ck_assert_uint_eq((pair[w] ^ pair[cuts.words + w]) & ~mask[w], 0);
        }
        cutropy_ranges_free(ranges);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
    }
    /* equations have no classes to look at */
    cutropy_problem *problem = must_problem("loops", "links:9x9");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
    cutropy_ranges *ranges = NULL;
    ck_assert_int_ne(cutropy_ranges_run(problem, &cuts, NULL, &ranges), CUTROPY_OK);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Few label-1 images are kept as a list, also for labels +1/-1, where the sA that do not occur are
 * a class.
 */
START_TEST(sparse_signs)
{
    static const char *const names[] = {"pixel-loops", "bars-stripes"};
    uint64_t state = 23;
    for (int k = 0; k < 2; k++)
        for (int sign = 0; sign < 2; sign++) {
            uint64_t masks[40] = {0x1, 0xf, 0xff, 0x3333, 0x8000, 0xff00, 0x1111, 0xf0f0};
            size_t count = (size_t)amount(30, 8);
            char text[64];
            snprintf(text, sizeof text, "%s%s", names[k], sign ? ":encoding=pm1" : "");
            cutropy_problem *problem = must_problem(text, "4x4");
            const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
            naive f = naive_make(16);
            for (uint64_t s = 0; s < 65536; s++) {
                f.counts[s] = (uint8_t)rule_of(names[k])(lattice, s);
                f.value[s][0] = sign ? 1 - 2 * f.counts[s] : f.counts[s];
            }
            for (size_t i = 8; i < count; i++) /* about four pixels, then about twelve */
                masks[i] = (draw(&state) & draw(&state) & 0xffff) ^ (i % 5 ? 0 : 0xffff);
            cutropy_ranges *ranges = must_ranges(problem, masks, 1, 1);
            ck_assert_str_eq(ranges->result->storage, "support");
            cutropy_ranges_free(ranges);
            compare(problem, &f, masks, count, 1);
            naive_free(&f);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* Labels +1/-1 that occur in one list image each: only the gaps between the listed halves tell how
 * deep the class is decided. A is a chain that ends at B; the halves 0 and all lit have gaps on one
 * side only. */
START_TEST(single_images)
{
    uint64_t masks[14];
    for (int k = 0; k < 14; k++)
        masks[k] = (UINT64_C(2) << k) - 1;
    for (int corner = 0; corner < 2; corner++) {
        cutropy_problem *problem = must_problem(
            corner ? "threshold:k=15,encoding=pm1" : "weight:k=0,encoding=pm1", "chain:15");
        cutropy_ranges *ranges = must_ranges(problem, masks, 14, 1);
        ck_assert_str_eq(ranges->result->storage, "support");
        for (int k = 0; k < 14; k++) /* any pixel of A makes the difference */
            ck_assert_int_eq(ranges->rows[k].range, k + 1);
        cutropy_ranges_free(ranges);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* The full cut of labels +1/-1: one class if they are all the same. */
START_TEST(full_cuts)
{
    uint64_t full = 0xff;
    cutropy_problem *all = must_problem("threshold:k=0,encoding=pm1", "chain:8");
    cutropy_problem *some = must_problem("threshold:k=3,encoding=pm1", "chain:8");
    cutropy_ranges *ranges = must_ranges(all, &full, 1, 1);
    ck_assert_int_eq(ranges->rows[0].range, 0);
    cutropy_ranges_free(ranges);
    ranges = must_ranges(some, &full, 1, 1);
    ck_assert_int_eq(ranges->rows[0].range, CUTROPY_NO_RANGE);
    ck_assert_int_eq(ranges->rows[0].range_pixels, CUTROPY_NO_RANGE);
    cutropy_ranges_free(ranges);
    cutropy_problem_free(all);
    cutropy_problem_free(some);
}
END_TEST

/* Functions without a rule, of every kind and storage; classes are planted by making f forget
 * pixels. */
static void compare_random(const char *text, cutropy_kind kind, int texture, uint64_t *state)
{
    static uint64_t masks[200];
    cutropy_lattice *lattice = must_lattice(text);
    const uint64_t size = all_pixels(lattice) + 1;
    naive f = naive_make(lattice->pixels);
    uint64_t keep = texture & 1 ? draw(state) & draw(state) & (size - 1) : size - 1;
    uint8_t labels[1024];
    int64_t integers[1024];
    double numbers[2048];
    for (uint64_t s = 0; s < size; s++) {
        uint64_t same = s & keep;
        int64_t level = (int64_t)draw_below(state, texture & 2 ? 12 : 3) - 1;
        f.value[s][0] = same < s ? f.value[same][0] : level < 2 ? (double)level : 0;
        f.value[s][1] = kind != CUTROPY_KIND_COMPLEX ? 0
                        : same < s                   ? f.value[same][1]
                                                     : (double)draw_below(state, 2);
        if (kind == CUTROPY_KIND_LABEL)
            f.value[s][0] = f.value[s][0] > 0;
        if (s == 0)
            f.value[s][0] = 1;
        f.counts[s] = f.value[s][0] != 0 || f.value[s][1] != 0;
        labels[s] = f.counts[s];
        integers[s] = (int64_t)f.value[s][0];
        numbers[kind == CUTROPY_KIND_COMPLEX ? 2 * s : s] = f.value[s][0];
        if (kind == CUTROPY_KIND_COMPLEX)
            numbers[2 * s + 1] = f.value[s][1];
    }
    const void *values = kind == CUTROPY_KIND_LABEL     ? (const void *)labels
                         : kind == CUTROPY_KIND_INTEGER ? (const void *)integers
                                                        : (const void *)numbers;
    cutropy_problem *problem = must_values(lattice, kind, values);
    size_t count = make_masks(lattice, 12, state, masks);
    masks[0] = 0; /* the empty and the full cut */
    masks[1] = size - 1;
    compare(problem, &f, masks, count, 1 + texture % 2);
    cutropy_problem_free(problem);
    naive_free(&f);
    cutropy_lattice_free(lattice);
}

START_TEST(random_functions)
{
    static const char *const lattices[] = {"3x3", "chain:8",   "chain:7:ring", "2x4:torus",
                                           "2x2", "links:2x3", "chain:10",     "chain:3"};
    uint64_t state = 11;
    memset(&met, 0, sizeof met);
    for (int repeat = 0; repeat < amount(64, 16); repeat++)
        for (cutropy_kind kind = CUTROPY_KIND_LABEL; kind <= CUTROPY_KIND_COMPLEX; kind++)
            compare_random(lattices[repeat % 8], kind, repeat / 2, &state);
    ck_assert(met.above_one > 20 && met.zero > 20 && met.holds > 20 && met.fails > 20);
    ck_assert_int_gt(met.none, 5); /* the full cut of a function with several values */
}
END_TEST

/* ---- lists of images, also of several words
 * ---------------------------------------------------------------------
 */

/* A data set as a label function: the range by comparing every pair of images, nothing written out.
 */
static void compare_list(const cutropy_lattice *lattice, const uint64_t *images, size_t count,
                         const uint64_t *mask, const cutropy_range *row, const uint64_t *witness);

static int word_bit(const uint64_t *image, int pixel)
{
    return (int)(image[pixel / 64] >> (pixel % 64) & 1);
}

static int agree(const uint64_t *x, const uint64_t *y, const uint64_t *where, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if ((x[w] ^ y[w]) & where[w])
            return 0;
    return 1;
}

/* Every image with the half A of x has a partner with the half A of y and the same half B. */
static int row_within(const uint64_t *images, size_t count, size_t words, const uint64_t *mask,
                      const uint64_t *rest, const uint64_t *x, const uint64_t *y)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t *one = images + i * words;
        int found = !agree(one, x, mask, words);
        for (size_t k = 0; k < count && !found; k++)
            found = agree(images + k * words, y, mask, words) &&
                    agree(images + k * words, one, rest, words);
        if (!found)
            return 0;
    }
    return 1;
}

static void wide_strip(const cutropy_lattice *lattice, const uint64_t *mask, int r, uint64_t *out)
{
    uint64_t reached[8] = {0}, more[8];
    for (size_t w = 0; w < lattice->words; w++)
        reached[w] = ~mask[w];
    for (int step = 0; step < r; step++) {
        memcpy(more, reached, sizeof more);
        for (int b = 0; b < lattice->bonds; b++)
            for (int end = 0; end < 2; end++) {
                int from = lattice->bond[b][end], to = lattice->bond[b][1 - end];
                if (word_bit(reached, from))
                    more[to / 64] |= UINT64_C(1) << (to % 64);
            }
        memcpy(reached, more, sizeof more);
    }
    for (size_t w = 0; w < lattice->words; w++)
        out[w] = reached[w] & mask[w];
}

static void compare_list(const cutropy_lattice *lattice, const uint64_t *images, size_t count,
                         const uint64_t *mask, const cutropy_range *row, const uint64_t *witness)
{
    const size_t words = lattice->words;
    uint64_t rest[8], near[8], rim[8];
    int range = -1, holds = 1;
    for (size_t w = 0; w < words; w++)
        rest[w] = ~mask[w];
    wide_strip(lattice, mask, 1, rim);
    for (int r = 0; range < 0; r++) {
        int good = 1;
        wide_strip(lattice, mask, r, near);
        for (size_t i = 0; i < count && good; i++)
            for (size_t k = 0; k < count && good; k++) {
                const uint64_t *x = images + i * words, *y = images + k * words;
                good = !agree(x, y, near, words) ||
                       (row_within(images, count, words, mask, rest, x, y) &&
                        row_within(images, count, words, mask, rest, y, x));
            }
        range = good ? r : -1;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            holds &= !agree(images + i * words, images + k * words, rest, words) ||
                     agree(images + i * words, images + k * words, rim, words);
    ck_assert_int_eq(row->range, range);
    ck_assert_int_eq(row->assumption1, holds);
    if (!holds) {
        int found[2] = {0, 0};
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < count; i++)
                found[side] |= !memcmp(images + i * words, witness + (size_t)side * words,
                                       words * sizeof *images);
        ck_assert(found[0] && found[1]);
        ck_assert(agree(witness, witness + words, rest, words));
        ck_assert(!agree(witness, witness + words, rim, words));
    }
}

START_TEST(image_lists)
{
    static const char *const lattices[] = {"8x8", "12x11", "chain:200", "3x3"};
    uint64_t state = 13;
    int deep = 0, fails = 0;
    for (int repeat = 0; repeat < amount(16, 8); repeat++) {
        cutropy_lattice *lattice = must_lattice(lattices[repeat % 4]);
        const size_t words = lattice->words, count = 14;
        uint64_t images[14 * 8], masks[6 * 8];
        uint64_t last =
            lattice->pixels % 64 ? (UINT64_C(1) << lattice->pixels % 64) - 1 : ~UINT64_C(0);
        for (size_t i = 0; i < count; i++)
            for (size_t w = 0; w < words; w++) /* neighbours share words: classes merge */
                images[i * words + w] =
                    (i % 3 && draw_below(&state, 4) ? images[(i - 1) * words + w]
                                                    : draw(&state) & draw(&state) & draw(&state)) &
                    (w + 1 == words ? last : ~UINT64_C(0));
        for (size_t k = 0; k < 6; k++) {
            int edge = (int)draw_below(&state, (uint64_t)lattice->pixels - 1) + 1;
            for (int p = 0; p < (int)(64 * words); p++) {
                uint64_t bit = UINT64_C(1) << (p % 64), *word = &masks[k * words + (size_t)p / 64];
                int in = p < lattice->pixels && (k < 2 ? p < edge : k < 4 ? p >= edge : p % 3 == 0);
                *word = in ? *word | bit : *word & ~bit;
            }
        }
        cutropy_problem *problem = NULL;
        cutropy_ranges *ranges = NULL;
        cutropy_cuts cuts = {words, 6, masks};
        ck_assert_int_eq(cutropy_problem_from_images("list", lattice, images, count, &problem),
                         CUTROPY_OK);
        ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, NULL, &ranges), CUTROPY_OK);
        ck_assert_str_eq(ranges->result->storage,
                         words == 1 && lattice->pixels < 10 ? "table" : "support");
        for (size_t k = 0; k < 6; k++) {
            compare_list(lattice, images, count, masks + k * words, &ranges->rows[k],
                         ranges->witness + 2 * k * words);
            deep += ranges->rows[k].range > 1;
            fails += !ranges->rows[k].assumption1;
        }
        cutropy_ranges_free(ranges);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
    ck_assert(deep > 5 && fails > 5);
}
END_TEST

/* ---- known answers
 * ------------------------------------------------------------------------------------------------
 */

/* Links that meet a vertex of the cut are neighbours of B: closed loops have range 1 at most. */
START_TEST(loops_are_local)
{
    static const char *const lattices[] = {"links:3x3", "links:4x3", "links:3x3:torus"};
    for (int k = 0; k < 3; k++) {
        cutropy_problem *problem = must_problem("loops", lattices[k]);
        const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
        uint64_t masks[64], state = 17;
        size_t count = 0;
        for (; count < 64; count++)
            masks[count] = draw(&state) & all_pixels(lattice);
        cutropy_ranges *ranges = must_ranges(problem, masks, count, 2);
        for (size_t i = 0; i < count; i++)
            ck_assert_int_le(ranges->rows[i].range, 1);
        cutropy_ranges_free(ranges);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Parity sees every pixel: the range of the first k pixels of a chain is k. */
START_TEST(parity_is_deep)
{
    cutropy_problem *problem = must_problem("parity", "chain:12");
    uint64_t masks[11];
    for (int k = 1; k < 12; k++)
        masks[k - 1] = (UINT64_C(1) << k) - 1;
    cutropy_ranges *ranges = must_ranges(problem, masks, 11, 1);
    for (int k = 1; k < 12; k++) {
        const cutropy_range *row = &ranges->rows[k - 1];
        ck_assert_int_eq(row->range, k);
        ck_assert_int_eq(row->depth, k);
        ck_assert_int_eq(row->range_pixels, k);
        ck_assert_int_eq(row->classes[0], 2);
        ck_assert(fabs(row->entropy - 1) <= row->entropy_err);
    }
    cutropy_ranges_free(ranges);
    cutropy_problem_free(problem);
}
END_TEST

static int fixed_pixels(uint64_t s, void *user)
{
    const uint64_t *rule = user;
    return (s & rule[0]) == rule[1];
}

START_TEST(products_have_range_0)
{
    uint64_t rule[2] = {0x0b5, 0x091}, masks[510];
    cutropy_lattice *lattice = must_lattice("3x3");
    cutropy_problem *problem = NULL;
    for (uint64_t k = 0; k < 510; k++)
        masks[k] = k + 1;
    ck_assert_int_eq(cutropy_problem_from_labels("product", lattice, fixed_pixels, rule, &problem),
                     CUTROPY_OK);
    cutropy_ranges *ranges = must_ranges(problem, masks, 510, 2);
    for (size_t i = 0; i < 510; i++) {
        ck_assert_int_eq(ranges->rows[i].range, 0);
        ck_assert_int_eq(ranges->rows[i].range_pixels, 0);
        ck_assert(ranges->rows[i].entropy == 0);
    }
    cutropy_ranges_free(ranges);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- the run
 * ------------------------------------------------------------------------------------------------
 */

static int stop_in_ranges(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)done;
    (void)total;
    int *heard = user;
    if (strcmp(stage, "ranges"))
        return 0;
    ++*heard;
    return 1;
}

START_TEST(stopping)
{
    cutropy_problem *problem = must_problem("random", "4x4");
    cutropy_cuts cuts = must_cuts("prefixes", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_ranges *ranges = NULL;
    int heard = 0;
    options.threads = 1;
    options.progress = stop_in_ranges;
    options.user = &heard;
    ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, &options, &ranges), CUTROPY_ECANCELLED);
    ck_assert_int_eq(heard, 1);
    ck_assert_ptr_nonnull(ranges);
    ck_assert_int_eq(cutropy_ranges_complete(ranges), 0);
    size_t done = 0;
    for (size_t i = 0; i < cutropy_ranges_count(ranges); i++)
        done += (size_t)ranges->rows[i].done;
    ck_assert_uint_lt(done, ranges->count);
    ck_assert_uint_ge(done, 1);
    cutropy_ranges_free(ranges);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(memory_limit)
{
    cutropy_problem *problem = must_problem("random", "chain:20");
    cutropy_cuts cuts = must_cuts("0x7ffff", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_ranges *ranges = NULL;
    options.memory_limit = 2 << 20;
    ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, &options, &ranges), CUTROPY_EMEMORY);
    ck_assert_ptr_null(ranges);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "--memory"));
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* The table of a run with this many threads. */
static char *range_text(const char *name, const char *lattice, const char *family, int threads)
{
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_cuts cuts = must_cuts(family, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_ranges *ranges = NULL;
    char *text = NULL;
    size_t size = 0;
    options.threads = threads;
    options.use_symmetry = threads == 1;
    ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, &options, &ranges), CUTROPY_OK);
    FILE *file = open_memstream(&text, &size);
    cutropy_sheet *sheet;
    ck_assert_int_eq(cutropy_ranges_sheet(ranges, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    cutropy_sheet_free(sheet);
    ck_assert_int_eq(fclose(file), 0);
    cutropy_ranges_free(ranges);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    return text;
}

START_TEST(threads_do_not_matter)
{
    static const char *const cases[][3] = {{"loops", "links:3x3", "rectangles"},
                                           {"random", "3x3", "all"},
                                           {"parity", "3x4", "rectangles"}};
    for (int k = 0; k < 3; k++) {
        char *one = range_text(cases[k][0], cases[k][1], cases[k][2], 1);
        char *two = range_text(cases[k][0], cases[k][1], cases[k][2], 2);
        char *three = range_text(cases[k][0], cases[k][1], cases[k][2], 3);
        if (k != 1) /* closed forms: the same to the last digit with and without symmetry */
            ck_assert_str_eq(one, two);
        ck_assert_str_eq(two, three);
        free(one);
        free(two);
        free(three);
    }
}
END_TEST

/* Every allocation fails once: CUTROPY_EMEMORY, nothing leaked, no result. Last: it changes the
 * allocator. */
START_TEST(failing_allocations)
{
    static const char *const cases[][3] = {{"independent-set", "3x3", "rows,0x1f"},
                                           {"loops", "links:3x3", "rows"},
                                           {"page", "chain:6", "half"},
                                           {"connected", "3x3", "0x21,rows"}};
    for (int k = 0; k < 4; k++)
        for (long left = 0;; left++) {
            failing_allocator_start(-1);
            cutropy_problem *problem = must_problem(cases[k][0], cases[k][1]);
            cutropy_cuts cuts = must_cuts(cases[k][2], cutropy_problem_lattice(problem));
            cutropy_options options = ct_default_options();
            cutropy_ranges *ranges = NULL;
            options.threads = 1;
            options.solver = k == 3 ? CT_SOLVE_FRONTIER : CT_SOLVE_AUTO;
            failing_allocator_start(left);
            cutropy_status status = cutropy_ranges_run(problem, &cuts, &options, &ranges);
            const bool once = failing_allocator_stop(),
                       /* levels that cannot be made smaller stay as they are */
                fired = once && !(k == 3 && status == CUTROPY_OK);
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            ck_assert_int_eq(ranges != NULL, !fired);
            cutropy_ranges_free(ranges);
            cutropy_cuts_free(&cuts);
            cutropy_problem_free(problem);
            ck_assert_int_eq(failing_allocator_live(), 0);
            if (!once)
                break;
        }
}
END_TEST

CHECK_MAIN("range", named_rules, larger_grid, many_pixels, sparse_signs, single_images, full_cuts,
           random_functions, image_lists, loops_are_local, parity_is_deep, products_have_range_0,
           stopping, memory_limit, threads_do_not_matter, failing_allocations)
