/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests from bytes. */
#ifndef CT_MANIFEST_H
#define CT_MANIFEST_H

#include <cutropy/ground_truth.h>

#include "base/base.h"

/* cutropy_manifest_read; name is for messages. Free also on error. */
cutropy_status ct_manifest_parse(const char *name, const uint8_t *bytes, size_t size,
                                 cutropy_manifest *out);

#endif
