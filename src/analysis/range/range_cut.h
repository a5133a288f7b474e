/* SPDX-License-Identifier: Apache-2.0 */
/* The range of one cut (theorem 18 of docs/theorems.md): what the storages of a function share. */
#ifndef CT_RANGE_CUT_H
#define CT_RANGE_CUT_H

#include "analysis/common/layers.h"
#include "backend/operations.h"
#include "frontier/automaton.h"

typedef struct ct_cut_range {
    int needed; /* the range is the distance of pixel number needed - 1 of the layers; 0: range 0 */
    int64_t classes; /* non-zero row classes of A */
    bool assumption1;
    uint64_t *witness; /* 2 x words, given by the caller; set when assumption1 is false */
} ct_cut_range;

typedef struct ct_range_setting {
    const ct_operations *backend;
    int threads;
    uint64_t memory_limit; /* of automata; ct_range_bytes says what other storages take */
    const ct_watch *watch; /* of automata, or NULL */
} ct_range_setting;

/* mask: neither empty nor everything. layers: of this mask. Automata read one cut after the other. */
cutropy_status ct_range_cut(const ct_function *f, const uint64_t *mask, const ct_layers *layers,
                            const ct_range_setting *how, ct_cut_range *found);

/* The roads of ct_range_cut, by storage: automata (whatever the storage, where the function has them); tables and values; support lists. */
cutropy_status ct_range_from_automaton(ct_automaton *automaton, const uint64_t *mask,
                                       const ct_layers *layers, const ct_range_setting *how,
                                       ct_cut_range *found);
cutropy_status ct_range_from_rows(const ct_function *f, uint64_t mask, const ct_layers *layers,
                                  const ct_operations *backend, int threads, ct_cut_range *found);
cutropy_status ct_range_from_support(const ct_function *f, const uint64_t *mask,
                                     const ct_layers *layers, ct_cut_range *found);

/* Memory that ct_range_cut needs, saturating; of automata nothing is known before they are read, and they look at it themselves. */
uint64_t ct_range_bytes(const ct_function *f, int na);

/* How many different images of the pixels in mask belong to an image with f != 0 (label 1): the
 * extendable ones. Its road is not the one of ct_range_cut. */
cutropy_status ct_count_extendable(const ct_function *f, const uint64_t *mask,
                                   const ct_operations *backend, int threads, uint64_t *count);

#endif
