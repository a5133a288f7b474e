/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a table against a run of the same cuts. */
#ifndef CT_CHECK_ROWS_H
#define CT_CHECK_ROWS_H

#include "analysis/check/check_cells.h"
#include "analysis/check/check_table.h"
#include "sheet/sheet.h"

/* Differences of unlike numbers are no one's measure: entropies count before other reals, and these before integers. */
typedef enum ct_check_weight {
    CT_CHECK_COUNTS, /* ranks, classes */
    CT_CHECK_PLAIN,  /* purities, levels */
    CT_CHECK_ENTROPY /* whatever has a unit */
} ct_check_weight;

typedef struct ct_checked_row {
    cutropy_check_verdict verdict; /* the worst of its cells */
    ct_check_weight weight;        /* the heaviest of the cells with that verdict */
    double difference;             /* the largest of those cells */
    int column;                    /* the cell of that difference; -1: nothing was compared */
    char ours[64];                 /* what stands there in our table, shortened */
    char others[96];               /* names of the other columns that differ, "" if none do */
} ct_checked_row;

bool ct_check_is_worse(const ct_checked_row *x, const ct_checked_row *y);

/* What the rows are compared with. */
typedef struct ct_check_against {
    const char *path; /* of the table, for messages */
    const ct_check_table *table;
    cutropy_base unit;     /* of columns that do not say theirs */
    const char *tolerance; /* added to what a number is allowed, "0" */
    const cutropy_result *result;
    int pixels;
    cutropy_sheet *sheet[2]; /* our table, in bits and nats; owned */
} ct_check_against;

/* Sets the sheets from result. Errors: CUTROPY_EMEMORY. Free also on error. */
cutropy_status ct_check_against_open(ct_check_against *against);
void ct_check_against_close(ct_check_against *against);

/* Row `row` of the table is row `row` of the result. *left_out counts cells with a value that we do
 * not know. Errors: CUTROPY_EINPUT (a cell that is no number, with its line), CUTROPY_EMEMORY. */
cutropy_status ct_check_row(const ct_check_against *against, size_t row, ct_checked_row *out,
                            size_t *left_out);

#endif
