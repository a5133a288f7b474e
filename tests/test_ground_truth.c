/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of data/entropies.csv: entropies to 40 digits, exact purities, ranks and numbers of
 * images. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/support.h"

#define ROWS 62 /* of the file, comments and header apart: a shortened file must not pass */

enum { PROBLEM, LATTICE, CUT, ONES, RANK, PURITY, TR_RHO3, ENTROPY, CLOSED_FORM, FIELDS };

/* Splits at commas; the last field takes the rest. */
static void split(char *line, char *fields[FIELDS])
{
    line[strcspn(line, "\r\n")] = '\0';
    for (int k = 0; k < FIELDS; k++) {
        fields[k] = line;
        char *comma = strchr(line, ',');
        ck_assert_msg(comma || k == FIELDS - 1, "too few fields after %s", fields[0]);
        if (comma && k < FIELDS - 1) {
            *comma = '\0';
            line = comma + 1;
        }
    }
}

/* "links 3x3 open" -> "links:3x3", "chain 9" -> "chain:9". */
static void lattice_name(const char *text, char *out, size_t size)
{
    char kind[16], extent[16], edge[16] = "open";
    int parts = sscanf(text, "%15s %15s %15s", kind, extent, edge);
    ck_assert_int_ge(parts, 2);
    ck_assert_msg(!strcmp(edge, "open") || !strcmp(edge, "torus"), "%s", text);
    snprintf(out, size, "%s:%s%s", kind, extent, strcmp(edge, "torus") ? "" : ":torus");
}

static void check_row(char *fields[FIELDS])
{
    char lattice[64], text[96];
    lattice_name(fields[LATTICE], lattice, sizeof lattice);
    uint64_t mask = strtoull(fields[CUT], NULL, 16);
    cutropy_problem *problem = must_problem(truth_problem(fields[PROBLEM]), lattice);
    for (int symmetry = 0; symmetry < 2; symmetry++) {
        cutropy_result *result = must_run(problem, &mask, 1, "tr_rho3", 1, symmetry);
        const cutropy_record *record = row_record(result, 0);
        long double bits = strtold(fields[ENTROPY], NULL) / logl(2);
        ck_assert_uint_eq(result->ones, strtoull(fields[ONES], NULL, 10));
        ck_assert_str_eq(result->norm, fields[ONES]);
        ck_assert_int_eq(record->rank_lo, atoll(fields[RANK]));
        ck_assert_int_eq(record->rank_hi, atoll(fields[RANK]));
        ct_fraction_format(&record->purity_exact, text, sizeof text);
        ck_assert_str_eq(text, fields[PURITY]);
        ct_fraction_format(&record->tr_rho3_exact, text, sizeof text);
        ck_assert_str_eq(text, fields[TR_RHO3]);
        ck_assert_msg(record->entropy_err >= 0 && record->entropy_err < 1e-11, "err %g",
                      record->entropy_err);
        ck_assert_msg(fabsl(record->entropy - bits) <= record->entropy_err + 1e-18L * bits,
                      "%s %s %s: %.17g bits, not %.20Lg; error estimate %g", fields[PROBLEM],
                      lattice, fields[CUT], record->entropy, bits, record->entropy_err);
        cutropy_result_free(result);
    }
    cutropy_problem_free(problem);
}

START_TEST(every_row)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/entropies.csv", "r");
    char line[1024], *fields[FIELDS];
    int rows = 0, header = 0;
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (!header++) {
            ck_assert(!strncmp(
                line, "problem,lattice,cut,label1_images,rank,purity,tr_rho3,entropy_nats", 66));
            continue;
        }
        split(line, fields);
        check_row(fields);
        rows++;
    }
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(rows, ROWS);
}
END_TEST

CHECK_MAIN("ground_truth", every_row)
