/* The rows of a table against a run of the same cuts. */
#ifndef CT_CHECK_ROWS_H
#define CT_CHECK_ROWS_H

#include "cli/check_table.h"

typedef enum ct_verdict {
    CT_AGREES,     /* within the error that the row states (and ours) */
    CT_AS_PRINTED, /* states no error: within a unit of its last place (and our error) */
    CT_WRONG
} ct_verdict;

typedef struct ct_checked_row {
    ct_verdict verdict;
    char ours[64];     /* our entropy, shortened */
    double difference; /* |theirs - ours|, for reading */
    char detail[96];   /* what else is wrong, "" if nothing */
} ct_checked_row;

/* Row i of the table is row i of the result. tolerance: added to what a row is allowed, as text,
 * "0". Errors: CUTROPY_EINPUT (a cell that is no number, with its line), CUTROPY_EMEMORY. */
cutropy_status ct_check_row(const char *path, const ct_check_table *table, cutropy_base unit,
                            const char *tolerance, const cutropy_result *result, size_t row,
                            ct_checked_row *out);

/* The decimals of an entropy whose error is half a unit of its last place: it claims to be rounded
 * correctly; -2: it does not. */
int ct_rounded_decimals(const char *entropy, const char *error);

const char *ct_verdict_name(ct_verdict verdict);

#endif
