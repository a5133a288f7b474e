/* SPDX-License-Identifier: Apache-2.0 */
/* Where compiled texts are kept: $XDG_CACHE_HOME/cutropy, or ~/.cache/cutropy; where that cannot be used or is not the
 * user's alone, or no program may be run there, a folder
 * of this one text that is removed with it. */
#ifndef CT_CTEXT_FOLDER_H
#define CT_CTEXT_FOLDER_H

#include "base/base.h"

typedef struct ct_folder {
    char *path;
    bool passing; /* removed when it is closed */
} ct_folder;

/* Errors: CUTROPY_EIO, CUTROPY_EMEMORY. The folder belongs to the user, and nobody else may write to it. */
cutropy_status ct_folder_open(ct_folder *out);
void ct_folder_close(ct_folder *folder); /* {0} is allowed */

/* A new folder in it. Free the path with ct_folder_drop, which removes it with its files. */
cutropy_status ct_folder_work(const ct_folder *folder, char **path);
void ct_folder_drop(char *path);

/* FOLDER/NAME END; NULL: no memory. */
char *ct_folder_join(const char *folder, const char *name, const char *end);

/* A file, the user's own, that nobody else may write to? */
bool ct_folder_owns(const char *path);

/* The whole file as a text; NULL: it cannot be read (or no memory). Free with ct_free. */
char *ct_folder_read(const char *path);
char *ct_folder_read_bytes(const char *path, size_t *size);
/* Was `output` made of this text, which lies beside it in `source`? */
bool ct_folder_has(const char *output, const char *source, const char *text);
/* What was made, and the text it was made of, move to their places. Errors: CUTROPY_EIO. */
cutropy_status ct_folder_keep(const char *made, const char *of, const char *output,
                              const char *source);
/* Writes it anew. Errors: CUTROPY_EIO. */
cutropy_status ct_folder_write(const char *path, const char *text);

#endif
