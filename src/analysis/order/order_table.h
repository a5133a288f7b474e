/* SPDX-License-Identifier: Apache-2.0 */
/* All cuts of a function of few pixels, by their sets. */
#ifndef CT_ORDER_TABLE_H
#define CT_ORDER_TABLE_H

#include <cutropy/order.h>

#include "backend/operations.h"
#include "engine/function/result.h"

typedef struct ct_order_table {
    int pixels;
    uint64_t full; /* the set of all pixels */
    const cutropy_record *records;
    bool closed;      /* the empty and the full cut are trivial: they have no record */
    uint32_t *record; /* 2^N: of the cut of a set */
    double *best;     /* 2^N: the least cost of a set, as ct_order_find finds it */
} ct_order_table;

/* Runs every cut; records are those of *result, which outlives the table. Errors: those of cutropy_order_find. */
cutropy_status ct_order_table_make(cutropy_state *state, const cutropy_options *options,
                                   cutropy_result **result, ct_order_table *out);
void ct_order_table_free(ct_order_table *table);

/* The largest error of any entropy. */
double ct_order_table_error(const ct_order_table *table);

/* NULL: the cut is trivial. */
static inline const cutropy_record *ct_order_record(const ct_order_table *t, uint64_t set)
{
    return t->closed && (!set || set == t->full) ? NULL : &t->records[t->record[set]];
}

static inline int64_t ct_order_rank(const ct_order_table *t, uint64_t set)
{
    const cutropy_record *r = ct_order_record(t, set);
    return r ? r->rank_lo : 1;
}

static inline double ct_order_entropy(const ct_order_table *t, uint64_t set)
{
    const cutropy_record *r = ct_order_record(t, set);
    return r ? r->entropy : 0;
}

static inline double ct_order_error(const ct_order_table *t, uint64_t set)
{
    const cutropy_record *r = ct_order_record(t, set);
    return r ? r->entropy_err : 0;
}

/* Sets that cost more are in nothing that is looked for. */
typedef struct ct_order_limit {
    bool by_entropy;
    double most; /* INFINITY: all are allowed */
} ct_order_limit;

/* Finds what costs least within the limit, and *least = its cost. */
typedef cutropy_status ct_order_find(void *of, cutropy_order_aim aim, ct_order_limit limit,
                                     const ct_watch *watch, double *least);

/* The least largest cost; then, among those that have it, the fewest parameters: what `of` holds at the end. Errors: those of find. */
cutropy_status ct_order_least(ct_order_find *find, void *of, cutropy_order_aim aim,
                              const cutropy_options *options);

static inline bool ct_order_allows(const ct_order_table *t, const ct_order_limit *limit,
                                   uint64_t set)
{
    return (limit->by_entropy ? ct_order_entropy(t, set) : (double)ct_order_rank(t, set)) <=
           limit->most;
}

#endif
