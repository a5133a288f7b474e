/* SPDX-License-Identifier: Apache-2.0 */
/* Closed forms of others as numbers: "38/27 + 3*log2(3) - (10/27)*log2(5)". */
#ifndef CT_CLOSED_FORM_H
#define CT_CLOSED_FORM_H

#include "base/base.h"

/* The value to 60 digits (or more; every digit right but the last) as a new text; *out = NULL when
 * the text is no sum of fractions and of their products with log2, log or ln of positive integers
 * below 2^64. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_closed_form_value(const char *text, char **out);

#endif
