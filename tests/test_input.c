/* SPDX-License-Identifier: Apache-2.0 */
/* Files as input: .npy arrays built byte by byte, lists of images in every form, and the problem
 * `file`. */
#include "check_main.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <pthread.h>
#include <sys/stat.h>

#include <zlib.h>

#include <zip.h>

#include "failing_allocator.h"
#include "base/bits.h"
#include "input/bytes.h"
#include "input/images.h"
#include "input/npy.h"
#include "problem/problem.h"
#include "ref/support.h"

/* ---- building files ---- */

typedef struct bytes {
    uint8_t at[8192];
    size_t size;
} bytes;

static void put(bytes *b, const void *data, size_t size)
{
    ck_assert_uint_le(b->size + size, sizeof b->at);
    memcpy(b->at + b->size, data, size);
    b->size += size;
}

/* Header of format version `major` with this dictionary, padded to 64 bytes as NumPy does. */
static void start_npy(bytes *b, int major, const char *dictionary)
{
    size_t prefix = major == 1 ? 10 : 12, length = strlen(dictionary) + 1;
    b->size = 0;
    put(b, "\x93NUMPY", 6);
    put(b, (uint8_t[]){(uint8_t)major, 0}, 2);
    length = (prefix + length + 63) / 64 * 64 - prefix;
    put(b, (uint8_t[]){(uint8_t)length, (uint8_t)(length >> 8), 0, 0}, major == 1 ? 2 : 4);
    put(b, dictionary, strlen(dictionary));
    while (b->size < prefix + length - 1)
        put(b, " ", 1);
    put(b, "\n", 1);
}

static void start_array(bytes *b, const char *type, const char *shape)
{
    char text[160];
    snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type,
             shape);
    start_npy(b, 1, text);
}

/* The low `size` bytes of value, little or big end first. */
static void put_number(bytes *b, uint64_t value, int size, bool big)
{
    for (int k = 0; k < size; k++)
        put(b, (uint8_t[]){(uint8_t)(value >> 8 * (big ? size - 1 - k : k))}, 1);
}

static char folder[] = "inputXXXXXX";
static char path[64];

static void make_folder(void)
{
    strcpy(folder, "inputXXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/data", folder);
}

static void save(const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(data, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void remove_folder(void)
{
    remove(path);
    rmdir(folder);
}

static void expect_message(const char *message)
{
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "'%s' does not say '%s'",
                  cutropy_error(), message);
}

/* ---- .npy ---- */

START_TEST(npy_integers_of_every_type)
{
    static const int64_t values[4] = {0, 1, 127, -128};
    static const char *const orders = "<>";
    for (int size = 1; size <= 8; size *= 2)
        for (int order = 0; order < 2; order++)
            for (int sign = 0; sign < 2; sign++) {
                bytes b;
                ct_npy array;
                char type[16];
                int64_t got[4];
                snprintf(type, sizeof type, "%c%c%d", size == 1 ? '|' : orders[order],
                         sign ? 'i' : 'u', size);
                start_array(&b, type, "(4,)");
                for (int k = 0; k < 4; k++)
                    put_number(&b, sign || values[k] >= 0 ? (uint64_t)values[k] : 200, size, order);
                MUST(ct_npy_parse(b.at, b.size, "A", &array));
                ck_assert_int_eq(array.dimensions, 1);
                ck_assert_uint_eq(array.count, 4);
                ck_assert_int_eq(ct_npy_integers(&array, "A", 0, 4, got), CUTROPY_OK);
                for (int k = 0; k < 4; k++)
                    ck_assert_int_eq(got[k], sign || values[k] >= 0 ? values[k] : 200);
                ck_assert_int_eq(ct_npy_integers(&array, "A", 3, 1, got), CUTROPY_OK);
                ck_assert_int_eq(got[0], sign ? -128 : 200);
                double real;
                ck_assert_int_eq(ct_npy_reals(&array, "A", 0, 1, &real), CUTROPY_EINPUT);
            }
}
END_TEST

START_TEST(npy_reals_of_every_type)
{
    static const double values[4] = {0.5, -3.0, 0x1p-20, 1024.75};
    for (int parts = 1; parts <= 2; parts++)
        for (int size = 4; size <= 8; size *= 2)
            for (int big = 0; big < 2; big++) {
                bytes b;
                ct_npy array;
                char type[16], shape[16];
                double got[4];
                snprintf(type, sizeof type, "%c%c%d", big ? '>' : '<', parts == 2 ? 'c' : 'f',
                         parts * size);
                snprintf(shape, sizeof shape, "(%d,)", 4 / parts);
                start_array(&b, type, shape);
                for (int k = 0; k < 4; k++) {
                    float narrow = (float)values[k];
                    uint32_t bits32;
                    uint64_t bits64;
                    memcpy(&bits32, &narrow, 4);
                    memcpy(&bits64, &values[k], 8);
                    put_number(&b, size == 4 ? bits32 : bits64, size, big);
                }
                MUST(ct_npy_parse(b.at, b.size, "A", &array));
                ck_assert_int_eq(ct_npy_reals(&array, "A", 0, (size_t)(4 / parts), got),
                                 CUTROPY_OK);
                for (int k = 0; k < 4; k++)
                    ck_assert(got[k] == values[k]);
                int64_t integer;
                ck_assert_int_eq(ct_npy_integers(&array, "A", 0, 1, &integer), CUTROPY_EINPUT);
            }
}
END_TEST

START_TEST(npy_versions_and_header_forms)
{
    static const char *const good[] = {
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }",
        "{'shape':(2,1,),'fortran_order':False,'descr':'|u1'}",
        "{ \"descr\" : \"<u1\" , \"shape\" : ( 2 , 1 ) , \"fortran_order\" : False }",
    };
    for (int major = 1; major <= 3; major++)
        for (int k = 0; k < 3; k++) {
            bytes b;
            ct_npy array;
            start_npy(&b, major, good[k]);
            put(&b, "\5\6", 2);
            MUST(ct_npy_parse(b.at, b.size, "A", &array));
            ck_assert_int_eq(array.dimensions, 2);
            ck_assert_uint_eq(array.shape[0], 2);
            ck_assert_uint_eq(array.shape[1], 1);
            ck_assert_int_eq(array.data[1], 6);
        }
}
END_TEST

START_TEST(npy_bad_headers)
{
    static const struct {
        const char *dictionary, *message;
    } bad[] = {
        {"", "dictionary"},
        {"{'descr': '|u1', 'fortran_order': False}", "missing"},
        {"{'descr': '|u1', 'shape': (2,)}", "missing"},
        {"{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", "repeated"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1}", "key"},
        {"{'descr': '|u1' 'fortran_order': False, 'shape': (2,)}", "broken"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} 1", "after the dictionary"},
        {"{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}", "fortran_order"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2)}", "tuple"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': 2}", "tuple"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}", "count"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)}", "comma"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (18446744073709551616,)}", "count"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "2^64"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,)}", "truncated"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", "numpy.float32"},
        {"{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "numpy.float64"},
        {"{'descr': '<c32', 'fortran_order': False, 'shape': (1,)}", "numpy.complex128"},
        {"{'descr': '<i16', 'fortran_order': False, 'shape': (1,)}", "allowed are"},
        {"{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", "allowed are"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "allowed are"},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,)}", "allowed are"},
        {"{'descr': '=i4', 'fortran_order': False, 'shape': (1,)}", "byte order"},
        {"{'descr': '|i4', 'fortran_order': False, 'shape': (1,)}", "byte order"},
        {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", "structured"},
        {"{'descr': '|u1, 'fortran_order': False, 'shape': (2,)}", "'|u1, '"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", "truncated"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "after the end"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        bytes b;
        ct_npy array;
        start_npy(&b, 1, bad[k].dictionary);
        put(&b, "\1\1", 2);
        ck_assert_msg(ct_npy_parse(b.at, b.size, "some.npy", &array) == CUTROPY_EINPUT,
                      "accepted: %s", bad[k].dictionary);
        expect_message(bad[k].message);
        expect_message("some.npy");
        ck_assert_ptr_null(array.data);
    }
}
END_TEST

START_TEST(npy_every_truncation_fails)
{
    bytes b;
    ct_npy array;
    for (int major = 1; major <= 2; major++) {
        start_npy(&b, major, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2)}");
        put(&b, "abcdefgh", 8);
        ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_OK);
        for (size_t size = 0; size < b.size; size++) {
            uint8_t *copy =
                malloc(size ? size : 1); /* exact size: a sanitizer sees reads beyond it */
            memcpy(copy, b.at, size);
            ck_assert_int_eq(ct_npy_parse(copy, size, "A", &array), CUTROPY_EINPUT);
            free(copy);
        }
        b.at[6] = 4;
        ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_EINPUT);
        expect_message("version 4.0");
        b.at[0] = 'x';
        ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_EINPUT);
        expect_message("magic");
    }
}
END_TEST

/* Every axis order of every shape: number k in C order stands where Fortran order puts it. */
START_TEST(npy_fortran_order)
{
    static const struct {
        const char *shape;
        int n[3];
    } cases[] = {{"(5,)", {5, 1, 1}},
                 {"(2, 3)", {2, 3, 1}},
                 {"(4, 1)", {4, 1, 1}},
                 {"(2, 3, 4)", {2, 3, 4}},
                 {"(3, 1, 2)", {3, 1, 2}}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const int *n = cases[c].n, count = n[0] * n[1] * n[2];
        char text[120];
        bytes integers, reals;
        ct_npy array;
        int64_t got[24];
        double pairs[48];
        snprintf(text, sizeof text, "{'descr': '<i2', 'fortran_order': True, 'shape': %s}",
                 cases[c].shape);
        start_npy(&integers, 1, text);
        memcpy(strstr(text, "i2"), "c8", 2);
        start_npy(&reals, 1, text);
        for (int z = 0; z < n[2]; z++) /* the first index runs fastest */
            for (int y = 0; y < n[1]; y++)
                for (int x = 0; x < n[0]; x++) {
                    const int k = (x * n[1] + y) * n[2] + z;
                    const float pair[2] = {(float)k, (float)-k};
                    put_number(&integers, (uint64_t)(100 + k), 2, false);
                    put(&reals, pair, sizeof pair);
                }
        for (int first = 0; first < count; first++) {
            const size_t left = (size_t)(count - first);
            ck_assert_int_eq(ct_npy_parse(integers.at, integers.size, "A", &array), CUTROPY_OK);
            ck_assert_int_eq(ct_npy_integers(&array, "A", (uint64_t)first, left, got), CUTROPY_OK);
            ck_assert_int_eq(ct_npy_parse(reals.at, reals.size, "A", &array), CUTROPY_OK);
            ck_assert_int_eq(ct_npy_reals(&array, "A", (uint64_t)first, left, pairs), CUTROPY_OK);
            for (int k = first; k < count; k++) {
                ck_assert_int_eq(got[k - first], 100 + k);
                ck_assert(pairs[2 * (k - first)] == k && pairs[2 * (k - first) + 1] == -k);
            }
        }
    }
}
END_TEST

START_TEST(npy_bad_values)
{
    bytes b;
    ct_npy array;
    double real[2], bad[3] = {NAN, INFINITY, -INFINITY};
    int64_t integers[2];
    for (int k = 0; k < 3; k++) {
        start_array(&b, "<f8", "(2,)");
        put(&b, (double[]){1.0, bad[k]}, 16);
        ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_OK);
        ck_assert_int_eq(ct_npy_reals(&array, "A", 0, 2, real), CUTROPY_EINPUT);
        expect_message(k ? "entry 1 is infinite" : "entry 1 is not a number");
    }
    start_array(&b, "<u8", "(2,)");
    put(&b, (uint64_t[]){INT64_MAX, (uint64_t)INT64_MAX + 1}, 16);
    ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_OK);
    ck_assert_int_eq(ct_npy_integers(&array, "A", 0, 1, integers), CUTROPY_OK);
    ck_assert_int_eq(ct_npy_integers(&array, "A", 0, 2, integers), CUTROPY_EINPUT);
    expect_message("entry 1");
    start_array(&b, "|b1", "(2,)");
    put(&b, "\1\2", 2);
    ck_assert_int_eq(ct_npy_parse(b.at, b.size, "A", &array), CUTROPY_OK);
    ck_assert_int_eq(ct_npy_integers(&array, "A", 0, 2, integers), CUTROPY_EINPUT);
}
END_TEST

/* ---- lists of images ---- */

static const ct_image_size unknown = {0, 0, 0};

/* The images of `data` must be these, of N = pixels. */
static void expect_images(const void *data, size_t size, ct_image_size wanted, int pixels, int lx,
                          size_t count, const uint64_t *words)
{
    ct_image_list list;
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    MUST(ct_images_parse(copy, size, "A", wanted, &list));
    ck_assert_int_eq(list.pixels, pixels);
    ck_assert_int_eq(list.lx, lx);
    ck_assert_uint_eq(list.words, (size_t)(pixels + 63) / 64);
    ck_assert_uint_eq(list.count, count);
    for (size_t k = 0; k < count * list.words; k++)
        ck_assert_uint_eq(list.bits[k], words[k]);
    ct_free(list.bits);
    free(copy);
}

static void refuse_images(const void *data, size_t size, ct_image_size wanted, const char *message)
{
    ct_image_list list;
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    ck_assert_msg(ct_images_parse(copy, size, "A", wanted, &list) == CUTROPY_EINPUT, "accepted: %s",
                  (const char *)data);
    ck_assert_ptr_null(list.bits);
    expect_message(message);
    free(copy);
}

static void expect_text(const char *text, ct_image_size wanted, int pixels, int lx, size_t count,
                        const uint64_t *words)
{
    expect_images(text, strlen(text), wanted, pixels, lx, count, words);
}

static void refuse_text(const char *text, ct_image_size wanted, const char *message)
{
    refuse_images(text, strlen(text), wanted, message);
}

START_TEST(images_as_text)
{
    const ct_image_size grid = {6, 3, 2};
    const uint64_t two[2] = {0x13, 0x2c}; /* 110 010 and 001 101 */
    expect_text("110010\n001101\n", unknown, 6, 0, 2, two);
    expect_text("##..#.\n..##.#", unknown, 6, 0, 2, two);
    expect_text("\n# a comment\r\n1,1,0, 0 1\t0\r\n\n\n001 101\r\n\n", unknown, 6, 0, 2, two);
    expect_text("110010\n001101\n", grid, 6, 0, 2, two);
    expect_text("110\n010\n001\n101\n", grid, 6, 3, 2, two);
    expect_text("110\n010\n\n# second\n001\n101\n", grid, 6, 3, 2, two);
    expect_text("110\n010\n\n001\n101\n", unknown, 6, 3, 2, two);
    expect_text("1\n0\n1\n", unknown, 1, 0, 3, (uint64_t[]){1, 0, 1});

    char line[200];
    memset(line, '0', 70);
    strcpy(line + 70, "\n");
    line[0] = line[63] = line[64] = line[69] = '1';
    expect_text(line, unknown, 70, 0, 1, (uint64_t[]){UINT64_C(0x8000000000000001), 0x21});
}
END_TEST

START_TEST(images_as_bad_text)
{
    const ct_image_size grid = {6, 3, 2}, chain = {4, 4, 1}, links = {4, 0, 0};
    refuse_text("", unknown, "no image");
    refuse_text("\n\n# nothing\n", unknown, "no image");
    refuse_text("110\n1102\n", unknown, ":2: unexpected byte 0x32");
    refuse_text("110\n\n11\n", unknown, ":3: 2 pixels");
    refuse_text("# 1 0\n110\n", unknown, ":1: a comment or an image");
    refuse_text("110\n,\n", unknown, ":2: commas");
    refuse_text("110\n010\n\n110\n", unknown, "different numbers");
    refuse_text("110\n010\n\n110\n", grid, "whole number");
    refuse_text("110\n010\n101\n", grid, "whole number");
    refuse_text("110\n010\n", chain, "3 pixels, but the lattice has 4");
    refuse_text("10\n01\n", links, "2 pixels, but the lattice has 4");
    char line[CUTROPY_MAX_PIXELS + 2];
    memset(line, '1', sizeof line);
    refuse_images(line, CUTROPY_MAX_PIXELS + 1, unknown, "4097 pixels");
}
END_TEST

START_TEST(images_as_pbm)
{
    const ct_image_size grid = {6, 3, 2}, other = {6, 2, 3};
    const uint64_t two[2] = {0x13, 0x2c};
    const char plain[] = "P1\n# made by hand\n3 2\n1 1 0\n0 1 0\nP1 3 2 001101\n";
    const uint8_t packed[] = {
        'P', '4', '\n', '3', ' ',  '2', '\n', 0xc0, 0x5f, /* padding bits may be set */
        'P', '4', ' ',  '3', '\n', '2', ' ',  0x20, 0xa0};
    expect_images(plain, strlen(plain), unknown, 6, 3, 2, two);
    expect_images(plain, strlen(plain), grid, 6, 3, 2, two);
    expect_images(packed, sizeof packed, grid, 6, 3, 2, two);
    refuse_images(plain, strlen(plain), other, "3 x 2");
    for (size_t size = 1; size < sizeof packed; size++)
        if (size != 9) /* the first image alone is a file of its own */
            refuse_images(packed, size, unknown, "PBM");

    refuse_text("P1\n3 2\n110\n01\n", unknown, "truncated");
    refuse_text("P1\n3 2\n110\n012\n", unknown, "neither");
    refuse_text("P1\n3 2\n110\n0101\n", unknown, "not a PBM");
    refuse_text("P1\n0 2\n", unknown, "1 to 4096");
    refuse_text("P1\n99999999999 2\n", unknown, "1 to 4096");
    refuse_text("P1\n100 100\n", unknown, "10000 pixels");
    refuse_text("P2\n1 1\n1 1\n", unknown, "not a PBM");
    refuse_text("P1\n1 1\n1\nP1\n2 1\n11", unknown, "image 1 has 2 x 1");
    refuse_text("P1x\n", unknown, "header");
}
END_TEST

START_TEST(images_as_npy)
{
    bytes b;
    const ct_image_size grid = {6, 3, 2};
    const uint64_t two[2] = {0x13, 0x2c};
    static const uint8_t pixels[12] = {1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1};
    start_array(&b, "|b1", "(2, 6)");
    put(&b, pixels, 12);
    expect_images(b.at, b.size, unknown, 6, 0, 2, two);
    start_array(&b, "|u1", "(2, 2, 3)");
    put(&b, pixels, 12);
    expect_images(b.at, b.size, unknown, 6, 3, 2, two);
    expect_images(b.at, b.size, grid, 6, 3, 2, two);
    start_array(&b, ">i4", "(2, 6)");
    for (int k = 0; k < 12; k++)
        put_number(&b, pixels[k], 4, true);
    expect_images(b.at, b.size, grid, 6, 0, 2, two);

    b.at[b.size - 1] = 2;
    refuse_images(b.at, b.size, grid,
                  "pixel 5 of image 1 is 2, not 0 or 1; grey images: the problem data:images=");
    start_array(&b, "|u1", "(2, 3, 2)");
    put(&b, pixels, 12);
    refuse_images(b.at, b.size, grid, "2 x 3");
    start_array(&b, "|u1", "(3, 4)");
    put(&b, pixels, 12);
    refuse_images(b.at, b.size, grid, "4 pixels, but the lattice has 6");
    start_array(&b, "|u1", "(12,)");
    put(&b, pixels, 12);
    refuse_images(b.at, b.size, grid, "1 dimensions");
    start_array(&b, "<f4", "(1, 3)");
    put(&b, pixels, 12);
    refuse_images(b.at, b.size, grid, "must be integers");
    start_array(&b, "|u1", "(0, 6)");
    refuse_images(b.at, b.size, grid, "no image");
    start_array(&b, "|u1", "(4, 0)");
    refuse_images(b.at, b.size, grid, "0 pixels");
    start_array(&b, "|u1", "(0, 4294967296, 4294967296)");
    refuse_images(b.at, b.size, unknown, "pixels");
}
END_TEST

/* ---- whole files ---- */

START_TEST(large_and_missing_files)
{
    enum { SIZE = 300000 };
    uint8_t *data = malloc(SIZE), *back;
    size_t size;
    for (size_t k = 0; k < SIZE; k++)
        data[k] = (uint8_t)(k * k >> 3);
    make_folder();
    save(data, SIZE);
    ck_assert_int_eq(ct_read_file(path, &back, &size), CUTROPY_OK);
    ck_assert_uint_eq(size, SIZE);
    ck_assert_int_eq(memcmp(data, back, SIZE), 0);
    ct_free(back);
    ck_assert_int_eq(ct_read_file(folder, &back, &size), CUTROPY_EIO);
    expect_message(folder);
    ck_assert_ptr_null(back);
    remove_folder();
    ck_assert_int_eq(ct_read_file(path, &back, &size), CUTROPY_EIO);
    expect_message(path);
    free(data);
}
END_TEST

/* Writes 200000 bytes into the pipe `path`. */
static void *write_pipe(void *unused)
{
    (void)unused;
    FILE *file = fopen(path, "wb");
    for (size_t k = 0; file && k < 200000; k++)
        fputc((int)(k % 251), file);
    if (file)
        fclose(file);
    return NULL;
}

START_TEST(pipes_of_unknown_length)
{
    pthread_t writer;
    uint8_t *back;
    size_t size;
    make_folder();
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(pthread_create(&writer, NULL, write_pipe, NULL), 0);
    ck_assert_int_eq(ct_read_file(path, &back, &size), CUTROPY_OK);
    ck_assert_int_eq(pthread_join(writer, NULL), 0);
    ck_assert_uint_eq(size, 200000);
    for (size_t k = 0; k < size; k++)
        ck_assert_uint_eq(back[k], k % 251);
    ct_free(back);
    remove_folder();
}
END_TEST

static size_t gzip(const uint8_t *data, size_t size, uint8_t *packed, size_t room)
{
    z_stream stream = {0};
    ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)data;
    stream.avail_in = (uInt)size;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return stream.total_out;
}

START_TEST(gzip_data)
{
    enum { SIZE = 200000 };
    uint8_t *data = malloc(SIZE), *packed = malloc(SIZE), *back;
    size_t size;
    for (size_t k = 0; k < SIZE; k++)
        data[k] = (uint8_t)(k / 1000);
    size_t packed_size = gzip(data, SIZE, packed, SIZE);
    ck_assert(ct_is_gzip(packed, packed_size));
    ck_assert_int_eq(ct_gunzip(packed, packed_size, "Z", &back, &size), CUTROPY_OK);
    ck_assert_uint_eq(size, SIZE);
    ck_assert_int_eq(memcmp(data, back, SIZE), 0);
    ct_free(back);
    for (size_t cut = 0; cut < packed_size; cut += 1 + cut / 16) {
        ck_assert_int_eq(ct_gunzip(packed, cut, "Z", &back, &size), CUTROPY_EINPUT);
        ck_assert_ptr_null(back);
    }
    packed[packed_size] = 0;
    ck_assert_int_eq(ct_gunzip(packed, packed_size + 1, "Z", &back, &size), CUTROPY_EINPUT);
    expect_message("after the end");
    packed[packed_size - 8] ^= 1; /* CRC */
    ck_assert_int_eq(ct_gunzip(packed, packed_size, "Z", &back, &size), CUTROPY_EINPUT);
    expect_message("damaged");
    free(data);
    free(packed);
}
END_TEST

/* ---- problem `file` ---- */

static cutropy_status parse_file(const char *options, const char *lattice_text,
                                 cutropy_problem **problem)
{
    char text[160];
    cutropy_lattice *lattice = NULL;
    if (lattice_text)
        lattice = must_lattice(lattice_text);
    snprintf(text, sizeof text, "file:path=%s%s", path, options);
    cutropy_status status = cutropy_problem_parse(text, lattice, problem);
    cutropy_lattice_free(lattice);
    return status;
}

static cutropy_problem *open_file(const char *options, const char *lattice, const char *name)
{
    cutropy_problem *problem;
    ck_assert_msg(parse_file(options, lattice, &problem) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_str_eq(cutropy_problem_lattice(problem)->name, name);
    return problem;
}

static void refuse_file(const char *options, const char *lattice, const char *message)
{
    cutropy_problem *problem;
    ck_assert_int_eq(parse_file(options, lattice, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_null(problem);
    expect_message(message);
    expect_message(folder);
}

static void save_array(const char *type, const char *shape, const void *data, size_t size)
{
    bytes b;
    start_array(&b, type, shape);
    put(&b, data, size);
    save(b.at, b.size);
}

START_TEST(file_with_labels)
{
    static const uint8_t labels[16] = {0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1};
    const uint64_t expected = 0x8106;
    static const char *const types[] = {"|b1", "|u1", "|i1"};
    uint64_t word;
    make_folder();
    for (int k = 0; k < 3; k++) {
        save_array(types[k], "(16,)", labels, 16);
        cutropy_problem *problem = open_file(k ? "" : ",encoding=pm1", k == 1 ? "2x2" : NULL,
                                             k == 1 ? "grid:2x2" : "chain:4");
        ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_LABEL);
        ck_assert_int_eq(problem->pm1, k == 0);
        problem->fill_labels(problem, 0, 1, &word);
        ck_assert_uint_eq(word, expected);
        cutropy_problem_free(problem);
    }
    save_array("|u1", "(2, 2, 2, 2)", labels, 16);
    cutropy_problem_free(open_file("", NULL, "chain:4"));
    save_array("|u1", "(2,)", "\6\201", 2);
    cutropy_problem *problem = open_file(",format=packed", NULL, "chain:4");
    problem->fill_labels(problem, 0, 1, &word);
    ck_assert_uint_eq(word, expected);
    cutropy_problem_free(problem);
    save_array("|u1", "(1,)", "\6", 1);
    cutropy_problem_free(open_file(",format=packed", NULL, "chain:3"));
    cutropy_problem_free(open_file(",format=packed", "chain:2", "chain:2"));
    refuse_file(",format=packed", "chain:1", "beyond");
    remove_folder();
}
END_TEST

START_TEST(file_with_many_labels)
{
    enum { IMAGES = 1 << 12 };
    uint8_t labels[IMAGES], packed[IMAGES / 8] = {0};
    uint64_t words[IMAGES / 64];
    for (uint64_t s = 0; s < IMAGES; s++) {
        labels[s] = (uint8_t)(ct_random(3, s) & 1);
        packed[s / 8] |= (uint8_t)(labels[s] << s % 8);
    }
    make_folder();
    for (int form = 0; form < 2; form++) {
        if (form)
            save_array("|u1", "(512,)", packed, sizeof packed);
        else
            save_array("|u1", "(4096,)", labels, sizeof labels);
        cutropy_problem *problem = open_file(form ? ",format=packed" : "", "4x3", "grid:4x3");
        problem->fill_labels(problem, 0, IMAGES / 64, words);
        for (uint64_t s = 0; s < IMAGES; s++)
            ck_assert_int_eq(ct_bit(words, s), labels[s]);
        problem->fill_labels(problem, 17, 3, words);
        for (uint64_t s = 0; s < 192; s++)
            ck_assert_int_eq(ct_bit(words, s), labels[17 * 64 + s]);
        cutropy_problem_free(problem);
    }
    remove_folder();
}
END_TEST

START_TEST(file_with_numbers)
{
    static const int64_t integers[4] = {0, -7, INT64_MAX, 1};
    static const double reals[8] = {0, -0.5, DBL_MAX, 3, 1, 0, 0, -2};
    int64_t got_integers[4];
    double got[8];
    make_folder();
    save_array("<i8", "(4,)", integers, sizeof integers);
    cutropy_problem *problem = open_file("", NULL, "chain:2");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_INTEGER);
    problem->fill_values(problem, 0, 4, got_integers);
    ck_assert_int_eq(memcmp(got_integers, integers, sizeof integers), 0);
    cutropy_problem_free(problem);
    refuse_file(",encoding=pm1", NULL, "pm1");

    save_array("<f8", "(8,)", reals, sizeof reals);
    problem = open_file("", "chain:3:ring", "chain:3:ring");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_REAL);
    problem->fill_values(problem, 2, 6, got);
    ck_assert_int_eq(memcmp(got, reals + 2, 6 * sizeof *reals), 0);
    cutropy_problem_free(problem);
    save_array("<c16", "(4,)", reals, sizeof reals);
    problem = open_file("", NULL, "chain:2");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_COMPLEX);
    problem->fill_values(problem, 1, 3, got);
    ck_assert_int_eq(memcmp(got, reals + 2, 6 * sizeof *reals), 0);
    cutropy_problem_free(problem);
    save_array("<f8", "(2, 2, 2)", reals, sizeof reals);
    cutropy_problem_free(open_file("", NULL, "chain:3"));
    remove_folder();
}
END_TEST

static void expect_reals(const char *options, const double *expected)
{
    double got[8];
    cutropy_problem *problem = open_file(options, NULL, "chain:3");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_REAL);
    problem->fill_values(problem, 0, 8, got);
    ck_assert_int_eq(memcmp(got, expected, sizeof got), 0);
    cutropy_problem_free(problem);
}

/* One function of three pixels in all the shapes and orders that packages have. */
START_TEST(file_with_kets)
{
    static const double psi[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const double reversed[8] = {1, 5, 3, 7, 2, 6, 4, 8}; /* bit 0 and bit 2 exchanged */
    static const char *const shapes[] = {"(8,)", "(8, 1)", "(1, 8)", "(2, 2, 2)", "(2, 1, 2, 2)"};
    bytes b;
    make_folder();
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        save_array("<f8", shapes[k], psi, sizeof psi);
        expect_reals("", psi);
        expect_reals(",order=msb", reversed);
        expect_reals(",format=table,order=lsb", psi);
    }
    start_npy(&b, 1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2, 2)}");
    put(&b, reversed, sizeof reversed);
    save(b.at, b.size);
    expect_reals("", psi);
    expect_reals(",order=msb", reversed);
    start_npy(&b, 1, "{'descr': '<f8', 'fortran_order': True, 'shape': (8, 1)}");
    put(&b, psi, sizeof psi);
    save(b.at, b.size);
    expect_reals("", psi);

    uint64_t word = 0;
    save_array("|u1", "(4, 1)", "\0\1\0\0", 4);
    cutropy_problem *problem = open_file(",order=msb", NULL, "chain:2");
    problem->fill_labels(problem, 0, 1, &word);
    ck_assert_uint_eq(word, 4);
    ck_assert_ptr_nonnull(strstr(cutropy_problem_note(problem), "table of 2^2 labels, pixel 0"));
    cutropy_problem_free(problem);
    remove_folder();
}
END_TEST

static void add_member(zipFile archive, const char *name, const bytes *b, int level)
{
    ck_assert_int_eq(zipOpenNewFileInZip64(archive, name, NULL, NULL, 0, NULL, 0, NULL,
                                           level ? Z_DEFLATED : 0, level, 1),
                     ZIP_OK);
    ck_assert_int_eq(zipWriteInFileInZip(archive, b->at, (unsigned)b->size), ZIP_OK);
    ck_assert_int_eq(zipCloseFileInZip(archive), ZIP_OK);
}

START_TEST(file_in_archives)
{
    static const double psi[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    cutropy_problem *problem;
    bytes b;
    make_folder();
    strcat(path, ".npz");
    for (int level = 0; level <= 6; level += 6) {
        zipFile archive = zipOpen(path, APPEND_STATUS_CREATE);
        start_array(&b, "<f8", "(8,)");
        put(&b, psi, sizeof psi);
        add_member(archive, "psi.npy", &b, level);
        ck_assert_int_eq(zipClose(archive, NULL), ZIP_OK);
        expect_reals("", psi);
        archive = zipOpen(path, APPEND_STATUS_ADDINZIP);
        start_array(&b, "|u1", "(2,)");
        put(&b, "\1\0", 2);
        add_member(archive, "label.npy", &b, level);
        ck_assert_int_eq(zipClose(archive, NULL), ZIP_OK);
        refuse_file("", NULL, "NAME one of psi, label");
        strcat(path, ":psi");
        expect_reals("", psi);
        problem = must_problem(path, NULL);
        ck_assert_msg(!strstr(problem->reads, ":"), "%s", problem->reads);
        cutropy_problem_free(problem);
        strcat(path, "2");
        refuse_file("", NULL, "there is no array 'psi2' in this archive; there is psi, label");
        *strrchr(path, ':') = '\0';
    }
    /* every single damaged byte is found, or changes nothing that is read */
    uint8_t *whole;
    size_t size;
    ck_assert_int_eq(ct_read_file(path, &whole, &size), CUTROPY_OK);
    for (size_t k = 0; k < size; k++) {
        whole[k] ^= 4;
        save(whole, size);
        whole[k] ^= 4;
        strcat(path, ":psi");
        if (parse_file("", NULL, &problem) == CUTROPY_OK)
            expect_reals("", psi);
        cutropy_problem_free(problem);
        *strrchr(path, ':') = '\0';
    }
    ct_free(whole);
    remove(path);
    strcat(path, ":psi");
    ck_assert_int_eq(parse_file("", NULL, &problem), CUTROPY_EIO);
    remove_folder();
}
END_TEST

static void add_text(zipFile archive, const char *name, const char *text)
{
    bytes b;
    char type[24];
    snprintf(type, sizeof type, "|S%zu", strlen(text));
    start_array(&b, strcmp(text, "7") != 0 ? type : "|u1", "()");
    put(&b, text, strlen(text));
    add_member(archive, name, &b, 0);
}

/* As `cutropy export --function dense` writes it, or not quite; a text "7" is a number. */
static void save_own(const char *form, const char *lattice, const char *bits, const double *f)
{
    bytes b;
    zipFile archive = zipOpen(path, APPEND_STATUS_CREATE);
    add_text(archive, "form.npy", form);
    add_text(archive, "problem.npy", "mine");
    add_text(archive, "lattice.npy", lattice);
    if (*bits)
        add_text(archive, "bits.npy", bits);
    add_text(archive, "norm.npy", "204");
    add_text(archive, "norm_err.npy", "0");
    start_array(&b, "<f8", "(8,)");
    put(&b, f, 8 * sizeof *f);
    add_member(archive, "f.npy", &b, 0);
    ck_assert_int_eq(zipClose(archive, NULL), ZIP_OK);
}

START_TEST(file_of_an_export)
{
    static const double psi[8] = {1, 2, 3, 4, 5, 6, 7, 8}, turned[8] = {1, 5, 3, 7, 2, 6, 4, 8};
    cutropy_problem *problem;
    make_folder();
    strcat(path, ".npz");
    save_own("dense", "chain:3", "lsb", psi);
    expect_reals("", psi);
    save_own("dense", "chain:3", "msb", psi);
    expect_reals("", turned);
    expect_reals(",order=msb", turned);
    problem = open_file("", NULL, "chain:3");
    ck_assert_ptr_nonnull(strstr(cutropy_problem_text(problem), "order=msb"));
    cutropy_problem_free(problem);
    cutropy_problem_free(open_file("", "chain:3", "chain:3"));
    refuse_file("", "chain:3:ring", "written on the lattice chain:3, not chain:3:ring");
    refuse_file(",order=lsb", NULL, "written with the bits msb, not lsb");
    refuse_file(",local=8", NULL, "local is about tables");
    /* a damaged byte is found, or changes nothing */
    uint8_t *whole;
    size_t size;
    ck_assert_int_eq(ct_read_file(path, &whole, &size), CUTROPY_OK);
    for (size_t k = 0; k < size; k++) {
        whole[k] ^= 4;
        save(whole, size);
        whole[k] ^= 4;
        if (parse_file("", NULL, &problem) == CUTROPY_OK)
            expect_reals("", turned);
        cutropy_problem_free(problem);
    }
    ct_free(whole);
    save_own("dense", "chain:3", "msb", psi);
    strcat(path, ":f");
    expect_reals("", turned);
    *strrchr(path, ':') = '\0';
    save_own("dense", "chain:4", "lsb", psi);
    refuse_file("", NULL, "the lattice chain:4 has 4");
    save_own("dense", "nowhere", "lsb", psi);
    ck_assert_int_eq(parse_file("", NULL, &problem), CUTROPY_EINPUT);
    save_own("dense", "chain:3", "middle", psi);
    refuse_file("", NULL, "damaged");
    save_own("dense", "chain:3", "7", psi);
    refuse_file("", NULL, "damaged");
    save_own("orthogonal", "chain:3", "", psi);
    refuse_file("", NULL, "a matrix product state (form orthogonal)");
    save_own("density", "chain:3", "lsb", psi);
    refuse_file("", NULL, "the density matrix of a cut");
    save_own("unheard", "chain:3", "msb", psi); /* somebody else's */
    refuse_file("", NULL, "which array?");
    strcat(path, ":f");
    expect_reals("", psi);
    remove_folder();
}
END_TEST

START_TEST(file_with_images)
{
    static const uint8_t pixels[12] = {1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1};
    ct_images images;
    make_folder();
    save("110010\n001101\n", 14);
    cutropy_problem *problem = open_file("", NULL, "chain:6");
    ck_assert_int_eq(cutropy_problem_kind(problem), CUTROPY_KIND_LABEL);
    ck_assert_int_eq(problem->list_images(problem, &images), CUTROPY_OK);
    ck_assert_uint_eq(images.count, 2);
    ck_assert_uint_eq(images.words[0], 0x13);
    ck_assert_uint_eq(images.words[1], 0x2c);
    ct_free(images.words);
    cutropy_problem_free(problem);
    save("P1 3 2 110010", 13);
    cutropy_problem_free(open_file(",format=images", NULL, "grid:3x2"));
    cutropy_problem_free(open_file("", "3x2:torus", "grid:3x2:torus"));
    refuse_file("", "links:2x2", "6 pixels, but the lattice has 4");
    refuse_file(",format=table", NULL, ".npy");
    save_array("|u1", "(2, 2, 3)", pixels, 12);
    cutropy_problem_free(open_file("", NULL, "grid:3x2"));
    refuse_file(",format=table", NULL, "2^N values");
    remove_folder();
}
END_TEST

START_TEST(file_refusals)
{
    static const uint8_t zeros[128] = {0};
    make_folder();
    save_array("|u1", "(16,)", zeros, 16);
    refuse_file("", NULL, "all values are zero");
    refuse_file(",format=packed", NULL, "all values are zero");
    refuse_file("", "3x3", "4 pixels, but the lattice grid:3x3 has 9");
    save_array("<f8", "(16,)", zeros, 128);
    refuse_file("", NULL, "all values are zero");
    refuse_file(",format=packed", NULL, "packbits");
    save_array("<c16", "(8,)", zeros, 128);
    refuse_file("", NULL, "all values are zero");
    save_array("|u1", "(12,)", zeros, 12);
    refuse_file("", NULL, "12 values");
    save_array("|u1", "(1,)", zeros, 1);
    refuse_file("", NULL, "1 values");
    save_array("|u1", "(0,)", zeros, 0);
    refuse_file("", NULL, "0 values");
    refuse_file(",format=packed", NULL, "packbits");
    save_array("|u1", "()", zeros, 1);
    refuse_file("", NULL, "one axis");
    save_array("|u1", "(2, 2)", zeros, 4);
    refuse_file("", NULL, "format=table or format=images");
    save_array("<f8", "(2,)", (double[]){1, NAN}, 16);
    refuse_file("", NULL, "entry 1 is not a number");
    save("", 0);
    refuse_file("", NULL, "no image");
    save("PK\3\4 and more", 13);
    refuse_file("", NULL, "this archive cannot be opened, or is damaged");
    refuse_file(",format=table", NULL, "this archive");
    save_array("<f8", "(4, 4)", (double[16]){1}, 128);
    refuse_file("", NULL, "with order=msb for pixel 0");
    save_array("|u1", "(2, 3)", "\0\1\1\0\1\0", 6);
    refuse_file(",order=msb", NULL,
                "order=msb is for tables of values and for indices, this is a list");
    save_array("|u1", "(1, 4)", "\0\1\1\0", 4);
    refuse_file("", NULL, "a table or a list of images?");

    cutropy_problem *problem;
    remove(path);
    ck_assert_int_eq(parse_file("", NULL, &problem), CUTROPY_EIO);
    ck_assert_int_eq(cutropy_problem_parse("file", NULL, &problem), CUTROPY_EINPUT);
    remove_folder();
}
END_TEST

START_TEST(file_named_npy)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *message;
    } bad[] = {{"", 0, "is not a .npy file (it is empty)"},
               {"\x93NUM", 4, "is not a .npy file (it ends within its first 6 bytes)"},
               {"0101\n", 5, "is not a .npy file (wrong magic"},
               {"P1 2 1 0 1", 10, "is not a .npy file (wrong magic"},
               {"\x93NUMPX\1\0", 8, "is not a .npy file (wrong magic"},
               {"\x93NUMPY\1", 7, "truncated .npy header"},
               {"PK\3\4", 4, "this archive"}};
    make_folder();
    strcat(path, ".NPY");
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        save(bad[k].bytes, bad[k].size);
        refuse_file("", NULL, bad[k].message);
        refuse_file(",format=images", NULL, bad[k].message);
    }
    remove_folder();
}
END_TEST

static cutropy_status open_and_list(void *user)
{
    ct_images images = {0};
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_problem_parse(user, NULL, &problem);
    if (status == CUTROPY_OK && problem->list_images)
        status = problem->list_images(problem, &images);
    ct_free(images.words);
    cutropy_problem_free(problem);
    return status;
}

START_TEST(allocation_failures)
{
    static const double reals[2] = {1, 2};
    char text[96];
    make_folder();
    snprintf(text, sizeof text, "file:path=%s", path);
    save("110\n010\n\n011\n001\n", 17);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 6);
    save("P1 3 2 110010", 13);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 6);
    save_array("|u1", "(2, 3)", "\0\1\1\0\1\0", 6);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 6);
    save_array("|u1", "(4,)", "\0\1\1\0", 4);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 5);
    save_array("|u1", "(4,)", "\0\1\5\0", 4);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 5);
    save_array("<f8", "(2,)", reals, sizeof reals);
    ck_assert_int_gt(sweep_allocations(open_and_list, text), 5);
    remove_folder();
}
END_TEST

CHECK_MAIN("input", npy_integers_of_every_type, npy_reals_of_every_type,
           npy_versions_and_header_forms, npy_bad_headers, npy_every_truncation_fails,
           npy_fortran_order, npy_bad_values, images_as_text, images_as_bad_text, images_as_pbm,
           images_as_npy, large_and_missing_files, pipes_of_unknown_length, gzip_data,
           file_with_labels, file_with_many_labels, file_with_numbers, file_with_kets,
           file_in_archives, file_of_an_export, file_with_images, file_refusals, file_named_npy,
           allocation_failures)
