/* SPDX-License-Identifier: Apache-2.0 */
/* A table that somebody wrote, ready to be compared: its rows, and which function it is of. */
#ifndef CT_CHECK_TABLE_H
#define CT_CHECK_TABLE_H

#include "analysis/check/check_columns.h"

typedef struct ct_check_table {
    ct_csv csv;              /* all cells as text */
    char *problem, *lattice; /* as the table says itself; NULL: it does not */
    int cut;                 /* column */
    ct_check_columns columns;
    int unit; /* cutropy_base of the first column that says it; -1: none does */
    bool
        classes; /* it counts equal rows: amplitudes were enumerated, and its proofs are of those doubles, not of the function (theorem 23) */
    bool weighted; /* automata with weights made it, as it says */
    bool altered;  /* the file does not have the SHA-256 of the index beside it */
} ct_check_table;

/* A JSON table of cutropy with its provenance, or CSV with the column `cut` (hexadecimal masks) and
 * at least one that can be compared, in any order, others are allowed; an index.json beside it that
 * lists the file tells the problem. Errors: CUTROPY_EINPUT,
 * CUTROPY_EIO, CUTROPY_EMEMORY. Free also on error. */
cutropy_status ct_check_table_read(const char *path, ct_check_table *out);
/* The cells of any table that this program wrote, CSV, JSON or .npy, whatever its columns are; cut and columns stay empty. The same errors. */
cutropy_status ct_table_file_read(const char *path, ct_check_table *out);
void ct_check_table_free(ct_check_table *table);

#endif
