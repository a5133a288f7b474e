/* SPDX-License-Identifier: Apache-2.0 */
/* C texts on a device: text.cu with its driver (src/backend/cuda/text.c), over code that a fake NVRTC makes of the very text
 * that the real one would get, against the CPU's programs; everything that keeps a text on the CPU; little memory, stops,
 * failing calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_main.h"
#include "device_texts.h"
#include "failing_allocator.h"
#include "fake.h"
#include "kernel_support.h"
#include "ref/support.h"

#include "backend/cuda/device.h"
#include "backend/cuda/evaluate.h"
#include "problem/c_text.h"
#include "problem/problem.h"

#define MOST (1 << 13) /* images */

/* A cache of our own. false: this machine has no compiler, or no fake NVRTC is named. */
static bool prepare(void)
{
    if (!getenv("CUTROPY_NVRTC") || system("command -v cc gcc clang >/dev/null 2>&1") != 0) {
        printf("no C compiler, or no CUTROPY_NVRTC: skipped\n");
        check_skipped = 1;
        return false;
    }
    ct_fake_defer(0, 0);
    ct_fake_devices(1, (size_t)1 << 24);
    ck_assert_int_eq(ct_devices_choose(0), CUTROPY_OK);
    unsetenv("CT_FAKE_NVRTC");
    (void)own_cache();
    return true;
}

static const char apart[] = "word label(const word *image)\n"
                            "{\n"
                            "    word bad = NONE;\n"
                            "    each_pixel(x, y)\n"
                            "        bad |= pixel(x, y) & (pixel(x + 1, y) | pixel(x, y + 1));\n"
                            "    return ~bad;\n"
                            "}\n";
static const char counted[] = /* every word of the vocabulary, helpers, tables, arrays */
    "static const int steps[3] = {1, 2, 3};\n"
    "static word both(word a, word b) { return a & b; }\n"
    "word label(const word *image)\n"
    "{\n"
    "    word last[2] = {NONE, ALL}, odd_ones = pix(0);\n"
    "    COUNTER(all);\n"
    "    each_pixel(x, y)\n"
    "        add(&all, pixel(x, y));\n"
    "    for (int i = 0; i < 3; i++) {\n"
    "        odd_ones ^= both(pix(steps[i]), pix(N - 1));\n"
    "        last[i % 2] &= ~pix(i);\n"
    "    }\n"
    "    return (exactly(&all, K) | (at_least(&all, 4) & odd(&all))) ^ odd_ones ^ last[1];\n"
    "}\n";
static const char numbered[] = "word label(const word *image)\n"
                               "{\n"
                               "    word y = NONE;\n"
                               "    for (int i = 0; i < N; i += 2)\n"
                               "        y ^= pix(i) & pix((i + 3) % N);\n"
                               "    return y;\n"
                               "}\n";

static cutropy_problem *must_text(const char *text, const char *const *define, const char *lattice)
{
    cutropy_lattice *place = NULL;
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_lattice_parse(lattice, &place), CUTROPY_OK);
    ck_assert_msg(!cutropy_problem_from_text("my.c", text, define, place, &problem), "%s",
                  cutropy_error());
    cutropy_lattice_free(place);
    return problem;
}

static const ct_evaluate_options all_memory = {.threads = 1, .memory_limit = UINT64_MAX};

/* The table is the CPU's, and the kernel was launched, or not. */
static void must_fill(const cutropy_problem *problem, bool on_device)
{
    static uint64_t out[MOST], expected[MOST];
    const bool label = problem->kind == CUTROPY_KIND_LABEL;
    const int pixels = problem->lattice->pixels;
    const size_t items = label ? (size_t)ct_table_words(pixels) : (size_t)1 << pixels;
    const long before = ct_emulation_launched("loaded kernel");
    char why[400];
    memset(out, 0x5a, sizeof out);
    ck_assert_int_eq(label ? problem->fill_labels(problem, 0, items, expected)
                           : ct_operations_cpu()->fill_values(problem, &all_memory, expected),
                     CUTROPY_OK);
    ck_assert_msg(!(label ? ct_cuda_fill_table(problem, &all_memory, out)
                          : ct_cuda_fill_values(problem, &all_memory, out)),
                  "%s", cutropy_error());
    ct_c_text_no_device(problem, why, sizeof why);
    ck_assert_msg(!on_device || !*why, "stays on the CPU: %s", why);
    ck_assert_int_eq(memcmp(out, expected, items * sizeof *out), 0);
    ck_assert_int_eq(ct_emulation_launched("loaded kernel") > before, on_device);
    ck_assert_int_eq(ct_fake_live(1), 0);
}

START_TEST(same_numbers)
{
    const char *define[3];
    static const struct {
        const char *text, *lattice;
    } cases[] = {{apart, "4x3"},
                 {apart, "chain:13:ring"},
                 {counted, "3x4:torus"},
                 {counted, "chain:6"},
                 {numbered, "links:3x3"},
                 {everything, "4x3"},
                 {"lit % K == 0 || pix(J - K)", "links:3x3"},
                 {integers, "4x3"},
                 {reals, "3x3"}};
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        own_definitions(cases[k].text, define);
        cutropy_problem *problem = must_text(cases[k].text, define, cases[k].lattice);
        must_fill(problem, true);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* What NVRTC made is not there any more; what the compiler made is. */
static void forget_code(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -f '%s'/cutropy/*.code", folder);
    ck_assert_int_eq(system(command), 0);
}

/* The CPU evaluates, and this is why. */
static void must_stay(const cutropy_problem *problem, const char *part)
{
    char why[400];
    must_fill(problem, false);
    ct_c_text_no_device(problem, why, sizeof why);
    ck_assert_msg(strstr(why, part) != NULL && !strchr(why, '\n'), "'%s' says nothing of '%s'", why,
                  part);
}

START_TEST(stays_on_the_cpu)
{
    static const struct {
        const char *nvrtc, *part;
    } reasons[] = {{"old", "the driver does not take the code of NVRTC"},
                   {"newer", "knows no device of capability 9.0"},
                   {"broken", "NVRTC cannot be used"},
                   {"crash", "my.c: a signal ended NVRTC"},
                   {"keeps", "my.c: it keeps something from call to call"}};
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof reasons / sizeof *reasons; k++) {
        cutropy_problem *problem = must_text(apart, NULL, "3x2");
        forget_code();
        setenv("CT_FAKE_NVRTC", reasons[k].nvrtc, 1);
        must_stay(problem, reasons[k].part);
        cutropy_problem_free(problem);
        unsetenv("CT_FAKE_NVRTC");
    }
}
END_TEST

START_TEST(no_text_for_devices)
{
    char nvrtc[400];
    if (!prepare())
        return;
    cutropy_problem *problem = must_text("word label(const word *image)\n{\n    word y = pix(0);\n"
                                         "    return y + NONE;\n}\n",
                                         NULL, "3x2");
    must_stay(problem, "my.c:4: ");
    cutropy_problem_free(problem);
    problem = must_text("word label(const word *image)\n{\n"
                        "    return sizeof 'a' == 1 ? NONE : pix(0);\n}\n",
                        NULL, "3x2"); /* another number in C++ */
    must_stay(problem, "my.c:3: a device takes no sizeof");
    cutropy_problem_free(problem);
    problem = must_text(apart, NULL, "3x2");
    snprintf(nvrtc, sizeof nvrtc, "%s", getenv("CUTROPY_NVRTC"));
    setenv("CUTROPY_NVRTC", "/nowhere/libnvrtc.so.13", 1);
    must_stay(problem, "CUTROPY_NVRTC: there is no file '/nowhere/libnvrtc.so.13'");
    setenv("CUTROPY_NVRTC", nvrtc, 1);
    cutropy_problem_free(problem);
}
END_TEST

/* A program around NVRTC that cannot be made is a reason to stay on the CPU. */
START_TEST(no_program)
{
    char path[128], cache[96], before[400];
    const char *set = getenv("CC");
    if (!prepare())
        return;
    snprintf(before, sizeof before, "%s", set ? set : "");
    snprintf(path, sizeof path, "%s/badcc", folder);
    snprintf(cache, sizeof cache, "%s/bad", folder);
    FILE *file = fopen(path, "w");
    ck_assert(file &&
              fputs("#!/bin/sh\nfor a; do [ \"$a\" = -ldl ] && { echo 'ld: cannot find "
                    "-ldl'; exit 1; }; done\nexec $(command -v cc || command -v gcc || "
                    "command -v clang) \"$@\"\n",
                    file) >= 0 &&
              !fclose(file));
    ck_assert_int_eq(chmod(path, 0700), 0);
    setenv("CC", path, 1);
    setenv("XDG_CACHE_HOME", cache, 1);
    cutropy_problem *problem = must_text(apart, NULL, "3x2");
    must_stay(problem, "the program around NVRTC: ");
    cutropy_problem_free(problem);
    strcat(path, " -O2 -funsigned-char");
    setenv("CC", path, 1); /* characters of NVRTC have a sign */
    problem = must_text(apart, NULL, "3x2");
    must_stay(problem, "something else than with -funsigned-char in $CC");
    cutropy_problem_free(problem);
    if (set)
        setenv("CC", before, 1);
    else
        unsetenv("CC");
    setenv("XDG_CACHE_HOME", folder, 1);
}
END_TEST

/* Code that was cut off, or changed, in the folder is made anew: a run time has no length to check. */
START_TEST(spoilt_code)
{
    static const char *const spoils[] = {"truncate -s -100 \"$f\"", "truncate -s 0 \"$f\"",
                                         "printf x | dd of=\"$f\" bs=1 seek=200 conv=notrunc 2>&1"};
    char command[256];
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof spoils / sizeof *spoils; k++) {
        cutropy_problem *problem = must_text(apart, NULL, "4x3");
        snprintf(command, sizeof command, "for f in '%s'/cutropy/*.code; do %s; done >/dev/null",
                 folder, spoils[k]);
        must_fill(problem, true);
        ck_assert_int_eq(system(command), 0);
        must_fill(problem, true);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(compiled_once)
{
    if (!prepare())
        return;
    for (int i = 0; i < 2; i++) {
        cutropy_problem *problem = must_text(apart, NULL, "4x3");
        must_fill(problem, true);
        cutropy_problem_free(problem);
        setenv("CT_FAKE_NVRTC", "crash", 1); /* nobody asks it again */
    }
}
END_TEST

START_TEST(wrong_labels)
{
    static uint64_t table[MOST / 64];
    if (!prepare())
        return;
    cutropy_problem *problem = must_text(apart, NULL, "3x2");
    forget_code();
    setenv("CT_FAKE_NVRTC", "lies", 1);
    ck_assert_int_eq(ct_cuda_fill_table(problem, &all_memory, table), CUTROPY_EDEVICE);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "device 0: image 0x2 of the C text has another"));
    ck_assert_int_eq(ct_fake_live(1), 0);
    cutropy_problem_free(problem);
}
END_TEST

/* What a text does wrong at one image that neither the trial nor the comparison looks at is seen by the device; then the traps of
 * the CPU name it. */
START_TEST(wrong_texts)
{
    static const struct {
        const char *text, *part, *why;
    } wrongs[] = {
        {"word label(const word *image)\n{\n    int k = N;\n    return pix(k / (N - 17));\n}\n",
         "my.c:4: undefined behaviour", ""}, /* at every step: the trial sees it */
        {"int label(uint64_t image)\n{\n    int k = (int)image - 0x1a9c5;\n    return 100 / k;\n}\n",
         "my.c:4: undefined behaviour at image 0x1a9c5", "the device met"},
        {"int label(uint64_t image)\n{\n    int sum = 0, table[4] = {1, 2, 3, 4};\n"
         "    sum += table[image == 0x1aa31 ? 4 : lit % 4];\n    return sum;\n}\n",
         "my.c:4: undefined behaviour at image 0x1aa31", "the device met"},
        {"#define MOST 2147483647\nint64_t amplitude(uint64_t image)\n{\n"
         "    int k = image == 0x1ab17 ? 3 : 2;\n    return MOST - 2 + k;\n}\n",
         "my.c:5: undefined behaviour at image 0x1ab17", "the device met"}};
    static uint64_t out[1 << 17];
    if (!prepare())
        return;
    for (size_t k = 0; k < sizeof wrongs / sizeof *wrongs; k++) {
        cutropy_problem *problem = must_text(wrongs[k].text, NULL, "chain:17");
        char why[400];
        const cutropy_status status = problem->kind == CUTROPY_KIND_LABEL
                                          ? ct_cuda_fill_table(problem, &all_memory, out)
                                          : ct_cuda_fill_values(problem, &all_memory, out);
        ck_assert_msg(status == CUTROPY_EINPUT, "status %d of\n%s", (int)status, wrongs[k].text);
        ck_assert_msg(strstr(cutropy_error(), wrongs[k].part) != NULL, "%s", cutropy_error());
        ct_c_text_no_device(problem, why, sizeof why);
        ck_assert_msg(strncmp(why, wrongs[k].why, strlen(wrongs[k].why)) == 0 &&
                          !*why == !*wrongs[k].why,
                      "'%s' of\n%s", why, wrongs[k].text);
        ck_assert_int_eq(ct_fake_live(1), 0);
        cutropy_problem_free(problem);
    }
}
END_TEST

static int stop_after(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage;
    (void)total;
    return done >= *(const uint64_t *)user;
}

START_TEST(memory_and_stops)
{
    static uint64_t table[MOST / 64];
    uint64_t after = 48; /* two chunks */
    const ct_watch watch = {.report = stop_after, .user = &after};
    const ct_evaluate_options stopped = {.threads = 1, .memory_limit = UINT64_MAX, .watch = &watch};
    if (!prepare())
        return;
    cutropy_problem *problem = must_text(apart, NULL, "chain:13:ring");
    ck_assert_int_eq(ct_cuda_fill_table(problem, &stopped, table), CUTROPY_ECANCELLED);
    ck_assert_int_eq(ct_fake_live(1), 0);
    ct_fake_devices(1, 1024); /* for smaller chunks */
    must_fill(problem, true);
    ct_fake_devices(1, 128); /* for none */
    must_fill(problem, false);
    cutropy_problem_free(problem);
}
END_TEST

static void check_failed(cutropy_status status, const char *failed)
{
    ck_assert_msg(ct_fake_live(1) == 0, "%s failed: not freed", failed);
    if (status == CUTROPY_OK) /* what closes may fail without harm */
        ck_assert_msg(strstr(failed, "Free") || strstr(failed, "Destroy") ||
                          strstr(failed, "Unload") || strstr(failed, "Synchronize"),
                      "%s failed unseen", failed);
    else
        ck_assert_msg(status == CUTROPY_EDEVICE || status == CUTROPY_EMEMORY,
                      "%s failed: status %d: %s", failed, (int)status, cutropy_error());
}

START_TEST(failures)
{
    static uint64_t table[MOST / 64];
    if (!prepare())
        return;
    cutropy_problem *problem = must_text(apart, NULL, "4x3");
    must_fill(problem, true); /* compiled, and tried */
    for (int lost = 0; lost < 2; lost++)
        for (long k = 0;; k++) {
            ct_fake_defer(lost, 3);
            ct_fake_fail(k, lost);
            const cutropy_status status = ct_cuda_fill_table(problem, &all_memory, table);
            const char *failed = ct_fake_failed();
            ct_fake_defer(0, 0);
            if (!failed) {
                ck_assert_int_eq(status, CUTROPY_OK);
                ck_assert_int_gt(k, 8);
                break;
            }
            check_failed(status, failed);
        }
    for (long k = 0;; k++) {
        failing_allocator_start(k);
        const cutropy_status status = ct_cuda_fill_table(problem, &all_memory, table);
        const bool fired = failing_allocator_stop();
        ck_assert_msg(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK) ||
                          (fired && status == CUTROPY_OK),
                      "allocation %ld: status %d: %s", k, (int)status, cutropy_error());
        ck_assert_int_eq(ct_fake_live(1), 0);
        if (!fired)
            break;
    }
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("kernel_text", same_numbers, stays_on_the_cpu, no_text_for_devices, no_program,
           spoilt_code, compiled_once, wrong_labels, wrong_texts, memory_and_stops, failures)
