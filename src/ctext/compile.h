/* SPDX-License-Identifier: Apache-2.0 */
/* From a whole text to a program, by the system's C compiler; what was compiled before is taken from the folder,
 * where its text, compared byte by byte, lies beside it. */
#ifndef CT_CTEXT_COMPILE_H
#define CT_CTEXT_COMPILE_H

#include "ctext/folder.h"

typedef struct ct_compiler {
    char path[1024];
    char *words; /* of $CC behind the first one; NULL: none. Owned */
    bool clang;
    char identity[256]; /* of compiler and processor */
} ct_compiler;

/* $CC, else the first of cc, gcc, clang. Errors: CUTROPY_EUNSUPPORTED, CUTROPY_EMEMORY. */
cutropy_status ct_compiler_find(ct_compiler *out);
void ct_compiler_free(ct_compiler *compiler);

/* What was made. */
typedef struct ct_program {
    char *path;
    char *
        work; /* the folder of one that is not kept, since it includes files that may change; NULL: it is kept */
} ct_program;
void ct_program_free(ct_program *program); /* {0} is allowed */

/* slow: without optimisation, and the compiler writes down which instruction belongs to which line. name: of the
 * user's text, for messages; files beside it can be included. Errors: CUTROPY_EINPUT (one line of the compiler),
 * CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_compile(const ct_compiler *compiler, const ct_folder *folder, const char *name,
                          const char *text, bool slow, ct_program *out);

/* A whole program of ours, which is no user's. Errors: as above. */
cutropy_status ct_compile_tool(const ct_compiler *compiler, const ct_folder *folder,
                               const char *name, const char *text, ct_program *out);

#endif
