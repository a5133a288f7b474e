/* SPDX-License-Identifier: Apache-2.0 */
/* The model of a table: columns, rows, and a function that gives any cell. Whoever makes a sheet
 * fills this struct; every format reads nothing else.
 *
 * Cells are not stored: `cell` looks them up in the result behind the sheet, so that a table of
 * millions of rows costs no memory. */
#ifndef CT_SHEET_H
#define CT_SHEET_H

#include <jansson.h>

#include <cutropy/sheet.h>

#include "sheet/text.h"

#define CT_MASK_SIZE (2 + CUTROPY_MAX_PIXELS / 4 + 1)

typedef struct ct_column {
    char name[48];
    const char *unit; /* borrowed; "": none */
    cutropy_column_type type;
    bool has_error;  /* REAL, LIST: another column NAME_err follows */
    bool by_row;     /* differs between the rows of one group */
    bool plain;      /* TEXT: letters, digits, spaces and ./x*()+- only: never needs quotes */
    bool quoted;     /* TEXT: in quotes in csv, whatever it holds */
    int width;       /* TEXT: at least as many characters in .npy */
    int tag;         /* what the maker likes */
    char title[64];  /* of csv: NAME_UNIT; ct_sheet_column makes both */
    char second[64]; /* REAL, LIST: NAME_err; BRACKET: NAME_hi, in .npy */
} ct_column;

/* The value of a cell; `cell` finds it cleared but for the rooms. */
typedef struct ct_cell {
    bool missing;
    int64_t integer, high;  /* INTEGER, FLAG: equal; BRACKET: the ends */
    double real, error;     /* REAL; NaN: no value */
    const char *text;       /* TEXT, or an exact REAL; NULL: none */
    const char *error_text; /* REAL: its error as text, beside `text` */
    size_t levels;          /* LIST */
    const double *level;
    const double *level_err; /* NULL: not known */
    char *const *decimal;    /* proved ones in place of the doubles; NULL: none */
    const int64_t *multiplicity;
    char room[CT_MASK_SIZE], error_room[24]; /* for texts that are made */
} ct_cell;

/* A member of the JSON document. */
typedef struct ct_origin {
    const char *key; /* borrowed */
    char *value;     /* JSON; from malloc */
} ct_origin;
#define CT_ORIGINS 32

/* Fills the cell of a row and column. */
typedef void ct_cell_maker(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell);

struct cutropy_sheet {
    size_t rows, columns;
    ct_column *column;
    ct_cell_maker *cell;
    double unit; /* of one bit, where cells are counted in bits */
    /* Rows of one group have equal cells where a column is not by_row; NULL: each row is its own. */
    uint64_t (*group)(const cutropy_sheet *sheet, size_t row);
    size_t groups;
    const void *of;      /* what the sheet is about; borrowed */
    void *own;           /* of the maker; ct_free */
    char partial[96];    /* "12 of 30 cuts"; "": it is whole */
    const char *not_npy; /* why it has no .npy; NULL: it has */
    /* Where numbers come from: before the rows of JSON, and from origin_after on behind them. */
    size_t origins, origin_after;
    ct_origin origin[CT_ORIGINS];
    char *(*document)(const cutropy_sheet *sheet); /* the whole of JSON, from malloc, where a table
                                                      cannot hold it; NULL: as every sheet */
    bool lines;  /* JSON: every name of a column on a line of its own */
    bool arrays; /* JSON: rows are [..], not {..} */
    /* A table of several parts: more rows with the same columns. In JSON an array of documents. */
    bool is_list;
    size_t parts_missing; /* that the run did not come to */
    cutropy_sheet *next;  /* owned */
    bool failed;          /* memory ran out: ct_sheet_finish says so */
};

/* *out NULL on error. room: columns that will be added. */
cutropy_status ct_sheet_make(size_t room, cutropy_sheet **out);
/* The next column, with its titles. */
ct_column *ct_sheet_column(cutropy_sheet *sheet, const char *name, const char *unit,
                           cutropy_column_type type);
/* Several of them, their names and what they are. */
typedef struct ct_column_words {
    const char *name;
    cutropy_column_type type;
    int is; /* sum of: */
} ct_column_words;
enum { CT_HAS_UNIT = 1, CT_HAS_ERROR = 2, CT_PLAIN = 4 };
void ct_sheet_columns(cutropy_sheet *sheet, const ct_column_words *words, size_t count,
                      const char *unit);
/* ct_sheet_make with all columns (CT_COLUMNS(array)), in bits or nats where they have a unit. */
#define CT_COLUMNS(words) (words), sizeof(words) / sizeof *(words)
cutropy_status ct_sheet_start(const ct_column_words *words, size_t count, cutropy_base base,
                              const void *of, size_t rows, ct_cell_maker *cell,
                              cutropy_sheet **out);
/* The next members of JSON; value is given away (NULL: memory ran out). */
void ct_sheet_origin(cutropy_sheet *sheet, const char *key, json_t *value);
/* A text as JSON; bytes that are not UTF-8 become '?'. NULL when memory runs out. */
json_t *ct_json_text(const char *text);
/* null: not finite, which JSON has no numbers for. */
json_t *ct_json_real(double value);
/* The next item of *array, which goes and becomes NULL when memory runs out (value NULL included: it is given away). */
void ct_json_append(json_t **array, json_t *value);
/* Where the numbers of a run come from: problem, lattice, kind and so on; table: all that its own
 * table says. */
void ct_sheet_origins(cutropy_sheet *sheet, const cutropy_result *result, cutropy_base base,
                      bool table);
/* status, or the failure that was remembered; frees and clears *sheet on failure. */
cutropy_status ct_sheet_finish(cutropy_status status, cutropy_sheet **sheet);

/* The cell of a row of this part. */
void ct_sheet_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell);
/* The cells of texts: a mask in hexadecimal; "3..5". */
void ct_cell_mask(ct_cell *cell, const cutropy_cuts *cuts, size_t row);
void ct_cell_integer(ct_cell *cell, int64_t value);
/* value + 0.0: there is no "-0". */
void ct_cell_real(ct_cell *cell, double value, double error);
/* A number of bits in a unit, 1 or M_LN2; in nats the error is also that of ln 2 and of both products, which an exact number of bits
 * has too. */
double ct_unit_of(cutropy_base base);
double ct_bits_error(double bits, double error, double unit);
void ct_cell_bits(ct_cell *cell, double bits, double error, double unit);

/* The value of a cell in csv or JSON, and its error. */
void ct_cell_value(const ct_column *column, const ct_cell *cell, bool json, ct_text *out);
void ct_cell_error(const ct_column *column, const ct_cell *cell, bool json, ct_text *out);

/* "1.9043893650723(28)": value with error in units of its last digit, rounded up, the rounding of
 * the value included; text needs CT_BRACKETED_SIZE. */
#define CT_BRACKETED_SIZE 64
void ct_bracketed(double value, double error, char *text);

/* The words of --format and the endings of their files, as help and messages say them. */
#define CT_FORMAT_WORDS "csv, json, npy, text, markdown or latex"
#define CT_FORMAT_ENDINGS ".csv, .json, .npy, .txt, .md, .tex"

/* The formats; CUTROPY_EIO comes without a message: errno says why. */
cutropy_status ct_write_csv(const cutropy_sheet *sheet, FILE *file);
cutropy_status ct_write_json(const cutropy_sheet *sheet, FILE *file);
cutropy_status ct_write_npy(const cutropy_sheet *sheet, FILE *file);
cutropy_status ct_write_aligned(const cutropy_sheet *sheet, cutropy_format format, FILE *file);
/* Every row of this part: lines of csv, or the members of a JSON array. */
cutropy_status ct_write_rows(const cutropy_sheet *sheet, bool json, FILE *file);
/* Any of them, in the C locale, flushed. */
cutropy_status ct_write_sheet(const cutropy_sheet *sheet, cutropy_format format, FILE *file);
/* fwrite that answers CUTROPY_EIO (errno says why). */
cutropy_status ct_write_bytes(FILE *file, const void *bytes, size_t length);

/* Half a unit of the last place of a decimal, "5e-21"; text needs 24 characters. */
void ct_half_unit(const char *decimal, char *text);
/* "exact", "certified", "float" or "bracket". */
const char *ct_guarantee_name(cutropy_guarantee guarantee);
/* The number of finished rows. */
size_t ct_rows_done(const cutropy_result *result);

#endif
