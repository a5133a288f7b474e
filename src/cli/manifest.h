/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest: which tables a set of ground truth consists of.
 *
 *     {"manifest": 1,
 *      "tables": [{"file": "connected-4x4.csv", "problem": "connected", "lattice": "4x4", "cuts":
 * "all"}, ...]}
 *
 * An entry may have "digits" (decimals, 20 if not said). */
#ifndef CT_MANIFEST_H
#define CT_MANIFEST_H

#include "base/base.h"

typedef struct ct_manifest_entry {
    char *file; /* a plain name that ends in .csv */
    char *problem, *lattice, *cuts;
    int digits;
} ct_manifest_entry;

typedef struct ct_manifest {
    size_t count;
    ct_manifest_entry *entry;
    char sha256[65]; /* of its bytes */
} ct_manifest;

/* path: NULL for the standard set that the program carries. Errors: CUTROPY_EINPUT (which entry,
 * which key), CUTROPY_EIO, CUTROPY_EMEMORY. Free also on error. */
cutropy_status ct_manifest_read(const char *path, ct_manifest *out);
/* The same from bytes; name is for messages. */
cutropy_status ct_manifest_parse(const char *name, const uint8_t *bytes, size_t size,
                                 ct_manifest *out);
void ct_manifest_free(ct_manifest *manifest);

#endif
