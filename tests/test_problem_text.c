/* SPDX-License-Identifier: Apache-2.0 */
/* The text of problems: parameters, bad input, canonical form, failing allocations; and problems
 * from the caller's data. */
#include "check_main.h"
#include "failing_allocator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "problem/problem.h"
#include "ref/support.h"

/* lattice NULL: the default of the problem */
/* ---- bad input ---- */

static void check_bad(const char *text, const char *lattice_text, const char *message)
{
    cutropy_lattice *lattice = lattice_text ? must_lattice(lattice_text) : NULL;
    cutropy_problem *problem = (cutropy_problem *)&problem;
    cutropy_status status = cutropy_problem_parse(text, lattice, &problem);
    ck_assert_msg(status == CUTROPY_EINPUT, "'%s' gives %d", text ? text : "NULL", status);
    ck_assert_ptr_null(problem);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "'%s': '%s' lacks '%s'",
                  text ? text : "NULL", cutropy_error(), message);
    ck_assert_ptr_null(strchr(cutropy_error(), '\n'));
    cutropy_lattice_free(lattice);
}

START_TEST(test_unknown_names)
{
    check_bad(NULL, NULL, "no problem given");
    check_bad("", NULL, "unknown problem ''");
    check_bad("lops", NULL, "did you mean: loops");
    check_bad("rnadom", NULL, "did you mean: random");
    check_bad("rnadom:density=0.5", NULL, "unknown problem 'rnadom'; did you mean: random");
    check_bad("percolaton", NULL, "percolation");
    check_bad("still", NULL, "still-life");
    check_bad("conected:x=1", NULL, "connected");
    check_bad("Parity", NULL, "did you mean: parity?");
    check_bad("GHZ:encoding=pm1", NULL, "did you mean: ghz?");
    check_bad("MAJORTY", NULL, "did you mean: majority");
    check_bad("parity ", NULL, "parity");
    check_bad("zzzzzzzzzz", NULL, "'cutropy problems' lists");
    check_bad(
        "an-unknown-name-much-longer-than-any-known-name-and-then-some-more-of-it-until-it-is-cut",
        NULL, "unknown problem 'an-unknown");
    check_bad("loo\nps", NULL, "loops");
}
END_TEST

START_TEST(test_bad_keys)
{
    check_bad("random:", NULL, "'' is not key=value");
    check_bad("random:seed", NULL, "'seed' is not key=value");
    check_bad("random:=3", NULL, "'=3' is not key=value");
    check_bad("random:seed=1,", NULL, "'' is not key=value");
    check_bad("random:,seed=1", NULL, "'' is not key=value");
    check_bad("random:seed=1,,count=3", NULL, "'' is not key=value");
    check_bad("random:speed=1", NULL,
              "unknown key 'speed'; known keys: density, count, seed, encoding");
    check_bad("ghz:odd=1", NULL, "unknown key 'odd'; known keys: encoding");
    check_bad("random:seed=1,seed=1", NULL, "'seed' is given twice");
    check_bad("ghz:encoding=01,encoding=pm1", NULL, "'encoding' is given twice");
    check_bad("file", NULL, "path");
}
END_TEST

START_TEST(test_bad_values)
{
    static const char *const no_integer[] = {"",   "x",   "1.0", "1e3", "+1", " 1",
                                             "1 ", "--1", "-",   "0x1", "1;"};
    static const char *const no_seed[] = {"", "-1", "+1", "1.5", "0x10", " 7", "seven"};
    static const char *const no_real[] = {"",     "nan",  "inf", "-inf", "0x1p-1", "0.5x",
                                          " 0.5", "0.5 ", ".",   "1e",   "1-2"};
    char text[80];
    for (size_t k = 0; k < sizeof no_integer / sizeof no_integer[0]; k++) {
        snprintf(text, sizeof text, "weight:k=%s", no_integer[k]);
        check_bad(text, NULL, "is not an integer");
    }
    for (size_t k = 0; k < sizeof no_seed / sizeof no_seed[0]; k++) {
        snprintf(text, sizeof text, "random:seed=%s", no_seed[k]);
        check_bad(text, NULL, "is not a non-negative integer");
    }
    for (size_t k = 0; k < sizeof no_real / sizeof no_real[0]; k++) {
        snprintf(text, sizeof text, "random:density=%s", no_real[k]);
        check_bad(text, NULL, "is not a finite decimal number");
    }
    check_bad("random:density=1e999", NULL, "is neither 0 nor between 2.3e-308 and 1.7e308");
    check_bad("random:density=1.0000001", NULL, "out of range 0..1");
    check_bad("random:density=-0.1", NULL, "out of range 0..1");
    check_bad("random:seed=18446744073709551616", NULL, "does not fit 64 bits");
    check_bad("parity:odd=2", NULL, "out of range 0..1");
    check_bad("parity:odd=-1", NULL, "out of range 0..1");
    check_bad("parity:odd=99999999999999999999", NULL, "out of range 0..1");
    check_bad("ghz:encoding=pm", NULL, "it can be 01|pm1");
    check_bad("ghz:encoding=01|pm1", NULL, "it can be 01|pm1");
    check_bad("contains:match=any", NULL, "it can be exact|lit");
}
END_TEST

START_TEST(test_contradictions)
{
    check_bad("random:density=0.5,count=3", NULL, "contradict");
    check_bad("random:density=0", NULL, "no label-1 image");
    check_bad("random:count=65537", "4x4", "larger than the number of images");
    check_bad("weight:k=17", "4x4", "larger than the number of pixels");
    check_bad("threshold:k=17", "4x4", "larger than the number of pixels");
    check_bad("inner-product", "3x3", "must be even");
    check_bad("loops:contractible=1", "links:3x3", "needs a torus");
    check_bad("contains:pattern=", NULL, "equally long rows");
    check_bad("contains:pattern=11/1", NULL, "equally long rows");
    check_bad("contains:pattern=1/11", NULL, "equally long rows");
    check_bad("contains:pattern=11/", NULL, "equally long rows");
    check_bad("contains:pattern=/11", NULL, "equally long rows");
    check_bad("contains:pattern=12", NULL, "equally long rows");
    check_bad("contains:pattern=00,match=lit", NULL, "no lit pixel");
    check_bad("contains:pattern=11111", "4x4", "does not fit");
    check_bad("contains:pattern=1/1/1/1/1", "4x4", "does not fit");
    check_bad("contains", "chain:9", "does not fit");
}
END_TEST

START_TEST(test_lattices_that_do_not_fit)
{
    static const char *const grids_only[] = {"bars-stripes", "still-life"};
    static const char *const no_links[] = {"mirror", "percolation", "rectangle",
                                           "contains:pattern=1"};
    for (size_t k = 0; k < sizeof grids_only / sizeof grids_only[0]; k++)
        check_bad(grids_only[k], "chain:9", "use --lattice grid:LxxLy");
    for (size_t k = 0; k < sizeof no_links / sizeof no_links[0]; k++)
        check_bad(no_links[k], "links:3x3", "use --lattice grid:LxxLy or chain:N");
    check_bad("inner-product", "6x11", "66 pixels; at most 64");
    check_bad("loops", "4x4", "use --lattice links:LxxLy");
    check_bad("random", "chain:41", "41 pixels; at most 40");
    check_bad("primes", "chain:41", "41 pixels; at most 40");
}
END_TEST

/* ---- canonical text ---- */

START_TEST(test_canonical)
{
    static const char *const texts[][2] = {
        {"ghz", "ghz"},
        {"ghz:encoding=01", "ghz"},
        {"ghz:encoding=pm1", "ghz:encoding=pm1"},
        {"parity", "parity:odd=0"},
        {"parity:encoding=pm1,odd=1", "parity:odd=1,encoding=pm1"},
        {"weight:k=03", "weight:k=3"},
        {"random", "random:density=0.5,count=0,seed=0"},
        {"random:seed=7,density=.25", "random:density=0.25,count=0,seed=7"},
        {"random:density=0.1", "random:density=0.1,count=0,seed=0"},
        {"random:density=0.10000000000000002", "random:density=0.10000000000000002,count=0,seed=0"},
        {"random:density=3e-5", "random:density=3e-05,count=0,seed=0"},
        {"random:count=5", "random:count=5,seed=0"},
        {"random:seed=18446744073709551615,count=5", "random:count=5,seed=18446744073709551615"},
        {"contains:match=lit,pattern=1/0", "contains:pattern=1/0,match=lit"},
    };
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        cutropy_problem *first = must_problem(texts[k][0], NULL);
        ck_assert_str_eq(cutropy_problem_text(first), texts[k][1]);
        cutropy_problem *second = must_problem(cutropy_problem_text(first), NULL);
        ck_assert_str_eq(cutropy_problem_text(second), texts[k][1]);
        cutropy_problem_free(first);
        cutropy_problem_free(second);
    }
}
END_TEST

/* Same evaluator, same data. */
static void check_same(const cutropy_problem *a, const cutropy_problem *b)
{
    ck_assert_str_eq(a->text, b->text);
    ck_assert_str_eq(a->lattice->name, b->lattice->name);
    ck_assert_int_eq(a->kind, b->kind);
    ck_assert_int_eq(a->pm1, b->pm1);
    ck_assert_int_eq(a->body, b->body);
    ck_assert(a->fill_labels == b->fill_labels && a->fill_values == b->fill_values &&
              a->list_images == b->list_images);
    if (a->body != CT_BODY_NONE)
        ck_assert_int_eq(memcmp(a->body_data, b->body_data, sizeof *a->body_data), 0);
}

static bool needs_parameters(const ct_problem_type *type)
{
    for (const ct_param *p = type->params; p && p->key; p++)
        if (!p->standard)
            return true;
    return false;
}

/* Every type that needs no parameter: described, one evaluator, and its text makes it again. */
START_TEST(test_every_type)
{
    int count = 0;
    for (const ct_problem_type *const *type = ct_problem_types; *type; type++, count++) {
        const ct_problem_type *t = *type;
        ck_assert_msg(t->name && t->summary && t->definition && t->source && t->known,
                      "%s is not described", t->name);
        ck_assert(*t->summary && *t->definition && *t->source);
        if (needs_parameters(t))
            continue;
        cutropy_problem *first = must_problem(t->name, NULL),
                        *second = must_problem(first->text, NULL);
        int evaluators = (first->body != CT_BODY_NONE) + !!first->fill_labels +
                         !!first->fill_values + !!first->list_images + !!first->products;
        ck_assert_msg(evaluators == 1, "%s has %d evaluators", t->name, evaluators);
        ck_assert_int_eq(t->is_label, cutropy_problem_kind(first) == CUTROPY_KIND_LABEL);
        check_same(first, second);
        cutropy_problem_free(first);
        cutropy_problem_free(second);
    }
    ck_assert_int_eq(count, 29);
}
END_TEST

/* The caller's lattice is copied. */
START_TEST(test_lattice_is_copied)
{
    cutropy_lattice *lattice = must_lattice("5x2:torus");
    cutropy_problem *problem = must_problem_on("parity", lattice);
    cutropy_lattice_free(lattice);
    ck_assert_str_eq(cutropy_problem_lattice(problem)->name, "grid:5x2:torus");
    ck_assert_int_eq(cutropy_problem_lattice(problem)->bonds, 15);
    cutropy_problem_free(problem);
    cutropy_problem_free(NULL);
}
END_TEST

START_TEST(test_paths)
{
    static const char *const missing[] = {"no-such-folder/images", "no-such-file.npy", "./parity",
                                          "no-such.npy:torus"};
    for (size_t k = 0; k < sizeof missing / sizeof missing[0]; k++) {
        cutropy_problem *problem = NULL;
        ck_assert_int_eq(cutropy_problem_parse(missing[k], NULL, &problem), CUTROPY_EIO);
        ck_assert_ptr_null(problem);
    }
    check_bad("no-such-folder/a,b.npy", NULL, "comma");
    check_bad("file:path=a,b.npy", NULL, "path=a,b.npy: a value cannot contain a comma");
    check_bad("file:path=a,", NULL, "a value cannot contain a comma");
    check_bad("file:format=auto,b", NULL, "file: 'b' is not key=value");
}
END_TEST

/* ---- failing allocations ---- */

static cutropy_status parse_and_free(void *text)
{
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_problem_parse(text, NULL, &problem);
    ck_assert_int_eq(status == CUTROPY_OK, problem != NULL);
    ct_images images = {0};
    if (status == CUTROPY_OK && problem->list_images) {
        status = problem->list_images(problem, &images);
        ck_assert_int_eq(status == CUTROPY_OK, images.words != NULL);
    }
    ct_free(images.words);
    cutropy_problem_free(problem);
    return status;
}

START_TEST(test_failing_allocations)
{
    for (const ct_problem_type *const *type = ct_problem_types; *type; type++)
        if ((*type)->is_label && !needs_parameters(*type))
            ck_assert_int_gt(sweep_allocations(parse_and_free, (void *)(uintptr_t)(*type)->name),
                             0);
    ck_assert_int_gt(sweep_allocations(parse_and_free, "digits:class=3"), 0);
    ck_assert_int_gt(sweep_allocations(parse_and_free, "random:count=20,encoding=pm1"), 0);
    ck_assert_int_gt(sweep_allocations(parse_and_free, "contains:pattern=10/01,match=lit"), 0);
}
END_TEST

/* Bad input frees everything too. */
START_TEST(test_bad_input_leaks_nothing)
{
    static const char *const bad[] = {
        "weight:k=13", "random:seed=1,seed=2", "random:count=3,density=0.5",
        "ghz:x=1",     "contains:pattern=2",   "file",
        "lops"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        failing_allocator_start(-1);
        ck_assert_int_eq(parse_and_free((void *)(uintptr_t)bad[k]), CUTROPY_EINPUT);
        ck_assert_int_eq(failing_allocator_live(), 0);
    }
    cutropy_set_allocator(NULL, NULL, NULL);
}
END_TEST

/* ---- the caller's own data ---- */

static int is_multiple(uint64_t image, void *user)
{
    return image % *(const uint64_t *)user == 0;
}

START_TEST(test_from_labels)
{
    uint64_t three = 3, words[4];
    for (int pixels = 2; pixels <= 8; pixels += 3) {
        char text[24];
        snprintf(text, sizeof text, "chain:%d", pixels);
        cutropy_lattice *lattice = must_lattice(text);
        cutropy_problem *problem = NULL;
        ck_assert_int_eq(
            cutropy_problem_from_labels("thirds", lattice, is_multiple, &three, &problem),
            CUTROPY_OK);
        cutropy_lattice_free(lattice);
        ck_assert_str_eq(cutropy_problem_text(problem), "thirds");
        ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_LABEL);
        int images = 1 << pixels;
        problem->fill_labels(problem, 0, (size_t)(images + 63) / 64, words);
        for (int s = 0; s < (images + 63) / 64 * 64; s++)
            ck_assert_int_eq(words[s / 64] >> (s % 64) & 1, s < images && s % 3 == 0);
        cutropy_problem_free(problem);
    }
    cutropy_lattice *large = must_lattice("chain:41");
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_labels("x", large, is_multiple, &three, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_from_labels("", large, is_multiple, &three, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_from_labels("x", NULL, is_multiple, &three, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_from_labels("x", large, NULL, NULL, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_null(problem);
    cutropy_lattice_free(large);
}
END_TEST

static cutropy_status from_values(const char *lattice_text, cutropy_kind kind, const void *values,
                                  cutropy_problem **out)
{
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_status status = cutropy_problem_from_values("mine", lattice, kind, values, out);
    ck_assert_int_eq(status == CUTROPY_OK, *out != NULL);
    cutropy_lattice_free(lattice);
    return status;
}

START_TEST(test_from_values)
{
    uint8_t labels[128] = {1, 0, 1};
    int64_t integers[4] = {0, INT64_MIN, -3, INT64_MAX}, integer_part[2];
    double reals[8] = {0, -1.5, 2, 1e-300, 5, 6, 7, 8}, part[4];
    uint64_t bits[2];
    cutropy_problem *problem = NULL;
    labels[127] = 1;

    ck_assert_int_eq(from_values("chain:7", CUTROPY_KIND_LABEL, labels, &problem), CUTROPY_OK);
    problem->fill_labels(problem, 0, 2, bits);
    ck_assert(bits[0] == 5 && bits[1] == UINT64_C(1) << 63);
    problem->fill_labels(problem, 1, 1, bits);
    ck_assert(bits[0] == UINT64_C(1) << 63);
    cutropy_problem_free(problem);

    ck_assert_int_eq(from_values("chain:2", CUTROPY_KIND_INTEGER, integers, &problem), CUTROPY_OK);
    problem->fill_values(problem, 1, 2, integer_part);
    ck_assert(integer_part[0] == INT64_MIN && integer_part[1] == -3);
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_INTEGER);
    cutropy_problem_free(problem);

    ck_assert_int_eq(from_values("chain:3", CUTROPY_KIND_REAL, reals, &problem), CUTROPY_OK);
    problem->fill_values(problem, 4, 4, part);
    ck_assert(part[0] == 5 && part[3] == 8);
    cutropy_problem_free(problem);

    ck_assert_int_eq(from_values("chain:2", CUTROPY_KIND_COMPLEX, reals, &problem), CUTROPY_OK);
    problem->fill_values(problem, 1, 2, part);
    ck_assert(part[0] == 2 && part[1] == 1e-300 && part[2] == 5 && part[3] == 6);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(test_from_bad_values)
{
    uint8_t no_label[2] = {1, 2}, dark[2] = {0};
    int64_t zero[2] = {0};
    double zeros[4] = {0, -0.0}, nan_last[4] = {1, 0, 0, NAN}, infinite[2] = {-INFINITY, 1};
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_LABEL, no_label, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_LABEL, dark, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_INTEGER, zero, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:2", CUTROPY_KIND_REAL, zeros, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_COMPLEX, zeros, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:2", CUTROPY_KIND_REAL, nan_last, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_COMPLEX, nan_last, &problem),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "image 1 is not finite"));
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_REAL, infinite, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", (cutropy_kind)9, infinite, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:1", CUTROPY_KIND_REAL, NULL, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(from_values("chain:41", CUTROPY_KIND_REAL, zeros, &problem), CUTROPY_EINPUT);
}
END_TEST

START_TEST(test_from_images)
{
    cutropy_lattice *lattice = must_lattice("chain:70");
    uint64_t words[6] = {5, 1, 5, 1, UINT64_MAX, 63};
    ct_images images;
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("set", lattice, words, 3, &problem), CUTROPY_OK);
    ck_assert_int_eq(problem->list_images(problem, &images), CUTROPY_OK);
    ck_assert_uint_eq(images.count, 3);
    ck_assert_int_eq(memcmp(images.words, words, sizeof words), 0);
    ct_free(images.words);
    cutropy_problem_free(problem);
    words[3] = 64;
    ck_assert_int_eq(cutropy_problem_from_images("set", lattice, words, 3, &problem),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "image 1 has lit pixels beyond the 70"));
    ck_assert_int_eq(cutropy_problem_from_images("set", lattice, words, 0, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_from_images("set", lattice, NULL, 3, &problem),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_from_images("set", lattice, words, SIZE_MAX / 8, &problem),
                     CUTROPY_EMEMORY);
    ck_assert_ptr_null(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Everything that the three functions allocate, on a lattice that is outside of the count. */
static cutropy_lattice *sweep_lattice;

static cutropy_status labels_and_free(void *text)
{
    cutropy_problem *problem = NULL;
    uint64_t three = 3;
    cutropy_status status =
        cutropy_problem_from_labels(text, sweep_lattice, is_multiple, &three, &problem);
    cutropy_problem_free(problem);
    return status;
}

static cutropy_status bytes_and_free(void *text)
{
    static const uint8_t labels[16] = {1};
    cutropy_problem *problem = NULL;
    cutropy_status status =
        cutropy_problem_from_values(text, sweep_lattice, CUTROPY_KIND_LABEL, labels, &problem);
    cutropy_problem_free(problem);
    return status;
}

static cutropy_status values_and_free(void *text)
{
    static const double values[32] = {1};
    cutropy_problem *problem = NULL;
    cutropy_status status =
        cutropy_problem_from_values(text, sweep_lattice, CUTROPY_KIND_COMPLEX, values, &problem);
    cutropy_problem_free(problem);
    return status;
}

static cutropy_status images_and_free(void *text)
{
    static const uint64_t words[2] = {1, 2};
    cutropy_problem *problem = NULL;
    ct_images images = {0};
    cutropy_status status = cutropy_problem_from_images(text, sweep_lattice, words, 2, &problem);
    if (status == CUTROPY_OK)
        status = problem->list_images(problem, &images);
    ct_free(images.words);
    cutropy_problem_free(problem);
    return status;
}

START_TEST(test_from_user_allocations)
{
    sweep_lattice = must_lattice("chain:4");
    ck_assert_int_gt(sweep_allocations(labels_and_free, "labels"), 0);
    ck_assert_int_gt(sweep_allocations(bytes_and_free, "bytes"), 0);
    ck_assert_int_gt(sweep_allocations(values_and_free, "values"), 0);
    ck_assert_int_gt(sweep_allocations(images_and_free, "images"), 0);
    cutropy_lattice_free(sweep_lattice);
}
END_TEST

CHECK_MAIN("problem text", test_unknown_names, test_bad_keys, test_bad_values, test_contradictions,
           test_lattices_that_do_not_fit, test_canonical, test_every_type, test_lattice_is_copied,
           test_paths, test_failing_allocations, test_bad_input_leaks_nothing, test_from_labels,
           test_from_values, test_from_bad_values, test_from_images, test_from_user_allocations)
