/* SPDX-License-Identifier: Apache-2.0 */
/* What all cuts of a run share. */
#ifndef CT_SETTING_H
#define CT_SETTING_H

#include <cutropy/result.h>

#include <cutropy/journal.h>

#include "backend/operations.h"

typedef struct ct_setting {
    const ct_function *f;
    const ct_operations *backend;
    uint64_t memory_limit;
    int threads; /* of the run */
    const ct_watch *watch;
    const cutropy_quantity *quantities;
    size_t quantity_count;
    int largest;  /* eigenvalues of which a bracket is made; 0: all */
    int digits;   /* decimals that are proved later; 0: none */
    bool certify; /* by enclosures first: algebra where it is cheap and may find closed forms */
    cutropy_journal *journal; /* gets every record; NULL: none */
    bool want_cube;           /* Tr rho^3 of labels or integers, as a fraction */
} ct_setting;

#endif
