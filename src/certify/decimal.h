/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal numbers and fractions as texts, compared exactly. */
#ifndef CT_DECIMAL_H
#define CT_DECIMAL_H

#include "base/base.h"

#define CT_NUMBER_LONGEST 4096 /* characters; exponents are at most this, too */

/* "12", "-0.25", "3.5e-21", "157/729"; spaces are not allowed. */
bool ct_number_is_valid(const char *text);

/* |a - b| <= the sum of the radii, exactly; all texts are valid. Also writes |a - b| as a double
 * (for messages only) when difference is not NULL. Errors: CUTROPY_EINPUT (an invalid text),
 * CUTROPY_EMEMORY. */
cutropy_status ct_numbers_agree(const char *a, const char *b, const char *const *radius,
                                size_t radii, bool *agree, double *difference);

/* The sign of a - b, exactly. Errors: as above. */
cutropy_status ct_number_compare(const char *a, const char *b, int *sign);

/* a + b - c of three decimals of as many places (no exponents), exactly, as text. Errors:
 * CUTROPY_EINPUT, CUTROPY_EMEMORY.
 */
cutropy_status ct_decimals_combine(const char *a, const char *b, const char *c, char **out);

/* One unit of the last place of a decimal, as text: "1e-17" of "0.25000000000000000"; "0" of a
 * fraction, "1" of an integer. unit needs 32 characters. */
void ct_number_last_place(const char *text, char *unit);
/* Digits behind the point, counting the exponent; 0 for integers and fractions. */
int ct_number_decimals(const char *text);

#endif
