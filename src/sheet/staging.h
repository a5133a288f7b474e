/* SPDX-License-Identifier: Apache-2.0 */
/* Files of one folder that belong together: they are made in FOLDER/partial and moved up when all
 * of them are there, so that whoever is stopped before leaves the older ones alone. */
#ifndef CT_STAGING_H
#define CT_STAGING_H

#include <stddef.h>

#include <cutropy/status.h>

#define CT_STAGE "partial"

/* Makes a folder and those above it, where they are not there. Errors: CUTROPY_EIO (also when it is
 * something else), CUTROPY_EMEMORY. */
cutropy_status ct_make_folder(const char *folder);

/* Makes FOLDER, those above it, and FOLDER/partial, where *stage points (free with ct_free; NULL on
 * error). names: all files that there may be; those that an earlier call left in the stage are
 * removed. Errors: CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_staging_open(const char *folder, const char *const *names, size_t count,
                               char **stage);

/* Moves each file up, in this order; where the stage has none, an older one is removed. Then the
 * stage goes, unless somebody else put something there. Errors: CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_staging_publish(const char *folder, const char *const *names, size_t count);

#endif
