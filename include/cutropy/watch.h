/* SPDX-License-Identifier: Apache-2.0 */
/* A watch: a run that is looked at and stopped from another thread, without a function that it calls.
 *
 *   cutropy_watch *watch;
 *   cutropy_watch_create(&watch);
 *   cutropy_options_set_progress(options, cutropy_watch_progress, watch);
 *   ... one thread: cutropy_run(problem, &cuts, options, &result);
 *   ... another one: cutropy_watch_read(watch, stage, sizeof stage, &done, &total);
 *                    cutropy_watch_stop(watch);
 *
 * For languages in which a call from a foreign thread is costly or impossible. Any number of threads may
 * read and stop. */
#ifndef CUTROPY_WATCH_H
#define CUTROPY_WATCH_H

#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_watch cutropy_watch;

/* CUTROPY_EMEMORY: *out is NULL. */
cutropy_status cutropy_watch_create(cutropy_watch **out);
void cutropy_watch_free(cutropy_watch *watch); /* after the run; NULL is allowed */

/* A cutropy_progress; user: the watch. Remembers what it is told; non-zero after cutropy_watch_stop. */
int cutropy_watch_progress(const char *stage, uint64_t done, uint64_t total, void *user);

/* The last report, about a tenth of a second old: as much of the name of the stage as fits, ended by a
 * zero byte, and its whole length, as snprintf does it; 0: no report yet. */
size_t cutropy_watch_read(cutropy_watch *watch, char *stage, size_t size, uint64_t *done,
                          uint64_t *total);

/* Asks the run to end: it returns CUTROPY_ECANCELLED where it looks next, which takes long only inside
 * routines of BLAS and FLINT. Nothing takes it back. */
void cutropy_watch_stop(cutropy_watch *watch);

#ifdef __cplusplus
}
#endif
#endif
