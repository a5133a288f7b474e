/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of rationals, for the files of src/certify. */
#ifndef CT_RATIONALS_H
#define CT_RATIONALS_H

#include "base/base.h"
#include "certify/flint.h"

/* Rows of rationals: numerators over one denominator each. */
typedef struct ct_rationals {
    int32_t rows;
    size_t *start; /* rows + 1 */
    int32_t *column;
    fmpz *numerator, *denominator;
    size_t count, column_room, numerator_room;
} ct_rationals;

/* So many rows, to be filled one after the other. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_rationals_start(int32_t rows, ct_rationals *out);
/* A cleared numerator at the end. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_rationals_add(ct_rationals *r, int32_t column);
void ct_rationals_free(ct_rationals *r);

#endif
