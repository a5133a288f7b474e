/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of one row of a table. */
#ifndef CT_CERTIFICATE_EXPORT_H
#define CT_CERTIFICATE_EXPORT_H

#include <cutropy/sheet.h>

#include "backend/backend.h"

/* Whether a run can have a certificate: exactly one cut, finished, of a label or integer function.
 * Errors: CUTROPY_EINPUT, CUTROPY_EUNSUPPORTED. */
cutropy_status ct_certificate_check(const cutropy_cuts *cuts, cutropy_kind kind);

/* Writes the certificate of the only row of result; f: the function of that run (ct_run_keep),
 * backend: who computes Gram matrices and eigenvectors. The claims are the entropy and error of the
 * row in the unit of base: proved decimals (at most 20), else the double and its error, wider by
 * the rounding of its decimals. The blocks are computed again from f. Before anything is written
 * the conditions of cutropy-verify are checked in exact integers: claims that the vectors do not
 * prove to the last digit are widened to what they prove, a row that they contradict is an error.
 * Cost: those of the row, and the eigenvectors. Errors: as ct_certificate_check,
 * CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EIO, CUTROPY_EINTERNAL. */
cutropy_status ct_certificate_export(const cutropy_result *result, const ct_function *f,
                                     const ct_backend *backend, cutropy_base base,
                                     const char *path);

#endif
