/* SPDX-License-Identifier: Apache-2.0 */
/* A list of values while it is read, for the files that make one. */
#ifndef CT_SPARSE_PARTS_H
#define CT_SPARSE_PARTS_H

#include "input/npy.h"
#include "problem/problem.h"

struct ct_sparse_how; /* sparse.h */

typedef struct ct_value_list {
    size_t words, count;
    uint64_t *image; /* count x words */
    void *value;     /* count int64_t, double or double pairs */
    cutropy_kind kind;
} ct_value_list;

/* Zeros. Errors: CUTROPY_EMEMORY; *out is to be freed then too. */
cutropy_status ct_value_list_new(size_t count, size_t words, cutropy_kind kind, const char *name,
                                 ct_value_list **out);
void ct_value_list_free(void *list); /* a ct_value_list, or NULL */

/* The kind of values that an array has, and its numbers. */
cutropy_kind ct_value_list_kind(const ct_npy *array);
cutropy_status ct_value_list_read(const ct_npy *array, const char *name, ct_value_list *s);

/* Indices need a lattice, of at most 64 pixels. */
cutropy_status ct_sparse_need_lattice(const struct ct_sparse_how *how,
                                      const cutropy_problem *problem);
/* Entry `place` has this index. */
cutropy_status ct_value_list_put_index(ct_value_list *s, size_t place, uint64_t index,
                                       const struct ct_sparse_how *how,
                                       const cutropy_problem *problem);

/* Ascending images, no zeros, no -0.0. repeats: NULL: images that stand twice are refused; else how often each image stands
 * (s->value is that of its first, and s->count the number of different ones). Errors:
 * CUTROPY_EINPUT, CUTROPY_EMEMORY. */
cutropy_status ct_value_list_settle(ct_value_list *s, const char *name, size_t *repeats);
/* The problem takes *s, which is settled. */
cutropy_status ct_value_list_attach(ct_value_list **s, const struct ct_sparse_how *how,
                                    cutropy_problem *problem);

#endif
