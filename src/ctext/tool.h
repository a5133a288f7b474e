/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of the system: where they are, and one that is run to its end. */
#ifndef CT_CTEXT_TOOL_H
#define CT_CTEXT_TOOL_H

#include "base/base.h"

/* The path of a program: `name` if it has a slash, else the first of that name in $PATH. false: there is none, or
 * it does not fit. */
bool ct_tool_find(const char *name, char *path, size_t size);

/* Runs argv[0] (a path) in the language C, without input, its output and its errors in the file `output`; at most so
 * many seconds, 4 GiB of addresses and 64 MiB a file. *code: its exit code, -1 when a signal ended it, -2 when
 * it did not end in time. Errors: CUTROPY_EIO (it cannot be started, or waited for), CUTROPY_EMEMORY. */
cutropy_status ct_tool_run(const char *const *argv, const char *output, int seconds, int *code);

/* Ends those that run on other threads, with all that they have started: for a program that is about to end.
 * May be called by a signal handler. */
void ct_tool_end_all(void);

#endif
