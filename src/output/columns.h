/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a table, in their fixed order, and the value of any cell. */
#ifndef CT_COLUMNS_H
#define CT_COLUMNS_H

#include <cutropy/output.h>

#include "base/base.h"

typedef enum ct_column_id {
    CT_CUT,
    CT_NA,
    CT_BOUNDARY,
    CT_ENTROPY,
    CT_ENTROPY_ERR,
    CT_GUARANTEE,
    CT_RENYI2,
    CT_RENYI2_ERR,
    CT_RANK,
    CT_CLASSES_A,
    CT_CLASSES_B,
    CT_PURITY,
    CT_PURITY_ERR,
    CT_STANDARD_COLUMNS,
    CT_EXTRA = CT_STANDARD_COLUMNS, /* one of result->quantities */
    CT_CLOSED_FORM,                 /* with digits: S over logarithms of primes */
    CT_RANK_PROOF,                  /* with digits: "3 primes from 288230376151711813" */
    CT_EXTRA_ERR,                   /* the error of a quantity, after it */
    CT_CLASS                        /* of a multi-class problem: the first column */
} ct_column_id;

typedef struct ct_column {
    ct_column_id id;
    size_t quantity; /* CT_EXTRA: index into result->quantities */
    bool by_row;     /* differs between the rows of one record */
    char name[64];   /* with the unit, e.g. "renyi_0.5_bits" */
} ct_column;

typedef struct ct_columns {
    size_t count;
    cutropy_base base;
    ct_column *column;   /* owned */
    int64_t class_label; /* the cells of CT_CLASS */
} ct_columns;

cutropy_status ct_columns_make(const cutropy_result *result, cutropy_base base, ct_columns *out);
/* Puts the column `class` in front. */
cutropy_status ct_columns_add_class(ct_columns *columns);
void ct_columns_free(ct_columns *columns);

typedef enum ct_cell_type {
    CT_CELL_INTEGER,
    CT_CELL_REAL,
    CT_CELL_TEXT,
    CT_CELL_NUMBER_TEXT, /* a number that no double holds */
    CT_CELL_LONG_TEXT,
    CT_CELL_SPECTRUM,
    CT_CELL_SPECTRUM_ERR
} ct_cell_type;

#define CT_CELL_SIZE (2 + CUTROPY_MAX_PIXELS / 4 + 1)

typedef struct ct_cell {
    ct_cell_type type;
    int64_t integer, high;   /* high: the other end of a bracket */
    double real;             /* NaN: the quantity has no value for this cut */
    char text[CT_CELL_SIZE]; /* letters, digits, spaces and ./x*()+- only: never needs quotes */
    const char *long_text;   /* CT_CELL_LONG_TEXT: borrowed from the record */
} ct_cell;

void ct_cell_get(const cutropy_result *result, const ct_columns *columns, size_t column, size_t row,
                 ct_cell *cell);

/* Half a unit of the last place of a decimal, "5e-21"; text needs 24 characters. */
void ct_half_unit(const char *decimal, char *text);

/* Rows whose record is finished. */
bool ct_row_done(const cutropy_result *result, size_t row);

/* "exact", "certified" or "float". */
const char *ct_guarantee_name(cutropy_guarantee guarantee);

#endif
