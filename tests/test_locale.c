/* SPDX-License-Identifier: Apache-2.0 */
/* A program around the library that writes 0,5: numbers are read and written with a point all the
 * same, and its locale is as it was afterwards. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "base/locale.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "engine/function/result.h"

/* Written by the caller's own printf. */
static void check_still_comma(void)
{
    char text[8];
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
}

static void use_comma(void)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "de_DE.UTF-8"));
    check_still_comma();
}

START_TEST(test_helpers)
{
    char text[24], *end;
    use_comma();
    ck_assert_double_eq(ct_strtod("2.75,5", &end), 2.75);
    ck_assert_str_eq(end, ",5");
    ck_assert_int_eq(ct_snprintf(text, sizeof text, "%.2f", 2.75), 4);
    ck_assert_str_eq(text, "2.75");
    ck_assert_str_eq(ct_bytes_format(1536, text), "1.5 KiB");
    ct_fail(CUTROPY_EINPUT, "%g", 0.5);
    ck_assert_str_eq(cutropy_error(), "0.5");
    check_still_comma();
}
END_TEST

START_TEST(test_problem_text)
{
    cutropy_problem *problem;
    use_comma();
    MUST(cutropy_problem_parse("random:density=0.25", NULL, &problem));
    ck_assert_str_eq(cutropy_problem_text(problem), "random:density=0.25,count=0,seed=0");
    cutropy_problem_free(problem);
    ck_assert_int_eq(cutropy_problem_parse("random:density=0,25", NULL, &problem), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_problem_parse("random:density=1.5", NULL, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "1.5"));
    check_still_comma();
}
END_TEST

START_TEST(test_quantities)
{
    cutropy_quantity *quantities;
    size_t count;
    char name[48];
    use_comma();
    ck_assert_int_eq(cutropy_quantities_parse("renyi:0.5,renyi:1.25", &quantities, &count), 0);
    ck_assert_uint_eq(count, 2);
    ck_assert_double_eq(quantities[1].parameter, 1.25);
    cutropy_quantity_name(&quantities[1], name, sizeof name);
    ck_assert_str_eq(name, "renyi_1.25");
    cutropy_quantities_free(quantities);
    check_still_comma();
}
END_TEST

/* The table of one cut as the library writes it now; freed by the caller. */
static char *table(cutropy_format format)
{
    cutropy_options options = ct_default_options();
    cutropy_lattice *lattice;
    cutropy_problem *problem;
    cutropy_cuts cuts;
    cutropy_result *result;
    char *text;
    size_t size;
    options.memory_limit = 1 << 28; /* the default changes from run to run */
    ck_assert_int_eq(cutropy_lattice_parse("chain:6", &lattice), 0);
    ck_assert_int_eq(cutropy_problem_parse("ising:beta=0.75", lattice, &problem), 0);
    ck_assert_int_eq(cutropy_cuts_parse("0x7", lattice, &cuts), 0);
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), 0);
    ck_assert_ptr_null(strchr(result->norm, ','));
    FILE *file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_write(result, format, CUTROPY_BASE_BITS, file), 0);
    fclose(file);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return text;
}

START_TEST(test_table)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
    char *plain = table(CUTROPY_FORMAT_CSV);
    use_comma();
    char *comma = table(CUTROPY_FORMAT_CSV), *json = table(CUTROPY_FORMAT_JSON);
    ck_assert_str_eq(comma, plain);
    ck_assert_ptr_nonnull(strstr(json, "\"problem\": \"ising:beta=0.75,"));
    ck_assert_ptr_nonnull(strstr(json, "\"entropy_bits\": 0."));
    check_still_comma();
    free(plain);
    free(comma);
    free(json);
}
END_TEST

CHECK_MAIN("locale", test_helpers, test_problem_text, test_quantities, test_table)
