/* SPDX-License-Identifier: Apache-2.0 */
/* Orbits of cuts: each set of cuts with the same spectrum is computed once. */
#ifndef CT_ORBITS_H
#define CT_ORBITS_H

#include <cutropy/result.h>

#include "base/hash.h"
#include "engine/function/symmetry.h"

typedef struct ct_orbits {
    size_t words;
    size_t count; /* representatives, in the order in which they first occur */
    size_t room;
    uint64_t *mask; /* count x words */
    ct_hash table;  /* of the representatives */
} ct_orbits;

/* The number of the orbit of a mask, new ones appended. Errors: CUTROPY_EMEMORY,
 * CUTROPY_EUNSUPPORTED (2^32 orbits). */
cutropy_status ct_orbits_add(ct_orbits *orbits, const ct_symmetry *symmetry, const uint64_t *mask,
                             uint32_t *orbit, bool *swapped);
void ct_orbits_free(ct_orbits *orbits);

#endif
