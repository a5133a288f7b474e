/* SPDX-License-Identifier: Apache-2.0 */
/* OpenBLAS starts a thread for every core as soon as it is loaded, before main, although the program
 * wants one: where there is little address space those threads wait for memory for ever, so that
 * the program never ends, and where no thread can be created they end it by a signal. Only a
 * variable of the environment keeps them away, and it has to be there before OpenBLAS is: so the
 * program sets it and starts itself again, before any library is initialised. Newer versions take
 * their first buffer at that time too, and ask for ever where it is refused: so it is tried first.
 * (Not part of programs that open OpenBLAS themselves, cli/lazy.c.) */
#include <string.h>
#include <unistd.h>

#include "cli/blas_room.h"
#include "cli/lazy.h"

#define VARIABLE "OPENBLAS_NUM_THREADS="
#define MOST_VARIABLES 4096

void ct_open_openblas(void)
{
    /* it is open */
}

/* No rank has been asked yet who it is: its launcher says it. */
static void name_rank(const char *variable)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK=", "PMI_RANK="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t length = strlen(names[i]);
        if (!strncmp(variable, names[i], length) && strlen(variable + length) < 20)
            (void)stpcpy(stpcpy(stpcpy(ct_cli_who, "rank "), variable + length), ": ");
    }
}

static void start_alone(int argc, char **argv, char **environment)
{
    static char alone[] = VARIABLE "1", program[4096];
    char *changed[MOST_VARIABLES + 2];
    size_t count = 0;
    (void)argc;
    for (char **v = environment; *v; v++) {
        name_rank(*v);
        if (!strcmp(*v, alone)) { /* the second start */
            ct_try_blas_room(0);
            return;
        }
        if (count == MOST_VARIABLES)
            return;
        if (strncmp(*v, VARIABLE, strlen(VARIABLE)))
            changed[count++] = *v;
    }
    changed[count++] = alone;
    changed[count] = NULL;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0)
        execve(program, argv, changed); /* where it fails, OpenBLAS has its threads */
}

/* Functions of the program itself that the loader calls before those of the libraries. */
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **,
                                                                            char **) = start_alone;
