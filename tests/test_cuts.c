/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts: families against independent definitions, masks, boundaries, files, bad input. */
#include "check_main.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cut.h>

#include "base/bits.h"
#include "failing_allocator.h"
#include "lattice/lattice.h"
#include "ref/support.h"

static cutropy_cuts cuts_of(const char *lattice_text, const char *text)
{
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_cuts cuts;
    ck_assert_msg(cutropy_cuts_parse(text, lattice, &cuts) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_uint_eq(cuts.words, lattice->words);
    cutropy_lattice_free(lattice);
    return cuts;
}

/* The cuts are exactly these masks in this order (one word). */
static void check_masks(const char *lattice, const char *text, const uint64_t *expected,
                        size_t count)
{
    cutropy_cuts cuts = cuts_of(lattice, text);
    ck_assert_msg(cuts.count == count, "%s of %s: %zu cuts", text, lattice, cuts.count);
    for (size_t k = 0; k < count; k++)
        ck_assert_msg(cuts.masks[k] == expected[k], "%s of %s: cut %zu is %llx", text, lattice, k,
                      (unsigned long long)cuts.masks[k]);
    cutropy_cuts_free(&cuts);
    ck_assert_ptr_null(cuts.masks);
}

#define CHECK_MASKS(lattice, text, ...)                                                            \
    do {                                                                                           \
        const uint64_t masks_[] = {__VA_ARGS__};                                                   \
        check_masks(lattice, text, masks_, sizeof masks_ / sizeof masks_[0]);                      \
    } while (0)

static void check_count(const char *lattice, const char *text, size_t count)
{
    cutropy_cuts cuts = cuts_of(lattice, text);
    ck_assert_msg(cuts.count == count, "%s of %s: %zu cuts, not %zu", text, lattice, cuts.count,
                  count);
    cutropy_cuts_free(&cuts);
}

/* ---- families ---- */

START_TEST(all_lists_one_of_each_pair)
{
    for (int n = 2; n <= 12; n++) {
        char text[32];
        snprintf(text, sizeof text, "chain:%d", n);
        cutropy_cuts cuts = cuts_of(text, "all");
        ck_assert_uint_eq(cuts.count, (UINT64_C(1) << (n - 1)) - 1);
        for (size_t k = 0; k < cuts.count; k++)
            ck_assert_uint_eq(cuts.masks[k], k + 1);
        cutropy_cuts_free(&cuts);
    }
}
END_TEST

START_TEST(rows_columns_prefixes_by_hand)
{
    CHECK_MASKS("3x4", "rows", 0x7, 0x3f, 0x1ff);
    CHECK_MASKS("3x4", "columns", 0x249, 0x6db);
    CHECK_MASKS("3x4:torus", "rows", 0x7, 0x3f, 0x1ff);
    CHECK_MASKS("chain:5", "columns", 1, 3, 7, 15);
    CHECK_MASKS("chain:5", "rows,columns", 1, 3, 7, 15);
    CHECK_MASKS("chain:5", "prefixes", 1, 3, 7, 15);
    CHECK_MASKS("chain:5", "half", 3);
    CHECK_MASKS("4x4", "half", 0xff);
    CHECK_MASKS("4x4", "quadrants", 0x33, 0xcc, 0x3300, 0xcc00);
    CHECK_MASKS("4x4", "canonical:1", 0x33, 0xcc, 0x3300, 0xcc00);
    CHECK_MASKS("5x3", "quadrants", 0x3, 0x1c, 0x3 << 5 | 0x3 << 10, 0x1c << 5 | 0x1c << 10);
    CHECK_MASKS("chain:7", "canonical:2", 1, 0x6, 0x18, 0x60);
    CHECK_MASKS("2x2", "sites", 1, 2, 4, 8);
    CHECK_MASKS("2x2", "pairs", 3, 5, 9, 6, 10, 12);
    /* open 3x3 vertices: horizontal links 0-5 (two a row), vertical links 6-11 (three a row) */
    CHECK_MASKS("links:3x3", "rows", 0x3 | 0x1c0, 0xf | 0xfc0);
    CHECK_MASKS("links:3x3", "columns", 0x15 | 0x240, 0x3f | 0x6c0);
    /* torus: three horizontal links a row, 0-8, vertical 9-17 */
    CHECK_MASKS("links:3x3:torus", "rows", 0x7 | 0xe00, 0x3f | 0x7e00);
    CHECK_MASKS("links:3x3:torus", "columns", 0x49 | 0x9200, 0xdb | 0x1b600);
}
END_TEST

START_TEST(families_leave_out_empty_and_full)
{
    CHECK_MASKS("links:1x3", "rows", 1); /* two rows already hold both links */
    CHECK_MASKS("chain:2", "pairs,sites", 3, 1, 2);
    CHECK_MASKS("chain:3", "connected:3", 1, 2, 4, 3, 6);
    CHECK_MASKS("chain:2", "0x3,0x0", 3, 0); /* unless asked for by number */
}
END_TEST

/* Is the mask a rectangle (not the whole lattice)? Tried with every corner and size. */
static int is_rectangle(uint64_t mask, int lx, int ly, int torus)
{
    for (int w = 1; w <= lx; w++)
        for (int h = 1; h <= ly; h++)
            for (int x = 0; x < lx; x++)
                for (int y = 0; y < ly; y++) {
                    uint64_t r = 0;
                    if (w * h == lx * ly || (!torus && (x + w > lx || y + h > ly)))
                        continue;
                    for (int k = 0; k < w * h; k++)
                        r |= UINT64_C(1) << ((x + k % w) % lx + lx * ((y + k / w) % ly));
                    if (r == mask)
                        return 1;
                }
    return 0;
}

START_TEST(rectangles_against_every_mask)
{
    for (int lx = 1; lx <= 4; lx++)
        for (int ly = 1; ly <= 3; ly++)
            for (int torus = 0; torus < 2 && lx * ly > 1; torus++) {
                char text[32];
                unsigned char seen[4096] = {0};
                snprintf(text, sizeof text, "%dx%d%s", lx, ly, torus ? ":torus" : "");
                cutropy_cuts cuts = cuts_of(text, "rectangles");
                for (size_t k = 0; k < cuts.count; k++)
                    ck_assert_int_eq(seen[cuts.masks[k]]++, 0);
                for (uint64_t mask = 0; mask < UINT64_C(1) << (lx * ly); mask++)
                    ck_assert_int_eq(seen[mask], is_rectangle(mask, lx, ly, torus));
                cutropy_cuts_free(&cuts);
            }
}
END_TEST

START_TEST(rectangle_counts)
{
    check_count("5x5", "rectangles", 224);
    check_count("8x8", "rectangles", 36 * 36 - 1);
    check_count("70x3", "rectangles", 70 * 71 / 2 * 6 - 1);
    check_count("64x2", "rectangles", 64 * 65 / 2 * 3 - 1);
    check_count("5x4:torus", "rectangles", 21 * 13 - 1);
    check_count("chain:100", "rectangles", 100 * 101 / 2 - 1);
    check_count("chain:100:ring", "rectangles", 100 * 99);
    CHECK_MASKS("chain:3:ring", "rectangles", 1, 2, 4, 3, 6, 5);
    CHECK_MASKS("2x2", "rectangles", 1, 2, 4, 8, 3, 12, 5, 10);
}
END_TEST

/* Sizes and perimeters of rectangles that cross word ends. */
START_TEST(rectangles_with_many_words)
{
    cutropy_lattice *l = must_lattice("70x4:torus");
    cutropy_cuts cuts = cuts_of("70x4:torus", "rectangles");
    size_t k = 0;
    for (int h = 1; h <= 4; h++)
        for (int w = 1; w <= 70; w++)
            for (int c = 0; c < (h < 4 ? 4 : 1) * (w < 70 ? 70 : 1) && w * h < 280; c++, k++) {
                const uint64_t *mask = cuts.masks + k * cuts.words;
                ck_assert_uint_lt(k, cuts.count);
                ck_assert_int_eq(cutropy_mask_pixels(mask, cuts.words), w * h);
                ck_assert_int_eq(cutropy_boundary(l, mask),
                                 (w < 70 ? 2 * h : 0) + (h < 4 ? 2 * w : 0));
            }
    ck_assert_uint_eq(k, cuts.count);
    cutropy_cuts_free(&cuts);
    cutropy_lattice_free(l);
}
END_TEST

START_TEST(rectangles_of_links_by_hand)
{
    /* open 3x3: h(x,y) = bit x + 2y, v(x,y) = bit 6 + x + 3y. Order: height, width, y, x; single
     * vertices are empty, the whole square is full. */
    CHECK_MASKS("links:3x3", "rectangles",
                /* 1 high, 2 wide */ 0x1, 0x2, 0x4, 0x8, 0x10, 0x20,
                /* 1 high, 3 wide */ 0x3, 0xc, 0x30,
                /* 2 high, 1 wide */ 0x40, 0x80, 0x100, 0x200, 0x400, 0x800,
                /* 2 high, 2 wide: plaquettes */ 0x5 | 0xc0, 0xa | 0x180, 0x14 | 0x600,
                0x28 | 0xc00,
                /* 2 high, 3 wide */ 0xf | 0x1c0, 0x3c | 0xe00,
                /* 3 high, 1 wide */ 0x240, 0x480, 0x900,
                /* 3 high, 2 wide */ 0x15 | 0x6c0, 0x2a | 0xd80);
    /* torus 2x2: horizontal links 0-3, vertical 4-7; a full turn takes both double links */
    CHECK_MASKS("links:2x2:torus", "rectangles", 0x3, 0xc, 0x50, 0xa0);
}
END_TEST

/* ---- connected ---- */

static int is_connected(const cutropy_lattice *l, uint64_t mask)
{
    uint64_t reached = mask & (~mask + 1), before = 0;
    while (reached != before) {
        before = reached;
        for (int b = 0; b < l->bonds; b++) {
            uint64_t i = UINT64_C(1) << l->bond[b][0], j = UINT64_C(1) << l->bond[b][1];
            if ((reached & (i | j)) && (mask & i) && (mask & j))
                reached |= i | j;
        }
    }
    return reached == mask;
}

static void check_connected(const char *text, int largest)
{
    cutropy_lattice *l = must_lattice(text);
    char family[32] = "connected";
    if (largest)
        snprintf(family, sizeof family, "connected:%d", largest);
    cutropy_cuts cuts = cuts_of(text, family);
    size_t k = 0;
    for (int size = 1; size <= (largest ? largest : l->pixels / 2); size++)
        for (uint64_t mask = 1; mask < (UINT64_C(1) << l->pixels) - 1; mask++)
            if (ct_popcount(mask) == size && is_connected(l, mask)) {
                ck_assert_uint_lt(k, cuts.count);
                ck_assert_uint_eq(cuts.masks[k], mask);
                k++;
            }
    ck_assert_uint_eq(cuts.count, k);
    cutropy_cuts_free(&cuts);
    cutropy_lattice_free(l);
}

START_TEST(connected_against_every_mask)
{
    check_connected("3x3", 0);
    check_connected("3x3", 9);
    check_connected("3x4", 0);
    check_connected("3x4", 12);
    check_connected("3x4", 1);
    check_connected("4x3:torus", 7);
    check_connected("links:3x3", 12);
    check_connected("links:2x2:torus", 8);
    check_connected("chain:9:ring", 8);
    check_connected("chain:2", 1);
}
END_TEST

START_TEST(connected_counts)
{
    /* connected images (OEIS A287151), without the full one */
    check_count("4x4", "connected:16", 11506 - 1);
    check_count("3x6", "connected:18", 28992 - 1);
    check_count("5x4", "connected:20", 116166 - 1);
    check_count("chain:200", "connected:150", 150 * 200 - 150 * 149 / 2);
    check_count("chain:200:ring", "connected:150", 150 * 200);
    /* polyominoes of 4 cells: 19 fixed ones; on a torus large enough each once a translation */
    check_count("20x15:torus", "connected:4", 300 * (1 + 2 + 6 + 19));
}
END_TEST

START_TEST(connected_is_sorted_with_many_words)
{
    cutropy_cuts cuts = cuts_of("20x15:torus", "connected:3");
    ck_assert_uint_eq(cuts.words, 5);
    for (size_t k = 1; k < cuts.count; k++) {
        const uint64_t *a = cuts.masks + 5 * (k - 1), *b = a + 5;
        int na = cutropy_mask_pixels(a, 5), nb = cutropy_mask_pixels(b, 5), w = 4;
        while (w > 0 && a[w] == b[w])
            w--;
        ck_assert(na < nb || (na == nb && a[w] < b[w]));
    }
    cutropy_cuts_free(&cuts);
}
END_TEST

/* ---- lists ---- */

START_TEST(repetitions_keep_the_first)
{
    CHECK_MASKS("chain:4", "0x3,0x1,0x3,0x1,0xc", 3, 1, 0xc);
    CHECK_MASKS("chain:4", "prefixes,sites", 1, 3, 7, 2, 4, 8);
    CHECK_MASKS("chain:4", "0x8,0x2,all", 8, 2, 1, 3, 4, 5, 6, 7);
    CHECK_MASKS("chain:4", "all,0x8,0x2,0x0,0xf,0xf,all", 1, 2, 3, 4, 5, 6, 7, 8, 0, 15);
    CHECK_MASKS("chain:4", "0x9,connected,half", 9, 1, 2, 4, 8, 3, 6, 0xc);
    CHECK_MASKS("chain:4", "half,half,rectangles", 3, 1, 2, 4, 8, 6, 0xc, 7, 0xe);
    CHECK_MASKS("chain:1", "0x1,0x0,0x1", 1, 0);
}
END_TEST

/* The same union made in the slow way. */
static size_t slow_union(const char *lattice, const char *const *families, size_t count)
{
    static unsigned char seen[1 << 16];
    memset(seen, 0, sizeof seen);
    size_t members = 0;
    for (size_t f = 0; f < count; f++) {
        cutropy_cuts cuts = cuts_of(lattice, families[f]);
        for (size_t k = 0; k < cuts.count; k++)
            members += !seen[cuts.masks[k]]++;
        cutropy_cuts_free(&cuts);
    }
    return members;
}

START_TEST(unions_have_no_repetitions)
{
    static const char *const families[] = {"connected:16", "rectangles", "all", "pairs", "rows"};
    size_t expected = slow_union("4x4", families, 5);
    check_count("4x4", "connected:16,rectangles,all,pairs,rows", expected);
    check_count("4x4", "rows,all,pairs,rectangles,connected:16,all", expected);
    expected = slow_union("4x4", families, 2);
    check_count("4x4", "rectangles,connected:16,rectangles", expected);
    check_count("20x15:torus", "connected:4,connected:4,connected:3", 300 * (1 + 2 + 6 + 19));
}
END_TEST

/* ---- masks ---- */

START_TEST(mask_text_round_trip)
{
    cutropy_lattice *l = must_lattice("chain:150");
    static const char *const texts[][2] = {
        {"0x0", "0x0"},
        {"0x000", "0x0"},
        {"0x00A5", "0xa5"},
        {"0X1f", "0x1f"},
        {"0xFFFFFFFFFFFFFFFF", "0xffffffffffffffff"},
        {"0x10000000000000000", "0x10000000000000000"},
        {"0x3000000000000000000000000000000000000f", NULL},
        {"0x2000000000000000000000000000000000000f", NULL},
    };
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        uint64_t mask[3];
        char text[2 + 16 * 3 + 1];
        ck_assert_int_eq(ct_mask_parse(texts[k][0], l, mask), CUTROPY_OK);
        cutropy_mask_format(mask, 3, text, sizeof text);
        ck_assert_str_eq(text, texts[k][1] ? texts[k][1] : texts[k][0]);
    }
    uint64_t mask[3];
    ck_assert_int_eq(ct_mask_parse("0x10000000000000000", l, mask), CUTROPY_OK);
    ck_assert(mask[0] == 0 && mask[1] == 1 && mask[2] == 0);
    for (uint64_t k = 0; k < 200; k++) {
        uint64_t words[3], back[3];
        char text[2 + 16 * 3 + 1];
        for (uint64_t w = 0; w < 3; w++)
            words[w] = ct_random(k, w) & (k % 3 > w ? 0 : ct_low_mask(w < 2 ? 64 : 22));
        cutropy_mask_format(words, 3, text, sizeof text);
        ck_assert_int_eq(ct_mask_parse(text, l, back), CUTROPY_OK);
        ck_assert_mem_eq(words, back, sizeof words);
        ck_assert(text[2] != '0' || text[3] == '\0');
    }
    cutropy_lattice_free(l);
}
END_TEST

START_TEST(regions_in_words)
{
    static const struct {
        const char *lattice, *text;
        uint64_t mask;
    } cases[] = {
        {"4x4", "{0-3,7}", 0x8f},
        {"4x4", "{ 15 , 3 - 5}", 0x8038},
        {"4x4", "{}", 0},
        {"4x4", "x<2", 0x3333},
        {"4x4", "x < 2 & y <= 1", 0x33},
        {"4x4", "y=0", 0xf},
        {"4x4", "y==3", 0xf000},
        {"4x4", "x!=0", 0xeeee},
        {"4x4", "x+y<=1", 0x13},
        {"4x4", "x-y=0", 0x8421},
        {"4x4", "2*x - y >= 5", 0x88},
        {"4x4", "-x>-1", 0x1111},
        {"4x4", "i>=12&i<14", 0x3000},
        {"4x4", "i+0*x=5", 0x20},
        {"4x4", "{0-7}&x>2", 0x88},
        {"4x4", "{0-15}", 0xffff},
        {"chain:6", "x<3", 0x7},
        {"links:2x2", "y=0.5", 0xc}, /* its two vertical links */
        {"links:2x2", "x=.5&y<1", 0x1},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        CHECK_MASKS(cases[k].lattice, cases[k].text, cases[k].mask);
    CHECK_MASKS("4x4", "{0-3,7},x<2,{1,2}&x=1,0x2,{0},y<1", 0x8f, 0x3333, 0x2, 0x1, 0xf);
    cutropy_cuts cuts = cuts_of("16x16", "x<1,{255,64}");
    ck_assert_uint_eq(cuts.masks[0], 0x1000100010001);
    ck_assert_uint_eq(cuts.masks[3], 0x1000100010001);
    ck_assert(cuts.masks[4] == 0 && cuts.masks[5] == 1 && cuts.masks[6] == 0);
    ck_assert_uint_eq(cuts.masks[7], UINT64_C(1) << 63);
    cutropy_cuts_free(&cuts);
}
END_TEST

START_TEST(boundaries)
{
    cutropy_lattice *l = must_lattice("4x4");
    static const struct {
        uint64_t mask;
        int boundary, pixels;
    } cases[] = {{0, 0, 0},       {0xffff, 0, 0}, {0x1, 2, 1},   {0x20, 4, 1},
                 {0xf, 4, 4},     {0xff, 4, 4},   {0x660, 8, 4}, {0xf99f, 8, 8},
                 {0x5a5a, 24, 8}, {0x777, 6, 5},  {0x8000, 2, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        ck_assert_int_eq(cutropy_boundary(l, &cases[k].mask), cases[k].boundary);
        ck_assert_int_eq(cutropy_boundary_pixels(l, &cases[k].mask), cases[k].pixels);
    }
    cutropy_lattice_free(l);
    l = must_lattice("20x10:torus");
    uint64_t rows[4] = {~UINT64_C(0), 0xffff, 0, 0}; /* four rows of 20 */
    ck_assert_int_eq(cutropy_mask_pixels(rows, 4), 80);
    ck_assert_int_eq(cutropy_boundary(l, rows), 40);
    ck_assert_int_eq(cutropy_boundary_pixels(l, rows), 40);
    cutropy_lattice_free(l);
}
END_TEST

/* ---- files ---- */

static char file_name[] = "test_cuts_XXXXXX";
static char item[64];

/* Writes the bytes and makes `item` the text that reads them. */
static void write_file(const char *bytes, size_t length)
{
    strcpy(file_name, "test_cuts_XXXXXX");
    int fd = mkstemp(file_name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
    ck_assert_int_eq(close(fd), 0);
    snprintf(item, sizeof item, "@%s", file_name);
}

START_TEST(files_are_read)
{
    static const char text[] =
        "# two rows\r\n0xff\r\n\r\n  0x1 \t\n   # blank first\n0xff\n\n0x0\n0xFfFf";
    write_file(text, sizeof text - 1);
    CHECK_MASKS("4x4", item, 0xff, 1, 0, 0xffff);
    char list[128];
    snprintf(list, sizeof list, "0x1,%s,half,0x5", item);
    CHECK_MASKS("4x4", list, 1, 0xff, 0, 0xffff, 5);
    unlink(file_name);
    write_file("0x1", 3);
    CHECK_MASKS("chain:1", item, 1);
    unlink(file_name);
    static const char drawn[] = "# a corner and a row\nAA..\r\nA...\n....\n....\n\n{0-2,5}\n....\n"
                                "....\n  AAAA\n....\nx<1 & y>2\n";
    write_file(drawn, sizeof drawn - 1);
    CHECK_MASKS("4x4", item, 0x13, 0x27, 0xf00, 0x1000);
    unlink(file_name);
    write_file("A.AA.", 5);
    CHECK_MASKS("chain:5", item, 0xd);
    unlink(file_name);
    write_file("0x8000000000000000000000000000000000000000000000000000000000000000\n0x1\n", 71);
    cutropy_cuts cuts = cuts_of("16x16", item);
    ck_assert_uint_eq(cuts.count, 2);
    ck_assert_uint_eq(cuts.masks[3], UINT64_C(1) << 63);
    ck_assert(cuts.masks[0] == 0 && cuts.masks[1] == 0 && cuts.masks[2] == 0);
    ck_assert_uint_eq(cuts.masks[4], 1);
    cutropy_cuts_free(&cuts);
    unlink(file_name);
}
END_TEST

static void check_fails(const char *lattice, const char *text, cutropy_status expected,
                        const char *part)
{
    cutropy_lattice *l = must_lattice(lattice);
    cutropy_cuts cuts = {9, 9, (uint64_t *)l};
    ct_fail(CUTROPY_EINPUT, "stale");
    cutropy_status status = cutropy_cuts_parse(text, l, &cuts);
    ck_assert_msg(status == expected, "'%s': status %d", text, (int)status);
    ck_assert_ptr_null(cuts.masks);
    ck_assert(cuts.count == 0 && cuts.words == 0);
    ck_assert_str_ne(cutropy_error(), "stale");
    ck_assert(cutropy_error()[0] && !strchr(cutropy_error(), '\n'));
    ck_assert_msg(strstr(cutropy_error(), part) != NULL, "'%s': %s", text, cutropy_error());
    cutropy_lattice_free(l);
}

START_TEST(bad_files_are_refused_with_their_line)
{
    static const struct {
        const char *text;
        size_t length;
        const char *part;
    } cases[] = {
        {"0x1\nfoo\n", 8, ":2: 'foo'"},
        {"0x1\n\n#\n0x1g\n", 12, ":4: mask '0x1g'"},
        {"0x10000\n", 8, ":1: mask '0x10000' has pixel 16"},
        {"0x1\n0x\0001\n", 9, ":2: NUL"},
        {"0x1 0x2\n", 8, ":1: "},
        {"15\n", 3, ":1: '15'"},
        {"0x\n", 3, ":1: '0x'"},
        {"\xef\xbb\xbf"
         "0x1\n",
         7, ":1: "},
        {"A...\n....\n....\n.....\n", 21, ":4: a row of a picture of grid:4x4 has 4 pixels, not 5"},
        {"A...\n....\n....\n\n....\n", 20,
         ":3: a picture of a cut of grid:4x4 has 4 rows, and this one ends after 3"},
        {"A...\n....\n", 10,
         ":2: a picture of a cut of grid:4x4 has 4 rows, and this one ends after 2"},
        {"A...\n....\n....\n....\n....\n0x1\n", 29, ":5: a picture"},
        {"x<2\nx<\n", 7, ":2: region 'x<': a number is missing"},
        {"# nothing\n", 10, "no cut"},
        {"", 0, "no cut"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        write_file(cases[k].text, cases[k].length);
        check_fails("4x4", item, CUTROPY_EINPUT, cases[k].part);
        if (cases[k].part[0] == ':')
            ck_assert_msg(strstr(cutropy_error(), file_name) != NULL, "%s", cutropy_error());
        unlink(file_name);
    }
    static char longest[5000];
    memset(longest, ' ', sizeof longest);
    write_file(longest, sizeof longest);
    check_fails("4x4", item, CUTROPY_EINPUT, ":1: line longer");
    unlink(file_name);
    check_fails("4x4", "@no/such/file", CUTROPY_EIO, "no/such/file");
    check_fails("4x4", "@", CUTROPY_EIO, "cannot read");
    check_fails("4x4", "@.", CUTROPY_EIO, "cannot read '.'");
}
END_TEST

START_TEST(one_pixel_has_no_cut)
{
    static const char *const lattices[] = {"chain:1", "1x1", "links:1x2"};
    static const char *const lists[] = {"rows", "prefixes", "rectangles", "half", "all"};
    for (size_t k = 0; k < 3; k++) {
        cutropy_lattice *lattice = NULL;
        ck_assert_int_eq(cutropy_lattice_parse(lattices[k], &lattice), CUTROPY_OK);
        for (size_t i = 0; i < 5; i++) {
            cutropy_cuts cuts;
            ck_assert_int_eq(cutropy_cuts_parse(lists[i], lattice, &cuts), CUTROPY_EINPUT);
            ck_assert_ptr_nonnull(strstr(cutropy_error(), lattice->name));
            ck_assert_ptr_nonnull(strstr(cutropy_error(), "no cut"));
            ck_assert_ptr_null(strstr(cutropy_error(), lists[i])); /* maybe nobody asked for it */
        }
        cutropy_lattice_free(lattice);
    }
}
END_TEST

START_TEST(bad_cuts_are_refused)
{
    static const char *const bad[] = {"",
                                      ",",
                                      "rows,",
                                      ",rows",
                                      "rows,,columns",
                                      "rows columns",
                                      " rows",
                                      "Rows",
                                      "canonical",
                                      "canonical:",
                                      "canonical:0",
                                      "canonical:3",
                                      "canonical:1x",
                                      "canonical:111",
                                      "ALL",
                                      "row",
                                      "rectangle",
                                      "0x",
                                      "0xg",
                                      "0x1.",
                                      "0x 1",
                                      "0x-1",
                                      "0x10000",
                                      "0xffffffffffffffffffff",
                                      "x1",
                                      "1f",
                                      "15",
                                      "half:2",
                                      "all:3",
                                      "connected:",
                                      "connected:0",
                                      "connected:17",
                                      "connected:-1",
                                      "connected:+1",
                                      "connected:01",
                                      "connected:4x",
                                      "connected:99999999999999999999",
                                      "connected:4294967298",
                                      "connectedness",
                                      "connected 4",
                                      "rows\n",
                                      "{",
                                      "}",
                                      "{1",
                                      "{1,",
                                      "{1,}",
                                      "{,1}",
                                      "{3-1}",
                                      "{1-}",
                                      "{-1}",
                                      "{16}",
                                      "{99999999999999999999}",
                                      "{1}2",
                                      "{1}&",
                                      "{1}{2}",
                                      "x<",
                                      "<2",
                                      "x<2&",
                                      "x<2x",
                                      "x=<2",
                                      "x!2",
                                      "x<nan",
                                      "x<inf",
                                      "z<2",
                                      "2x<2",
                                      "x+<2",
                                      "4097*x<2",
                                      "99999999999999999999*x<2",
                                      "x<y"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        check_fails("4x4", bad[k], CUTROPY_EINPUT, "");
    check_fails("4x4", "foo", CUTROPY_EINPUT, "rectangles");
    check_fails("4x4", "rows,{0-16},x<2", CUTROPY_EINPUT, "region '{0-16}': grid:4x4 has only");
    check_fails("4x4", "x<2,z<1", CUTROPY_EINPUT, "'z<1': x, y or i is missing; write");
    check_fails("4x4", "x<9", CUTROPY_EINPUT, "region 'x<9' has every pixel of grid:4x4");
    check_fails("4x4", "half,x>1&{0,1}", CUTROPY_EINPUT, "has no pixel");
    check_fails("4x4", "x>9", CUTROPY_EINPUT, "'x>9' has no pixel of grid:4x4: nothing is cut");
    check_fails("chain:6", "y=0", CUTROPY_EINPUT, "has every pixel");
    check_fails("4x4", "rows,foo", CUTROPY_EINPUT, "'foo'");
    check_fails("4x4", "0x1ffff", CUTROPY_EINPUT, "pixel 16");
    check_fails("chain:64", "0x10000000000000000", CUTROPY_EINPUT, "pixel 64");
    check_fails("chain:8", "rows", CUTROPY_EINPUT, "no cut");
    check_fails("chain:1", "all", CUTROPY_EINPUT, "no cut");
    check_fails("chain:1", "sites,half,prefixes,connected,rectangles", CUTROPY_EINPUT, "no cut");
    check_fails("chain:41", "all", CUTROPY_EINPUT, "2^43");
    check_fails("chain:4096", "all", CUTROPY_EINPUT, "2^4104");
    if (!getenv("CUTROPY_TEST_SMALL")) /* it counts so many */
        check_fails("7x7", "connected", CUTROPY_EINPUT, "50000000");
}
END_TEST

/* ---- memory ---- */

static void *refuse_large(size_t bytes, void *user)
{
    (void)user;
    return bytes > (size_t)1 << 30 ? NULL : aligned_alloc(64, bytes);
}

static void release(void *memory, void *user)
{
    (void)user;
    free(memory);
}

START_TEST(lists_too_large_for_memory_say_the_bytes)
{
    cutropy_set_allocator(refuse_large, release, NULL);
    check_fails("chain:40", "all", CUTROPY_EMEMORY, "4398046511096 bytes");
    check_fails("64x64", "pairs", CUTROPY_EMEMORY, "4293918720 bytes");
    cutropy_set_allocator(NULL, NULL, NULL);
}
END_TEST

static void sweep(const char *lattice, const char *text, long at_least)
{
    for (long k = 0;; k++) {
        failing_allocator_start(-1);
        cutropy_lattice *l = must_lattice(lattice);
        failing_allocator_start(k);
        cutropy_cuts cuts;
        cutropy_status status = cutropy_cuts_parse(text, l, &cuts);
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert((cuts.masks == NULL) == fired && (cuts.count == 0) == fired);
        cutropy_cuts_free(&cuts);
        cutropy_lattice_free(l);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            ck_assert_int_ge(k, at_least);
            break;
        }
    }
}

START_TEST(allocation_failures_leave_nothing_behind)
{
    sweep("4x4", "rows", 2);
    sweep("3x4", "all,0x800,connected:11,rectangles,pairs,all", 10);
    sweep("chain:9", "0x1,0x2,connected,prefixes,all,sites", 9);
    sweep("links:7x7:torus", "connected:2,rectangles,sites,rows", 10);
    write_file("0x1\n0x3\n0x1\n0x7\n", 16);
    sweep("4x4", item, 3);
    unlink(file_name);
    cutropy_set_allocator(NULL, NULL, NULL);
}
END_TEST

CHECK_MAIN("cuts", all_lists_one_of_each_pair, rows_columns_prefixes_by_hand,
           families_leave_out_empty_and_full, rectangles_against_every_mask, rectangle_counts,
           rectangles_with_many_words, rectangles_of_links_by_hand, connected_against_every_mask,
           connected_counts, connected_is_sorted_with_many_words, repetitions_keep_the_first,
           unions_have_no_repetitions, mask_text_round_trip, regions_in_words, boundaries,
           files_are_read, bad_files_are_refused_with_their_line, one_pixel_has_no_cut,
           bad_cuts_are_refused, lists_too_large_for_memory_say_the_bytes,
           allocation_failures_leave_nothing_behind)
