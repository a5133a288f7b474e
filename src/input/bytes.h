/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files as bytes, plain or gzip. */
#ifndef CT_BYTES_H
#define CT_BYTES_H

#include "base/base.h"

/* Reads a whole file, "-" standard input; free with ct_free. Errors: CUTROPY_EIO (the message names the file),
 * CUTROPY_EMEMORY. */
cutropy_status ct_read_file(const char *path, uint8_t **bytes, size_t *size);

/* 1 when the bytes begin like a gzip file. */
int ct_is_gzip(const uint8_t *bytes, size_t size);

/* Unpacks gzip data of one or more members, at most CT_GUNZIP_LIMIT bytes; name is for messages. Free with ct_free.
 * Errors: CUTROPY_EINPUT (damaged, truncated, trailing bytes, too large), CUTROPY_EMEMORY. */
#define CT_GUNZIP_LIMIT ((size_t)1 << 28)
cutropy_status ct_gunzip(const uint8_t *packed, size_t packed_size, const char *name,
                         uint8_t **bytes, size_t *size);

#endif
