/* SPDX-License-Identifier: Apache-2.0 */
/* An index of ground-truth tables against the files. */
#ifndef CT_CHECK_INDEX_H
#define CT_CHECK_INDEX_H

#include "base/base.h"

/* Whether a file is an index: a JSON object with "tables". */
bool ct_is_index(const char *path);

/* Compares the SHA-256 of every listed file, prints each that is missing or differs, and a summary;
 * *wrong counts them. Errors: CUTROPY_EINPUT (an entry without name or SHA-256), CUTROPY_EIO,
 * CUTROPY_EMEMORY. */
cutropy_status ct_check_index(const char *path, size_t *wrong);

#endif
