/* SPDX-License-Identifier: Apache-2.0 */
/* The files of one call: no output may be a file that is read, or another output. */
#ifndef CT_FILES_H
#define CT_FILES_H

#include <sys/types.h>

#include <cutropy/problem.h>

/* A file: device and inode; of one that is not there yet, those of its folder and its name. */
typedef struct ct_file {
    const char *path; /* as typed; owned */
    dev_t device;
    ino_t inode;
    const char *name; /* in path; NULL: the file exists */
} ct_file;

/* {0} is empty. */
typedef struct ct_files {
    ct_file *file; /* first those that are read */
    size_t count, reads, room;
} ct_files;

/* All inputs come first, then each output. */

/* Notes a file that is read, or every file of a folder; NULL, and what is not there: nothing.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status ct_files_read(ct_files *files, const char *path);
/* The files behind the problem and behind each @FILE of a list of cuts (NULL: none). */
cutropy_status ct_files_read_problem(ct_files *files, const cutropy_problem *problem,
                                     const char *cuts);

/* Notes an output; NULL: standard output, which counts where it is a file. Errors: CUTROPY_EINPUT
 * (it is noted already, however it is spelled; links are followed), CUTROPY_EMEMORY. */
cutropy_status ct_files_write(ct_files *files, const char *path);
/* The same with PATH.partial, where the rows of a stopped run go, and PATH.journal; and whether PATH can be written: CUTROPY_EIO. */
cutropy_status ct_files_write_run(ct_files *files, const char *path);

/* A picture, whose name must end as one; NULL: none. */
cutropy_status ct_files_write_plot(ct_files *files, const char *path);

/* The same of FOLDER/NAME. */
cutropy_status ct_files_write_in(ct_files *files, const char *folder, const char *name);

void ct_files_free(ct_files *files);

#endif
