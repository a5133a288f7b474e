/* SPDX-License-Identifier: Apache-2.0 */
/* Infinite strips against transfer matrices of whole rows, against long finite strips, against published numbers; bounds that
 * enclose; limits that do not exist. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/state/state.h"
#include "failing_allocator.h"
#include "frontier/strip.h"
#include "ref/oracle.h"
#include "ref/support.h"

#define PLENTY (UINT64_C(1) << 40)

static cutropy_status try(const char *problem, const char *lattice, const char *cuts,
                          const char *key, const char *value, cutropy_result **result)
{
    cutropy_status status;
    cutropy_lattice *place = must_lattice(lattice);
    cutropy_problem *p = NULL;
    cutropy_cuts list = {0};
    *result = NULL;
    cutropy_options *options = must_options("quantities", "blocks,spectrum", NULL);
    if (place->infinite)
        ck_assert_int_eq(cutropy_options_set(options, "quantities", "blocks,spectrum,growth"),
                         CUTROPY_OK);
    if (key)
        ck_assert_msg(!cutropy_options_set(options, key, value), "%s", cutropy_error());
    status = cutropy_problem_parse(problem, place, &p);
    if (!status)
        status = cutropy_cuts_parse(cuts, place, &list);
    if (!status)
        status = cutropy_run(p, &list, options, result);
    cutropy_cuts_free(&list);
    cutropy_options_free(options);
    cutropy_problem_free(p);
    cutropy_lattice_free(place);
    return status;
}

static cutropy_result *run(const char *problem, const char *lattice)
{
    cutropy_result *result;
    ck_assert_msg(!try(problem, lattice, "half", NULL, NULL, &result), "%s on %s: %s", problem,
                  lattice, cutropy_error());
    ck_assert_uint_eq(cutropy_result_rows(result), 1);
    return result;
}

/* ---- the oracle: matrices of whole rows ---- */

#define ROWS 8
#define STATES (ROWS * ROWS) /* two rows of three pixels */

/* May row c follow rows a and b (strips of so many pixels)? */
typedef bool follows(int width, bool around, int a, int b, int c);

static int pixel(int row, int x)
{
    return x < 0 ? 0 : row >> x & 1;
}

static bool squares_follow(int width, bool around, int a, int b, int c)
{
    (void)a;
    for (int x = 0; x < width; x++)
        if (pixel(c, x) && (pixel(b, x) || (x > 0 && pixel(c, x - 1)) ||
                            (around && x == width - 1 && x > 0 && pixel(c, 0))))
            return false;
    return true;
}

/* Every lit pixel of b has two lit neighbours. */
static bool loops_follow(int width, bool around, int a, int b, int c)
{
    for (int x = 0; x < width; x++) {
        int lit = pixel(a, x) + pixel(c, x) + pixel(b, x - 1) + (x + 1 < width && pixel(b, x + 1));
        if (around && width > 2 && x == 0)
            lit += pixel(b, width - 1);
        if (around && width > 2 && x == width - 1)
            lit += pixel(b, 0);
        if (pixel(b, x) && lit != 2)
            return false;
    }
    return true;
}

/* Every cell of row b stays, and the dark ones beside it. */
static bool life_follows(int width, bool around, int a, int b, int c)
{
    for (int x = around ? 0 : -1; x <= width - around; x++) {
        int lit = 0;
        for (int d = -1; d <= 1; d++) {
            const int at = around ? (x + d + width) % width : x + d;
            if (at >= 0 && at < width)
                lit += pixel(a, at) + pixel(b, at) + pixel(c, at);
        }
        const int here = x >= 0 && x < width ? pixel(b, x) : 0;
        if (here ? lit != 3 && lit != 4 : lit == 3)
            return false;
    }
    return true;
}

static long double ways_above[STATES], common[STATES][STATES], next_common[STATES][STATES];

static long double scaled(long double *x, size_t count)
{
    long double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmaxl(most, x[i]);
    for (size_t i = 0; i < count; i++)
        x[i] /= most;
    return most;
}

/* In bits, of the n x n corner of next_common. */
static long double entropy_of_common(int n)
{
    static long double matrix[STATES * STATES], value[STATES];
    long double entropy = 0;
    for (int i = 0; i < n; i++)
        memcpy(matrix + i * n, next_common[i], (size_t)n * sizeof *matrix);
    oracle_jacobi(matrix, (size_t)n, value);
    for (int i = 0; i < n; i++)
        if (value[i] > 0)
            entropy -= value[i] * log2l(value[i]);
    return entropy;
}

/* Entropy in bits and growth, by plain iteration of everything from no row at all. */
static void iterate(follows *may, int width, bool around, long double *entropy, long double *growth)
{
    const int rows = 1 << width, n = rows * rows;
    for (int i = 0; i < n; i++) { /* strips of dark rows end them */
        ways_above[i] = i == 0;
        for (int j = 0; j < n; j++)
            common[i][j] = 1;
    }
    for (int row = 0; row < 400; row++) {
        long double above[STATES] = {0};
        memset(next_common, 0, sizeof next_common);
        for (int i = 0; i < n; i++)
            for (int c = 0; c < rows; c++) {
                if (!may(width, around, i / rows, i % rows, c))
                    continue;
                above[i % rows * rows + c] += ways_above[i];
                for (int j = 0; j < n; j++)
                    if (may(width, around, j / rows, j % rows, c))
                        next_common[i][j] += common[i % rows * rows + c][j % rows * rows + c];
            }
        memcpy(ways_above, above, sizeof above);
        memcpy(common, next_common, sizeof common);
        *growth = scaled(ways_above, (size_t)n);
        scaled(&common[0][0], sizeof common / sizeof common[0][0]);
    }
    long double total = 0;
    for (int i = 0; i < n; i++)
        total += ways_above[i] * common[i][i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            next_common[i][j] = sqrtl(ways_above[i] * ways_above[j]) * common[i][j] / total;
    *entropy = entropy_of_common(n);
}

START_TEST(matrices_of_rows_agree)
{
    static const struct {
        const char *problem, *form;
        follows *may;
        bool around;
    } cases[] = {{"independent-set", "%dxinf", squares_follow, false},
                 {"independent-set", "%dxinf:cylinder", squares_follow, true},
                 {"pixel-loops", "%dxinf", loops_follow, false},
                 {"pixel-loops", "%dxinf:cylinder", loops_follow, true},
                 {"still-life", "%dxinf:cylinder", life_follows, true},
                 {"still-life", "%dxinf", life_follows, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int width = 1; width <= 3; width += amount(1, 2)) {
            char lattice[32];
            long double entropy, growth;
            if (cases[i].may == loops_follow && width == 1)
                continue; /* only the dark strip */
            if (cases[i].may == life_follows && width == 1)
                continue;
            snprintf(lattice, sizeof lattice, cases[i].form, width);
            cutropy_result *r = run(cases[i].problem, lattice);
            iterate(cases[i].may, width, cases[i].around, &entropy, &growth);
            ck_assert_msg(fabsl(cutropy_result_entropy(r, 0) - entropy) <=
                              cutropy_result_entropy_error(r, 0) + 1e-17,
                          "%s %s: %.17g and %.17Lg", cases[i].problem, lattice,
                          cutropy_result_entropy(r, 0), entropy);
            ck_assert_double_le(cutropy_result_entropy_error(r, 0), 1e-11);
            const double error = cutropy_result_quantity_error(r, 0, 2);
            ck_assert_msg(fabsl(cutropy_result_quantity(r, 0, 2) - growth) <= error + 1e-17,
                          "%s %s grows by %.17g, not %.17Lg", cases[i].problem, lattice,
                          cutropy_result_quantity(r, 0, 2), growth);
            ck_assert_double_le(error, 1e-14 * (double)growth);
            cutropy_result_free(r);
        }
}
END_TEST

/* ---- closed forms, published numbers ---- */

/* Hard rods on a line: m = g = (phi, 1), G = [phi 1; 1 1]. */
START_TEST(a_line_has_the_golden_mean)
{
    const long double phi = (1 + sqrtl(5)) / 2, t = phi * phi + 1,
                      root = sqrtl(1 - 4 * (phi * phi - phi) / (t * t)), p = (1 + root) / 2;
    cutropy_result *r = run("independent-set", "1xinf");
    ck_assert_double_le((double)fabsl(cutropy_result_quantity(r, 0, 2) - phi), 1e-15);
    ck_assert_double_le((double)fabsl(cutropy_result_eigenvalue(r, 0, 0) - p), 1e-15);
    ck_assert_double_le(
        (double)fabsl(cutropy_result_entropy(r, 0) + p * log2l(p) + (1 - p) * log2l(1 - p)),
        cutropy_result_entropy_error(r, 0));
    ck_assert_double_le(cutropy_result_entropy_error(r, 0), 2e-14);
    cutropy_result_free(r);
}
END_TEST

static double growth_of(const char *problem, const char *lattice)
{
    cutropy_result *r = run(problem, lattice);
    const double growth = cutropy_result_quantity(r, 0, 2);
    cutropy_result_free(r);
    return growth;
}

/* N. J. Calkin, H. S. Wilf, SIAM J. Discrete Math. 11, 54 (1998), and R. J. Baxter, Ann. Comb. 3, 191 (1999): hard squares. Widths
 * 2 and 3 have the recurrences of OEIS A001333 and A051736; around a cylinder of 3 [1 3; 1 2]. */
START_TEST(hard_squares_grow_as_published)
{
    const double kappa = 1.503048082475332264322066;
    ck_assert_double_le(fabs(growth_of("independent-set", "2xinf") - (1 + sqrt(2))), 1e-15);
    const double x = growth_of("independent-set", "3xinf");
    ck_assert_double_le(fabs(((x - 2) * x - 6) * x * x + 1), 1e-13);
    ck_assert_double_le(fabs(growth_of("independent-set", "3xinf:cylinder") - (3 + sqrt(13)) / 2),
                        1e-15);
    const double ratio =
        growth_of("independent-set", "14xinf") / growth_of("independent-set", "13xinf");
    ck_assert_double_le(fabs(ratio - kappa), 1e-12);
    ck_assert_double_le(
        fabs(pow(growth_of("independent-set", "12xinf:cylinder"), 1 / 12.0) - kappa), 1e-4);
}
END_TEST

START_TEST(loops_have_their_bit)
{
    for (int width = 2; width <= 20; width++)
        for (int around = 0; around < 2; around++) {
            char lattice[40];
            snprintf(lattice, sizeof lattice, "links:%dxinf%s", width, around ? ":cylinder" : "");
            cutropy_result *r = run("loops", lattice);
            ck_assert_double_eq(cutropy_result_entropy(r, 0), width - 1);
            ck_assert_double_eq(cutropy_result_entropy_error(r, 0), 0);
            ck_assert_int_eq(cutropy_result_guarantee(r, 0), CUTROPY_GUARANTEE_EXACT);
            ck_assert_double_eq(cutropy_result_quantity(r, 0, 2),
                                ldexp(1, around ? width : width - 1));
            cutropy_result_free(r);
        }
    cutropy_result *wide = run("loops", "links:100xinf");
    ck_assert_double_eq(cutropy_result_entropy(wide, 0), 99);
    ck_assert_double_eq(cutropy_result_quantity(wide, 0, 2), ldexp(1, 99));
    cutropy_result_free(wide);
    for (int k = 0; k < 2; k++) {
        cutropy_result *r = run(k ? "ghz" : "parity", "5xinf");
        ck_assert_double_eq(cutropy_result_entropy(r, 0), 1);
        ck_assert_double_eq(cutropy_result_quantity(r, 0, 2), k ? 1 : 32);
        cutropy_result_free(r);
    }
}
END_TEST

/* ---- long finite strips ---- */

START_TEST(long_strips_come_near)
{
    static const struct {
        const char *problem, *infinite, *finite;
        double away; /* what the finite strip is off, at most */
    } cases[] = {
        {"independent-set", "6xinf", "6x80", 1e-15}, {"connected", "3xinf", "3x80", 1e-15},
        {"connected", "4xinf", "4x80", 1e-15},       {"percolation", "4xinf", "4x100", 1e-14},
        {"pixel-loops", "4xinf", "4x120", 1e-12},    {"pixel-loops", "5xinf", "5x120", 1e-12},
        {"still-life", "3xinf", "3x160", 1e-8},      {"bars-stripes", "4xinf", "4x80", 1e-15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_result *a = run(cases[i].problem, cases[i].infinite),
                       *b = run(cases[i].problem, cases[i].finite);
        ck_assert_msg(fabs(cutropy_result_entropy(a, 0) - cutropy_result_entropy(b, 0)) <=
                          cutropy_result_entropy_error(a, 0) + cutropy_result_entropy_error(b, 0) +
                              cases[i].away,
                      "%s %s: %.17g and %.17g", cases[i].problem, cases[i].infinite,
                      cutropy_result_entropy(a, 0), cutropy_result_entropy(b, 0));
        ck_assert_double_le(cutropy_result_entropy_error(a, 0), 1e-10);
        cutropy_result_free(a);
        cutropy_result_free(b);
    }
}
END_TEST

/* The entropy between two halves of so many rows around a cylinder, which no lattice is: from the levels of the same automaton, with
 * counts and pairs in long doubles of one scale. */
static long double long_cylinder(const char *problem, const char *lattice, int rows)
{
    cutropy_problem *p = must_problem(problem, lattice);
    ct_frontier f;
    ct_levels l;
    ck_assert(ct_frontier_open(p, false, &f));
    f.height = rows;
    ck_assert_msg(!ct_levels_build(&f, PLENTY, NULL, &l), "%s", cutropy_error());
    const int middle = rows / 2 * f.width;
    const int32_t n = l.count[middle];
    ck_assert_int_le(n, STATES);
    long double *now = calloc(4096, sizeof *now), *then = calloc(4096, sizeof *then);
    long double(*pairs)[256] = calloc(256, sizeof *pairs),
         (*behind)[256] = calloc(256, sizeof *behind);
    now[0] = 1;
    for (int k = 0; k < middle; k++) {
        ck_assert_int_le(l.count[k + 1], 4096);
        for (int32_t i = 0; i < l.count[k + 1]; i++)
            then[i] = 0;
        for (int32_t i = 0; i < l.count[k]; i++)
            for (int bit = 0; bit < 2; bit++)
                if (l.next[k][i][bit] >= 0)
                    then[l.next[k][i][bit]] += now[i];
        memcpy(now, then, 4096 * sizeof *now);
        scaled(now, (size_t)l.count[k + 1]);
    }
    behind[0][0] = 1;
    for (int k = l.pixels - 1; k >= middle; k--) {
        long double most = 0;
        ck_assert_int_le(l.count[k], 256);
        for (int32_t i = 0; i < l.count[k]; i++)
            for (int32_t j = 0; j < l.count[k]; j++) {
                pairs[i][j] = 0;
                for (int bit = 0; bit < 2; bit++) {
                    const int32_t a = l.next[k][i][bit], b = l.next[k][j][bit];
                    pairs[i][j] += a >= 0 && b >= 0 ? behind[a][b] : 0;
                }
                most = fmaxl(most, pairs[i][j]);
            }
        for (int32_t i = 0; i < l.count[k]; i++)
            for (int32_t j = 0; j < l.count[k]; j++)
                behind[i][j] = pairs[i][j] / most;
    }
    long double total = 0;
    for (int32_t i = 0; i < n; i++)
        total += now[i] * behind[i][i];
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            next_common[i][j] = sqrtl(now[i] * now[j]) * behind[i][j] / total;
    free(now);
    free(then);
    free(pairs);
    free(behind);
    ct_levels_free(&l);
    cutropy_problem_free(p);
    return entropy_of_common(n);
}

START_TEST(long_cylinders_come_near)
{
    static const struct {
        const char *problem, *lattice;
        int rows;
        double away;
    } cases[] = {{"connected", "3xinf:cylinder", 80, 1e-14},
                 {"connected", "4xinf:cylinder", 80, 1e-14},
                 {"percolation", "4xinf:cylinder", 100, 1e-14},
                 {"pixel-loops", "4xinf:cylinder", 200, 1e-12},
                 {"bars-stripes", "3xinf:cylinder", 80, 1e-14},
                 {"independent-set", "5xinf:cylinder", 80, 1e-14}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_result *r = run(cases[i].problem, cases[i].lattice);
        const long double near = long_cylinder(cases[i].problem, cases[i].lattice, cases[i].rows);
        ck_assert_msg(fabsl(cutropy_result_entropy(r, 0) - near) <=
                          cutropy_result_entropy_error(r, 0) + cases[i].away,
                      "%s %s: %.17g and %.17Lg", cases[i].problem, cases[i].lattice,
                      cutropy_result_entropy(r, 0), near);
        cutropy_result_free(r);
    }
    /* A torus has the cut twice, which is far from itself. Not so for loops and connected images: those that go round the torus are
     * more than those that do not. */
    cutropy_result *r = run("independent-set", "4xinf:cylinder"),
                   *twice = run("independent-set", "4x60:torus");
    ck_assert_double_eq_tol(2 * cutropy_result_entropy(r, 0), cutropy_result_entropy(twice, 0),
                            1e-11);
    cutropy_result_free(r);
    cutropy_result_free(twice);
}
END_TEST

/* ---- automata of the test ---- */

static cutropy_problem *fake_problem(int width)
{
    char lattice[32];
    snprintf(lattice, sizeof lattice, "%dxinf", width);
    return must_problem("independent-set", lattice);
}

/* Rows are dark and lit in turns. */
static bool turns_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    (void)y;
    if (lit != state[0])
        return false;
    if (x == f->width - 1)
        state[0] = !state[0];
    return true;
}

/* The number of lit pixels is even: two states that never have an image in common. */
static bool even_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    (void)f, (void)x, (void)y;
    state[0] ^= lit;
    return true;
}

static bool even_accept(const ct_frontier *f, const uint8_t *state)
{
    (void)f;
    return !state[0];
}

static bool any_accept(const ct_frontier *f, const uint8_t *state)
{
    (void)f, (void)state;
    return true;
}

static bool none_accept(const ct_frontier *f, const uint8_t *state)
{
    (void)f, (void)state;
    return false;
}

/* Counts lines for ever. */
static bool count_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint32_t lines;
    (void)f, (void)y, (void)lit;
    memcpy(&lines, state, sizeof lines);
    lines += x == 0;
    memcpy(state, &lines, sizeof lines);
    return true;
}

static bool count_accept(const ct_frontier *f, const uint8_t *state)
{
    uint32_t lines;
    (void)f;
    memcpy(&lines, state, sizeof lines);
    return (lines & (lines - 1)) == 0;
}

static cutropy_status strip_of(cutropy_problem *p, ct_frontier *f, uint64_t memory, ct_strip *s)
{
    cutropy_status status = CUTROPY_OK;
    f->problem = p;
    f->bytes = 8;
    f->settles = 1;
    CT_TRY(ct_strip_states(f, memory, NULL, s));
    CT_TRY(ct_strip_part("it", NULL, s));
    CT_TRY(ct_strip_vectors("it", 1, NULL, s));
done:
    return status;
}

static void drop(ct_strip *s)
{
    ct_levels_free(&s->row);
    ct_free(s->ways[0]);
    ct_free(s->ways[1]);
    *s = (ct_strip){0};
}

static const ct_strip_how alone = {.memory_limit = PLENTY, .threads = 2};
static bool on_device; /* nobody has one */

START_TEST(what_has_no_limit_says_so)
{
    ct_strip s = {0};
    ct_level_gram g = {0};
    int rows;
    cutropy_problem *p = fake_problem(3);
    ct_frontier turns = {.width = 3, .step = turns_step, .accept = any_accept},
                even = {.width = 3, .step = even_step, .accept = even_accept},
                none = {.width = 3, .step = even_step, .accept = none_accept},
                count = {.width = 3, .step = count_step, .accept = count_accept};
    ck_assert_int_eq(strip_of(p, &turns, PLENTY, &s), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "period of 2 rows"));
    drop(&s);
    ck_assert_int_eq(strip_of(p, &none, PLENTY, &s), CUTROPY_EINPUT);
    drop(&s);
    ck_assert_int_eq(strip_of(p, &count, 1 << 20, &s), CUTROPY_EMEMORY);
    drop(&s);
    ck_assert_int_eq(strip_of(p, &even, PLENTY, &s), CUTROPY_OK);
    ck_assert_int_eq(s.row.count[0], 2);
    ck_assert_double_le(fabs(s.growth[0] - 8), 1e-14);
    ck_assert_int_eq(ct_strip_gram(&s, &alone, &g, &rows, &on_device), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "do not converge"));
    ck_assert_ptr_null(g.entry);
    drop(&s);
    cutropy_problem_free(p);
}
END_TEST

START_TEST(what_strips_do_not_serve)
{
    static const struct {
        const char *problem, *lattice, *cuts, *key, *value;
        cutropy_status status;
        const char *word;
    } cases[] = {
        {"rectangle", "4xinf", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no limit"},
        {"majority", "4xinf", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no automaton"},
        {"weight:k=2", "4xinf", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no automaton"},
        {"contains", "4xinf", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no automaton"},
        {"random", "4xinf", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no automaton"},
        {"rectangle", "4xinf:cylinder", "half", NULL, NULL, CUTROPY_EUNSUPPORTED, "no automaton"},
        {"loops:contractible=1", "links:4xinf:cylinder", "half", NULL, NULL, CUTROPY_EINPUT,
         "torus"},
        {"connected", "4xinf", "half", "solver", "enumerate", CUTROPY_EUNSUPPORTED, "without end"},
        {"connected", "4xinf", "half", "solver", "affine", CUTROPY_EUNSUPPORTED, "no system"},
        {"connected", "4xinf", "0x1", NULL, NULL, CUTROPY_EINPUT, "one cut"},
        {"connected", "4xinf", "columns", NULL, NULL, CUTROPY_EINPUT, "one cut"},
        {"connected", "4xinf", "half", "certify", "yes", CUTROPY_EUNSUPPORTED, "enclosed"},
        {"connected", "4xinf", "half", "quantities", "mutual_information", CUTROPY_EUNSUPPORTED,
         "single pixels"},
        {"connected", "8xinf", "half", "memory", "100K", CUTROPY_EMEMORY, "--memory"},
        {"independent-set", "40xinf", "half", "memory", "20M", CUTROPY_EMEMORY, "--memory"},
        {"connected", "4x4", "half", "quantities", "growth", CUTROPY_EINPUT, "infinite strips"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_result *result;
        ck_assert_msg(try(cases[i].problem, cases[i].lattice, cases[i].cuts, cases[i].key,
                          cases[i].value, &result) == cases[i].status,
                      "%s %s: %s", cases[i].problem, cases[i].lattice, cutropy_error());
        ck_assert_msg(strstr(cutropy_error(), cases[i].word) != NULL, "%s", cutropy_error());
        ck_assert_ptr_null(result);
    }
}
END_TEST

/* Whoever wants all pixels: they are not there, with equations as with automata. */
START_TEST(strips_have_no_pixels_to_read)
{
    static const char *const cases[][2] = {
        {"independent-set", "4xinf"}, {"loops", "links:4xinf"}, {"parity", "3xinf"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_problem *p = must_problem(cases[i][0], cases[i][1]);
        cutropy_state *state;
        cutropy_sampler *sampler;
        cutropy_mps *mps;
        cutropy_order *order;
        ck_assert_int_eq(cutropy_state_open_levels(p, NULL, &state), CUTROPY_EUNSUPPORTED);
        state = must_state(p, NULL);
        ck_assert_str_eq(cutropy_state_norm(state), "infinite");
        ck_assert_int_eq(cutropy_sampler_open(state, NULL, &sampler), CUTROPY_EUNSUPPORTED);
        ck_assert_int_eq(cutropy_mps_make(state, NULL, NULL, &mps), CUTROPY_EUNSUPPORTED);
        ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, NULL, &order),
                         CUTROPY_EUNSUPPORTED);
        ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 100, NULL, &order),
                         CUTROPY_EUNSUPPORTED);
        ck_assert_int_eq(ct_state_needs_images(state, "a test"), CUTROPY_EUNSUPPORTED);
        cutropy_state_free(state);
        cutropy_problem_free(p);
    }
}
END_TEST

/* ---- bounds ---- */

/* Vectors and pairs of 1xinf are known: (phi, 1), and 1 for the one pair. */
START_TEST(bounds_enclose)
{
    const long double phi = (1 + sqrtl(5)) / 2;
    cutropy_problem *p = must_problem("independent-set", "1xinf");
    ct_strip *s = NULL;
    ct_level_gram g;
    int rows;
    ck_assert_int_eq(ct_strip_open(p, PLENTY, 1, NULL, &s), CUTROPY_OK);
    ck_assert_int_eq(s->row.count[0], 2);
    ck_assert(s->growth[0] <= phi && s->growth[1] >= phi);
    ck_assert_double_le(s->growth[1] - s->growth[0], 1e-14);
    for (int k = 0; k < 2; k++) {
        const int dark = s->ways[k][0] > s->ways[k][1] ? 0 : 1;
        const long double ratio = (long double)s->ways[k][dark] / s->ways[k][1 - dark];
        ck_assert_double_le((double)fabsl(logl(ratio / phi)), 2 * s->error[k]);
        ck_assert_double_le(s->error[k], 1e-14);
    }
    ck_assert_int_eq(ct_strip_gram(s, &alone, &g, &rows, &on_device), CUTROPY_OK);
    const double *pair = (const double *)(const void *)ct_level_gram_entry(&g, 0, 0, 1);
    const double lit = fmin(s->ways[1][0], s->ways[1][1]);
    ck_assert(pair[0] < pair[1] && pair[0] <= lit && pair[1] >= lit);
    ck_assert_double_le(pair[1] - pair[0], 1e-13);
    ct_level_gram_free(&g);
    ct_strip_close(s);
    cutropy_problem_free(p);
}
END_TEST

/* G of the strip to 100 rows, word by word, in the scale of g. */
static long double *count_pairs(const ct_strip *s)
{
    const int32_t n = s->row.count[0];
    const int width = s->row.pixels;
    const size_t entries = (size_t)n * (size_t)n;
    long double *now = calloc(entries, sizeof *now), *then = calloc(entries, sizeof *then);
    for (int32_t i = 0; i < n; i++)
        now[i * n + i] = s->ways[1][i];
    for (int row = 0; row < 100; row++) {
        long double most = 0;
        memset(then, 0, entries * sizeof *then);
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = 0; j < n; j++)
                for (int word = 0; word < 1 << width; word++) {
                    int32_t a = i, b = j;
                    for (int x = 0; x < width && a >= 0 && b >= 0; x++) {
                        a = s->row.next[x][a][word >> x & 1];
                        b = s->row.next[x][b][word >> x & 1];
                    }
                    if (a >= 0 && b >= 0)
                        then[i * n + j] += now[a * n + b];
                }
        for (int32_t i = 0; i < n; i++)
            most = fmaxl(most, then[i * n + i]);
        for (size_t k = 0; k < entries; k++)
            now[k] = then[k] / most;
    }
    free(then);
    return now;
}

static double must_enclose(const ct_level_gram *g, const long double *exact, int row)
{
    double widest = 0;
    for (int32_t i = 0; i < g->count; i++)
        for (int32_t j = i; j < g->count; j++) {
            const long double entry = exact[i * g->count + j];
            if (g->block[i] != g->block[j]) {
                ck_assert_double_eq((double)entry, 0);
                continue;
            }
            const double *bounds = (const double *)(const void *)ct_level_gram_entry(
                g, g->block[i], g->place[i], g->place[j]);
            ck_assert_msg(bounds[0] <= entry * (1 + 1e-13L) && bounds[1] >= entry * (1 - 1e-13L),
                          "row %d, %d, %d: %.17g to %.17g without %.17Lg", row, i, j, bounds[0],
                          bounds[1], entry);
            widest = fmax(widest, bounds[1] - bounds[0]);
        }
    return widest;
}

/* After every row, and nearer each time. */
START_TEST(pairs_are_between_their_bounds)
{
    static const char *const cases[][2] = {
        {"connected", "4xinf"}, {"pixel-loops", "4xinf"}, {"percolation", "4xinf"}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        cutropy_problem *p = must_problem(cases[c][0], cases[c][1]);
        ct_strip *s = NULL;
        ct_level_gram g;
        double gap, before = INFINITY;
        ck_assert_int_eq(ct_strip_open(p, PLENTY, 2, NULL, &s), CUTROPY_OK);
        long double *exact = count_pairs(s);
        ck_assert_int_eq(ct_strip_gram_start(s, PLENTY, &g), CUTROPY_OK);
        must_enclose(&g, exact, 0);
        for (int row = 1; row <= 60; row++) {
            ck_assert_int_eq(ct_strip_gram_row(s, &alone, 0, 0, &g, &gap, &on_device), CUTROPY_OK);
            must_enclose(&g, exact, row);
            ck_assert(gap < before || gap < 1e-13);
            before = gap;
        }
        ck_assert_double_le(must_enclose(&g, exact, 60), 1e-12);
        free(exact);
        ct_level_gram_free(&g);
        ct_strip_close(s);
        cutropy_problem_free(p);
    }
}
END_TEST

/* Entries of M^k one by one: words of k rows. */
static double count_words(const ct_levels *row, int k, int32_t from, int32_t to)
{
    const int pixels = k * row->pixels;
    double count = 0;
    for (int word = 0; word < 1 << pixels; word++) {
        int32_t at = from;
        for (int p = 0; p < pixels && at >= 0; p++)
            at = row->next[p % row->pixels][at][word >> p & 1];
        count += at == to;
    }
    return count;
}

static double distance_of(const long double *x, const long double *y, int32_t n)
{
    long double low = INFINITY, high = 0;
    for (int32_t i = 0; i < n; i++) {
        low = fminl(low, x[i] / y[i]);
        high = fmaxl(high, x[i] / y[i]);
    }
    return (double)logl(high / low);
}

/* Birkhoff's bound at vectors that are far away, where it is more than rounding: never below the distance, and near it
 * for some. The spread is that of the entries, which are counted. */
START_TEST(distances_are_bounded)
{
    static const struct {
        const char *problem, *lattice;
        int k;
    } cases[] = {{"independent-set", "1xinf", 2},
                 {"independent-set", "3xinf", 2},
                 {"independent-set", "4xinf:cylinder", 2},
                 {"percolation", "3xinf", 3},
                 {"pixel-loops", "3xinf", 4}};
    uint64_t seed = 1;
    double nearest = INFINITY;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        cutropy_problem *p = must_problem(cases[c].problem, cases[c].lattice);
        ct_strip *s = NULL;
        double spread, low = INFINITY, high = 0;
        ck_assert_int_eq(ct_strip_open(p, PLENTY, 1, NULL, &s), CUTROPY_OK);
        const int32_t n = s->row.count[0];
        long double *x = calloc((size_t)n, sizeof *x), *exact = calloc((size_t)n, sizeof *x);
        ck_assert_int_eq(ct_strip_spread(&s->row, 2, NULL, cases[c].k, 0, &spread), CUTROPY_OK);
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = 0; j < n; j++) {
                const double share = count_words(&s->row, cases[c].k, i, j) /
                                     count_words(&s->row, cases[c].k, i, 0) /
                                     count_words(&s->row, cases[c].k, 0, j);
                low = fmin(low, share);
                high = fmax(high, share);
            }
        ck_assert(isfinite(spread) && spread >= high / low);
        ck_assert_double_le(spread, high / low * (1 + 1e-5));
        for (int below = 0; below < 2; below++) {
            for (int32_t i = 0; i < n; i++)
                exact[i] = s->ways[below][i];
            for (int trial = 0; trial < 50; trial++) {
                double bound;
                for (int32_t i = 0; i < n; i++) /* one component alone, or all */
                    x[i] = exact[i] * (trial < n ? 1 + 0.5L * (i == trial)
                                                 : 1 + 0.5L * (long double)draw_unit(&seed));
                ck_assert_int_eq(ct_strip_distance(&s->row, below, cases[c].k, spread, x, &bound),
                                 CUTROPY_OK);
                const double distance = distance_of(x, exact, n);
                ck_assert_msg(bound >= distance * (1 - 1e-12), "%s %s: %g of %g", cases[c].problem,
                              cases[c].lattice, bound, distance);
                nearest = fmin(nearest, bound / distance);
            }
        }
        free(x);
        free(exact);
        ct_strip_close(s);
        cutropy_problem_free(p);
    }
    ck_assert_double_le(nearest, 2);
}
END_TEST

/* ---- lattices, plans, series ---- */

START_TEST(lattices_of_strips)
{
    static const char *const names[][2] = {{"8xinf", "grid:8xinf"},
                                           {"grid:1xinf:cylinder", "grid:1xinf:cylinder"},
                                           {"links:3xinf", "links:3xinf"},
                                           {"links:3xinf:cylinder", "links:3xinf:cylinder"}};
    static const char *const wrong[] = {
        "infx8",        "chain:inf", "8xinf:torus",          "8xinfx",
        "8x4:cylinder", "0xinf",     "links:1xinf:cylinder", "3000xinf"};
    cutropy_lattice *l;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        l = must_lattice(names[i][0]);
        ck_assert_str_eq(l->name, names[i][1]);
        ck_assert_int_eq(l->infinite, 1);
        cutropy_lattice_free(l);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(cutropy_lattice_parse(wrong[i], &l) == CUTROPY_EINPUT, "%s", wrong[i]);
    l = must_lattice("3xinf:cylinder"); /* two rings of three, and three bonds between */
    ck_assert_int_eq(l->pixels, 6);
    ck_assert_int_eq(l->bonds, 9);
    cutropy_cuts cut = must_cuts("rows,half,0x7", l);
    ck_assert_uint_eq(cut.count, 1);
    ck_assert_uint_eq(cut.masks[0], 7);
    ck_assert_int_eq(cutropy_boundary(l, cut.masks), 3);
    cutropy_cuts_free(&cut);
    cutropy_lattice_free(l);
    l = must_lattice("links:3xinf");
    cut = must_cuts("half", l);
    ck_assert_int_eq(cutropy_boundary_vertices(l, cut.masks), 3);
    cutropy_cuts_free(&cut);
    cutropy_lattice_free(l);
}
END_TEST

START_TEST(plans_are_those_of_the_run)
{
    cutropy_problem *p = must_problem("connected", "5xinf");
    cutropy_cuts cut = must_cuts("half", cutropy_problem_lattice(p));
    cutropy_plan *plan;
    cutropy_result *r = run("connected", "5xinf");
    ck_assert_int_eq(cutropy_make_plan(p, &cut, NULL, &plan), CUTROPY_OK);
    ck_assert_str_eq(plan->storage, "strip");
    ck_assert_uint_eq(plan->largest_matrix, (uint64_t)cutropy_result_classes(r, 0, 0));
    ck_assert_uint_eq(plan->images, 0);
    ck_assert(plan->fits && plan->states > plan->largest_matrix);
    cutropy_plan_free(plan);
    cutropy_result_free(r);
    cutropy_cuts_free(&cut);
    cutropy_problem_free(p);
}
END_TEST

static cutropy_series *series(const char *problem, const char *lattices)
{
    cutropy_series *s;
    cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
    options.problem = problem;
    options.lattices = lattices;
    ck_assert_msg(!cutropy_series_open(&options, &s), "%s", cutropy_error());
    ck_assert_msg(!cutropy_series_run(s, NULL), "%s", cutropy_error());
    return s;
}

START_TEST(series_find_area_laws)
{
    cutropy_series *s = series("loops", "links:4xinf..20xinf:cylinder");
    const cutropy_scaling *found = cutropy_series_scaling(s);
    ck_assert_int_eq(found->verdict, CUTROPY_SCALING_AREA);
    ck_assert_int_eq(found->exact, 1);
    ck_assert_double_le(fabs(found->fit[CUTROPY_MODEL_AREA].coefficient[1] - 1), 1e-14);
    ck_assert_double_le(fabs(found->fit[CUTROPY_MODEL_AREA].coefficient[0] + 1), 1e-13);
    ck_assert(!found->fit[CUTROPY_MODEL_VOLUME].admissible);
    cutropy_series_free(s);
    s = series("independent-set", "4xinf..12xinf");
    found = cutropy_series_scaling(s);
    ck_assert_int_eq(found->verdict, CUTROPY_SCALING_AREA);
    ck_assert_double_le(fabs(found->fit[CUTROPY_MODEL_AREA].coefficient[1] - 0.25959), 1e-4);
    cutropy_series_free(s);
    cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
    options.problem = "independent-set";
    options.lattices = "4xinf,5x5";
    ck_assert_int_eq(cutropy_series_open(&options, &s), CUTROPY_EINPUT);
}
END_TEST

/* ---- memory, threads ---- */

START_TEST(threads_do_not_matter)
{
    cutropy_result *r[2];
    for (int k = 0; k < 2; k++)
        ck_assert_int_eq(try("connected", "6xinf", "half", "threads", k ? "4" : "1", &r[k]),
                         CUTROPY_OK);
    ck_assert_double_eq(cutropy_result_entropy(r[0], 0), cutropy_result_entropy(r[1], 0));
    ck_assert_double_eq(cutropy_result_entropy_error(r[0], 0),
                        cutropy_result_entropy_error(r[1], 0));
    for (int k = 0; k < 2; k++)
        cutropy_result_free(r[k]);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (long k = 0;; k++) {
        cutropy_result *result;
        failing_allocator_start(k);
        cutropy_lattice *place = NULL;
        cutropy_problem *p = NULL;
        cutropy_cuts cut = {0};
        cutropy_status status = cutropy_lattice_parse("2xinf", &place);
        result = NULL;
        if (!status)
            status = cutropy_problem_parse("pixel-loops", place, &p);
        if (!status)
            status = cutropy_cuts_parse("half", place, &cut);
        if (!status)
            status = cutropy_run(p, &cut, NULL, &result);
        const bool fired = failing_allocator_stop();
        ck_assert_msg(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK), "%ld: %s", k,
                      cutropy_error());
        cutropy_result_free(result);
        cutropy_cuts_free(&cut);
        cutropy_problem_free(p);
        cutropy_lattice_free(place);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired)
            break;
    }
}
END_TEST

CHECK_MAIN("strip", every_allocation_may_fail, matrices_of_rows_agree, a_line_has_the_golden_mean,
           hard_squares_grow_as_published, loops_have_their_bit, long_strips_come_near,
           long_cylinders_come_near, what_has_no_limit_says_so, what_strips_do_not_serve,
           strips_have_no_pixels_to_read, bounds_enclose, pairs_are_between_their_bounds,
           distances_are_bounded, lattices_of_strips, plans_are_those_of_the_run,
           series_find_area_laws, threads_do_not_matter)
