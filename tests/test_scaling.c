/* SPDX-License-Identifier: Apache-2.0 */
/* Scaling laws: fits against the definition, verdicts on functions whose law is known, reference
 * curves against published formulas and against random functions. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/scaling/scaling.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/options.h"
#include "ref/support.h"

#define MAX_POINTS 4000

typedef struct sample {
    size_t count;
    cutropy_scaling_point point[MAX_POINTS];
} sample;

static sample s; /* of the running test */

/* ---- synthetic points ---- */

static void put(int length, int side, double entropy)
{
    s.point[s.count] = (cutropy_scaling_point){.record = (uint32_t)s.count,
                                               .na = side,
                                               .nb = 100 - side,
                                               .boundary = length,
                                               .length = length,
                                               .most = side,
                                               .entropy = entropy};
    s.count++;
}

static cutropy_scaling judged(void)
{
    cutropy_scaling scaling;
    cutropy_status status = ct_scaling_judge(s.point, s.count, &scaling);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    return scaling;
}

/* log2 l off chains. */
static double log_size(int side)
{
    return log2(side * (100 - side) / 100.0);
}

/* Twelve pairs in which L and m go their own ways, each twice. */
static void put_law(double constant, double area, double volume, double log_term, double noise)
{
    uint64_t state = 7;
    s.count = 0;
    for (int copy = 0; copy < 2; copy++)
        for (int i = 0; i < 12; i++) {
            int length = 2 + i % 4 * 3 + i / 6, side = 1 + i / 2 + (i * 5) % 3;
            put(length, side,
                constant + area * length + volume * side + log_term * log_size(side) +
                    noise * (draw_unit(&state) - 0.5));
        }
}

static void expect(const cutropy_scaling *scaling, cutropy_scaling_verdict verdict, int exact)
{
    ck_assert_str_eq(cutropy_scaling_verdict_name(scaling->verdict),
                     cutropy_scaling_verdict_name(verdict));
    ck_assert_int_eq(scaling->exact, exact);
}

static void expect_coefficients(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                double c0, double c1, double tolerance)
{
    const double expected[2] = {c0, c1};
    for (int j = 0; j < 2; j++) {
        double c = scaling->fit[model].coefficient[j];
        ck_assert_msg(isnan(expected[j]) ? isnan(c) : fabs(c - expected[j]) <= tolerance,
                      "%s, coefficient %d: %.17g, not %.17g", cutropy_scaling_model_name(model), j,
                      c, expected[j]);
    }
}

START_TEST(known_coefficients)
{
    put_law(-1.25, 0.7, 0, 0, 0);
    cutropy_scaling area = judged();
    expect(&area, CUTROPY_SCALING_AREA, 1);
    expect_coefficients(&area, CUTROPY_MODEL_AREA, -1.25, 0.7, 1e-13);
    expect_coefficients(&area, CUTROPY_MODEL_CORNERS, -1.25, 0.7, 1e-13);
    ck_assert(!area.fit[CUTROPY_MODEL_VOLUME].exact);
    put_law(0.5, 0, 0.9, 0, 0);
    cutropy_scaling volume = judged();
    expect(&volume, CUTROPY_SCALING_VOLUME, 1);
    expect_coefficients(&volume, CUTROPY_MODEL_VOLUME, 0.5, 0.9, 1e-13);
    put_law(5, 0, 0, 1.0 / 6, 0); /* above log2(m + 1) */
    cutropy_scaling log_law = judged();
    expect(&log_law, CUTROPY_SCALING_LOG, 1);
    expect_coefficients(&log_law, CUTROPY_MODEL_LOG, 5, 1.0 / 6, 1e-13);
    put_law(3, 0, 0, 0, 0);
    cutropy_scaling flat = judged();
    expect(&flat, CUTROPY_SCALING_CONSTANT, 1);
    expect_coefficients(&flat, CUTROPY_MODEL_CONSTANT, 3, NAN, 1e-14);
    ck_assert(isnan(flat.fit[CUTROPY_MODEL_AREA].misfit));
    put_law(0, 0, 0, 0, 0);
    cutropy_scaling zero = judged();
    expect(&zero, CUTROPY_SCALING_ZERO, 1);
}
END_TEST

/* A straight line by the textbook formulas, and Akaike's criterion by its definition. */
START_TEST(noisy_line_by_definition)
{
    put_law(-1, 0.5, 0, 0, 0.4);
    cutropy_scaling scaling = judged();
    const cutropy_model_fit *fit = &scaling.fit[CUTROPY_MODEL_AREA];
    long double n = s.count, x = 0, y = 0, xx = 0, xy = 0, rss = 0, tss = 0;
    double largest = 0;
    for (size_t i = 0; i < s.count; i++) {
        x += s.point[i].length;
        y += s.point[i].entropy;
        xx += (long double)s.point[i].length * s.point[i].length;
        xy += s.point[i].length * (long double)s.point[i].entropy;
    }
    long double slope = (n * xy - x * y) / (n * xx - x * x), base = (y - slope * x) / n;
    for (size_t i = 0; i < s.count; i++) {
        long double r = s.point[i].entropy - base - slope * s.point[i].length;
        rss += r * r;
        tss += (s.point[i].entropy - y / n) * (s.point[i].entropy - y / n);
        largest = fmax(largest, fabs((double)r));
        ck_assert_double_eq_tol(cutropy_scaling_residual(&scaling, CUTROPY_MODEL_AREA, &s.point[i]),
                                (double)r, 1e-13);
    }
    ck_assert_uint_eq(scaling.cuts, 24);
    ck_assert_uint_eq(scaling.pairs, 12);
    ck_assert_uint_eq(scaling.shapes, 12);
    ck_assert_uint_eq(scaling.orbits, 24);
    expect_coefficients(&scaling, CUTROPY_MODEL_AREA, (double)base, (double)slope, 1e-13);
    ck_assert_double_eq_tol(fit->rms, (double)sqrtl(rss / n), 1e-14);
    ck_assert_double_eq_tol(fit->largest, largest, 1e-13);
    ck_assert_double_eq_tol(fit->misfit, (double)sqrtl(rss / tss), 1e-13);
    double k = 3, aicc = 12 * log((double)(rss / n)) + 2 * k + 2 * k * (k + 1) / (12 - k - 1);
    ck_assert_double_eq_tol(fit->aicc, aicc, 1e-11);
    double weights = 0;
    for (int model = 0; model < CUTROPY_MODELS; model++)
        weights += isnan(scaling.fit[model].weight) ? 0 : scaling.fit[model].weight;
    ck_assert_double_eq_tol(weights, 1, 1e-14);
    expect(&scaling, CUTROPY_SCALING_AREA, 0);
    ck_assert_double_eq(scaling.weight, fit->weight);
}
END_TEST

START_TEST(what_the_cuts_cannot_tell)
{
    cutropy_scaling scaling;
    s.count = 0;
    for (int i = 1; i <= 3; i++)
        for (int copy = 0; copy < 5; copy++)
            put(i, i, i);
    ck_assert_int_eq(ct_scaling_judge(s.point, s.count, &scaling), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "15 cuts have only 3 different pairs"));
    ck_assert_int_eq(ct_scaling_judge(s.point, 0, &scaling), CUTROPY_EINPUT);
    s.count = 0; /* L and m are the same thing */
    for (int i = 1; i <= 8; i++)
        put(2 * i, i, 3 * i + 1);
    scaling = judged();
    expect(&scaling, CUTROPY_SCALING_UNDECIDED, 0);
    ck_assert_int_eq(scaling.reason, CUTROPY_REASON_TIE);
    for (int i = 0; i < 8; i++)
        s.point[i].entropy += i % 2 ? 0.1 : -0.1;
    scaling = judged();
    expect(&scaling, CUTROPY_SCALING_UNDECIDED, 0);
    s.count = 0; /* L is the same on all cuts: slope and constant are one number */
    for (int i = 1; i <= 8; i++)
        put(2, i, 1.5);
    scaling = judged();
    expect(&scaling, CUTROPY_SCALING_CONSTANT, 1);
    ck_assert_int_eq(scaling.same_length, 1);
    ck_assert_int_eq(scaling.fit[CUTROPY_MODEL_AREA].parameters, 1);
    ck_assert(!scaling.fit[CUTROPY_MODEL_AREA].admissible);
    expect_coefficients(&scaling, CUTROPY_MODEL_AREA, 1.5, NAN, 1e-14);
    s.count = 0; /* five pairs and no exact fit */
    for (int i = 1; i <= 5; i++)
        put(i, i * i, i + (i % 2 ? 0.1 : -0.1));
    scaling = judged();
    expect(&scaling, CUTROPY_SCALING_UNDECIDED, 0);
    ck_assert_double_eq(scaling.weight, 0);
}
END_TEST

START_TEST(no_law)
{
    uint64_t state = 3;
    put_law(5, 0, 0, 0, 10);
    cutropy_scaling noise = judged();
    expect(&noise, CUTROPY_SCALING_NONE, 0);
    s.count = 0; /* falls with the cut */
    for (int i = 1; i <= 12; i++)
        put(i, 1 + i % 5, 20 - i + 0.1 * draw_unit(&state));
    cutropy_scaling falling = judged();
    expect(&falling, CUTROPY_SCALING_NONE, 0);
}
END_TEST

/* ---- functions with a known law ---- */

static void add_run(const char *problem_text, const char *lattice, const char *cuts_text,
                    cutropy_length length, int threads)
{
    cutropy_problem *problem = must_problem(problem_text, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    size_t count = 0;
    options.threads = threads;
    cutropy_result *result = must_solve(problem, &cuts, &options);
    ck_assert_uint_le(s.count + cuts.count, MAX_POINTS);
    ck_assert_int_eq(ct_scaling_points(problem, result, length, s.point + s.count, &count),
                     CUTROPY_OK);
    ck_assert_uint_eq(count, cuts.count);
    s.count += count;
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}

/* A and B connected: S = (vertices where they meet) - 1. Rectangles of a torus are such cuts. */
START_TEST(loops_against_vertices)
{
    s.count = 0;
    add_run("loops", "links:2x2:torus", "rectangles", CUTROPY_LENGTH_VERTICES, 1);
    add_run("loops", "links:3x3:torus", "rectangles", CUTROPY_LENGTH_VERTICES, 1);
    add_run("loops", "links:4x3:torus", "rectangles", CUTROPY_LENGTH_VERTICES, 1);
    cutropy_scaling scaling = judged();
    expect(&scaling, CUTROPY_SCALING_AREA, 1);
    expect_coefficients(&scaling, CUTROPY_MODEL_AREA, -1, 1, 1e-13);
    ck_assert_double_lt(scaling.fit[CUTROPY_MODEL_AREA].largest, 1e-13);
}
END_TEST

/* Straight cuts have no corners: three bonds at each of the 2 Lx boundary vertices, S = L/3 - 1. */
START_TEST(loops_against_bonds)
{
    s.count = 0;
    add_run("loops", "links:2x3:torus", "rows", CUTROPY_LENGTH_BONDS, 1);
    add_run("loops", "links:2x5:torus", "rows", CUTROPY_LENGTH_BONDS, 1);
    add_run("loops", "links:3x3:torus", "rows", CUTROPY_LENGTH_BONDS, 1);
    add_run("loops", "links:4x3:torus", "rows", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling scaling = judged();
    expect(&scaling, CUTROPY_SCALING_AREA, 1);
    expect_coefficients(&scaling, CUTROPY_MODEL_AREA, -1, 1.0 / 3, 1e-13);
}
END_TEST

START_TEST(product_is_zero)
{
    s.count = 0;
    add_run("logistic", "grid:4x3", "all", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling scaling = judged();
    expect(&scaling, CUTROPY_SCALING_ZERO, 1);
}
END_TEST

START_TEST(random_is_volume)
{
    for (int seed = 1; seed <= 3; seed++) {
        char text[32];
        snprintf(text, sizeof text, "random:seed=%d", seed);
        s.count = 0;
        add_run(text, "grid:4x4", "rectangles", CUTROPY_LENGTH_BONDS, 1);
        cutropy_scaling scaling = judged();
        expect(&scaling, CUTROPY_SCALING_VOLUME, 0);
        ck_assert_str_eq(cutropy_scaling_certainty_name(&scaling), "clear");
    }
}
END_TEST

/* Left-right symmetric images: vertical cuts part mirror pairs, horizontal ones part none. */
START_TEST(mirror_has_an_axis)
{
    static const char *const lattices[] = {"grid:2x4", "grid:3x4", "grid:4x4", "grid:4x5"};
    s.count = 0;
    for (int i = 0; i < 4; i++)
        add_run("mirror", lattices[i], "rows", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling along = judged();
    expect(&along, CUTROPY_SCALING_ZERO, 1);
    s.count = 0;
    add_run("mirror", "grid:4x2", "columns", CUTROPY_LENGTH_BONDS, 1);
    add_run("mirror", "grid:4x4", "columns", CUTROPY_LENGTH_BONDS, 1);
    add_run("mirror", "grid:6x3", "columns", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling across = judged();
    expect(&across, CUTROPY_SCALING_VOLUME, 1);
    expect_coefficients(&across, CUTROPY_MODEL_VOLUME, 0, 1, 1e-13);
}
END_TEST

/* Automata with weights have states, not classes: what is not known is no bound. */
START_TEST(classes_that_are_not_known)
{
    static const char *const lattices[] = {"grid:3x14", "grid:4x12", "grid:5x9", "grid:6x7",
                                           "grid:7x6"};
    s.count = 0;
    for (int i = 0; i < 5; i++)
        add_run("ising", lattices[i], "prefixes", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling scaling = judged();
    ck_assert(isnan(scaling.classes_bits));
    ck_assert(!scaling.fit[CUTROPY_MODEL_AREA].vetoed);
    ck_assert(!scaling.fit[CUTROPY_MODEL_CORNERS].vetoed);
    ck_assert_int_eq(scaling.verdict, CUTROPY_SCALING_AREA);
}
END_TEST

/* Sites of three numbers have room for more than m bits, and constant ones for less: a ceiling is one below that room. */
/* ---- ranges ---- */

/* Points with the ranges that a run finds; how many have one. */
static size_t ranged(const char *problem_text, const char *lattice, const char *cuts_text,
                     ct_solver_choice solver)
{
    cutropy_problem *problem = must_problem(problem_text, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL;
    size_t with = 0;
    options.solver = solver;
    ck_assert_uint_le(cuts.count, MAX_POINTS);
    MUST(ct_scaling_run(problem, &cuts, cuts.count, &options, CUTROPY_LENGTH_BONDS, &result,
                        s.point, &s.count));
    for (size_t i = 0; i < s.count; i++)
        with += s.point[i].depth > 0;
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    return with;
}

/* Images and pairs of states say the same of every cut. Automata are asked for fewer symmetries, so that more cuts have ranges of their own. */
START_TEST(ranges_of_both_roads)
{
    static const struct {
        const char *problem, *lattice;
    } cases[] = {{"connected", "4x4"},         {"independent-set", "4x4"}, {"pixel-loops", "3x4"},
                 {"still-life", "4x3"},        {"contains", "4x4"},        {"majority", "4x3"},
                 {"bars-stripes", "4x4:torus"}};
    static cutropy_scaling_point images[MAX_POINTS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t with = ranged(cases[i].problem, cases[i].lattice, "rectangles",
                                   CT_SOLVE_ENUMERATE),
                     count = s.count;
        memcpy(images, s.point, count * sizeof *images);
        ck_assert_uint_ge(
            ranged(cases[i].problem, cases[i].lattice, "rectangles", CT_SOLVE_FRONTIER), with);
        ck_assert_uint_eq(s.count, count);
        ck_assert_uint_gt(with, 5);
        for (size_t j = 0; j < count; j++)
            if (images[j].depth && s.point[j].depth)
                ck_assert_msg(images[j].depth == s.point[j].depth &&
                                  images[j].range == s.point[j].range,
                              "%s, cut %zu: range %d of %d, and %d of %d", cases[i].problem, j,
                              images[j].range, images[j].depth, s.point[j].range, s.point[j].depth);
    }
}
END_TEST

/* Where there is nothing to enumerate, or too much of it for ranges. */
START_TEST(ranges_without_images)
{
    ck_assert_uint_gt(ranged("pixel-loops", "5x5", "rows", CT_SOLVE_ENUMERATE), 0);
    for (size_t i = 0; i < s.count; i++)
        ck_assert_int_eq(s.point[i].range, s.point[i].depth < 2 ? s.point[i].depth : 2);
    ck_assert_uint_gt(ranged("independent-set", "10x10", "rows,columns", CT_SOLVE_AUTO), 4);
    for (size_t i = 0; i < s.count; i++)
        ck_assert_int_eq(s.point[i].range, s.point[i].depth > 0);
    ck_assert_uint_gt(ranged("connected", "6x6", "rows", CT_SOLVE_AUTO), 4);
    for (size_t i = 0; i < s.count; i++) /* as deep as A */
        ck_assert_int_eq(s.point[i].range, s.point[i].depth);
}
END_TEST

START_TEST(ceilings_of_other_sizes)
{
    for (int wide = 0; wide < 2; wide++) {
        s.count = 0;
        for (int side = 1; side <= 12; side++) {
            put(4, side, fmin(side, 8) * 0.999);
            s.point[s.count - 1].most = side * (wide ? 1 : 0.5);
            s.point[s.count - 1].classes = 256;
        }
        const cutropy_scaling scaling = judged();
        ck_assert(wide ? scaling.share > 0.9 : isnan(scaling.share));
    }
    s.count = 0;
    for (int side = 1; side <= 6; side++) {
        put(4, side, fmin(1.58 * side, 7.99));
        s.point[s.count - 1].most = log2(3) * side;
        s.point[s.count - 1].classes = 256;
    }
    ck_assert_double_gt(judged().share, 0.8);
}
END_TEST

START_TEST(ghz_is_constant)
{
    s.count = 0;
    add_run("ghz", "grid:4x3", "all", CUTROPY_LENGTH_BONDS, 1);
    cutropy_scaling scaling = judged();
    expect(&scaling, CUTROPY_SCALING_CONSTANT, 1);
    expect_coefficients(&scaling, CUTROPY_MODEL_CONSTANT, 1, NAN, 1e-14);
}
END_TEST

START_TEST(points_do_not_depend_on_threads)
{
    static sample one;
    s.count = 0;
    add_run("random:seed=5", "grid:4x3", "all", CUTROPY_LENGTH_PIXELS, 1);
    one = s;
    s.count = 0;
    add_run("random:seed=5", "grid:4x3", "all", CUTROPY_LENGTH_PIXELS, 3);
    ck_assert_uint_eq(one.count, s.count);
    for (size_t i = 0; i < s.count; i++) {
        ck_assert(one.point[i].entropy == s.point[i].entropy);
        ck_assert(one.point[i].random_set == s.point[i].random_set);
    }
}
END_TEST

START_TEST(geometry)
{
    cutropy_lattice *grid = must_lattice("grid:4x4"), *links = must_lattice("links:3x3:torus");
    cutropy_cuts block = must_cuts("0x33", grid), star = must_cuts("0x1", links);
    cutropy_scaling_point point;
    ck_assert_int_eq(ct_scaling_geometry(grid, &block, CUTROPY_LENGTH_BONDS, &point), 0);
    ck_assert_int_eq(point.length, 4); /* the 2x2 block in a corner */
    ck_assert_int_eq(ct_scaling_geometry(grid, &block, CUTROPY_LENGTH_PIXELS, &point), 0);
    ck_assert_int_eq(point.length, 3);
    ck_assert_int_eq(point.boundary, 4);
    ck_assert_int_eq(point.na, 4);
    ck_assert_int_eq(point.nb, 12);
    ck_assert_int_eq(ct_scaling_geometry(links, &star, CUTROPY_LENGTH_VERTICES, &point), 0);
    ck_assert_int_eq(point.length, 2); /* both ends of a link */
    ck_assert_int_eq(ct_scaling_geometry(grid, &block, CUTROPY_LENGTH_VERTICES, &point),
                     CUTROPY_EINPUT);
    cutropy_cuts_free(&block);
    cutropy_cuts_free(&star);
    cutropy_lattice_free(grid);
    cutropy_lattice_free(links);
}
END_TEST

/* ---- reference curves ---- */

/* Page's sum (digamma(mn + 1) - digamma(n + 1) - (m - 1) / (2n)) / ln 2, m = 2^na, n = 2^nb, with
 * 1300 digits by mpmath 1.3.0, cut to 25. */
START_TEST(page_sums)
{
    static const struct {
        int na, nb;
        long double bits;
    } rows[] = {
        {1, 1, 0.4808983469629878024533082L},  {1, 2, 0.7350874732148527837500569L},
        {2, 2, 1.330735644268971437750301L},   {3, 5, 2.822596444524611102980788L},
        {4, 8, 3.955093717519569693162529L},   {8, 8, 7.278665320895991574998976L},
        {1, 9, 0.9978870211513355180018556L},  {4, 9, 3.977546401932093112303763L},
        {9, 9, 8.278655689896409954604924L},   {8, 12, 7.954916475068657744367881L},
        {10, 10, 9.278653282141102044778164L}, {3, 60, 2.999999999999999995072855L},
        {20, 44, 19.99999995700433728433695L}, {500, 1500, 500.0L},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double bits = cutropy_page_entropy(rows[i].na, rows[i].nb);
        ck_assert_msg(fabsl(bits - rows[i].bits) <= 4 * DBL_EPSILON * rows[i].bits,
                      "Page %d %d: %.17g, not %.20Lg", rows[i].na, rows[i].nb, bits, rows[i].bits);
        ck_assert(bits == cutropy_page_entropy(rows[i].nb, rows[i].na));
    }
    ck_assert(cutropy_page_entropy(0, 12) == 0);
}
END_TEST

/* Mean of |seeds| random functions minus the formula, for every size of the smaller side. */
static void expect_random_sets(int pixels, double density, int seeds, double tolerance)
{
    double sum[32] = {0};
    for (int seed = 1; seed <= seeds; seed++) {
        char text[64], lattice[32];
        snprintf(text, sizeof text, "random:density=%g,seed=%d", density, 1000 + seed);
        snprintf(lattice, sizeof lattice, "chain:%d", pixels);
        s.count = 0;
        add_run(text, lattice, "prefixes", CUTROPY_LENGTH_BONDS, 1);
        for (int na = 1; na <= pixels / 2; na++) {
            ck_assert_int_eq(s.point[na - 1].na, na);
            sum[na] += s.point[na - 1].entropy - s.point[na - 1].random_set;
        }
    }
    for (int na = 1; na <= pixels / 2; na++)
        ck_assert_msg(fabs(sum[na] / seeds) <= tolerance,
                      "density %g, %d of %d pixels: mean differs by %g", density, na, pixels,
                      sum[na] / seeds);
}

/* The tolerances are four spreads of the mean plus the error that docs/scaling.md names. At density
 * 0.9 the correction for the kurtosis is four times the tolerance; Page's average is off by more
 * than 2 bits. */
START_TEST(random_sets)
{
    expect_random_sets(10, 0.9, amount(400, 100), 0.0025 * amount(1, 2));
    expect_random_sets(12, 0.5, amount(200, 50), 0.004 * amount(1, 2));
    expect_random_sets(12, 0.25, amount(100, 25), 0.008 * amount(1, 2));
    expect_random_sets(14, 0.125, 10, 0.008);
    if (!getenv("CUTROPY_TEST_SMALL"))
        expect_random_sets(16, 0.5, 3, 0.005);
}
END_TEST

START_TEST(random_set_limits)
{
    ck_assert(isnan(cutropy_random_set_entropy(6, 6, 0)));
    ck_assert(isnan(cutropy_random_set_entropy(6, 6, 1.5)));
    ck_assert(isnan(cutropy_random_set_entropy(6, 6, NAN)));
    ck_assert(isnan(cutropy_random_set_entropy(8, 8, 1.0 / 64))); /* 2^8 / 64 < 8 */
    ck_assert(isnan(cutropy_random_set_entropy(600, 600, 0.5)));
    ck_assert(cutropy_random_set_entropy(4, 12, 1) == 0);
    ck_assert(cutropy_random_set_entropy(0, 12, 0.5) == 0);
    ck_assert(cutropy_random_set_entropy(4, 12, 0.3) == cutropy_random_set_entropy(12, 4, 0.3));
    /* one pixel against infinitely many: eigenvalues (1 + p) / 2 and (1 - p) / 2 */
    double p = 0.3, expected = -(0.65 * log2(0.65) + 0.35 * log2(0.35));
    ck_assert_double_eq_tol(cutropy_random_set_entropy(1, 60, p), expected, 1e-14);
}
END_TEST

/* More label-1 images than 64 bits count: half of 2^66 - C(66, 33). */
START_TEST(density_beyond_words)
{
    s.count = 0;
    add_run("majority", "chain:66", "half", CUTROPY_LENGTH_BONDS, 1);
    const double density = 0.5 * (1 - 7219428434016265740.0 / 0x1p66);
    ck_assert_uint_eq(s.count, 1);
    ck_assert_double_eq_tol(s.point[0].random_set, cutropy_random_set_entropy(33, 33, density),
                            1e-12);
    ck_assert(s.point[0].images == UINT64_MAX);
}
END_TEST

/* ---- memory ---- */

START_TEST(allocation_failures)
{
    cutropy_scaling scaling;
    put_law(-1, 0.5, 0, 0, 0.4);
    for (long k = 0;; k++) {
        failing_allocator_start(k);
        cutropy_status status = ct_scaling_judge(s.point, s.count, &scaling);
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(failing_allocator_live(), 0);
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        if (!fired) {
            ck_assert_int_gt(k, 8);
            break;
        }
    }
}
END_TEST

/* Cuts of different lattices may have one record number, one shape and one entropy, and are two points all the same. The lines are NumPy's,
 * through all cuts of both lattices that no symmetry makes equal. */
START_TEST(lattices_of_one_size)
{
    static const struct {
        const char *lattices;
        size_t cuts;
        double area, area_at_0, volume, volume_at_0;
    } right[] = {{"4x2,2x4", 50, 0.3515, 0.3252, 0.5275, 0.3245},
                 {"3x3,3x3:torus", 73, NAN, NAN, NAN, NAN}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
        cutropy_series *series = NULL;
        options.problem = "random";
        options.lattices = right[i].lattices;
        MUST(cutropy_series_open(&options, &series));
        MUST(cutropy_series_run(series, NULL));
        const cutropy_scaling *all = cutropy_series_scaling(series);
        ck_assert_uint_eq(all->orbits, right[i].cuts);
        ck_assert_uint_eq(all->orbits, cutropy_series_scaling_of(series, 0)->orbits +
                                           cutropy_series_scaling_of(series, 1)->orbits);
        const double *area = all->fit[CUTROPY_MODEL_AREA].coefficient,
                     *volume = all->fit[CUTROPY_MODEL_VOLUME].coefficient;
        if (!isnan(right[i].area)) {
            ck_assert_double_eq_tol(area[1], right[i].area, 5e-5);
            ck_assert_double_eq_tol(area[0], right[i].area_at_0, 5e-5);
            ck_assert_double_eq_tol(volume[1], right[i].volume, 5e-5);
            ck_assert_double_eq_tol(volume[0], right[i].volume_at_0, 5e-5);
        }
        cutropy_series_free(series);
    }
}
END_TEST

CHECK_MAIN("scaling", known_coefficients, lattices_of_one_size, noisy_line_by_definition,
           what_the_cuts_cannot_tell, no_law, loops_against_vertices, loops_against_bonds,
           product_is_zero, random_is_volume, mirror_has_an_axis, classes_that_are_not_known,
           ranges_of_both_roads, ranges_without_images, ceilings_of_other_sizes, ghz_is_constant,
           points_do_not_depend_on_threads, geometry, page_sums, random_sets, random_set_limits,
           density_beyond_words, allocation_failures)
