/* SPDX-License-Identifier: Apache-2.0 */
/* Enclosures of a cut: the bounds of its blocks handed to src/certify. */
#ifndef CT_CUT_ENCLOSURE_H
#define CT_CUT_ENCLOSURE_H

#include "certify/enclosure.h"
#include "engine/gram.h"

/* Labels and integers: of the exact Gram matrices. Real and complex: of the state whose amplitudes
 * are exactly the stored doubles, by Gram matrices in twice the working precision. refine:
 * eigenvectors of twice the working precision, which bounds every single eigenvalue as well as S.
 * *out = NULL: the eigenvectors of some block do not prove anything, or a multiplicity is 2^53 or
 * more. Free with ct_enclosure_free. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. Cost: eigenvectors
 * and ct_block_bound_make of every block. */
cutropy_status ct_cut_enclosure(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                                const ct_backend *backend, int threads, bool refine,
                                ct_enclosure **out);

#endif
