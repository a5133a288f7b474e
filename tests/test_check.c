/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of tables, sets of proved tables, series of lattices, verdicts and pictures through the C
 * interface alone: a table of ours agrees, a changed digit is found and named; a set knows what is
 * there, what was altered and whose function changed; a series gives the law that its words say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "own_folder.h"
#include "ref/support.h"

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    ck_assert(file && text);
    const size_t size = fread(text, 1, (1 << 20) - 1, file);
    ck_assert_uint_gt(size, 0);
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

/* What write says, as text; free() it. */
static char *words_of(cutropy_status (*write)(const cutropy_check *, FILE *),
                      const cutropy_check *check)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(write(check, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

static char *report_of(const cutropy_check *check)
{
    char *text = NULL;
    size_t size = 0;
    cutropy_sheet *sheet;
    FILE *file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_check_sheet(check, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    cutropy_sheet_free(sheet);
    return text;
}

static cutropy_check *must_check(const char *path, const cutropy_check_options *options)
{
    cutropy_check *check;
    ck_assert_msg(cutropy_check_open(path, options, &check) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_msg(cutropy_check_run(check, NULL) == CUTROPY_OK, "%s", cutropy_error());
    return check;
}

static void save_table(const char *path, cutropy_format format)
{
    cutropy_problem *problem = must_problem("connected", "3x3");
    cutropy_cuts cuts = must_cuts("rows,half", cutropy_problem_lattice(problem));
    cutropy_result *result = must_solve(problem, &cuts, NULL);
    ck_assert_int_eq(cutropy_save(result, format, CUTROPY_BASE_BITS, path), CUTROPY_OK);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}

START_TEST(our_own_table_agrees)
{
    enter_folder();
    save_table("ours.json", CUTROPY_FORMAT_JSON);
    cutropy_check *check = must_check("ours.json", NULL);
    const cutropy_check_summary *found = cutropy_check_summarize(check);
    ck_assert_uint_eq(found->rows, 3);
    ck_assert_uint_eq(found->agree, 3);
    ck_assert_int_eq(found->altered, 0);
    ck_assert_str_eq(cutropy_problem_lattice(cutropy_check_problem(check))->name, "grid:3x3");
    cutropy_check_free(check);
    leave_folder();
}
END_TEST

START_TEST(a_wrong_number_comes_first)
{
    cutropy_check_options options = CUTROPY_CHECK_OPTIONS;
    options.problem = "parity";
    options.lattice = "2x2";
    enter_folder();
    write_text("theirs.csv", "cut,entropy,entropy_err,rank,colour\n"
                             "0x1,1,1e-15,2,red\n0x3,1.25,1e-15,3,blue\n0x5,1.5,0,2,green\n");
    cutropy_check *check = must_check("theirs.csv", &options);
    const cutropy_check_summary *found = cutropy_check_summarize(check);
    ck_assert_uint_eq(found->agree, 1);
    ck_assert_uint_eq(found->differ, 2);
    const cutropy_checked_row *worst = cutropy_check_row(check, 0),
                              *next = cutropy_check_row(check, 1);
    ck_assert_str_eq(worst->cut, "0x5");
    ck_assert_str_eq(worst->theirs, "1.5");
    ck_assert_str_eq(worst->others, "");
    ck_assert_str_eq(next->column, "entropy"); /* its rank is off by 1, which is no entropy */
    ck_assert_str_eq(next->others, "rank");
    ck_assert_uint_eq(next->line, 3);
    ck_assert(worst->difference == 0.5 && next->difference == 0.25);
    ck_assert_int_eq(cutropy_check_row(check, 2)->verdict, CUTROPY_CHECK_AGREES);
    char *words = words_of(cutropy_check_words, check);
    ck_assert_ptr_nonnull(
        strstr(words, "differs by 0.25: line 3, cut 0x3: entropy 1.25, cutropy 1"));
    ck_assert_ptr_nonnull(strstr(words, "; also rank\n"));
    ck_assert_ptr_nonnull(strstr(words, "not compared: colour\n3 rows: 1 agree, 0 agree within"));
    char *report = report_of(check);
    ck_assert_ptr_nonnull(strstr(report, "\n3,0x3,differs,0.25,\"entropy\",\"1.25\",\"1"));
    free(words);
    free(report);
    cutropy_check_free(check);

    options.tolerance = "0.5"; /* then the rank alone is wrong */
    check = must_check("theirs.csv", &options);
    ck_assert_uint_eq(cutropy_check_summarize(check)->differ, 1);
    cutropy_check_free(check);
    leave_folder();
}
END_TEST

START_TEST(what_cannot_be_checked)
{
    cutropy_check_options options = CUTROPY_CHECK_OPTIONS;
    cutropy_check *check = (cutropy_check *)&options;
    enter_folder();
    write_text("t.csv", "cut,entropy_bits\n0x1,1\n");
    ck_assert_int_eq(cutropy_check_open("t.csv", NULL, &check), CUTROPY_EINPUT);
    ck_assert_ptr_null(check);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "does not say what it is of"));
    options.problem = "parity";
    options.lattice = "2x2";
    options.unit = CUTROPY_BASE_NATS;
    ck_assert_int_eq(cutropy_check_open("t.csv", &options, &check), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(
        strstr(cutropy_error(), "contradicts the name of the column entropy_bits"));
    options.unit = -1;
    options.tolerance = "-1";
    ck_assert_int_eq(cutropy_check_open("t.csv", &options, &check), CUTROPY_EINPUT);
    options.tolerance = "0";
    ck_assert_int_eq(cutropy_check_open("absent.csv", &options, &check), CUTROPY_EIO);
    write_text("t.csv", "cut,entropy_bits\n0x1ff,1\n");
    ck_assert_int_eq(cutropy_check_open("t.csv", &options, &check), CUTROPY_EINPUT);
    write_text("t.csv", "cut,entropy_bits\n0x1,much\n");
    ck_assert_int_eq(cutropy_check_open("t.csv", &options, &check), CUTROPY_OK);
    ck_assert_int_eq(cutropy_check_run(check, NULL), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), ":2: column entropy_bits"));
    cutropy_check_free(check);
    leave_folder();
}
END_TEST

/* What an earlier run found is not said of one that failed. */
START_TEST(a_failed_run_has_found_nothing)
{
    cutropy_options options = ct_default_options();
    cutropy_check *check;
    options.progress = stop_at_once;
    enter_folder();
    write_text("t.csv", "cut,entropy_bits\n0x1,0.5\n");
    cutropy_check_options known = CUTROPY_CHECK_OPTIONS;
    known.problem = "parity";
    known.lattice = "2x2";
    check = must_check("t.csv", &known);
    ck_assert_uint_eq(cutropy_check_summarize(check)->differ, 1);
    ck_assert_int_ne(cutropy_check_run(check, &options), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_check_summarize(check)->rows, 0);
    char *words = words_of(cutropy_check_words, check), *report = report_of(check);
    ck_assert_ptr_null(strstr(words, "0x1"));
    free(words);
    free(report);
    cutropy_check_free(check);
    leave_folder();
}
END_TEST

/* ---- sets ---- */

#define SET                                                                                        \
    "{\"manifest\": 1, \"tables\": [\n"                                                            \
    "{\"file\": \"a.csv\", \"problem\": \"./f.txt\", \"lattice\": \"2x2\", \"cuts\": \"all\"},\n"  \
    "{\"file\": \"b.csv\", \"problem\": \"parity\", \"lattice\": \"2x2\", \"cuts\": \"half\",\n"   \
    " \"digits\": 33}]}\n"

static cutropy_truth_state state_of(cutropy_ground_truth *set, size_t i)
{
    const cutropy_truth_table *table;
    MUST(cutropy_ground_truth_look(set, i, NULL, &table));
    return table->state;
}

static void open_set(cutropy_manifest **manifest, cutropy_ground_truth **set)
{
    ck_assert_msg(cutropy_manifest_read("set.json", manifest) == CUTROPY_OK, "%s", cutropy_error());
    MUST(cutropy_ground_truth_open("set", *manifest, set));
}

static void close_set(cutropy_manifest *manifest, cutropy_ground_truth *set)
{
    cutropy_ground_truth_free(set);
    cutropy_manifest_free(manifest);
}

static size_t wrong_files(void)
{
    size_t wrong = 99;
    FILE *nowhere = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(nowhere);
    ck_assert_int_eq(cutropy_ground_truth_check("set/index.json", nowhere, &wrong), CUTROPY_OK);
    fclose(nowhere);
    return wrong;
}

START_TEST(a_set_and_what_is_left_of_it)
{
    cutropy_manifest *manifest;
    cutropy_ground_truth *set;
    struct stat info;
    enter_folder();
    write_text("set.json", SET);
    write_text("f.txt", "..\n##\n\n#.\n#.\n");
    open_set(&manifest, &set);
    ck_assert_uint_eq(cutropy_manifest_count(manifest), 2);
    ck_assert_int_eq(cutropy_manifest_entry(manifest, 0)->digits, CUTROPY_CERTIFIED_DIGITS);
    ck_assert_int_eq(state_of(set, 0), CUTROPY_TRUTH_MISSING);
    ck_assert_int_eq(cutropy_ground_truth_save(set), CUTROPY_EINPUT); /* nothing was computed */
    ck_assert_int_ne(stat("set", &info), 0);                          /* looking makes nothing */
    ck_assert_int_eq(cutropy_ground_truth_make(set, 1, NULL), CUTROPY_OK);
    ck_assert_int_eq(cutropy_ground_truth_finish(set), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "a.csv is missing"));
    ck_assert_int_eq(cutropy_ground_truth_is_index("set/index.json.partial"), 1);
    ck_assert_int_eq(cutropy_ground_truth_is_index("set/b.csv"), 0);
    close_set(manifest, set);

    open_set(&manifest, &set); /* the second table is there */
    ck_assert_int_eq(state_of(set, 1), CUTROPY_TRUTH_CURRENT);
    ck_assert_int_eq(cutropy_ground_truth_make(set, 0, NULL), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_ground_truth_done(set), 2);
    ck_assert_int_eq(cutropy_ground_truth_finish(set), CUTROPY_OK);
    ck_assert_int_ne(stat("set/index.json.partial", &info), 0);
    ck_assert_uint_eq(wrong_files(), 0);
    close_set(manifest, set);
    char *index = read_text("set/index.json"), *table = read_text("set/a.csv");
    ck_assert(strstr(index, "a.csv") < strstr(index, "b.csv")); /* in the manifest's order */

    cutropy_check *check = must_check("set/a.csv", NULL); /* the index says what it is of */
    ck_assert_uint_eq(cutropy_check_summarize(check)->agree, cutropy_check_summarize(check)->rows);
    cutropy_check_free(check);

    table[strlen(table) - 2] ^= 1;
    write_text("set/a.csv", table);
    ck_assert_uint_eq(wrong_files(), 1);
    write_text("f.txt", "..\n##\n\n#.\n##\n");
    open_set(&manifest, &set);
    ck_assert_int_eq(state_of(set, 0), CUTROPY_TRUTH_ALTERED);
    table[strlen(table) - 2] ^= 1;
    write_text("set/a.csv", table);
    ck_assert_int_eq(state_of(set, 0), CUTROPY_TRUTH_OTHER_FUNCTION);
    write_text("f.txt", "..\n##\n\n#.\n#.\n");
    ck_assert_int_eq(state_of(set, 0), CUTROPY_TRUTH_CURRENT);
    close_set(manifest, set);
    free(index);
    free(table);
    leave_folder();
}
END_TEST

START_TEST(the_standard_manifest)
{
    cutropy_manifest *manifest;
    ck_assert_int_eq(cutropy_manifest_read(NULL, &manifest), CUTROPY_OK);
    ck_assert_uint_gt(cutropy_manifest_count(manifest), 80);
    for (size_t i = 0; i < cutropy_manifest_count(manifest); i++)
        ck_assert_ptr_nonnull(strstr(cutropy_manifest_entry(manifest, i)->file, ".csv"));
    cutropy_manifest_free(manifest);
    ck_assert_int_eq(cutropy_manifest_read("/nowhere/m.json", &manifest), CUTROPY_EIO);
    ck_assert_ptr_null(manifest);
}
END_TEST

/* ---- series ---- */

START_TEST(a_series_of_loops)
{
    cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
    cutropy_series *series;
    options.problem = "loops";
    options.lattices = "links:2x2..3x3:torus,links:4x3:torus";
    ck_assert_msg(cutropy_series_open(&options, &series) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_uint_eq(cutropy_series_count(series), 3);
    ck_assert_int_eq(cutropy_series_fit(series), CUTROPY_EINPUT); /* nothing to fit yet */
    ck_assert_int_eq(cutropy_series_words(series, stdout), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_series_next(series, NULL), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_series_done(series), 1);
    const size_t alone = cutropy_series_points(series);
    ck_assert_ptr_null(cutropy_series_scaling(series));
    ck_assert_int_eq(cutropy_series_run(series, NULL), CUTROPY_OK);
    ck_assert_int_eq(cutropy_series_next(series, NULL), CUTROPY_EINPUT);
    const size_t count = cutropy_series_points(series);
    ck_assert_uint_gt(count, alone);
    const cutropy_scaling *law = cutropy_series_scaling(series);
    ck_assert_int_eq(law->verdict, CUTROPY_SCALING_AREA);
    ck_assert_int_eq(law->exact, 1);
    ck_assert(cutropy_series_point(series, count - 1)->length > 0);
    ck_assert_ptr_nonnull(cutropy_series_scaling_of(series, 2));
    ck_assert_ptr_null(cutropy_series_gamma(series, 0, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL));
    ck_assert_str_eq(cutropy_problem_lattice(cutropy_series_problem(series, 2))->name,
                     "links:4x3:torus");
    cutropy_series_free(series);
}
END_TEST

START_TEST(a_topological_constant)
{
    cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
    cutropy_series *series = NULL;
    options.problem = "loops";
    options.lattice = "links:4x4";
    options.topological = CUTROPY_REGIONS_REQUIRED;
    ck_assert_int_eq(cutropy_series_open(&options, &series), CUTROPY_OK);
    ck_assert_ptr_null(cutropy_series_gamma(series, 0, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL));
    ck_assert_int_eq(cutropy_series_run(series, NULL), CUTROPY_OK);
    const cutropy_gamma *found =
        cutropy_series_gamma(series, 0, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL);
    ck_assert(found->gamma >= 1 - found->error && found->gamma <= 1 + found->error);
    cutropy_series_free(series);
    options.lattice = "links:2x2";
    ck_assert_int_eq(cutropy_series_open(&options, &series), CUTROPY_EINPUT); /* no room */
    ck_assert_ptr_null(series);
    options.lattices = "2x2..3x4";
    ck_assert_int_eq(cutropy_series_open(&options, &series), CUTROPY_EINPUT);
    options = (cutropy_series_options)CUTROPY_SERIES_OPTIONS;
    options.problem = "parity";
    options.lattice = "2x2";
    ck_assert_int_eq(cutropy_series_open(&options, &series), CUTROPY_OK);
    ck_assert_int_eq(cutropy_series_check(series), CUTROPY_EINPUT); /* too few different cuts */
    cutropy_series_free(series);
}
END_TEST

/* ---- what other commands say and draw ---- */

START_TEST(the_verdicts_of_a_map)
{
    cutropy_problem *problem = must_problem("parity", "3x3");
    cutropy_map *map;
    char headline[160];
    ck_assert_int_eq(cutropy_map_make(problem, NULL, NULL, &map), CUTROPY_OK);
    ck_assert_ptr_nonnull(cutropy_map_law(map));
    cutropy_scaling_headline(cutropy_map_law(map), headline);
    ck_assert_ptr_nonnull(strstr(cutropy_map_section(map, 0)->text, headline));
    ck_assert_ptr_nonnull(strstr(cutropy_map_section(map, 1)->text, ": gamma = "));
    ck_assert_ptr_null(cutropy_map_section(map, 2));
    cutropy_map_free(map);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(pictures_of_a_sweep)
{
    const cutropy_axis axis = {"hidden", "1,2,3"};
    const cutropy_sweep sweep = {.size = sizeof sweep,
                                 .family = "rbm",
                                 .lattice = "chain:4",
                                 .axes = &axis,
                                 .axis_count = 1,
                                 .seeds = 2};
    cutropy_expressivity *result;
    struct stat info;
    int found = -1;
    enter_folder();
    ck_assert_int_eq(cutropy_expressivity_run(&sweep, NULL, &result), CUTROPY_OK);
    ck_assert_str_eq(cutropy_expressivity_key(result, 0), "hidden");
    ck_assert_uint_eq(cutropy_expressivity_points(result), 3);
    ck_assert_uint_eq(cutropy_expressivity_done(result), 3);
    ck_assert_int_eq(cutropy_expressivity_complete(result), 1);
    ck_assert_str_eq(cutropy_expressivity_point(result, 2)->value[0], "3");
    ck_assert_uint_eq(cutropy_expressivity_cuts(result)->count, 1);
    ck_assert_uint_eq(cutropy_expressivity_claims(result), 1);
    ck_assert_uint_eq(cutropy_expressivity_claim(result, 0)->points, 3);
    MUST(cutropy_expressivity_draw(result, "new/pictures", &found));
    char *data = read_text("new/pictures/expressivity.dat");
    ck_assert_ptr_nonnull(strstr(data, "# size, claim, S/L"));
    ck_assert_int_eq(stat("new/pictures/expressivity.gp", &info), 0);
    ck_assert_int_eq(stat("new/pictures/expressivity.svg", &info) == 0, found == 1);
    write_text("file", "x");
    ck_assert_int_eq(cutropy_expressivity_draw(result, "file", &found), CUTROPY_EIO);
    free(data);
    cutropy_expressivity_free(result);
    leave_folder();
}
END_TEST

CHECK_MAIN("check", the_verdicts_of_a_map, pictures_of_a_sweep, our_own_table_agrees,
           a_wrong_number_comes_first, what_cannot_be_checked, a_failed_run_has_found_nothing,
           a_set_and_what_is_left_of_it, the_standard_manifest, a_series_of_loops,
           a_topological_constant)
