/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals of a spectrum of 2^bits equal levels, of any size. */
#ifndef CT_FLAT_H
#define CT_FLAT_H

#include "certify/digits.h"

/* Any Renyi entropy: bits, or bits log 2. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_flat_entropy(int bits, ct_unit unit, int decimals, ct_decimal *out);
/* The same in closed form, "95" or "95*log(2)", as ct_algebra_closed_form writes it. */
cutropy_status ct_flat_closed_form(int bits, ct_unit unit, char **out);
/* 1 - kept / 2^bits, kept a whole number from 0 to 2^bits; kept = 2^bits - 1 is one level. */
cutropy_status ct_flat_discarded(int bits, double kept, int decimals, ct_decimal *out);
/* One level, 2^-bits. */
cutropy_status ct_flat_level(int bits, int decimals, ct_decimal *out);

#endif
