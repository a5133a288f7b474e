/* SPDX-License-Identifier: Apache-2.0 */
/* The archives that `cutropy export` writes (docs/export.md), as far as they tell what they are. */
#ifndef CT_OWN_ARCHIVE_H
#define CT_OWN_ARCHIVE_H

#include "problem/problem.h"

typedef enum ct_own_form { CT_OWN_NONE, CT_OWN_DENSE, CT_OWN_SPARSE, CT_OWN_OTHER } ct_own_form;

typedef struct ct_own_archive {
    ct_own_form form;
    char *word;               /* of the form */
    cutropy_lattice *lattice; /* dense, sparse */
    const char *bits;         /* dense, sparse: "lsb", "msb" */
} ct_own_archive;

/* CT_OWN_NONE: somebody else's. Errors: CUTROPY_EINPUT (damaged), CUTROPY_EIO, CUTROPY_EMEMORY. To be freed after errors too. */
cutropy_status ct_own_archive_open(const char *path, ct_own_archive *out);
void ct_own_archive_free(ct_own_archive *archive);

/* Fails, with what the archive is and who reads it. */
cutropy_status ct_own_archive_fail(const ct_own_archive *archive, const char *path);

#endif
