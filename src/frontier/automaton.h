/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through its automata: rows and columns of every cut between the first pixels of an order and the
 * others. Orders are those by rows and by columns, and one that reads the region of a cut first (frontier/reorder.h). */
#ifndef CT_AUTOMATON_H
#define CT_AUTOMATON_H

#include "frontier/counts.h"
#include "frontier/reverse.h"

/* One order of the pixels. */
typedef struct ct_reading {
    bool open;
    bool turns;        /* the two orders are one: side[1] and count[1] are those of 0 */
    uint16_t *pixel;   /* N: the pixel that is read k-th */
    ct_levels side[2]; /* 0: in this order, 1: from the last pixel to the first */
    ct_counts count[2];
} ct_reading;

typedef struct ct_automaton {
    const cutropy_problem *problem; /* borrowed */
    ct_reading reading[3];          /* by rows, by columns, of a region */
    uint64_t checksum;              /* of the function, whatever the order */
} ct_automaton;

typedef struct ct_automaton_options {
    uint64_t memory_limit;
    const ct_watch *watch; /* may be NULL */
} ct_automaton_options;

/* By rows, or by columns where the problem has that order. Errors: CUTROPY_EUNSUPPORTED (the problem has no automaton), CUTROPY_EINPUT (f = 0), CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. *out is NULL then. */
cutropy_status ct_automaton_open(const cutropy_problem *problem, bool by_columns,
                                 const ct_automaton_options *options, ct_automaton **out);
void ct_automaton_close(ct_automaton *automaton);

/* By rows or by columns as well, for a problem that has this order. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED,
 * CUTROPY_EINTERNAL (it is another function). */
cutropy_status ct_automaton_read_lines(ct_automaton *automaton, bool by_columns,
                                       const ct_automaton_options *options);

/* Reads the pixels of a region, the mask, before all others: reading[CT_BY_REGION], instead of the one that it was. The new
 * automata are made from those that are open, and must have as many images of label 1. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED,
 * CUTROPY_EINTERNAL. */
cutropy_status ct_automaton_read_region(ct_automaton *automaton, const uint64_t *mask,
                                        const ct_automaton_options *options);

enum { CT_BY_ROWS, CT_BY_COLUMNS, CT_BY_REGION };

/* The place of a cut: region A, or its complement, are the first k pixels of a reading. */
typedef struct ct_place {
    int reading;
    bool swapped; /* A are the others */
    int k;
} ct_place;

/* Is the lattice so much wider than high that nothing but columns is read, where they can be? */
bool ct_frontier_is_wide(const cutropy_problem *problem);

/* By rows if that is possible (and the lattice not wide), else by columns; of a problem that has an automaton. false: such a cut needs its region. */
bool ct_frontier_place(const cutropy_problem *problem, const uint64_t *mask, ct_place *out);

/* The same of the readings that are open; of the region that was read alone. */
bool ct_automaton_place(const ct_automaton *automaton, const uint64_t *mask, ct_place *out);
bool ct_automaton_place_region(const ct_automaton *automaton, const uint64_t *mask, ct_place *out);

#endif
