/* SPDX-License-Identifier: Apache-2.0 */
/* Functions and numbers of the caller: those that are asked for in batches, those that are not copied, and
 * what other threads see and do. The references are cutropy_problem_from_values and single cells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/sample.h"
#include "ref/support.h"

/* The CSV of all prefixes; *checksum that of the function. */
static char *table_of(const cutropy_problem *problem, const char *threads, uint64_t *checksum)
{
    cutropy_cuts cuts = must_cuts("prefixes", cutropy_problem_lattice(problem));
    cutropy_result *result = NULL;
    cutropy_options *options = must_options("threads", threads, "backend", "cpu", NULL);
    cutropy_state *state = must_state(problem, options);
    ck_assert_msg(!cutropy_state_run(state, &cuts, options, &result), "%s", cutropy_error());
    *checksum = cutropy_state_checksum(state);
    char *text = must_csv(result);
    cutropy_result_free(result);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    return text;
}

static void must_be_equal(const cutropy_problem *a, const cutropy_problem *b)
{
    uint64_t checksum[2];
    char *text[2] = {table_of(a, "1", &checksum[0]), table_of(b, "2", &checksum[1])};
    ck_assert_uint_eq(checksum[0], checksum[1]);
    ck_assert_str_eq(text[0], text[1]);
    free(text[0]);
    free(text[1]);
}

/* ---- batches ---- */

typedef struct given {
    const char *values;
    size_t bytes;          /* of one */
    uint64_t broken;       /* the batch with this image fails; UINT64_MAX: none does */
    cutropy_status status; /* with that */
    uint64_t images;       /* 2^N */
    int outside;           /* somebody asked for images beyond them, or for none */
} given;

static cutropy_status fill_given(uint64_t first, size_t count, void *out, void *user)
{
    given *g = user;
    if (!count || count > 1 << 16 || first >= g->images || count > g->images - first)
        __atomic_store_n(&g->outside, 1, __ATOMIC_RELAXED);
    memcpy(out, g->values + first * g->bytes, count * g->bytes);
    return g->broken >= first && g->broken - first < count ? g->status : CUTROPY_OK;
}

START_TEST(batches_are_values)
{
    uint64_t seed = 11;
    for (int t = 0; t < TEXTURES; t++)
        for (int pixels = 2; pixels <= amount(10, 7); pixels += t % 2 ? 1 : 3) {
            sample s;
            sample_draw((texture)t, pixels, &seed, &s);
            char name[24];
            snprintf(name, sizeof name, "chain:%d", pixels);
            cutropy_lattice *lattice = must_lattice(name);
            cutropy_problem *values = must_values(lattice, s.kind, s.values), *batches = NULL;
            given g = {s.values,   bytes_of_value(s.kind), UINT64_MAX,
                       CUTROPY_OK, UINT64_C(1) << pixels,  0};
            ck_assert_int_eq(
                cutropy_problem_from_function("values", lattice, s.kind, fill_given, &g, &batches),
                CUTROPY_OK);
            ck_assert_int_eq(cutropy_problem_kind(batches), s.kind);
            must_be_equal(values, batches);
            ck_assert_int_eq(g.outside, 0);
            cutropy_problem_free(values);
            cutropy_problem_free(batches);
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
}
END_TEST

static cutropy_status open_given(const cutropy_lattice *lattice, cutropy_kind kind, given *g,
                                 const char *threads)
{
    cutropy_problem *problem = NULL;
    cutropy_state *state = NULL;
    ck_assert_int_eq(cutropy_problem_from_function("mine", lattice, kind, fill_given, g, &problem),
                     CUTROPY_OK);
    cutropy_options *options = must_options("threads", threads, NULL);
    const cutropy_status status = cutropy_state_open(problem, options, &state);
    ck_assert((state != NULL) == (status == CUTROPY_OK));
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    return status;
}

/* Whatever the thread and the batch: the status of the function is that of the run. */
START_TEST(failures_of_functions)
{
    enum { PIXELS = 17, IMAGES = 1 << PIXELS };
    static const cutropy_status statuses[] = {CUTROPY_EIO, CUTROPY_EMEMORY, CUTROPY_ECANCELLED,
                                              CUTROPY_EUNSUPPORTED};
    cutropy_lattice *lattice = must_lattice("chain:17");
    double *numbers = calloc(IMAGES, sizeof *numbers);
    uint8_t *labels = calloc(IMAGES, 1);
    numbers[5] = 1;
    labels[5] = 1;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        for (int is_real = 0; is_real < 2; is_real++)
            for (int threads = 1; threads <= 2; threads++) {
                given g = {is_real ? (const char *)numbers : (const char *)labels,
                           is_real ? sizeof(double) : 1,
                           IMAGES - 1 - 30000 * i,
                           statuses[i],
                           IMAGES,
                           0};
                const cutropy_kind kind = is_real ? CUTROPY_KIND_REAL : CUTROPY_KIND_LABEL;
                ck_assert_int_eq(open_given(lattice, kind, &g, threads == 1 ? "1" : "2"),
                                 statuses[i]);
                if (statuses[i] != CUTROPY_ECANCELLED)
                    ck_assert_msg(strstr(cutropy_error(), "mine: the function failed") != NULL,
                                  "%s", cutropy_error());
                g.broken = UINT64_MAX;
                ck_assert_int_eq(open_given(lattice, kind, &g, "2"), CUTROPY_OK);
            }
    labels[100000] = 2;
    numbers[100000] = NAN;
    given bad = {(const char *)labels, 1, UINT64_MAX, CUTROPY_OK, IMAGES, 0};
    ck_assert_int_eq(open_given(lattice, CUTROPY_KIND_LABEL, &bad, "2"), CUTROPY_EINPUT);
    ck_assert_str_eq(cutropy_error(), "mine: label 2 of image 100000 is neither 0 nor 1");
    bad = (given){(const char *)numbers, sizeof(double), UINT64_MAX, CUTROPY_OK, IMAGES, 0};
    ck_assert_int_eq(open_given(lattice, CUTROPY_KIND_REAL, &bad, "2"), CUTROPY_EINPUT);
    ck_assert_str_eq(cutropy_error(), "mine: the value of image 100000 is not finite");
    memset(numbers, 0, IMAGES * sizeof *numbers);
    ck_assert_int_eq(open_given(lattice, CUTROPY_KIND_REAL, &bad, "2"), CUTROPY_EINPUT);
    free(numbers);
    free(labels);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- without a copy ---- */

static uint64_t *bits_of(const uint8_t *labels, uint64_t images)
{
    uint64_t *bits = calloc(images / 64 + 1, sizeof *bits);
    for (uint64_t s = 0; s < images; s++)
        bits[s / 64] |= (uint64_t)labels[s] << (s % 64);
    return bits;
}

START_TEST(lent_values_are_values)
{
    uint64_t seed = 13;
    for (int t = 0; t < TEXTURES; t++)
        for (int pixels = 1; pixels <= amount(10, 7); pixels += 1 + t % 2) {
            sample s;
            sample_draw((texture)t, pixels < 2 ? 2 : pixels, &seed, &s);
            char name[24];
            snprintf(name, sizeof name, "chain:%d", s.pixels);
            cutropy_lattice *lattice = must_lattice(name);
            const uint64_t images = UINT64_C(1) << s.pixels;
            uint64_t *bits = s.kind == CUTROPY_KIND_LABEL ? bits_of(s.labels, images) : NULL;
            cutropy_problem *values = must_values(lattice, s.kind, s.values), *lent = NULL;
            ck_assert_int_eq(cutropy_problem_borrow("values", lattice, s.kind,
                                                    bits ? (const void *)bits : s.values, &lent),
                             CUTROPY_OK);
            must_be_equal(values, lent);
            cutropy_problem_free(values);
            cutropy_problem_free(lent);
            cutropy_lattice_free(lattice);
            free(bits);
            sample_free(&s);
        }
}
END_TEST

/* Signed zeros and sizes that the engine scales: the same numbers, and the caller's stay as they are. */
START_TEST(nothing_is_written_to_lent_values)
{
    static const double scales[] = {1, 0x1p-500, 0x1p600, 0x1p-1060};
    enum { PIXELS = 8, IMAGES = 1 << PIXELS };
    cutropy_lattice *lattice = must_lattice("chain:8");
    uint64_t seed = 17;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        for (int zeros = 0; zeros < 2; zeros++) {
            double numbers[2 * IMAGES], before[2 * IMAGES];
            for (int k = 0; k < 2 * IMAGES; k++)
                numbers[k] = k % 5 || !zeros ? (draw_unit(&seed) - 0.5) * scales[i] : -0.0;
            memcpy(before, numbers, sizeof numbers);
            for (int kind = CUTROPY_KIND_REAL; kind <= CUTROPY_KIND_COMPLEX; kind++) {
                cutropy_problem *values = must_values(lattice, (cutropy_kind)kind, numbers),
                                *lent = NULL;
                ck_assert_int_eq(
                    cutropy_problem_borrow("values", lattice, (cutropy_kind)kind, numbers, &lent),
                    CUTROPY_OK);
                must_be_equal(values, lent);
                ck_assert(!memcmp(before, numbers, sizeof numbers));
                cutropy_problem_free(values);
                cutropy_problem_free(lent);
            }
        }
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(refused_values)
{
    cutropy_lattice *lattice = must_lattice("chain:2"), *large = must_lattice("chain:41");
    const uint64_t beyond = 0x11, none = 0;
    const double zeros[4] = {0}, nan_last[4] = {1, 0, 0, NAN};
    const int64_t integers[4] = {0};
    given g = {0};
    cutropy_problem *problem = NULL;
#define REFUSED(call)                                                                              \
    do {                                                                                           \
        ck_assert_int_eq((call), CUTROPY_EINPUT);                                                  \
        ck_assert_ptr_null(problem);                                                               \
    } while (0)
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_LABEL, &beyond, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_LABEL, &none, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_REAL, zeros, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_REAL, nan_last, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_INTEGER, integers, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, CUTROPY_KIND_REAL, NULL, &problem));
    REFUSED(cutropy_problem_borrow("x", lattice, (cutropy_kind)9, nan_last, &problem));
    REFUSED(cutropy_problem_borrow("x", NULL, CUTROPY_KIND_REAL, nan_last, &problem));
    REFUSED(cutropy_problem_borrow("x", large, CUTROPY_KIND_REAL, nan_last, &problem));
    REFUSED(cutropy_problem_borrow("", lattice, CUTROPY_KIND_REAL, nan_last, &problem));
    REFUSED(cutropy_problem_from_function("x", lattice, (cutropy_kind)9, fill_given, &g, &problem));
    REFUSED(cutropy_problem_from_function("x", lattice, CUTROPY_KIND_REAL, NULL, &g, &problem));
    REFUSED(cutropy_problem_from_function("x", large, CUTROPY_KIND_REAL, fill_given, &g, &problem));
    REFUSED(cutropy_problem_from_function("a\nb", lattice, CUTROPY_KIND_REAL, fill_given, &g,
                                          &problem));
#undef REFUSED
    cutropy_lattice_free(lattice);
    cutropy_lattice_free(large);
}
END_TEST

/* ---- seen from outside ---- */

START_TEST(watched_runs)
{
    cutropy_problem *problem = must_problem("random", "4x3");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_watch *watch = NULL;
    char stage[32] = "?", half[3];
    uint64_t done = 7, total = 7;
    cutropy_options *options = must_options(NULL);
    ck_assert_int_eq(cutropy_watch_create(&watch), CUTROPY_OK);
    cutropy_options_set_progress(options, cutropy_watch_progress, watch);
    ck_assert_uint_eq(cutropy_watch_read(watch, stage, sizeof stage, &done, &total), 0);
    ck_assert_str_eq(stage, "");
    ck_assert_uint_eq(done + total, 0);
    cutropy_result *result = must_solve(problem, &cuts, options);
    cutropy_result_free(result);
    ck_assert_uint_eq(cutropy_watch_read(watch, stage, sizeof stage, &done, &total), 4);
    ck_assert_str_eq(stage, "cuts");
    ck_assert_uint_gt(total, 0);
    ck_assert_uint_le(done, total);
    ck_assert_uint_eq(cutropy_watch_read(watch, half, sizeof half, &done, &total), 4);
    ck_assert_str_eq(half, "cu");
    cutropy_watch_stop(watch);
    ck_assert_int_eq(cutropy_run(problem, &cuts, options, &result), CUTROPY_ECANCELLED);
    cutropy_result_free(result);
    cutropy_watch_free(watch);
    cutropy_watch_free(NULL);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* The titles are the first line of csv. */
static void compare_titles(const cutropy_sheet *sheet)
{
    char *text = NULL, titles[1000] = "";
    size_t size = 0, length = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    fclose(file);
    for (int c = 0; c < cutropy_sheet_columns(sheet); c++) {
        const char *error = cutropy_sheet_error_title(sheet, c);
        length +=
            (size_t)snprintf(titles + length, sizeof titles - length, "%s%s%s%s", c ? "," : "",
                             cutropy_sheet_title(sheet, c), *error ? "," : "", error);
    }
    text[strcspn(text, "\n")] = '\0';
    ck_assert_str_eq(text, titles);
    ck_assert_str_eq(cutropy_sheet_title(sheet, -1), "");
    free(text);
}

START_TEST(problems_by_name)
{
    static const char *const keys[] = {"summary", "definition", "source", "known", "lattice"};
    size_t count = 0;
    for (const char *name; (name = cutropy_problem_name(count)) != NULL; count++) {
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            ck_assert_ptr_nonnull(cutropy_problem_about(name, keys[k]));
        ck_assert_ptr_null(cutropy_problem_about(name, "colour"));
    }
    ck_assert_uint_ge(count, 25);
    ck_assert_ptr_null(cutropy_problem_name(count + 7));
    ck_assert_ptr_null(cutropy_problem_about("paritty", "summary"));
    ck_assert_str_eq(cutropy_problem_about("connected", "lattice"), "grid:4x4");
}
END_TEST

/* A column at once holds what its cells hold. */
static void compare_column(const cutropy_sheet *sheet, int column)
{
    const size_t rows = cutropy_sheet_rows(sheet);
    int64_t *lo = calloc(2 * rows, sizeof *lo), *hi = lo + rows, low, high;
    double *values = calloc(2 * rows, sizeof *values), *errors = values + rows, value, error;
    const int integers = cutropy_sheet_integers(sheet, column, lo, hi),
              reals = cutropy_sheet_reals(sheet, column, values, errors);
    const cutropy_column_type type = cutropy_sheet_type(sheet, column);
    ck_assert_int_eq(reals, type == CUTROPY_COLUMN_REAL);
    ck_assert_int_eq(integers, type == CUTROPY_COLUMN_INTEGER || type == CUTROPY_COLUMN_BRACKET ||
                                   type == CUTROPY_COLUMN_FLAG);
    for (size_t row = 0; row < rows; row++) {
        if (!cutropy_sheet_integer(sheet, row, column, &low, &high))
            low = high = integers ? INT64_MIN : 0;
        ck_assert_int_eq(lo[row], low);
        ck_assert_int_eq(hi[row], high);
        if (cutropy_sheet_real(sheet, row, column, &value, &error))
            ck_assert(values[row] == value && errors[row] == error);
        else
            ck_assert(reals ? isnan(values[row]) && isnan(errors[row]) : values[row] == 0);
    }
    free(lo);
    free(values);
}

START_TEST(columns_at_once)
{
    cutropy_problem *problem = must_problem("connected", "3x3");
    cutropy_cuts cuts = must_cuts("pairs", cutropy_problem_lattice(problem));
    cutropy_result *result =
        must_run(problem, cuts.masks, cuts.count, "mutual_information,blocks,rank:1e-8", 1, 1);
    cutropy_ranges *ranges = NULL;
    cutropy_sheet *sheets[2] = {NULL};
    ck_assert_int_eq(cutropy_result_sheet(result, CUTROPY_BASE_NATS, &sheets[0]), CUTROPY_OK);
    ck_assert_int_eq(cutropy_ranges_run(problem, &cuts, NULL, &ranges), CUTROPY_OK);
    ck_assert_int_eq(cutropy_ranges_sheet(ranges, CUTROPY_BASE_BITS, &sheets[1]), CUTROPY_OK);
    for (int k = 0; k < 2; k++) {
        for (int c = 0; c < cutropy_sheet_columns(sheets[k]); c++)
            compare_column(sheets[k], c);
        compare_titles(sheets[k]);
        ck_assert_int_eq(cutropy_sheet_integers(sheets[k], -1, NULL, NULL), 0);
        ck_assert_int_eq(cutropy_sheet_reals(sheets[k], 1000, NULL, NULL), 0);
        cutropy_sheet_free(sheets[k]);
    }
    cutropy_ranges_free(ranges);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* The law of a function that exists is that of the same function by name. */
static char *words_of(cutropy_series *series)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    cutropy_sheet *sheet = NULL;
    ck_assert_msg(!cutropy_series_run(series, NULL), "%s", cutropy_error());
    ck_assert_int_eq(cutropy_series_words(series, file), CUTROPY_OK);
    ck_assert_int_eq(cutropy_series_sheet(series, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    cutropy_sheet_free(sheet);
    fclose(file);
    cutropy_series_free(series);
    return text;
}

START_TEST(series_of_functions)
{
    cutropy_series_options options = CUTROPY_SERIES_OPTIONS;
    const cutropy_problem *const problems[] = {must_problem("loops", "links:2x2:torus"),
                                               must_problem("loops", "links:3x3:torus")};
    cutropy_series *series = NULL;
    char *text[2];
    ck_assert_int_eq(cutropy_series_open_of(problems, 0, &options, &series), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_series_open_of(problems, 2, &options, &series), CUTROPY_OK);
    ck_assert_ptr_eq(cutropy_series_problem(series, 1), problems[1]);
    text[0] = words_of(series);
    options.problem = "loops";
    options.lattices = "links:2x2..3x3:torus";
    ck_assert_int_eq(cutropy_series_open(&options, &series), CUTROPY_OK);
    text[1] = words_of(series);
    ck_assert_str_eq(text[0], text[1]);
    free(text[0]);
    free(text[1]);
    for (int i = 0; i < 2; i++)
        cutropy_problem_free((cutropy_problem *)problems[i]);
}
END_TEST

CHECK_MAIN("callers", batches_are_values, failures_of_functions, lent_values_are_values,
           nothing_is_written_to_lent_values, refused_values, watched_runs, problems_by_name,
           columns_at_once, series_of_functions)
