/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal rows: found by hashing, proved by comparing the rows themselves. */
#ifndef CT_CLASSES_H
#define CT_CLASSES_H

#include "base/base.h"

/* The classes of one side of a cut, numbered by first occurrence. */
typedef struct ct_classes {
    int64_t count;
    int words;        /* of a weight, the lowest first; 0 means 1 */
    uint64_t *weight; /* count: how many rows are equal to the representative */
    uint64_t *first;  /* count: the first row of the class */
    int32_t *of_row; /* rows: class of each row, -1 for a dropped zero row; NULL unless asked for */
} ct_classes;

/* Rows of 2^shift bits, packed one after the other. drop_zero: rows without a set bit belong to no
 * class. want_map: fill of_row. Cost: one pass over the bits and one comparison a row; the result
 * does not depend on threads. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (more than 2^30
 * classes). */
cutropy_status ct_classes_of_rows(const uint64_t *bits, uint64_t rows, int shift, bool drop_zero,
                                  bool want_map, int threads, ct_classes *out);

/* Keys with the same value form a class, numbered by first occurrence, of_row filled; drop_zero:
 * key 0 belongs to no class. count < 2^31. The result does not depend on threads. Cost: three
 * passes. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_classes_of_keys(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                                  ct_classes *out);

/* Columns of a row-major matrix of entries of entry_words words each. Candidates by column hashes,
 * then every entry is compared with its representative's; a difference repeats the search with
 * another hash. */
cutropy_status ct_classes_of_columns(const uint64_t *entries, uint64_t rows, uint64_t columns,
                                     int entry_words, bool drop_zero, int threads, ct_classes *out);

/* Whether `count` words, `step` apart, are all different and not zero. *differ = false where count >= 2^30 or their hashes are
 * far from even, which takes words made for that.
 * Cost: one look at each, as far as the first that repeats. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_differ_at_sight(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                                  bool *differ);

/* Rows (side 0) or columns (side 1) of a row-major matrix of entries of entry_words words each that all
 * differ in the first word of their first entry, which is not zero: each is a class of its own. *apart =
 * false: they are not so, and nothing is known. Cost: one look at each, as far as the first that
 * repeats. of_row is filled for columns. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_classes_at_sight(const uint64_t *entries, uint64_t rows, uint64_t columns,
                                   int entry_words, int side, int threads, bool *apart,
                                   ct_classes *out);

void ct_classes_free(ct_classes *classes);

#endif
