/* SPDX-License-Identifier: Apache-2.0 */
/* States of an automaton, each once, numbered as they come. */
#ifndef CT_STATES_H
#define CT_STATES_H

#include "base/hash.h"

/* {.rows.words = words of a state} is empty. */
typedef struct ct_states {
    ct_word_rows rows; /* row: owned here */
    uint64_t *state;   /* count x rows.words */
    size_t count, room;
    ct_hash table;
} ct_states;

/* The number of a state, which is added where it is new. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (2^32 states). */
cutropy_status ct_states_add(ct_states *s, const uint64_t *state, int32_t *number);
/* It is empty again. */
void ct_states_free(ct_states *s);

#endif
