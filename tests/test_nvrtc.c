/* SPDX-License-Identifier: Apache-2.0 */
/* C texts and the real NVRTC, which compiles without a device: the texts of the documentation and of other tests for every
 * architecture, what it refuses, and in which words. Skipped where there is no NVRTC. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "ref/support.h"

#include "ctext/nvrtc.h"
#include "problem/c_text.h"
#include "problem/problem.h"

#define WORDS "word label(const word *image)\n"

static char folder[64];

static void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        printf("%s stays\n", folder);
}

static bool prepare(void)
{
    char path[4096];
    if (ct_nvrtc_find(path, sizeof path) || system("command -v cc gcc clang >/dev/null 2>&1")) {
        printf("no NVRTC, or no C compiler: skipped\n");
        return false;
    }
    if (*folder)
        return true;
    strcpy(folder, "/tmp/cutropy-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    atexit(remove_folder);
    setenv("XDG_CACHE_HOME", folder, 1);
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
    static const char *const define[] = {"K=3", NULL};
    cutropy_lattice *place = NULL;
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_lattice_parse(lattice, &place), CUTROPY_OK);
    ck_assert_msg(!cutropy_problem_from_text(name, text, define, place, &problem), "%s",
                  cutropy_error());
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
    static const int known[] = {80, 86, 89, 90, 100, 120};
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
    must_refuse("my.c", WORDS "{\n    word new = pix(0);\n    return new;\n}", 90,
                "my.c:3: expected");
    must_refuse("dir/my.c", "\n#include <math.h>\n" WORDS "{ return pix((int)floor(0.5)); }", 90,
                "dir/my.c:2: cannot open source file \"math.h\"");
    must_refuse("my.c", WORDS "{\n    const word y = pix(0);\n    return y + NONE;\n}", 90,
                "my.c:4: no operator");
    must_refuse("my.c", WORDS "{ return pix(0); }", 10, "NVRTC (");
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

CHECK_MAIN("nvrtc", architectures, what_it_says, keeps_nothing, looks_into_nothing)
