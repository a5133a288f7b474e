/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes, the error message of the calling thread, the replaceable allocator, and what may change
 * between versions:
 *
 *   handles    objects of which these headers only say that there are such: the library makes them, their
 *              _free ends them, functions read them
 *   read only  structs that the library alone makes and hands out by pointer, one at a time: a later
 *              version may add members at the end. So a program copies none, makes none, and has no
 *              use for the size of one
 *   options    structs that the caller fills: they begin with their size and are started with the macro
 *              beside them. Members may be added at the end; a program that does not know them gets
 *              their defaults, and a size that the library does not know is CUTROPY_EINPUT
 *   values     all other structs: their members stay what they are
 *
 * None of this changes CUTROPY_ABI; whatever else changes a struct or a function does. */
#ifndef CUTROPY_STATUS_H
#define CUTROPY_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every function that can fail returns one of these; the program exits with the same number. One kind of
 * fault has one status, whoever finds it:
 *
 *   EINPUT        what was asked is at fault: a word, number, option, key or name that is none of those
 *                 there are, is out of its range or contradicts another; the contents of a file; a
 *                 function that is zero; too few cuts for what is asked of them
 *   EUNSUPPORTED  the request is correct, and this function, build, machine or range of numbers cannot
 *                 serve it: images of a function that has none, a backend without its device, ranges of
 *                 integers whose squares add up to 2^62, a column that .npy cannot hold
 *   EMEMORY       it needs more memory, or threads, than there are or than `memory` allows
 *   EIO           the system refuses to open, read, write or rename a file
 *   ENUMERIC      numbers broke: a routine did not converge, or an identity fails within its errors
 *   EINTERNAL     a defect: an exact statement that must hold does not
 *   EDEVICE       a device failed or was lost
 *   EWRONG        the program alone: a table that was checked is wrong
 *   ECANCELLED    the caller asked to stop; what is finished is valid */
typedef enum cutropy_status {
    CUTROPY_OK = 0,
    CUTROPY_EINTERNAL = 1,
    CUTROPY_EINPUT = 2,
    CUTROPY_EMEMORY = 3,
    CUTROPY_EIO = 4,
    CUTROPY_ENUMERIC = 5,
    CUTROPY_EUNSUPPORTED = 6,
    CUTROPY_EWRONG = 7,
    CUTROPY_EDEVICE = 8,
    CUTROPY_ECANCELLED = 130
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
#define CUTROPY_ABI 3
int cutropy_abi(void);

#ifdef __cplusplus
}
#endif
#endif
