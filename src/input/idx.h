/* SPDX-License-Identifier: Apache-2.0 */
/* The form IDX of the MNIST files: 0, 0, type, number of axes, lengths of the axes and numbers, all big endian. */
#ifndef CT_IDX_H
#define CT_IDX_H

#include "base/base.h"

#define CT_IDX_AXES 3

typedef struct ct_idx {
    int axes;
    uint32_t shape[CT_IDX_AXES];
    uint64_t count;
    int bytes;           /* of one number */
    uint8_t type;        /* 8: u1, 9: i1, 11: i2, 12: i4, 13: f4, 14: f8 */
    const uint8_t *data; /* borrowed */
} ct_idx;

/* Do the bytes begin like such a file? */
bool ct_is_idx(const uint8_t *bytes, size_t size);

/* Header and length. Errors: CUTROPY_EINPUT (cut short, bytes behind the end, more than 3 axes). name is for messages. */
cutropy_status ct_idx_parse(const uint8_t *bytes, size_t size, const char *name, ct_idx *out);

/* All numbers. Errors: CUTROPY_EINPUT (NaN, infinity). */
cutropy_status ct_idx_numbers(const ct_idx *array, const char *name, double *out);

#endif
