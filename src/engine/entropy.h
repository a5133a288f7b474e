/* SPDX-License-Identifier: Apache-2.0 */
/* Entropies and other numbers from a spectrum. */
#ifndef CT_ENTROPY_H
#define CT_ENTROPY_H

#include <cutropy/result.h>

#include "engine/spectrum.h"

/* Fills *record, cleared before, from a finished spectrum, but for `done`, which other threads may read now: entropies in bits with their errors, exact
 * fractions; quantities from `fine`, which may be the same. MUTUAL_INFORMATION and BOUNDARY_PIXELS are left to run.c, which knows the
 * cut. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_entropy_record(const ct_function *f, const ct_quotient *q,
                                 const ct_blocks *blocks, const ct_spectrum *s,
                                 const ct_spectrum *fine, const cutropy_quantity *quantities,
                                 size_t quantity_count, cutropy_record *record);

/* The record of an empty or full cut, S = 0, with the classes of the empty one. */
cutropy_status ct_entropy_trivial(const ct_function *f, const int64_t classes[2],
                                  const cutropy_quantity *quantities, size_t quantity_count,
                                  cutropy_record *record);

void ct_record_free(cutropy_record *record);

#endif
