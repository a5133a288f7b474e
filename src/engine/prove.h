/* SPDX-License-Identifier: Apache-2.0 */
/* What --digits and --certify add to a record: decimals, closed forms, exact ranks and fractions. */
#ifndef CT_PROVE_H
#define CT_PROVE_H

#include <cutropy/result.h>

#include "engine/prove_wish.h"
#include "engine/spectrum.h"

/* Whether closed forms are likely: all levels of the finished spectrum look like integers / T, or
 * they are few. */
bool ct_prove_closed(const ct_function *f, const ct_spectrum *s);

/* Fills record->exact and, from what was proved, the doubles of the record with their radii, its
 * guarantee and its rank. A number of which nothing is proved, or less than its plain error says,
 * stays as it is, and the guarantee of the row is CUTROPY_GUARANTEE_FLOAT. q, blocks: NULL for an
 * empty or full cut. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EINTERNAL,
 * CUTROPY_ECANCELLED. */
cutropy_status ct_prove_cut(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                            bool closed, const ct_backend *backend, int threads,
                            const ct_prove_wish *wish, cutropy_record *record);

void ct_exact_free(cutropy_exact *exact, size_t quantity_count);

#endif
