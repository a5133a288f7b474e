/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl-C, SIGTERM and SIGHUP are answered within a second, whatever the program is doing.
 *
 * The first signal asks the run to stop. A run that has not ended soon after, because it is inside a
 * routine of another library or the kernel, is left where it stands: a thread of its own writes
 * what is finished and ends the program. Further signals within a second of the first belong to it
 * (GNU timeout sends two); a later one ends the program at once. */
#ifndef CT_SIGNALS_H
#define CT_SIGNALS_H

#include <stdbool.h>

#include <cutropy/status.h>

/* From now on a signal ends the program with CUTROPY_ECANCELLED: there is nothing to keep yet. An
 * abort for want of memory becomes CUTROPY_EMEMORY. */
void ct_signals_start(void);

/* Writes what is finished, while the run goes on in another thread, and returns the exit code; NULL
 * when nothing is kept. */
typedef int (*ct_rescue)(void *context);

/* From now on the first signal asks to stop. name: "cutropy table". On a terminal the first signal
 * says what happens. Called again, it replaces the rescue. Errors: CUTROPY_EMEMORY (no thread). */
cutropy_status ct_signals_watch(const char *name, ct_rescue rescue, void *context);

/* Between the two no rescue begins; what it reads is changed there. Pairs may be nested. */
void ct_signals_hold(void);
void ct_signals_release(void);

/* The output begins. A file (its name; otherwise NULL) will be finished whatever comes; a reader
 * that does not take the rest is not waited for. */
void ct_signals_writing(const char *file);

bool ct_signals_stop(void);

/* Where the last words of a program go that ends within a library: standard error, also where a rank of MPI says nothing else. */
extern int ct_cli_voice;
/* "rank 1 (host): " in front of them, where it is not the only one; else "". */
extern char ct_cli_who[96];

#endif
