/* SPDX-License-Identifier: Apache-2.0 */
/* Writer of .npz archives: arrays one after the other, compressed, to a file that need not be able to seek. The same arrays give
 * the same bytes. */
#ifndef CT_NPZ_WRITE_H
#define CT_NPZ_WRITE_H

#include <stdio.h>

#include "base/base.h"

typedef struct ct_npz_writer {
    FILE *file;
    uint64_t offset;         /* bytes so far */
    int (*stop)(void *user); /* non-zero: no further; NULL: nobody asks */
    void *user;
    uint64_t limit; /* of the archive: what 32 bits name; tests set less */
    unsigned count;
    uint8_t *directory; /* at the end of the archive */
    size_t length, room;
} ct_npz_writer;

/* NumPy's names for numbers as this machine holds them; texts are "S%zu", filled with zero bytes. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CT_NPZ_ORDER ">"
#else
#define CT_NPZ_ORDER "<"
#endif

typedef struct ct_npz_array {
    const char *name; /* without .npy */
    const char *type; /* "|i1", CT_NPZ_ORDER "i8", .. */
    size_t item;      /* bytes of one number */
    int dimensions;   /* 0 to 3 */
    uint64_t shape[3];
    const void *data; /* C order: the last index runs fastest */
} ct_npz_array;

ct_npz_writer ct_npz_start(FILE *file);
/* Errors: CUTROPY_EIO (without a message: errno says why), CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (4 GiB, 65535 arrays),
 * CUTROPY_ECANCELLED. */
cutropy_status ct_npz_add(ct_npz_writer *writer, const ct_npz_array *array);
/* A single number; so many; rows x columns; a text. */
cutropy_status ct_npz_add_number(ct_npz_writer *writer, const char *name, const char *type,
                                 size_t item, const void *data);
cutropy_status ct_npz_add_vector(ct_npz_writer *writer, const char *name, const char *type,
                                 size_t item, uint64_t count, const void *data);
cutropy_status ct_npz_add_matrix(ct_npz_writer *writer, const char *name, const char *type,
                                 size_t item, uint64_t rows, uint64_t columns, const void *data);
cutropy_status ct_npz_add_text(ct_npz_writer *writer, const char *name, const char *text);
/* In place, the shortest integers that hold all of them: their type, and their bytes are returned. */
size_t ct_npz_shorten(int64_t *value, size_t count, char type[8]);
/* The directory, then frees; also after an error, when nothing is written. */
cutropy_status ct_npz_finish(ct_npz_writer *writer, cutropy_status status);

#endif
