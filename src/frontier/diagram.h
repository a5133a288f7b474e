/* SPDX-License-Identifier: Apache-2.0 */
/* A function of any kind as levels of classes that end in its values: the quasi-reduced decision diagram in the order of the pixels.
 *
 * Two choices of the first k pixels are one state of level k exactly if f is the same for all choices of the others; where f is
 * 0 for all of them there is no state. */
#ifndef CT_DIAGRAM_H
#define CT_DIAGRAM_H

#include "frontier/levels.h"

typedef struct ct_diagram {
    ct_levels levels;  /* its last level: the different values but 0, by the first image */
    bool borrowed;     /* the levels belong to an automaton of the function */
    cutropy_kind kind; /* of value: INTEGER (labels too), REAL or COMPLEX */
    void *value;       /* levels.count[N] of int64_t, double, double pairs */
} ct_diagram;

/* f is not 0, and is not freed before the diagram. Cost: 2^N images of a truth table or of values (4 bytes each), N passes over a
 * list of images; nothing where f is known through automata; the levels where it is known through equations. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_diagram_make(const ct_function *f, uint64_t memory_limit, const ct_watch *watch,
                               ct_diagram *out);
/* The same with pixel order[k] read as k-th; NULL: by their numbers. Cost: and the exchanges of ct_levels_reorder, but for equations, which need none. */
cutropy_status ct_diagram_make_in(const ct_function *f, const int *order, uint64_t memory_limit,
                                  const ct_watch *watch, ct_diagram *out);
void ct_diagram_free(ct_diagram *diagram);

#endif
