/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes, the error message of the calling thread, and the replaceable allocator. */
#ifndef CUTROPY_STATUS_H
#define CUTROPY_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every function that can fail returns one of these; the program exits with the same number. */
typedef enum cutropy_status {
    CUTROPY_OK = 0,
    CUTROPY_EINTERNAL = 1, /* a proof or an exact identity failed: never ignore it */
    CUTROPY_EINPUT = 2,    /* unusable argument, file or option */
    CUTROPY_EMEMORY = 3,   /* an allocation failed, or a plan does not fit the memory limit */
    CUTROPY_EIO = 4,       /* a file could not be read or written */
    CUTROPY_ENUMERIC = 5,  /* an eigenvalue routine failed or broke an exact identity */
    CUTROPY_EUNSUPPORTED =
        6,               /* correct request that this build, backend or number range cannot serve */
    CUTROPY_EWRONG = 7,  /* a table that was checked is wrong */
    CUTROPY_EDEVICE = 8, /* a device failed or was lost */
    CUTROPY_ECANCELLED = 130 /* stopped by the caller (Ctrl-C); finished cuts are valid */
} cutropy_status;

/* One line that says what failed in the last call of this thread that did not return CUTROPY_OK.
 * Never NULL; valid until the next failing call of the same thread. */
const char *cutropy_error(void);

/* Replaces malloc/free for everything the library allocates (not what BLAS allocates inside
 * itself). allocate(bytes, user) returns memory aligned to 64 bytes, or NULL. Call before any other
 * function, from one thread; NULL, NULL restores the default. */
void cutropy_set_allocator(void *(*allocate)(size_t bytes, void *user),
                           void (*release)(void *memory, void *user), void *user);

/* "1.2.3" */
const char *cutropy_version(void);

/* The number of the binary interface, in the name of the shared library (libcutropy.so.ABI): it
 * changes when a program must be compiled again. cutropy_abi() == CUTROPY_ABI says that the library
 * at hand is the one of these headers. */
#define CUTROPY_ABI 1
int cutropy_abi(void);

#ifdef __cplusplus
}
#endif
#endif
