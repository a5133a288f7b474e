/* SPDX-License-Identifier: Apache-2.0 */
/* What a check of a table consists of. */
#ifndef CT_CHECK_H
#define CT_CHECK_H

#include <cutropy/check.h>

#include "analysis/check/check_rows.h"

struct cutropy_check {
    char *path, *tolerance;
    bool plain;
    ct_check_table table;
    cutropy_base unit; /* of columns that do not say theirs */
    cutropy_problem *problem;
    cutropy_cuts cuts;          /* one a row of the table */
    ct_checked_row *rows;       /* in the order of the table; NULL before it was run */
    cutropy_checked_row *shown; /* the same, the worst first */
    cutropy_check_summary summary;
};

#endif
