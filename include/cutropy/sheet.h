/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets: every result as one table of typed columns, and six formats that write it.
 *
 *   cutropy_sheet *sheet;
 *   cutropy_result_sheet(result, CUTROPY_BASE_BITS, &sheet);
 *   cutropy_sheet_save(sheet, CUTROPY_FORMAT_CSV, "table.csv");
 *   int column = cutropy_sheet_find(sheet, "entropy");
 *   double entropy, error;
 *   for (size_t row = 0; row < cutropy_sheet_rows(sheet); row++)
 *       if (cutropy_sheet_real(sheet, row, column, &entropy, &error))
 *           use(entropy, error);
 *   cutropy_sheet_free(sheet);
 *
 * A sheet looks at the result that it was made of, which has to live as long. Its rows are those that
 * are finished, in the order of the cuts. A real number has its error beside it, in the same cell and
 * unit; a missing cell means that the number is not known, or has no value for this row.
 *
 *   format    a real number             a bracket     missing
 *   csv       two columns NAME_UNIT,    3..5          empty
 *             NAME_err, 17 digits
 *   json      the same, with the        "3..5"        null
 *             origin of the numbers
 *   npy       the same as doubles       NAME,         NaN, INT64_MIN
 *                                       NAME_hi
 *   text      1.9043893650723(28): the  3..5          -
 *   markdown  error in units of the     3..5          -
 *   latex     last digit, rounded up    3..5          --
 *
 * Exact numbers (fractions p/q, proved decimals) stand in full but for .npy, which has doubles with
 * the error of their rounding. Cost: a pass over the cells, two for npy, text, markdown and latex;
 * what rows share is formatted once. */
#ifndef CUTROPY_SHEET_H
#define CUTROPY_SHEET_H

#include <stdio.h>

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_format {
    CUTROPY_FORMAT_CSV,
    CUTROPY_FORMAT_JSON,
    CUTROPY_FORMAT_NPY,
    CUTROPY_FORMAT_TEXT,     /* aligned, for terminals */
    CUTROPY_FORMAT_MARKDOWN, /* a pipe table */
    CUTROPY_FORMAT_LATEX     /* a tabular with the rules of booktabs */
} cutropy_format;
typedef enum cutropy_base { CUTROPY_BASE_BITS, CUTROPY_BASE_NATS } cutropy_base;

/* "csv", "json", "npy", "text", "markdown", "latex", or the ending of a file: "txt", "md", "tex".
 * 0: none of them, and *out stays. */
int cutropy_format_named(const char *name, cutropy_format *out);

typedef enum cutropy_column_type {
    CUTROPY_COLUMN_INTEGER,
    CUTROPY_COLUMN_BRACKET, /* an integer that is known to lie in lo..hi */
    CUTROPY_COLUMN_REAL,
    CUTROPY_COLUMN_TEXT,
    CUTROPY_COLUMN_FLAG, /* 0 or 1 */
    CUTROPY_COLUMN_LIST  /* eigenvalues with multiplicities, "0.5^2;0.25^1" */
} cutropy_column_type;

typedef struct cutropy_sheet cutropy_sheet;

/* The rows of a run: cut, na, boundary, entropy, guarantee, renyi2, rank, classes_a, classes_b,
 * purity, with digits closed_form and rank_proof, then the quantities that were asked for.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_result_sheet(const cutropy_result *result, cutropy_base base,
                                    cutropy_sheet **out);
/* One row about all of them: cuts, entropy_mean, entropy_least, entropy_largest, purity_mean, meyer_wallach (2 (1 - purity_mean), D. A.
 * Meyer, N. R. Wallach, J. Math. Phys. 43, 4273 (2002); where the cuts are all single pixels, of two levels), guarantee of the weakest. Errors: CUTROPY_EINPUT (a cut
 * without numbers), CUTROPY_EMEMORY. */
cutropy_status cutropy_summary_sheet(const cutropy_result *result, cutropy_base base,
                                     cutropy_sheet **out);
void cutropy_sheet_free(cutropy_sheet *sheet);

size_t cutropy_sheet_rows(const cutropy_sheet *sheet);
int cutropy_sheet_columns(const cutropy_sheet *sheet);
/* "entropy", without its unit. It lives as long as the sheet. */
const char *cutropy_sheet_name(const cutropy_sheet *sheet, int column);
/* "bits", "nats" or "". */
const char *cutropy_sheet_unit(const cutropy_sheet *sheet, int column);
/* The name of its column in csv, with the unit: "entropy_bits". */
const char *cutropy_sheet_title(const cutropy_sheet *sheet, int column);
/* That of its errors: "entropy_err"; "": it has none. */
const char *cutropy_sheet_error_title(const cutropy_sheet *sheet, int column);
cutropy_column_type cutropy_sheet_type(const cutropy_sheet *sheet, int column);
/* The column of that name; -1: there is none. */
int cutropy_sheet_find(const cutropy_sheet *sheet, const char *name);
/* "12 of 30 cuts" where the run was stopped; "": nothing is missing. */
const char *cutropy_sheet_partial(const cutropy_sheet *sheet);

/* Each returns 0, and changes nothing, where the cell is missing or of another type. lo = hi but in
 * brackets; a flag is 0 or 1. error: 0 where the number is exact or its column has none. */
int cutropy_sheet_integer(const cutropy_sheet *sheet, size_t row, int column, int64_t *lo,
                          int64_t *hi);
int cutropy_sheet_real(const cutropy_sheet *sheet, size_t row, int column, double *value,
                       double *error);
/* Any cell as it stands in csv, without its error, cut off after size - 1 bytes like snprintf. Returns its whole length, -1 where memory
 * runs out. */
int cutropy_sheet_text(const cutropy_sheet *sheet, size_t row, int column, char *text, size_t size);

/* A whole column at once, with room for cutropy_sheet_rows numbers in each array: integers, brackets
 * and flags; reals with their errors. Where a cell is missing INT64_MIN, NaN. 0, and nothing changes, where
 * the column is of another type. */
int cutropy_sheet_integers(const cutropy_sheet *sheet, int column, int64_t *lo, int64_t *hi);
int cutropy_sheet_reals(const cutropy_sheet *sheet, int column, double *values, double *errors);

/* Errors: CUTROPY_EIO (errno says why), CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (lists and proved
 * decimals in .npy). */
cutropy_status cutropy_sheet_write(const cutropy_sheet *sheet, cutropy_format format, FILE *file);

/* The same into a file that appears whole or not at all. A sheet that is not complete goes to
 * PATH.partial, and PATH is left alone; it says so itself (a first line "# partial: 12 of 30 cuts",
 * "complete": false, a title of the .npy field cut). Written beside PATH, flushed, then renamed. A
 * symbolic link stays a link; devices and pipes are written directly. On failure an existing file is
 * untouched. */
cutropy_status cutropy_sheet_save(const cutropy_sheet *sheet, cutropy_format format,
                                  const char *path);

/* Fails now if cutropy_sheet_save could not create a file at PATH: ask before a long run. Changes
 * nothing. */
cutropy_status cutropy_save_check(const char *path);

/* cutropy_result_sheet and cutropy_sheet_write, cutropy_sheet_save at once. */
cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file);
cutropy_status cutropy_save(const cutropy_result *result, cutropy_format format, cutropy_base base,
                            const char *path);

#ifdef __cplusplus
}
#endif
#endif
