/* SPDX-License-Identifier: Apache-2.0 */
/* Quotients of small cuts, kept from their solver for their proofs: to find one again costs as much as a
 * small proof. */
#ifndef CT_KEPT_H
#define CT_KEPT_H

#include "engine/cut/blocks.h"

typedef struct ct_kept_cut {
    ct_quotient quotient;
    ct_blocks blocks;
} ct_kept_cut;

typedef struct ct_kept {
    size_t count;
    ct_kept_cut **cut; /* one an orbit, NULL: not kept */
    uint64_t room;     /* bytes that may still be kept, by all threads */
} ct_kept;

/* For `count` orbits: at most a sixteenth of memory_limit. Free with ct_kept_free, also after an error
 * (CUTROPY_EMEMORY). */
cutropy_status ct_kept_start(size_t count, uint64_t memory_limit, ct_kept *out);
void ct_kept_free(ct_kept *kept);

/* Moves quotient and blocks of an orbit in, where they are small and there is room; else they stay.
 * Different orbits may come from different threads. */
void ct_kept_move(ct_kept *kept, size_t orbit, ct_quotient *quotient, ct_blocks *blocks);

/* Moves them out again; false: they are not kept. */
bool ct_kept_take(ct_kept *kept, size_t orbit, ct_quotient *quotient, ct_blocks *blocks);

#endif
