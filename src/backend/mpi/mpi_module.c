/* SPDX-License-Identifier: Apache-2.0 */
/* Messages by MPI. One thread makes all calls of MPI but those of ScaLAPACK (mpi_together.c; without them MPI_THREAD_FUNNELED is
 * enough), looks for what has come now and then instead of spinning, and says once a second that this rank is alive, however long the
 * others compute. It uses nothing of the library, which may be linked statically. */
#include "backend/mpi/mpi_module.h"
#include "backend/mpi/mpi_together.h"

#include <math.h>
#include <mpi.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ALIVE CT_BOXES     /* tags beyond the boxes */
#define BYE (CT_BOXES + 1) /* the sender comes to its end */
#define MOST (1U << 30)    /* bytes of a message: counts are ints */
#define BEAT 1.0           /* seconds between two signs of life */
#define GOODBYE 3.0        /* seconds that rank 0 waits for the others to come to the end */
#define ABORTING 5         /* seconds */
#define SHORT 50000        /* ns between two looks while messages come, */
#define LONG 1000000       /* and when none has come for a while */
#define STACK (1 << 20)    /* bytes; MPI's own callbacks run on it */

typedef struct item {
    struct item *next;
    int peer;
    int tag;
    size_t size;
    MPI_Request request; /* of one that is on its way */
    char bytes[];
} item;

typedef struct list {
    item *first, **end;
} list;

static struct {
    ct_ranks ranks;
    pthread_t thread;
    pthread_mutex_t lock; /* of the lists, and of what follows */
    pthread_cond_t came, gone;
    list box[CT_BOXES], out;
    bool closing, over; /* over: the thread comes to its end */
    double finalizing;  /* since when; 0: not yet */
    int code;
    /* the thread's own */
    list way;      /* sends that MPI still reads */
    double *heard; /* of each rank, when; infinite: it said goodbye */
    bool *beating; /* a sign of life is on its way to it */
    double patience;
    int launched;
    bool lost; /* a rank, with which no common end is to be had */
    /* how opening went */
    bool open, failed;
    char why[256], host[64];
} m = {.lock = PTHREAD_MUTEX_INITIALIZER};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void append(list *l, item *i)
{
    i->next = NULL;
    *(l->first ? l->end : &l->first) = i;
    l->end = &i->next;
}

static item *take_first(list *l)
{
    item *i = l->first;
    if (i)
        l->first = i->next;
    return i;
}

static item *new_item(int peer, int tag, const void *bytes, size_t size)
{
    item *i = size < MOST ? malloc(sizeof *i + size + 1) : NULL;
    if (!i)
        return NULL;
    i->peer = peer;
    i->tag = tag;
    i->size = size;
    if (size && bytes)
        memcpy(i->bytes, bytes, size);
    i->bytes[size] = '\0';
    return i;
}

/* ---- the thread ---- */

/* Into a box; an item without a tag of a box, size 0: the rank is lost, and all boxes hear of it. */
static void deliver(item *i)
{
    pthread_mutex_lock(&m.lock);
    append(&m.box[i->tag], i);
    pthread_cond_broadcast(&m.came);
    pthread_mutex_unlock(&m.lock);
}

static void lose(int rank, const char *why)
{
    m.heard[rank] = HUGE_VAL;
    m.lost = true;
    for (int box = 0; box < CT_BOXES; box++) {
        item *i = new_item(-1 - rank, box, why, strlen(why)); /* a negative peer: it is lost */
        if (i)
            deliver(i);
    }
}

static void lose_by(int rank, int error)
{
    char text[MPI_MAX_ERROR_STRING + 1] = "";
    int length;
    MPI_Error_string(error, text, &length);
    text[strcspn(text, "\n")] = '\0';
    if (m.heard[rank] < HUGE_VAL)
        lose(rank, text);
}

static void start_send(item *i)
{
    if (i->tag == ALIVE)
        m.beating[i->peer] = true;
    const int error =
        MPI_Isend(i->bytes, (int)i->size, MPI_BYTE, i->peer, i->tag, MPI_COMM_WORLD, &i->request);
    if (error == MPI_SUCCESS) {
        append(&m.way, i);
        return;
    }
    lose_by(i->peer, error);
    free(i);
}

/* What waits goes out; what has gone is freed. */
static bool send_on(void)
{
    bool any = false;
    for (item *i;; any = true) {
        pthread_mutex_lock(&m.lock);
        i = take_first(&m.out);
        pthread_mutex_unlock(&m.lock);
        if (!i)
            break;
        start_send(i);
    }
    list still = {0};
    for (item *i; (i = take_first(&m.way));) {
        int gone = 0;
        const int error = MPI_Test(&i->request, &gone, MPI_STATUS_IGNORE);
        if (error != MPI_SUCCESS)
            lose_by(i->peer, error);
        if (!gone && error == MPI_SUCCESS) {
            append(&still, i);
            continue;
        }
        if (i->tag == ALIVE)
            m.beating[i->peer] = false;
        free(i);
    }
    m.way = still;
    return any;
}

static bool receive_one(void)
{
    int there = 0, size = 0;
    MPI_Status status;
    if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS ||
        !there || MPI_Get_count(&status, MPI_BYTE, &size) != MPI_SUCCESS)
        return false;
    const int from = status.MPI_SOURCE, tag = status.MPI_TAG;
    item *i = new_item(from, tag, NULL, (size_t)size);
    if (!i) { /* it stays where it is; whoever waits for it ends */
        lose(from, "this rank has no memory for its message");
        return false;
    }
    const int error = MPI_Recv(i->bytes, size, MPI_BYTE, from, tag, MPI_COMM_WORLD, &status);
    if (error != MPI_SUCCESS)
        lose_by(from, error);
    else
        m.heard[from] = tag == BYE ? HUGE_VAL : now();
    if (error == MPI_SUCCESS && tag < CT_BOXES)
        deliver(i);
    else
        free(i);
    return true;
}

/* Every rank hears of rank 0, and rank 0 of all. */
static void look_after(double here, double gap)
{
    const bool all = m.ranks.rank == 0;
    for (int r = all ? 1 : 0; r < (all ? m.ranks.count : 1); r++) {
        if (gap > m.patience / 2 && m.heard[r] < HUGE_VAL)
            m.heard[r] = here; /* it was this process that stood still */
        if (here - m.heard[r] > m.patience) {
            char why[128];
            snprintf(why, sizeof why, "nothing was heard of it for %.0f seconds", m.patience);
            lose(r, why);
        }
        item *i = m.beating[r] ? NULL : new_item(r, ALIVE, NULL, 0);
        if (i)
            start_send(i);
    }
}

static bool all_said_goodbye(void)
{
    for (int r = 1; r < m.ranks.count; r++)
        if (m.heard[r] < HUGE_VAL)
            return false;
    return true;
}

static void run(void)
{
    double beat = 0, active = 0, until = 0;
    bool waved = false;
    for (double last = now();;) {
        const bool sent = send_on(), got = receive_one();
        const double here = now();
        if (here - beat >= BEAT) {
            look_after(here, here - last);
            beat = here;
        }
        last = here;
        pthread_mutex_lock(&m.lock);
        const bool closing = m.closing && !m.out.first;
        pthread_mutex_unlock(&m.lock);
        if (closing && until <= 0)
            until = here + GOODBYE;
        if (closing && m.ranks.rank && !waved) {
            item *i = new_item(0, BYE, NULL, 0);
            if (i)
                start_send(i);
            waved = true;
        }
        const bool ready = m.ranks.rank ? waved && !m.way.first : all_said_goodbye();
        if (closing && (m.lost || ready || here > until))
            break;
        if (sent || got)
            active = here;
        if (!got) {
            const struct timespec pause = {.tv_nsec = here - active < 0.01 ? SHORT : LONG};
            nanosleep(&pause, NULL);
        }
    }
    const bool inside = ct_mpi_together_runs();
    if (inside && m.ranks.rank) { /* rank 0 ends this one */
        pthread_mutex_lock(&m.lock);
        m.finalizing = now();
        pthread_mutex_unlock(&m.lock);
        for (;;)
            pause();
    }
    if (m.lost || inside || (m.ranks.rank == 0 && !all_said_goodbye())) {
        fflush(NULL);
        alarm(ABORTING); /* whom MPI asks for it may be lost too */
        MPI_Abort(MPI_COMM_WORLD, m.code);
        _exit(m.code); /* where that returns */
    }
    pthread_mutex_lock(&m.lock);
    m.finalizing = now();
    pthread_mutex_unlock(&m.lock);
    MPI_Finalize();
}

static void set_up(void)
{
    int provided = 0;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS) {
        snprintf(m.why, sizeof m.why, "MPI does not start");
        m.failed = true;
        return;
    }
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &m.ranks.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &m.ranks.count);
    m.heard = calloc((size_t)m.ranks.count, sizeof *m.heard);
    m.beating = calloc((size_t)m.ranks.count, sizeof *m.beating);
    gethostname(m.host, sizeof m.host - 1);
    if (m.ranks.count != m.launched)
        snprintf(
            m.why, sizeof m.why,
            "the launcher started %d processes and MPI sees %d: the MPI module is built with another MPI than "
            "the launcher's",
            m.launched, m.ranks.count);
    else if (provided < MPI_THREAD_FUNNELED)
        snprintf(m.why, sizeof m.why, "this MPI serves no process with threads");
    else if (!m.heard || !m.beating)
        snprintf(m.why, sizeof m.why, "out of memory");
    m.failed = *m.why != '\0';
    for (int r = 0; r < m.ranks.count && !m.failed; r++)
        m.heard[r] = now();
    if (m.failed)
        MPI_Finalize();
    else if (provided == MPI_THREAD_MULTIPLE)
        m.ranks.together = ct_mpi_together();
}

static void *work(void *nothing)
{
    (void)nothing;
    set_up();
    pthread_mutex_lock(&m.lock);
    m.open = true;
    const bool failed = m.failed;
    pthread_cond_broadcast(&m.came);
    pthread_mutex_unlock(&m.lock);
    if (!failed)
        run();
    pthread_mutex_lock(&m.lock);
    m.over = true;
    pthread_cond_broadcast(&m.gone);
    pthread_mutex_unlock(&m.lock);
    return NULL;
}

/* ---- what others call ---- */

static bool send_bytes(const ct_ranks *ranks, int to, ct_box box, const void *bytes, size_t size)
{
    item *i = new_item(to, (int)box, bytes, size);
    if (!i)
        return false;
    if (to == ranks->rank) {
        deliver(i);
        return true;
    }
    pthread_mutex_lock(&m.lock);
    append(&m.out, i);
    pthread_mutex_unlock(&m.lock);
    return true;
}

static struct timespec time_in(double seconds)
{
    const double end = now() + seconds, whole = floor(end);
    return (struct timespec){.tv_sec = (time_t)whole, .tv_nsec = (long)(1e9 * (end - whole))};
}

static ct_message receive(const ct_ranks *ranks, ct_box box, double seconds)
{
    ct_message message = {.from = -1};
    const struct timespec until = time_in(seconds);
    (void)ranks;
    pthread_mutex_lock(&m.lock);
    while (!m.box[box].first && seconds > 0)
        if (pthread_cond_timedwait(&m.came, &m.lock, &until))
            break;
    item *i = take_first(&m.box[box]);
    pthread_mutex_unlock(&m.lock);
    if (!i)
        return message;
    message.lost = i->peer < 0;
    message.from = message.lost ? -1 - i->peer : i->peer;
    if (message.lost) {
        snprintf(message.why, sizeof message.why, "%s", i->bytes);
        free(i);
        return message;
    }
    message.size = i->size;
    message.bytes = (char *)i; /* the bytes move to the front of their own room */
    memmove(i, i->bytes, message.size + 1);
    return message;
}

/* MPI_Finalize waits for all, also for one that has stopped on its way to it. Rank 0 ends first: a launcher ends the others with it. */
static bool close_all(const ct_ranks *ranks, int code)
{
    const double most = m.patience * (ranks->rank ? 2 : 1);
    pthread_mutex_lock(&m.lock);
    m.closing = true;
    m.code = code;
    while (!m.over && !(m.finalizing > 0 && now() - m.finalizing > most)) {
        const struct timespec until = time_in(BEAT);
        pthread_cond_timedwait(&m.gone, &m.lock, &until);
    }
    const bool over = m.over;
    pthread_mutex_unlock(&m.lock);
    if (over)
        pthread_join(m.thread, NULL);
    return over;
}

static const ct_ranks *open_all(int launched, double patience, char *why, size_t size)
{
    pthread_attr_t attributes;
    pthread_condattr_t steady;
    m.launched = launched;
    m.patience = patience;
    m.ranks =
        (ct_ranks){.host = m.host, .send = send_bytes, .receive = receive, .close = close_all};
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&m.came, &steady);
    pthread_cond_init(&m.gone, &steady);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&m.thread, &attributes, work, NULL)) {
        snprintf(why, size, "no thread can be created (limits: ulimit -u and -v)");
        return NULL;
    }
    const struct timespec until = time_in(patience);
    pthread_mutex_lock(&m.lock);
    while (!m.open && !pthread_cond_timedwait(&m.came, &m.lock, &until))
        ;
    const bool open = m.open;
    pthread_mutex_unlock(&m.lock);
    if (!open) { /* MPI_Init has no end of its own */
        snprintf(why, size,
                 "not all of %d ranks came to MPI_Init within %.0f seconds (CUTROPY_MPI_PATIENCE)",
                 launched, patience);
        return NULL;
    }
    if (!m.failed)
        return &m.ranks;
    pthread_join(m.thread, NULL);
    snprintf(why, size, "%s", m.why);
    return NULL;
}

__attribute__((visibility("default"))) const ct_mpi_module *ct_mpi_module_entry(unsigned abi);

const ct_mpi_module *ct_mpi_module_entry(unsigned abi)
{
    static const ct_mpi_module module = {.built = CUTROPY_MPI_BUILT, .open = open_all};
    return abi == CT_MPI_MODULE_ABI ? &module : NULL;
}
