/* SPDX-License-Identifier: Apache-2.0 */
/* One call of a command: what was typed, and the problem, cuts and options that follow from it. */
#ifndef CT_CALL_H
#define CT_CALL_H

#include <stdbool.h>

#include <cutropy/cutropy.h>

#include "cli/options.h"
#include "cli/progress.h"

typedef struct ct_call {
    const char *name; /* of the command, as messages begin */
    const ct_options *typed;
    cutropy_problem *problem; /* NULL before it is opened */
    bool no_device_said;      /* why no device evaluates its C text */
    cutropy_cuts cuts;
    cutropy_journal *journal; /* NULL: none */
    ct_progress progress;     /* options.user points here: do not move the call */
    cutropy_options options;  /* those of typed->run, and the progress */
} ct_call;

/* Progress and options; nothing is opened. */
void ct_call_start(const ct_command *command, const ct_options *typed, ct_call *call);

/* Opens a problem on a lattice (NULL: its own). On error the call is still to be closed. */
cutropy_status ct_call_open_problem(ct_call *call, const char *problem, const char *lattice);

/* The problem and the lattice that were typed, and the cuts: --cuts, else rows if there is more
 * than one row and prefixes if not. */
cutropy_status ct_call_open(ct_call *call);

void ct_call_close(ct_call *call);

/* --backend cuda, cuda:N or cuda:all. */
bool ct_call_wants_cuda(const ct_call *call);

/* Before the first run: ct_signals_watch(). After each: ct_progress_erase(&call->progress) before
 * anything is printed on standard error. */

/* Whether the output can be written, and is none of the files that the call reads. Errors:
 * CUTROPY_EINPUT, CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_call_check_output(const ct_call *call);

/* The journal FILE.journal beside an output goes with the runs of this call until it is closed; a file that is written directly, or NULL, has
 * none. Says on standard error what --resume found. Errors: CUTROPY_EINPUT (a journal of another run, or without
 * --resume; --resume without a file), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_call_open_journal(ct_call *call, const char *file);
/* What is finished is safe: the first thing of a rescue. */
void ct_call_flush_journal(const ct_call *call);
/* removes: all is written, and the file goes. */
void ct_call_close_journal(ct_call *call, bool removes);
/* What is finished is safe; how to go on, for the end of a message ("": there is no way). */
#define CT_WAY_ON 160
void ct_call_way_on(const ct_call *call, char text[CT_WAY_ON]);
/* ct_cli_fail, with the way to go on where the run was stopped before anything could be written. */
int ct_call_stopped(const ct_call *call, cutropy_status status);
/* ct_cli_partial, with the way to go on where there is one. */
int ct_call_partial(const ct_call *call, cutropy_status status, const char *found);

/* The sheet (made: how making it went) into the output, whole or not at all (into FILE.partial where
 * it is partial), or to standard output; frees it. Returns the exit code; the message is out. */
int ct_call_put(const ct_call *call, cutropy_status made, cutropy_sheet *sheet);

/* A whole call with one output: opens it, computes, closes it. Returns the exit code. */
int ct_call_run(const ct_command *command, ct_options *options, int (*compute)(ct_call *call));
/* The same of a command without cuts. */
int ct_call_problem(const ct_command *command, ct_options *options, int (*compute)(ct_call *call));

#endif
