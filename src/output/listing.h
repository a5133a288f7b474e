/* SPDX-License-Identifier: Apache-2.0 */
/* A table that is built cell by cell, as CSV or as JSON with its origin. */
#ifndef CT_LISTING_H
#define CT_LISTING_H

#include <locale.h>
#include <stdio.h>

#include <cutropy/output.h>

#include "output/text.h"

typedef struct ct_listing {
    bool json;
    const char *const *names; /* columns of them */
    size_t columns, column, rows;
    ct_text text;
    FILE *file;
    cutropy_status status; /* the first write that failed */
    locale_t plain, before;
} ct_listing;

/* The header: CSV names, or a JSON object with version, problem, lattice, checksum and so on of
 * `result`. names live until ct_listing_close. Errors: CUTROPY_EINPUT (.npy), CUTROPY_EMEMORY. */
cutropy_status ct_listing_open(ct_listing *listing, cutropy_format format, cutropy_base base,
                               const cutropy_result *result, const char *const *names,
                               size_t columns, FILE *file);
/* The next cell; the row ends with the last column. Text must not hold commas (CSV has no quotes).
 */
void ct_listing_text(ct_listing *listing, const char *text);
void ct_listing_integer(ct_listing *listing, int64_t value);
void ct_listing_real(ct_listing *listing, double value); /* 17 digits */
void ct_listing_none(ct_listing *listing);               /* an empty cell, null */
/* complete: 0 when rows are missing. Frees everything. Errors: CUTROPY_EIO (errno says why),
 * CUTROPY_EMEMORY. To be called after a successful open only. */
cutropy_status ct_listing_close(ct_listing *listing, int complete);

#endif
