/* SPDX-License-Identifier: Apache-2.0 */
/* A table that somebody wrote, computed again and compared.
 *
 *   cutropy_check *check;
 *   cutropy_check_open("published.csv", NULL, &check);
 *   cutropy_check_run(check, NULL);
 *   cutropy_check_words(check, stdout);
 *   if (cutropy_check_summarize(check)->differ) ...
 *   cutropy_check_free(check);
 *
 * Numbers are compared as the decimals that stand in the file, in exact arithmetic, with proved
 * ones of ours: the rules are those of docs/check.md. A table that differs is no error of these
 * functions: its rows say so. */
#ifndef CUTROPY_CHECK_H
#define CUTROPY_CHECK_H

#include <stdio.h>

#include <cutropy/sheet.h>
#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_check_verdict {
    CUTROPY_CHECK_AGREES,  /* within the error that the row states, and ours */
    CUTROPY_CHECK_ROUNDED, /* beyond that, but within the rounding of its own digits */
    CUTROPY_CHECK_DIFFERS
} cutropy_check_verdict;

/* Options (cutropy/status.h). */
typedef struct cutropy_check_options {
    size_t size;
    const char *problem, *lattice; /* NULL: as the table says itself, else the problem's own */
    int unit;                      /* of columns that do not say theirs: a cutropy_base; -1: that of
                                      the first column that does, else bits */
    const char *tolerance; /* a decimal >= 0 that every number is allowed beyond its error */
    int plain; /* 1: compare with floating-point values, which is faster and proves nothing */
} cutropy_check_options;

#define CUTROPY_CHECK_OPTIONS                                                                      \
    {                                                                                              \
        sizeof(cutropy_check_options), NULL, NULL, -1, "0", 0                                      \
    }

typedef struct cutropy_check cutropy_check;

/* Reads the table: CSV, JSON or .npy of cutropy, or any CSV with the column `cut` (hexadecimal masks)
 * and at least one that cutropy writes; which function it is of comes from the options, from the
 * JSON itself, or from an index.json beside the CSV (cutropy/ground_truth.h). options: NULL for
 * the default ones; they are copied. Errors: CUTROPY_EINPUT (no table, no column to compare, a
 * mask outside the lattice, --unit against the name of a column, nobody says the function),
 * CUTROPY_EIO, CUTROPY_EMEMORY; *out is NULL then. */
cutropy_status cutropy_check_open(const char *path, const cutropy_check_options *options,
                                  cutropy_check **out);
void cutropy_check_free(cutropy_check *check); /* NULL is allowed */

/* The function that the table is of; it belongs to the check. */
const cutropy_problem *cutropy_check_problem(const cutropy_check *check);

/* Computes all rows again and compares them. options: as for cutropy_run, NULL for the default
 * ones; quantities, certify and digits are chosen by what stands in the table. Cost: that of
 * cutropy_run over its cuts with certify, and with digits where more of them are printed. Errors:
 * those of cutropy_run, CUTROPY_EINPUT (a cell that is no number, with its line). */
cutropy_status cutropy_check_run(cutropy_check *check, const cutropy_options *options);

/* Of a check that was run. Read only. */
typedef struct cutropy_check_summary {
    size_t rows, agree, rounded, differ; /* rows = agree + rounded + differ */
    double rounded_by; /* the largest difference of those that agree within their rounding */
    size_t left_out;   /* cells with a value where we have none */
    int altered;       /* the file does not have the SHA-256 of the index beside it */
} cutropy_check_summary;

const cutropy_check_summary *cutropy_check_summarize(const cutropy_check *check);

/* One row of the table; the worst cell stands for it: an entropy before another real, that before an integer, then the one that differs
 * most. Read only. */
typedef struct cutropy_checked_row {
    cutropy_check_verdict verdict; /* the worst of its cells */
    double difference;             /* |theirs - ours|: of that cell */
    size_t line;                   /* in a CSV file, from 1; JSON: the number of the row */
    const char *cut;               /* its mask as the table writes it */
    const char *column;            /* of that cell; "": no cell was compared */
    const char *theirs;            /* that cell */
    const char *ours;              /* our value of it, shortened */
    const char *others;            /* names of other columns that differ, with ", " between */
} cutropy_checked_row;

/* Row i < rows, the worst one first: by verdict, by the kind of the cell, by difference, then in the order of the
 * table. It belongs to the check, until that is run again. */
const cutropy_checked_row *cutropy_check_row(const cutropy_check *check, size_t i);

/* "agrees", "agrees within rounding of its own digits", "differs" */
const char *cutropy_check_verdict_name(cutropy_check_verdict verdict);

/* The rows that differ and the summary, one line each: what `cutropy check` prints. Errors:
 * CUTROPY_EIO (errno says why, no message). */
cutropy_status cutropy_check_words(const cutropy_check *check, FILE *file);
/* Every row, the worst one first: line, cut, verdict, difference, column, table, cutropy, others. It
 * lives as long as the check. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_check_sheet(const cutropy_check *check, cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
