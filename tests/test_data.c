/* SPDX-License-Identifier: Apache-2.0 */
/* Data sets: the table of tests/data/datasets.csv, black-white images under every map, the forms of files, and bad ones. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "check_main.h"
#include "input/grey.h"
#include "input/npz_write.h"
#include "problem/features.h"
#include "problem/problem.h"
#include "ref/support.h"

/* ---- files ---- */

static void put_file(const char *name, const void *head, size_t size, const void *data,
                     size_t bytes)
{
    FILE *file = fopen(name, "wb");
    ck_assert(file != NULL);
    ck_assert(fwrite(head, 1, size, file) == size);
    ck_assert(!bytes || fwrite(data, 1, bytes, file) == bytes);
    ck_assert(!fclose(file));
}

/* type "|u1" or "<f8", shape "30, 64". */
static void put_npy(const char *name, const char *type, const char *shape, const void *data,
                    size_t bytes)
{
    char head[128];
    memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int used =
        snprintf(head + 10, sizeof head - 10,
                 "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type, shape);
    memset(head + 10 + used, ' ', sizeof head - 11 - (size_t)used);
    head[127] = '\n';
    put_file(name, head, sizeof head, data, bytes);
}

static void put_gzip(const char *name, const void *head, size_t size, const void *data,
                     size_t bytes)
{
    gzFile file = gzopen(name, "wb");
    ck_assert(file != NULL);
    ck_assert(gzwrite(file, head, (unsigned)size) == (int)size);
    ck_assert(gzclose(file) == Z_OK);
    file = gzopen(name, "ab"); /* a second member */
    ck_assert(file != NULL);
    ck_assert(gzwrite(file, data, (unsigned)bytes) == (int)bytes);
    ck_assert(gzclose(file) == Z_OK);
}

/* 8x8 images up to 16 as PGM files: every second one with bytes, the others with numbers and a comment. */
static void put_folder(const char *folder, const uint8_t *bytes, int count)
{
    ck_assert(!mkdir(folder, 0777) || errno == EEXIST);
    for (int m = 0; m < count; m++) {
        char name[60], text[400] = "P2 # numbers\n8 8\n16\n";
        snprintf(name, sizeof name, "%s/%02d.%s", folder, m, m == 3 ? "PGM" : "pgm");
        for (int n = 0; n < 64; n++)
            snprintf(text + strlen(text), 5, "%d%c", bytes[64 * m + n], n % 8 == 7 ? '\n' : ' ');
        if (m % 2)
            put_file(name, "P5\n8 8 16\n", 10, bytes + 64 * m, 64);
        else
            put_file(name, text, strlen(text), NULL, 0);
    }
}

static ct_grey digits;

static void need_digits(void)
{
    if (!digits.count)
        ck_assert_int_eq(ct_grey_read("digits", &digits), CUTROPY_OK);
    ck_assert_int_eq(digits.count, 1797);
}

/* Bytes of the first `count` images with (or without) a label. */
static int take_images(double label, bool with, int count, uint8_t *bytes, uint8_t *labels)
{
    int found = 0;
    need_digits();
    for (int64_t m = 0; m < digits.count && found < count; m++) {
        if ((digits.label[m] == label) != with)
            continue;
        labels[found] = (uint8_t)digits.label[m];
        for (int n = 0; n < 64; n++)
            bytes[64 * found + n] = (uint8_t)digits.value[64 * m + n];
        found++;
    }
    return found;
}

/* ---- the table ---- */

static void problem_of(const char *set, const char *theta, const char *labels, char *text,
                       size_t size)
{
    const char *label = "", *file = "digits", *of = "";
    if (!strncmp(set, "digits_class", 12)) {
        snprintf(text, size, "data:images=digits,theta=%s,label=class:%s", theta, set + 12);
        return;
    }
    if (!strcmp(set, "digits_30"))
        file = "digits_30.npy,scale=16";
    if (!strcmp(labels, "pm1_3"))
        label = ",label=pm1:3";
    else if (!strcmp(labels, "onehot_with_A"))
        label = ",label=onehot,label_side=a";
    else if (strcmp(labels, "ones") != 0)
        label = ",label=onehot";
    if (*label && strcmp(file, "digits") != 0)
        of = ",labels=digits_30_labels.npy";
    snprintf(text, size, "data:images=%s%s,theta=%s%s", file, of, theta, label);
}

static void put_digits_30(void)
{
    uint8_t bytes[30 * 64], labels[30];
    ck_assert_int_eq(take_images(3, true, 15, bytes, labels), 15);
    ck_assert_int_eq(take_images(3, false, 15, bytes + 15 * 64, labels + 15), 15);
    put_npy("digits_30.npy", "|u1", "30, 8, 8", bytes, sizeof bytes);
    put_npy("digits_30_labels.npy", "|u1", "30,", labels, sizeof labels);
}

static void check_row(const char *problem_text, uint64_t mask, const char *quantity, double right,
                      double known)
{
    static const char with[] = "S_pixel_and_label";
    char text[300];
    cutropy_result *got = NULL;
    snprintf(text, sizeof text, "%s%s", problem_text,
             !strcmp(quantity, with) || !strcmp(quantity, "S_label") ? ",label_side=a" : "");
    cutropy_problem *problem = must_problem(text, NULL);
    cutropy_cuts cuts = {.words = 1, .count = 1, .masks = &mask};
    cutropy_options *options = must_options("quantities", "renyi:inf", NULL);
    cutropy_state *state = must_state(problem, options);
    MUST(cutropy_state_run(state, &cuts, options, &got));
    const cutropy_record *record = row_record(got, 0);
    double value = record->entropy, error = record->entropy_err, most = 1e-8;
    if (!strcmp(quantity, "renyi2")) {
        value = record->renyi2;
        error = record->renyi2_err;
    } else if (!strcmp(quantity, "p_max")) {
        value = exp2(-record->extra[0]);
        error = value * record->extra_err[0];
    } else if (!strcmp(quantity, "T")) {
        value = strtod(cutropy_state_norm(state), NULL);
        error = strtod(cutropy_state_norm_error(state), NULL);
        ck_assert(error > 0 && error < 1e-9 * value);
        most = 1;
    }
    ck_assert_msg(fabs(value - right) <= error + known && fabs(value - right) < 3e-11 + known &&
                      error < most,
                  "%s %llx %s: %.17g, right %.17g, error %.3g", text, (unsigned long long)mask,
                  quantity, value, right, error);
    cutropy_result_free(got);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}

/* The text of a problem names what its map has, and makes it again. */
START_TEST(texts_of_maps)
{
    static const char *const texts[][2] = {
        {"data:label=class:3", ",theta=0.5,"},          {"data:map=phase,first=9", ",theta=0.5,"},
        {"data:map=levels,bins=3,first=9", ",bins=3,"}, {"data:map=poly,first=9", ",map=poly,"},
        {"digits:class=3,map=levels", ",bins=2"},       {"digits:class=3,map=poly", ",map=poly"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cutropy_problem *problem = must_problem(texts[i][0], NULL);
        const char *text = cutropy_problem_text(problem);
        ck_assert_msg(strstr(text, texts[i][1]) != NULL, "%s", text);
        ck_assert(!strstr(text, "theta=") ==
                  (strstr(text, "cos") == NULL && strstr(text, "phase") == NULL));
        ck_assert(!strstr(text, "bins=") == !strstr(text, "levels"));
        cutropy_problem *again = must_problem(text, NULL);
        ck_assert_str_eq(cutropy_problem_text(again), text);
        cutropy_problem_free(again);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Who needs a list of images is told why there is none. */
START_TEST(what_is_no_list_says_why)
{
    static const char *const texts[][2] = {
        {"data:images=twice.npy,map=levels",
         "a sum of product states (images 1 and 3 are the same and count twice) has no list"},
        {"data:images=digits,map=levels,bins=3,first=9", "(bins=3 are no black-white pixels)"},
        {"data:images=digits,map=levels,label=onehot,first=9", "(the label is one more site)"},
        {"data:images=digits,map=levels,label=pm1:1,first=9",
         "(its images have other values than 1)"},
        {"data:images=digits,first=9", "a sum of product states has no list"}};
    const double twice[12] = {0, 1, .2, .1, .9, .8, 1, 1, 0, .4, .6, 1};
    put_npy("twice.npy", "<f8", "4, 3", twice, sizeof twice);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cutropy_problem *problem = must_problem(texts[i][0], NULL);
        cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
        cutropy_ranges *ranges = NULL;
        ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, NULL, &ranges), CUTROPY_EUNSUPPORTED);
        ck_assert_msg(strstr(cutropy_error(), texts[i][1]) != NULL, "%s", cutropy_error());
        if (!i)
            ck_assert_msg(strstr(cutropy_problem_note(problem), "images 1 and 3 are the same") !=
                              NULL,
                          "%s", cutropy_problem_note(problem));
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(table_of_values)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/datasets.csv", "r");
    char line[300], text[200];
    int rows = 0, seen = 0;
    ck_assert(file != NULL);
    put_digits_30();
    while (fgets(line, sizeof line, file)) {
        char set[40], theta[20], labels[40], quantity[60], value[60], error[20];
        unsigned long long mask;
        if (sscanf(line, "%39[^,],%19[^,],%39[^,],%llx,%59[^,],%59[^,],%19s", set, theta, labels,
                   &mask, quantity, value, error) != 7)
            continue;
        *strchrnul(quantity, ' ') = '\0'; /* "S_pixel (label with the other pixels)" */
        seen++;
        if (seen % amount(1, 9) || (!strcmp(set, "digits") && amount(0, 1)))
            continue;
        problem_of(set, theta, labels, text, sizeof text);
        check_row(text, mask, quantity, strtod(value, NULL), strtod(error, NULL));
        rows++;
    }
    ck_assert(!fclose(file));
    ck_assert_int_eq(rows, amount(201, rows));
    ck_assert_int_ge(rows, 15);
}
END_TEST

/* The texts of a run with so many proved decimals: S in bits and the guarantee of the row. */
static void proved_texts(const char *text, uint64_t mask, const char *decimals, const char *memory,
                         char *entropy, cutropy_guarantee *guarantee)
{
    const cutropy_cuts cuts = {.words = 1, .count = 1, .masks = &mask};
    cutropy_problem *problem = must_problem(text, NULL);
    cutropy_options *options = must_options("digits", decimals, "memory", memory, NULL);
    cutropy_result *got = must_solve(problem, &cuts, options);
    const cutropy_record *record = row_record(got, 0);
    *guarantee = record->guarantee;
    snprintf(entropy, 60, "%s", record->exact->entropy[0] ? record->exact->entropy[0] : "");
    cutropy_result_free(got);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}

static void put_formula(void)
{
    uint8_t bytes[8 * 6], labels[8];
    for (int m = 0; m < 8; m++) {
        labels[m] = (uint8_t)(m + 1);
        for (int n = 0; n < 6; n++)
            bytes[6 * m + n] = (uint8_t)((37 * m * m + 11 * n * m + 50 * n + 5 * m) % 256);
    }
    put_npy("formula.npy", "|u1", "8, 6", bytes, sizeof bytes);
    put_npy("formula_labels.npy", "|u1", "8,", labels, sizeof labels);
}

/* The entropies of the table that have 24 digits or more, all of their decimals but the last two. */
START_TEST(all_decimals_of_the_table)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/datasets.csv", "r");
    char line[300], text[200], entropy[60], decimals[12];
    int rows = 0;
    cutropy_guarantee guarantee;
    ck_assert(file != NULL);
    put_digits_30();
    while (fgets(line, sizeof line, file)) {
        char theta[20], labels[40], value[60];
        unsigned long long mask;
        if (sscanf(line, "digits_30,%19[^,],%39[^,],%llx,S,%59[^,]", theta, labels, &mask, value) !=
            4)
            continue;
        const size_t places = strlen(strchr(value, '.') + 1) - 2;
        problem_of("digits_30", theta, labels, text, sizeof text);
        snprintf(decimals, sizeof decimals, "%zu", places);
        proved_texts(text, mask, decimals, "1G", entropy, &guarantee);
        ck_assert_int_eq(guarantee, CUTROPY_GUARANTEE_CERTIFIED);
        ck_assert_uint_eq(strlen(entropy), strlen(value) - 2);
        ck_assert_msg(fabsl(strtold(entropy, NULL) - strtold(value, NULL)) < 1e-17L &&
                          !strncmp(entropy, value, strlen(value) - 4),
                      "%s %llx: %s, right %s", text, mask, entropy, value);
        rows++;
    }
    ck_assert(!fclose(file));
    ck_assert_int_eq(rows, 11);
    /* maps of a formula; mpmath, all amplitudes */
    static const char *const maps[][2] = {{"cos,theta=0.3", "0.048900991596879049836484039361"},
                                          {"poly", "0.028002941781216313677614362515"},
                                          {"poly,normalise=no", "0.031907832235928388336102629152"},
                                          {"phase,theta=0.3", "0.050639038522691422650996476887"}};
    put_formula();
    for (int k = 0; k < 4; k++) {
        snprintf(text, sizeof text,
                 "data:images=formula.npy,labels=formula_labels.npy,label=real,map=%s", maps[k][0]);
        proved_texts(text, 0x13, "30", "1G", entropy, &guarantee);
        ck_assert_str_eq(entropy, maps[k][1]);
        ck_assert_int_eq(guarantee, CUTROPY_GUARANTEE_CERTIFIED);
    }
    /* without the room for a proof the row says so */
    proved_texts("data:images=digits,first=100", 0xff, "20", "1M", entropy, &guarantee);
    ck_assert_int_eq(guarantee, CUTROPY_GUARANTEE_FLOAT);
    ck_assert_str_eq(entropy, "");
}
END_TEST

/* Labels that cancel, the more so the smaller theta is, and angles of many turns; mpmath, 500 digits. */
START_TEST(any_angle)
{
    static const struct {
        const char *text;
        uint64_t mask;
        const char *entropy;
        double error;
    } rows[] = {
        {"d,label=pm1:3,theta=1e-3", 0xffffffff, "0.992696381042150394495313752222", 1e-11},
        {"d,label=pm1:3,theta=1e-6", 0xffffffff, "0.992682614832459616139077746781", 1e-11},
        {"d,label=pm1:3,theta=1e-9", 0xffffffff, "0.992682614799692275880003682494", 1e-8},
        {"d,label=pm1:3,map=phase,theta=1e-3", 0xffffffff, "0.718774254394113666209642616879",
         1e-11},
        {"d,label=pm1:3,map=phase,theta=1e-6", 0xffffffff, "0.718762534239507740880607256407",
         1e-11},
        {"d,label=pm1:3,map=phase,theta=1e-9", 0xffffffff, "0.718762534212555362952565561767",
         1e-7},
        {"d,theta=1000000.3", 0xffffffff, "1.43188729489204727958126587489", 1e-8},
        {"d,theta=1000000000000.3", 0xffffffff, "1.43237882130786661648452803279", 1e-8},
        {"d,map=phase,theta=1000000.3", 0xffffffff, "3.56487454904708955177391846808", 1e-8},
        {"f,label=real,theta=1000000.3", 0x13, "1.75252632795351528920271436454", 1e-9},
        {"f,label=real,theta=1000000000000.3", 0x13, "0.887490934561412725471930627829", 1e-9},
        {"f,label=real,theta=1e100", 0x13, "1.87345946465717549397931814638", 1e-9},
        {"f,label=real,map=phase,theta=1e100", 0x13, "1.86202931849596814701017024956", 1e-9}};
    put_digits_30();
    put_formula();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200], entropy[60];
        cutropy_guarantee guarantee;
        const bool is_digits = rows[i].text[0] == 'd', labelled = strstr(rows[i].text, "label=");
        snprintf(text, sizeof text, "data:images=%s%s%s",
                 is_digits ? "digits_30.npy,scale=16" : "formula.npy",
                 !labelled   ? ""
                 : is_digits ? ",labels=digits_30_labels.npy"
                             : ",labels=formula_labels.npy",
                 rows[i].text + 1);
        cutropy_problem *problem = must_problem(text, NULL);
        cutropy_result *got = must_run(problem, &rows[i].mask, 1, NULL, 1, 1);
        const cutropy_record *record = row_record(got, 0);
        ck_assert_msg(fabs(record->entropy - strtod(rows[i].entropy, NULL)) <=
                              record->entropy_err &&
                          record->entropy_err < rows[i].error,
                      "%s: %.17g +- %g, right %s", text, record->entropy, record->entropy_err,
                      rows[i].entropy);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
        if (!amount(1, i % 4 == 2))
            continue;
        proved_texts(text, rows[i].mask, "25", "1G", entropy, &guarantee);
        ck_assert_msg(!strncmp(entropy, rows[i].entropy, 25), "%s: %s, right %s", text, entropy,
                      rows[i].entropy);
        ck_assert_int_eq(guarantee, CUTROPY_GUARANTEE_CERTIFIED);
    }
}
END_TEST

/* ---- black-white images ---- */

static cutropy_result *run_all(const char *text, const cutropy_cuts *cuts)
{
    cutropy_problem *problem = must_problem(text, NULL);
    cutropy_result *got = must_run(problem, cuts->masks, cuts->count, NULL, 2, 1);
    cutropy_problem_free(problem);
    return got;
}

static cutropy_cuts cuts_of(const char *text)
{
    cutropy_lattice *lattice = must_lattice("8x8");
    const cutropy_cuts cuts = must_cuts(text, lattice);
    cutropy_lattice_free(lattice);
    return cuts;
}

/* Different images: integers on the road of lists, or numbers where 0 and 1 become orthogonal vectors. */
START_TEST(black_and_white)
{
    enum { COUNT = 40 };
    static const char *const same[] = {"data:images=bw.npy,scale=1,map=levels",
                                       "data:images=bw.npy,scale=1,map=cos",
                                       "data:images=bw.npy,scale=1,map=phase"};
    uint8_t bytes[COUNT * 64], labels[COUNT];
    cutropy_cuts cuts = cuts_of(amount(1, 0) ? "rectangles" : "rows");
    ck_assert_int_eq(take_images(0, true, COUNT, bytes, labels), COUNT);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = bytes[i] >= 8;
    put_npy("bw.npy", "|u1", "40, 8, 8", bytes, sizeof bytes);
    cutropy_result *right = run_all("file:path=bw.npy", &cuts);
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        cutropy_result *got = run_all(same[k], &cuts);
        for (size_t i = 0; i < cuts.count; i++) {
            const cutropy_record *a = row_record(right, i), *b = row_record(got, i);
            ck_assert(a->guarantee == b->guarantee || k);
            ck_assert_msg(k ? fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err &&
                                  fabs(a->entropy - b->entropy) < 1e-12
                            : a->entropy == b->entropy && a->rank_lo == b->rank_lo,
                          "%s: %.17g, %.17g", same[k], a->entropy, b->entropy);
            ck_assert(b->rank_lo <= a->rank_hi && a->rank_lo <= b->rank_hi);
        }
        cutropy_result_free(got);
    }
    cutropy_result_free(right);
    cutropy_cuts_free(&cuts);
}
END_TEST

/* Exactly floor(bins v / scale), where quotients of doubles round to the next bin. */
START_TEST(bins_are_exact)
{
    int wrong = 0;
    static const int scales[] = {10, 15, 16, 31, 49, 100, 200, 255, 1000, 65535};
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++)
        for (int bins = 2; bins <= 64; bins++)
            for (int v = 0; v <= scales[s]; v++) {
                const int right = v < scales[s] ? v * bins / scales[s] : bins - 1;
                wrong += ct_bin_of(v, scales[s], bins) != right;
            }
    ck_assert_int_eq(wrong, 0);
    /* 0.6 is less than 3/5 as a double */
    ck_assert_int_eq(ct_bin_of(0.6, 1, 5), 2);
    ck_assert_int_eq(ct_bin_of(nextafter(0.6, 1), 1, 5), 3);
    ck_assert_int_eq(ct_bin_of(0x1p-1074, 0x1p-1073, 2), 1);
    ck_assert_int_eq(ct_bin_of(nextafter(0.5e300, 0), 1e300, 2), 0);
}
END_TEST

/* Five levels of grey: integers, fractions and proofs; the same images with y = 2, which are numbers. */
START_TEST(levels_are_integers)
{
    enum { COUNT = 60 };
    uint8_t bytes[COUNT * 64], labels[COUNT];
    cutropy_cuts cuts = cuts_of(amount(1, 0) ? "rectangles" : "rows");
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(take_images(3, true, COUNT, bytes, labels), COUNT);
    put_npy("grey.npy", "|u1", "60, 8, 8", bytes, sizeof bytes);
    memset(labels, 2, sizeof labels);
    put_npy("twos.npy", "|u1", "60,", labels, sizeof labels);
    cutropy_result *exact = run_all("data:images=grey.npy,scale=16,map=levels,bins=5", &cuts),
                   *plain = run_all(
                       "data:images=grey.npy,labels=twos.npy,label=real,scale=16,map=levels,bins=5",
                       &cuts);
    for (size_t i = 0; i < cuts.count; i++) {
        const cutropy_record *a = row_record(exact, i), *b = row_record(plain, i);
        char text[60];
        ck_assert(cutropy_result_purity_fraction(exact, i, text, sizeof text) > 0);
        ck_assert(!cutropy_result_purity_fraction(plain, i, text, sizeof text));
        ck_assert_msg(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err &&
                          fabs(a->entropy - b->entropy) < 1e-12 && a->entropy_err < 1e-11,
                      "%.17g, %.17g", a->entropy, b->entropy);
        ck_assert(a->classes[0] <= b->classes[0] && a->rank_lo == a->rank_hi);
        ck_assert(b->rank_lo <= a->rank_lo && a->rank_lo <= b->rank_hi);
    }
    problem = must_problem("data:images=grey.npy,scale=16,map=levels,bins=5", NULL);
    cutropy_options *options = must_options("certify", "yes", NULL);
    cuts.count = 3;
    cutropy_result *proved = must_solve(problem, &cuts, options);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(cutropy_result_guarantee(proved, i) != CUTROPY_GUARANTEE_FLOAT);
        ck_assert(fabs(strtod(cutropy_result_entropy_decimals(proved, i, 0), NULL) -
                       row_record(exact, i)->entropy) < 1e-12);
    }
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    cutropy_result_free(proved);
    cutropy_result_free(exact);
    cutropy_result_free(plain);
    cutropy_cuts_free(&cuts);
}
END_TEST

/* Behind all pixels there is the label. */
static void check_last_place(const cutropy_order *order, int64_t right_rank, double right)
{
    cutropy_sheet *sheet = NULL;
    int64_t rank[2][64], high[64];
    double entropy[64], error[64];
    MUST(cutropy_order_sheet(order, CUTROPY_BASE_BITS, &sheet));
    const size_t rows = cutropy_sheet_rows(sheet);
    ck_assert_uint_le(rows, 64);
    static const char *const stems[][2] = {{"rank", "entropy"},
                                           {"rank_by_numbers", "entropy_by_numbers"}};
    for (int which = 0; which < 2; which++) {
        const int column = cutropy_sheet_find(sheet, stems[which][0]);
        ck_assert(cutropy_sheet_integers(sheet, column, rank[which], high));
        ck_assert_int_eq(rank[which][rows - 1], right_rank);
        ck_assert(
            cutropy_sheet_reals(sheet, cutropy_sheet_find(sheet, stems[which][1]), entropy, error));
        ck_assert_msg(fabs(entropy[rows - 1] - right) <= error[rows - 1] + 1e-11, "%.17g, %.17g",
                      entropy[rows - 1], right);
        ck_assert(cutropy_order_summarize(order, which)->largest_entropy >= right - 1e-11);
    }
    cutropy_sheet_free(sheet);
}

/* 20 images of one pixel each and a class of its own: every cut, that of no pixel too, has the 20 classes on both sides. */
static void order_with_both_labels(const char *text)
{
    const double right = log2(20);
    cutropy_problem *problem = must_problem(text, NULL);
    cutropy_state *state = must_state(problem, NULL);
    cutropy_order *order = NULL;
    cutropy_tree *tree = NULL;
    cutropy_sheet *sheet = NULL;
    for (int how = 0; how < 3; how++) {
        if (how == 0)
            MUST(cutropy_order_find(state, CUTROPY_ORDER_RANK, NULL, &order));
        else if (how == 1)
            MUST(cutropy_order_search(state, CUTROPY_ORDER_RANK, 100, NULL, &order));
        else
            MUST(cutropy_order_arrange(state, CUTROPY_ORDER_SPECTRAL, NULL, &order));
        check_last_place(order, 20, right);
        const cutropy_order_sums *sums = cutropy_order_summarize(order, 0);
        ck_assert_int_eq(sums->largest_rank, 20);
        ck_assert_int_eq(sums->parameters, 2 * 2 * 20 * 20);
        ck_assert(fabs(sums->mean_entropy - right) < 1e-11); /* of one cut */
        cutropy_order_free(order);
    }
    int64_t rank[3], high[3];
    double entropy[3], error[3];
    MUST(cutropy_tree_find(state, CUTROPY_ORDER_RANK, NULL, &tree));
    MUST(cutropy_tree_sheet(tree, CUTROPY_BASE_BITS, &sheet));
    ck_assert(cutropy_sheet_integers(sheet, cutropy_sheet_find(sheet, "rank"), rank, high));
    ck_assert(cutropy_sheet_reals(sheet, cutropy_sheet_find(sheet, "entropy"), entropy, error));
    for (int i = 0; i < 3; i++)
        ck_assert(rank[i] == 20 && fabs(entropy[i] - right) <= error[i] + 1e-11);
    ck_assert_int_eq(cutropy_tree_summarize(tree)->parameters, 20 * 20 * 20 + 2 * 2 * 20);
    cutropy_sheet_free(sheet);
    cutropy_tree_free(tree);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}

/* The last place of an order is the cut of all pixels, whatever stands on the other side. */
START_TEST(last_place_of_labelled_orders)
{
    static const char *const sides[] = {"a", "b", "both"};
    for (int k = 0; k < 3; k++) {
        char text[90];
        snprintf(text, sizeof text, "data:first=20,theta=0.2,label=onehot,label_side=%s", sides[k]);
        cutropy_problem *problem = must_problem(text, NULL);
        cutropy_state *state = must_state(problem, NULL);
        cutropy_order *order = NULL;
        const uint64_t all = UINT64_MAX;
        cutropy_result *table = must_run(problem, &all, 1, NULL, 1, 1);
        const cutropy_record *right = row_record(table, 0);
        ck_assert(k == 0 ? right->entropy == 0 : right->entropy > 2);
        MUST(cutropy_order_arrange(state, CUTROPY_ORDER_NUMBERS, NULL, &order));
        check_last_place(order, right->rank_lo, right->entropy);
        cutropy_order_free(order);
        cutropy_result_free(table);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* With a label on either side, or both: integers that agree with the numbers of the same state, and the cuts without pixels. */
START_TEST(levels_with_labels)
{
    static const char *const texts[] = {
        "data:first=60,label=onehot,map=levels,bins=4,label_side=a",
        "data:first=60,label=onehot,map=levels,bins=4,label_side=b",
        "data:first=90,label=onehot,map=levels,label_side=both",
        "data:images=pair.npy,labels=many.npy,label=onehot,map=levels,scale=1,label_side=b",
        "data:images=pair.npy,labels=many.npy,label=onehot,map=levels,scale=1,label_side=both"};
    uint8_t pair[40], many[20];
    for (int m = 0; m < 20; m++) { /* the same images with other labels */
        pair[2 * m] = m & 1;
        pair[2 * m + 1] = m >> 1 & 1;
        many[m] = (uint8_t)(m * 7 % 20);
    }
    put_npy("pair.npy", "|u1", "20, 2", pair, sizeof pair);
    put_npy("many.npy", "|u1", "20,", many, sizeof many);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        cutropy_problem *exact = must_problem(texts[k], NULL),
                        *plain = must_problem(texts[k], NULL);
        const uint64_t all = all_pixels(cutropy_problem_lattice(exact)),
                       masks[] = {0, all, 1, 0xf0f & all, 0xffffffff & all, 0x2};
        ck_assert_int_eq(cutropy_problem_kind(exact), CUTROPY_KIND_LABEL);
        plain->products->bits = 0;
        plain->kind = CUTROPY_KIND_REAL;
        const char *label = k % 2 ? "label_information" : NULL;
        cutropy_result *a = must_run(exact, masks, 6, label, 1, 1),
                       *b = must_run(plain, masks, 6, label, 1, 1);
        double most = 0;
        for (size_t i = 0; i < 6; i++) {
            const cutropy_record *x = row_record(a, i), *y = row_record(b, i);
            char text[60];
            ck_assert(cutropy_result_purity_fraction(a, i, text, sizeof text) > 0);
            ck_assert_msg(fabs(x->entropy - y->entropy) <= x->entropy_err + y->entropy_err &&
                              fabs(x->entropy - y->entropy) < 1e-11 && x->entropy_err < 1e-11,
                          "%s %llx: %.17g, %.17g", texts[k], (unsigned long long)masks[i],
                          x->entropy, y->entropy);
            ck_assert(x->rank_lo == x->rank_hi && y->rank_lo <= x->rank_lo &&
                      x->rank_lo <= y->rank_hi);
            most = fmax(most, x->entropy);
            if (label)
                ck_assert(fabs(a->rows[i].label[0] - b->rows[i].label[0]) <=
                          a->rows[i].label_err[0] + b->rows[i].label_err[0]);
        }
        ck_assert(most > 1);
        cutropy_result_free(a);
        cutropy_result_free(b);
        cutropy_problem_free(exact);
        cutropy_problem_free(plain);
    }
    /* the label alone is a fraction of classes, 20 of one image each */
    cutropy_problem *problem = must_problem(texts[3], NULL);
    const uint64_t both = 3;
    cutropy_result *got = must_run(problem, &both, 1, "spectrum", 1, 1);
    ck_assert(fabs(row_record(got, 0)->entropy - 2) < 1e-12); /* four images, alike */
    ck_assert_int_eq(cutropy_result_guarantee(got, 0), CUTROPY_GUARANTEE_EXACT);
    cutropy_result_free(got);
    cutropy_order *order = NULL;
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, NULL, &order),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "the label stands on one side"));
    ck_assert_int_eq(cutropy_order_arrange(state, CUTROPY_ORDER_SPECTRAL, NULL, &order),
                     CUTROPY_OK);
    check_last_place(order, 4, 2);
    cutropy_order_free(order);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    order_with_both_labels(texts[4]);
}
END_TEST

/* ---- files ---- */

/* One set in every form that is read: the same numbers. */
START_TEST(forms_of_files)
{
    static const unsigned char head[] = {0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 8},
                               label_head[] = {0, 0, 8, 1, 0, 0, 0, 20};
    static const char *const texts[] = {
        "data:images=a.npy,labels=l.npy,scale=16,label=onehot",
        "data:images=a.idx,labels=l.idx,scale=16,label=onehot",
        "data:images=a.idx.gz,labels=l.idx.gz,scale=16,label=onehot",
        "data:images=f.npy,labels=l.idx.gz,label=onehot",
        "data:images=pgm_folder,labels=l.npy,label=onehot"};
    uint8_t bytes[20 * 64], labels[20];
    double numbers[20 * 64];
    cutropy_cuts cuts = cuts_of("rows");
    ck_assert_int_eq(take_images(4, false, 20, bytes, labels), 20);
    for (size_t i = 0; i < sizeof bytes; i++)
        numbers[i] = bytes[i] / 16.0;
    put_npy("a.npy", "|u1", "20, 8, 8", bytes, sizeof bytes);
    put_npy("f.npy", "<f8", "20, 8, 8", numbers, sizeof numbers);
    put_npy("l.npy", "|u1", "20,", labels, sizeof labels);
    put_file("a.idx", head, sizeof head, bytes, sizeof bytes);
    put_file("l.idx", label_head, sizeof label_head, labels, sizeof labels);
    put_folder("pgm_folder", bytes, 20);
    put_file("pgm_folder/._00.pgm", "\0\5\26\7", 4, NULL, 0); /* macOS leaves such */
    put_gzip("a.idx.gz", head, sizeof head, bytes, sizeof bytes);
    put_gzip("l.idx.gz", label_head, sizeof label_head, labels, sizeof labels);
    cutropy_result *first = run_all(texts[0], &cuts);
    ck_assert(row_record(first, 3)->entropy > 1);
    for (size_t k = 1; k < sizeof texts / sizeof *texts; k++) {
        cutropy_result *got = run_all(texts[k], &cuts);
        for (size_t i = 0; i < cuts.count; i++)
            ck_assert(row_record(got, i)->entropy == row_record(first, i)->entropy);
        cutropy_result_free(got);
    }
    cutropy_result_free(first);
    cutropy_cuts_free(&cuts);
}
END_TEST

/* The factors of a data set as a CP tensor with norms and weights that cancel. */
START_TEST(factors_of_a_tensor)
{
    enum { TERMS = 20, SITES = 64, D = 2 };
    double factor[D * TERMS], weight[TERMS];
    uint8_t bytes[TERMS * SITES], labels[TERMS];
    char name[16];
    cutropy_cuts cuts = cuts_of("rows,sites,quadrants");
    FILE *file = fopen("tensor.npz", "wb");
    ck_assert(file != NULL);
    ct_npz_writer writer = ct_npz_start(file);
    ck_assert_int_eq(take_images(5, false, TERMS, bytes, labels), TERMS);
    put_npy("tensor.npy", "|u1", "20, 8, 8", bytes, sizeof bytes);
    put_npy("ones.npy", "|u1", "20,", labels, sizeof labels);
    for (int n = 0; n < SITES; n++) {
        snprintf(name, sizeof name, "factor_%d", n);
        for (int m = 0; m < TERMS; m++) {
            /* numbers that need not have norm 1: weights take it back */
            factor[m] = 3 * cos(M_PI * 0.2 * bytes[SITES * m + n] / 16);
            factor[TERMS + m] = 3 * sin(M_PI * 0.2 * bytes[SITES * m + n] / 16);
            weight[m] = labels[m] * pow(3, -SITES);
        }
        ck_assert_int_eq(ct_npz_add(&writer, &(ct_npz_array){.name = name,
                                                             .type = CT_NPZ_ORDER "f8",
                                                             .item = 8,
                                                             .dimensions = 2,
                                                             .shape = {D, TERMS},
                                                             .data = factor}),
                         CUTROPY_OK);
    }
    ck_assert_int_eq(ct_npz_add(&writer, &(ct_npz_array){.name = "weights",
                                                         .type = CT_NPZ_ORDER "f8",
                                                         .item = 8,
                                                         .dimensions = 1,
                                                         .shape = {TERMS},
                                                         .data = weight}),
                     CUTROPY_OK);
    ck_assert_int_eq(ct_npz_finish(&writer, CUTROPY_OK), CUTROPY_OK);
    ck_assert(!fclose(file));
    cutropy_lattice *lattice = must_lattice("8x8");
    cutropy_problem *tensor = must_problem_on("data:factors=tensor.npz", lattice);
    ck_assert_str_eq(cutropy_problem_text(tensor), "data:factors=tensor.npz");
    cutropy_result *got = must_run(tensor, cuts.masks, cuts.count, NULL, 2, 1),
                   *right = run_all(
                       "data:images=tensor.npy,labels=ones.npy,label=real,scale=16,theta=0.2",
                       &cuts);
    for (size_t i = 0; i < cuts.count; i++) {
        const cutropy_record *a = row_record(got, i), *b = row_record(right, i);
        ck_assert(fabs(a->entropy - b->entropy) < 1e-12 && a->entropy_err < 1e-9);
        ck_assert(a->classes[0] == b->classes[0] && a->rank_lo <= b->rank_hi);
    }
    cutropy_problem *other = must_problem("data:factors=tensor.npz", NULL);
    ck_assert_str_eq(cutropy_problem_lattice(other)->name, "chain:64");
    cutropy_problem_free(other);
    cutropy_lattice_free(lattice);
    lattice = must_lattice("3x3");
    ck_assert_int_eq(cutropy_problem_parse("data:factors=tensor.npz", lattice, &other),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "64 factors, the lattice grid:3x3 has 9 pixels"));
    ck_assert_int_eq(cutropy_problem_parse("data:factors=tensor.npz,theta=1", NULL, &other),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "theta is about images"));
    /* the array that is wrong has its name in the line */
    factor[1] = NAN;
    ck_assert_ptr_nonnull(file = fopen("nan.npz", "wb"));
    writer = ct_npz_start(file);
    ck_assert_int_eq(ct_npz_add(&writer, &(ct_npz_array){.name = "factor_0",
                                                         .type = CT_NPZ_ORDER "f8",
                                                         .item = 8,
                                                         .dimensions = 2,
                                                         .shape = {D, TERMS},
                                                         .data = factor}),
                     CUTROPY_OK);
    ck_assert_int_eq(ct_npz_finish(&writer, CUTROPY_OK), CUTROPY_OK);
    ck_assert(!fclose(file));
    ck_assert_int_eq(cutropy_problem_parse("data:factors=nan.npz", NULL, &other), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "nan.npz:factor_0: entry 1 is not a number"));
    cutropy_result_free(got);
    cutropy_result_free(right);
    cutropy_problem_free(tensor);
    cutropy_lattice_free(lattice);
    cutropy_cuts_free(&cuts);
}
END_TEST

typedef struct bad {
    const char *text, *says;
} bad;

START_TEST(bad_input)
{
    static const unsigned char head[] = {0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 8},
                               few[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 2}, early[] = {0, 0, 8, 3, 0, 0};
    static const bad texts[] = {
        {"data:images=", "images=FILE, or factors=FILE, is missing"},
        {"data:images=none.npy", "none.npy"},
        {"data:images=short.idx", "cut short: 1280 bytes of numbers are announced, 96 are there"},
        {"data:images=early.idx", "cut short"},
        {"data:images=short_folder", "cut short: 4 pixels of 1 bytes are expected"},
        {"data:images=mixed_folder", "1x2 pixels up to 9, the first image has 2x1 up to 9"},
        {"data:images=bare_folder", "a folder without files NAME.pgm or NAME.png"},
        {"data:images=high_folder", "pixel 1 is missing or above 9"},
        {"data:images=words.txt", "neither .npy nor IDX"},
        {"data:images=nan.npy", "entry 3 is not a number (NaN)"},
        {"data:images=two.npy,labels=few.idx,label=onehot", "2 labels for 4 images"},
        {"data:images=two.npy,label=onehot", "label needs labels"},
        {"data:images=two.npy,per_class=2", "per_class needs labels"},
        {"data:images=equal.npy", "all images are equal, a product state"},
        {"data:images=two.npy,first=1", "one image, a product state"},
        {"data:images=two.npy,theta=0", "theta=0 makes all images equal"},
        {"data:images=two.npy,theta=-1", "theta=-1 is negative; give a positive number"},
        {"data:images=two.npy,theta=1e101", "theta=1e+101 is too large; give 1e+100 at most"},
        {"data:images=grey.npy,map=levels", "pixel 2 of image 3 is 3, outside 0..1: give scale="},
        {"data:images=grey.npy", "pixel 2 of image 3 is 3, outside 0..1: give scale="},
        {"data:images=grey.npy,map=poly", "pixel 2 of image 3 is 3, outside 0..1: give scale="},
        {"data:images=digits,map=phase,scale=1", "outside 0..1: give scale="},
        {"data:images=below.npy,scale=2", "pixel 1 of image 0 is -1, outside 0..2: add a number"},
        {"data:images=signed.npy", "integers that are no unsigned bytes: give scale=VALUE"},
        {"data:images=after_folder", "2 bytes after the 4 pixels: one image a file"},
        {"data:images=comment_folder", "6 bytes after the 4 pixels"},
        {"data:images=more_folder", "2 bytes after the 2 pixels"},
        {"data:images=crlf_folder", "not CR (lines end in CR LF"},
        {"data:images=magic_folder", "no PGM file"},
        {"data:images=fifo_folder", "not a regular file"},
        {"data:images=wide.npy", "give scale=VALUE"},
        {"data:images=line.npy", "images have 2 axes"},
        {"data:images=none0.npy", "there is no image in it"},
        {"data:images=digits,label=pm1:12", "no image has the label"},
        {"data:images=digits,label=class:12", "no image is left"},
        {"data:images=digits,label=sevens", "label=sevens is unknown"},
        {"data:images=digits,map=sine", "it can be cos|poly|levels|phase"},
        {"data:images=digits,map=levels,theta=0.3", "theta is of map=cos and map=phase"},
        {"data:images=digits,map=levels,theta=0.5", "theta is of map=cos and map=phase"},
        {"data:images=digits,map=poly,theta=0.5", "theta is of map=cos and map=phase"},
        {"digits:class=3,map=poly,theta=0.5", "theta is of map=cos and map=phase"},
        {"data:images=digits,bins=5", "bins are of map=levels"},
        {"data:images=digits,bins=2", "bins are of map=levels"},
        {"digits:class=3,map=phase,bins=2", "bins are of map=levels"},
        {"data:images=two.npy,labels=four.npy",
         "without label= the labels would change nothing: say label="},
        {"data:images=digits,label_side=a",
         "label_side is of label=onehot and would change nothing"},
        {"data:images=digits,label=real,label_side=both", "label_side is of label=onehot"},
        {"data:images=digits,normalise=no", "normalise=no is of map=poly and would change nothing"},
        {"digits:class=3,map=cos,threshold=4", "threshold is of map=bw and would change nothing"},
        {"data:images=digits,bins=1", "out of range"}};
    const double two[12] = {0, 1, .5, 0, 1, 1, 1, 1, 0, 0, .25, 1},
                 grey[12] = {0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 3}, below[4] = {0, -1, 2, 1},
                 nan[4] = {0, 0, 0, NAN}, equal[6] = {1, 0, 1, 0, 1, 0};
    const uint16_t wide[4] = {0, 300, 2, 5};
    put_npy("two.npy", "<f8", "4, 3", two, sizeof two);
    put_npy("grey.npy", "<f8", "4, 3", grey, sizeof grey);
    put_npy("four.npy", "|u1", "4,", "\1\2\3\4", 4);
    put_npy("below.npy", "<f8", "2, 2", below, sizeof below);
    put_npy("signed.npy", "|i1", "4, 3", two, 12);
    put_npy("nan.npy", "<f8", "2, 2", nan, sizeof nan);
    put_npy("equal.npy", "<f8", "3, 2", equal, sizeof equal);
    put_npy("wide.npy", "<u2", "2, 2", wide, sizeof wide);
    put_npy("line.npy", "<f8", "12,", two, sizeof two);
    put_npy("none0.npy", "<f8", "0, 4", nan, 0);
    put_file("short.idx", head, sizeof head, two, sizeof two);
    put_file("early.idx", early, sizeof early, two, 0);
    put_file("few.idx", few, sizeof few, two, 0);
    static const char *const folders[] = {
        "short_folder",   "mixed_folder", "bare_folder", "high_folder",  "after_folder",
        "comment_folder", "more_folder",  "crlf_folder", "magic_folder", "fifo_folder"};
    for (size_t k = 0; k < sizeof folders / sizeof *folders; k++)
        ck_assert(!mkdir(folders[k], 0777) || errno == EEXIST);
    put_file("short_folder/1.pgm", "P5 2 2 255\nab", 13, NULL, 0);
    put_file("mixed_folder/1.pgm", "P2 2 1 9 4 3", 12, NULL, 0);
    put_file("mixed_folder/2.pgm", "P2 1 2 9 4 3", 12, NULL, 0);
    put_file("bare_folder/1.txt", "", 0, NULL, 0);
    put_file("high_folder/1.pgm", "P2 2 1 9 4 10", 13, NULL, 0);
    put_file("after_folder/1.pgm", "P5 2 2 255\nabcd\nx", 17, NULL, 0);
    put_file("comment_folder/1.pgm", "P5 2 2 255 # hey\nabcd", 21, NULL, 0);
    put_file("more_folder/1.pgm", "P2 2 1 9 4 3 # of\n 2\n", 21, NULL, 0);
    put_file("crlf_folder/1.pgm", "P5\r\n2 2\r\n255\r\nabcd", 18, NULL, 0);
    put_file("magic_folder/1.pgm", "P52 2 255\nabcd", 14, NULL, 0);
    ck_assert(!mkfifo("fifo_folder/1.pgm", 0600) || errno == EEXIST);
    put_file("words.txt", "1 2 3\n", 6, two, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cutropy_problem *problem = NULL;
        const cutropy_status status = cutropy_problem_parse(texts[i].text, NULL, &problem);
        ck_assert_msg(status == CUTROPY_EINPUT || (i == 1 && status == CUTROPY_EIO),
                      "%s: status %d", texts[i].text, (int)status);
        ck_assert_msg(strstr(cutropy_error(), texts[i].says) != NULL, "%s: %s", texts[i].text,
                      cutropy_error());
        ck_assert(problem == NULL);
    }
}
END_TEST

/* 60 x 70 pixels have masks of 66 words; the state of the first two images is known in closed form. */
START_TEST(large_lattice)
{
    enum { LX = 60, LY = 68, N = LX * LY };
    double *x = calloc(2 * N, sizeof *x), error;
    ck_assert(x != NULL);
    for (int i = 0; i < 10; i++)
        x[i] = 0.4; /* image 0: ten pixels of the first row, image 1 dark */
    put_npy("large.npy", "<f8", "2, 68, 60", x, 2 * N * sizeof *x);
    free(x);
    cutropy_problem *problem = must_problem("data:images=large.npy", NULL);
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_cuts cuts = must_cuts("x<5", lattice);
    cutropy_result *got = must_solve(problem, &cuts, NULL);
    /* overlaps g on either side: Schmidt weights of a1 b1 + a2 b2 */
    const double g = pow(cos(M_PI * 0.5 * 0.4), 5), norm = 2 * (1 + g * g),
                 p = (1 + g) * (1 + g) / norm, right = -p * log2(p) - (1 - p) * log2(1 - p);
    error = row_record(got, 0)->entropy_err;
    ck_assert_msg(fabs(row_record(got, 0)->entropy - right) <= error && error < 1e-9,
                  "%.17g, right %.17g, error %.3g", row_record(got, 0)->entropy, right, error);
    cutropy_result_free(got);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* I(A:label) of a pixel, and that it adds up; what has no such label is refused. */
START_TEST(information_of_the_label)
{
    static const char list[] = "label_information,label_entropy,joint_entropy,saturation";
    const uint64_t masks[] = {1u << 20, 0xf0f0f0f, ~UINT64_C(0xf0f0f0f)};
    cutropy_problem *problem =
        must_problem(amount(1, 0) ? "data:images=digits,label=onehot"
                                  : "data:images=digits,label=onehot,first=90",
                     NULL);
    cutropy_result *got = must_run(problem, masks, 3, list, 2, 1);
    const cutropy_row *row = got->rows;
    ck_assert(!amount(1, 0) || fabs(row[0].label[0] - 0.5250547537535821) < 2e-11);
    for (int i = 0; i < 3; i++) {
        ck_assert(row[i].label_err[0] < 1e-7);
        ck_assert(fabs(cutropy_result_entropy(got, i) + row[i].label[1] - row[i].label[2] -
                       row[i].label[0]) < 1e-13);
        ck_assert(row[i].label[1] == row[0].label[1]);
    }
    ck_assert(fabs(row[1].label[0] + row[2].label[0] - 2 * row[1].label[1]) <=
              row[1].label_err[0] + row[2].label_err[0] + 2 * row[1].label_err[1]);
    ck_assert(row[1].label[2] == cutropy_result_entropy(got, 2));
    /* two numbers a pixel and 17 levels of grey: one bit at most */
    ck_assert(fabs(cutropy_result_quantity(got, 0, 3) - cutropy_result_entropy(got, 0)) < 1e-15);
    cutropy_result_free(got);
    cutropy_problem_free(problem);
    cutropy_cuts cuts = cuts_of("half");
    cutropy_options *options = must_options("quantities", list, NULL);
    for (int k = 0; k < 3; k++) {
        static const char *const none[] = {"data:images=digits,label=onehot,label_side=a,first=20",
                                           "data:images=digits,first=20", "digits:class=3"};
        problem = must_problem(none[k], NULL);
        ck_assert_int_eq(cutropy_run(problem, &cuts, options, &got), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "label=onehot, label_side=b"));
        cutropy_problem_free(problem);
    }
    cutropy_cuts_free(&cuts);
    cutropy_options_free(options);
}
END_TEST

/* Nothing reads their images: one line says so. */
START_TEST(what_is_not_served)
{
    cutropy_problem *problem = must_problem("digits:class=3,map=cos", NULL);
    cutropy_problem *same = must_problem("data:images=digits,label=class:3", NULL);
    cutropy_cuts cuts = cuts_of("half");
    cutropy_result *got = NULL;
    double value[2];
    cutropy_options *options = must_options(NULL);
    for (int i = 0; i < 2; i++) {
        got = must_run(i ? same : problem, cuts.masks, 1, NULL, 1, 1);
        value[i] = cutropy_result_entropy(got, 0);
        cutropy_result_free(got);
    }
    ck_assert(value[0] == value[1]);
    ck_assert_int_eq(cutropy_options_set(options, "solver", "enumerate"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_run(problem, &cuts, options, &got), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "solver products serves alone"));
    ck_assert_int_eq(cutropy_options_set(options, "solver", NULL), CUTROPY_OK);
    /* at once, whatever else is asked */
    cutropy_order *order = NULL;
    cutropy_state *state = must_state(problem, options);
    ck_assert_int_eq(cutropy_order_search(state, CUTROPY_ORDER_RANK, 100, options, &order),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "orders need ranks"));
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(same);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("data", texts_of_maps, what_is_no_list_says_why, information_of_the_label,
           what_is_not_served, table_of_values, all_decimals_of_the_table, any_angle,
           black_and_white, levels_are_integers, levels_with_labels, last_place_of_labelled_orders,
           bins_are_exact, forms_of_files, factors_of_a_tensor, bad_input, large_lattice)
