/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_INFORMATION_H
#define CT_INFORMATION_H

#include <cutropy/information.h>

#include "engine/function/result.h"
#include "engine/state/state.h"

/* Unions of regions: those of A, B, C by their bits, 1 .. 7. */
#define CT_UNIONS 8

typedef struct ct_information_item {
    int regions;                       /* 2 or 3 */
    size_t cut[CT_UNIONS];             /* rows of the result */
    double negativity, negativity_err; /* bits */
} ct_information_item;

struct cutropy_information {
    cutropy_cuts cuts;
    size_t count, room;
    ct_information_item *item;
    bool three, negativities;
    cutropy_result *result;
};

/* log2 || rho_AB^T_B ||_1, and an estimate of its error. Rows of A (of B) that are equal whatever the others show are one, which an
 * isometry of that side does. Errors: those of ct_diagram_make_in; CUTROPY_EUNSUPPORTED (<f|f> from 2^62 on), CUTROPY_ENUMERIC. */
cutropy_status ct_negativity(const cutropy_state *state, const uint64_t *a, const uint64_t *b,
                             uint64_t memory_limit, const ct_watch *watch, double *value,
                             double *error);

#endif
