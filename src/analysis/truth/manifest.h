/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests from bytes. */
#ifndef CT_MANIFEST_H
#define CT_MANIFEST_H

#include <cutropy/ground_truth.h>

#include "base/base.h"

struct cutropy_manifest {
    size_t count;
    cutropy_manifest_table *table;
    char sha256[65];
};

/* cutropy_manifest_read; name is for messages. */
cutropy_status ct_manifest_parse(const char *name, const uint8_t *bytes, size_t size,
                                 cutropy_manifest **out);

#endif
