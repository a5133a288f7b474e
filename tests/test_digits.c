/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in digits. Expected numbers: counted from data/digits.csv.gz with a Python script of
 * ten lines (gzip, split, set). */
#include "check_main.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "input/digits_csv.h"
#include "problem/problem.h"
#include "ref/support.h"

typedef struct counts {
    size_t count, distinct, lit;
    uint64_t first, last, parity;
} counts;

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static counts count(const char *text)
{
    counts c = {0};
    ct_images images;
    cutropy_problem *problem = must_problem(text, NULL);
    ck_assert_str_eq(cutropy_problem_lattice(problem)->name, "grid:8x8");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_LABEL);
    ck_assert_int_eq(problem->list_images(problem, &images), CUTROPY_OK);
    c.count = images.count;
    c.first = images.words[0];
    c.last = images.words[images.count - 1];
    for (size_t k = 0; k < images.count; k++) {
        c.parity ^= images.words[k];
        c.lit += (size_t)__builtin_popcountll(images.words[k]);
    }
    qsort(images.words, images.count, sizeof *images.words, by_value);
    for (size_t k = 0; k < images.count; k++)
        c.distinct += k == 0 || images.words[k] != images.words[k - 1];
    ct_free(images.words);
    cutropy_problem_free(problem);
    return c;
}

START_TEST(every_class_has_its_images)
{
    static const int all[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    static const int distinct[3][10] = {{171, 157, 176, 182, 179, 182, 175, 175, 174, 179},
                                        {163, 173, 173, 183, 179, 178, 173, 177, 170, 177},
                                        {140, 173, 173, 169, 179, 168, 167, 175, 162, 160}};
    static const int thresholds[3] = {8, 1, 16};
    for (int t = 0; t < 3; t++)
        for (int class = 0; class < 10; class ++) {
            char text[64];
            snprintf(text, sizeof text, "digits:class=%d,threshold=%d", class, thresholds[t]);
            counts c = count(text);
            ck_assert_uint_eq(c.count, (size_t)all[class]);
            ck_assert_uint_eq(c.distinct, (size_t)distinct[t][class]);
        }
}
END_TEST

START_TEST(the_threes_are_where_they_belong)
{
    counts c = count("digits:class=3");
    ck_assert_uint_eq(c.first, UINT64_C(0x3864603018181618));
    ck_assert_uint_eq(c.last, UINT64_C(0x3c3020301810343c));
    ck_assert_uint_eq(c.parity, UINT64_C(0xdc542840247a2870));
    ck_assert_uint_eq(c.lit, 3681);
}
END_TEST

/* One line whose pixel i is 16 where bit i of image is set. */
static size_t csv_line(char *text, uint64_t image, int class)
{
    size_t length = 0;
    for (int i = 0; i < 64; i++)
        length += (size_t)sprintf(text + length, "%d,", image >> i & 1 ? 16 : 0);
    return length + (size_t)sprintf(text + length, "%d\n", class);
}

static void expect_bad(const char *text, size_t size, const char *message)
{
    uint64_t *images;
    size_t found;
    ck_assert_int_eq(ct_digits_parse((const uint8_t *)text, size, "D", 3, 8, &images, &found),
                     CUTROPY_EINPUT);
    ck_assert_ptr_null(images);
    ck_assert_uint_eq(found, 0);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "'%s' does not say '%s'",
                  cutropy_error(), message);
}

START_TEST(canonical_text)
{
    cutropy_problem *problem = must_problem("digits:class=3", NULL);
    ck_assert_str_eq(cutropy_problem_text(problem), "digits:class=3,threshold=8");
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(strict_csv)
{
    char text[1024], bad[1024];
    uint64_t *images;
    size_t size = csv_line(text, 0x8000000000000005u, 3), found;
    size += csv_line(text + size, 6, 3);
    ck_assert_int_eq(ct_digits_parse((const uint8_t *)text, size - 1, "D", 3, 8, &images, &found),
                     CUTROPY_OK);
    ck_assert_uint_eq(found, 2);
    ck_assert_uint_eq(images[0], UINT64_C(0x8000000000000005));
    ck_assert_uint_eq(images[1], 6);
    ct_free(images);

    expect_bad("", 0, "empty");
    expect_bad(text, size - 2, ":2: ");  /* no class */
    expect_bad(text, size - 10, ":2: "); /* fewer pixels */
    static const struct {
        size_t at;
        char c;
    } changes[] = {{0, 'x'}, {2, ' '}, {1, '7'}, {3, ';'}, {5, '\n'}};
    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
        memcpy(bad, text, size);
        bad[changes[k].at] = changes[k].c;
        expect_bad(bad, size, ":1: ");
    }
    memcpy(bad, text, size);
    bad[size - 1] = ',';
    expect_bad(bad, size, ":2: ");
    expect_bad("\x1f\x8b\x08", 3, "gzip");
}
END_TEST

START_TEST(other_files)
{
    char folder[] = "digitsXXXXXX", path[64], text[160], line[512];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/my.csv", folder);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fwrite(line, 1, csv_line(line, 0xff, 7), file);
    fclose(file);
    snprintf(text, sizeof text, "digits:class=7,path=%s", path);
    counts c = count(text);
    ck_assert_uint_eq(c.count, 1);
    ck_assert_uint_eq(c.first, 0xff);

    cutropy_problem *problem;
    snprintf(text, sizeof text, "digits:class=6,path=%s", path);
    ck_assert_int_eq(cutropy_problem_parse(text, NULL, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "no image of class 6"));
    remove(path);
    ck_assert_int_eq(cutropy_problem_parse(text, NULL, &problem), CUTROPY_EIO);
    rmdir(folder);
}
END_TEST

START_TEST(refusals)
{
    static const char *const texts[] = {"digits", "digits:class=10", "digits:class=1,threshold=0"};
    cutropy_problem *problem;
    for (int t = 0; t < 3; t++)
        ck_assert_int_eq(cutropy_problem_parse(texts[t], NULL, &problem), CUTROPY_EINPUT);
    cutropy_lattice *lattice = must_lattice("chain:64");
    ck_assert_int_eq(cutropy_problem_parse("digits:class=1", lattice, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "8x8"));
    cutropy_lattice_free(lattice);
}
END_TEST

static cutropy_status make_and_list(void *user)
{
    ct_images images = {0};
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_problem_parse(user, NULL, &problem);
    if (status == CUTROPY_OK)
        status = problem->list_images(problem, &images);
    ct_free(images.words);
    cutropy_problem_free(problem);
    return status;
}

START_TEST(allocation_failures)
{
    char text[] = "digits:class=0";
    ck_assert_int_gt(sweep_allocations(make_and_list, text), 6);
}
END_TEST

CHECK_MAIN("digits", every_class_has_its_images, the_threes_are_where_they_belong, canonical_text,
           strict_csv, other_files, refusals, allocation_failures)
