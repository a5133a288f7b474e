/* SPDX-License-Identifier: Apache-2.0 */
/* Sweeps over networks: known entropies, statistics and fits recomputed from their definitions,
 * synthetic sweeps that obey the claim exactly, and bad input. */
#include "check_main.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "analysis/expressivity/expressivity.h"
#include "analysis/expressivity/expressivity_fit.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "ref/support.h"

/* Networks of a family; AXES(array): what is swept, or NULL, 0. */
#define AXES(axes) axes, sizeof axes / sizeof *axes
static cutropy_sweep networks(const char *family, const char *lattice, const char *cuts,
                              const cutropy_axis *axes, size_t axis_count, int seeds)
{
    return (cutropy_sweep){.size = sizeof(cutropy_sweep),
                           .family = family,
                           .lattice = lattice,
                           .cuts = cuts,
                           .axes = axes,
                           .axis_count = axis_count,
                           .seeds = seeds};
}

static cutropy_expressivity *sweep(const cutropy_sweep *s, int threads)
{
    cutropy_options options = ct_default_options();
    cutropy_expressivity *e = NULL;
    options.threads = threads;
    ck_assert_msg(cutropy_expressivity_run(s, &options, &e) == CUTROPY_OK, "%s", cutropy_error());
    return e;
}

/* The finished text of a writer; freed with free. */
static char *text_of(const cutropy_expressivity *e, int what)
{
    static char *text;
    static size_t size;
    FILE *file = open_memstream(&text, &size);
    cutropy_sheet *sheet;
    ck_assert_int_eq(cutropy_expressivity_sheet(e, &sheet), CUTROPY_OK);
    cutropy_status status =
        what == 2
            ? cutropy_expressivity_words(e, file)
            : cutropy_sheet_write(sheet, what ? CUTROPY_FORMAT_JSON : CUTROPY_FORMAT_CSV, file);
    ck_assert_int_eq(status, CUTROPY_OK);
    cutropy_sheet_free(sheet);
    fclose(file);
    return text;
}

static void close_to(double got, double want, const char *what)
{
    ck_assert_msg(fabs(got - want) <= 1e-10 * (1 + fabs(want)), "%s: %.17g, expected %.17g", what,
                  got, want);
}

/* ---- known entropies ---- */

START_TEST(matrix_product_states)
{
    cutropy_axis axes[] = {{"chi", "1,2,3,8"}};
    cutropy_sweep s = networks("mps", "chain:8", "prefixes", AXES(axes), 3);
    for (int complex = 0; complex < 2; complex++) {
        s.family = complex ? "mps:complex=1" : "mps";
        cutropy_expressivity *e = sweep(&s, 1);
        ck_assert_int_eq(e->point_count, 4);
        ck_assert_int_eq(e->cuts.count, 7);
        for (size_t p = 0; p < 4; p++)
            for (int k = 0; k < 21; k++) {
                double bound = log2(e->points[p].size), entropy = e->points[p].entropy[k];
                ck_assert_double_le(entropy, bound + 1e-10);
                if (p == 0)
                    ck_assert_double_le(fabs(entropy), 1e-10);
                else
                    ck_assert_double_gt(entropy, 1e-3);
            }
        cutropy_expressivity_free(e);
    }
}
END_TEST

START_TEST(boltzmann_machines)
{
    cutropy_axis axes[] = {{"hidden", "0,1,2"}};
    cutropy_sweep s = networks("rbm", "3x3", "rows,0x15", AXES(axes), 4);
    cutropy_expressivity *e = sweep(&s, 1);
    for (size_t p = 0; p < 3; p++)
        for (int k = 0; k < 12; k++) {
            ck_assert_double_le(e->points[p].entropy[k], (double)p + 1e-10);
            if (p)
                ck_assert_double_gt(e->points[p].entropy[k], 1e-8);
        }
    ck_assert_int_eq(e->claim_count, 1);
    ck_assert_int_eq(e->claims[0].depths, 1);
    ck_assert_int_eq(e->claims[0].levels, 0);
    cutropy_expressivity_free(e);
}
END_TEST

/* Trees: the half cut goes through one bond. With disentanglers, and chi = 1, it is not zero. */
START_TEST(renormalisation)
{
    cutropy_axis axes[] = {{"disentanglers", "0,1"}, {"chi", "1,2,4"}};
    cutropy_sweep s = networks("mera:layers=3", "chain:8", NULL, AXES(axes), 4);
    cutropy_expressivity *e = sweep(&s, 1);
    for (size_t p = 0; p < 6; p++) {
        const cutropy_sweep_point *point = &e->points[p];
        const double chi = exp2((double)(p % 3)), bound = p < 3 ? log2(chi) : 4;
        ck_assert_double_eq(point->size, chi);
        ck_assert_double_eq(point->depth, p < 3 ? 0 : 1);
        close_to(point->claim, p < 3 ? 0 : log2(chi), "claim");
        for (int k = 0; k < 4; k++) {
            ck_assert_double_le(point->entropy[k], bound + 1e-10);
            if (p)
                ck_assert_double_gt(point->entropy[k], 1e-3);
        }
    }
    ck_assert_int_eq(e->claim_count, 1);
    ck_assert_int_eq(e->claims[0].levels, 0);
    char *words = text_of(e, 2);
    ck_assert_msg(strstr(words, "cannot be tested: it says nothing of disentanglers 0") != NULL,
                  "%s", words);
    free(words);
    cutropy_expressivity_free(e);
}
END_TEST

/* ---- the numbers behind the table ---- */

static double run_once(const char *text, const char *lattice_text, uint64_t mask, int *boundary)
{
    cutropy_result *result = NULL;
    cutropy_cuts cuts = {.words = 1, .count = 1, .masks = &mask};
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_problem *problem = must_problem_on(text, lattice);
    ck_assert_int_eq(cutropy_run(problem, &cuts, NULL, &result), CUTROPY_OK);
    double entropy = result->records[0].entropy;
    *boundary = result->rows[0].boundary;
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return entropy;
}

#define SEEDS 5

START_TEST(statistics)
{
    const int channels[] = {1, 3}, layers[] = {1, 2};
    const uint64_t masks[] = {0x3, 0xf}; /* rows of 2x3 */
    cutropy_axis axes[] = {{"layers", "1,2"}, {"channels", "1,3"}};
    cutropy_sweep s = networks("cnn:activation=tanh", "2x3", "rows", AXES(axes), SEEDS);
    s.first_seed = 7;
    cutropy_expressivity *e = sweep(&s, 2);
    ck_assert_int_eq(e->point_count, 4);
    for (int p = 0; p < 4; p++) {
        const cutropy_sweep_point *point = &e->points[p];
        double ratio[2][SEEDS], all[SEEDS];
        ck_assert_double_eq(point->depth, layers[p / 2]);
        ck_assert_double_eq(point->size, channels[p % 2]);
        close_to(point->claim, layers[p / 2] * log(channels[p % 2]) / log(2), "claim");
        for (int seed = 0; seed < SEEDS; seed++) {
            all[seed] = 0;
            for (int c = 0; c < 2; c++) {
                char text[128];
                int boundary;
                snprintf(text, sizeof text, "cnn:activation=tanh,layers=%d,channels=%d,seed=%d",
                         layers[p / 2], channels[p % 2], 7 + seed);
                double entropy = run_once(text, "2x3", masks[c], &boundary);
                ck_assert_int_eq(boundary, 2);
                ck_assert_double_eq(point->entropy[2 * seed + c], entropy);
                ratio[c][seed] = entropy / 2;
                all[seed] += entropy / 4;
            }
        }
        for (int c = 0; c < 3; c++) {
            const double *x = c < 2 ? ratio[c] : all;
            const cutropy_spread *got = c < 2 ? &point->by_cut[c] : &point->all;
            double sum = 0, squares = 0, low = INFINITY, high = -INFINITY;
            for (int k = 0; k < SEEDS; k++) {
                sum += x[k];
                low = fmin(low, x[k]);
                high = fmax(high, x[k]);
                for (int j = 0; j < k; j++)
                    squares += (x[k] - x[j]) * (x[k] - x[j]); /* = n (n - 1) variance */
            }
            double sd = sqrt(squares / (SEEDS * (SEEDS - 1)));
            close_to(got->mean, sum / SEEDS, "mean");
            close_to(got->sd, sd, "sd");
            close_to(got->se, sd / sqrt(SEEDS), "se");
            close_to(got->min, low, "min");
            close_to(got->max, high, "max");
        }
    }
    cutropy_expressivity_free(e);
}
END_TEST

/* Normal equations by Cramer's rule. */
START_TEST(fits)
{
    cutropy_axis axes[] = {{"depth", "1,2"}, {"width", "2,4,8"}, {"scale", "0.5,2"}};
    cutropy_sweep s = networks("mlp", "3x2", NULL, AXES(axes), 3);
    cutropy_expressivity *e = sweep(&s, 1);
    ck_assert_int_eq(e->claim_count, 2); /* one a scale */
    for (size_t g = 0; g < 2; g++) {
        const cutropy_claim *claim = &e->claims[g];
        double n = 0, x1 = 0, x2 = 0, y1 = 0, xy = 0, rest0 = 0, rest = 0, spread = 0;
        ck_assert_int_eq(claim->points, 6);
        ck_assert_int_eq(claim->depths, 2);
        for (size_t p = 0; p < 12; p++) {
            const cutropy_sweep_point *point = &e->points[p];
            if (strcmp(point->value[3], g ? "2" : "0.5") != 0)
                continue;
            n++;
            x1 += point->claim;
            x2 += point->claim * point->claim;
            y1 += point->all.mean;
            xy += point->claim * point->all.mean;
        }
        ck_assert_double_eq(n, 6);
        double slope = (n * xy - x1 * y1) / (n * x2 - x1 * x1), constant = (y1 - slope * x1) / n;
        close_to(claim->origin.slope, xy / x2, "slope through the origin");
        close_to(claim->line.slope, slope, "slope");
        close_to(claim->line.constant, constant, "constant");
        for (size_t k = 0; k < 6; k++) {
            const cutropy_sweep_point *point = &e->points[claim->point[k]];
            double r0 = point->all.mean - xy / x2 * point->claim,
                   r = point->all.mean - constant - slope * point->claim;
            rest0 += r0 * r0;
            rest += r * r;
            spread += (point->all.mean - y1 / n) * (point->all.mean - y1 / n);
            ck_assert_str_eq(point->value[3], g ? "2" : "0.5");
            if (k) {
                const cutropy_sweep_point *before = &e->points[claim->point[k - 1]];
                ck_assert(before->depth < point->depth ||
                          (before->depth == point->depth && before->size < point->size));
            }
        }
        close_to(claim->origin.r2, 1 - rest0 / spread, "r2 through the origin");
        close_to(claim->line.r2, 1 - rest / spread, "r2");
        close_to(claim->line.slope_se, sqrt(rest / 4 / (x2 - x1 * x1 / n)), "error of the slope");
    }
    cutropy_expressivity_free(e);
}
END_TEST

/* ---- sweeps made by hand ---- */

#define WIDE 4

typedef struct made {
    cutropy_expressivity e;
    cutropy_sweep_point points[3 * WIDE];
} made;

/* cnn, D = 1, 2, 4, 8 and n_c = 1, 2, 3; S/L = f(n_c, log2 D). */
static void make(made *m, double (*f)(double depth, double log_size))
{
    memset(m, 0, sizeof *m);
    strcpy(m->e.family, "cnn");
    strcpy(m->e.lattice, "grid:4x4");
    strcpy(m->e.key[0], "channels");
    strcpy(m->e.key[1], "layers");
    m->e.key_count = 2;
    m->e.depth_key = 1;
    m->e.seeds = 2;
    m->e.cuts.count = 1;
    m->e.mean_limit = 100;
    m->e.mean_page = 50;
    m->e.point_count = m->e.done = 3 * WIDE;
    m->e.complete = 1;
    m->e.points = m->points;
    for (int k = 0; k < 3 * WIDE; k++) {
        int i = (5 * k) % (3 * WIDE); /* in a mixed order */
        cutropy_sweep_point *point = &m->points[k];
        double depth = 1 + i / WIDE, log_size = i % WIDE;
        snprintf(point->value[0], sizeof point->value[0], "%g", exp2(log_size));
        snprintf(point->value[1], sizeof point->value[1], "%g", depth);
        point->size = exp2(log_size);
        point->depth = depth;
        point->claim = depth * log_size;
        point->done = 1;
        point->all.mean = f(depth, log_size);
        point->all.sd = 0.001;
    }
    ck_assert_int_eq(ct_expressivity_fit(&m->e), CUTROPY_OK);
    ck_assert_int_eq(m->e.claim_count, 1);
    ck_assert_int_eq(m->e.claims[0].depths, 3);
}

static double paper(double depth, double log_size)
{
    return 0.3 * depth * log_size;
}

START_TEST(the_claim_itself)
{
    static made m;
    make(&m, paper);
    const cutropy_claim *claim = &m.e.claims[0];
    close_to(claim->origin.slope, 0.3, "slope");
    close_to(claim->origin.r2, 1, "r2");
    close_to(claim->line.constant, 0, "constant");
    for (int d = 0; d < 3; d++) {
        close_to(claim->by_depth[d].depth, d + 1, "depth");
        close_to(claim->by_depth[d].line.slope, 0.3 * (d + 1), "slope of a depth");
    }
    /* the smallest network of every depth has 0, the largest at n_c = 1 has 0.9 */
    ck_assert_int_eq(claim->levels, 3);
    for (int l = 0; l < 3; l++) {
        const cutropy_level *level = &claim->level[l];
        close_to(level->entropy, 0.9 * (l + 1) / 4, "level");
        close_to(level->d0, exp2(level->entropy / 0.3), "D0");
        for (int d = 0; d < 3; d++)
            close_to(level->size[d], pow(level->d0, 1.0 / (d + 1)), "D");
        close_to(level->exponent, -1, "exponent");
        close_to(level->r2, 1, "r2 of D0");
    }
    close_to(claim->highest, 2.7, "highest");
    close_to(claim->fraction_of_page, 2.7 / 50, "of Page");
    char *words = text_of(&m.e, 2);
    ck_assert_msg(strstr(words, "\nThese networks follow the claim") != NULL, "%s", words);
    ck_assert_msg(strstr(words, "\nNot saturated") != NULL, "%s", words);
    ck_assert_msg(strstr(words, "rough") == NULL, "%s", words);
    free(words);
    m.e.claims[0].median_sd = 0.13; /* 0.9 is less than ten of 0.13 / sqrt 2 */
    words = text_of(&m.e, 2);
    ck_assert_msg(strstr(words, "only 0.9 of S/L, 9.8 standard errors") != NULL, "%s", words);
    free(words);
    ct_expressivity_free_claims(&m.e);
}
END_TEST

static double no_growth(double depth, double log_size)
{
    return 0.2 + 0.01 * (fmod(3 * depth + 5 * log_size, 7) - 3);
}

static double no_depth(double depth, double log_size)
{
    return 0.3 * log_size + 0 * depth;
}

static double constant_added(double depth, double log_size)
{
    return 1 + 0.1 * depth * log_size;
}

static double full(double depth, double log_size)
{
    return fmin(0.3 * depth * log_size * 100, 100);
}

/* near the claim, but depth 1 has too steep a slope */
static double steep_start(double depth, double log_size)
{
    return 0.3 * log_size * (depth + (depth == 1 ? 0.4 : 0));
}

START_TEST(no_claim)
{
    static const struct {
        double (*f)(double, double);
        const char *says;
    } cases[] = {
        {no_growth, "\nThese networks do not follow the claim: no growth"},
        {no_depth, "\nThese networks do not follow the claim"},
        {constant_added, "on top of a constant"},
        {steep_start, "the slopes are not in proportion to the depth"},
        {full, "\nSaturated: the largest S/L is 100.0 %"},
    };
    static made m;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        make(&m, cases[k].f);
        char *words = text_of(&m.e, 2);
        ck_assert_msg(strstr(words, cases[k].says) != NULL, "'%s' is not in: %s", cases[k].says,
                      words);
        ck_assert_msg(strstr(words, "\nThese networks follow") == NULL, "%s", words);
        if (cases[k].f == no_depth) /* the same D at every depth: D ~ n_c^0 */
            close_to(m.e.claims[0].level[0].exponent, 0, "exponent");
        free(words);
        ct_expressivity_free_claims(&m.e);
    }
}
END_TEST

/* ---- tables ---- */

START_TEST(threads)
{
    cutropy_axis axes[] = {{"channels", "1,2"}, {"layers", "1,2"}};
    cutropy_sweep s = networks("cnn", "3x3", "rows", AXES(axes), 3);
    cutropy_expressivity *one = sweep(&s, 1), *two = sweep(&s, 2);
    for (int what = 0; what < 3; what++) {
        char *a = text_of(one, what), *b = text_of(two, what);
        ck_assert_str_eq(a, b);
        ck_assert_int_gt(strlen(a), 200);
        if (what == 0) { /* header, 4 points x (2 cuts and their mean) */
            int lines = 0, commas = 0;
            for (const char *p = a; *p; p++) {
                lines += *p == '\n';
                commas += lines == 0 && *p == ',';
            }
            ck_assert_int_eq(lines, 13);
            ck_assert_int_eq(commas, 8 + 12 - 1);
            ck_assert_ptr_nonnull(strstr(a, "\n1,1,1,3,relu,max,1,identity,0x7,3,3,3,0,"));
            ck_assert_ptr_nonnull(strstr(a, "\n2,2,1,3,relu,max,1,identity,mean,,,3,2,"));
        }
        free(a);
        free(b);
    }
    cutropy_expressivity_free(one);
    cutropy_expressivity_free(two);
}
END_TEST

START_TEST(one_seed_has_no_spread)
{
    cutropy_sweep s = networks("rbm", "chain:4:ring", NULL, NULL, 0, 1);
    cutropy_expressivity *e = sweep(&s, 1);
    ck_assert(isnan(e->points[0].all.sd) && isnan(e->points[0].all.se));
    ck_assert_double_eq(e->points[0].all.mean, e->points[0].entropy[0] / 2);
    char *csv = text_of(e, 0), *json = text_of(e, 1), *words = text_of(e, 2);
    ck_assert_ptr_nonnull(strstr(csv, ",,,")); /* empty cells */
    ck_assert_ptr_nonnull(strstr(json, "\"sd_bits\": null"));
    ck_assert_ptr_nonnull(strstr(words, "at least three combinations"));
    ck_assert_ptr_null(strstr(words, "nan"));
    free(csv);
    free(json);
    free(words);
    cutropy_expressivity_free(e);
}
END_TEST

/* ---- stopping and bad input ---- */

static int stop_at_the_first(const char *stage, uint64_t done, uint64_t total, void *user)
{
    int *calls = user;
    ck_assert_str_eq(stage, "networks");
    ck_assert_int_eq(total, 8);
    ck_assert(done <= total);
    return ++*calls;
}

START_TEST(stopping)
{
    cutropy_axis axes[] = {{"hidden", "1,2"}};
    cutropy_sweep s = networks("rbm", "2x2", NULL, AXES(axes), 4);
    cutropy_options options = ct_default_options();
    cutropy_expressivity *e = NULL;
    int calls = 0;
    options.progress = stop_at_the_first;
    options.user = &calls;
    ck_assert_int_eq(cutropy_expressivity_run(&s, &options, &e), CUTROPY_ECANCELLED);
    ck_assert_msg(strstr(cutropy_error(), "of 8 networks") != NULL, "%s", cutropy_error());
    ck_assert_int_eq(calls, 1);
    ck_assert_ptr_nonnull(e);
    ck_assert(!e->complete && e->done == 0);
    char *csv = text_of(e, 0), *json = text_of(e, 1), *words = text_of(e, 2);
    ck_assert_ptr_eq(strstr(csv, "# partial: 0 of 2 points\n"), csv);
    ck_assert_int_eq(strchr(strchr(csv, '\n') + 1, '\n')[1], '\0'); /* the header alone */
    ck_assert_ptr_nonnull(strstr(json, "\"complete\": false"));
    ck_assert_ptr_nonnull(strstr(words, "Stopped after 0 of 2"));
    free(csv);
    free(json);
    free(words);
    cutropy_expressivity_free(e);
}
END_TEST

static void refuse(cutropy_sweep s, cutropy_status expected, const char *message)
{
    cutropy_expressivity *e = (cutropy_expressivity *)&s;
    if (!s.lattice)
        s.lattice = "2x2";
    ck_assert_int_eq(cutropy_expressivity_run(&s, NULL, &e), expected);
    ck_assert_ptr_null(e);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "'%s' does not say '%s'",
                  cutropy_error(), message);
}

START_TEST(bad_input)
{
    cutropy_axis unknown = {"chi", "1,2"}, twice = {"hidden", "1,2,1"}, empty = {"hidden", "1,"},
                 large = {"hidden", "257"}, fine = {"hidden", "1,2"};
#define SWEEP(...) (cutropy_sweep){.size = sizeof(cutropy_sweep), .seeds = 2, __VA_ARGS__}
    refuse(SWEEP(.family = "loops"), CUTROPY_EINPUT, "no family of networks");
    refuse(SWEEP(.family = "rbm:colour=1"), CUTROPY_EINPUT, "unknown key 'colour'");
    refuse(SWEEP(.family = "rbm", .axes = &unknown, .axis_count = 1), CUTROPY_EINPUT,
           "unknown key 'chi'");
    refuse(SWEEP(.family = "rbm", .axes = &twice, .axis_count = 1), CUTROPY_EINPUT, "stands twice");
    refuse(SWEEP(.family = "rbm", .axes = &empty, .axis_count = 1), CUTROPY_EINPUT,
           "is not an integer");
    refuse(SWEEP(.family = "rbm", .axes = &large, .axis_count = 1), CUTROPY_EINPUT, "out of range");
    refuse(SWEEP(.family = "rbm:hidden=3", .axes = &fine, .axis_count = 1), CUTROPY_EINPUT,
           "hidden is fixed here and swept by --hidden");
    refuse(SWEEP(.family = "rbm:seed=3"), CUTROPY_EINPUT, "seed");
    refuse(SWEEP(.family = "rbm", .cuts = "0x0"), CUTROPY_EINPUT, "no boundary");
    refuse(SWEEP(.family = "rbm", .lattice = "chain:5", .cuts = "rows"), CUTROPY_EINPUT, "rows");
    refuse(SWEEP(.family = "rbm", .lattice = "2by2"), CUTROPY_EINPUT, "2by2");
    refuse(SWEEP(.family = "rbm", .weights = "{hidden}.npy"), CUTROPY_EINPUT, "{hidden}");
    refuse(SWEEP(.family = "rbm", .weights = "nowhere-{seed}.npy"), CUTROPY_EIO, "nowhere-0.npy");
    refuse((cutropy_sweep){.size = sizeof(cutropy_sweep), .family = "rbm"}, CUTROPY_EINPUT,
           "at least one seed");
    refuse(
        (cutropy_sweep){
            .size = sizeof(cutropy_sweep), .family = "rbm", .seeds = 2, .first_seed = UINT64_MAX},
        CUTROPY_EINPUT, "64 bits");
    refuse(SWEEP(.family = "cnn:scale=0"), CUTROPY_EINPUT, "cnn:scale=0,seed=0: ");
}
END_TEST

static cutropy_status run_and_free(void *user)
{
    cutropy_options options = ct_default_options();
    cutropy_expressivity *e = NULL;
    options.threads = 1;
    cutropy_status status = cutropy_expressivity_run(user, &options, &e);
    ck_assert(status == CUTROPY_OK || !e);
    cutropy_expressivity_free(e);
    return status;
}

START_TEST(allocation_failures)
{
    cutropy_axis axes[] = {{"layers", "1,2"}, {"channels", "1,2"}};
    cutropy_sweep s = networks("cnn", "2x2", "rows", AXES(axes), 1);
    ck_assert_int_gt(sweep_allocations(run_and_free, &s), 50);
}
END_TEST

CHECK_MAIN("expressivity", matrix_product_states, boltzmann_machines, renormalisation, statistics,
           fits, the_claim_itself, no_claim, threads, one_seed_has_no_spread, stopping, bad_input,
           allocation_failures)
