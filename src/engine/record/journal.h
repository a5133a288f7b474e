/* SPDX-License-Identifier: Apache-2.0 */
/* What runs put into a journal and get from it. */
#ifndef CT_JOURNAL_H
#define CT_JOURNAL_H

#include <cutropy/journal.h>

#include "engine/record/identity.h"

/* A run begins: records that an earlier run with this identity finished are filled in (solved, and done where no
 * proofs follow or they are there). Records that failed are left open: they are tried again. Errors: CUTROPY_EINPUT
 * (another identity, with what differs; a run is at work already), CUTROPY_EMEMORY (also: no thread). */
cutropy_status ct_journal_begin(cutropy_journal *journal, const ct_identity *identity,
                                cutropy_record *records, size_t count, size_t quantities);
/* Whether what was cut off held whole lines that were damaged: more than the torn end of a run that was killed. */
bool ct_journal_was_damaged(const cutropy_journal *journal);
/* Different cuts of all runs whose values, and proofs where they were asked for, are in the file or on the way to it. */
void ct_journal_count(cutropy_journal *journal, size_t *values, size_t *proofs);
/* "691 finished cuts" where every value has its proof, else "28108 values and 691 proofs". */
#define CT_JOURNAL_WORDS 64
void ct_journal_words(size_t values, size_t proofs, char text[CT_JOURNAL_WORDS]);
/* It is over. */
void ct_journal_end(cutropy_journal *journal);

/* A record that is solved, or done, from any thread; a later one of the same orbit takes its place. journal NULL:
 * nothing. Errors: CUTROPY_EMEMORY, CUTROPY_EIO (what was put before could not be written). */
cutropy_status ct_journal_put(cutropy_journal *journal, size_t orbit, const cutropy_record *record);

#endif
