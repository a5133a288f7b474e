/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a journal: locked, appended to, never left with half of what was appended. */
#ifndef CT_JOURNAL_FILE_H
#define CT_JOURNAL_FILE_H

#include "base/base.h"

typedef struct ct_journal_file {
    char *path;      /* owned */
    int descriptor;  /* -1: there is no file yet */
    uint64_t length; /* bytes that are to stay */
    bool longer;     /* others stand behind them, which the next append cuts off */
} ct_journal_file;

/* Opens and locks the file, if there is one, and reads it; *text (ct_alloc) is NULL where there is none. Errors:
 * CUTROPY_EIO (also: locked by another run), CUTROPY_EMEMORY; nothing is open then. */
cutropy_status ct_journal_file_open(const char *path, ct_journal_file *out, char **text,
                                    size_t *length);
/* These bytes are to stay; others go with the next append. */
void ct_journal_file_keep(ct_journal_file *file, uint64_t length);
/* Appends lines, down to the disk; the first ones create the file. After CUTROPY_EIO it ends with the last line that
 * could be written whole, if the system lets it. */
cutropy_status ct_journal_file_append(ct_journal_file *file, const char *bytes, size_t count);
/* Also of a cleared one whose descriptor is -1. */
void ct_journal_file_close(ct_journal_file *file, bool removes);

#endif
