/* SPDX-License-Identifier: Apache-2.0 */
/* C texts and the real NVRTC, which compiles without a device: the texts of the documentation and of other tests for every
 * architecture, what it refuses, and in which words. Skipped where there is no NVRTC. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "device_texts.h"
#include "ref/support.h"

#include "ctext/nvrtc.h"
#include "ctext/plain_text.h"
#include "ctext/rewrite.h"
#include "problem/c_text.h"
#include "problem/problem.h"

#define WORDS "word label(const word *image)\n"

static bool prepare(void)
{
    char path[4096];
    if (ct_nvrtc_find(path, sizeof path) || system("command -v cc gcc clang >/dev/null 2>&1")) {
        printf("no NVRTC, or no C compiler: skipped\n");
        check_skipped = 1;
        return false;
    }
    (void)own_cache();
    return true;
}

static const char apart[] =
    WORDS "{\n"
          "    word bad = NONE;\n"
          "    each_pixel(x, y)\n"
          "        bad |= pixel(x, y) & (pixel(x + 1, y) | pixel(x, y + 1));\n"
          "    return ~bad;\n"
          "}\n";
static const char counted[] =
    "#include <stdint.h>\n"
    "static const int steps[3] = {1, 2, 3};\n"
    "static word both(word a, word b) { return a & b; }\n" WORDS "{\n"
    "    static const int back[] = {2, 1, 0};\n"
    "    word last[2] = {NONE, ALL};\n"
    "    uint64_t used = UINT64_C(7);\n"
    "    COUNTER(all);\n"
    "    each_pixel(x, y)\n"
    "        add(&all, pixel(x, y));\n"
    "    for (int i = 0; i < 3; i++)\n"
    "        if (used >> i & 1)\n"
    "            last[i % 2] ^= both(pix(steps[back[i]]), ~pix(N - 1));\n"
    "    return exactly(&all, K) | (at_least(&all, 9) & odd(&all)) | last[0];\n"
    "}\n";

static cutropy_problem *must_text(const char *name, const char *text, const char *lattice)
{
    const char *define[3];
    own_definitions(text, define);
    cutropy_problem *problem = NULL;
    cutropy_lattice *place = must_lattice(lattice);
    MUST(cutropy_problem_from_text(name, text, define, place, &problem));
    cutropy_lattice_free(place);
    return problem;
}

static bool has_name(const char *code, size_t bytes, const char *name)
{
    return memmem(code, bytes, name, strlen(name)) != NULL;
}

/* Machine code of this architecture, with our kernel; ptx: its text instead. */
static void must_compile(const cutropy_problem *problem, int capability, bool ptx)
{
    void *code = NULL;
    size_t bytes = 0;
    Elf64_Ehdr head;
    const cutropy_status status = problem->device_code(problem, capability, &code, &bytes);
    ck_assert_msg(status == CUTROPY_OK, "%d: %s", capability, cutropy_error());
    ck_assert_uint_gt(bytes, sizeof head);
    ck_assert(has_name(code, bytes, "ct_ctext_kernel"));
    memcpy(&head, code, sizeof head);
    if (ptx) {
        ck_assert(has_name(code, bytes, ".target sm_"));
    } else {
        ck_assert_int_eq(memcmp(head.e_ident, ELFMAG, SELFMAG), 0);
        ck_assert_int_eq(head.e_machine, 190 /* EM_CUDA */);
    }
    ct_free(code);
}

START_TEST(architectures)
{
    static const int known[] = {80, 90, 100, 120};
    if (!prepare())
        return;
    cutropy_problem *problem = must_text("my.c", counted, "6x6");
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        must_compile(problem, known[k], false);
    must_compile(problem, 999, true); /* of the future */
    cutropy_problem_free(problem);
    problem = must_text("my.c", apart, "8x5:torus");
    must_compile(problem, 90, false);
    cutropy_problem_free(problem);
    problem = must_text("my.c", WORDS "{ return pix(0) ^ pix(N - 1); }", "links:3x3");
    must_compile(problem, 90, false);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(one_image_a_time)
{
    static const struct {
        const char *text, *lattice;
    } cases[] = {{everything, "4x3"},
                 {"lit % K == 0 || pix(J - K)", "links:3x3"},
                 {integers, "6x6"},
                 {reals, "chain:20"}};
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cutropy_problem *problem = must_text("my.c", cases[k].text, cases[k].lattice);
        must_compile(problem, 80, false);
        must_compile(problem, 120, false);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* One line, by the line of the user's text where there is one. */
static void must_refuse(const char *name, const char *text, int capability, const char *part)
{
    cutropy_problem *problem = must_text(name, text, "4x3");
    char why[400];
    void *code = NULL;
    size_t bytes;
    ck_assert_int_eq(problem->device_code(problem, capability, &code, &bytes),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_null(code);
    ck_assert_msg(strstr(cutropy_error(), part) == cutropy_error() &&
                      !strchr(cutropy_error(), '\n'),
                  "'%s' does not begin with '%s'", cutropy_error(), part);
    ct_c_text_no_device(problem, why, sizeof why);
    ck_assert_ptr_nonnull(strstr(why, part));
    cutropy_problem_free(problem);
}

START_TEST(what_it_says)
{
    if (!prepare())
        return;
    must_refuse("my.c", WORDS "{\n    word y = NONE;\n    return y ^ pix(INT8_MIN + 129);\n}", 90,
                "my.c:4: identifier \"INT8_MIN\" is undefined");
    must_refuse("dir/my.c", "\n#include <math.h>\n" WORDS "{ return pix((int)floor(0.5)); }", 90,
                "dir/my.c:2: a device takes no other headers");
    must_refuse("my.c", WORDS "{\n    const word y = pix(0);\n    return y + NONE;\n}", 90,
                "my.c:4: no operator");
    must_refuse("my.c", WORDS "{ return pix(0); }", 10, "NVRTC (");
}
END_TEST

static void must_not_rewrite(const char *text, bool sliced, const char *part)
{
    FILE *nowhere = fopen("/dev/null", "w");
    ck_assert_msg(ct_rewrite("my.c", text, NULL, sliced, nowhere) == CUTROPY_EUNSUPPORTED,
                  "accepted: %s", text);
    ck_assert_msg(strstr(cutropy_error(), part) != NULL && !strchr(cutropy_error(), '\n'),
                  "'%s' says nothing of '%s', of %s", cutropy_error(), part, text);
    fclose(nowhere);
}

/* What could go round the watched integers: by name, line and reason. */
START_TEST(not_rewritten)
{
    static const char *const texts[][2] = {
        {"int label(uint64_t image)\n{\n    int k = lit, *p = &k;\n    return *p;\n}",
         "my.c:3: a device takes no pointers"},
        {"int label(uint64_t image) { return f(&image); }", "my.c:1: a device takes no addresses"},
        {"static int get(const int a[3], int i) { return a[i]; }",
         "my.c:1: a device takes no arrays as parameters"},
        {"struct two { int a, b; };", "my.c:1: a device takes no sizeof"},
        {"\nint x = \"abc\"[1];", "my.c:2: a device takes no strings"},
        {"#include <math.h>\n", "my.c:1: a device takes no other headers than <stdint.h>"},
        {"#include \"rule.h\"\n", "my.c:1: a device takes no other headers than <stdint.h>"},
        {"#define whole unsigned int\nwhole x;", "my.c:2: a device takes no macros for types"},
        {"int x = ct_c(3);", "my.c:1: a device takes no names that begin with ct_"},
        {"static int f(void) { return __builtin_clz(3); }",
         "my.c:1: a device takes no names that begin"},
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        must_not_rewrite(texts[k][0], false, texts[k][1]);
}
END_TEST

/* What C++ would compute otherwise, or nobody knows: in both forms. */
START_TEST(known_words_only)
{
    static const char *const texts[][2] = {
        {"int x = sizeof 'a';", "sizeof"},
        {"enum side { LEFT, RIGHT };", "sizeof"},
        {"union { int w; } x;", "sizeof"},
        {"typedef int whole;", "sizeof"},
        {"auto x = 3;", "sizeof"},
        {"extern int x;", "sizeof"},
        {"static long double x;", ""},
        {"static double long x;", ""},
        {"static long const double x;", ""},
        {"double exp(double x);", "functions that are not static"},
        {"int abs(int x) { return 7; }", "functions that are not static"},
        {"static double x = 0.1L;", "real numbers with l"},
        {"static double x = 1e3l;", "real numbers with l"},
        {"static double x = 1.0i;", "real numbers with l"},
        {"static long x = 9223372036854775808;", "integers of this kind"},
        {"static int x = 'ab';", "characters"},
        {"static int x = '\\377';", "characters"},
        {"#if __STDC_VERSION__ >= 199901L\n#endif\n", "conditions"},
        {"#ifdef __GNUC__\n#endif\n", "conditions"},
        {"#ifdef linux\n#else\n#define linux 3\n#endif\n", "conditions"},
        {"#ifndef INT32_MAX\n#define INT32_MAX 7\n#endif\n", "conditions"},
        {"#if UINT64_MAX\n#endif\n", "conditions"},
        {"#if true\n#endif\n", "conditions"},
        {"#if __has_include(\"my.h\")\n#endif\n", "conditions"},
        {"#if N /*\n*/ - UINT64_MAX\n#endif\n", "comments that take"},
        {"#define ONE 1 /*\n*/ + 1\n", "comments that take"},
        {"#define int long\n", "macros by names"},
        {"#define NONE ALL\n", "macros by names"},
        {"#define f(true) 3\n", "parameters of macros"},
        {"#define f(...) 3\n", "macros with these"},
        {"#define open (\n", "macros with ( and )"},
        {"#define close )\n", "macros with ( and )"},
        {"#undef N\n", "other lines"},
        {"#pragma GCC optimize(\"O0\")\n", "other lines"},
        {"#include \"stdint.h\"\n", "other headers"},
        {"#include <limits.h>\n", "other headers"},
        {"#include NAME\n", "other headers"},
        {"static int a<:3:>;", "digraphs"},
        {"static int f(int x) { return x ?: 3; }", "digraphs"},
        {"static int f(int x) { return (x)[t]; }", "arrays here"},
        {"static int x = 1\\\n0;", ""},
        {"#define TEN 1\\\n0\n", ""},
        {"// what?\?/\nstatic int x;", "trigraphs"},
        {"static int f(void) { return ({ 3; }); }", "{ here"},
        {"static int x = __builtin_clz(3);", "names that begin"},
        {"static _Bool x;", "names that begin"},
        {"static int f(void) { x.y = 3; }", "structures"},
        {"static int f(void) { \xc3\xa4 = 3; }", "structures"},
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        for (int sliced = 0; sliced < 2; sliced++)
            must_not_rewrite(texts[k][0], sliced, texts[k][1]);
}
END_TEST

/* What could make a number of a word, or of where something lies. */
START_TEST(words_stay_words)
{
    static const char *const texts[][2] = {
        {"{ return *(uint64_t *)&w; }", "casts"},
        {"{ return (word){5}; }", "casts"},
        {"{ return (uint64_t)image; }", "casts"},
        {"{ w.ct_bits ^= 5; }", "structures"},
        {"{ memcpy(&n, &image, 8); }", "addresses"},
        {"{ uint64_t n = 3, *p = &n; }", "addresses"},
        {"{ return &&here; }", "addresses of places"},
        {"#define T uint64_t\n{ return (T)image; }", "macros for types"},
        {"#define T uint64_t *\n{ return *(T)image; }", "macros for types"},
        {"#define NO\n{ return (uint64_t NO)image; }", "macros in the place"},
        {"#define NO(x) x\n{ return (uint64_t NO())image; }", "macros in the place"},
        {"#define AS(x) (uint64_t x)image\n{ return AS(); }", "macros in the place"},
        {"#define AS(T, x) (T)x\n{ return AS(uint64_t, image); }", "casts"},
        {"static int f(const word *) ;", "casts"},
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        must_not_rewrite(texts[k][0], true, texts[k][1]);
}
END_TEST

static void must_rewrite_as(bool sliced, const char *text, const char *expected)
{
    static const char *const define[] = {"K=3", NULL};
    char *got = NULL;
    size_t size;
    FILE *out = open_memstream(&got, &size);
    ck_assert_int_eq(ct_rewrite("my.c", text, define, sliced, out), CUTROPY_OK);
    fclose(out);
    ck_assert_str_eq(got, expected);
    free(got);
}

static void must_rewrite(const char *text, const char *expected)
{
    must_rewrite_as(false, text, expected);
}

START_TEST(rewritten)
{
    must_rewrite(
        "unsigned long /* of\n*/ int x = 3u, y[2] = {'a', 0x1fL}; // 5\n",
        "ct_num<unsigned long>\n ct_u_x = ct_c(3u), ct_u_y[ct_bound(ct_c(2))] = {ct_c((int)'a'), ct_c(0x1fL)}; // 5\n");
    must_rewrite(
        "double z = 1e-3 + .5 * 2. + 0x1p3; z = a[i + 1][b[2]];",
        "double ct_u_z = 1e-3 + .5 * 2. + 0x1p3; ct_u_z = ct_at(ct_u_a)[ct_u_i + ct_c(1)][ct_at(ct_u_b)[ct_c(2)]];");
    must_rewrite(
        "#define TWICE(x) \\\n  (2 * (x))\n#if N > 3\nint8_t k;\n#endif\n",
        "#define ct_u_TWICE(ct_u_x) \\\n  (ct_c(2) * (ct_u_x))\n#if N > 3\nct_num<signed char> ct_u_k;\n#endif\n");
    must_rewrite("for (int i = 0, j = N; i < j; i++) s += UINT64_C(7) << i && !true;",
                 "for (ct_num<int> ct_u_i = ct_c(0), ct_u_j = ct_c(N); ct_u_i < ct_u_j; ct_u_i++) "
                 "ct_u_s += ct_c(UINT64_C(7)) <<ct_lift{}->* ct_u_i && ct_no{}->*ct_c(1);");
    must_rewrite("x = !y / (a != !b);",
                 "ct_u_x = ct_no{}->*ct_u_y /ct_lift{}->* (ct_u_a != ct_no{}->*ct_u_b);");
    must_rewrite("#define BY /\n3;", "#define ct_u_BY /ct_lift{}->*\nct_c(3);");
    must_rewrite_as(true,
                    "#include <stdint.h>\n#ifdef K\n#if K > 2 && N\n#endif\n#endif\n"
                    "static void max(word *out, word new) { *out |= (void)3, new; }\n",
                    "\n#ifdef ct_u_K\n#if ct_u_K > 2 && N\n#endif\n#endif\n"
                    "static void ct_u_max(word *ct_u_out, word ct_u_new) { *ct_u_out |= (void)3, "
                    "ct_u_new; }\n");
    must_rewrite_as(true, "#define swap(a, b) { word t = a; a = b; b = t; }\nf(&x, true, 'a');",
                    "#define ct_u_swap(ct_u_a, ct_u_b) { word ct_u_t = ct_u_a; ct_u_a = ct_u_b; "
                    "ct_u_b = ct_u_t; }\nct_u_f(&ct_u_x, ((int)1), ((int)'a'));");
}
END_TEST

/* What is C and no C++, or wants what watched integers have not. */
START_TEST(refused)
{
    static const char *const texts[][2] = {
        {"double _Complex amplitude(uint64_t image) { return lit; }",
         "my.c: complex amplitudes are no matter"},
        {"int label(uint64_t image)\n{\n    switch (lit) {\n    case 1: return 1;\n    }\n    return 0;\n}",
         "my.c:3: "},
        {"static int depth(uint64_t image, int d) { return d < 40 && image ? 1 + depth(image >> 1, d + 1) : 0; }\n"
         "int label(uint64_t image) { return depth(image, 0); }",
         "my.c: a function is called (by itself"},
        {WORDS "{\n    word a[30000], s = NONE;\n    for (int i = 0; i < 30000; i++)\n"
               "        a[i] = pix(i % N) & pix(i * 7 % N);\n"
               "    for (int i = 0; i < 30000; i++)\n        s ^= a[i * 79 % 30000];\n"
               "    return s;\n}",
         "my.c: its variables take more than 16 KiB"}};
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        must_refuse("my.c", texts[k][0], 90, texts[k][1]);
}
END_TEST

/* What a text keeps from call to call would be shared by all threads of a device. The CPU's trial finds what shows within a
 * few calls; this shows later. */
START_TEST(keeps_nothing)
{
    if (!prepare())
        return;
    must_refuse("my.c",
                "static int calls;\n" WORDS
                "{\n    return ++calls > 1000000000 ? NONE : pix(1);\n}",
                90, "my.c: it keeps something from call to call");
    must_refuse("my.c",
                WORDS "{\n    static word last;\n    const word y = pix(1) & (last | ~last);\n"
                      "    last = pix(0);\n    return y;\n}",
                90, "my.c: it keeps something from call to call");
}
END_TEST

/* Words of a device cannot be looked into, whatever C allows with vectors. */
START_TEST(looks_into_nothing)
{
    static const char *const texts[] = {
        WORDS "{\n    word w = pix(0);\n    return w << 1 >> 1 << 0 ? w : w;\n}",
        WORDS "{\n    const word w = pix(0);\n    return w[0] == 5 ? ~w : w;\n}",
    };
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        cutropy_problem *problem = NULL;
        cutropy_lattice *place = must_lattice("4x3");
        void *code = NULL;
        size_t bytes;
        cutropy_status status = cutropy_problem_from_text("my.c", texts[k], NULL, place, &problem);
        if (!status) /* C has let it */
            status = problem->device_code(problem, 90, &code, &bytes);
        ck_assert(status == CUTROPY_EINPUT || status == CUTROPY_EUNSUPPORTED);
        ck_assert_ptr_null(code);
        cutropy_problem_free(problem);
        cutropy_lattice_free(place);
    }
}
END_TEST

/* What two compilers could read in two ways, whatever the list says of its tokens. */
START_TEST(plain_texts)
{
    static const struct {
        const char *text, *what; /* NULL: plain */
        bool sliced;
    } cases[] = {
        {"#include <stdint.h>\n#ifndef K\n#define K -12u\n#endif\nint label(uint64_t image)\n",
         NULL, false},
        {"x = 'a' - INT64_C(123456789012345678); /* it's \"plain\", isn't it? c ? d, e : f */\n",
         NULL, false},
        {"f(c ? a : b, d); int x = c ? (a, b) : d;\n", NULL, false},
        {"(a < b) + (c < d)\n", NULL, false},
        {"double d; if ((d < 1) && (d > 0) || (a == b)) x = (a + b) * d;\n", NULL, false},
        {"double d; x = (d < 1) + 1;\n", "comparisons in brackets", false},
        {"x = 1e3 * (a && b);\n", "comparisons in brackets", false},
        {"x = ~(d == .5);\n", "comparisons in brackets", false},
        {"double d; w = (d < 1) + 1;\n", NULL,
         true}, /* words have no real numbers; the list refuses them */
        {"a \\\n b", "no \\", true},
        {"#error no /* a\n#else */\n", "lines of the preprocessor", true},
        {"#if 1 /* a */ /* b\n*/ - linux\n#endif\n", "lines of the preprocessor", true},
        {"#define P c ? a : b\nP[1]", "lines of the preprocessor", false},
        {"#define S(x) x\n", "lines of the preprocessor", false},
        {"#define U unsigned\n int x;", "lines of the preprocessor", false},
        {"%:define U 3\n", "lines of the preprocessor", false},
        {"/* a */ #define U(x) 3\n", "lines of the preprocessor", false},
        {"#define K 3 /* three */\n", "lines of the preprocessor", false},
        {"int x = c ? k += 2, b[k] : 3;", "a comma between ? and :", false},
        {"-INT64_C(9223372036854775808)", "INT64_C", false},
        {"UINT64_C(1e5)", "INT64_C", false},
        {"INT64_C(0x7)", "INT64_C", false},
        {"L'a'", "quotes", true},
        {"'/*' x /*'", "quotes", false},
        {"f(\"text\")", "quotes", false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const cutropy_status status = ct_plain_text("my.c", cases[k].text, cases[k].sliced);
        ck_assert_msg(status == (cases[k].what ? CUTROPY_EUNSUPPORTED : CUTROPY_OK), "%s: %s",
                      cases[k].text, status ? cutropy_error() : "plain");
        ck_assert_msg(!status || strstr(cutropy_error(), cases[k].what), "%s: %s", cases[k].text,
                      cutropy_error());
    }
    ck_assert(ct_plain_number("-3") && ct_plain_number("0x1fULL") && ct_plain_number("1.5"));
    ck_assert(!ct_plain_number("") && !ct_plain_number("x") && !ct_plain_number("3+4") &&
              !ct_plain_number("-"));
}
END_TEST

CHECK_MAIN("nvrtc", architectures, one_image_a_time, what_it_says, not_rewritten, known_words_only,
           words_stay_words, rewritten, refused, keeps_nothing, looks_into_nothing, plain_texts)
