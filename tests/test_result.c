/* SPDX-License-Identifier: Apache-2.0 */
/* Results as a caller reads them, by the public interface alone, against the cells of the table that
 * the library writes. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"

static cutropy_problem *problem;
static cutropy_cuts cuts;
static cutropy_options *options;
static cutropy_result *result;

static void must(cutropy_status status)
{
    ck_assert_msg(status == CUTROPY_OK, "status %d: %s", (int)status, cutropy_error());
}

static void open_all(const char *problem_text, const char *lattice_text, const char *cuts_text)
{
    cutropy_lattice *lattice = NULL;
    must(cutropy_lattice_parse(lattice_text, &lattice));
    must(cutropy_problem_parse(problem_text, lattice, &problem));
    must(cutropy_cuts_parse(cuts_text, lattice, &cuts));
    must(cutropy_options_create(&options));
    cutropy_lattice_free(lattice);
}

static void close_all(void)
{
    cutropy_result_free(result);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    result = NULL;
}

/* ---- the table ---- */

#define COLUMNS 32
#define CELL 400
static char header[COLUMNS][CELL], cell[COLUMNS][CELL];

static size_t split(const char *line, char (*out)[CELL])
{
    size_t n = 0;
    for (const char *p = line; n < COLUMNS; p++) {
        const size_t length = strcspn(p, ",\n");
        ck_assert_uint_lt(length, CELL);
        memcpy(out[n], p, length);
        out[n++][length] = '\0';
        p += length;
        if (*p != ',')
            break;
    }
    return n;
}

static const char *cell_of(const char *name)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!strcmp(header[i], name))
            return cell[i];
    ck_abort_msg("no column %s", name);
    return NULL;
}

static void same_real(const char *name, double value)
{
    const char *text = cell_of(name);
    if (*text)
        ck_assert_msg(strtod(text, NULL) == value, "%s: %s, not %.17g", name, text, value);
    else
        ck_assert_msg(isnan(value), "%s: empty, not %.17g", name, value);
}

static void same_integer(const char *name, int64_t value)
{
    ck_assert_msg(strtoll(cell_of(name), NULL, 10) == value, "%s: %s, not %lld", name,
                  cell_of(name), (long long)value);
}

/* The next row of the table, which is that of row i. */
static void compare_row(size_t i, size_t quantities)
{
    static const char *const guarantees[] = {"exact", "certified", "float"};
    char text[CELL], name[64];
    int64_t lo, hi;
    cutropy_mask_format(cutropy_result_cuts(result)->masks + i, 1, text, sizeof text);
    ck_assert_str_eq(cell_of("cut"), text);
    same_integer("na", cutropy_result_na(result, i));
    same_integer("boundary", cutropy_result_boundary(result, i));
    ck_assert_str_eq(cell_of("guarantee"), guarantees[cutropy_result_guarantee(result, i)]);
    cutropy_result_rank(result, i, &lo, &hi);
    same_integer("rank", lo);
    ck_assert_int_eq(lo == hi, !strstr(cell_of("rank"), ".."));
    same_integer("classes_a", cutropy_result_classes(result, i, 0));
    same_integer("classes_b", cutropy_result_classes(result, i, 1));
    const char *decimals = cutropy_result_entropy_decimals(result, i, 0);
    if (decimals) {
        ck_assert_str_eq(cell_of("entropy_bits"), decimals);
        ck_assert_str_eq(cell_of("renyi2_bits"), cutropy_result_renyi2_decimals(result, i, 0));
        ck_assert_double_eq_tol(strtod(decimals, NULL), cutropy_result_entropy(result, i), 1e-14);
    } else {
        same_real("entropy_bits", cutropy_result_entropy(result, i));
        same_real("renyi2_bits", cutropy_result_renyi2(result, i));
        same_real("entropy_err", cutropy_result_entropy_error(result, i));
        same_real("renyi2_err", cutropy_result_renyi2_error(result, i));
        same_real("purity_err", cutropy_result_purity_error(result, i));
    }
    const size_t length = cutropy_result_purity_fraction(result, i, text, sizeof text);
    ck_assert_uint_eq(length, strlen(text));
    if (length) {
        char *slash = strchr(text, '/');
        ck_assert_str_eq(cell_of("purity"), text);
        ck_assert_double_eq_tol(strtod(text, NULL) / (slash ? strtod(slash + 1, NULL) : 1),
                                cutropy_result_purity(result, i), 1e-15);
    } else if (!decimals) {
        same_real("purity", cutropy_result_purity(result, i));
    }
    for (size_t q = 0; q < quantities; q++) {
        const cutropy_quantity *quantity = cutropy_result_quantity_asked(result, q);
        cutropy_quantity_name(quantity, name, sizeof name - 5);
        if (cutropy_quantity_has_unit(quantity))
            strcat(name, "_bits");
        const char *proved = cutropy_result_quantity_decimals(result, i, q, 0);
        if (proved)
            ck_assert_str_eq(cell_of(name), proved);
        else
            same_real(name, cutropy_result_quantity(result, i, q));
    }
}

static void compare_all(void)
{
    char *text = NULL;
    size_t size = 0, row = 0;
    FILE *file = open_memstream(&text, &size);
    must(cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, file));
    ck_assert_int_eq(fclose(file), 0);
    const char *line = text;
    memset(header, 0, sizeof header);
    split(line, header);
    for (; row < cutropy_result_rows(result); row++) {
        ck_assert(cutropy_result_done(result, row));
        line = strchr(line, '\n') + 1;
        split(line, cell);
        compare_row(row, cutropy_result_quantities(result));
    }
    ck_assert_str_eq(strchr(line, '\n'), "\n");
    free(text);
}

START_TEST(numbers_are_those_of_the_table)
{
    static const char *const problems[] = {"random:seed=3", "connected", "cnn:channels=2,seed=1",
                                           "rbm:hidden=3,seed=2"};
    static const size_t rows[] = {31, 15};
    for (int k = 0; k < 16; k++) {
        const int pairs = k / 8;
        open_all(problems[k % 4], "3x2", pairs ? "pairs" : "all");
        must(cutropy_options_set(options, "quantities",
                                 pairs ? "mutual_information"
                                       : "renyi:0.5,schmidt_gap,boundary_pixels,blocks"));
        must(cutropy_options_set(options, "certify", k / 4 % 2 ? "yes" : "no"));
        must(cutropy_run(problem, &cuts, options, &result));
        ck_assert(cutropy_result_complete(result));
        ck_assert_uint_eq(cutropy_result_rows(result), rows[pairs]);
        ck_assert_uint_eq(cutropy_result_quantities(result), pairs ? 1 : 4);
        compare_all();
        close_all();
    }
}
END_TEST

/* A pair of pixels by hand: eigenvalues 16/25 and 9/25. */
START_TEST(levels_proofs_and_origin)
{
    char text[64];
    int64_t lo, hi;
    const double amplitudes[] = {3, 0, 0, 4}; /* 3 |00> + 4 |11> */
    cutropy_lattice *lattice = NULL;
    must(cutropy_lattice_parse("chain:2", &lattice));
    must(cutropy_problem_from_values("pair", lattice, CUTROPY_KIND_REAL, amplitudes, &problem));
    must(cutropy_cuts_parse("half", lattice, &cuts));
    must(cutropy_options_create(&options));
    must(cutropy_options_set(options, "quantities", "spectrum"));
    must(cutropy_options_set(options, "certify", "yes"));
    must(cutropy_options_set(options, "threads", "1"));
    must(cutropy_run(problem, &cuts, options, &result));
    ck_assert_uint_eq(cutropy_result_levels(result, 0), 2);
    ck_assert_double_eq_tol(cutropy_result_eigenvalue(result, 0, 0), 0.64, 1e-15);
    ck_assert_double_eq_tol(cutropy_result_eigenvalue(result, 0, 1), 0.36, 1e-15);
    ck_assert_double_lt(cutropy_result_eigenvalue_error(result, 0, 1), 1e-14);
    ck_assert_int_eq(cutropy_result_multiplicity(result, 0, 1), 1);
    ck_assert_ptr_nonnull(strstr(cutropy_result_eigenvalue_decimals(result, 0, 0), "0.64000000"));
    ck_assert_int_eq(strncmp(cutropy_result_entropy_decimals(result, 0, 0), "0.94268318925549", 16),
                     0);
    ck_assert_int_eq(strncmp(cutropy_result_entropy_decimals(result, 0, 1), "0.65341819479370", 16),
                     0);
    cutropy_result_rank(result, 0, &lo, &hi);
    ck_assert_int_eq(lo, 2);
    ck_assert_int_eq(hi, 2);
    ck_assert_uint_eq(cutropy_result_origin(result, "lattice", text, sizeof text), 7);
    ck_assert_str_eq(text, "chain:2");
    ck_assert_uint_eq(cutropy_result_origin(result, "kind", text, 3), 4);
    ck_assert_str_eq(text, "re");
    ck_assert_uint_eq(cutropy_result_origin(result, "threads", text, sizeof text), 1);
    ck_assert_str_eq(text, "1");
    ck_assert_uint_eq(cutropy_result_origin(result, "norm", text, sizeof text), 2);
    ck_assert_str_eq(text, "25");
    ck_assert_uint_eq(cutropy_result_origin(result, "checksum", text, sizeof text), 16);
    ck_assert_uint_eq(cutropy_result_origin(result, "colour", text, sizeof text), 0);
    ck_assert_str_eq(text, "");
    ck_assert_double_ge(cutropy_result_seconds(result, "total"), 0);
    ck_assert(isnan(cutropy_result_seconds(result, "lunch")));
    cutropy_lattice_free(lattice);
    close_all();
}
END_TEST

START_TEST(closed_forms_and_shared_records)
{
    open_all("parity", "2x2", "all");
    must(cutropy_options_set(options, "digits", "30"));
    must(cutropy_run(problem, &cuts, options, &result));
    ck_assert_str_eq(cutropy_result_closed_form(result, 0, 0), "1");
    ck_assert_uint_eq(cutropy_result_record(result, 0), cutropy_result_record(result, 1));
    ck_assert_int_eq(cutropy_result_guarantee(result, 0), CUTROPY_GUARANTEE_EXACT);
    close_all();
}
END_TEST

static int stop_in_cuts(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)done;
    (void)total;
    (void)user;
    return !strcmp(stage, "cuts");
}

START_TEST(rows_that_are_not_done_have_no_numbers)
{
    char text[8] = "?";
    open_all("random:seed=3", "4x3", "all");
    must(cutropy_options_set(options, "symmetry", "no"));
    must(cutropy_options_set(options, "threads", "1"));
    must(cutropy_options_set(options, "quantities", "blocks"));
    cutropy_options_set_progress(options, stop_in_cuts, NULL);
    ck_assert_int_eq(cutropy_run(problem, &cuts, options, &result), CUTROPY_ECANCELLED);
    ck_assert_ptr_nonnull(result);
    ck_assert(!cutropy_result_complete(result));
    const size_t last = cutropy_result_rows(result) - 1;
    ck_assert(!cutropy_result_done(result, last));
    ck_assert(isnan(cutropy_result_entropy(result, last)));
    ck_assert(isnan(cutropy_result_entropy_error(result, last)));
    ck_assert(isnan(cutropy_result_quantity(result, last, 0)));
    ck_assert_uint_eq(cutropy_result_purity_fraction(result, last, text, sizeof text), 0);
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(cutropy_result_levels(result, last), 0);
    ck_assert_ptr_null(cutropy_result_entropy_decimals(result, last, 0));
    close_all();
}
END_TEST

/* Every length of buffer: what fits, a zero byte, the whole length, and nothing beyond. */
START_TEST(texts_fit_their_buffers)
{
    const uint64_t mask[] = {UINT64_C(0x123456789abcdef), 0xfeed, 0};
    const char *whole = "0xfeed0123456789abcdef";
    const cutropy_quantity quantity = {CUTROPY_QUANTITY_RENYI, 0.5};
    for (size_t size = 0; size < 30; size++) {
        char text[32], name[32];
        memset(text, '#', sizeof text);
        memset(name, '#', sizeof name);
        ck_assert_uint_eq(cutropy_mask_format(mask, 3, size ? text : NULL, size), 22);
        ck_assert_uint_eq(cutropy_quantity_name(&quantity, size ? name : NULL, size), 9);
        ck_assert_int_eq(text[size], '#');
        ck_assert_int_eq(name[size], '#');
        if (size) {
            const size_t fits = size - 1 < 22 ? size - 1 : 22;
            ck_assert_uint_eq(strlen(text), fits);
            ck_assert_mem_eq(text, whole, fits);
            ck_assert_mem_eq(name, "renyi_0.5", strlen(name));
        }
    }
}
END_TEST

CHECK_MAIN("result", numbers_are_those_of_the_table, levels_proofs_and_origin,
           closed_forms_and_shared_records, rows_that_are_not_done_have_no_numbers,
           texts_fit_their_buffers)
