/* A table that somebody wrote, ready to be compared: its rows, and which function it is of. */
#ifndef CT_CHECK_TABLE_H
#define CT_CHECK_TABLE_H

#include <cutropy/output.h>

#include "input/table_csv.h"

typedef struct ct_check_table {
    ct_csv csv;              /* all cells as text */
    char *problem, *lattice; /* as the table says itself; NULL: it does not */
    int cut, entropy;        /* columns */
    int error, rank, classes_a, classes_b, purity, na, boundary; /* columns, -1: none */
    bool unit_known;                                             /* by the name of the column */
    cutropy_base unit;
    bool altered; /* the file does not have the SHA-256 of the index beside it */
} ct_check_table;

/* .json: a table of cutropy with its provenance. Anything else: CSV with the columns `cut`
 * (hexadecimal masks) and `entropy`, `entropy_bits` or `entropy_nats`, in any order, others are
 * allowed; an index.json beside it that lists the file tells the problem. Errors: CUTROPY_EINPUT,
 * CUTROPY_EIO, CUTROPY_EMEMORY. Free also on error. */
cutropy_status ct_check_table_read(const char *path, ct_check_table *out);
void ct_check_table_free(ct_check_table *table);

#endif
