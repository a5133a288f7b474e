/* SPDX-License-Identifier: Apache-2.0 */
/* One run on several ranks (backend/ranks.h). Every rank opens the same state and finds the same different cuts; rank 0 hands them out
 * while they last, in pieces of about half a second, and gets records back, bit for bit as in a journal. So its result, its journal and
 * its table are those of a run of one process.
 *
 *     to rank 0        hello RUN BUILD HOST OUTPUT IDENTITY...   I have come to this run, and it is mine
 *                      done SECONDS STAGES...               a piece, followed by lines cut ORBIT DONE RECORD...
 *                      failed STATUS TEXT                   I end, and so does the run
 *     from rank 0      piece ORBIT...
 *                      together ORBIT LIMIT                 a cut that no rank has room for (ranks_together.c)
 *                      end                                  of this run */
#ifndef CT_ENGINE_RANKS_H
#define CT_ENGINE_RANKS_H

#include "base/report.h"
#include "engine/function/fields.h"
#include "engine/function/setting.h"
#include "engine/function/team.h"
#include "engine/record/identity.h"
#include "engine/run/run_result.h"

#define CT_HOST 64

/* What every rank knows of the run. */
typedef struct ct_shared_run {
    ct_team *team;
    const ct_setting *setting;
    const ct_orbits *orbits;
    const ct_identity *identity;
    ct_reporter *reporter;   /* of rank 0: stage "cuts" */
    cutropy_record *records; /* of rank 0, one an orbit: cleared, finished before, or elsewhere */
    double *seconds;         /* CT_STAGES, summed over the ranks */
    char (*host)[CT_HOST];   /* of rank 0: where each rank runs, as far as it has said so */
} ct_shared_run;

/* Rank 0, which solves cuts too: afterwards every open record is solved (done, with proofs), or failed here; those that failed on another
 * rank are open, and the others wait until they are dismissed. Errors: CUTROPY_ECANCELLED (reporter), CUTROPY_EDEVICE (a rank was lost), CUTROPY_EINPUT (a rank does other
 * work), whatever made a rank fail, CUTROPY_EMEMORY. */
cutropy_status ct_ranks_deal(const ct_shared_run *run);

/* The others: solves what it is given until the run ends. Errors: its own, of which rank 0 hears; CUTROPY_EDEVICE (rank 0 was
 * lost). */
cutropy_status ct_ranks_serve(const ct_shared_run *run);

/* Rank 0, when all other cuts are done: those that failed for want of memory, one after the other, by all ranks together where they can. A
 * record is solved then, or fails with more words. Errors: those of ct_ranks_deal. */
cutropy_status ct_ranks_join(const ct_shared_run *run);
/* The others: one such cut. fields: of a line `together`. *over: rank 0 has ended the run. Errors: of ct_ranks_serve. */
cutropy_status ct_ranks_help(const ct_shared_run *run, ct_fields *fields, bool *over);

/* Sends the lines, and frees them in any case. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_ranks_post(const ct_ranks *ranks, int to, ct_box box, ct_fields *lines);
/* Rank 0 hears that this one ends, with the message of this thread. */
void ct_ranks_fail(const ct_ranks *ranks, cutropy_status status);
/* What is finished outlives whoever was lost: adds how the call goes on to the message. */
cutropy_status ct_ranks_say_how_to_go_on(const ct_shared_run *run, cutropy_status status);
/* Rank 0: this one gets no more of this run; all others, also before rank 0 ends. */
void ct_ranks_end(const ct_ranks *ranks, int rank);
void ct_ranks_dismiss(const ct_ranks *ranks);

#endif
