/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that work on one run, and messages between them: what a module for MPI gives (backend/mpi), and tests
 * without it. */
#ifndef CT_RANKS_H
#define CT_RANKS_H

#include <stdbool.h>
#include <stddef.h>

/* Who a message is for within its rank: the one that hands out cuts (rank 0), the one that solves them, or the one that evaluates. */
typedef enum ct_box { CT_BOX_DEALER, CT_BOX_SOLVER, CT_BOX_SHARE, CT_BOXES } ct_box;

/* bytes: size of them and a 0, to be freed with free(). NULL: none came in time, or, if `lost`, rank `from` is silent, or
 * was the last sign of a rank that failed to send: `why` says so, and nothing that was asked of it will come. */
typedef struct ct_message {
    int from;
    bool lost;
    char *bytes;
    size_t size;
    char why[256];
} ct_message;

typedef struct ct_ranks {
    int rank, count;  /* this process is `rank` of 0 .. count - 1 */
    const char *host; /* where it runs */
    /* Copies the bytes and returns at once; any thread. Messages of one sender for one box come in their order. false:
     * no memory, or more than 1 GiB. */
    bool (*send)(const struct ct_ranks *ranks, int to, ct_box box, const void *bytes, size_t size);
    /* The next message for a box of this rank, waiting so long for it; one thread a box. */
    ct_message (*receive)(const struct ct_ranks *ranks, ct_box box, double seconds);
    /* The end, on every rank: waits until the others have come to it too. code: of the program. Rank 0 ends those that do not
     * come, and with them, as they are not to be waited for, itself. false: others came, and did not go: the caller ends the process
     * without what runs at exit. */
    bool (*close)(const struct ct_ranks *ranks, int code);
} ct_ranks;

#endif
