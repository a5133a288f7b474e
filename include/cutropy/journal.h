/* SPDX-License-Identifier: Apache-2.0 */
/* A journal: what a run has finished, in a file that grows while it works, so that a run that was
 * ended by anything goes on where it stood.
 *
 *     cutropy_journal *journal = NULL;
 *     status = cutropy_journal_open("table.csv.journal", 1, &journal);
 *     cutropy_options_set_journal(options, journal);
 *     status = cutropy_run(problem, &cuts, options, &result);
 *     ... write the table ...
 *     cutropy_journal_close(journal, status == CUTROPY_OK);
 *
 * The file holds finished records bit for bit, those of labels and integers with their exact parts, and
 * of every run what decides its numbers: version, problem, lattice, checksum of the function, cuts,
 * quantities, digits, symmetries, backend, instruction set, libraries, part. Runs that use one journal one after
 * the other, as an analysis or a loop does it, each find their own records again by their order.
 *
 * A thread writes what is new each second and flushes it to the disk (less often where that takes
 * more than a tenth of the time), so that power loss costs what was finished in the last seconds, and kill -9 that of
 * the last second. A run that takes less than a second makes no file. */
#ifndef CUTROPY_JOURNAL_H
#define CUTROPY_JOURNAL_H

#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_journal cutropy_journal;

/* path: of the journal. resume 0: there must be no journal with finished cuts. resume 1: what is there is
 * used, if there is one; a torn end (power loss, a full disk) is cut off, see cutropy_journal_lost.
 * The file is locked while it is open. Errors, and *out is NULL then: CUTROPY_EINPUT (a journal that holds
 * finished cuts, without resume; of another version; no journal at all), CUTROPY_EIO (locked by another run; the
 * system refuses), CUTROPY_EMEMORY. */
cutropy_status cutropy_journal_open(const char *path, int resume, cutropy_journal **out);

/* Of the journal that was found: different cuts that have their values (perhaps no proofs yet), and bytes behind the last whole line, which were
 * cut off. */
size_t cutropy_journal_found(const cutropy_journal *journal);
uint64_t cutropy_journal_lost(const cutropy_journal *journal);

/* Runs with these options use the journal, one at a time; NULL: none. A run whose identity is not that of
 * the journal's run in its place is CUTROPY_EINPUT, with what differs. A journal that cannot be written ends the run with CUTROPY_EIO;
 * what it held before stays. */
void cutropy_options_set_journal(cutropy_options *options, cutropy_journal *journal);

/* Writes what is finished, down to the disk, into a new file where there is none yet; from any thread, also while a run is at work. Errors: CUTROPY_EIO. */
cutropy_status cutropy_journal_flush(cutropy_journal *journal);

/* Whether there is a file (1) or nothing to go on from (0). */
int cutropy_journal_exists(cutropy_journal *journal);

/* Frees it (NULL is allowed). remove 1: the work is done and written elsewhere, and the file goes; 0: a file that is
 * there is flushed and stays. Errors: CUTROPY_EIO, and it is freed all the same. */
cutropy_status cutropy_journal_close(cutropy_journal *journal, int remove);

#ifdef __cplusplus
}
#endif
#endif
