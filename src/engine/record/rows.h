/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a result: which record belongs to which cut, and what needs more than one record. */
#ifndef CT_ROWS_H
#define CT_ROWS_H

#include "base/report.h"
#include "engine/function/orbits.h"
#include "engine/function/result.h"

/* Every cut of the result gets its orbit, its sizes and its boundary; where the result has room for
 * sites, so do they. Reports as stage "symmetry". Errors: CUTROPY_EMEMORY, CUTROPY_EINPUT (sites and
 * a cut that is no pair), CUTROPY_ECANCELLED. */
cutropy_status ct_rows_fill(cutropy_result *result, const cutropy_lattice *lattice,
                            const ct_symmetry *symmetry, ct_reporter *reporter, ct_orbits *orbits);

/* I(A:label), S(label) and S(A label) of every row: the complement of A is pure together with A and the label. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_rows_labels(cutropy_result *result);

/* I(i:j) of every pair, from the entropies of the sites; rows that lack one are not done. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_rows_mutual_information(cutropy_result *result);

/* The sum of sign[k] S_k with its error, bits; 0 with an error that holds where not one digit is known. */
void ct_entropies_combine(const cutropy_record *const *record, const int *sign, int count,
                          double *value, double *error);

#endif
