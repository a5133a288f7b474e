/* SPDX-License-Identifier: Apache-2.0 */
/* Automata with weights: every cut of small functions against 128-bit singular values of all their amplitudes, larger ones against
 * another program (tests/data/weights.csv) and closed forms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "failing_allocator.h"
#include "frontier/environment.h"
#include "problem/forms.h"
#include "problem/problem.h"
#include "ref/schmidt.h"
#include "ref/support.h"

static cutropy_status run_by(const cutropy_problem *problem, const char *cuts, const char *solver,
                             cutropy_result **out)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_cuts list = must_cuts(cuts, lattice);
    cutropy_options *options = must_options("solver", solver, "threads", "2", NULL);
    const cutropy_status status = cutropy_run(problem, &list, options, out);
    cutropy_options_free(options);
    cutropy_cuts_free(&list);
    return status;
}

/* ---- all cuts of small functions ---- */

typedef struct small_function {
    const char *problem, *lattice, *cuts;
} small_function;

static double *all_values(const cutropy_problem *problem)
{
    const int pixels = problem->lattice->pixels;
    const size_t parts = problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    double *values = malloc(sizeof *values * (parts << pixels));
    ck_assert_ptr_nonnull(values);
    ck_assert_int_eq(problem->fill_values(problem, 0, (size_t)1 << pixels, values), CUTROPY_OK);
    return values;
}

static void expect_row(const cutropy_result *got, size_t row, const cutropy_problem *problem,
                       const double *values)
{
    const cutropy_record *r = row_record(got, row);
    schmidt_answer right;
    schmidt_solve(problem->lattice->pixels, problem->kind == CUTROPY_KIND_COMPLEX, values,
                  got->cuts.masks[row], &right);
    const double entropy = (double)schmidt_renyi(&right, 1),
                 second = (double)schmidt_renyi(&right, 2);
    int64_t rank = 0;
    for (size_t i = 0; i < right.count; i++)
        rank += right.p[i] > 1e-26L;
    ck_assert_msg(fabs(r->entropy - entropy) <= r->entropy_err + 1e-15 * entropy + 1e-28,
                  "%s %llx: %.17g, right %.17g, error %.3g", problem->text,
                  (unsigned long long)got->cuts.masks[row], r->entropy, entropy, r->entropy_err);
    ck_assert(fabs(r->entropy - entropy) < 1e-12); /* the amplitudes are rounded, too */
    ck_assert_msg(r->entropy_err < 2e-8, "error %.3g", r->entropy_err);
    ck_assert(fabs(r->renyi2 - second) <= r->renyi2_err + 1e-15 * second + 1e-28);
    /* the rounding of amplitudes gives products a higher rank than they have */
    ck_assert(r->rank_lo <= rank && r->rank_hi <= (int64_t)right.count);
    ck_assert_int_eq(row_classes(got, row, 0), -1);
    schmidt_free(&right);
}

START_TEST(brute_force)
{
    static const small_function cases[] = {
        {"ising", "grid:3x3", "rectangles"},
        {"ising:h=0.3,beta=0.8", "grid:2x5", "prefixes"},
        {"ising:j=-1,h=-0.2", "grid:3x3:torus", "rectangles"},
        {"ising:h=0.1", "chain:8:ring", "prefixes"},
        {"ising:h=0.1", "links:2x3", "half"},
        {"ising:h=1.5,beta=2", "grid:2x5", "{0,3,4,9}"},
        {"ising:h=0.2", "grid:2x5", "pairs"},
        {"mps", "chain:9", "prefixes"},
        {"mps:chi=20,seed=5", "chain:9", "prefixes"},
        {"mps:chi=3,complex=1", "grid:3x3", "prefixes"},
        {"mps:chi=1", "chain:6", "prefixes"},
        {"rbm:hidden=3", "grid:3x3", "rectangles"},
        {"rbm:hidden=2,complex=1", "grid:3x3", "rectangles"},
        {"rbm:hidden=12", "grid:3x3", "prefixes"},
        {"rbm:hidden=12,complex=1", "chain:7", "prefixes"},
        {"rbm:hidden=0", "chain:7", "half"},
        {"cnn:kernel=2,poolings=0", "grid:3x3", "rectangles"},
        {"cnn:kernel=2,pooling=product", "grid:4x2", "prefixes"},
        {"cnn:kernel=2,poolings=0,activation=tanh", "grid:3x3:torus", "prefixes"},
        {"cnn:kernel=3,layers=2", "chain:8", "prefixes"},
        {"mlp:depth=0", "grid:3x3", "{1,4}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i += (size_t)amount(1, 3)) {
        cutropy_result *got = NULL;
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        double *values = all_values(problem);
        ck_assert_msg(!run_by(problem, cases[i].cuts, "frontier", &got), "%s: %s", cases[i].problem,
                      cutropy_error());
        ck_assert_str_eq(got->storage, "weights");
        for (size_t row = 0; row < got->count; row++)
            expect_row(got, row, problem, values);
        /* <f|f>, whose error a text does not show */
        double norm = 0;
        const size_t parts = problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
        for (size_t k = 0; k < parts << problem->lattice->pixels; k++)
            norm += values[k] * values[k];
        ck_assert(fabs(strtod(got->norm, NULL) / norm - 1) < 1e-12);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
        free(values);
    }
}
END_TEST

/* Complex weights, all imaginary, bring cosh near a zero: f = product of 2 cos(b + sum W sigma). */
START_TEST(units_near_zero)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        cutropy_problem *problem = must_problem("rbm:hidden=3,complex=1", "chain:4");
        ct_rbm *d = (ct_rbm *)problem->data;
        const int n = 4, hidden = 3, all = n + hidden + hidden * n;
        const double apart = pow(10, -1.0 - (double)(seed % 6) * 1.5);
        uint64_t random = seed;
        double values[32] = {0}, *w = d->weight[1];
        cutropy_result *got = NULL;
        schmidt_answer right;
        memset(d->weight[0], 0, (size_t)all * sizeof *w);
        for (int k = 0; k < all; k++)
            w[k] = k < n ? draw_unit(&random) : apart * (draw_unit(&random) - 0.5);
        w[n] = acos(-1) / 2;
        w[n + 1] = 3 * w[n]; /* the third one stays: 8 signs are no fewer than 8 images */
        for (unsigned image = 0; image < 16; image++) {
            long double phase = 0, product = 1;
            for (int i = 0; i < n; i++)
                phase += w[i] * ct_spin(image, i);
            for (int h = 0; h < hidden; h++) {
                long double angle = w[n + h];
                for (int i = 0; i < n; i++)
                    angle += (long double)w[n + hidden + h * n + i] * ct_spin(image, i);
                product *= 2 * cosl(angle);
            }
            values[2 * image] = (double)(product * cosl(phase));
            values[2 * image + 1] = (double)(product * sinl(phase));
        }
        schmidt_solve(n, true, values, 3, &right);
        const double entropy = (double)schmidt_renyi(&right, 1);
        const cutropy_status status = run_by(problem, "{0,1}", "frontier", &got);
        ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
        const cutropy_record *r = row_record(got, 0);
        ck_assert_msg(fabs(r->entropy - entropy) <= r->entropy_err,
                      "%d: %.17g, right %.17g, error %.3g", (int)seed, r->entropy, entropy,
                      r->entropy_err);
        ck_assert_msg(r->entropy_err < 1e-8 / apart, "%g at %g", r->entropy_err, apart);
        schmidt_free(&right);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- beyond enumeration ---- */

START_TEST(another_program)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/weights.csv", "r");
    char line[256], problem[80], lattice[40], cut[32];
    double entropy;
    int pixels, checked = 0;
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%79[^,],%39[^,],%d,%lf", problem, lattice, &pixels, &entropy) != 4)
            continue;
        for (char *c = strchr(problem, ';'); c; c = strchr(c, ';'))
            *c = ',';
        snprintf(cut, sizeof cut, strstr(lattice, "inf") ? "half" : "{0-%d}", pixels - 1);
        cutropy_result *got = NULL;
        cutropy_problem *p = must_problem(problem, lattice);
        ck_assert_msg(!run_by(p, cut, "auto", &got), "%s", cutropy_error());
        const cutropy_record *r = row_record(got, 0);
        ck_assert_msg(fabs(r->entropy - entropy) <= r->entropy_err + 1e-15, "%s: %.17g, error %.3g",
                      line, r->entropy, r->entropy_err);
        ck_assert(r->entropy_err < 2e-9 && fabs(r->entropy - entropy) < 1e-12);
        cutropy_result_free(got);
        cutropy_problem_free(p);
        checked++;
    }
    fclose(file);
    ck_assert_int_eq(checked, 27);
}
END_TEST

/* Two levels (1 +- 1 / cosh(beta j)) / 2 at every bond of a chain, and products. */
START_TEST(closed_forms)
{
    static const double betas[] = {0.1, 0.44, 1.3, 4.2};
    for (int i = 0; i < 4; i++) {
        char text[40];
        snprintf(text, sizeof text, "ising:beta=%g", betas[i]);
        cutropy_problem *p = must_problem(text, "chain:3000");
        cutropy_result *got = NULL;
        ck_assert_msg(!run_by(p, "half", "auto", &got), "%s", cutropy_error());
        const double high = (1 + 1 / cosh(betas[i])) / 2, low = 1 - high;
        const cutropy_record *r = row_record(got, 0);
        ck_assert(fabs(r->entropy + high * log2(high) + low * log2(low)) <= r->entropy_err);
        ck_assert(r->entropy_err < 1e-9 && r->rank_lo == 2 && r->rank_hi == 2);
        if (i == 3) { /* (2 cosh(beta))^(N - 1) 2, beyond every floating-point number */
            const char *power = strstr(got->norm, "*2^");
            ck_assert_ptr_nonnull(power);
            ck_assert(fabs(log2(strtod(got->norm, NULL)) + strtod(power + 3, NULL) -
                           2999 * log2(2 * cosh(betas[i])) - 1) < 1e-6);
        }
        cutropy_result_free(got);
        cutropy_problem_free(p);
    }
    static const small_function products[] = {{"ising:beta=0,h=2", "grid:7x7", "rows"},
                                              {"ising:j=0,h=2", "grid:7x7", "half"},
                                              {"rbm:hidden=0", "grid:20x20", "x<3"},
                                              {"mps:chi=1", "chain:500", "half"}};
    for (int i = 0; i < 4; i++) {
        cutropy_problem *p = must_problem(products[i].problem, products[i].lattice);
        cutropy_result *got = NULL;
        ck_assert_msg(!run_by(p, products[i].cuts, "auto", &got), "%s", cutropy_error());
        for (size_t row = 0; row < got->count; row++)
            ck_assert(row_record(got, row)->entropy <= row_record(got, row)->entropy_err);
        cutropy_result_free(got);
        cutropy_problem_free(p);
    }
}
END_TEST

/* <f|f> of a chain with a field grows by e^(beta j) cosh(beta h) + (e^(2 beta j) sinh^2(beta h) + e^(-2 beta j))^1/2 a pixel. */
START_TEST(growth_of_a_chain)
{
    const double beta = 0.7, j = 0.6, h = -0.4;
    const double right = exp(beta * j) * cosh(beta * h) +
                         sqrt(exp(2 * beta * j) * pow(sinh(beta * h), 2) + exp(-2 * beta * j));
    cutropy_problem *p = must_problem("ising:beta=0.7,j=0.6,h=-0.4", "1xinf");
    cutropy_state *state = must_state(p, NULL);
    ck_assert(fabs(state->f.growth[0] - right) <= state->f.growth[1] + 1e-15);
    ck_assert(state->f.growth[1] < 1e-13);
    cutropy_state_free(state);
    cutropy_problem_free(p);
}
END_TEST

/* The order in which the pixels come decides about memory only: rows and columns, a cut and its complement. */
START_TEST(orders_agree)
{
    static const char *const cuts[] = {"x<3", "y<3", "y>3", "x>3"};
    cutropy_problem *p = must_problem("ising:h=0.2", "grid:7x7");
    double value = 0, error = 0;
    for (int i = 0; i < 4; i++) {
        cutropy_result *got = NULL;
        ck_assert_msg(!run_by(p, cuts[i], "auto", &got), "%s", cutropy_error());
        const cutropy_record *r = row_record(got, 0);
        ck_assert(i == 0 || fabs(r->entropy - value) <= r->entropy_err + error);
        value = r->entropy;
        error = r->entropy_err;
        cutropy_result_free(got);
    }
    cutropy_problem_free(p);
}
END_TEST

/* ---- what one step rounds ---- */

#define SITES 4

/* Dense sites with numbers of very different sizes. */
static void draw_sites(ct_weighted *w, int32_t n, bool is_complex, uint64_t *random)
{
    ck_assert_int_eq(ct_weighted_new(SITES, n, n, is_complex, CT_NUMBERS, w), CUTROPY_OK);
    for (int k = 0; k < SITES; k++)
        for (int64_t row = 0; row < 2 * (int64_t)w->bond[k]; row++)
            for (int64_t at = w->site[k].start[row]; at < w->site[k].start[row + 1]; at++) {
                w->site[k].state[at] = (int32_t)(at - w->site[k].start[row]);
                for (int c = 0; c < 1 + is_complex; c++)
                    w->site[k].value[(1 + is_complex) * at + c] =
                        ldexp(draw_unit(random) - 0.4, (int)draw_below(random, 9) - 4);
            }
}

/* Number (i, j) of A R A^H (from the left: A^H L A), summed over both bits, from the doubles of `before`. */
static void right_number(const ct_weighted *w, int k, bool rightwards, const ct_environment *before,
                         int64_t i, int64_t j, long double out[2])
{
    const size_t parts = w->is_complex ? 2 : 1;
    const int64_t columns = w->bond[k + 1], m = before->n;
    out[0] = out[1] = 0;
    for (int x = 0; x < 2; x++)
        for (int64_t a = 0; a < m; a++)
            for (int64_t b = 0; b < m; b++) {
                long double p[2] = {1, 0};
                const int64_t row = (int64_t)x * w->bond[k];
                const double *one = w->site[k].value +
                                    parts * (size_t)(rightwards ? (row + a) * columns + i
                                                                : (row + i) * columns + a),
                             *two = w->site[k].value +
                                    parts * (size_t)(rightwards ? (row + b) * columns + j
                                                                : (row + j) * columns + b),
                             *r = before->number + parts * (size_t)(a * m + b);
                const double *factor[3] = {one, r, two};
                for (int f = 0; f < 3;
                     f++) { /* conj(one) r two from the left, one r conj(two) from the right */
                    const bool conj = f != 1 && (f == 0) == rightwards;
                    const long double re = factor[f][0],
                                      im = parts == 2 ? (conj ? -factor[f][1] : factor[f][1]) : 0,
                                      was = p[0];
                    p[0] = was * re - p[1] * im;
                    p[1] = was * im + p[1] * re;
                }
                out[0] += p[0];
                out[1] += p[1];
            }
}

/* |E_ij| <= g_ij (spread_i spread_j)^1/2 with the largest g, and often not far from it. */
START_TEST(steps_round_as_they_say)
{
    uint64_t random = 4;
    double nearest = 0;
    for (int t = 0; t < amount(12, 4); t++) {
        const bool is_complex = t % 2, rightwards = t / 2 % 2;
        ct_weighted w = {0};
        ct_environment e = {0}, before;
        draw_sites(&w, 1 + 3 * t / 2, is_complex, &random);
        const size_t parts = is_complex ? 2 : 1;
        ck_assert_int_eq(ct_environment_start(false, is_complex, &e), CUTROPY_OK);
        const int first = rightwards ? 0 : SITES - 1, step = rightwards ? 1 : -1;
        ck_assert_int_eq(ct_environment_step(&w, first, rightwards, 2, &e), CUTROPY_OK);
        before = e;
        before.number = malloc(parts * (size_t)e.n * (size_t)e.n * sizeof *before.number);
        ck_assert_ptr_nonnull(before.number);
        memcpy(before.number, e.number, parts * (size_t)e.n * (size_t)e.n * sizeof *e.number);
        ck_assert_int_eq(ct_environment_step(&w, first + step, rightwards, 2, &e), CUTROPY_OK);
        const double scale = ldexp(1, (int)(e.exponent - before.exponent));
        for (int64_t i = 0; i < e.n; i++)
            for (int64_t j = 0; j < e.n; j++) {
                long double right[2], off;
                const double *got = e.number + parts * (size_t)(i * e.n + j);
                right_number(&w, first + step, rightwards, &before, i, j, right);
                off = hypotl(got[0] * scale - right[0], parts == 2 ? got[1] * scale - right[1] : 0);
                const double bound = e.longest * 0x1p-53 * sqrt(e.spread[i] * e.spread[j]) * scale;
                ck_assert_msg(off <= bound, "off by %.3Lg, bound %.3g", off, bound);
                nearest = fmax(nearest, (double)off / bound);
            }
        free(before.number);
        ct_environment_free(&e);
        ct_weighted_free(&w);
    }
    ck_assert_msg(nearest > 0.01, "only %.3g of the bound", nearest);
}
END_TEST

/* Bits do not depend on the threads. */
START_TEST(threads_change_nothing)
{
    static const small_function cases[] = {{"ising:h=0.2", "grid:7x7", "half"},
                                           {"mps:chi=9,complex=1", "chain:50", "prefixes"}};
    for (int i = 0; i < 2; i++) {
        cutropy_problem *p = must_problem(cases[i].problem, cases[i].lattice);
        cutropy_cuts cuts = must_cuts(cases[i].cuts, cutropy_problem_lattice(p));
        cutropy_result *got[2];
        for (int t = 0; t < 2; t++) {
            cutropy_options options = ct_default_options();
            options.threads = 1 + 2 * t;
            ck_assert_int_eq(cutropy_run(p, &cuts, &options, &got[t]), CUTROPY_OK);
        }
        for (size_t row = 0; row < cuts.count; row++) {
            const cutropy_record *one = row_record(got[0], row), *three = row_record(got[1], row);
            ck_assert(!memcmp(&one->entropy, &three->entropy, sizeof one->entropy));
            ck_assert(!memcmp(&one->entropy_err, &three->entropy_err, sizeof one->entropy_err));
        }
        cutropy_result_free(got[0]);
        cutropy_result_free(got[1]);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(p);
    }
}
END_TEST

START_TEST(plans)
{
    cutropy_problem *p = must_problem("ising", "grid:10x10");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(p));
    cutropy_plan *plan = NULL;
    ck_assert_msg(!cutropy_make_plan(p, &cuts, NULL, &plan), "%s", cutropy_error());
    ck_assert_str_eq(plan->storage, "weights");
    ck_assert_uint_eq(plan->largest_matrix, 1024);
    /* 1, 2 .. 512, then 1024 until the first pixel of the last row, 512 .. 4 and 1: the last row forgets two pixels at a time */
    ck_assert_uint_eq(plan->states, 1023 + 82 * 1024 + 1020 + 1);
    ck_assert(plan->fits && plan->workspace_bytes >= 24 * 1024 * 1024);
    cutropy_plan_free(plan);
    cutropy_cuts_free(&cuts);
    cuts = must_cuts("0x1", cutropy_problem_lattice(p)); /* a small cut: the pass sees all levels */
    ck_assert_msg(!cutropy_make_plan(p, &cuts, NULL, &plan), "%s", cutropy_error());
    ck_assert_uint_eq(plan->largest_matrix, 1024);
    cutropy_plan_free(plan);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(p);
}
END_TEST

/* ---- what is refused ---- */

static void expect_refusal(const char *problem, const char *lattice, const char *cuts,
                           const char *solver, const char *words)
{
    cutropy_problem *p = must_problem(problem, lattice);
    cutropy_result *got = NULL;
    ck_assert_int_ne(run_by(p, cuts, solver, &got), CUTROPY_OK);
    ck_assert_msg(strstr(cutropy_error(), words) != NULL, "%s", cutropy_error());
    cutropy_result_free(got);
    cutropy_problem_free(p);
}

START_TEST(refusals)
{
    expect_refusal("mps", "chain:60", "{3}", "auto", "first pixels");
    expect_refusal("ising", "grid:8x8", "half", "enumerate", "at most 40");
    expect_refusal("ising", "grid:30x30", "half", "auto", "too many");
    expect_refusal("rbm:hidden=40", "grid:8x8", "half", "auto", "too many");
    expect_refusal("ising:beta=5000", "grid:7x7", "half", "auto", "smaller weights or parameters");
    expect_refusal("mps", "chain:45", "pairs", "auto", "cuts have no numbers");
    expect_refusal("rbm", "3xinf", "half", "auto", "infinite strips");
    expect_refusal("ising:beta=1.5", "6xinf", "half", "auto", "still depend on each other");
    expect_refusal("ising", "3xinf", "half", "enumerate", "without end");
    expect_refusal("mlp", "grid:5x5", "half", "frontier", "too many");
    expect_refusal("cnn", "grid:20x20", "half", "auto", "too many");
    expect_refusal("logistic", "grid:3x3", "half", "frontier", "automat");
}
END_TEST

static cutropy_status run_once(const char *problem, cutropy_result **out)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *p = NULL;
    cutropy_cuts cuts = {0};
    cutropy_options options = ct_default_options();
    options.solver = CT_SOLVE_FRONTIER;
    options.threads = 1;
    cutropy_status status = cutropy_lattice_parse("grid:2x3", &lattice);
    if (status == CUTROPY_OK)
        status = cutropy_problem_parse(problem, lattice, &p);
    if (status == CUTROPY_OK)
        status =
            cutropy_cuts_parse(strncmp(problem, "mps", 3) ? "{1,2}" : "prefixes", lattice, &cuts);
    if (status == CUTROPY_OK)
        status = cutropy_run(p, &cuts, &options, out);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(p);
    cutropy_lattice_free(lattice);
    return status;
}

/* Every allocation of a run may fail: an error or a result, and nothing is lost. */
START_TEST(memory_runs_out)
{
    static const char *const problems[] = {"ising:h=0.1", "mps:complex=1", "rbm:hidden=1",
                                           "cnn:kernel=2,channels=1"};
    for (int i = 0; i < 4; i++)
        for (long k = 0;; k++) {
            cutropy_result *result = NULL;
            failing_allocator_start(k);
            const cutropy_status status = run_once(problems[i], &result);
            const bool fired = failing_allocator_stop();
            ck_assert_msg(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK), "%s %ld: %s",
                          problems[i], k, cutropy_error());
            cutropy_result_free(result);
            ck_assert_int_eq(failing_allocator_live(), 0);
            if (!fired)
                break;
        }
}
END_TEST

CHECK_MAIN("weighted", brute_force, units_near_zero, another_program, closed_forms,
           growth_of_a_chain, orders_agree, steps_round_as_they_say, threads_change_nothing, plans,
           refusals, memory_runs_out)
