/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of one row of a table. */
#ifndef CT_CERTIFICATE_EXPORT_H
#define CT_CERTIFICATE_EXPORT_H

#include <cutropy/sheet.h>

#include "engine/state.h"

/* Whether a run can have a certificate: exactly one cut, finished, of a label or integer function.
 * Errors: CUTROPY_EINPUT, CUTROPY_EUNSUPPORTED. */
cutropy_status ct_certificate_check(const cutropy_cuts *cuts, cutropy_kind kind);

/* Writes the certificate of the only row of result, which is a run of state. The claims are the entropy and error of the
 * row in the unit of base: proved decimals (at most 20), else the double and its error, wider by
 * the rounding of its decimals. The blocks are computed again. Before anything is written
 * the conditions of cutropy-verify are checked in exact integers: claims that the vectors do not
 * prove to the last digit are widened to what they prove, a row that they contradict is an error.
 * Cost: those of the row, and the eigenvectors. Errors: as ct_certificate_check,
 * CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EIO, CUTROPY_EINTERNAL. */
cutropy_status ct_certificate_export(const cutropy_result *result, const cutropy_state *state,
                                     cutropy_base base, const char *path);

#endif
