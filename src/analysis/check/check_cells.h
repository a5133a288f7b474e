/* SPDX-License-Identifier: Apache-2.0 */
/* One cell of a table against ours. Numbers are compared as the decimals that stand there, in exact
 * arithmetic: 40 digits count as 40. */
#ifndef CT_CHECK_CELLS_H
#define CT_CHECK_CELLS_H

#include <cutropy/check.h>

#include "base/base.h"

typedef struct ct_comparison {
    cutropy_check_verdict verdict;
    double difference; /* |theirs - ours|, for reading */
} ct_comparison;

typedef struct ct_their_number {
    const char *text, *error; /* error "": none is stated, or none that can be used */
    bool doubles;             /* the digits of a double at most */
} ct_their_number;

typedef struct ct_our_number {
    const char *text, *radius;
} ct_our_number;

/* All texts are valid numbers. tolerance: allowed beyond, "0". What a number without an error may be
 * off by its own rounding: one unit of its last place, and 1e-14 (1e-13 from 10 on, and so on) for
 * those of doubles; an integer without a point is that integer. Two decimals that are both rounded
 * correctly to the same place (error: half a unit of it) are equal or differ. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_compare_numbers(const ct_their_number *theirs, const ct_our_number *ours,
                                  const char *tolerance, ct_comparison *out);

/* "5" or "3..7" on both sides, where neither need be settled: they agree when they overlap.
 * Errors: CUTROPY_EINPUT (theirs is neither). */
cutropy_status ct_compare_integers(const char *theirs, const char *ours, ct_comparison *out);

/* Spectra as "0.5^2;0.25^1", largest first, and errors "1e-17;1e-17" ("": none). Levels are matched
 * by their multiplicities, wherever either side splits them; what only one side has is compared
 * with 0. Errors: CUTROPY_EINPUT (theirs is no spectrum), CUTROPY_EMEMORY. */
cutropy_status ct_compare_levels(const ct_their_number *theirs, const ct_our_number *ours,
                                 const char *tolerance, ct_comparison *out);

/* An error that says something: a number >= 0. */
bool ct_error_is_valid(const char *text);

/* The decimals of a number whose error is half a unit of its last place: it claims to be rounded
 * correctly; -2: it does not. */
int ct_rounded_decimals(const char *number, const char *error);

#endif
