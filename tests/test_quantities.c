/* SPDX-License-Identifier: Apache-2.0 */
/* Quantity lists, column names and exact fractions. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/result.h>

#include "check_main.h"
#include "engine/function/result.h"

static void expect_error(const char *text, const char *part)
{
    cutropy_quantity *list = (cutropy_quantity *)1;
    size_t count = 99;
    ck_assert_int_eq(cutropy_quantities_parse(text, &list, &count), CUTROPY_EINPUT);
    ck_assert_msg(strstr(cutropy_error(), part), "'%s' lacks '%s'", cutropy_error(), part);
    ck_assert_ptr_null(list);
    ck_assert_uint_eq(count, 0);
}

START_TEST(test_list)
{
    static const struct {
        const char *name;
        cutropy_quantity_kind kind;
        int unit;
    } expected[] = {{"schmidt_gap", CUTROPY_QUANTITY_SCHMIDT_GAP, 0},
                    {"renyi_0.5", CUTROPY_QUANTITY_RENYI, 1},
                    {"renyi_inf", CUTROPY_QUANTITY_RENYI, 1},
                    {"log_negativity", CUTROPY_QUANTITY_LOG_NEGATIVITY, 1},
                    {"mutual_information", CUTROPY_QUANTITY_MUTUAL_INFORMATION, 1},
                    {"boundary_pixels", CUTROPY_QUANTITY_BOUNDARY_PIXELS, 0},
                    {"blocks", CUTROPY_QUANTITY_BLOCKS, 0},
                    {"tr_rho3", CUTROPY_QUANTITY_TR_RHO3, 0},
                    {"spectrum", CUTROPY_QUANTITY_SPECTRUM, 0}};
    cutropy_quantity *list;
    size_t count;
    ck_assert_int_eq(
        cutropy_quantities_parse("schmidt_gap,renyi:0.5,renyi:inf,log_negativity,mutual_"
                                 "information,boundary_pixels,blocks,tr_rho3,spectrum",
                                 &list, &count),
        CUTROPY_OK);
    ck_assert_uint_eq(count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < count; i++) {
        char name[48];
        cutropy_quantity_name(&list[i], name, sizeof name);
        ck_assert_str_eq(name, expected[i].name);
        ck_assert_int_eq(list[i].kind, expected[i].kind);
        ck_assert_int_eq(cutropy_quantity_has_unit(&list[i]), expected[i].unit);
    }
    ck_assert(list[1].parameter == 0.5);
    ck_assert(isinf(list[2].parameter) && list[2].parameter > 0);
    cutropy_quantities_free(list);
}
END_TEST

START_TEST(test_alpha)
{
    static const struct {
        const char *text, *name;
        double alpha;
    } cases[] = {
        {"renyi:0", "renyi_0", 0},
        {"renyi:-0", "renyi_0", 0},
        {"renyi:2", "renyi_2", 2},
        {"renyi:3.25e1", "renyi_32.5", 32.5},
        {"renyi:0.1", "renyi_0.1", 0.1},
        {"renyi:0.30000000000000004", "renyi_0.30000000000000004", 0.30000000000000004},
        {"renyi:1.7976931348623157e308", "renyi_1.7976931348623157e+308", 1.7976931348623157e308}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_quantity *list;
        size_t count;
        char name[48];
        ck_assert_int_eq(cutropy_quantities_parse(cases[i].text, &list, &count), CUTROPY_OK);
        ck_assert_uint_eq(count, 1);
        ck_assert(list[0].parameter == cases[i].alpha);
        ck_assert(!signbit(list[0].parameter));
        cutropy_quantity_name(&list[0], name, sizeof name);
        ck_assert_str_eq(name, cases[i].name);
        cutropy_quantities_free(list);
    }
}
END_TEST

START_TEST(test_standard_and_repeated)
{
    cutropy_quantity *list;
    size_t count;
    ck_assert_int_eq(cutropy_quantities_parse("entropy,purity,renyi2,rank,boundary", &list, &count),
                     CUTROPY_OK);
    ck_assert_uint_eq(count, 0);
    cutropy_quantities_free(list);
    ck_assert_int_eq(cutropy_quantities_parse("blocks,renyi:1,blocks,renyi:1.0", &list, &count),
                     CUTROPY_OK);
    ck_assert_uint_eq(count, 2);
    cutropy_quantities_free(list);
    ck_assert_int_eq(cutropy_quantities_parse("", &list, &count), CUTROPY_OK);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(cutropy_quantities_parse(NULL, &list, &count), CUTROPY_OK);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(test_errors)
{
    expect_error("colour", "unknown quantity 'colour'");
    expect_error("blocks,,blocks", "unknown quantity ''");
    expect_error("blocks,", "unknown quantity ''");
    expect_error("blocks:3", "unknown quantity 'blocks:3'");
    expect_error("renyi", "number >= 0 or inf");
    expect_error("renyi:", "number >= 0 or inf");
    expect_error("renyi:-1", "renyi:-1");
    expect_error("renyi:nan", "renyi:nan");
    expect_error("renyi:0x2", "renyi:0x2");
    expect_error("renyi:2x", "renyi:2x");
    expect_error("renyi:1e999", "renyi:1e999");
    expect_error("renyi: 2", "renyi: 2");
    char longest[5000];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    expect_error(longest, "unknown quantity 'xxxx");
}
END_TEST

START_TEST(test_fraction)
{
    char text[80];
    cutropy_fraction fraction = {.p = {3, 0}, .q = {16, 0}};
    ck_assert_int_eq(ct_fraction_format(&fraction, text, sizeof text), 4);
    ck_assert_str_eq(text, "3/16");
    fraction = (cutropy_fraction){.p = {1, 0}, .q = {1, 0}};
    ck_assert_int_eq(ct_fraction_format(&fraction, text, sizeof text), 1);
    ck_assert_str_eq(text, "1");
    fraction = (cutropy_fraction){.p = {UINT64_MAX, UINT64_MAX}, .q = {0, UINT64_C(1) << 63}};
    ck_assert_int_eq(ct_fraction_format(&fraction, text, sizeof text), 79);
    ck_assert_str_eq(text, "340282366920938463463374607431768211455/"
                           "170141183460469231731687303715884105728");
}
END_TEST

CHECK_MAIN("quantities", test_list, test_alpha, test_standard_and_repeated, test_errors,
           test_fraction)
