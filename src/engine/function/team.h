/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_ENGINE_TEAM_H
#define CT_ENGINE_TEAM_H

#include <stdint.h>

#include "backend/ranks.h"

/* The ranks of a program, for one run after the other. */
typedef struct ct_team {
    const ct_ranks *ranks;
    const char *output; /* where the table goes, as all ranks must have been told; NULL: "" */
    uint64_t runs;      /* that have begun */
    uint64_t offers;    /* to share an evaluation (engine/function/share.h) */
    uint64_t shared;    /* evaluations */
    uint64_t joined;    /* cuts that all ranks solved together */
    int lost;           /* ranks that were lost when all cuts of a run were done */
    char why[400];      /* the first of them, or that the run was stopped then */
} ct_team;

#endif
