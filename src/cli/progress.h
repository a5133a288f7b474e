/* SPDX-License-Identifier: Apache-2.0 */
/* How far a run is, on standard error, and the answer whether to stop. On a terminal it is one line that
 * changes; in a log a line now and then, of runs that take minutes. */
#ifndef CT_PROGRESS_H
#define CT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ct_progress {
    const char *name; /* of the command, before lines that stay */
    bool shown,
        logs; /* a line that changes, on a terminal; lines that stay, elsewhere; neither: report only whether to stop */
    bool on_screen; /* there is a line to erase */
    bool unkept;    /* no journal, but there could be one: said when the run takes long */
    char note[512]; /* said when the work begins that follows the evaluation; "": nothing */
    char stage[24];
    double began;        /* seconds, when the command did */
    double started;      /* when this stage was first heard of */
    double told;         /* when the log was told how long it takes */
    uint64_t first;      /* what was done when the stage began */
    const void *partial; /* what cutropy_options_set_shown gave; read it between hold and release */
} ct_progress;

/* wanted: the user wants to know. */
void ct_progress_start(ct_progress *progress, const char *name, bool wanted);
/* For cutropy_options_set_progress, with a ct_progress as user. */
int ct_progress_report(const char *stage, uint64_t done, uint64_t total, void *user);
/* For cutropy_options_set_shown, likewise. */
void ct_progress_shown(const void *partial, void *user);
void ct_progress_erase(ct_progress *progress);

#endif
