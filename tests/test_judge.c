/* SPDX-License-Identifier: Apache-2.0 */
/* The table of right verdicts: functions whose law is known from theory, on several lattices.
 *
 * `right` holds every verdict that theory allows on such cuts; "not decided by these sizes" is
 * allowed everywhere, but a judge that says nothing is of no use, so `says` is what it has to say.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/scaling/scaling.h"
#include "check_main.h"
#include "ref/support.h"

enum {
    ZERO = 1 << CUTROPY_SCALING_ZERO,
    CONSTANT = 1 << CUTROPY_SCALING_CONSTANT,
    COUNTING = 1 << CUTROPY_SCALING_COUNTING,
    LOG = 1 << CUTROPY_SCALING_LOG,
    AREA = 1 << CUTROPY_SCALING_AREA,
    VOLUME = 1 << CUTROPY_SCALING_VOLUME,
    SATURATED = 1 << CUTROPY_SCALING_SATURATED,
    UNDECIDED = 1 << CUTROPY_SCALING_UNDECIDED,
    NONE = 1 << CUTROPY_SCALING_NONE
};

typedef struct row {
    const char *problem, *lattices, *cuts; /* lattices: up to four, with blanks */
    unsigned right, says;
    int exact;
} row;

static const row table[] = {
    /* Even parity is GHZ in the basis |0> +- |1>: two equal Schmidt values on every cut. */
    {"parity", "4x4", "rectangles", CONSTANT, CONSTANT, 1},
    {"parity", "3x4:torus", "rectangles", CONSTANT, CONSTANT, 1},
    {"parity", "chain:10", "prefixes", CONSTANT, CONSTANT, 1},
    {"ghz", "4x4", "all", CONSTANT, CONSTANT, 1},
    {"ghz", "chain:12:ring", "prefixes", CONSTANT, CONSTANT, 1},
    {"ghz", "links:3x3", "rectangles", CONSTANT, CONSTANT, 1},
    /* A product of functions of one pixel each. */
    {"logistic", "3x4", "rectangles", ZERO, ZERO, 1},
    /* The number of lit pixels decides: at most m + 1 classes, S <= log2(m + 1), and S of NA alone.
     */
    {"weight:k=1", "4x4", "rectangles", COUNTING, COUNTING, 1},
    {"weight:k=8", "4x4", "rectangles", COUNTING, COUNTING, 1},
    {"weight:k=8", "chain:16", "prefixes", COUNTING, COUNTING, 1},
    {"weight:k=6,encoding=pm1", "chain:12:ring", "prefixes", COUNTING, COUNTING, 1},
    {"majority", "4x4", "rectangles", COUNTING, COUNTING, 1},
    {"majority", "4x3:torus", "rectangles", COUNTING, COUNTING, 1},
    {"majority", "chain:13", "prefixes", COUNTING, COUNTING, 1},
    {"threshold:k=8", "4x4", "rectangles", COUNTING, COUNTING, 1},
    {"threshold:k=3", "3x4", "all", COUNTING, COUNTING, 1},
    /* A linear code: S = (vertices where A and B meet) - (parts of A and of B) + 1,
     * docs/scaling.md. Rectangles of a torus are in one part and so is the rest. */
    {"loops", "links:3x3:torus", "rectangles", AREA, AREA, 1},
    {"loops", "links:4x3:torus", "rectangles", AREA, AREA, 1},
    {"loops", "links:2x2:torus links:3x3:torus links:4x4:torus", "rectangles", AREA, AREA, 1},
    {"loops", "links:4x4", "rectangles", AREA, AREA, 1},
    {"loops", "links:3x3 links:4x3 links:4x4", "rectangles", AREA, AREA, 1},
    /* A local rule of finite range: S <= |R_2|, Theorem 3 of the paper. */
    {"pixel-loops", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"pixel-loops", "5x5", "rectangles", AREA, AREA, 0},
    {"pixel-loops", "4x4:torus", "rectangles", AREA, UNDECIDED, 0},
    /* Range 1 on every cut. On a chain a state of two classes: S <= 1. */
    {"independent-set", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"independent-set", "4x4:torus", "rectangles", AREA, UNDECIDED, 0},
    {"independent-set", "5x5", "rectangles", AREA, AREA, 0},
    {"independent-set", "3x3 4x4 5x5", "rectangles", AREA, AREA, 0},
    {"independent-set", "2x8", "rectangles", AREA, AREA, 0},
    {"independent-set", "chain:16", "prefixes", CONSTANT, CONSTANT, 0},
    {"independent-set", "chain:16:ring", "prefixes", CONSTANT, CONSTANT, 0},
    /* Range at most 2. */
    {"still-life", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"still-life", "5x5", "rectangles", AREA, UNDECIDED, 0},
    {"still-life", "4x4:torus", "rectangles", AREA, UNDECIDED, 0},
    {"still-life", "4x4:torus", "connected:6", AREA, UNDECIDED, 0},
    /* Joined boundary pixels: at most C^L ways, so S = O(L), though the range is the whole depth.
     */
    {"connected", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"connected", "2x8", "rectangles", AREA, AREA, 0},
    {"percolation", "4x4", "rectangles", AREA, UNDECIDED, 0},
    /* w + h bits tell everything of a w x h rectangle. */
    {"bars-stripes", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"bars-stripes", "5x5:torus", "rectangles", AREA, AREA, 0},
    /* Rows of sA with one boundary are proportional: rank <= 2^|R_1|. On an open chain S depends on
     * the one bond; on a ring on two, and the rank is at most 4. In the ordered phase S is one bit
     * and a weak area law. */
    {"ising:beta=0.2", "4x4", "rectangles", AREA, AREA, 0},
    {"ising", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"ising:beta=0.8", "4x4", "rectangles", AREA, UNDECIDED, 0},
    {"ising", "4x4:torus", "rectangles", AREA, UNDECIDED, 0},
    {"ising:beta=1.5", "4x4:torus", "rectangles", AREA, UNDECIDED, 0},
    {"ising", "chain:12", "prefixes", CONSTANT, CONSTANT, 1},
    {"ising", "chain:14:ring", "prefixes", CONSTANT, CONSTANT, 0},
    {"ising:beta=1.5", "chain:14:ring", "prefixes", CONSTANT, UNDECIDED, 0},
    /* A matrix product of bond dimension 2: S <= 1, jumping with the matrices. */
    {"mps", "chain:12", "prefixes", CONSTANT | NONE, NONE, 0},
    /* S = mirror pairs parted: all, none, or what the position says. */
    {"mirror", "4x2 4x3 4x4 4x5", "columns", VOLUME, VOLUME, 1},
    {"mirror", "2x4 3x4 4x4", "rows", ZERO, ZERO, 1},
    {"mirror", "chain:12", "prefixes", VOLUME, VOLUME, 1},
    {"mirror", "4x4", "rectangles", NONE, NONE, 0},
    /* Every x_i has its y_i on the other half: S = m on prefixes for +-1, nearly so for 0/1. */
    {"inner-product:encoding=pm1", "chain:12", "prefixes", VOLUME, VOLUME, 1},
    {"inner-product", "chain:12", "prefixes", VOLUME, VOLUME, 0},
    {"inner-product", "chain:16", "prefixes", VOLUME, VOLUME, 0},
    {"inner-product", "4x4", "rectangles", NONE, NONE, 0},
    /* Random: Page's average, and docs/scaling.md for sets. On a small torus every region is
     * boundary. */
    {"random", "4x4", "rectangles", VOLUME, VOLUME, 0},
    {"random:seed=7", "3x4", "rectangles", VOLUME, VOLUME, 0},
    {"random", "chain:14", "prefixes", VOLUME, VOLUME, 0},
    {"random", "2x2 3x3 4x4", "rectangles", VOLUME, VOLUME, 0},
    {"random", "4x4:torus", "rectangles", VOLUME, UNDECIDED, 0},
    {"random:density=0.1", "4x4", "rectangles", VOLUME, VOLUME, 0},
    {"page", "3x4", "rectangles", VOLUME, VOLUME, 0},
    {"page:complex=1", "chain:12", "prefixes", VOLUME, VOLUME, 0},
    /* Few images: log2 of their number is all that S can be, whatever the rule. */
    {"digits:class=3", "8x8", "rectangles", SATURATED, UNDECIDED, 0},
    {"digits:class=8", "8x8", "rows,columns,prefixes", SATURATED, UNDECIDED, 0},
    {"random:density=0.001", "4x4", "rectangles", SATURATED, UNDECIDED, 0},
};

/* ---- the table ---- */

/* The points of one lattice behind those that are there. */
static void add_points(const cutropy_problem *problem, const char *cuts_text,
                       cutropy_scaling_point **points, size_t *count)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    const cutropy_length length =
        lattice->vertices ? CUTROPY_LENGTH_VERTICES : CUTROPY_LENGTH_BONDS;
    cutropy_cuts cuts = must_cuts(cuts_text, lattice);
    cutropy_result *result;
    size_t more;
    *points = realloc(*points, (*count + cuts.count) * sizeof **points);
    ck_assert_ptr_nonnull(*points);
    MUST(
        ct_scaling_run(problem, &cuts, cuts.count, NULL, length, &result, *points + *count, &more));
    ck_assert_uint_eq(more, cuts.count);
    for (size_t i = 0; i < more; i++)
        (*points)[*count + i].lattice = *count ? (*points)[*count - 1].lattice + 1 : 0;
    *count += more;
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
}

static cutropy_scaling judged(const row *r)
{
    cutropy_scaling_point *points = NULL;
    cutropy_scaling scaling;
    size_t count = 0;
    char lattices[80];
    snprintf(lattices, sizeof lattices, "%s", r->lattices);
    for (char *rest = lattices, *name; (name = strtok_r(rest, " ", &rest));) {
        cutropy_problem *problem = must_problem(r->problem, name);
        add_points(problem, r->cuts, &points, &count);
        cutropy_problem_free(problem);
    }
    ck_assert_msg(ct_scaling_judge(points, count, &scaling) == CUTROPY_OK, "%s", cutropy_error());
    free(points);
    return scaling;
}

START_TEST(right_verdicts)
{
    const size_t rows = sizeof table / sizeof table[0];
    size_t decided = 0, failed = 0;
    for (size_t i = 0; i < rows; i++) {
        const row *r = &table[i];
        const cutropy_scaling scaling = judged(r);
        const unsigned says = 1u << scaling.verdict;
        char why[640], headline[160];
        cutropy_scaling_explain(&scaling, why);
        cutropy_scaling_headline(&scaling, headline);
        const bool right = (says & (r->right | UNDECIDED)) != 0;
        const bool expected = says == r->says && scaling.exact == r->exact && *why;
        if (!right || !expected)
            fprintf(stderr, "%s on %s, %s%s: %s. %s\n", r->problem, r->lattices, r->cuts,
                    right ? "" : ": WRONG", headline, why);
        failed += !right || !expected;
        decided += says != UNDECIDED;
    }
    ck_assert_uint_eq(failed, 0);
    ck_assert_msg(3 * decided >= 2 * rows, "only %zu of %zu rows are decided", decided, rows);
}
END_TEST

/* ---- the Ising ring in a transverse field ---- */

/* Ground state of H = - sum Z_i Z_i+1 - h sum X_i by powers of 2N - H on the even sector: the gap
 * there is at least about 2 pi / N, so that the rest is below rounding after 30 N^2 steps. */
static void ising_ground_state(int pixels, double field, double *state)
{
    const size_t count = (size_t)1 << pixels;
    double *next = malloc(count * sizeof *next);
    ck_assert_ptr_nonnull(next);
    for (size_t s = 0; s < count; s++)
        state[s] = 1;
    for (int step = 0; step < 30 * pixels * pixels; step++) {
        double square = 0;
        for (size_t s = 0; s < count; s++) {
            const size_t turned = (s >> 1) | (s & 1) << (pixels - 1);
            const int walls = __builtin_popcountll(s ^ turned);
            double sum = ((1 + field) * pixels + pixels - 2 * walls) * state[s];
            for (int i = 0; i < pixels; i++)
                sum += field * state[s ^ (size_t)1 << i];
            next[s] = sum;
            square += sum * sum;
        }
        for (size_t s = 0; s < count; s++)
            state[s] = next[s] / sqrt(square);
    }
    free(next);
}

static cutropy_scaling judged_ring(int pixels, double field)
{
    char name[32];
    cutropy_scaling_point *points = NULL;
    cutropy_scaling scaling;
    size_t count = 0;
    double *state = malloc(((size_t)1 << pixels) * sizeof *state);
    ck_assert_ptr_nonnull(state);
    snprintf(name, sizeof name, "chain:%d:ring", pixels);
    cutropy_lattice *lattice = must_lattice(name);
    ising_ground_state(pixels, field, state);
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, state);
    add_points(problem, "prefixes", &points, &count);
    ck_assert_int_eq(ct_scaling_judge(points, count, &scaling), CUTROPY_OK);
    free(points);
    free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return scaling;
}

/* Critical at h = 1: S = (c/3) log2 l + const, c = 1/2 (Calabrese and Cardy, J. Stat. Mech. 2004,
 * P06002). Away from it S is bounded: one bit of the cat state of both orders below, a gap above.
 */
START_TEST(ising_ring)
{
    const int pixels = 12;
    const cutropy_scaling critical = judged_ring(pixels, 1);
    ck_assert_int_eq(critical.verdict, CUTROPY_SCALING_LOG);
    ck_assert_double_eq_tol(critical.central_charge, 0.5, 0.02);
    ck_assert_double_lt(critical.fit[CUTROPY_MODEL_LOG].misfit, 0.02);
    char why[640];
    cutropy_scaling_explain(&critical, why);
    ck_assert_ptr_nonnull(strstr(why, "S = (c/3) log2 l: c = 0.5"));
    const cutropy_scaling ordered = judged_ring(pixels, 0.5), disordered = judged_ring(pixels, 2);
    ck_assert_int_eq(ordered.verdict, CUTROPY_SCALING_CONSTANT);
    ck_assert_double_eq_tol(ordered.fit[CUTROPY_MODEL_CONSTANT].coefficient[0], 1, 0.02);
    ck_assert_int_eq(disordered.verdict, CUTROPY_SCALING_CONSTANT);
    ck_assert(isnan(ordered.central_charge));
}
END_TEST

/* ---- few images ---- */

/* 50 random images of 28 x 28 pixels: every half of more than a dozen pixels tells them apart, so
 * that S is log2 50 exactly on large cuts. */
START_TEST(fifty_images)
{
    cutropy_lattice *lattice = must_lattice("grid:28x28");
    cutropy_problem *problem = NULL;
    cutropy_scaling_point *points = NULL;
    cutropy_scaling scaling;
    uint64_t images[50 * 13], state = 11;
    size_t count = 0;
    char why[640];
    for (size_t i = 0; i < sizeof images / sizeof images[0]; i++)
        images[i] = i % 13 < 12 ? draw(&state) : draw(&state) & 0xffff;
    ck_assert_int_eq(cutropy_problem_from_images("fifty", lattice, images, 50, &problem), 0);
    add_points(problem, "rows,columns,prefixes", &points, &count);
    ck_assert_int_eq(ct_scaling_judge(points, count, &scaling), CUTROPY_OK);
    ck_assert_int_eq(scaling.verdict, CUTROPY_SCALING_SATURATED);
    ck_assert_double_eq_tol(scaling.images_bits, log2(50), 1e-14);
    cutropy_scaling_explain(&scaling, why);
    ck_assert_ptr_nonnull(strstr(why, "5.644 bits, log2 of the number of label-1 images"));
    free(points);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- proofs against fits ---- */

static double range_bits(const cutropy_scaling_point *p)
{
    return p->depth ? (double)p->range : NAN;
}

/* Still lifes on 4x4: the volume law fits best, and the range forbids it. */
START_TEST(vetoes)
{
    const row still = {"still-life", "4x4", "rectangles", AREA, UNDECIDED, 0};
    const cutropy_scaling scaling = judged(&still);
    ck_assert_int_eq(scaling.reason, CUTROPY_REASON_RANGE);
    ck_assert_int_eq(scaling.range, 2);
    ck_assert_int_eq(scaling.depth, 3);
    ck_assert_int_eq(scaling.fit[CUTROPY_MODEL_VOLUME].vetoed, 1);
    ck_assert_int_eq(scaling.fit[CUTROPY_MODEL_LOG].vetoed, 1);
    ck_assert_int_eq(scaling.fit[CUTROPY_MODEL_AREA].vetoed, 0);
    ck_assert(scaling.fit[CUTROPY_MODEL_VOLUME].weight == 0);
    ck_assert(scaling.weight == 0);
    /* the points carry the ranges of cutropy_ranges_run */
    cutropy_problem *problem = must_problem("still-life", "4x4");
    cutropy_cuts cuts = must_cuts("rectangles", cutropy_problem_lattice(problem));
    cutropy_ranges *ranges = NULL;
    cutropy_scaling_point *points = NULL;
    size_t count = 0, known = 0;
    add_points(problem, "rectangles", &points, &count);
    ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, NULL, &ranges), CUTROPY_OK);
    for (size_t i = 0; i < count; i++) {
        if (isnan(range_bits(&points[i])))
            continue; /* a symmetry makes it equal to one that is known */
        ck_assert_int_eq(points[i].range, cutropy_ranges_row(ranges, i)->range);
        ck_assert_int_eq(points[i].depth, cutropy_ranges_row(ranges, i)->depth);
        known++;
    }
    ck_assert_uint_ge(known, 19);
    free(points);
    cutropy_ranges_free(ranges);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* 182 digits: some cuts come near to log2 182, so that no law can be read off. */
START_TEST(images_limit)
{
    const row digits = {"digits:class=3", "8x8", "rectangles", 0, 0, 0};
    const cutropy_scaling scaling = judged(&digits);
    ck_assert_int_eq(scaling.reason, CUTROPY_REASON_CEILING);
    ck_assert_double_eq_tol(scaling.images_bits, log2(182), 1e-14);
    ck_assert_double_lt(scaling.share, 0.9);
}
END_TEST

/* m + 1 classes on every cut, and a line in m that is no function of NA alone: a volume law fits,
 * and log2(m + 1) forbids it. With one class more on one cut it is only a line. */
START_TEST(classes_veto)
{
    cutropy_scaling_point points[24] = {{0}};
    cutropy_scaling scaling;
    for (int i = 0; i < 24; i++) {
        const int m = 1 + i / 2;
        points[i] = (cutropy_scaling_point){.record = (uint32_t)i,
                                            .na = m,
                                            .nb = 100 - m,
                                            .length = 4 + 3 * (i % 2) + i * i % 5,
                                            .entropy = 0.5 + 0.1 * m + 0.001 * (i % 3),
                                            .classes = m + 1};
    }
    ck_assert_int_eq(ct_scaling_judge(points, 24, &scaling), CUTROPY_OK);
    ck_assert_int_eq(scaling.verdict, CUTROPY_SCALING_UNDECIDED);
    ck_assert_int_eq(scaling.reason, CUTROPY_REASON_CLASSES);
    points[23].classes++;
    ck_assert_int_eq(ct_scaling_judge(points, 24, &scaling), CUTROPY_OK);
    ck_assert_int_eq(scaling.verdict, CUTROPY_SCALING_VOLUME);
}
END_TEST

/* The map says what scaling says, and nothing else about laws. */
START_TEST(map_and_scaling_agree)
{
    static const row rows[] = {{"still-life", "4x4", "rectangles", 0, 0, 0},
                               {"majority", "4x4", "rectangles", 0, 0, 0},
                               {"random", "3x4", "rectangles", 0, 0, 0},
                               {"loops", "links:3x3:torus", "rectangles", 0, 0, 0},
                               {"ising:beta=1.5", "chain:12:ring", "prefixes", 0, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const cutropy_scaling scaling = judged(&rows[i]);
        cutropy_problem *problem = must_problem(rows[i].problem, rows[i].lattices);
        cutropy_map *map = NULL;
        char ours[640], theirs[640];
        ck_assert_int_eq(cutropy_map_make(problem, NULL, NULL, &map), CUTROPY_OK);
        ck_assert_ptr_nonnull(cutropy_map_law(map));
        ck_assert_str_eq(cutropy_map_law_cuts(map), rows[i].cuts);
        cutropy_scaling_explain(&scaling, ours);
        cutropy_scaling_explain(cutropy_map_law(map), theirs);
        ck_assert_str_eq(ours, theirs);
        ck_assert_int_eq(scaling.verdict, cutropy_map_law(map)->verdict);
        cutropy_map_free(map);
        cutropy_problem_free(problem);
    }
}
END_TEST

CHECK_MAIN("judge", right_verdicts, ising_ring, fifty_images, vetoes, images_limit, classes_veto,
           map_and_scaling_agree)
