/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets: every format against tables written by hand, texts that need quotes, rounding with errors
 * in brackets, and what readers of a sheet get. */
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "check_main.h"
#include "cutropy/information.h"
#include "cutropy/order.h"
#include "cutropy/range.h"
#include "input/table_csv.h"
#include "ref/support.h"
#include "sheet/sheet.h"

/* ---- a sheet made by hand ---- */

typedef struct row {
    bool missing;
    const char *name;
    int64_t count, lo, hi;
    double value, err, other;
    const char *text, *text_err;
    int64_t flag;
} row;

static const row rows[] = {{.name = "a,b",
                            .count = 7,
                            .lo = 3,
                            .hi = 5,
                            .value = 1.5,
                            .err = 0.25,
                            .other = -1e-9,
                            .flag = 1},
                           {.missing = true},
                           {.name = "50% \"x_y\" | z",
                            .count = -3,
                            .lo = 4,
                            .hi = 4,
                            .value = 2.0 / 3,
                            .err = 1e-17,
                            .other = NAN,
                            .text = "2/3",
                            .text_err = "0"},
                           {.name = "",
                            .value = 0.5,
                            .err = 1,
                            .text = "0.4363",
                            .text_err = "1.5e-04",
                            .other = INFINITY}};
static const double level[] = {0.75, 0.125}, level_err[] = {0.001, 0};
static const int64_t multiplicity[] = {1, 2};

static void get_cell(const cutropy_sheet *sheet, size_t at, size_t column, ct_cell *cell)
{
    const row *r = (const row *)sheet->of + at;
    cell->missing = r->missing;
    switch (column) {
    case 0:
        cell->text = r->name;
        break;
    case 1:
        ct_cell_integer(cell, r->count);
        break;
    case 2:
        cell->integer = r->lo;
        cell->high = r->hi;
        break;
    case 3:
        ct_cell_real(cell, r->value, r->err);
        cell->text = r->text;
        cell->error_text = r->text_err;
        break;
    case 4:
        ct_cell_real(cell, r->other, 0);
        break;
    case 5:
        ct_cell_integer(cell, r->flag);
        break;
    default:
        cell->levels = 2;
        cell->level = level;
        cell->level_err = level_err;
        cell->decimal = NULL;
        cell->multiplicity = multiplicity;
    }
}

static cutropy_sheet *make_sheet(bool with_list)
{
    cutropy_sheet *sheet;
    ck_assert_int_eq(ct_sheet_make(7, &sheet), CUTROPY_OK);
    sheet->of = rows;
    sheet->rows = sizeof rows / sizeof *rows;
    sheet->cell = get_cell;
    ct_sheet_column(sheet, "name", "", CUTROPY_COLUMN_TEXT);
    ct_sheet_column(sheet, "count", "", CUTROPY_COLUMN_INTEGER);
    ct_sheet_column(sheet, "rank", "", CUTROPY_COLUMN_BRACKET);
    ct_sheet_column(sheet, "s", "bits", CUTROPY_COLUMN_REAL)->has_error = true;
    ct_sheet_column(sheet, "o", "", CUTROPY_COLUMN_REAL);
    ct_sheet_column(sheet, "flag", "", CUTROPY_COLUMN_FLAG);
    if (with_list)
        ct_sheet_column(sheet, "l", "", CUTROPY_COLUMN_LIST)->has_error = true;
    ct_sheet_origin(sheet, "who", ct_json_text("me"));
    sheet->origin_after = 1;
    ct_sheet_origin(sheet, "complete", json_true());
    ck_assert_int_eq(ct_sheet_finish(CUTROPY_OK, &sheet), CUTROPY_OK);
    return sheet;
}

/* Not inlined: gcc 12 would take the pointer that open_memstream filled in for a dangling one. */
__attribute__((noinline)) static char *written(const cutropy_sheet *sheet, cutropy_format format,
                                               size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    ck_assert_int_eq(cutropy_sheet_write(sheet, format, file), CUTROPY_OK);
    fclose(file);
    return text;
}

static void ck_written(const cutropy_sheet *sheet, cutropy_format format, const char *expected)
{
    size_t length;
    char *text = written(sheet, format, &length);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(length, strlen(text));
    free(text);
}

/* ---- formats ---- */

START_TEST(test_texts)
{
    static const struct {
        cutropy_format format;
        bool with_list, partial;
        size_t rows;
        const char *text;
    } cases[] = {{CUTROPY_FORMAT_CSV, true, true, 4,
                  "# partial: 4 of 9 rows\n"
                  "name,count,rank,s_bits,s_err,o,flag,l,l_err\n"
                  "\"a,b\",7,3..5,1.5,0.25,-1.0000000000000001e-09,1,0.75^1;0.125^2,0.001;0\n"
                  ",,,,,,,,\n"
                  "\"50% \"\"x_y\"\" | z\",-3,4,2/3,0,,0,0.75^1;0.125^2,0.001;0\n"
                  ",0,0,0.4363,1.5e-04,inf,0,0.75^1;0.125^2,0.001;0\n"},
                 {CUTROPY_FORMAT_TEXT, true, true, 4,
                  "# partial: 4 of 9 rows\n"
                  "name           count  rank     s_bits      o  flag  l\n"
                  "-------------  -----  ----  ---------  -----  ----  ---------------------\n"
                  "a,b                7  3..5   1.50(26)  -1e-9   yes  0.7500(11)^1; 0.125^2\n"
                  "-                  -     -          -      -     -  -\n"
                  "50% \"x_y\" | z     -3     4        2/3      -    no  0.7500(11)^1; 0.125^2\n"
                  "-                  0     0  0.4363(2)    inf    no  0.7500(11)^1; 0.125^2\n"},
                 {CUTROPY_FORMAT_MARKDOWN, false, true, 4,
                  "partial: 4 of 9 rows\n\n"
                  "| name           | count | rank |    s_bits |     o | flag |\n"
                  "| -------------- | ----: | ---: | --------: | ----: | ---: |\n"
                  "| a,b            |     7 | 3..5 |  1.50(26) | -1e-9 |  yes |\n"
                  "| -              |     - |    - |         - |     - |    - |\n"
                  "| 50% \"x_y\" \\| z |    -3 |    4 |       2/3 |     - |   no |\n"
                  "| -              |     0 |    0 | 0.4363(2) |   inf |   no |\n"},
                 {CUTROPY_FORMAT_LATEX, false, false, 3,
                  "\\begin{tabular}{lrrrrr}\n"
                  "\\toprule\n"
                  "name            & count & rank &  s\\_bits &                  o & flag \\\\\n"
                  "\\midrule\n"
                  "a,b             &     7 & 3..5 & 1.50(26) & $-1\\times 10^{-9}$ &  yes \\\\\n"
                  "--              &    -- &   -- &       -- &                 -- &   -- \\\\\n"
                  "50\\% \"x\\_y\" | z &    -3 &    4 &      2/3 &                 -- &   no \\\\\n"
                  "\\bottomrule\n"
                  "\\end{tabular}\n"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cutropy_sheet *sheet = make_sheet(cases[k].with_list);
        sheet->rows = cases[k].rows;
        if (cases[k].partial)
            snprintf(sheet->partial, sizeof sheet->partial, "4 of 9 rows");
        ck_written(sheet, cases[k].format, cases[k].text);
        cutropy_sheet_free(sheet);
    }
}
END_TEST

START_TEST(test_json)
{
    cutropy_sheet *sheet = make_sheet(true);
    sheet->rows = 3;
    ck_written(sheet, CUTROPY_FORMAT_JSON,
               "{\n"
               "  \"who\": \"me\",\n"
               "  \"columns\": [\"name\", \"count\", \"rank\", \"s_bits\", \"s_err\", \"o\", "
               "\"flag\", \"l\", \"l_err\"],\n"
               "  \"rows\": [\n"
               "    {\"name\": \"a,b\", \"count\": 7, \"rank\": \"3..5\", \"s_bits\": 1.5, "
               "\"s_err\": 0.25, \"o\": -1.0000000000000001e-09, \"flag\": 1, "
               "\"l\": [[0.75, 1], [0.125, 2]], \"l_err\": [0.001, 0]},\n"
               "    {\"name\": null, \"count\": null, \"rank\": null, \"s_bits\": null, "
               "\"s_err\": null, \"o\": null, \"flag\": null, \"l\": null, \"l_err\": null},\n"
               "    {\"name\": \"50% \\\"x_y\\\" | z\", \"count\": -3, \"rank\": 4, "
               "\"s_bits\": \"2/3\", \"s_err\": 0, \"o\": null, \"flag\": 0, "
               "\"l\": [[0.75, 1], [0.125, 2]], \"l_err\": [0.001, 0]}\n"
               "  ],\n"
               "  \"complete\": true\n"
               "}\n");
    sheet->rows = 1;
    sheet->columns = 2;
    sheet->arrays = sheet->lines = true;
    sheet->origin_after = CT_ORIGINS;
    ck_written(sheet, CUTROPY_FORMAT_JSON,
               "{\n  \"who\": \"me\",\n  \"complete\": true,\n  \"columns\": [\n    \"name\",\n"
               "    \"count\"\n  ],\n  \"rows\": [\n    [\"a,b\", 7]\n  ]\n}\n");
    cutropy_sheet_free(sheet);
}
END_TEST

START_TEST(test_npy)
{
    static const char head[] = "{'descr': [('name', '<U13'), ('count', '<i8'), ('rank', '<i8'), "
                               "('rank_hi', '<i8'), ('s_bits', '<f8'), ('s_err', '<f8'), "
                               "('o', '<f8'), ('flag', '|b1'), ], 'fortran_order': False, "
                               "'shape': (4,), }";
    const size_t row_size = 4 * 13 + 3 * 8 + 3 * 8 + 1;
    cutropy_sheet *sheet = make_sheet(false);
    size_t length;
    char *bytes = written(sheet, CUTROPY_FORMAT_NPY, &length);
    int64_t integers[3];
    double reals[3];
    uint32_t letters[13];
    ck_assert_mem_eq(bytes, "\x93NUMPY\1\0", 8);
    ck_assert_mem_eq(bytes + 10, head, sizeof head - 1);
    ck_assert_uint_eq((length - 4 * row_size) % 64, 0);
    const char *at = bytes + length - 4 * row_size;
    memcpy(letters, at, sizeof letters);
    ck_assert(letters[0] == 'a' && letters[1] == ',' && letters[2] == 'b' && !letters[3]);
    memcpy(integers, at + 52, sizeof integers);
    ck_assert(integers[0] == 7 && integers[1] == 3 && integers[2] == 5);
    memcpy(reals, at + 76, sizeof reals);
    ck_assert(reals[0] == 1.5 && reals[1] == 0.25 && reals[2] == -1e-9);
    ck_assert_int_eq(at[100], 1);
    at += row_size; /* the missing row */
    memcpy(integers, at + 52, sizeof integers);
    memcpy(reals, at + 76, sizeof reals);
    ck_assert(integers[0] == INT64_MIN && integers[1] == INT64_MIN && integers[2] == INT64_MIN);
    ck_assert(isnan(reals[0]) && isnan(reals[1]) && isnan(reals[2]) && !at[100]);
    free(bytes);
    sheet->not_npy = "no such thing";
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_NPY, stdout), CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cutropy_sheet_write(sheet, (cutropy_format)6, stdout), CUTROPY_EINPUT);
    cutropy_sheet_free(sheet);
    sheet = make_sheet(true);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_NPY, stdout), CUTROPY_EUNSUPPORTED);
    cutropy_sheet_free(sheet);
}
END_TEST

/* ---- rounding ---- */

START_TEST(test_bracketed)
{
    static const struct {
        double value, error;
        const char *text;
    } cases[] = {{1.9043893650723, 2.7e-12, "1.9043893650723(28)"},
                 {-2.5, 0.1, "-2.50(11)"},
                 {9.996, 0.05, "9.996(51)"},
                 {9.9996, 0.05, "10.000(51)"}, /* the value grows by a digit */
                 {1, 0.0999, "1.00(11)"},      /* the error does */
                 {0.1, 1e-19, "0.10000000000000000555(11)"},
                 {1, 1e-40, "1.00000000000000000000(1)"},
                 {1e-5, 1e-7, "0.00001000(11)"},
                 {123456, 7e4, "1.23(71)e5"},
                 /* no error, or one that says nothing */
                 {0.5, 0, "0.5"},
                 {1.0 / 3, 0, "0.3333333333333333"},
                 {1e-300, 0, "1e-300"},
                 {0, 0, "0"},
                 {-3, 0, "-3"},
                 {10, 0, "10"},
                 {-200, 0, "-200"},
                 {1e14, 0, "100000000000000"},
                 {1e15, 0, "1e15"},
                 {1, INFINITY, "1(inf)"},
                 {1, NAN, "1(?)"},
                 {INFINITY, 0, "inf"},
                 {-INFINITY, 0, "-inf"},
                 /* errors larger than the value */
                 {3.2, 45, "3(46)"},
                 {3.2, 4500, "0.0(46)e3"},
                 {60, 4500, "0.1(46)e3"},
                 {-60, 4500, "-0.1(46)e3"},
                 {-3.2, 4500, "0.0(46)e3"},
                 {0, 1e-16, "0.0(11)e-16"},
                 {1e-20, 3, "0.0(31)"},
                 /* exponents */
                 {1e-20, 3e-22, "1.000(31)e-20"},
                 {1e300, 1e290, "1.00000000000(11)e300"},
                 {1e6, 300, "1.00000(31)e6"},
                 {5e-324, 5e-324, "4.9(50)e-324"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[CT_BRACKETED_SIZE];
        ct_bracketed(cases[i].value, cases[i].error, text);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

/* What stands there contains every number that the value and its error allow. */
START_TEST(test_brackets_contain)
{
    for (uint64_t i = 0; i < 20000; i++) {
        const double value =
            (ct_random_unit(1, i) - 0.5) * pow(10, (int)(ct_random(2, i) % 40) - 20);
        const double error = ct_random_unit(3, i) * pow(10, (int)(ct_random(4, i) % 40) - 20);
        char text[CT_BRACKETED_SIZE], digits[CT_BRACKETED_SIZE], *open;
        ct_bracketed(value, error, text);
        open = strchr(text, '(');
        ck_assert_ptr_nonnull(open);
        const char *point = strchr(text, '.'), *power = strchr(text, 'e');
        const int places = point ? (int)(open - point) - 1 : 0, scale = power ? atoi(power + 1) : 0;
        snprintf(digits, sizeof digits, "%.*se%d", (int)(open - text), text, scale);
        const long double middle = strtold(digits, NULL);
        const long double radius = atoi(open + 1) * powl(10, scale - places);
        const long double off = fabsl((long double)value - middle) + (long double)error;
        ck_assert_msg(off <= radius * (1 + 1e-15L) + 0x1p-64L * fabsl((long double)value),
                      "%.17g, %.17g: %s", value, error, text);
        ck_assert_msg(radius <= 1.2L * error + 1e-18L * fabsl(value), "%.17g, %.17g: %s", value,
                      error, text);
    }
}
END_TEST

/* ---- texts ---- */

enum { TEXTS = 600, COLUMNS = 3 };
static char nasty[TEXTS][12];

static void get_text(const cutropy_sheet *sheet, size_t at, size_t column, ct_cell *cell)
{
    (void)sheet;
    cell->text = nasty[at * COLUMNS + column];
}

/* Letters that mean something to one of the formats. */
static cutropy_sheet *make_nasty(void)
{
    static const char letters[] = "a,\"\n\r #;\t\\|&_^~{}$%<\x01\xc3\xa9";
    cutropy_sheet *sheet;
    for (size_t i = 0; i < TEXTS; i++) {
        const size_t length = ct_random(5, i) % (sizeof *nasty - 3);
        size_t n = 0;
        while (n < length) {
            const size_t which = ct_random(6 + i, n) % (sizeof letters - 2);
            nasty[i][n++] = letters[which];
            if (letters[which] == '\xc3')
                nasty[i][n++] = '\xa9'; /* a letter of two bytes */
        }
        nasty[i][n] = 0;
    }
    ck_assert_int_eq(ct_sheet_make(COLUMNS, &sheet), CUTROPY_OK);
    sheet->rows = TEXTS / COLUMNS;
    sheet->cell = get_text;
    for (int c = 0; c < COLUMNS; c++)
        ct_sheet_column(sheet, c == 0 ? "x" : c == 1 ? "y" : "z", "", CUTROPY_COLUMN_TEXT);
    return sheet;
}

START_TEST(test_csv_reads_back)
{
    cutropy_sheet *sheet = make_nasty();
    ct_csv csv;
    size_t length;
    char *text = written(sheet, CUTROPY_FORMAT_CSV, &length);
    ck_assert_int_eq(ct_csv_parse((const uint8_t *)text, length, "table", &csv), CUTROPY_OK);
    ck_assert_uint_eq(csv.columns, COLUMNS);
    ck_assert_uint_eq(csv.rows, TEXTS / COLUMNS);
    for (size_t i = 0; i < TEXTS; i++)
        ck_assert_str_eq(ct_csv_cell(&csv, i / COLUMNS, (int)(i % COLUMNS)), nasty[i]);
    ct_csv_free(&csv);
    free(text);
    cutropy_sheet_free(sheet);
}
END_TEST

START_TEST(test_json_reads_back)
{
    cutropy_sheet *sheet = make_nasty();
    size_t length;
    char *text = written(sheet, CUTROPY_FORMAT_JSON, &length);
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(root, "rows");
    ck_assert_uint_eq(json_array_size(list), TEXTS / COLUMNS);
    for (size_t i = 0; i < TEXTS; i++) {
        const char name[2] = {(char)('x' + i % COLUMNS), 0};
        const json_t *cell = json_object_get(json_array_get(list, i / COLUMNS), name);
        ck_assert_str_eq(json_string_value(cell), nasty[i]);
    }
    json_decref(root);
    free(text);
    strcpy(nasty[0], "\xff");
    sheet->rows = sheet->columns = 1;
    text = written(sheet, CUTROPY_FORMAT_JSON, &length);
    ck_assert_ptr_nonnull(strstr(text, "{\"x\": \"?\"}"));
    free(text);
    cutropy_sheet_free(sheet);
}
END_TEST

/* A line is a row whatever the texts hold, and every separator outside of them is ours. */
START_TEST(test_lines)
{
    static const struct {
        cutropy_format format;
        size_t lines, with_separators; /* besides the rows */
        char separator;
        size_t separators;
    } cases[] = {{CUTROPY_FORMAT_MARKDOWN, 2, 2, '|', COLUMNS + 1},
                 {CUTROPY_FORMAT_LATEX, 6, 1, '&', COLUMNS - 1}};
    cutropy_sheet *sheet = make_nasty();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length, lines = 0, found = 0;
        char *text = written(sheet, cases[i].format, &length);
        for (const char *p = text; *p; p++) {
            lines += *p == '\n';
            found += *p == cases[i].separator;
            p += *p == '\\'; /* escaped, or the end of a line of LaTeX */
        }
        ck_assert_uint_eq(lines, TEXTS / COLUMNS + cases[i].lines);
        ck_assert_uint_eq(found,
                          (TEXTS / COLUMNS + cases[i].with_separators) * cases[i].separators);
        free(text);
    }
    cutropy_sheet_free(sheet);
}
END_TEST

/* ---- several parts ---- */

START_TEST(test_parts)
{
    cutropy_sheet *sheet = make_sheet(false), *second = make_sheet(false);
    int64_t lo, hi;
    sheet->rows = 1;
    sheet->columns = second->columns = 2;
    second->rows = 3;
    sheet->next = second;
    ck_written(sheet, CUTROPY_FORMAT_CSV,
               "name,count\n\"a,b\",7\n\"a,b\",7\n,\n\"50% \"\"x_y\"\" | z\",-3\n");
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 4);
    ck_assert_int_eq(cutropy_sheet_integer(sheet, 3, 1, &lo, &hi), 1);
    ck_assert_int_eq(lo, -3);
    ck_assert_int_eq(cutropy_sheet_integer(sheet, 4, 1, &lo, &hi), 0);
    sheet->is_list = true;
    sheet->parts_missing = 2;
    second->rows = 0;
    snprintf(sheet->partial, sizeof sheet->partial, "1 of 9 rows");
    ck_written(
        sheet, CUTROPY_FORMAT_JSON,
        "[{\n  \"who\": \"me\",\n  \"columns\": [\"name\", \"count\"],\n  \"rows\": [\n"
        "    {\"name\": \"a,b\", \"count\": 7}\n  ],\n  \"complete\": true\n}\n"
        ",{\n  \"who\": \"me\",\n  \"columns\": [\"name\", \"count\"],\n  \"rows\": [\n"
        "  ],\n  \"complete\": true\n}\n,{\"complete\": false, \"partial\": \"1 of 9 rows\"}]\n");
    cutropy_sheet_free(sheet);
}
END_TEST

/* ---- what a program reads ---- */

START_TEST(test_accessors)
{
    cutropy_sheet *sheet = make_sheet(true);
    int64_t lo = 99, hi = 99;
    double value = 99, error = 99;
    char text[64];
    ck_assert_int_eq(cutropy_sheet_columns(sheet), 7);
    ck_assert_int_eq(cutropy_sheet_find(sheet, "s"), 3);
    ck_assert_int_eq(cutropy_sheet_find(sheet, "s_bits"), -1);
    ck_assert_str_eq(cutropy_sheet_name(sheet, 3), "s");
    ck_assert_str_eq(cutropy_sheet_unit(sheet, 3), "bits");
    ck_assert_int_eq(cutropy_sheet_type(sheet, 3), CUTROPY_COLUMN_REAL);
    ck_assert_str_eq(cutropy_sheet_name(sheet, 7), "");
    ck_assert_str_eq(cutropy_sheet_unit(sheet, -1), "");
    ck_assert_str_eq(cutropy_sheet_partial(sheet), "");
    /* missing, of another type, out of range: nothing changes */
    ck_assert(!cutropy_sheet_integer(sheet, 1, 1, &lo, &hi));
    ck_assert(!cutropy_sheet_integer(sheet, 0, 3, &lo, &hi));
    ck_assert(!cutropy_sheet_integer(sheet, 0, -1, &lo, &hi));
    ck_assert(!cutropy_sheet_real(sheet, 2, 4, &value, &error)); /* NaN */
    ck_assert(!cutropy_sheet_real(sheet, 1, 3, &value, &error));
    ck_assert(!cutropy_sheet_real(sheet, 4, 3, &value, &error));
    ck_assert(lo == 99 && hi == 99 && value == 99 && error == 99);
    ck_assert(cutropy_sheet_integer(sheet, 0, 2, &lo, &hi) && lo == 3 && hi == 5);
    ck_assert(cutropy_sheet_integer(sheet, 0, 5, &lo, &hi) && lo == 1 && hi == 1);
    ck_assert(cutropy_sheet_real(sheet, 0, 3, &value, &error) && value == 1.5 && error == 0.25);
    ck_assert_int_eq(cutropy_sheet_text(sheet, 2, 3, text, sizeof text), 3);
    ck_assert_str_eq(text, "2/3");
    ck_assert_int_eq(cutropy_sheet_text(sheet, 0, 0, text, 3), 3);
    ck_assert_str_eq(text, "a,"); /* cut off, without quotes */
    ck_assert_int_eq(cutropy_sheet_text(sheet, 0, 6, text, sizeof text), 14);
    ck_assert_str_eq(text, "0.75^1;0.125^2");
    ck_assert_int_eq(cutropy_sheet_text(sheet, 1, 0, text, sizeof text), 0);
    ck_assert_str_eq(text, "");
    cutropy_sheet_free(sheet);
    cutropy_sheet_free(NULL);
}
END_TEST

START_TEST(test_format_names)
{
    static const char *const names[] = {"csv",   "JSON", "npy", "text", "markdown",
                                        "latex", "txt",  "md",  "tex"};
    static const cutropy_format formats[] = {
        CUTROPY_FORMAT_CSV,  CUTROPY_FORMAT_JSON,     CUTROPY_FORMAT_NPY,
        CUTROPY_FORMAT_TEXT, CUTROPY_FORMAT_MARKDOWN, CUTROPY_FORMAT_LATEX,
        CUTROPY_FORMAT_TEXT, CUTROPY_FORMAT_MARKDOWN, CUTROPY_FORMAT_LATEX};
    cutropy_format found = CUTROPY_FORMAT_NPY;
    for (int i = 0; i < 9; i++) {
        ck_assert_int_eq(cutropy_format_named(names[i], &found), 1);
        ck_assert_int_eq(found, formats[i]);
    }
    ck_assert_int_eq(cutropy_format_named("xml", &found), 0);
    ck_assert_int_eq(found, CUTROPY_FORMAT_LATEX);
}
END_TEST

/* A decimal comma of the program around the library goes into no format. */
START_TEST(test_locale)
{
    cutropy_sheet *sheet = make_sheet(false);
    size_t length;
    char *plain[6], *other;
    for (int f = 0; f < 6; f++)
        plain[f] = written(sheet, (cutropy_format)f, &length);
    if (setlocale(LC_ALL, "de_DE.UTF-8") || setlocale(LC_ALL, "de_DE"))
        for (int f = 0; f < 6; f++) {
            if (f == CUTROPY_FORMAT_NPY)
                continue; /* bytes; no number is text */
            other = written(sheet, (cutropy_format)f, &length);
            ck_assert_str_eq(plain[f], other);
            free(other);
        }
    setlocale(LC_ALL, "C");
    for (int f = 0; f < 6; f++)
        free(plain[f]);
    cutropy_sheet_free(sheet);
}
END_TEST

/* A number in nats has the error that it has in bits and that of ln 2, which is no double, and of a product. */
static void check_nats(cutropy_sheet *const sheet[2], const char *name)
{
    const size_t many = cutropy_sheet_rows(sheet[0]);
    size_t at = many;
    const int column = cutropy_sheet_find(sheet[0], name);
    double value[2] = {0}, error[2];
    for (size_t i = 0; at == many && i < many; i++)
        if (cutropy_sheet_real(sheet[0], i, column, &value[0], &error[0]) && value[0] > 0.1)
            at = i;
    ck_assert_uint_lt(at, many);
    ck_assert_int_eq(cutropy_sheet_real(sheet[1], at, column, &value[1], &error[1]), 1);
    ck_assert_double_eq_tol(value[1], value[0] * M_LN2, 1e-15);
    ck_assert_msg(error[1] >= error[0] * M_LN2 + value[1] * 0x1p-53 &&
                      error[1] <= error[0] * M_LN2 + value[1] * 0x1p-50,
                  "%s: %.17g, error %g; in bits %.17g, error %g", name, value[1], error[1],
                  value[0], error[0]);
    for (int k = 0; k < 2; k++)
        cutropy_sheet_free(sheet[k]);
}

#define CHECK_NATS(make, of, name)                                                                 \
    do {                                                                                           \
        cutropy_sheet *sheet[2];                                                                   \
        MUST(make(of, CUTROPY_BASE_BITS, &sheet[0]));                                              \
        MUST(make(of, CUTROPY_BASE_NATS, &sheet[1]));                                              \
        check_nats(sheet, name);                                                                   \
    } while (0)

START_TEST(test_nats)
{
    cutropy_problem *problem = must_problem("random", "3x2");
    cutropy_options *options = must_options("threads", "1", NULL);
    cutropy_state *state = must_state(problem, options);
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_result *result = must_solve(problem, &cuts, options);
    cutropy_order *order;
    cutropy_tree *tree;
    cutropy_information *information;
    cutropy_ranges *ranges;
    MUST(cutropy_order_find(state, CUTROPY_ORDER_ENTROPY, options, &order));
    MUST(cutropy_tree_find(state, CUTROPY_ORDER_ENTROPY, options, &tree));
    MUST(cutropy_information_run(problem, "0x7|0x38", 1, options, &information));
    MUST(cutropy_ranges_run(problem, &cuts, options, &ranges));
    CHECK_NATS(cutropy_result_sheet, result, "entropy");
    CHECK_NATS(cutropy_summary_sheet, result, "entropy_mean");
    CHECK_NATS(cutropy_order_sheet, order, "entropy");
    CHECK_NATS(cutropy_order_sheet, order, "entropy_by_numbers");
    CHECK_NATS(cutropy_tree_sheet, tree, "entropy");
    CHECK_NATS(cutropy_information_sheet, information, "mutual_information");
    CHECK_NATS(cutropy_information_sheet, information, "log_negativity");
    CHECK_NATS(cutropy_ranges_sheet, ranges, "entropy");
    cutropy_ranges_free(ranges);
    cutropy_information_free(information);
    cutropy_tree_free(tree);
    cutropy_order_free(order);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}
END_TEST

/* The least of numbers that are off by e_j is off by the largest e_j, whichever row it came from; so is the largest. */
START_TEST(test_summary_errors)
{
    cutropy_problem *problem = must_problem("random", "3x2");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_result *result = must_solve(problem, &cuts, NULL);
    cutropy_sheet *table, *summary;
    double value, error, least, largest;
    MUST(cutropy_result_sheet(result, CUTROPY_BASE_BITS, &table));
    MUST(cutropy_summary_sheet(result, CUTROPY_BASE_BITS, &summary));
    cutropy_sheet_real(summary, 0, cutropy_sheet_find(summary, "entropy_least"), &value, &least);
    cutropy_sheet_real(summary, 0, cutropy_sheet_find(summary, "entropy_largest"), &value,
                       &largest);
    for (size_t i = 0; i < cutropy_sheet_rows(table); i++) {
        cutropy_sheet_real(table, i, cutropy_sheet_find(table, "entropy"), &value, &error);
        ck_assert_double_le(error, least);
        ck_assert_double_le(error, largest);
    }
    cutropy_sheet_free(summary);
    cutropy_sheet_free(table);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("sheet", test_texts, test_json, test_npy, test_bracketed, test_brackets_contain,
           test_csv_reads_back, test_json_reads_back, test_lines, test_parts, test_accessors,
           test_format_names, test_locale, test_nats, test_summary_errors)
