/* SPDX-License-Identifier: Apache-2.0 */
/* What decides every bit of the numbers of a run, as texts with names: two runs whose identities agree have
 * the same records. */
#ifndef CT_IDENTITY_H
#define CT_IDENTITY_H

#include "engine/function/fields.h"
#include "engine/function/options.h"
#include "engine/function/orbits.h"
#include "engine/function/result.h"

/* Of a run that is about to begin: `result` has everything but numbers and timings. *out is to be freed also after an
 * error (CUTROPY_EMEMORY). */
cutropy_status ct_identity_make(const cutropy_result *result, const cutropy_options *options,
                                const ct_orbits *orbits, ct_identity *out);
void ct_identity_free(ct_identity *identity);

/* Writes, or reads into a cleared one. */
void ct_identity_fields(ct_fields *fields, ct_identity *identity);

/* The part that a run was, "2/5"; whether a place is that of the part. */
const char *ct_identity_part(const ct_identity *identity);
bool ct_identity_is_part(int place);

/* The first place where they differ; -1: they agree. The part is compared last. */
int ct_identity_differs(const ct_identity *a, const ct_identity *b);

/* "the function is X, not Y" of a place where they differ; of long values what stands around the first difference. */
#define CT_CONTRAST_SIZE 256
void ct_identity_contrast(const ct_identity *a, const ct_identity *b, int place, char *text);

#endif
