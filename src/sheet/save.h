/* SPDX-License-Identifier: Apache-2.0 */
/* A file that appears whole or not at all. */
#ifndef CT_SAVE_H
#define CT_SAVE_H

#include <stdbool.h>
#include <stdio.h>

#include <cutropy/status.h>

/* Opens a file beside PATH, calls write(file, context), flushes it to the disk and renames it over
 * PATH. A symbolic link stays a link; the permissions of a replaced file stay; devices and pipes
 * are written directly. On failure an existing file is untouched.
 * write returns CUTROPY_EIO when errno says why (the message with the path is made here); any other
 * failure of write comes with its own message. What fwrite and fflush lost is found in any case. */
cutropy_status ct_save(const char *path, cutropy_status (*write)(FILE *file, void *context),
                       void *context);

/* What a run found. complete = false: it was stopped, or failed, and the content says so itself;
 * it goes to PATH.partial, and PATH stays as it is. */
cutropy_status ct_save_run(const char *path, bool complete,
                           cutropy_status (*write)(FILE *file, void *context), void *context);

/* PATH and an ending, for what stands beside a file or folder; NULL where PATH is written directly. Free with ct_free. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_beside_path(const char *path, const char *ending, char **out);

/* Where the rows of a stopped run go: PATH.partial, or PATH where it is written directly. Free
 * with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_partial_path(const char *path, char **out);

/* PATH.partial goes if it says that it is a part of a table of COUNT cuts: PATH holds all of them now. Errors: CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_remove_partial(const char *path, size_t count);

/* The N of /dev/fd/N and its other names; -1: path is none of them. */
int ct_output_descriptor(const char *path);

#endif
