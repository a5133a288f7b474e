/* SPDX-License-Identifier: Apache-2.0 */
/* Automata of users, as C text and as tables: what they say of images, against the same automaton walked here image by image and
 * then enumerated; and what they may do wrong, which must end in one line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "own_cache.h"
#include "ref/support.h"

static bool prepare(void)
{
    if (system("command -v cc gcc clang >/dev/null 2>&1") != 0) {
        printf("no C compiler: skipped\n");
        check_skipped = 1;
        return false;
    }
    own_cache();
    return true;
}

/* ---- a random automaton: the same numbers here and in the text ---- */

#define STATES 6

static uint32_t scatter(uint32_t a)
{
    a ^= a >> 15;
    a *= 0x2c1b3c6du;
    a ^= a >> 12;
    a *= 0x297a2d39u;
    return a ^ a >> 15;
}

/* STATES: dead. */
static uint32_t go(uint32_t seed, uint32_t state, int k, int bit)
{
    return scatter(seed + 97 * state + 1009 * (uint32_t)k + 31 * (uint32_t)bit) % (STATES + 1);
}

static bool good(uint32_t seed, uint32_t state)
{
    return !state || scatter(seed ^ state * 77) % 2;
}

static const char numbers[] = /* a state of eight bytes */
    "typedef uint64_t state;\n"
    "static uint32_t scatter(uint32_t a) { a ^= a >> 15; a *= 0x2c1b3c6du; a ^= a >> 12; a *= 0x297a2d39u; "
    "return a ^ a >> 15; }\n"
    "state start(void) { return 0; }\n"
    "int step(state *s, int k, int bit)\n"
    "{\n"
    "    *s = scatter(SEED + 97 * (uint32_t)*s + 1009 * (uint32_t)k + 31 * (uint32_t)bit) % (STATES + 1);\n"
    "    return *s < STATES;\n"
    "}\n"
    "int accept(const state *s) { return !*s || scatter(SEED ^ (uint32_t)*s * 77) % 2; }\n";

static const char bytes
    [] = /* a struct of three bytes, which does not start with zeros; a dead state is left as it was */
    "typedef struct state { uint8_t a, b, c; } state;\n"
    "static uint32_t scatter(uint32_t a) { a ^= a >> 15; a *= 0x2c1b3c6du; a ^= a >> 12; a *= 0x297a2d39u; "
    "return a ^ a >> 15; }\n"
    "static state of(uint32_t n) { return (state){(uint8_t)(n + 9), 5, (uint8_t)(n * 3)}; }\n"
    "state start(void) { return of(0); }\n"
    "static int step(state *s, int k, int bit)\n"
    "{\n"
    "    const uint32_t n = s->a - 9u, to = scatter(SEED + 97 * n + 1009 * (uint32_t)k + 31 * (uint32_t)bit) % (STATES + 1);\n"
    "    if (to == STATES) return 0;\n"
    "    *s = of(to);\n"
    "    return 5;\n"
    "}\n"
    "int accept(const state *s) { return s->a == 9 || scatter(SEED ^ (s->a - 9u) * 77) % 2 ? -3 : 0; }\n";

static cutropy_problem *text_of(const char *text, uint32_t seed, const cutropy_lattice *lattice)
{
    char define[32];
    const char *const all[] = {define, "STATES=6", NULL};
    cutropy_problem *problem = NULL;
    snprintf(define, sizeof define, "SEED=%uu", seed);
    MUST(cutropy_problem_from_text("my.c", text, all, lattice, &problem));
    return problem;
}

/* All STATES states in every level, whether they are reached or not; the first level has one. */
static cutropy_problem *table_of(uint32_t seed, const cutropy_lattice *lattice)
{
    const int n = lattice->pixels;
    int32_t count[41], next[40][STATES][2], flat[40 * STATES * 2];
    uint8_t accept[STATES];
    size_t used = 0;
    cutropy_problem *problem = NULL;
    for (int k = 0; k <= n; k++)
        count[k] = k ? STATES : 1;
    for (int k = 0; k < n; k++)
        for (uint32_t i = 0; i < (uint32_t)count[k]; i++)
            for (int bit = 0; bit < 2; bit++) {
                const uint32_t to = go(seed, i, k, bit);
                next[k][i][bit] = to == STATES ? -1 : (int32_t)to;
                flat[used++] = next[k][i][bit];
            }
    for (uint32_t i = 0; i < STATES; i++)
        accept[i] = good(seed, i);
    MUST(cutropy_problem_from_automaton("table", lattice, count, flat, accept, &problem));
    return problem;
}

static cutropy_problem *labels_of(uint32_t seed, const cutropy_lattice *lattice)
{
    const size_t images = (size_t)1 << lattice->pixels;
    uint8_t *label = calloc(images, 1);
    cutropy_problem *problem = NULL;
    for (size_t s = 0; s < images; s++) {
        uint32_t state = 0;
        for (int k = 0; k < lattice->pixels && state < STATES; k++)
            state = go(seed, state, k, (int)(s >> k & 1));
        label[s] = state < STATES && good(seed, state);
    }
    if (cutropy_problem_from_values("labels", lattice, CUTROPY_KIND_LABEL, label, &problem))
        ck_assert_msg(strstr(cutropy_error(), "all values are zero") != NULL, "%s",
                      cutropy_error());
    free(label);
    return problem;
}

static cutropy_result *run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const char *solver)
{
    cutropy_options *options = must_options("solver", solver, "backend", "cpu", NULL);
    cutropy_result *result = must_solve(problem, cuts, options);
    cutropy_options_free(options);
    return result;
}

static void same(const cutropy_result *a, const cutropy_result *b, const char *what)
{
    char text[2][256];
    ck_assert_uint_eq(cutropy_result_rows(a), cutropy_result_rows(b));
    for (size_t i = 0; i < cutropy_result_rows(a); i++) {
        int64_t rank[4];
        cutropy_result_rank(a, i, &rank[0], &rank[1]);
        cutropy_result_rank(b, i, &rank[2], &rank[3]);
        cutropy_result_purity_fraction(a, i, text[0], sizeof text[0]);
        cutropy_result_purity_fraction(b, i, text[1], sizeof text[1]);
        ck_assert_msg(rank[0] == rank[2] && rank[1] == rank[3] && !strcmp(text[0], text[1]) &&
                          cutropy_result_classes(a, i, 0) == cutropy_result_classes(b, i, 0) &&
                          cutropy_result_classes(a, i, 1) == cutropy_result_classes(b, i, 1) &&
                          fabs(cutropy_result_entropy(a, i) - cutropy_result_entropy(b, i)) <=
                              cutropy_result_entropy_error(a, i) +
                                  cutropy_result_entropy_error(b, i),
                      "%s, row %zu: purity %s and %s", what, i, text[0], text[1]);
    }
}

START_TEST(random_automata_are_their_functions)
{
    static const char *const lattices[] = {"chain:2", "chain:5", "4x3", "links:2x3",
                                           "chain:13:ring"};
    const bool texts = prepare();
    int zero = 0, compared = 0;
    for (uint32_t seed = 1; seed <= (uint32_t)amount(15, 5); seed++) {
        cutropy_lattice *lattice = must_lattice(lattices[seed % 5]);
        cutropy_problem *plain = labels_of(seed, lattice);
        cutropy_cuts cuts = must_cuts("prefixes", lattice);
        cutropy_problem *problem[3] = {table_of(seed, lattice)};
        if (texts && seed <= (uint32_t)amount(3, 1)) {
            problem[1] = text_of(numbers, seed, lattice);
            problem[2] = text_of(bytes, seed, lattice);
        }
        cutropy_result *expected = plain ? run(plain, &cuts, "enumerate") : NULL;
        for (int i = 0; i < 3 && problem[i]; i++) {
            ck_assert_int_eq(cutropy_problem_kind(problem[i]), CUTROPY_KIND_LABEL);
            for (int solver = 0; solver < 3 && plain; solver++) {
                static const char *const solvers[] = {"enumerate", "frontier", "auto"};
                cutropy_result *result = run(problem[i], &cuts, solvers[solver]);
                same(expected, result, solvers[solver]);
                char storage[32];
                cutropy_result_origin(result, "storage", storage, sizeof storage);
                ck_assert_int_eq(!strcmp(storage, "automaton"), solver > 0);
                cutropy_result_free(result);
                compared++;
            }
            cutropy_result *result = NULL;
            if (!plain)
                ck_assert_int_eq(cutropy_run(problem[i], &cuts, NULL, &result), CUTROPY_EINPUT);
            cutropy_problem_free(problem[i]);
        }
        zero += !plain;
        cutropy_result_free(expected);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(plain);
        cutropy_lattice_free(lattice);
    }
    ck_assert_int_ge(compared, 9);
    ck_assert_int_le(zero, 5);
}
END_TEST

START_TEST(the_values_are_the_labels)
{
    /* of more than 64 images and of fewer, read at any place */
    for (int n = 3; n <= 9; n += 3) {
        char name[16];
        snprintf(name, sizeof name, "chain:%d", n);
        cutropy_lattice *lattice = must_lattice(name);
        cutropy_problem *table = table_of(4, lattice), *plain = labels_of(4, lattice);
        cutropy_state *a = NULL, *b = NULL;
        ck_assert_ptr_nonnull(plain);
        a = must_state(table, NULL);
        b = must_state(plain, NULL);
        ck_assert_uint_eq(cutropy_state_checksum(a), cutropy_state_checksum(b));
        cutropy_state_free(a);
        cutropy_state_free(b);
        cutropy_problem_free(table);
        cutropy_problem_free(plain);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* ---- large lattices ---- */

static const char hard[] = /* no two neighbours lit */
    "typedef struct state { uint8_t above[LX]; } state;\n"
    "state start(void) { return (state){{0}}; }\n"
    "int step(state *s, int k, int bit)\n"
    "{\n"
    "    const int x = k % LX;\n"
    "    if (bit && (s->above[x] || (x && s->above[x - 1]))) return 0;\n"
    "    s->above[x] = (uint8_t)bit;\n"
    "    return 1;\n"
    "}\n"
    "int accept(const state *s) { (void)s; return 1; }\n";

START_TEST(a_large_lattice_is_the_built_in_one)
{
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("7x9");
    cutropy_cuts cuts = must_cuts("rows", lattice);
    cutropy_problem *own = NULL, *known = must_problem("independent-set", "7x9");
    MUST(cutropy_problem_from_text("my.c", hard, NULL, lattice, &own));
    cutropy_result *a = run(own, &cuts, "auto"), *b = run(known, &cuts, "frontier");
    char norm[2][64];
    cutropy_result_origin(a, "norm", norm[0], sizeof norm[0]);
    cutropy_result_origin(b, "norm", norm[1], sizeof norm[1]);
    ck_assert_str_eq(norm[0], norm[1]);
    same(b, a, "independent-set");
    cutropy_result_free(a);
    cutropy_result_free(b);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(own);
    cutropy_problem_free(known);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- what goes wrong ---- */

typedef struct wrong {
    const char *text, *lattice, *says;
    bool when_run; /* else when it is opened */
    cutropy_status status;
} wrong;

#define HEAD "typedef uint64_t state;\nstate start(void) { return 0; }\n"
#define TAIL "\nint accept(const state *s) { (void)s; return 1; }\n"
#define COUNT "*s += (unsigned)bit; "

static const wrong wrongs[] = {
    {HEAD "int step(state *s, int k, int bit) { return 1; }", "4x4",
     "my.c: accept is missing: an automaton is state start(void)", false, CUTROPY_EINPUT},
    {"state start(void) { return 0; }\nint step(state *s, int k, int bit) { return 1; }" TAIL,
     "4x4", "my.c:1: ", false, CUTROPY_EINPUT},
    {HEAD "int step(state s, int k, int bit) { return 1; }" TAIL, "4x4", "my.c:3: ", false,
     CUTROPY_EINPUT},
    {"typedef struct state { char a[1025]; } state;\nstate start(void) { return (state){{0}}; }\n"
     "int step(state *s, int k, int bit) { return 1; }" TAIL,
     "4x4", "a state has 1 to 1024 bytes", false, CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit)\n{\n    *s = 1u << k;\n    return bit < 2;\n}" TAIL,
     "chain:64", "my.c:5: undefined behaviour at a walk of its trial", false, CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit)\n{\n    " COUNT
          "return 7 / ((int)*s - 70) < 99;\n}" TAIL,
     "chain:90", "my.c:5: undefined behaviour at pixel 69 in a state of the bytes 45000000", true,
     CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit) { " COUNT "return 1; }\n"
          "int accept(const state *s)\n{\n    return 7 / (int)*s;\n}",
     "chain:90", "my.c:6: undefined behaviour at accept in a state of the bytes 00000000", true,
     CUTROPY_EINPUT},
    {HEAD
     "int step(state *s, int k, int bit) { static int n; *s = (unsigned)n++ % 3; return 1; }" TAIL,
     "chain:50", "two answers", false, CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit) { unsigned char a[9]; a[bit] = 1; *s = a[5 + bit]; "
          "return 1; }" TAIL,
     "chain:50", "two ", false, CUTROPY_EINPUT},
    {HEAD "#include <stdio.h>\nint step(state *s, int k, int bit) { " COUNT
          "if (*s == 60) puts(\"x\"); return 1; }" TAIL,
     "chain:64", "it prints at pixel 59", true, CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit) { " COUNT
          "volatile int go = *s == 60; while (go) ; return 1; }" TAIL,
     "chain:64", "no answer within 1 seconds at pixel 59 in a state of the bytes 3b", true,
     CUTROPY_EINPUT},
    {HEAD "int step(state *s, int k, int bit) { *s = 2 * *s + (unsigned)bit; return 1; }" TAIL,
     "chain:63", "the automaton of my.c:seconds=1 on chain:63 has more than ", true,
     CUTROPY_EMEMORY},
    {"int label(uint64_t image) { return 1; }", "chain:41", "at most 40 can be enumerated", false,
     CUTROPY_EINPUT},
};

START_TEST(wrong_texts)
{
    static const char *const define[] = {"seconds=1", NULL};
    if (!prepare())
        return;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i += (size_t)amount(1, 4)) {
        const wrong *w = &wrongs[i];
        cutropy_lattice *lattice = must_lattice(w->lattice);
        cutropy_cuts cuts = must_cuts("half", lattice);
        cutropy_problem *problem = NULL;
        cutropy_result *result = NULL;
        cutropy_options *options = must_options("memory", "64M", NULL);
        cutropy_status status =
            cutropy_problem_from_text("my.c", w->text, define, lattice, &problem);
        ck_assert_msg(!status == w->when_run, "%zu: '%s'", i, cutropy_error());
        if (w->when_run)
            status = cutropy_run(problem, &cuts, options, &result);
        ck_assert_msg(status == w->status && strstr(cutropy_error(), w->says) &&
                          !strchr(cutropy_error(), '\n'),
                      "%zu: %d '%s' lacks '%s'", i, status, cutropy_error(), w->says);
        ck_assert_ptr_null(result);
        cutropy_options_free(options);
        cutropy_problem_free(problem);
        cutropy_cuts_free(&cuts);
        cutropy_lattice_free(lattice);
    }
}
END_TEST

/* Cuts that its own order of the pixels does not have; signs that no automaton has. */
START_TEST(any_cut_and_no_signs)
{
    static const char *const signs[] = {"encoding=pm1", NULL};
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("7x6");
    cutropy_cuts cuts = must_cuts("columns,x>1&y<3,{0-2,9,40}", lattice);
    cutropy_problem *own = NULL, *known = must_problem("independent-set", "7x6");
    ck_assert_int_eq(cutropy_problem_from_text("my.c", hard, signs, lattice, &own), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "at most 40 can be enumerated"));
    ck_assert_int_eq(cutropy_problem_from_text("my.c", hard, NULL, lattice, &own), CUTROPY_OK);
    cutropy_result *a = run(own, &cuts, "auto"), *b = run(known, &cuts, "frontier");
    same(b, a, "any cut");
    cutropy_result_free(a);
    cutropy_result_free(b);
    cutropy_problem_free(own);
    cutropy_problem_free(known);
    cutropy_cuts_free(&cuts);
    cutropy_lattice_free(lattice);
}
END_TEST

typedef struct wrong_table {
    int32_t count[4], next[10];
    uint8_t accept[2];
    const char *says;
} wrong_table;

START_TEST(wrong_tables)
{
    static const wrong_table tables[] = {
        {{1, 2, 2, 2}, {0, 1, 0, 1, 1, 0, 0, -1, 1, 0}, {0, 1}, NULL},
        {{2, 2, 2, 2}, {0}, {0}, "level 0 has one state, the first one, not 2"},
        {{1, 2, 0, 2}, {0}, {0}, "level 2 has 0 states"},
        {{1, 2, -7, 2}, {0}, {0}, "level 2 has -7 states"},
        {{1, 2, 2, 2},
         {0, 1, 0, 2, 1, 0, 0, -1, 1, 0},
         {0, 1},
         "state 0 of level 1 leads to state 2 of level 2, which has 2"},
        {{1, 2, 2, 2},
         {0, 1, 0, 1, 1, 0, 0, -2, 1, 0},
         {0, 1},
         "state 0 of level 2 leads to state -2"},
        {{1, 2, 2, 2},
         {0, 1, 0, 1, 1, 0, 0, -1, 1, 0},
         {0, 2},
         "label 2 of state 1 of level 3 is neither 0 nor 1"},
    };
    cutropy_lattice *lattice = must_lattice("chain:3");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const wrong_table *t = &tables[i];
        cutropy_problem *problem = NULL;
        const cutropy_status status =
            cutropy_problem_from_automaton("t", lattice, t->count, t->next, t->accept, &problem);
        ck_assert_int_eq(status, t->says ? CUTROPY_EINPUT : CUTROPY_OK);
        if (t->says)
            ck_assert_msg(strstr(cutropy_error(), t->says) != NULL, "'%s' lacks '%s'",
                          cutropy_error(), t->says);
        ck_assert_int_eq(!problem, t->says != NULL);
        cutropy_problem_free(problem);
    }
    cutropy_problem *problem = NULL;
    const wrong_table *t = &tables[0];
    ck_assert_int_eq(
        cutropy_problem_from_automaton("t", lattice, NULL, t->next, t->accept, &problem),
        CUTROPY_EINPUT);
    cutropy_lattice_free(lattice);
    for (long k = 0;; k++) {
        failing_allocator_start(-1);
        lattice = must_lattice("chain:3");
        failing_allocator_start(k);
        const cutropy_status status =
            cutropy_problem_from_automaton("t", lattice, t->count, t->next, t->accept, &problem);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired)
            break;
    }
}
END_TEST

CHECK_MAIN("own automata", random_automata_are_their_functions, the_values_are_the_labels,
           a_large_lattice_is_the_built_in_one, wrong_texts, any_cut_and_no_signs, wrong_tables)
