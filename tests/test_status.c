/* SPDX-License-Identifier: Apache-2.0 */
/* One kind of fault has one status, whoever finds it: the table of cutropy/status.h, by examples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "backend/operations.h"
#include "check_main.h"

static void must(cutropy_status status)
{
    ck_assert_msg(status == CUTROPY_OK, "status %d: %s", (int)status, cutropy_error());
}

static void expect(cutropy_status got, cutropy_status right, const char *what)
{
    ck_assert_msg(got == right, "%s: status %d, not %d", what, (int)got, (int)right);
}

/* ---- texts ---- */

static cutropy_status parse(const char *what, const char *lattice_text, const char *text)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_cuts cuts = {0};
    cutropy_status status = CUTROPY_OK;
    if (lattice_text)
        status = cutropy_lattice_parse(lattice_text, &lattice);
    if (!status && !strcmp(what, "problem"))
        status = cutropy_problem_parse(text, lattice, &problem);
    else if (!status && !strcmp(what, "cuts"))
        status = cutropy_cuts_parse(text, lattice, &cuts);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

START_TEST(texts)
{
    static const struct {
        const char *what, *lattice, *text;
        cutropy_status right;
    } cases[] = {
        {"lattice", "hexagon:3x3", NULL, CUTROPY_EINPUT},
        {"lattice", "grid:0x3", NULL, CUTROPY_EINPUT},
        {"lattice", "grid:100x100", NULL, CUTROPY_EINPUT},
        {"problem", "chain:4", "", CUTROPY_EINPUT},
        {"problem", "chain:4", "lops", CUTROPY_EINPUT},
        {"problem", "chain:4", "random:sed=1", CUTROPY_EINPUT},
        {"problem", "chain:4", "random:seed=1,seed=1", CUTROPY_EINPUT},
        {"problem", "chain:4", "random:seed=x", CUTROPY_EINPUT},
        {"problem", "chain:4", "random:density=2", CUTROPY_EINPUT},
        {"problem", "chain:4", "random:count=17", CUTROPY_EINPUT},
        {"problem", "chain:4", "threshold:k=5", CUTROPY_EINPUT},
        {"problem", "chain:5", "inner-product", CUTROPY_EINPUT},
        {"problem", "chain:4", "loops", CUTROPY_EINPUT},
        {"problem", "grid:9x10", "inner-product", CUTROPY_EINPUT},
        {"problem", "chain:4", "rbm:scale=1e9", CUTROPY_EINPUT},
        {"problem", "chain:4", "file", CUTROPY_EINPUT},
        {"problem", "chain:4", "file:path=/nonexistent/x.npy", CUTROPY_EIO},
        {"problem", "chain:4", "rbm:weights=/nonexistent/x.npy", CUTROPY_EIO},
        {"problem", NULL, "digits:path=/nonexistent/x.csv,class=1", CUTROPY_EIO},
        {"cuts", "chain:4", "hexagons", CUTROPY_EINPUT},
        {"cuts", "chain:4", "connected:0", CUTROPY_EINPUT},
        {"cuts", "chain:4", "0x10", CUTROPY_EINPUT},
        {"cuts", "chain:4", "0xg", CUTROPY_EINPUT},
        {"cuts", "grid:8x8", "all", CUTROPY_EINPUT},
        {"cuts", "chain:4", "@/nonexistent/cuts", CUTROPY_EIO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char what[120];
        snprintf(what, sizeof what, "%s '%s' on %s", cases[i].what, cases[i].text,
                 cases[i].lattice);
        expect(parse(cases[i].what, cases[i].lattice, cases[i].text), cases[i].right, what);
    }
    cutropy_quantity *list = NULL;
    size_t count = 0;
    expect(cutropy_quantities_parse("colour", &list, &count), CUTROPY_EINPUT, "a quantity");
    expect(cutropy_quantities_parse("renyi:-1", &list, &count), CUTROPY_EINPUT, "an order");
}
END_TEST

/* ---- files ---- */

/* A file that exists is the fault of its contents; one that cannot be had, of the system. */
START_TEST(files)
{
    char path[] = "test_status_XXXXXX", text[80];
    static const struct {
        const char *bytes, *problem; /* the problem is PROBLEM + path */
    } cases[] = {{"not an array", "file:format=table,path="},
                 {"01\n0x\n", "file:format=images,path="},
                 {"P7 2 2\n", "file:format=images,path="},
                 {"", "file:format=images,path="},
                 {"\x1f\x8b\x08 broken", "file:format=images,path="},
                 {"1,2,3\n", "digits:class=1,path="}};
    const int made = mkstemp(path);
    ck_assert_int_ge(made, 0);
    close(made);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        fputs(cases[i].bytes, file);
        fclose(file);
        snprintf(text, sizeof text, "%s%s", cases[i].problem, path);
        expect(parse("problem", NULL, text), CUTROPY_EINPUT, cases[i].bytes);
        cutropy_check *check = NULL;
        expect(cutropy_check_open(path, NULL, &check), CUTROPY_EINPUT, cases[i].bytes);
        ck_assert_ptr_null(check);
    }
    cutropy_check *check = NULL;
    expect(cutropy_check_open("/nonexistent/table.csv", NULL, &check), CUTROPY_EIO, "a table");
    expect(cutropy_save_check("/nonexistent/table.csv"), CUTROPY_EIO, "an output");
    snprintf(text, sizeof text, "%s/table.csv", path); /* below a file */
    expect(cutropy_save_check(text), CUTROPY_EIO, "an output below a file");
    unlink(path);
}
END_TEST

/* ---- runs ---- */

static cutropy_status run(const char *problem_text, const char *lattice_text, uint64_t mask,
                          const char *key, const char *value)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_options *options = NULL;
    cutropy_result *result = NULL;
    uint64_t masks[2] = {mask, 0};
    must(cutropy_lattice_parse(lattice_text, &lattice));
    must(cutropy_problem_parse(problem_text, lattice, &problem));
    must(cutropy_options_create(&options));
    if (key)
        must(cutropy_options_set(options, key, value));
    const cutropy_cuts cuts = {.words = lattice->words, .count = 1, .masks = masks};
    const cutropy_status status = cutropy_run(problem, &cuts, options, &result);
    ck_assert_ptr_null(result);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

static int stop(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage;
    (void)done;
    (void)total;
    (void)user;
    return 1;
}

START_TEST(runs)
{
    cutropy_options *options = NULL;
    must(cutropy_options_create(&options));
    expect(cutropy_options_set(options, "colour", "1"), CUTROPY_EINPUT, "a key");
    expect(cutropy_options_set(options, "threads", "0"), CUTROPY_EINPUT, "threads");
    expect(cutropy_options_set(options, "memory", "much"), CUTROPY_EINPUT, "memory");
    expect(cutropy_options_set(options, "symmetry", "perhaps"), CUTROPY_EINPUT, "a choice");
    expect(cutropy_options_set(options, "digits", "1001"), CUTROPY_EINPUT, "digits");
    expect(run("random", "chain:6", 0x40, NULL, NULL), CUTROPY_EINPUT, "a cut outside");
    expect(run("random", "chain:6", 0x1, "quantities", "mutual_information"), CUTROPY_EINPUT,
           "a pair of one");
    expect(run("random", "chain:6", 0x7, "backend", "abacus"), CUTROPY_EINPUT, "a backend");
    expect(run("random", "chain:6", 0x7, "backend", "cuda:x"), CUTROPY_EINPUT, "a device");
    expect(run("random", "chain:6", 0x7, "backend", "cuda:9999"), CUTROPY_EUNSUPPORTED,
           "a device that is not there");
    expect(run("random:count=40,encoding=pm1", "chain:70", 0x7, NULL, NULL), CUTROPY_EINPUT,
           "a large lattice");
    expect(run("random", "chain:24", 0xfff, "memory", "1000"), CUTROPY_EMEMORY, "memory");
    expect(run("inner-product", "chain:44", 0xfff, "memory", "1M"), CUTROPY_EMEMORY, "a long list");
    cutropy_options_free(options);
}
END_TEST

START_TEST(stopped)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_options *options = NULL;
    cutropy_state *state = NULL;
    must(cutropy_lattice_parse("chain:22", &lattice));
    must(cutropy_problem_parse("page", lattice, &problem));
    must(cutropy_options_create(&options));
    cutropy_options_set_progress(options, stop, NULL);
    expect(cutropy_state_open(problem, options, &state), CUTROPY_ECANCELLED, "a stop");
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- what some functions cannot do ---- */

static cutropy_state *state_of(const char *problem_text, const char *lattice_text,
                               cutropy_lattice **lattice, cutropy_problem **problem)
{
    cutropy_state *state = NULL;
    must(cutropy_lattice_parse(lattice_text, lattice));
    must(cutropy_problem_parse(problem_text, *lattice, problem));
    must(cutropy_state_open(*problem, NULL, &state));
    return state;
}

START_TEST(other_kinds)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_cuts cuts = {0};
    cutropy_options *options = NULL;
    cutropy_result *result = NULL;
    uint64_t image;
    double value;
    int8_t label;
    cutropy_state *state = state_of("page", "chain:6", &lattice, &problem);
    must(cutropy_cuts_parse("half", lattice, &cuts));
    must(cutropy_options_create(&options));
    must(cutropy_options_set(options, "quantities", "spectrum"));
    must(cutropy_state_run(state, &cuts, options, &result));
    expect(cutropy_state_images(state, 0, 1, &image), CUTROPY_EUNSUPPORTED, "images of numbers");
    expect(cutropy_certificate_save(state, result, CUTROPY_BASE_BITS, "/nonexistent"),
           CUTROPY_EUNSUPPORTED, "a certificate of numbers");
    expect(cutropy_write(result, CUTROPY_FORMAT_NPY, CUTROPY_BASE_BITS, stdout),
           CUTROPY_EUNSUPPORTED, "lists in .npy");
    expect(cutropy_write(result, (cutropy_format)99, CUTROPY_BASE_BITS, stdout), CUTROPY_EINPUT,
           "a format");
    expect(cutropy_state_values(state, 64, 1, &value), CUTROPY_EINPUT, "a value beyond the last");
    cutropy_result_free(result);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    state = state_of("random:count=40", "chain:70", &lattice, &problem);
    expect(cutropy_state_images(state, 41, 1, &image), CUTROPY_EINPUT, "an image beyond the last");
    expect(cutropy_state_values(state, 0, 1, &label), CUTROPY_EUNSUPPORTED,
           "images without numbers");
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(large_numbers)
{
    const int64_t large[4] = {INT64_C(1) << 31, INT64_C(1) << 31, 0, 1}, none[4] = {0, 0, 0, 0};
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    double number = 0;
    must(cutropy_lattice_parse("chain:2", &lattice));
    must(cutropy_problem_from_values("large", lattice, CUTROPY_KIND_INTEGER, large, &problem));
    cutropy_cuts cuts = {0};
    cutropy_verification *verification = NULL;
    must(cutropy_cuts_parse("0x1", lattice, &cuts));
    expect(cutropy_verify(problem, &cuts, NULL, &verification), CUTROPY_EUNSUPPORTED,
           "a verification of integers beyond 2^62");
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    problem = NULL;
    expect(cutropy_problem_from_values("none", lattice, CUTROPY_KIND_INTEGER, none, &problem),
           CUTROPY_EINPUT, "a function that is zero");
    expect(ct_operations_cpu()->eigenvectors(30001, &number, &number), CUTROPY_EUNSUPPORTED,
           "eigenvectors");
    expect(ct_operations_cpu()->singular_values(30001, 30001, false, &number, &number, &number),
           CUTROPY_EUNSUPPORTED, "singular values");
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("status", texts, files, runs, stopped, other_kinds, large_numbers)
