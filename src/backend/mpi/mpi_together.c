/* SPDX-License-Identifier: Apache-2.0 */
/* ScaLAPACK is opened at run time, as this module is. It works on a thread of its own, with a communicator of its own: the thread of
 * the messages goes on to hear who is alive. No rank can be called back from it: where one is lost, whoever waits for it leaves, and
 * the processes end with that thread inside.
 *
 * pdsyev, values only: Householder's tridiagonal form by all ranks, of which each computes all eigenvalues for itself (dsterf: QL
 * without roots) and compares them with the others'. Both steps are orthogonal: the values are those of a matrix that differs by p(n) u ||H||, and
 * p(n), some multiple of n in the worst case, is in practice as small as that of one process: engine/cut/spectrum.c estimates it for both. */
#include "backend/mpi/mpi_together.h"

#include <dlfcn.h>
#include <errno.h>
#include <mpi.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef OPEN_MPI
#define LIBRARY "libscalapack-openmpi.so"
#define PACKAGE "libscalapack-openmpi2.2"
#else
#define LIBRARY "libscalapack-mpich.so"
#define PACKAGE "libscalapack-mpich2.2"
#endif

#define MOST INT32_MAX /* numbers of a part: ScaLAPACK counts them in ints */
#define DESCRIPTOR 9

typedef struct library {
    int (*handle)(MPI_Comm);
    void (*grid)(int *context, const char *order, int rows, int columns);
    void (*end)(int context);
    void (*symmetric)(const char *job, const char *triangle, const int *n, double *a, const int *ia,
                      const int *ja, const int *desca, double *values, double *z, const int *iz,
                      const int *jz, const int *descz, double *work, const int *lwork, int *info,
                      size_t, size_t);
} library;

/* One matrix. */
typedef struct job {
    ct_grid grid;
    int rank;
    double *part, *values, *work; /* one piece of memory */
    int state;                    /* as `wait` says it */
    bool runs, left;              /* left: nobody waits, and its thread frees it */
    char why[200];
} job;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    MPI_Comm world;
    library library;
    bool is_open;
    job *job;
    int running;
} t = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- the library ---- */

static bool find(void *handle, const char *name, void *function)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, sizeof found);
    return found;
}

/* It must be that of the MPI that has begun: another one would take our communicator for something else. */
static bool is_ours(void *handle)
{
    int (*initialized)(int *), begun = 0;
    return find(handle, "MPI_Initialized", &initialized) && initialized(&begun) == MPI_SUCCESS &&
           begun;
}

static bool open_library(char *why, size_t size)
{
    static const char *const names[] = {LIBRARY ".2.2", LIBRARY, "libscalapack.so"};
    const char *named = getenv("CUTROPY_SCALAPACK");
    named = named && *named ? named : NULL;
    void *handle = NULL;
    if (t.is_open)
        return true;
    if (named)
        handle = dlopen(named, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof names / sizeof *names && !handle && !named; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        if (named)
            snprintf(why, size, "CUTROPY_SCALAPACK: %s", dlerror());
        else
            snprintf(why, size, "ScaLAPACK is not here (Debian: install " PACKAGE ")");
        return false;
    }
    library *l = &t.library;
    t.is_open = find(handle, "Csys2blacs_handle", &l->handle) &&
                find(handle, "Cblacs_gridinit", &l->grid) &&
                find(handle, "Cblacs_gridexit", &l->end) &&
                find(handle, "pdsyev_", &l->symmetric) && is_ours(handle);
    if (!t.is_open)
        snprintf(why, size,
                 "the ScaLAPACK that is here is not that of this MPI (Debian: " PACKAGE
                 "; CUTROPY_SCALAPACK names the file of another one)");
    return t.is_open;
}

/* ---- memory ---- */

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Rows (side 0) or columns of a part. */
static int64_t extent(const ct_grid *g, int rank, int side)
{
    return side ? ct_grid_share(g, g->n, rank % g->columns, g->columns)
                : ct_grid_share(g, g->n, rank / g->columns, g->rows);
}

/* In doubles, and no fewer than one column each. */
static int64_t part_size(const ct_grid *g, int rank)
{
    return larger(1, extent(g, rank, 0)) * larger(1, extent(g, rank, 1));
}

/* As the routine asks for it where no vectors are wanted. */
static int64_t work_size(const ct_grid *g, int rank)
{
    const int64_t nb = g->block, reduce = larger(nb * (extent(g, rank, 0) + 1), 3 * nb);
    return 5 * g->n + reduce + 1;
}

/* And what the library takes by itself: panels of `block` rows and columns, sent and received. */
static int64_t buffer_size(const ct_grid *g, int rank)
{
    return 2 * g->block * (extent(g, rank, 0) + extent(g, rank, 1) + g->block);
}

static uint64_t bytes(const ct_grid *g, int rank)
{
    return sizeof(double) *
           (uint64_t)(part_size(g, rank) + g->n + work_size(g, rank) + buffer_size(g, rank));
}

static void job_free(job *j)
{
    free(j->part);
    free(j);
}

static double *open_part(const ct_ranks *ranks, const ct_grid *grid, char *why, size_t size)
{
    const int64_t part = part_size(grid, ranks->rank), work = work_size(grid, ranks->rank);
    const int64_t all = part + grid->n + work;
    void *room = NULL;
    if (t.running) {
        snprintf(why, size, "an earlier matrix is not finished");
        return NULL;
    }
    if (grid->n >= MOST || part >= MOST || work >= MOST) {
        snprintf(
            why, size,
            "ScaLAPACK counts in 32 bits: a part has at most 2^31 numbers, so more ranks are needed");
        return NULL;
    }
    job *j = calloc(1, sizeof *j);
    if (!j || posix_memalign(&room, 64, (size_t)all * sizeof(double))) {
        free(j);
        snprintf(why, size, "out of memory");
        return NULL;
    }
    memset(room, 0, (size_t)all * sizeof(double));
    *j = (job){.grid = *grid, .rank = ranks->rank, .part = room};
    j->values = j->part + part;
    j->work = j->values + grid->n;
    t.job = j;
    return j->part;
}

/* ---- the thread ---- */

/* BLACS looks at no error: its thread never comes back from one. */
static void stand_still(MPI_Comm *world, int *error, ...)
{
    char text[MPI_MAX_ERROR_STRING + 1] = "";
    int length;
    (void)world;
    MPI_Error_string(*error, text, &length);
    text[strcspn(text, "\n")] = '\0';
    pthread_mutex_lock(&t.lock);
    if (t.job) {
        snprintf(t.job->why, sizeof t.job->why, "%.190s", text);
        t.job->state = -2;
    }
    pthread_cond_broadcast(&t.ended);
    pthread_mutex_unlock(&t.lock);
    for (;;)
        pause();
}

static int compute(job *j)
{
    const library *l = &t.library;
    const ct_grid *g = &j->grid;
    const int n = (int)g->n, one = 1, rows = (int)larger(1, extent(g, j->rank, 0));
    const int lwork = (int)work_size(g, j->rank);
    int context = l->handle(t.world), info = 0;
    double z[2] = {0};
    l->grid(&context, "Row", g->rows, g->columns);
    const int descriptor[DESCRIPTOR] = {1, context, n, n, (int)g->block, (int)g->block, 0, 0, rows};
    l->symmetric("N", "L", &n, j->part, &one, &one, descriptor, j->values, z, &one, &one,
                 descriptor, j->work, &lwork, &info, 1, 1);
    l->end(context);
    return info;
}

static void *run(void *context)
{
    job *j = context;
    const int info = compute(j);
    pthread_mutex_lock(&t.lock);
    if (info)
        snprintf(j->why, sizeof j->why, "pdsyev ends with info = %d", info);
    j->state = info ? -1 : 1;
    j->runs = false;
    t.running--;
    const bool left = j->left;
    pthread_cond_broadcast(&t.ended);
    pthread_mutex_unlock(&t.lock);
    if (left)
        job_free(j);
    return NULL;
}

/* ---- what others call ---- */

static bool begin(const ct_ranks *ranks, char *why, size_t size)
{
    pthread_t thread;
    (void)ranks;
    pthread_mutex_lock(&t.lock);
    const bool good = !pthread_create(&thread, NULL, run, t.job);
    t.job->runs = good;
    t.running += good;
    pthread_mutex_unlock(&t.lock);
    if (good) {
        pthread_detach(thread);
        return true;
    }
    snprintf(why, size, "no thread can be created (limits: ulimit -u and -v)");
    return false;
}

static int wait_for(const ct_ranks *ranks, double seconds, double *values, char *why, size_t size)
{
    struct timespec until;
    (void)ranks;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const long long end = until.tv_nsec + (long long)(1e9 * seconds);
    until.tv_sec += (time_t)(end / 1000000000);
    until.tv_nsec = (long)(end % 1000000000);
    pthread_mutex_lock(&t.lock);
    while (!t.job->state && pthread_cond_timedwait(&t.ended, &t.lock, &until) != ETIMEDOUT)
        ;
    const int state = t.job->state;
    if (state < 0)
        snprintf(why, size, "%s", t.job->why);
    pthread_mutex_unlock(&t.lock);
    if (state == 1)
        memcpy(values, t.job->values, (size_t)t.job->grid.n * sizeof *values);
    return state;
}

static void leave(const ct_ranks *ranks)
{
    (void)ranks;
    pthread_mutex_lock(&t.lock);
    job *j = t.job;
    t.job = NULL;
    if (j)
        j->left = true;
    const bool free_it = j && !j->runs;
    pthread_mutex_unlock(&t.lock);
    if (free_it)
        job_free(j);
}

const ct_together *ct_mpi_together(void)
{
    static const ct_together together = {.name = "ScaLAPACK",
                                         .can = open_library,
                                         .bytes = bytes,
                                         .open = open_part,
                                         .begin = begin,
                                         .wait = wait_for,
                                         .leave = leave};
    pthread_condattr_t steady;
    MPI_Errhandler handler;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&t.ended, &steady);
    if (MPI_Comm_dup(MPI_COMM_WORLD, &t.world) != MPI_SUCCESS ||
        MPI_Comm_create_errhandler(stand_still, &handler) != MPI_SUCCESS ||
        MPI_Comm_set_errhandler(t.world, handler) != MPI_SUCCESS)
        return NULL;
    return &together;
}

bool ct_mpi_together_runs(void)
{
    pthread_mutex_lock(&t.lock);
    const bool runs = t.running > 0;
    pthread_mutex_unlock(&t.lock);
    return runs;
}
