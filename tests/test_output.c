/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: every cell read back from CSV, JSON and .npy, and files that appear whole or not at all.
 */
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cutropy/sheet.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/result.h"

/* ---- a result made by hand ---- */

enum { ROWS = 5, RECORDS = 3, QUANTITIES = 7 };

static cutropy_quantity quantities[QUANTITIES + 1] = {{CUTROPY_QUANTITY_RENYI, 0.5},
                                                      {CUTROPY_QUANTITY_BOUNDARY_PIXELS, 0},
                                                      {CUTROPY_QUANTITY_SCHMIDT_GAP, 0},
                                                      {CUTROPY_QUANTITY_TR_RHO3, 0},
                                                      {CUTROPY_QUANTITY_BLOCKS, 0},
                                                      {CUTROPY_QUANTITY_MUTUAL_INFORMATION, 0},
                                                      {CUTROPY_QUANTITY_NUMERICAL_RANK, 1e-8},
                                                      {CUTROPY_QUANTITY_SPECTRUM, 0}};
static double extra[RECORDS][QUANTITIES + 1] = {{1.25, 0, 0.1, [6] = 3}, {0, 0, NAN, [6] = 5}};
static double extra_err[RECORDS][QUANTITIES + 1] = {{1e-15, 0, 2e-16}, {3e-14, 0, NAN, [6] = 2}};
static double spectrum[2] = {2.0 / 3, 1.0 / 6}, spectrum_err[2] = {1e-16, 3e-17};
static int64_t multiplicity[2] = {1, 2};
static uint64_t masks[ROWS][2] = {
    {1, 0}, {UINT64_C(0xdeadbeef01234567), 0x5a}, {UINT64_MAX, 0}, {0, 0}, {2, 1}};
#define ROW(r, s, a, b, c, m)                                                                      \
    {                                                                                              \
        .record = r, .swapped = s, .na = a, .boundary = b, .boundary_pixels = c,                   \
        .mutual_information = m, .mutual_information_err = (m) / 1024                              \
    }
static cutropy_row rows[ROWS] = {ROW(0, 0, 1, 2, 1, 0.25), ROW(1, 0, 40, 7, 5, 0.5),
                                 ROW(2, 0, 64, 9, 9, 0), ROW(0, 1, 0, 0, 0, 0.75),
                                 ROW(1, 0, 2, 4, 2, 0.875)};
static cutropy_record records[RECORDS] = {
    {.done = 1,
     .guarantee = CUTROPY_GUARANTEE_EXACT,
     .entropy = 0.1,
     .entropy_err = 1e-19,
     .renyi2 = 1.0 / 3,
     .renyi2_err = 2e-19,
     .purity = 0.1875,
     .purity_exact = {.p = {3, 0}, .q = {16, 0}},
     .tr_rho3 = 1,
     .tr_rho3_exact = {.p = {1, 0}, .q = {1, 0}},
     .rank_lo = 4,
     .rank_hi = 4,
     .classes = {4, 7},
     .blocks = 2},
    {.done = 1,
     .guarantee = CUTROPY_GUARANTEE_FLOAT,
     .entropy = 17.123456789012345,
     .entropy_err = 3e-13,
     .renyi2 = -0.0,
     .purity = 1e-300,
     .purity_err = 1e-303,
     .tr_rho3 = 5e-324,
     .tr_rho3_err = 5e-324,
     .rank_lo = 9,
     .rank_hi = 11,
     .classes = {12, INT64_C(9007199254740993)},
     .blocks = 1},
    {.done = 0},
};
static const size_t finished[] = {0, 1, 3, 4}; /* row 2 was not computed */
enum { FINISHED = 4 };

static const char *a_library(void)
{
    return "a library 1.2";
}

static cutropy_result make_result(size_t quantity_count)
{
    for (int i = 0; i < RECORDS; i++) {
        records[i].extra = extra[i];
        records[i].extra_err = extra_err[i];
        records[i].spectrum_count = 2;
        records[i].spectrum = spectrum;
        records[i].spectrum_err = spectrum_err;
        records[i].multiplicity = multiplicity;
    }
    return (cutropy_result){
        .problem = "file:path=a \"quoted\" \\name\xff",
        .lattice = "grid:10x7",
        .kind = CUTROPY_KIND_INTEGER,
        .cuts = {.words = 2, .count = ROWS, .masks = &masks[0][0]},
        .quantities = quantities,
        .quantity_count = quantity_count,
        .checksum = 0xabcdef,
        .ones = 77,
        .norm = "340282366920938463463374607431768211455",
        .norm_error = "0",
        .storage = "values",
        .backend = "cpu",
        .instruction_set = "avx2",
        .libraries = a_library,
        .threads = 3,
        .symmetries = 8,
        .timings = {{"evaluate", 0.5}, {"total", 1.5}},
        .timing_count = 2,
        .count = ROWS,
        .rows = rows,
        .record_count = RECORDS,
        .records = records,
        .complete = 1,
    };
}

/* Not inlined: gcc 12 would take the pointer that open_memstream filled in for a dangling one. */
__attribute__((noinline)) static char *written(const cutropy_result *result, cutropy_format format,
                                               cutropy_base base, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    ck_assert_int_eq(cutropy_write(result, format, base, file), CUTROPY_OK);
    fclose(file);
    return text;
}

/* ---- CSV ---- */

/* Splits in place; returns the number of cells. */
static size_t split(char *line, char separator, char **cells, size_t room)
{
    size_t count = 0;
    for (char *p = line; p; count++) {
        ck_assert_uint_lt(count, room);
        cells[count] = p;
        p = strchr(p, separator);
        if (p)
            *p++ = '\0';
    }
    return count;
}

static void ck_number(const char *cell, double expected)
{
    char *end;
    ck_assert_str_ne(cell, "");
    double value = strtod(cell, &end);
    ck_assert_msg(!*end && value == expected, "'%s' is not %.17g", cell, expected);
}

/* Without the spectrum, cells are reused between the rows of a record. */
static void check_csv(bool with_spectrum)
{
    static const char header[] =
        "cut,na,boundary,entropy_bits,entropy_err,guarantee,renyi2_bits,renyi2_err,rank,classes_a,"
        "classes_b,purity,purity_err,renyi_0.5_bits,renyi_0.5_err,boundary_pixels,schmidt_gap,"
        "schmidt_gap_err,tr_rho3,tr_rho3_err,blocks,mutual_information_bits,"
        "mutual_information_err,rank_1e-08";
    static const char *const cut[] = {"0x1", "0x5adeadbeef01234567", "0x0", "0x10000000000000002"};
    cutropy_result result = make_result(QUANTITIES + with_spectrum);
    size_t length;
    char *text = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length), *lines[16],
         *cell[32];
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_uint_eq(split(text, '\n', lines, 16), FINISHED + 2);
    ck_assert_mem_eq(lines[0], header, strlen(header));
    ck_assert_str_eq(lines[0] + strlen(header), with_spectrum ? ",spectrum,spectrum_err" : "");
    ck_assert_str_eq(lines[FINISHED + 1], "");
    for (size_t i = 0; i < FINISHED; i++) {
        const cutropy_row *row = &rows[finished[i]];
        const cutropy_record *record = &records[row->record];
        bool first = row->record == 0;
        ck_assert_uint_eq(split(lines[i + 1], ',', cell, 32), 24 + 2 * with_spectrum);
        ck_assert_str_eq(cell[0], cut[i]);
        ck_number(cell[1], row->na);
        ck_number(cell[2], row->boundary);
        ck_number(cell[3], record->entropy);
        ck_number(cell[4], record->entropy_err);
        ck_assert_str_eq(cell[5], first ? "exact" : "float");
        ck_number(cell[6], record->renyi2);
        ck_number(cell[7], record->renyi2_err);
        ck_assert_str_eq(cell[8], first ? "4" : "9..11");
        char classes[2][24];
        for (int side = 0; side < 2; side++)
            snprintf(classes[side], sizeof classes[side], "%lld", (long long)record->classes[side]);
        ck_assert_str_eq(cell[9], classes[row->swapped]);
        ck_assert_str_eq(cell[10], classes[!row->swapped]);
        if (first)
            ck_assert_str_eq(cell[11], "3/16");
        else
            ck_number(cell[11], 1e-300);
        ck_number(cell[12], first ? 0 : 1e-303);
        ck_number(cell[13], extra[row->record][0]);
        ck_number(cell[14], extra_err[row->record][0]);
        ck_number(cell[15], row->boundary_pixels);
        ck_assert_str_eq(cell[16], first ? "0.10000000000000001" : ""); /* no value */
        ck_assert_str_eq(cell[17], first ? "2e-16" : "");
        ck_assert_str_eq(cell[18], first ? "1" : "4.9406564584124654e-324");
        ck_assert_str_eq(cell[19], first ? "0" : "4.9406564584124654e-324");
        ck_number(cell[20], (double)record->blocks);
        ck_number(cell[21], row->mutual_information);
        ck_number(cell[22], row->mutual_information / 1024);
        ck_assert_str_eq(cell[23], first ? "3" : "5..7");
        if (with_spectrum) {
            ck_assert_str_eq(cell[24], "0.66666666666666663^1;0.16666666666666666^2");
            ck_assert_str_eq(cell[25], "9.9999999999999998e-17;3.0000000000000001e-17");
        }
    }
    ck_assert_str_eq(cell[6], "0"); /* not -0 */
    free(text);
}

START_TEST(test_csv)
{
    check_csv(false);
    check_csv(true);
}
END_TEST

START_TEST(test_nats)
{
    cutropy_result result = make_result(2);
    size_t length;
    char *text = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_NATS, &length), *lines[16],
         *cell[32];
    split(text, '\n', lines, 16);
    ck_assert_str_eq(
        lines[0], "cut,na,boundary,entropy_nats,entropy_err,guarantee,renyi2_nats,renyi2_err,rank,"
                  "classes_a,classes_b,purity,purity_err,renyi_0.5_nats,renyi_0.5_err,"
                  "boundary_pixels");
    split(lines[1], ',', cell, 32);
    ck_number(cell[3], 0.1 * 0.69314718055994530942);
    ck_number(cell[6], 1.0 / 3 * 0.69314718055994530942);
    ck_number(cell[13], 1.25 * 0.69314718055994530942);
    ck_assert_str_eq(cell[11], "3/16");
    ck_assert_str_eq(cell[12], "0");
    ck_assert(strtod(cell[7], NULL) >= 2e-19 * 0.6931471805599453); /* in nats too */
    ck_assert(strtod(cell[14], NULL) >= 1e-15 * 0.6931471805599453 &&
              strtod(cell[14], NULL) < 1.1e-15);
    /* the bound still holds: 1e-19 bits, and the rounding of the conversion on top */
    double err = strtod(cell[4], NULL);
    long double exact = (0.1 + 1e-19L) * 0.693147180559945309417232121458176568L;
    long double off = fabsl(exact - strtold(cell[3], NULL));
    ck_assert(err >= 1e-19 * 0.6931471805599453);
    ck_assert((long double)err >= off);
    ck_assert(err < 1e-16);
    free(text);
}
END_TEST

START_TEST(test_no_rows)
{
    cutropy_result result = make_result(0);
    result.count = result.cuts.count = result.record_count = 0;
    size_t length;
    char *csv = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length);
    ck_assert_uint_eq(strcspn(csv, "\n") + 1, length);
    char *json = written(&result, CUTROPY_FORMAT_JSON, CUTROPY_BASE_BITS, &length);
    json_t *root = json_loads(json, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "rows")), 0);
    ck_assert(json_is_array(json_object_get(root, "rows")));
    json_decref(root);
    char *npy = written(&result, CUTROPY_FORMAT_NPY, CUTROPY_BASE_BITS, &length);
    ck_assert_uint_eq(length % 64, 0);
    free(csv);
    free(json);
    free(npy);
}
END_TEST

/* ---- JSON ---- */

static const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text != NULL, "%s is no text", key);
    return text;
}

static void ck_json_integer(const json_t *object, const char *key, int64_t expected)
{
    const json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_integer(value), "%s is no integer", key);
    ck_assert_int_eq(json_integer_value(value), expected);
}

static void ck_json_number(const json_t *object, const char *key, double expected)
{
    const json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_number(value), "%s is no number", key);
    ck_assert(json_number_value(value) == expected);
}

START_TEST(test_json_provenance)
{
    cutropy_result result = make_result(QUANTITIES + 1);
    size_t length;
    json_error_t error;
    char *text = written(&result, CUTROPY_FORMAT_JSON, CUTROPY_BASE_BITS, &length);
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "line %d: %s", error.line, error.text);
    ck_assert_str_eq(json_text(root, "cutropy"), cutropy_version());
    ck_assert_str_eq(json_text(root, "problem"), "file:path=a \"quoted\" \\name?");
    ck_assert_str_eq(json_text(root, "lattice"), "grid:10x7");
    ck_assert_str_eq(json_text(root, "kind"), "integer");
    ck_assert_str_eq(json_text(root, "checksum"), "0000000000abcdef");
    ck_assert(json_is_null(json_object_get(root, "label1_images"))); /* f has integers */
    ck_assert_str_eq(json_text(root, "norm"), "340282366920938463463374607431768211455");
    ck_assert_str_eq(json_text(root, "norm_err"), "0");
    ck_assert_str_eq(json_text(root, "storage"), "values");
    ck_assert_str_eq(json_text(root, "backend"), "cpu");
    ck_assert_str_eq(json_text(root, "instruction_set"), "avx2");
    ck_assert_str_eq(json_text(root, "libraries"), "a library 1.2");
    ck_json_integer(root, "threads", 3);
    ck_json_integer(root, "symmetries", 8);
    ck_assert_str_eq(json_text(root, "unit"), "bits");
    ck_json_number(json_object_get(root, "timings"), "evaluate", 0.5);
    ck_json_number(json_object_get(root, "timings"), "total", 1.5);
    ck_json_integer(root, "cuts_asked", ROWS);
    ck_json_integer(root, "cuts_finished", FINISHED);
    ck_assert(json_is_true(json_object_get(root, "complete")));
    ck_assert_uint_eq(json_array_size(json_object_get(root, "columns")), 26);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "rows")), FINISHED);
    json_decref(root);
    free(text);
    result.kind = CUTROPY_KIND_LABEL;
    text = written(&result, CUTROPY_FORMAT_JSON, CUTROPY_BASE_BITS, &length);
    root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    ck_json_integer(root, "label1_images", 77);
    json_decref(root);
    free(text);
}
END_TEST

START_TEST(test_json_rows)
{
    cutropy_result result = make_result(QUANTITIES + 1);
    size_t length;
    char *text = written(&result, CUTROPY_FORMAT_JSON, CUTROPY_BASE_BITS, &length);
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    for (size_t i = 0; i < FINISHED; i++) {
        const json_t *object = json_array_get(json_object_get(root, "rows"), i);
        const cutropy_row *row = &rows[finished[i]];
        const cutropy_record *record = &records[row->record];
        bool first = row->record == 0;
        ck_assert_uint_eq(json_object_size(object), 26);
        ck_json_integer(object, "na", row->na);
        ck_json_integer(object, "boundary", row->boundary);
        ck_json_number(object, "entropy_bits", record->entropy);
        ck_json_number(object, "entropy_err", record->entropy_err);
        ck_assert_str_eq(json_text(object, "guarantee"), first ? "exact" : "float");
        ck_json_number(object, "renyi2_bits", record->renyi2);
        ck_json_number(object, "renyi2_err", record->renyi2_err);
        ck_json_number(object, "renyi_0.5_err", extra_err[row->record][0]);
        ck_json_number(object, "mutual_information_err", row->mutual_information_err);
        ck_json_integer(object, "classes_a", record->classes[row->swapped]);
        ck_json_integer(object, "classes_b", record->classes[!row->swapped]);
        ck_json_number(object, "renyi_0.5_bits", extra[row->record][0]);
        ck_json_integer(object, "boundary_pixels", row->boundary_pixels);
        ck_json_integer(object, "blocks", record->blocks);
        ck_json_number(object, "mutual_information_bits", row->mutual_information);
        const json_t *pairs = json_object_get(object, "spectrum");
        ck_assert_uint_eq(json_array_size(pairs), 2);
        ck_assert(json_real_value(json_array_get(json_array_get(pairs, 1), 0)) == 1.0 / 6);
        ck_assert_int_eq(json_integer_value(json_array_get(json_array_get(pairs, 1), 1)), 2);
        const json_t *errors = json_object_get(object, "spectrum_err");
        ck_assert_uint_eq(json_array_size(errors), 2);
        ck_assert(json_real_value(json_array_get(errors, 1)) == 3e-17);
        if (first) {
            ck_json_integer(object, "rank", 4);
            ck_assert_str_eq(json_text(object, "purity"), "3/16");
            ck_json_number(object, "schmidt_gap", 0.1);
            ck_json_integer(object, "purity_err", 0);
            ck_json_integer(object, "rank_1e-08", 3);
        } else {
            ck_assert_str_eq(json_text(object, "rank"), "9..11");
            ck_json_number(object, "purity", 1e-300);
            ck_assert(json_is_null(json_object_get(object, "schmidt_gap")));
            ck_assert(json_is_null(json_object_get(object, "schmidt_gap_err")));
            ck_assert_str_eq(json_text(object, "rank_1e-08"), "5..7");
        }
    }
    const json_t *second = json_array_get(json_object_get(root, "rows"), 1);
    ck_assert_str_eq(json_text(second, "cut"), "0x5adeadbeef01234567");
    json_decref(root);
    free(text);
}
END_TEST

/* ---- .npy ---- */

/* Compares `size` bytes of the file with a value and steps over them. */
static const char *ck_bytes(const char *at, const void *value, size_t size)
{
    ck_assert_mem_eq(at, value, size);
    return at + size;
}

static const char *ck_unicode(const char *at, const char *text, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        uint32_t character = i < strlen(text) ? (unsigned char)text[i] : 0;
        at = ck_bytes(at, &character, 4);
    }
    return at;
}

START_TEST(test_npy)
{
    static const char header[] =
        "{'descr': [('cut', '<U20'), ('na', '<i8'), ('boundary', '<i8'), ('entropy_bits', '<f8'), "
        "('entropy_err', '<f8'), ('guarantee', '<U9'), ('renyi2_bits', '<f8'), "
        "('renyi2_err', '<f8'), ('rank', '<i8'), ('rank_hi', '<i8'), ('classes_a', '<i8'), "
        "('classes_b', '<i8'), ('purity', '<f8'), ('purity_err', '<f8'), "
        "('renyi_0.5_bits', '<f8'), ('renyi_0.5_err', '<f8'), ('boundary_pixels', '<i8'), "
        "('schmidt_gap', '<f8'), ('schmidt_gap_err', '<f8'), ('tr_rho3', '<f8'), "
        "('tr_rho3_err', '<f8'), ('blocks', '<i8'), ('mutual_information_bits', '<f8'), "
        "('mutual_information_err', '<f8'), ('rank_1e-08', '<i8'), ('rank_1e-08_hi', '<i8'), ], 'fortran_order': False, 'shape': (4,), }";
    cutropy_result result = make_result(QUANTITIES);
    size_t length;
    char *file = written(&result, CUTROPY_FORMAT_NPY, CUTROPY_BASE_BITS, &length);
    ck_assert_mem_eq(file, "\x93NUMPY\x01\x00", 8);
    size_t header_length = (unsigned char)file[8] | (size_t)(unsigned char)file[9] << 8;
    ck_assert_uint_eq((header_length + 10) % 64, 0);
    ck_assert_mem_eq(file + 10, header, strlen(header));
    for (size_t i = strlen(header); i + 1 < header_length; i++)
        ck_assert_int_eq(file[10 + i], ' ');
    ck_assert_int_eq(file[10 + header_length - 1], '\n');
    const char *at = file + 10 + header_length;
    for (size_t i = 0; i < FINISHED; i++) {
        const cutropy_row *row = &rows[finished[i]];
        const cutropy_record *record = &records[row->record];
        int64_t na = row->na, boundary = row->boundary, boundary_pixels = row->boundary_pixels;
        double renyi2 = record->renyi2 + 0.0;
        char cut[24];
        cutropy_mask_format(masks[finished[i]], 2, cut, sizeof cut);
        at = ck_unicode(at, cut, 20);
        at = ck_bytes(at, &na, 8);
        at = ck_bytes(at, &boundary, 8);
        at = ck_bytes(at, &record->entropy, 8);
        at = ck_bytes(at, &record->entropy_err, 8);
        at = ck_unicode(at, row->record ? "float" : "exact", 9);
        at = ck_bytes(at, &renyi2, 8);
        at = ck_bytes(at, &record->renyi2_err, 8);
        at = ck_bytes(at, &record->rank_lo, 8);
        at = ck_bytes(at, &record->rank_hi, 8);
        at = ck_bytes(at, &record->classes[row->swapped], 8);
        at = ck_bytes(at, &record->classes[!row->swapped], 8);
        at = ck_bytes(at, &record->purity, 8);
        double error; /* a rounded fraction is not exact */
        memcpy(&error, at, 8);
        ck_assert(row->record ? error == record->purity_err
                              : error >= 0x1p-53 * 0.1875 && error < 1e-15);
        at = ck_bytes(at + 8, &extra[row->record][0], 8);
        at = ck_bytes(at, &extra_err[row->record][0], 8);
        at = ck_bytes(at, &boundary_pixels, 8);
        double gap;
        memcpy(&gap, at, 8);
        ck_assert(row->record ? isnan(gap) : gap == 0.1);
        memcpy(&gap, at + 8, 8);
        ck_assert(row->record ? isnan(gap) : gap == 2e-16);
        at = ck_bytes(at + 16, &record->tr_rho3, 8) + 8;
        at = ck_bytes(at, &record->blocks, 8);
        at = ck_bytes(at, &row->mutual_information, 8);
        at = ck_bytes(at, &row->mutual_information_err, 8);
        const int64_t low = row->record ? 5 : 3, high = row->record ? 7 : 3;
        at = ck_bytes(at, &low, 8);
        at = ck_bytes(at, &high, 8);
    }
    ck_assert_ptr_eq(at, file + length);
    free(file);
}
END_TEST

START_TEST(test_npy_refuses_spectrum)
{
    cutropy_result result = make_result(QUANTITIES + 1);
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    ck_assert_int_eq(cutropy_write(&result, CUTROPY_FORMAT_NPY, CUTROPY_BASE_BITS, file),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "csv or json"));
    fclose(file);
    ck_assert_uint_eq(length, 0);
    free(text);
}
END_TEST

/* ---- many records: more than the cache of formatted cells holds ---- */

START_TEST(test_many_records)
{
    const uint32_t count = getenv("CUTROPY_TEST_SMALL") ? 5000 : 50000;
    cutropy_result result = make_result(0);
    cutropy_row *many_rows = calloc(2 * count, sizeof *many_rows);
    cutropy_record *many_records = calloc(count, sizeof *many_records);
    uint64_t *many_masks = calloc(2 * count, sizeof *many_masks);
    for (uint32_t i = 0; i < 2 * count; i++) {
        many_masks[i] = i;
        many_rows[i].record = i % count;
        many_rows[i].swapped = i >= count;
        many_records[i % count] =
            (cutropy_record){.done = 1, .entropy = i % count + 0.5, .classes = {1, 2}};
    }
    result.cuts = (cutropy_cuts){.words = 1, .count = 2 * count, .masks = many_masks};
    result.count = 2 * count;
    result.rows = many_rows;
    result.record_count = count;
    result.records = many_records;
    size_t length;
    char *text = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length), *cell[16];
    char *line = strchr(text, '\n') + 1;
    for (uint32_t i = 0; i < 2 * count; i++) {
        char *end = strchr(line, '\n'), cut[16];
        *end = '\0';
        split(line, ',', cell, 16);
        snprintf(cut, sizeof cut, "0x%x", i);
        ck_assert_str_eq(cell[0], cut);
        ck_number(cell[3], i % count + 0.5);
        ck_assert_str_eq(cell[9], i >= count ? "2" : "1");
        line = end + 1;
    }
    ck_assert_ptr_eq(line, text + length);
    free(text);
    free(many_rows);
    free(many_records);
    free(many_masks);
}
END_TEST

/* ---- files ---- */

static char directory[64];

static const char *in_directory(const char *name)
{
    static char path[4][400];
    static int next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", directory, name);
    return p;
}

static void make_directory(void)
{
    strcpy(directory, "output-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void ck_file(const char *path, const char *expected, size_t length)
{
    char *text = malloc(length + 2);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    ck_assert_uint_eq(fread(text, 1, length + 2, file), length);
    ck_assert_mem_eq(text, expected, length);
    fclose(file);
    free(text);
}

/* Files in the directory, which are then removed with it: a temporary file left behind would count.
 */
static int remove_directory(void)
{
    int count = 0;
    DIR *stream = opendir(directory);
    for (struct dirent *entry; (entry = readdir(stream));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        unlink(in_directory(entry->d_name));
        count++;
    }
    closedir(stream);
    rmdir(directory);
    return count;
}

START_TEST(test_save)
{
    cutropy_result result = make_result(QUANTITIES);
    static const cutropy_format formats[] = {CUTROPY_FORMAT_CSV, CUTROPY_FORMAT_JSON,
                                             CUTROPY_FORMAT_NPY};
    make_directory();
    for (int i = 0; i < 3; i++) {
        size_t length;
        char *text = written(&result, formats[i], CUTROPY_BASE_NATS, &length);
        ck_assert_int_eq(
            cutropy_save(&result, formats[i], CUTROPY_BASE_NATS, in_directory("table")),
            CUTROPY_OK);
        ck_file(in_directory("table"), text, length);
        free(text);
    }
    ck_assert_int_eq(remove_directory(), 1);
}
END_TEST

START_TEST(test_save_keeps_links_and_modes)
{
    cutropy_result result = make_result(0);
    struct stat status;
    size_t length;
    char *text = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length);
    make_directory();
    put(in_directory("real"), "old");
    chmod(in_directory("real"), 0640);
    ck_assert_int_eq(symlink("real", in_directory("link")), 0);
    ck_assert_int_eq(cutropy_save_check(in_directory("link")), CUTROPY_OK);
    ck_file(in_directory("real"), "old", 3);
    ck_assert_int_eq(
        cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, in_directory("link")),
        CUTROPY_OK);
    ck_assert_int_eq(lstat(in_directory("link"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_file(in_directory("real"), text, length);
    ck_assert_int_eq(stat(in_directory("real"), &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);

    mode_t before = umask(022);
    ck_assert_int_eq(
        cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, in_directory("new")),
        CUTROPY_OK);
    umask(before);
    ck_assert_int_eq(stat(in_directory("new"), &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0644);
    ck_assert_int_eq(remove_directory(), 3);
    free(text);
}
END_TEST

static void expect_unwritable(const char *path, const char *reason)
{
    cutropy_result result = make_result(0);
    for (int check = 0; check < 2; check++) {
        ck_assert_int_eq(check ? cutropy_save_check(path)
                               : cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, path),
                         CUTROPY_EIO);
        ck_assert_msg(strstr(cutropy_error(), reason) && strstr(cutropy_error(), path),
                      "'%s' lacks '%s' or '%s'", cutropy_error(), path, reason);
    }
}

/* An open descriptor is written where it stands: nothing is replaced, nothing in front is lost. */
START_TEST(test_save_to_descriptor)
{
    cutropy_result result = make_result(0);
    size_t length;
    char name[32], *text = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length);
    char *expected = malloc(length + 5);
    ck_assert_ptr_nonnull(expected);
    make_directory();
    int descriptor = open(in_directory("table"), O_RDWR | O_CREAT, 0600);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, "head\n", 5), 5);
    snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    ck_assert_int_eq(cutropy_save_check(name), CUTROPY_OK);
    ck_assert_int_eq(cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, name),
                     CUTROPY_OK);
    ck_assert_int_eq(close(descriptor), 0);
    memcpy(expected, "head\n", 5);
    memcpy(expected + 5, text, length);
    ck_file(in_directory("table"), expected, length + 5);
    expect_unwritable(name, "Bad file descriptor"); /* closed */
    descriptor = open(in_directory("table"), O_RDONLY);
    snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    expect_unwritable(name, "Bad file descriptor"); /* not for writing */
    close(descriptor);
    ck_assert_int_eq(remove_directory(), 1);
    free(expected);
    free(text);
}
END_TEST

/* A run that was stopped: its table says so, and the older file stays. */
START_TEST(test_partial)
{
    cutropy_result result = make_result(0);
    size_t length, whole;
    char *complete = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &whole);
    result.complete = 0;
    char *csv = written(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, &length);
    static const char mark[] = "# partial: 4 of 5 cuts\n";
    ck_assert_mem_eq(csv, mark, strlen(mark));
    ck_assert_str_eq(csv + strlen(mark), complete);
    make_directory();
    put(in_directory("table"), "precious");
    ck_assert_int_eq(
        cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, in_directory("table")),
        CUTROPY_OK);
    ck_file(in_directory("table"), "precious", 8);
    ck_file(in_directory("table.partial"), csv, length);
    ck_assert_int_eq(remove_directory(), 2);
    free(csv);
    char *json = written(&result, CUTROPY_FORMAT_JSON, CUTROPY_BASE_BITS, &length);
    json_t *root = json_loads(json, 0, NULL);
    ck_assert(json_is_false(json_object_get(root, "complete")));
    json_decref(root);
    free(json);
    char *npy = written(&result, CUTROPY_FORMAT_NPY, CUTROPY_BASE_BITS, &length);
    static const char field[] = "{'descr': [(('partial: 4 of 5 cuts', 'cut'), '<U20'), ('na', ";
    ck_assert_mem_eq(npy + 10, field, strlen(field));
    free(npy);
    free(complete);
}
END_TEST

START_TEST(test_unwritable)
{
    make_directory();
    put(in_directory("file"), "precious");
    ck_assert_int_eq(symlink("nowhere", in_directory("broken")), 0);
    expect_unwritable(in_directory("file/table.csv"), "Not a directory");
    expect_unwritable(in_directory("missing/table.csv"), "No such file");
    expect_unwritable(in_directory("broken"), "No such file");
    expect_unwritable(directory, "Is a directory");
    expect_unwritable("", "empty");
    ck_file(in_directory("file"), "precious", 8);
    ck_assert_int_eq(remove_directory(), 2);
}
END_TEST

START_TEST(test_disk_full)
{
    cutropy_result result = make_result(QUANTITIES);
    static const cutropy_format formats[] = {CUTROPY_FORMAT_CSV,   CUTROPY_FORMAT_JSON,
                                             CUTROPY_FORMAT_NPY,   CUTROPY_FORMAT_TEXT,
                                             CUTROPY_FORMAT_LATEX, CUTROPY_FORMAT_MARKDOWN};
    for (int i = 0; i < 6; i++) {
        FILE *full = fopen("/dev/full", "w");
        ck_assert_int_eq(cutropy_write(&result, formats[i], CUTROPY_BASE_BITS, full), CUTROPY_EIO);
        ck_assert_int_eq(errno, ENOSPC);
        ck_assert_str_eq(cutropy_error(), "cannot write the table: No space left on device");
        fclose(full);
        ck_assert_int_eq(cutropy_save(&result, formats[i], CUTROPY_BASE_BITS, "/dev/full"),
                         CUTROPY_EIO);
        ck_assert_str_eq(cutropy_error(), "cannot write '/dev/full': No space left on device");
    }
}
END_TEST

/* The disk fills up in the middle of the file: a limit on the file size does the same to a real
 * file. */
START_TEST(test_failed_save_leaves_target)
{
    cutropy_result result = make_result(QUANTITIES);
    struct rlimit before, small;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    make_directory();
    put(in_directory("table.csv"), "precious");
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    cutropy_status old =
        cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, in_directory("table.csv"));
    cutropy_status new =
        cutropy_save(&result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, in_directory("new.csv"));
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    ck_assert_int_eq(old, CUTROPY_EIO);
    ck_assert_int_eq(new, CUTROPY_EIO);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "new.csv': File too large"));
    ck_file(in_directory("table.csv"), "precious", 8);
    ck_assert_int_eq(remove_directory(), 1);
}
END_TEST

/* ---- memory ---- */

START_TEST(test_memory_runs_out)
{
    cutropy_result result = make_result(QUANTITIES);
    static const cutropy_format formats[] = {CUTROPY_FORMAT_CSV, CUTROPY_FORMAT_JSON,
                                             CUTROPY_FORMAT_NPY, CUTROPY_FORMAT_TEXT};
    make_directory();
    for (int i = 0; i < 4; i++) {
        bool fired = true;
        long allocations = 0;
        size_t length;
        failing_allocator_start(-1);
        char *text = written(&result, formats[i], CUTROPY_BASE_BITS, &length);
        for (; fired; allocations++) {
            put(in_directory("table"), "precious");
            failing_allocator_start_all(allocations);
            const cutropy_status status =
                cutropy_save(&result, formats[i], CUTROPY_BASE_BITS, in_directory("table"));
            fired = failing_allocator_stop();
            ck_assert_int_eq(failing_allocator_live(), 0);
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            if (fired)
                ck_file(in_directory("table"), "precious", 8);
        }
        ck_assert_int_gt(allocations, 3);
        ck_file(in_directory("table"), text, length);
        free(text);
    }
    cutropy_set_allocator(NULL, NULL, NULL);
    ck_assert_int_eq(remove_directory(), 1);
}
END_TEST

CHECK_MAIN("output", test_csv, test_nats, test_no_rows, test_json_provenance, test_json_rows,
           test_npy, test_npy_refuses_spectrum, test_many_records, test_save,
           test_save_keeps_links_and_modes, test_save_to_descriptor, test_partial, test_unwritable,
           test_disk_full, test_failed_save_leaves_target, test_memory_runs_out)
