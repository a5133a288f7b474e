/* SPDX-License-Identifier: Apache-2.0 */
/* Doubles as what they are: integers times powers of two. */
#ifndef CT_DYADIC_H
#define CT_DYADIC_H

#include "base/base.h"
#include "certify/flint.h"

/* The largest e such that every x[i] is an integer times 2^e; 0 when all are zero. x is finite. */
slong ct_lowest_exponent(const double *x, int64_t count);

/* out = x / 2^exponent, an integer by the choice of the exponent. */
void ct_set_dyadic(fmpz_t out, double x, slong exponent);

#endif
