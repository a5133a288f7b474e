/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures through the C interface: scripts of tables, of sheets and of a series hold the numbers; each allocation fails once; what is
 * refused leaves no file. (tests/cli/plot.sh compares what is drawn with the tables.) */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "own_folder.h"
#include "ref/support.h"

static bool holds(const char *path, const char *text)
{
    static char bytes[1 << 16];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    ck_assert_int_eq(fclose(file), 0);
    return strstr(bytes, text) != NULL;
}

static cutropy_sheet *make_tables(cutropy_result **result)
{
    static const struct {
        const char *path;
        cutropy_format format;
    } tables[] = {{"t.csv", CUTROPY_FORMAT_CSV},
                  {"t.json", CUTROPY_FORMAT_JSON},
                  {"t.npy", CUTROPY_FORMAT_NPY}};
    cutropy_problem *p = must_problem("parity", "chain:5");
    cutropy_cuts cuts = must_cuts("prefixes", cutropy_problem_lattice(p));
    cutropy_sheet *sheet;
    ck_assert_int_eq(cutropy_run(p, &cuts, NULL, result), CUTROPY_OK);
    ck_assert_int_eq(cutropy_result_sheet(*result, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(cutropy_sheet_save(sheet, tables[i].format, tables[i].path), CUTROPY_OK);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(p);
    return sheet;
}

START_TEST(scripts)
{
    const char *const tables[] = {"t.csv", "t.json", "t.npy"};
    const char *const rows = "mark\n0,1,1,"; /* series, x, y */
    cutropy_result *result;
    enter_folder();
    cutropy_sheet *sheet = make_tables(&result);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(cutropy_plot_tables(&tables[i], 1, NULL, "p.gp"), CUTROPY_OK);
        ck_assert_msg(holds("p.gp", rows), "%s", tables[i]);
    }
    ck_assert_int_eq(cutropy_plot_tables(tables, 3, NULL, "p.gp"), CUTROPY_OK);
    ck_assert(holds("p.gp", "curves = 3") && holds("p.gp", "\n2,4,1,"));
    ck_assert_int_eq(cutropy_plot_sheet(sheet, "it's", NULL, "p.gp"), CUTROPY_OK);
    ck_assert(holds("p.gp", rows) && holds("p.gp", "function = 'it''s'"));
    cutropy_sheet_free(sheet);
    cutropy_result_free(result);
    leave_folder();
}
END_TEST

START_TEST(bad_input)
{
    const char *const tables[] = {"t.csv"}, *const none[] = {"none.csv"};
    cutropy_plot_options options = CUTROPY_PLOT_OPTIONS;
    cutropy_result *result;
    cutropy_series *series;
    cutropy_series_options wanted = CUTROPY_SERIES_OPTIONS;
    enter_folder();
    cutropy_sheet_free(make_tables(&result));
    cutropy_result_free(result);
    ck_assert_int_eq(cutropy_plot_tables(tables, 0, NULL, "p.gp"), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_plot_tables(tables, 1, NULL, "p.jpg"), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_plot_tables(none, 1, NULL, "p.gp"), CUTROPY_EIO);
    options.y = "height";
    ck_assert_int_eq(cutropy_plot_tables(tables, 1, &options, "p.gp"), CUTROPY_EINPUT);
    options.size = 3;
    ck_assert_int_eq(cutropy_plot_tables(tables, 1, &options, "p.gp"), CUTROPY_EINPUT);
    wanted.problem = "parity";
    wanted.lattices = "chain:5..8";
    ck_assert_int_eq(cutropy_series_open(&wanted, &series), CUTROPY_OK);
    ck_assert_int_eq(cutropy_plot_series(series, "p.gp"), CUTROPY_EINPUT); /* before the fits */
    ck_assert_int_ne(access("p.gp", F_OK), 0);
    ck_assert_int_eq(cutropy_series_run(series, NULL), CUTROPY_OK);
    ck_assert_int_eq(cutropy_plot_series(series, "p.gp"), CUTROPY_OK);
    ck_assert(holds("p.gp", "law_headline = 'constant, exact'"));
    cutropy_series_free(series);
    leave_folder();
}
END_TEST

START_TEST(allocation_failures)
{
    const char *const tables[] = {"t.csv", "t.json", "t.npy"};
    cutropy_result *result;
    enter_folder();
    cutropy_sheet_free(make_tables(&result));
    cutropy_result_free(result);
    for (long k = 0;; k++) {
        ck_assert_int_lt(k, 5000);
        failing_allocator_start(k);
        const cutropy_status status = cutropy_plot_tables(tables, 3, NULL, "p.gp");
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired)
            break;
        ck_assert_int_ne(access("p.gp", F_OK), 0);
    }
    leave_folder();
}
END_TEST

CHECK_MAIN("plot", scripts, bad_input, allocation_failures)
