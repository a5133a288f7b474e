/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns of a table can be compared: those that cutropy table writes, by their names. */
#ifndef CT_CHECK_COLUMNS_H
#define CT_CHECK_COLUMNS_H

#include <cutropy/sheet.h>

#include "input/table_csv.h"

typedef enum ct_check_kind {
    CT_CHECK_REAL,    /* a decimal or a fraction */
    CT_CHECK_INTEGER, /* or lo..hi */
    CT_CHECK_LEVELS,  /* 0.5^2;0.25^1 */
    CT_CHECK_FORM     /* a closed form of S */
} ct_check_kind;

typedef struct ct_check_column {
    ct_check_kind kind;
    int value, error; /* columns of the table; error -1: none beside it */
    char stem[56];    /* the name in our tables, without unit: "entropy", "renyi_0.5" */
    bool has_unit;
    int unit;     /* cutropy_base by the name; -1: it does not say */
    bool doubles; /* no number has more digits than a double prints */
} ct_check_column;

typedef struct ct_check_columns {
    size_t count;
    ct_check_column *column;
    cutropy_quantity *quantities; /* what must be computed for them */
    size_t quantity_count, quantity_room;
} ct_check_columns;

/* `entropy_bits`, `entropy_nats`, `entropy` and so for every quantity with a unit; NAME_err is the
 * error of the column NAME right before it, else of the first one of this name. Others are left
 * out. Errors: CUTROPY_EMEMORY. Free also on error. */
cutropy_status ct_check_columns_find(const ct_csv *csv, ct_check_columns *out);
void ct_check_columns_free(ct_check_columns *columns);

#endif
