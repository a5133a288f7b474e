/* SPDX-License-Identifier: Apache-2.0 */
/* C texts: what they compute, against the same functions in plain C over single pixels; and all that they may do
 * wrong, which must end in one line and never in a table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "own_cache.h"
#include "failing_allocator.h"
#include "ref/support.h"

/* ---- where they are compiled ---- */

/* A cache of our own, and a log of the compiler's calls. false: this machine has no compiler. */
static bool prepare(void)
{
    char path[160];
    if (system("command -v cc gcc clang >/dev/null 2>&1") != 0) {
        printf("no C compiler: skipped\n");
        check_skipped = 1;
        return false;
    }
    if (!own_cache())
        return true;
    snprintf(path, sizeof path, "%s/compiler", folder);
    FILE *file = fopen(path, "w");
    fprintf(file,
            "#!/bin/sh\necho call >>'%s/log'\n"
            "exec $(command -v cc || command -v gcc || command -v clang) \"$@\"\n",
            folder);
    fclose(file);
    chmod(path, 0700);
    setenv("CC", path, 1);
    return true;
}

/* How often the compiler was called. */
static int calls(void)
{
    char path[160];
    int count = 0, c;
    snprintf(path, sizeof path, "%s/log", folder);
    FILE *file = fopen(path, "r");
    while (file && (c = getc(file)) != EOF)
        count += c == '\n';
    if (file)
        fclose(file);
    return count;
}

/* ---- what they compute ---- */

static int lit_at(const cutropy_lattice *l, uint64_t image, int x, int y)
{
    if (l->periodic) {
        x = (x + l->lx) % l->lx;
        y = l->kind == CUTROPY_LATTICE_CHAIN ? y : (y + l->ly) % l->ly;
    }
    return x >= 0 && x < l->lx && y >= 0 && y < l->ly ? (int)(image >> (x + l->lx * y) & 1) : 0;
}

/* Different pixels one step away, each counted once. */
static int lit_around(const cutropy_lattice *l, uint64_t image, int x, int y)
{
    static const int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    uint64_t seen = 0;
    for (int k = 0; k < 4; k++) {
        int u = x + steps[k][0], v = y + steps[k][1];
        if (l->periodic) {
            u = (u + l->lx) % l->lx;
            v = l->kind == CUTROPY_LATTICE_CHAIN ? v : (v + l->ly) % l->ly;
        }
        if (u >= 0 && u < l->lx && v >= 0 && v < l->ly && (u != x || v != y))
            seen |= UINT64_C(1) << (u + l->lx * v);
    }
    int count = 0;
    for (int i = 0; i < l->pixels; i++)
        count += (int)(image & seen) >> i & 1;
    return count;
}

static int lit_in_all(uint64_t image)
{
    int count = 0;
    for (int i = 0; i < 40; i++)
        count += (int)(image >> i & 1);
    return count;
}

static const char everything[] = /* of the vocabulary for one image */
    "static int heavy(uint64_t image, int x, int y)\n"
    "{\n"
    "    return (x + 2 * y + 1) * pixel(x, y) * neighbours(x, y) + pixel(x + 1, y - 1);\n"
    "}\n"
    "/* label( in a comment { */ const char *unused = \"amplitude() {\";\n"
    "int label(uint64_t image)\n"
    "{\n"
    "    int sum = lit;\n"
    "    each_pixel(x, y)\n"
    "        sum += heavy(image, x, y);\n"
    "    for (int y = 0; y < LY; y++)\n"
    "        sum += y * (int)(row(y) % 3);\n"
    "    for (int i = 0; i < N; i++)\n"
    "        sum += i * neighbours_of(i);\n"
    "    return (sum + J * pix(N - 1)) % 5 < 2 ? 0x100 : 0;\n"
    "}\n";

static int everything_here(uint64_t image, void *user)
{
    const cutropy_lattice *l = user;
    int sum = lit_in_all(image);
    for (int y = 0; y < l->ly; y++)
        for (int x = 0; x < l->lx; x++) {
            const int around = lit_around(l, image, x, y);
            sum += (x + 2 * y + 1) * lit_at(l, image, x, y) * around +
                   lit_at(l, image, x + 1, y - 1) + (x + l->lx * y) * around;
        }
    for (int y = 0; y < l->ly; y++) {
        int bits = 0;
        for (int x = 0; x < l->lx; x++)
            bits |= lit_at(l, image, x, y) << x;
        sum += y * (bits % 3);
    }
    return (sum + 7 * (int)(image >> (l->pixels - 1) & 1)) % 5 < 2;
}

static const char words[] = /* those of 64 and 512 images */
    "word label(const word *image)\n"
    "{\n"
    "    COUNTER(all);\n"
    "    word pairs = NONE;\n"
    "    each_pixel(x, y)\n"
    "    {\n"
    "        add(&all, pixel(x, y));\n"
    "        pairs ^= pixel(x, y) & pixel(x + 1, y);\n"
    "    }\n"
    "    return (exactly(&all, 2) | (at_least(&all, 4) & odd(&all)) | exactly(&all, 128)) ^\n"
    "           (pairs & ALL & ~pix(0)) ^ ~at_least(&all, -1);\n"
    "}\n";

static int words_here(uint64_t image, void *user)
{
    const cutropy_lattice *l = user;
    const int all = lit_in_all(image);
    int pairs = 0;
    for (int y = 0; y < l->ly; y++)
        for (int x = 0; x < l->lx; x++)
            pairs ^= lit_at(l, image, x, y) & lit_at(l, image, x + 1, y);
    return (all == 2 || (all >= 4 && all % 2)) ^ (pairs && !(image & 1));
}

static cutropy_state *must_open_by(const cutropy_problem *problem, const char *threads)
{
    cutropy_options *options = must_options("threads", threads, "backend", "cpu", NULL);
    cutropy_state *state = must_state(problem, options);
    cutropy_options_free(options);
    return state;
}

static cutropy_state *must_open(const cutropy_problem *problem)
{
    return must_open_by(problem, "2");
}

/* The same function: norm, checksum. */
static void must_be_equal(const cutropy_problem *a, const cutropy_problem *b)
{
    ck_assert_int_eq(cutropy_problem_kind(a), cutropy_problem_kind(b));
    cutropy_state *states[2] = {must_open(a), must_open(b)};
    ck_assert_uint_eq(cutropy_state_checksum(states[0]), cutropy_state_checksum(states[1]));
    cutropy_state_free(states[0]);
    cutropy_state_free(states[1]);
}

static cutropy_problem *must_text(const char *text, const char *const *define,
                                  const cutropy_lattice *lattice)
{
    cutropy_problem *problem = NULL;
    MUST(cutropy_problem_from_text("my.c", text, define, lattice, &problem));
    return problem;
}

static void must_compute(const char *text, const char *const *define, const char *where,
                         int (*here)(uint64_t, void *))
{
    cutropy_lattice *lattice = must_lattice(where);
    cutropy_problem *mine = must_text(text, define, lattice), *other = NULL;
    ck_assert_int_eq(cutropy_problem_from_labels("other", lattice, here, lattice, &other),
                     CUTROPY_OK);
    must_be_equal(mine, other);
    cutropy_problem_free(mine);
    cutropy_problem_free(other);
    cutropy_lattice_free(lattice);
}

static int three(uint64_t image, void *user)
{
    (void)user;
    return lit_in_all(image) % 3 == 0;
}

static int two_lit(uint64_t image, void *user)
{
    (void)user;
    return (image & 12) == 12;
}

static const char *const seven[] = {"J=7", NULL};

START_TEST(one_image_a_step)
{
    static const char *const places[] = {"4x3", "2x3:torus"};
    if (!prepare())
        return;
    for (int i = 0; i < amount(2, 1); i++)
        must_compute(everything, seven, places[i], everything_here);
    must_compute("lit % 3 == 0", NULL, "5x4", three);
    must_compute("int label(uint64_t image);\nstatic int\nlabel(uint64_t image)\n"
                 "{\n    return (uint64_t)(lit % 3 == 0) << 32;\n}\n",
                 NULL, "2x3", three);
}
END_TEST

START_TEST(words_of_images)
{
    static const char *const places[] = {"5x4", "chain:5:ring"};
    if (!prepare())
        return;
    for (int i = 0; i < amount(2, 1); i++)
        must_compute(words, NULL, places[i], words_here);
}
END_TEST

/* Names that the loops behind the text might use themselves; the text must read them, so it asks for each. */
START_TEST(any_name)
{
    static const char *const others[] = {"first=0", "count=0",  "out=0",          "at=0",
                                         "low=0",   "bits=0",   "packed=0",       "mixed=0",
                                         "eight=0", "unused=0", "always_inline=0"};
    enum { LETTERS = 52, OTHERS = sizeof others / sizeof *others };
    const char *define[LETTERS + OTHERS + 1] = {NULL};
    char letters[LETTERS][4], asks[2000] = "", sum[1000] = "lit % 3 == 0";
    int count = 0;
    if (!prepare())
        return;
    for (int k = 0; k < LETTERS; k++) {
        snprintf(letters[k], sizeof *letters, "%c=0", (k < 26 ? 'a' : 'A' - 26) + k);
        if (*letters[k] != 'N') /* pixels */
            define[count++] = letters[k];
    }
    for (int k = 0; k < OTHERS; k++)
        define[count++] = others[k];
    for (int k = 0; k < count; k++) {
        const int length = (int)strcspn(define[k], "=");
        const size_t asked = strlen(asks), added = strlen(sum);
        snprintf(asks + asked, sizeof asks - asked, "#ifdef %.*s\n#endif\n", length, define[k]);
        snprintf(sum + added, sizeof sum - added, " + %.*s", length, define[k]);
    }
    strcat(asks, "word label(const word *image) { return pix(2) & pix(3); }");
    must_compute(asks, define, "chain:4", two_lit);
    must_compute(sum, define, "2x3", three);
}
END_TEST

/* The neighbours of a link, by the bonds of the lattice. */
static int link_labels(uint64_t image, void *user)
{
    const cutropy_lattice *l = user;
    int sum = 0;
    for (int b = 0; b < l->bonds; b++)
        for (int end = 0; end < 2; end++)
            sum += l->bond[b][end] * (int)(image >> l->bond[b][!end] & 1);
    return sum % 3 == 1;
}

START_TEST(links)
{
    if (!prepare())
        return;
    must_compute("int label(uint64_t image) { int s = 0; for (int i = 0; i < N; i++) s += i * "
                 "neighbours_of(i); return s % 3 == 1; }",
                 NULL, "links:3x2", link_labels);
}
END_TEST

static void must_be_values(const char *text, cutropy_kind kind, const void *values)
{
    cutropy_lattice *lattice = must_lattice("chain:4");
    cutropy_problem *mine = must_text(text, NULL, lattice),
                    *other = must_values(lattice, kind, values);
    must_be_equal(mine, other);
    cutropy_problem_free(mine);
    cutropy_problem_free(other);
    cutropy_lattice_free(lattice);
}

START_TEST(amplitudes)
{
    double real[16], pairs[32];
    int64_t integers[16];
    if (!prepare())
        return;
    for (int s = 0; s < 16; s++) {
        real[s] = s * 0.125 - 1;
        pairs[2 * s] = s;
        pairs[2 * s + 1] = s % 3 - 0.5;
        integers[s] = s * INT64_C(10000000) - 7;
    }
    must_be_values("double amplitude(uint64_t image) { return image * 0.125 - 1; }",
                   CUTROPY_KIND_REAL, real);
    must_be_values("static double complex amplitude(uint64_t image)\n"
                   "{ return (double)image + I * ((int)(image % 3) - 0.5); }",
                   CUTROPY_KIND_COMPLEX, pairs);
    must_be_values("int64_t amplitude(uint64_t image) { return (int64_t)image * 10000000 - 7; }",
                   CUTROPY_KIND_INTEGER, integers);
}
END_TEST

/* By name and from a file; texts that are canonical. */
START_TEST(by_name)
{
    char path[96], text[128];
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("2x3");
    cutropy_problem *other = NULL, *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_labels("other", lattice, three, NULL, &other), 0);
    snprintf(path, sizeof path, "%s/three.c", folder);
    FILE *file = fopen(path, "w");
    fputs("lit % J == 0 // an expression may stand in a file\n", file);
    fclose(file);
    snprintf(text, sizeof text, "%s:J=3,seconds=2", path);
    const char *const names[] = {"c:J=3,K=0:lit % J == K", text};
    for (int i = 0; i < 2; i++) {
        problem = must_problem_on(names[i], lattice);
        ck_assert_str_eq(cutropy_problem_text(problem), names[i]);
        must_be_equal(problem, other);
        cutropy_problem_free(problem);
    }
    ck_assert_int_eq(cutropy_problem_parse("missing.c", lattice, &problem), CUTROPY_EIO);
    ck_assert_int_eq(cutropy_problem_parse("c:lit", NULL, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_null(problem);
    cutropy_problem_free(other);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- what goes wrong when they are evaluated ---- */

typedef struct wrong {
    const char *text, *lattice, *says;
    bool large; /* not where every step is slow */
} wrong;

static const wrong wrongs[] = {
    {"int label(uint64_t image)\n{\n    return 7 / ((int)image - 11111111);\n}", "6x4",
     "my.c:3: undefined behaviour at image 0xa98ac7: a division by zero", false},
    {"int label(uint64_t image) { return 1 << (lit + 28); }", "chain:12",
     "my.c:1: undefined behaviour at image 0x7: ", false},
    {"int label(uint64_t image) { int a[4] = {0}; a[lit] = 1; return a[0]; }", "chain:5",
     "my.c:1: undefined behaviour at image 0xf: ", true},
    {"word label(const word *image)\n{\n    COUNTER(c);\n    for (int i = 0; i < J; i++) add(&c, pix(0));\n"
     "    return odd(&c);\n}",
     "chain:12", "my.c:4: undefined behaviour at image 0x0: ", true},
    {"int label(uint64_t image) { volatile int go = 1; while (lit == 12 && go) ; return 1; }",
     "chain:12", "no answer within 1 seconds at one of the images 0xfc0 to 0xfff: an endless loop?",
     true},
    {"#include <stdio.h>\nint label(uint64_t image) { if (image == 77) puts(\"x\"); return 1; }",
     "chain:12", "it prints at image 0x4d (system call", false},
    {"#include <stdlib.h>\nint label(uint64_t image) { if (image == 77) exit(0); return 1; }",
     "chain:12", "it ends the program at image 0x4d (system call", true},
    {"#include <unistd.h>\nint label(uint64_t image) { if (image == 77) fork(); return 1; }",
     "chain:12", "at image 0x4d (system call",
     true}, /* which one a C library calls first is its own */
    {"#include <stdlib.h>\nint label(uint64_t image) { char *volatile p = image == 77 ? malloc(99) "
     ": 0; return !p; }",
     "chain:12", "it asks for memory at image 0x4d (system call", true},
    {"int label(uint64_t image) { static int n; return n++ % 2; }", "chain:12",
     "two answers for the same image", false},
    {"int label(uint64_t image) { int a[4]; a[lit & 3] = 1; return a[2]; }", "chain:12",
     "two answers for the same image", false},
    {"word label(const word *image) { return pix(0) + pix(1); }", "chain:10",
     "another label alone than in a word of 512 images", false},
    {"word label(const word *image) { return pix(0) + pix(1); }", "chain:4",
     "another label alone than in a word of 64 images", true},
    {"word label(const word *image) { word *m = (word *)image; m[0] = ~m[0]; return m[0]; }",
     "chain:10", "my.c: it changes its image", false},
    {"#include <time.h>\nint label(uint64_t image) {\nif (image == 77) return time(0) % 2;\n"
     "return 1; }",
     "chain:12", "my.c:3: it reads the clock at image 0x4d", true},
    {"static int deep(uint64_t n) { volatile char a[999]; a[0] = 1; return n ? deep(n - 1) + a[0] : "
     "0; }\nint label(uint64_t image) { return deep(image << 16); }",
     "chain:4", "a crash at image 0x1: ", true},
    {"double amplitude(uint64_t image) { return 1.0 / (lit - 3); }", "chain:4",
     "the value of image 7 is not finite", true},
};

START_TEST(refused_when_evaluated)
{
    static const char *const define[] = {"J=128", NULL}, *const hurried[] = {"seconds=1", NULL};
    if (!prepare())
        return;
    const bool small = amount(1, 0) == 0;
    struct rlimit stack;
    ck_assert_int_eq(getrlimit(RLIMIT_STACK, &stack), 0);
    const struct rlimit endless_stack = {stack.rlim_max, stack.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_STACK, &endless_stack), 0);
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const wrong *w = &wrongs[i];
        if (small && w->large)
            continue;
        cutropy_lattice *lattice = must_lattice(w->lattice);
        const bool endless = strstr(w->says, "seconds") != NULL;
        const bool defines = strstr(w->text, "< J;") != NULL;
        cutropy_problem *problem = must_text(w->text,
                                             endless   ? hurried
                                             : defines ? define
                                                       : NULL,
                                             lattice);
        cutropy_state *state = NULL;
        ck_assert_int_eq(cutropy_state_open(problem, NULL, &state), CUTROPY_EINPUT);
        ck_assert_ptr_null(state);
        ck_assert_msg(strstr(cutropy_error(), w->says) != NULL, "'%s' lacks '%s'", cutropy_error(),
                      w->says);
        if (strstr(w->says, "two answers")) { /* found out once */
            char said[300];
            snprintf(said, sizeof said, "%s", cutropy_error());
            ck_assert_int_eq(cutropy_state_open(problem, NULL, &state), CUTROPY_EINPUT);
            ck_assert_str_eq(cutropy_error(), said);
        }
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
    ck_assert_int_eq(setrlimit(RLIMIT_STACK, &stack), 0);
}
END_TEST

START_TEST(stopped)
{
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("6x4");
    cutropy_problem *problem =
        must_text("({ volatile int s = 0; for (int i = 0; i < 999; i++) s += i; s % 3 == lit; })",
                  NULL, lattice); /* half a minute */
    cutropy_state *state = NULL;
    cutropy_options *options = must_options(NULL);
    cutropy_options_set_progress(options, stop_at_once, NULL);
    ck_assert_int_eq(cutropy_state_open(problem, options, &state), CUTROPY_ECANCELLED);
    ck_assert_ptr_null(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- what is refused before ---- */

static void must_refuse(const char *name, const char *text, const char *const *define,
                        const char *lattice, const char *says)
{
    cutropy_lattice *l = must_lattice(lattice);
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_text(name, text, define, l, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_null(problem);
    ck_assert_msg(strstr(cutropy_error(), says) != NULL, "'%s' lacks '%s'", cutropy_error(), says);
    ck_assert_ptr_null(strchr(cutropy_error(), '\n'));
    cutropy_lattice_free(l);
}

#define LABEL "int label(uint64_t image) "
#define WORDS "word label(const word *image) "

START_TEST(refused_texts)
{
    static const char *const define[][3] = {{"J", NULL, NULL},
                                            {"2J=1", NULL, NULL},
                                            {"J=1\n#error", NULL, NULL},
                                            {"J=1", "J=2", NULL},
                                            {"seconds=0", NULL, NULL},
                                            {"seconds=1x", NULL, NULL},
                                            {"encoding=2", NULL, NULL},
                                            {"seconds=1", "seconds=99", NULL},
                                            {"encoding=01", "encoding=pm1", NULL}};
    if (!prepare())
        return;
    const int before = calls();
    must_refuse("my.c", "", NULL, "2x2", "my.c: there is no text");
    must_refuse("my.c", " /* nothing */ // at all", NULL, "2x2", "my.c: there is no text");
    must_refuse("my.c", "int f(uint64_t image) { return 1; }", NULL, "2x2", "defines nothing");
    must_refuse("my.c", "int label(uint64_t image);", NULL, "2x2", "defines nothing");
    must_refuse("my.c", "/* " LABEL "{ return 1; } */ int x;", NULL, "2x2", "defines nothing");
    must_refuse("my.c", LABEL "{ return 1; } double amplitude(uint64_t image) { return 1; }", NULL,
                "2x2", "both label and amplitude");
    must_refuse("my.c", "double label(uint64_t image) { return 1; }", NULL, "2x2",
                "label is int label(uint64_t image)");
    must_refuse("my.c", "float amplitude(uint64_t image) { return 1; }", NULL, "2x2",
                "amplitude is double");
    must_refuse("two\nlines", "lit", NULL, "2x2", "a name of one line");
    must_refuse("my.c", "lit", NULL, "chain:41", "at most 40");
    for (size_t i = 0; i < sizeof define / sizeof *define; i++)
        must_refuse("my.c", "lit", define[i], "2x2", "");
    char *huge = malloc(10000001);
    memset(huge, ' ', 10000000);
    memcpy(huge, "lit", 3);
    huge[10000000] = 0;
    must_refuse("my.c", huge, NULL, "2x2", "my.c: longer than 1 MiB");
    free(huge);
    ck_assert_int_eq(calls(), before); /* no compiler is needed to see that */
}
END_TEST

START_TEST(what_the_compiler_says)
{
    static const char *const taken[] = {"N=3", NULL}, *const large[] = {"K=18446744073709551619",
                                                                        NULL};
    if (!prepare())
        return;
    must_refuse("my.c", LABEL "\n{\n    return lt == 3;\n}", NULL, "2x2", "my.c:3: ");
    must_refuse("a \"b\\.c", "lit +", NULL, "2x2", "a \"b\\.c:1: ");
    must_refuse("my.c", WORDS "{ if (pix(0)) return pix(1) & pix(2); return pix(2); }", NULL,
                "chain:8", "my.c:1: ");
    must_refuse("my.c", WORDS "{ word *m = image; m[0] = ~m[0]; return m[0]; }", NULL, "chain:8",
                "my.c:1: ");
    if (amount(1, 0) == 0)
        return;
    must_refuse("my.c", "lit % K == 0", large, "2x2", "my.c:1: integer ");
    must_refuse("my.c", LABEL "\n{ return 0.5 * lit; }", NULL, "2x2", "my.c:2: ");
    must_refuse("my.c", "int64_t amplitude(uint64_t image) { return 0.5 * lit; }", NULL, "2x2",
                "my.c:1: ");
    must_refuse("my.c", LABEL "{ int k = 3000000000000; return k; }", NULL, "2x2", "my.c:1: ");
    if (!system("$CC --version | grep -q 'Free Software'")) /* clang lets it */
        must_refuse("my.c", LABEL "{ return lit ? label(image >> 1) + label(image >> 2) : 1; }",
                    NULL, "2x2", "my.c:1: label and amplitude become part of a loop");
    must_refuse("my.c", "lit * 0.5", NULL, "2x2", "my.c:1: the expression is a real number");
    must_refuse("my.c", "int foo(int); " LABEL "{ return foo(1); }", NULL, "2x2", "undefined");
    must_refuse("my.c", "#define LX 3\n" LABEL "{ return 1; }", NULL, "2x2",
                "my.c: N, LX and LY are the lattice's");
    must_refuse("my.c", "lit == 3", taken, "2x2", "N belongs to the vocabulary");
    must_refuse("my.c", "lt == 3", NULL, "2x2", "(known: image, N, LX, LY, lit, pixel(x, y), ");
    must_refuse("my.c", WORDS "{ return lit; }", NULL, "2x2", "(known: image, N, LX, LY, ALL, ");
    must_refuse("my.c", "int f(int k) { return lit == k; }\n" LABEL "{ return f(2); }", NULL, "2x2",
                "my.c:1: 'image' undeclared");
    must_refuse("my.c", "int f(int k) { return lit == k; }\n" LABEL "{ return f(2); }", NULL, "2x2",
                "takes them: int f(uint64_t image)");
    must_refuse(
        "my.c", "sqrt(lit) > 2", NULL, "2x2",
        "need a FILE.c with #include <math.h>, where double amplitude(uint64_t image) gives");
    must_refuse("my.c", "lit == 2;", NULL, "2x2", "no expression, which has no ; in it");
    must_refuse("my.c", "int label(int image) { return image; }", NULL, "2x2",
                "my.c:1: label is int label(uint64_t image), or word ");
    must_refuse("my.c", "lit == 3", NULL, "8x8",
                "('cutropy new FILE.c --automaton' writes a start)");
    must_refuse("my.c", "pixel(0, 0)", NULL, "links:2x2", "needs_a_grid_or_a_chain");
}
END_TEST

/* A definition that changes nothing is a mistake of whoever gave it. */
START_TEST(definitions_without_effect)
{
    static const char standard[] =
        "#ifndef LEAST\n#define LEAST 2\n#endif\n" LABEL "{ return lit > LEAST; }";
    static const struct {
        const char *text, *define[3], *says;
    } cases[] = {
        {"lit == 3", {"K=2", NULL}, "the definition K=2 has no effect"},
        {"lit == 3", {"second=9", NULL}, "the definition second=9 has no effect"},
        {standard, {"LEAST=1", "LEST=1", NULL}, "the definition LEST=1 has no effect"},
        {"#define K 2\n" LABEL "{ return lit == K; }", {"K=3", NULL}, "no effect"},
        {"/* K */ lit == 3 // K", {"K=3", NULL}, "no effect"},
        {standard, {"LEAST=1", NULL}, NULL},
        {"lit == A", {"A=B", "B=3", NULL}, NULL},
        {"#if K > 2\n" LABEL "{ return lit; }\n#endif", {"K=3", NULL}, NULL},
        {"#define PASTE(a, b) a##b\n" LABEL "{ return lit == PASTE(K, L); }", {"KL=3", NULL}, NULL},
    };
    if (!prepare())
        return;
    for (int i = amount(0, 2); i < amount(9, 7); i++) {
        if (cases[i].says)
            must_refuse("my.c", cases[i].text, cases[i].define, "2x2", cases[i].says);
        else {
            cutropy_lattice *lattice = must_lattice("2x2");
            cutropy_problem_free(must_text(cases[i].text, cases[i].define, lattice));
            cutropy_lattice_free(lattice);
        }
    }
}
END_TEST

/* ---- the folder of compiled texts ---- */

START_TEST(compiled_once)
{
    static const char *const texts[] = {"lit % 3 == 0", "lit % 3 == 0 "};
    char command[256];
    if (!prepare())
        return;
    snprintf(command, sizeof command, "%s/once", folder);
    setenv("XDG_CACHE_HOME", command, 1);
    must_compute(texts[0], NULL, "2x3", three);
    const int before = calls();
    must_compute(texts[0], NULL, "2x3", three);
    ck_assert_int_eq(calls(), before);
    must_compute(texts[1], NULL, "2x3", three);
    ck_assert_int_eq(calls(), before + 2); /* fast, and slow for a trial */
    /* Programs that stand in for each other (all, in a circle) are found out. */
    snprintf(
        command, sizeof command,
        "cd %s/once/cutropy && set -- $(ls | grep -v '[.]') && first=$1 && mv $1 x.x && shift && "
        "for p; do mv $p $first; first=$p; done && mv x.x $first",
        folder);
    ck_assert_int_eq(system(command), 0);
    for (int i = 0; i < 2; i++) {
        cutropy_lattice *lattice = must_lattice("2x3");
        cutropy_problem *problem = must_text(texts[i], NULL, lattice);
        cutropy_state *state = NULL;
        ck_assert_int_eq(cutropy_state_open(problem, NULL, &state), CUTROPY_EIO);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "is the program of another text"));
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
    setenv("XDG_CACHE_HOME", folder, 1);
}
END_TEST

static int three_and_one(uint64_t image, void *user)
{
    (void)user;
    return lit_in_all(image) % 3 == 1;
}

static void write_beside(const char *name, const char *text)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs(text, file) >= 0 && !fclose(file));
}

/* A text that includes a file of the user's is compiled anew each time, and nothing of it stays. */
START_TEST(included)
{
    static const char *const rules[] = {"#define RULE (lit % 3 == 0)\n",
                                        "#define RULE (lit % 3 == 1)\n"};
    char path[96], command[160];
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("2x3");
    write_beside("mine.c", "#include \"rule.h\"\n" LABEL "{ return RULE; }");
    snprintf(path, sizeof path, "%s/mine.c", folder);
    for (int i = 0; i < 2; i++) {
        cutropy_problem *problem = NULL, *other = NULL;
        write_beside("rule.h", rules[i]);
        ck_assert_int_eq(
            cutropy_problem_from_labels("other", lattice, i ? three_and_one : three, NULL, &other),
            CUTROPY_OK);
        problem = must_problem_on(path, lattice);
        must_be_equal(problem, other);
        cutropy_problem_free(problem);
        cutropy_problem_free(other);
    }
    cutropy_lattice_free(lattice);
    snprintf(command, sizeof command, "! ls %s/cutropy | grep work", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* A file that comes later counts as well, by __has_include and in the place of the system's. */
START_TEST(included_later)
{
    static const char text[] =
        "#include \"limits.h\"\n"
        "#if defined(RULE) || __has_include(\"later.h\")\n"
        "#define WANTED 1\n#else\n#define WANTED 0\n#endif\n" LABEL "{ return lit % 3 == WANTED; }";
    static const char *const files[] = {NULL, "later.h", "limits.h"};
    char path[96];
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("2x3");
    write_beside("late.c", text);
    snprintf(path, sizeof path, "%s/late.c", folder);
    for (int i = 0; i < 3; i++) {
        cutropy_problem *problem = NULL, *other = NULL;
        if (files[i])
            write_beside(files[i], "#define RULE 1\n");
        ck_assert_int_eq(
            cutropy_problem_from_labels("other", lattice, i ? three_and_one : three, NULL, &other),
            CUTROPY_OK);
        problem = must_problem_on(path, lattice);
        must_be_equal(problem, other);
        cutropy_problem_free(problem);
        cutropy_problem_free(other);
        snprintf(path, sizeof path, "%s/later.h", folder);
        if (i)
            unlink(path);
        snprintf(path, sizeof path, "%s/late.c", folder);
    }
    cutropy_lattice_free(lattice);
    snprintf(path, sizeof path, "%s/limits.h", folder);
    unlink(path);
}
END_TEST

/* By one thread: others do not survive a fork. */
static uint64_t checksum_of(const cutropy_problem *problem)
{
    cutropy_state *state = must_open_by(problem, "1");
    const uint64_t sum = cutropy_state_checksum(state);
    cutropy_state_free(state);
    return sum;
}

/* How often they differ. */
static int compare_often(const cutropy_problem *a, const cutropy_problem *b)
{
    int differ = 0;
    for (int k = 0; k < 50; k++)
        differ += checksum_of(a) != checksum_of(b);
    return differ;
}

/* A child, whose parent has programs that wait for work, and the parent at the same time. */
START_TEST(after_a_fork)
{
    if (!prepare())
        return;
    cutropy_lattice *lattice = must_lattice("4x4");
    cutropy_problem *mine = must_text("lit % 3 == 0", NULL, lattice), *other = NULL;
    int code = 0;
    ck_assert_int_eq(cutropy_problem_from_labels("other", lattice, three, NULL, &other), 0);
    ck_assert_uint_eq(checksum_of(mine), checksum_of(other));
    const pid_t child = fork();
    if (!child) {
        const int differ = compare_often(mine, other);
        cutropy_problem_free(mine);
        _exit(differ ? 1 : 0);
    }
    ck_assert_int_eq(compare_often(mine, other), 0);
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_int_eq(code, 0);
    ck_assert_uint_eq(checksum_of(mine), checksum_of(other));
    cutropy_problem_free(mine);
    cutropy_problem_free(other);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Nobody can see how a compiler ended; programs that are there already still run. */
START_TEST(without_children)
{
    if (!prepare())
        return;
    must_compute("lit % 3 == 0", NULL, "2x3", three);
    cutropy_lattice *lattice = must_lattice("2x3");
    cutropy_problem *problem = NULL;
    void (*const before)(int) = signal(SIGCHLD, SIG_IGN);
    must_compute("lit % 3 == 0", NULL, "2x3", three);
    const cutropy_status status =
        cutropy_problem_from_text("my.c", "lit % 3 == 0  ", NULL, lattice, &problem);
    signal(SIGCHLD, before);
    ck_assert_int_eq(status, CUTROPY_EIO);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "SIGCHLD"));
    cutropy_lattice_free(lattice);
}
END_TEST

/* A folder that others may write to, or exchange, is not used, and nothing is left behind. */
/* What killed programs left a week ago goes; what is not ours by its name stays. */
static void leave_old_folders(const char *place)
{
    char command[512];
    snprintf(command, sizeof command,
             "cd '%s' && umask 077 && mkdir -p cutropy-ctext-aaaaaa/work-bbbbbb cutropy-papers && "
             "touch cutropy-ctext-aaaaaa/work-bbbbbb/out cutropy-papers/mine && "
             "touch -d '8 days ago' cutropy-ctext-aaaaaa/work-bbbbbb cutropy-ctext-aaaaaa "
             "cutropy-papers",
             place);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(without_a_folder)
{
    char place[96], command[160];
    if (!prepare())
        return;
    snprintf(place, sizeof place, "%s/open", folder);
    ck_assert_int_eq(mkdir(place, 0700), 0);
    snprintf(command, sizeof command, "%s/cutropy", place);
    ck_assert_int_eq(mkdir(command, 0700), 0);
    setenv("XDG_CACHE_HOME", place, 1);
    setenv("TMPDIR", place, 1);
    for (int i = 0; i < amount(2, 1); i++) {
        chmod(command, i ? 0700 : 0777);
        chmod(place, i ? 0777 : 0700);
        leave_old_folders(place);
        must_compute("lit % 3 == 0", NULL, "2x3", three);
    }
    snprintf(command, sizeof command,
             "cd '%s/cutropy-papers' && rm mine && rmdir ../cutropy-papers", place);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "%s/cutropy", place);
    unsetenv("TMPDIR");
    setenv("XDG_CACHE_HOME", folder, 1);
    ck_assert_int_eq(rmdir(command), 0); /* both are empty */
    ck_assert_int_eq(rmdir(place), 0);
}
END_TEST

START_TEST(no_compiler)
{
    if (!prepare())
        return;
    char *compiler = strdup(getenv("CC")), *path = strdup(getenv("PATH"));
    cutropy_lattice *lattice = must_lattice("2x2");
    cutropy_problem *problem = NULL;
    setenv("CC", "/nowhere/cc -m64", 1);
    ck_assert_int_eq(cutropy_problem_from_text("my.c", "lit", NULL, lattice, &problem),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_str_eq(
        cutropy_error(),
        "C text needs a C compiler, and CC=/nowhere/cc -m64 names none that can be run");
    unsetenv("CC");
    setenv("PATH", "/nowhere", 1);
    ck_assert_int_eq(cutropy_problem_from_text("my.c", "lit", NULL, lattice, &problem),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_str_eq(cutropy_error(),
                     "C text needs a C compiler, and there is no cc, gcc or clang: "
                     "install one, or name it in CC");
    setenv("CC", compiler, 1);
    setenv("PATH", path, 1);
    cutropy_lattice_free(lattice);
    free(compiler);
    free(path);
}
END_TEST

START_TEST(no_memory)
{
    if (!prepare())
        return;
    must_compute("lit % J == 0", (const char *const[]){"J=3", NULL}, "2x3", three);
    for (long k = 0;; k++) {
        cutropy_lattice *lattice = must_lattice("2x3");
        cutropy_problem *problem = NULL;
        failing_allocator_start(k);
        const cutropy_status status = cutropy_problem_from_text(
            "my.c", "lit % J == 0", (const char *const[]){"J=3", NULL}, lattice, &problem);
        const bool fired = failing_allocator_stop();
        ck_assert(status == CUTROPY_EMEMORY || (status == CUTROPY_OK && problem));
        ck_assert(!problem == (status != CUTROPY_OK));
        cutropy_problem_free(problem);
        ck_assert_int_eq(failing_allocator_live(), 0);
        cutropy_lattice_free(lattice);
        if (!fired)
            break;
    }
}
END_TEST

/* The fork first: ThreadSanitizer allows none where there have been threads. */
CHECK_MAIN("ctext", after_a_fork, one_image_a_step, words_of_images, any_name, links, amplitudes,
           by_name, refused_when_evaluated, stopped, refused_texts, what_the_compiler_says,
           definitions_without_effect, compiled_once, included, included_later, without_children,
           without_a_folder, no_compiler, no_memory)
