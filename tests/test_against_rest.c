/* SPDX-License-Identifier: Apache-2.0 */
/* Multi-class problems: one table of all classes whose rows are those of the single runs. */
#include "check_main.h"

#include <stdio.h>
#include <string.h>

#include <cutropy/classes.h>
#include <cutropy/cutropy.h>

#include "failing_allocator.h"
#include "engine/function/options.h"
#include "ref/support.h"

#define CLASSES 10

static cutropy_cuts cuts_of(const cutropy_problem *problem)
{
    cutropy_cuts cuts = must_cuts("rows,half,0x7", cutropy_problem_lattice(problem));
    return cuts;
}

static cutropy_result *run(const cutropy_problem *problem, int threads)
{
    cutropy_options options = ct_default_options();
    cutropy_cuts cuts = cuts_of(problem);
    options.threads = threads;
    cutropy_result *result = must_solve_with(problem, &cuts, "renyi:inf,boundary_pixels", &options);
    cutropy_cuts_free(&cuts);
    return result;
}

/* The whole table of the first count classes. */
static char *table_of(const cutropy_classes *classes, cutropy_result **results, size_t count,
                      cutropy_format format, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    cutropy_sheet *sheet;
    MUST(cutropy_classes_sheet(classes, (const cutropy_result *const *)results, count,
                               CUTROPY_BASE_BITS, &sheet));
    ck_assert_int_eq(cutropy_sheet_write(sheet, format, file), CUTROPY_OK);
    cutropy_sheet_free(sheet);
    fclose(file);
    return text;
}

static cutropy_classes *open_digits(cutropy_result **results)
{
    cutropy_classes *classes = NULL;
    MUST(cutropy_classes_parse("digits:threshold=5", NULL, &classes));
    ck_assert_int_eq(cutropy_classes_count(classes), CLASSES);
    for (int k = 0; k < CLASSES; k++) {
        ck_assert_int_eq(cutropy_classes_label(classes, (size_t)k), k);
        results[k] = run(cutropy_classes_problem(classes, (size_t)k), 1 + k % 2);
    }
    return classes;
}

static void close_digits(cutropy_classes *classes, cutropy_result **results)
{
    for (int k = 0; k < CLASSES; k++)
        cutropy_result_free(results[k]);
    cutropy_classes_free(classes);
}

START_TEST(rows_are_those_of_single_runs)
{
    cutropy_result *results[CLASSES];
    size_t size, single_size;
    cutropy_classes *classes = open_digits(results);
    char *table = table_of(classes, results, CLASSES, CUTROPY_FORMAT_CSV, &size), *rest = table;
    for (int k = 0; k < CLASSES; k++) {
        char name[64], *single = NULL, *line;
        snprintf(name, sizeof name, "digits:class=%d,threshold=5", k);
        cutropy_problem *problem = must_problem(name, NULL);
        ck_assert_str_eq(cutropy_problem_text(problem),
                         cutropy_problem_text(cutropy_classes_problem(classes, (size_t)k)));
        cutropy_result *result = run(problem, 1);
        FILE *file = open_memstream(&single, &single_size);
        ck_assert_int_eq(cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, file),
                         CUTROPY_OK);
        fclose(file);
        int row = 0;
        for (char *p = strtok_r(single, "\n", &line); p; p = strtok_r(NULL, "\n", &line), row++) {
            char prefix[16] = "class,";
            if (row == 0 && k)
                continue; /* one header */
            if (row)
                snprintf(prefix, sizeof prefix, "%d,", k);
            ck_assert_msg(!strncmp(rest, prefix, strlen(prefix)), "class %d row %d", k, row);
            rest += strlen(prefix);
            ck_assert_msg(!strncmp(rest, p, strlen(p)), "class %d row %d: %s", k, row, p);
            rest += strlen(p);
            ck_assert_int_eq(*rest++, '\n');
        }
        ck_assert_int_eq(row, 1 + 8);
        free(single);
        cutropy_result_free(result);
        cutropy_problem_free(problem);
    }
    ck_assert_int_eq(*rest, '\0');
    free(table);
    /* after Ctrl-C: the classes that were computed */
    table = table_of(classes, results, 2, CUTROPY_FORMAT_CSV, &size);
    ck_assert_ptr_nonnull(strstr(table, "\n1,0x"));
    ck_assert_ptr_null(strstr(table, "\n2,0x"));
    free(table);
    close_digits(classes, results);
}
END_TEST

START_TEST(json_is_an_array)
{
    cutropy_result *results[CLASSES];
    size_t size;
    cutropy_classes *classes = open_digits(results);
    char *table = table_of(classes, results, CLASSES, CUTROPY_FORMAT_JSON, &size);
    int documents = 0, rows = 0;
    for (const char *p = table; (p = strstr(p, "\"problem\": \"digits:class=")) != NULL; p++)
        documents++;
    for (const char *p = table; (p = strstr(p, "{\"class\": 9, \"cut\": \"0x")) != NULL; p++)
        rows++;
    ck_assert_int_eq(documents, CLASSES);
    ck_assert_int_eq(rows, 8);
    ck_assert_int_eq(table[0], '[');
    ck_assert_str_eq(table + size - 2, "]\n");
    free(table);
    close_digits(classes, results);
}
END_TEST

/* A structured array: class first, 80 records of one size. */
START_TEST(npy)
{
    cutropy_result *results[CLASSES];
    size_t size;
    cutropy_classes *classes = open_digits(results);
    char *table = table_of(classes, results, CLASSES, CUTROPY_FORMAT_NPY, &size);
    size_t start = 10 + (unsigned char)table[8] + 256 * (size_t)(unsigned char)table[9];
    ck_assert_ptr_nonnull(memmem(table, start, "[('class', '<i8'), ('cut', '<U", 30));
    ck_assert_ptr_nonnull(memmem(table, start, "'shape': (80,)", 14));
    ck_assert_int_eq((size - start) % 80, 0);
    for (size_t row = 0; row < 80; row++) {
        int64_t label;
        memcpy(&label, table + start + row * ((size - start) / 80), sizeof label);
        ck_assert_int_eq(label, (int64_t)(row / 8));
    }
    free(table);
    close_digits(classes, results);
}
END_TEST

/* Ranges and numbers; the rows are those of single runs, each behind its value. */
START_TEST(values_of_a_parameter)
{
    static const char *const right[] = {"0.05", "0.1", "0.15", "0.2", "0.25"};
    cutropy_result *results[5];
    cutropy_classes *classes = NULL;
    cutropy_sheet *sheet = NULL;
    const char text[] = "digits:class=3,map=cos";
    ck_assert_msg(cutropy_classes_vary(text, "theta", "0.05..0.2/4,0.25", NULL, &classes) ==
                      CUTROPY_OK,
                  "%s", cutropy_error());
    ck_assert_int_eq(cutropy_classes_count(classes), 5);
    for (size_t k = 0; k < 5; k++)
        results[k] = run(cutropy_classes_problem(classes, k), 1);
    ck_assert_int_eq(cutropy_classes_sheet(classes, (const cutropy_result *const *)results, 5,
                                           CUTROPY_BASE_BITS, &sheet),
                     CUTROPY_OK);
    ck_assert_str_eq(cutropy_sheet_name(sheet, 0), "theta");
    char *table = table_of(classes, results, 5, CUTROPY_FORMAT_CSV, &(size_t){0}), *at = table;
    for (size_t k = 0; k < 5; k++) {
        char name[64], start[16];
        snprintf(name, sizeof name, "%s,theta=%s", text, right[k]);
        snprintf(start, sizeof start, "\n%s,0x", right[k]);
        cutropy_problem *problem = must_problem(name, NULL);
        cutropy_result *one = run(problem, 1);
        ck_assert_int_eq(one->count, results[k]->count);
        for (size_t row = 0; row < one->count; row++) {
            at = strstr(at, start);
            ck_assert_ptr_nonnull(at++);
            ck_assert(cutropy_result_entropy(one, row) == cutropy_result_entropy(results[k], row));
        }
        cutropy_result_free(one);
        cutropy_problem_free(problem);
        cutropy_result_free(results[k]);
    }
    free(table);
    cutropy_sheet_free(sheet);
    cutropy_classes_free(classes);
    ck_assert_int_eq(cutropy_classes_vary(text, "theta", "0.05..0.5", NULL, &classes), CUTROPY_OK);
    ck_assert_int_eq(cutropy_classes_count(classes), 10);
    ck_assert_ptr_nonnull(
        strstr(cutropy_problem_text(cutropy_classes_problem(classes, 6)), "theta=0.35"));
    cutropy_classes_free(classes);
    ck_assert_msg(!cutropy_classes_vary(text, "theta", "1..2/3", NULL, &classes), "%s",
                  cutropy_error());
    ck_assert_int_eq(cutropy_classes_count(classes), 3);
    ck_assert_ptr_nonnull(
        strstr(cutropy_problem_text(cutropy_classes_problem(classes, 1)), "theta=1.5"));
    cutropy_classes_free(classes);
}
END_TEST

START_TEST(bad_values)
{
    static const char *const bad[][4] = {
        {"digits:class=3,map=cos", "theta", "0.2..0.1", "is no range LOW..HIGH"},
        {"digits:class=3,map=cos", "theta", "..0.1", "is no range"},
        {"digits:class=3,map=cos", "theta", "0.1..", "is no range"},
        {"digits:class=3,map=cos", "theta", "0.1..0.2/1", "is no range"},
        {"digits:class=3,map=cos", "theta", "0.1..0.2/3x", "is no range"},
        {"digits:class=3,map=cos", "theta", "0.1..1e999", "is no range"},
        {"digits:class=3,map=cos", "theta", "0.1,", "theta= is not a finite"},
        {"digits:class=3,map=cos", "theta", "0.1,one", "theta=one is not a finite"},
        {"digits:class=3,map=cos", "theta", "0.1..0.2/1001", "more than 1000 values"},
        {"digits:class=3,map=cos", "theta", "0.1000000000000000000000000000000", "more than 31"},
        {"digits:class=3,map=cos", "bins", "2,3", "no parameter bins that could vary"},
        {"digits:class=3,map=cos,theta=0.1", "theta", "0.1", "leave out theta="},
        {"digits:class=3", "theta", "0.1,0.2", "theta and bins are of other maps than bw"},
        {"data:map=poly", "theta", "0.1,0.2", "theta is of map=cos and map=phase"},
        {"data:map=levels", "theta", "0.5,0.2", "theta is of map=cos and map=phase"},
        {"loops", "theta", "0.1", "loops has no parameter theta"},
        {"digitz", "theta", "0.1", "did you mean: digits"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        cutropy_classes *classes;
        ck_assert_int_eq(cutropy_classes_vary(bad[k][0], bad[k][1], bad[k][2], NULL, &classes),
                         CUTROPY_EINPUT);
        ck_assert_ptr_null(classes);
        ck_assert_msg(strstr(cutropy_error(), bad[k][3]) != NULL, "%s: %s", bad[k][2],
                      cutropy_error());
    }
}
END_TEST

static void refuse(const char *text, const char *lattice_text, const char *message)
{
    cutropy_lattice *lattice = NULL;
    cutropy_classes *classes;
    if (lattice_text)
        lattice = must_lattice(lattice_text);
    ck_assert_int_eq(cutropy_classes_parse(text, lattice, &classes), CUTROPY_EINPUT);
    ck_assert_ptr_null(classes);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "%s: '%s' does not say '%s'", text,
                  cutropy_error(), message);
    cutropy_lattice_free(lattice);
}

START_TEST(bad_input)
{
    refuse("loops", NULL, "loops has no classes; problems with classes: digits");
    refuse("./images.npy", NULL, "has no classes");
    refuse("data:images=x,labels=y", NULL, "label=pm1:K takes label K against the others");
    refuse("digitz", NULL, "did you mean: digits");
    refuse("digits:class=3", NULL, "contradictory");
    refuse("digits:threshold=5,class=3", NULL, "contradictory");
    refuse("digits:threshold=99", NULL, "out of range");
    refuse("digits:colour=1", NULL, "unknown key");
    refuse("digits", "4x4", "8x8");
    cutropy_classes *classes;
    const cutropy_result *const *none = NULL;
    ck_assert_int_eq(cutropy_classes_parse("digits", NULL, &classes), CUTROPY_OK);
    cutropy_sheet *sheet;
    for (size_t count = 0; count < 12; count += 11) {
        ck_assert_int_eq(cutropy_classes_sheet(classes, none, count, CUTROPY_BASE_BITS, &sheet),
                         CUTROPY_EINPUT);
        ck_assert_ptr_null(sheet);
    }
    cutropy_classes_free(classes);
}
END_TEST

START_TEST(allocation_failures)
{
    for (long k = 0;; k += amount(1, 3)) {
        cutropy_classes *classes;
        failing_allocator_start(k);
        cutropy_status status = cutropy_classes_parse("digits", NULL, &classes);
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        cutropy_classes_free(classes);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            ck_assert_int_gt(k, 50);
            break;
        }
    }
}
END_TEST

CHECK_MAIN("against the rest", allocation_failures, rows_are_those_of_single_runs, json_is_an_array,
           npy, bad_input, values_of_a_parameter, bad_values)
