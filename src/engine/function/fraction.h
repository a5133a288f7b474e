/* SPDX-License-Identifier: Apache-2.0 */
/* Exact non-negative fractions of a record, of any size. */
#ifndef CT_FRACTION_H
#define CT_FRACTION_H

#include "base/big.h"

/* p/q in lowest terms, 128-bit little-endian halves; all 0: not available. */
typedef struct cutropy_fraction {
    uint64_t p[2], q[2];
    char *
        text; /* "p/q" where p or q takes more than 128 bits, and then nothing else; NULL otherwise */
} cutropy_fraction;

/* q > 0 */
void ct_fraction_make(ct_u128 p, ct_u128 q, cutropy_fraction *out);
/* q > 0; free with ct_fraction_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_fraction_make_big(const ct_big *p, const ct_big *q, cutropy_fraction *out);
void ct_fraction_free(cutropy_fraction *fraction);

bool ct_fraction_is_known(const cutropy_fraction *fraction);
bool ct_fraction_same(const cutropy_fraction *a, const cutropy_fraction *b);
/* "p/q", or "p" when q = 1: as snprintf does it; 79 characters suffice where text is NULL. */
size_t ct_fraction_format(const cutropy_fraction *fraction, char *buffer, size_t size);

#endif
