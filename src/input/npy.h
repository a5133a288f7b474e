/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of NumPy's .npy files, format versions 1, 2 and 3.
 *
 * Allowed types: b1 (bool), i1 i2 i4 i8, u1 u2 u4 u8, f4 f8, c8 c16, little or big endian, in C or
 * Fortran order. Nothing is copied: ct_npy looks into the bytes of the caller. */
#ifndef CT_NPY_H
#define CT_NPY_H

#include "base/base.h"

#define CT_NPY_DIMENSIONS 64

typedef enum ct_npy_type {
    CT_NPY_BOOL,
    CT_NPY_INT,
    CT_NPY_UINT,
    CT_NPY_FLOAT,
    CT_NPY_COMPLEX
} ct_npy_type;

typedef struct ct_npy {
    ct_npy_type type;
    int item; /* bytes of one number: 1, 2, 4, 8, 16 */
    bool big_endian;
    int dimensions;
    uint64_t shape[CT_NPY_DIMENSIONS];
    bool fortran;        /* in the bytes the first index runs fastest, not the last */
    uint64_t count;      /* product of the shape */
    const uint8_t *data; /* count * item bytes, borrowed, not aligned */
} ct_npy;

/* 1 when the bytes begin with the magic of a .npy file. */
int ct_is_npy(const uint8_t *bytes, size_t size);

/* CUTROPY_EINPUT with what these bytes, which are no .npy file, are instead. */
cutropy_status ct_npy_fail(const uint8_t *bytes, size_t size, const char *name);

/* Reads and checks header and size; name is for messages. Errors: CUTROPY_EINPUT. */
cutropy_status ct_npy_parse(const uint8_t *bytes, size_t size, const char *name, ct_npy *out);

/* The text of an array of no axes and of bytes ("|S12"), the zeros behind it left out; free with ct_free. NULL: it is another array.
 * Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY. */
cutropy_status ct_npy_text(const uint8_t *bytes, size_t size, const char *name, char **out);

/* 1 for b1, i and u types. */
int ct_npy_is_integer(const ct_npy *array);

/* out[k] = number first + k of the array in C order (the last index runs fastest), whatever the order
 * of its bytes. Integer types only; u8 above 2^63 - 1: CUTROPY_EINPUT. */
cutropy_status ct_npy_integers(const ct_npy *array, const char *name, uint64_t first, size_t count,
                               int64_t *out);
/* The same for f (one double each) and c (two doubles each: real part, imaginary part); NaN and
 * infinity: CUTROPY_EINPUT with the index. */
cutropy_status ct_npy_reals(const ct_npy *array, const char *name, uint64_t first, size_t count,
                            double *out);

#endif
