/* SPDX-License-Identifier: Apache-2.0 */
/* OpenBLAS takes its first buffer when it is loaded, and asks for ever where the address space is
 * refused: so it is tried first. */
#ifndef CT_CLI_BLAS_ROOM_H
#define CT_CLI_BLAS_ROOM_H

#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/signals.h"

#define CT_BLAS_BUFFER ((size_t)128 << 20) /* bytes of address space */

static inline int ct_is_room_limited(void)
{
    struct rlimit limit;
    return !getrlimit(RLIMIT_AS, &limit) && limit.rlim_cur != RLIM_INFINITY;
}

/* more: bytes that must be free beside the buffer. Where they are not, the program ends. */
static inline void ct_try_blas_room(size_t more)
{
    static const char
        *const begins = "cutropy: ",
               *const needs =
                   "OpenBLAS needs 128.0 MiB of address space for 1 threads, more than the limit "
                   "leaves: raise it (ulimit -v)\n";
    if (!ct_is_room_limited())
        return;
    void *room = mmap(NULL, CT_BLAS_BUFFER + more, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) {
        char line[256]; /* without stdio: the loader may not have come to it */
        char *end = stpcpy(stpcpy(stpcpy(line, begins), ct_cli_who), needs);
        const ssize_t written = write(ct_cli_voice, line, (size_t)(end - line));
        (void)written;
        _exit(CUTROPY_EMEMORY);
    }
    munmap(room, CT_BLAS_BUFFER + more);
}

#endif
