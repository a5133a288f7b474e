/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays in NumPy's .npz archives, which are zip archives of .npy files. */
#ifndef CT_NPZ_H
#define CT_NPZ_H

#include "base/base.h"

/* 1 for a zip archive, which a .npz file is. */
int ct_is_zip(const uint8_t *bytes, size_t size);

/* Where in "FILE.npz:NAME" the colon stands, if there is no file of the whole name; else NULL. */
const char *ct_npz_colon(const char *path);

/* The .npy file of the array `name` (NULL: of the only one) in the archive at `path`, unpacked and checked
 * against its sum; free with ct_free. Errors: CUTROPY_EINPUT (no such array, with the names of those
 * that there are; several and no name; damaged), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_npz_read(const char *path, const char *name, uint8_t **bytes, size_t *size);

/* Hands the name of every array of the archive to take, as long as that returns CUTROPY_OK. Errors:
 * those of take, CUTROPY_EINPUT (damaged), CUTROPY_EIO. */
cutropy_status ct_npz_names(const char *path,
                            cutropy_status (*take)(void *context, const char *name), void *context);

#endif
