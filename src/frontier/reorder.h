/* SPDX-License-Identifier: Apache-2.0 */
/* The least automaton of another order of the pixels, from one that is known: whatever the function is, no pixel is read again. */
#ifndef CT_REORDER_H
#define CT_REORDER_H

#include "frontier/levels.h"

/* rank[k]: the place in the new order of the pixel that is read k-th in the old one; N of them, and the new order of those is
 * 0 .. N - 1. backwards: of the automaton of the reversed old order, made that of the reversed new order, with the same rank and
 * the same exchanges at the other end.
 *
 * Neighbours in the order are exchanged until it is the new one. An exchange changes one level: its states are the
 * pairs of states two levels on that the first pixel of both distinguishes, each once, so the automaton is the least one all the way,
 * and states are only as many as some cut between the two orders has classes. The pixels are taken in their old order, each
 * to its place among those before it: all sets of pixels on the way are intersections of first pixels of both orders.
 * Cost: a pair of look-ups for each state of an exchanged level, N^2 / 4 exchanges of a random order. Errors:
 * CUTROPY_EMEMORY (all levels together are more than memory_limit), CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_levels_reorder(const ct_levels *levels, const uint16_t *rank, bool backwards,
                                 uint64_t memory_limit, const ct_watch *watch, ct_levels *out);

#endif
