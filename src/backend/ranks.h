/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that work on one run, messages between them, and eigenvalues of a matrix that they hold together: what a module for MPI
 * gives (backend/mpi), and tests without it. */
#ifndef CT_RANKS_H
#define CT_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* How ranks hold a symmetric matrix together, as ScaLAPACK does: squares of `block` rows and columns go round a grid of ranks,
 * rank r in its row r / columns and column r % columns. Of its part a rank fills what lies on or below the diagonal of the matrix. */
typedef struct ct_grid {
    int64_t n, block;
    int rows, columns;
} ct_grid;

/* How many of the first `count` rows (or columns) lie in row `place` of `places` of the grid. */
static inline int64_t ct_grid_share(const ct_grid *grid, int64_t count, int place, int places)
{
    const int64_t blocks = count / grid->block, whole = blocks / places, more = blocks % places;
    return (whole + (place < more)) * grid->block + (place == more ? count % grid->block : 0);
}

/* The row of the matrix that is row `local` of the part. */
static inline int64_t ct_grid_global(const ct_grid *grid, int64_t local, int place, int places)
{
    return (local / grid->block * places + place) * grid->block + local % grid->block;
}

struct ct_ranks;

/* What ranks do together, one matrix after the other; every rank makes the same calls. */
typedef struct ct_together {
    const char *name; /* of the routine */
    /* Whether it is here; else `why` says what is missing. */
    bool (*can)(char *why, size_t size);
    /* Bytes that rank `rank` needs for its part, workspace and values. */
    uint64_t (*bytes)(const ct_grid *grid, int rank);
    /* The part of this rank, column-major, without gaps. NULL: this rank cannot, and `why` says so. */
    double *(*open)(const struct ct_ranks *ranks, const ct_grid *grid, char *why, size_t size);
    /* Begins to compute the eigenvalues, on a thread of its own; the part is lost. */
    bool (*begin)(const struct ct_ranks *ranks, char *why, size_t size);
    /* Waits for them so long. 0: not yet; 1: `values` has all n, ascending; -1: the routine failed, on every rank; -2: the ranks
     * have lost each other. `why` says how. */
    int (*wait)(const struct ct_ranks *ranks, double seconds, double *values, char *why,
                size_t size);
    /* What `open` gave goes; of a routine that still runs, with it: no other matrix can be had then, and `close` ends all ranks. */
    void (*leave)(const struct ct_ranks *ranks);
} ct_together;

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
    const ct_together *together; /* NULL: they hold no matrix together */
} ct_ranks;

#endif
