/* SPDX-License-Identifier: Apache-2.0 */
/* Options by their keys: what is accepted, what it does, and the one line about everything else. */
#include <stdio.h>
#include <string.h>

#include <check.h>
#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"

static cutropy_options *options;

static void setup(void)
{
    ck_assert_int_eq(cutropy_options_create(&options), CUTROPY_OK);
}

static void teardown(void)
{
    cutropy_options_free(options);
}

static void set(const char *key, const char *value)
{
    ck_assert_msg(cutropy_options_set(options, key, value) == CUTROPY_OK, "%s %s: %s", key,
                  value ? value : "(default)", cutropy_error());
}

static void refuse(const char *key, const char *value, const char *message)
{
    char before[64];
    snprintf(before, sizeof before, "%s", cutropy_options_get(options, key));
    ck_assert_int_eq(cutropy_options_set(options, key, value), CUTROPY_EINPUT);
    ck_assert_str_eq(cutropy_error(), message);
    ck_assert_str_eq(cutropy_options_get(options, key), before);
}

START_TEST(every_key_has_a_default_that_can_be_set)
{
    setup();
    size_t count = 0;
    for (const char *key; (key = cutropy_options_key(count)); count++) {
        ck_assert_ptr_nonnull(cutropy_options_help(key));
        set(key, cutropy_options_get(options, key));
    }
    ck_assert_uint_eq(count, CT_OPTIONS);
    ck_assert_int_eq(options->threads, 0);
    ck_assert_int_eq(options->use_symmetry, 1);
    ck_assert_uint_eq(options->memory_limit, 0);
    ck_assert_ptr_null(options->backend);
    ck_assert_uint_eq(options->quantity_count, 0);
    ck_assert_int_eq(options->digits, 0);
    ck_assert_int_eq(options->certify, 0);
    teardown();
}
END_TEST

START_TEST(values_are_kept_and_put_back)
{
    setup();
    set("threads", "4");
    set("memory", "1.5G");
    set("backend", "cpu");
    set("symmetry", "no");
    set("certify", "yes");
    set("digits", "30");
    set("quantities", "renyi:0.5,blocks");
    set("quantities", "schmidt_gap"); /* the list before is freed */
    ck_assert_int_eq(options->threads, 4);
    ck_assert_uint_eq(options->memory_limit, UINT64_C(3) << 29);
    ck_assert_str_eq(options->backend, "cpu");
    ck_assert_int_eq(options->use_symmetry, 0);
    ck_assert_int_eq(options->certify, 1);
    ck_assert_int_eq(options->digits, 30);
    ck_assert_uint_eq(options->quantity_count, 1);
    ck_assert_int_eq(options->quantities[0].kind, CUTROPY_QUANTITY_SCHMIDT_GAP);
    ck_assert_str_eq(cutropy_options_get(options, "memory"), "1.5G");
    for (size_t i = 0; cutropy_options_key(i); i++)
        set(cutropy_options_key(i), NULL);
    ck_assert_str_eq(cutropy_options_get(options, "memory"), "90%");
    ck_assert_str_eq(cutropy_options_get(options, "backend"), "auto");
    ck_assert_int_eq(options->threads + options->digits + options->certify, 0);
    ck_assert_int_eq(options->use_symmetry, 1);
    ck_assert_uint_eq(options->memory_limit + options->quantity_count, 0);
    ck_assert_ptr_null(options->backend);
    teardown();
}
END_TEST

START_TEST(bad_values_change_nothing)
{
    setup();
    set("threads", "3");
    refuse("threads", "0", "threads 0: give a number from 1 to 1024");
    refuse("threads", "1025", "threads 1025: give a number from 1 to 1024");
    refuse("threads", "+2", "threads +2: give a number from 1 to 1024");
    refuse("threads", "2x", "threads 2x: give a number from 1 to 1024");
    refuse("digits", "1001", "digits 1001: give a number from 1 to 1000");
    refuse("memory", "1e9", "memory 1e9: give a size such as 8G, 500M or a number of bytes");
    refuse("memory", "0", "memory 0: give a size such as 8G, 500M or a number of bytes");
    refuse("symmetry", "on", "symmetry on: choose yes or no");
    refuse("certify", "", "certify : choose yes or no");
    refuse("quantities", "renyi:-1",
           "quantity 'renyi:-1': the order must be a number >= 0 or inf, e.g. renyi:0.5");
    ck_assert_int_eq(options->threads, 3);
    ck_assert_int_eq(cutropy_options_set(options, "thread", "1"), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "there is no option 'thread'; choose from"));
    for (size_t i = 0; cutropy_options_key(i); i++)
        ck_assert_ptr_nonnull(strstr(cutropy_error(), cutropy_options_key(i)));
    ck_assert_ptr_null(cutropy_options_get(options, "thread"));
    ck_assert_ptr_null(cutropy_options_help("thread"));
    teardown();
}
END_TEST

static int count_calls(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage;
    (void)done;
    (void)total;
    ++*(int *)user;
    return 0;
}

static void count_shown(const void *partial, void *user)
{
    int *shown = user;
    shown[partial ? 0 : 1]++;
}

START_TEST(callbacks_have_their_own_user)
{
    setup();
    int calls = 0, shown[2] = {0, 0};
    cutropy_problem *problem = NULL;
    cutropy_result *result = NULL;
    cutropy_cuts cuts = {0};
    cutropy_options_set_progress(options, count_calls, &calls);
    cutropy_options_set_shown(options, count_shown, shown);
    set("quantities", "blocks");
    ck_assert_int_eq(cutropy_problem_parse("parity", NULL, &problem), CUTROPY_OK);
    ck_assert_int_eq(cutropy_cuts_parse("half", cutropy_problem_lattice(problem), &cuts),
                     CUTROPY_OK);
    ck_assert_int_eq(cutropy_run(problem, &cuts, options, &result), CUTROPY_OK);
    ck_assert_int_gt(calls, 0);
    ck_assert_int_eq(shown[0], 1);
    ck_assert_int_eq(shown[1], 1);
    ck_assert_double_eq(cutropy_result_quantity(result, 0, 0), 2);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    teardown();
}
END_TEST

/* Options that a program fills say how large they are in its headers. */
START_TEST(structs_of_another_size)
{
    cutropy_check_options check = CUTROPY_CHECK_OPTIONS;
    cutropy_series_options series = CUTROPY_SERIES_OPTIONS;
    cutropy_map_options map = CUTROPY_MAP_OPTIONS;
    cutropy_sweep sweep = CUTROPY_SWEEP;
    cutropy_check *checked = NULL;
    cutropy_series *opened = NULL;
    cutropy_map *made = NULL;
    cutropy_expressivity *swept = NULL;
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_parse("parity", NULL, &problem), CUTROPY_OK);
    series.problem = "parity";
    sweep.family = "rbm";
    for (int more = -8; more <= 8; more += 16) {
        check.size = sizeof check + (size_t)more;
        series.size = sizeof series + (size_t)more;
        map.size = sizeof map + (size_t)more;
        sweep.size = sizeof sweep + (size_t)more;
        ck_assert_int_eq(cutropy_check_open("none.csv", &check, &checked), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "CUTROPY_CHECK_OPTIONS"));
        ck_assert_int_eq(cutropy_series_open(&series, &opened), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "CUTROPY_SERIES_OPTIONS"));
        ck_assert_int_eq(cutropy_map_make(problem, &map, NULL, &made), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "CUTROPY_MAP_OPTIONS"));
        ck_assert_int_eq(cutropy_expressivity_run(&sweep, NULL, &swept), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "CUTROPY_SWEEP"));
        ck_assert(!checked && !opened && !made && !swept);
    }
    sweep = (cutropy_sweep)CUTROPY_SWEEP; /* as it comes, nothing chosen */
    series = (cutropy_series_options)CUTROPY_SERIES_OPTIONS;
    ck_assert_int_eq(cutropy_expressivity_run(&sweep, NULL, &swept), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "no family"));
    ck_assert_int_eq(cutropy_series_open(&series, &opened), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "no problem"));
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("options", every_key_has_a_default_that_can_be_set, values_are_kept_and_put_back,
           bad_values_change_nothing, callbacks_have_their_own_user, structs_of_another_size)
