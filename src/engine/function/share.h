/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks share the evaluation of 2^N images: each evaluates a stretch of them, and the stretches go round a ring. That is the function of
 * one process only if all ranks would evaluate the same bits, and afterwards nobody could see that one would not: so they share where
 * the files of program and libm, the flags of the processor, and the problem with the bytes of its file are the same on all, and else every
 * rank evaluates everything, and rank 0 compares checksums as ever (engine/run/ranks.h).
 *
 *     to every rank    offer DIGEST            I would share what has this digest
 *                      past                    I am beyond the evaluations of this run
 *                      gone                    I am at my end
 *     to the next one  data PLACE WORDS...     a piece of the function
 *
 * Every message says before which run of the team it belongs, and to which evaluation, so that all ranks see the same first answer of each. */
#ifndef CT_ENGINE_SHARE_H
#define CT_ENGINE_SHARE_H

#include "backend/operations.h"
#include "engine/function/team.h"

/* Below, evaluation takes milliseconds. */
#define CT_SHARE_PIXELS 20

/* One evaluation. */
typedef struct ct_share {
    const ct_team *team;
    const ct_watch *watch;
    bool shared;
    uint64_t runs, number; /* which it is */
    uint64_t images, first,
        last; /* all; those of this rank are first .. last - 1, multiples of 2^16; last 0: all of them */
} ct_share;

/* Before an evaluation that every rank of a run comes to: whether they share it. team NULL: nobody is there. Errors: CUTROPY_EDEVICE (a rank was
 * lost), CUTROPY_ECANCELLED, CUTROPY_EMEMORY. */
cutropy_status ct_share_begin(ct_team *team, const ct_operations *backend,
                              const cutropy_problem *problem, const ct_watch *watch, ct_share *out);

/* data: `words` words for every 64 images, those of this rank filled; afterwards all. A rank sends and takes (1 - 1/P) of it, and needs a few
 * MiB beside it. Errors: the same, and on rank 0 what made another rank fail. */
cutropy_status ct_share_end(const ct_share *share, uint64_t *data, size_t words);

/* Nobody waits for an offer of this rank any more: it begins to solve a run, or ends. */
void ct_share_past(const ct_team *team);
void ct_share_gone(const ct_ranks *ranks);

#endif
