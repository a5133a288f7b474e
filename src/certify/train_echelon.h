/* SPDX-License-Identifier: Apache-2.0 */
/* Sparse vectors modulo a prime, reduced one after the other. */
#ifndef CT_TRAIN_ECHELON_H
#define CT_TRAIN_ECHELON_H

#include "base/base.h"
#include "certify/flint.h"

/* Vectors, one after the other; their columns ascend or not, as the maker says. */
typedef struct ct_sparse {
    int32_t rows;
    size_t *start; /* rows + 1 */
    int32_t *column;
    ulong *value;
    size_t start_room, column_room, value_room;
} ct_sparse;

void ct_sparse_free(ct_sparse *s);

typedef struct ct_echelon {
    nmod_t mod;
    int32_t columns;
    const int32_t *uses; /* columns: in how many vectors they are; the rarest becomes a pivot */
    ct_sparse row;       /* rank vectors, 1 in the pivot column, 0 in those of earlier ones */
    ct_sparse turn;      /* the same as combinations of the vectors that were independent */
    int32_t *lead;       /* of each row: its pivot column */
    size_t lead_room;
    int32_t *owner; /* columns: the row whose pivot it is, or -1 */
    ulong *vector;  /* columns: the one that is reduced */
    int32_t *touched;
    int32_t touches;
    bool *is_touched;
    ulong *turned; /* rows: its combination so far */
    size_t turned_room;
    uint64_t *due, *used; /* bits: rows to be subtracted; those in turned */
    size_t due_room, used_room;
} ct_echelon;

/* On error too it is to be freed. */
cutropy_status ct_echelon_start(int32_t columns, const int32_t *uses, ulong prime, ct_echelon *out);
void ct_echelon_free(ct_echelon *e);

/* An entry of the next vector. */
void ct_echelon_enter(ct_echelon *e, int32_t column, ulong value);
/* Reduces it. *independent: it has become row number row.rows - 1; else it is the combination that is added to `combination`
 * (columns ascend) as one more vector. */
cutropy_status ct_echelon_reduce(ct_echelon *e, bool *independent, ct_sparse *combination);

/* Bytes of the two forms. */
uint64_t ct_echelon_bytes(const ct_echelon *e);

#endif
