/* SPDX-License-Identifier: Apache-2.0 */
/* What a matrix product state is made of. */
#ifndef CT_MPS_H
#define CT_MPS_H

#include <cutropy/export.h>

#include "analysis/export/mps_orthogonal.h"
#include "certify/train.h"

struct cutropy_mps {
    cutropy_mps_form form;
    int sites;
    uint64_t memory_limit;
    char *problem, *lattice, *norm, *norm_error; /* owned */
    int32_t *order; /* owned: the pixel of each site; NULL: by their numbers */
    /* one of them, as the form says */
    ct_diagram diagram; /* owns its levels */
    ct_train *train;
    ct_orthogonal orthogonal;
};

/* left x 2 x right. CUTROPY_EUNSUPPORTED: no number of this machine. */
cutropy_status ct_mps_numbers(const cutropy_mps *mps, int site, uint64_t *out);
/* The classes of a site, left x 2 x right of so many bytes: 0 and 1, or the values (of the same kind, in order). */
void ct_mps_classes(const cutropy_mps *mps, int site, size_t item, void *out);

#endif
